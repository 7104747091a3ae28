import campaigns.models.campaign
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import portal.codes
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('units', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, unique=True, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9._/@+\\-]+\\Z', 'Mã chỉ gồm chữ không dấu, chữ số và các dấu . - _ / @ +, không có dấu cách.')], verbose_name='mã phong trào')),
                ('title', models.CharField(max_length=300, verbose_name='tên phong trào')),
                ('kind', models.CharField(choices=[('special', 'Đặc biệt (theo đợt)'), ('thematic', 'Theo chuyên đề'), ('regular', 'Thường xuyên')], default='thematic', max_length=10, verbose_name='hình thức thi đua')),
                ('state', models.CharField(choices=[('draft', 'Đang soạn'), ('launched', 'Đang diễn ra'), ('closed', 'Đã kết thúc'), ('cancelled', 'Đã hủy')], default='draft', editable=False, max_length=10)),
                ('objective', models.TextField(blank=True, verbose_name='mục tiêu')),
                ('scope', models.TextField(blank=True, verbose_name='phạm vi')),
                ('subjects', models.TextField(blank=True, verbose_name='đối tượng')),
                ('context', models.TextField(blank=True, verbose_name='dẫn nhập của phần nội dung')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='ngày bắt đầu')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='ngày kết thúc')),
                ('launched_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='phát động lúc')),
                ('closed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('historical', models.BooleanField(default=False, editable=False, help_text='Phong trào đã diễn ra trước khi có cổng: để đọc và sao chép, không giao nghĩa vụ.', verbose_name='hồ sơ lịch sử')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('search', models.TextField(default='', editable=False)),
                ('cloned_from', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='clones', to='campaigns.campaign')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='campaigns.campaign', verbose_name='thuộc phong trào')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='units.unit', verbose_name='đơn vị phát động')),
            ],
            options={
                'verbose_name': 'phong trào',
                'verbose_name_plural': 'phong trào',
                'ordering': ['-launched_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ContentArea',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='thứ tự')),
                ('code', models.CharField(max_length=10, verbose_name='mã')),
                ('title', models.CharField(max_length=300, verbose_name='nội dung')),
                ('summary', models.TextField(blank=True, verbose_name='yêu cầu cụ thể')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='areas', to='campaigns.campaign')),
            ],
            options={
                'verbose_name': 'nội dung thi đua',
                'verbose_name_plural': 'nội dung thi đua',
                'ordering': ['order', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Criterion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='thứ tự')),
                ('text', models.CharField(max_length=400, verbose_name='tiêu chí')),
                ('points', models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True, verbose_name='điểm')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='criteria', to='campaigns.contentarea')),
            ],
            options={
                'verbose_name': 'tiêu chí',
                'verbose_name_plural': 'tiêu chí',
                'ordering': ['order', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='LegalDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_plan', models.BooleanField(default=False, verbose_name='là kế hoạch phát động')),
                ('number', models.CharField(max_length=60, verbose_name='số, ký hiệu')),
                ('dated', models.DateField(blank=True, null=True, verbose_name='ngày ban hành')),
                ('issuer', models.CharField(max_length=200, verbose_name='cơ quan ban hành')),
                ('title', models.CharField(max_length=500, verbose_name='trích yếu')),
                ('file', models.FileField(blank=True, upload_to='documents/', verbose_name='tệp')),
                ('file_name', models.CharField(blank=True, editable=False, max_length=200)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='campaigns.campaign')),
            ],
            options={
                'verbose_name': 'văn bản',
                'verbose_name_plural': 'văn bản',
                'ordering': ['-is_plan', 'dated', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='MeritField',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='thứ tự')),
                ('code', models.CharField(max_length=10, verbose_name='mã')),
                ('title', models.CharField(max_length=400, verbose_name='lĩnh vực thành tích')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='merit_fields', to='campaigns.campaign')),
            ],
            options={
                'verbose_name': 'lĩnh vực khen thưởng',
                'verbose_name_plural': 'lĩnh vực khen thưởng',
                'ordering': ['order', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Milestone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('registration', 'Đăng ký kế hoạch hưởng ứng'), ('interim', 'Báo cáo sơ kết'), ('final', 'Báo cáo tổng kết'), ('nomination', 'Đề nghị khen thưởng')], max_length=12, verbose_name='mốc')),
                ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='hạn')),
                ('owed_by', models.JSONField(blank=True, default=list, verbose_name='loại đơn vị phải thực hiện')),
                ('offsets', models.JSONField(default=campaigns.models.campaign.default_offsets, verbose_name='ngày nhắc')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='milestones', to='campaigns.campaign')),
            ],
            options={
                'verbose_name': 'mốc',
                'verbose_name_plural': 'mốc',
                'ordering': ['due_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Obligation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('extended_to', models.DateTimeField(blank=True, null=True, verbose_name='gia hạn đến')),
                ('met_at', models.DateTimeField(blank=True, null=True, verbose_name='hoàn thành lúc')),
                ('released_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='lý do')),
                ('milestone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='obligations', to='campaigns.milestone')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='obligations', to='units.unit')),
            ],
            options={
                'verbose_name': 'nghĩa vụ',
                'verbose_name_plural': 'nghĩa vụ',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Phase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='thứ tự')),
                ('title', models.CharField(max_length=200, verbose_name='giai đoạn')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='từ ngày')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='đến ngày')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='phases', to='campaigns.campaign')),
            ],
            options={
                'verbose_name': 'giai đoạn',
                'verbose_name_plural': 'giai đoạn',
                'ordering': ['order', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('draft', 'chưa gửi'), ('submitted', 'chờ duyệt'), ('returned', 'trả lại'), ('approved', 'đã duyệt')], default='draft', max_length=10)),
                ('theme', models.CharField(blank=True, max_length=300, verbose_name='chủ đề')),
                ('organising', models.TextField(blank=True, verbose_name='hình thức tổ chức')),
                ('version', models.PositiveIntegerField(default=1)),
                ('round', models.PositiveSmallIntegerField(default=0)),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('search', models.TextField(default='', editable=False)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='campaigns.campaign')),
                ('desk', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ('submitted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taken_up_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='units.unit')),
                ('updated_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'kế hoạch hưởng ứng',
                'verbose_name_plural': 'kế hoạch hưởng ứng',
                'ordering': ['unit__order', 'unit__code'],
            },
        ),
        migrations.CreateModel(
            name='Commitment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('what', models.CharField(blank=True, max_length=500, verbose_name='việc cam kết')),
                ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='chỉ tiêu')),
                ('measure', models.CharField(blank=True, max_length=60, verbose_name='đơn vị tính')),
                ('responsible', models.CharField(blank=True, max_length=200, verbose_name='người, bộ phận chịu trách nhiệm')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='hoàn thành trước ngày')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='commitments', to='campaigns.contentarea')),
                ('criterion', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.criterion', verbose_name='theo tiêu chí')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='commitments', to='campaigns.plan')),
            ],
            options={
                'verbose_name': 'cam kết',
                'verbose_name_plural': 'cam kết',
                'ordering': ['area__order', 'order', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(max_length=40)),
                ('text', models.TextField(max_length=2000, verbose_name='góp ý')),
                ('round', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='campaigns.plan')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(upload_to='plans/')),
                ('name', models.CharField(max_length=200)),
                ('content_type', models.CharField(max_length=100)),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='campaigns.plan')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='AreaNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='lý do không có cam kết')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.contentarea')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='area_notes', to='campaigns.plan')),
            ],
        ),
        migrations.CreateModel(
            name='PlanVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('content', models.JSONField()),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='campaigns.plan')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='Solution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='thứ tự')),
                ('title', models.CharField(max_length=200, verbose_name='giải pháp')),
                ('text', models.TextField(blank=True, verbose_name='cách làm')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='solutions', to='campaigns.campaign')),
            ],
            options={
                'verbose_name': 'giải pháp',
                'verbose_name_plural': 'giải pháp',
                'ordering': ['order', 'pk'],
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('starts_on', None), ('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='campaign_span', violation_error_message='Ngày kết thúc phải sau hoặc cùng ngày bắt đầu.'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=portal.codes.OnceInAnyCase(django.db.models.functions.text.Upper('code'), name='campaign_code_once', violation_error_message='Mã phong trào này đã có; chữ hoa và chữ thường được coi là một.'),
        ),
        migrations.AddConstraint(
            model_name='contentarea',
            constraint=models.UniqueConstraint(fields=('campaign', 'code'), name='area_code_once'),
        ),
        migrations.AddConstraint(
            model_name='milestone',
            constraint=models.UniqueConstraint(fields=('campaign', 'kind'), name='milestone_once'),
        ),
        migrations.AddConstraint(
            model_name='obligation',
            constraint=models.UniqueConstraint(fields=('milestone', 'unit'), name='obligation_once'),
        ),
        migrations.AddConstraint(
            model_name='obligation',
            constraint=models.CheckConstraint(condition=models.Q(('met_at', None), ('released_at', None), _connector='OR'), name='obligation_one_end'),
        ),
        migrations.AddIndex(
            model_name='plan',
            index=models.Index(fields=['campaign', 'state', 'submitted_at'], name='plan_queue'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.UniqueConstraint(fields=('campaign', 'unit'), name='plan_once'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'draft'), ('round__gte', 1), _connector='OR'), name='plan_round'),
        ),
        migrations.AddConstraint(
            model_name='areanote',
            constraint=models.UniqueConstraint(fields=('plan', 'area'), name='area_note_once'),
        ),
        migrations.AddConstraint(
            model_name='planversion',
            constraint=models.UniqueConstraint(fields=('plan', 'number'), name='plan_version_once'),
        ),
    ]
