import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


TABLES = ("nomination", "submission", "pastaward", "initiative")


def search_indexes(apps, schema_editor):
    """Trigrams, where PostgreSQL has them."""
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"CREATE INDEX {table}_search_trgm ON awards_{table} USING gin (search gin_trgm_ops)")


def no_search_indexes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"DROP INDEX {table}_search_trgm")


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('campaigns', '0001_initial'),
        ('units', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Achievement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='năm thành tích')),
                ('title', models.CharField(max_length=300, verbose_name='thành tích')),
                ('figures', models.CharField(blank=True, max_length=500, verbose_name='số liệu cụ thể')),
                ('search', models.CharField(default='', editable=False, max_length=600)),
                ('collective', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='units.collective', verbose_name='tập thể')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='units.person', verbose_name='cá nhân')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='achievements', to='units.unit', verbose_name='đơn vị')),
                ('whole_unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss_about', to='units.unit', verbose_name='đơn vị được xét')),
            ],
            options={
                'verbose_name': 'thành tích',
                'verbose_name_plural': 'thành tích',
                'ordering': ['-year', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='CampaignAward',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('award', models.CharField(max_length=20, verbose_name='danh hiệu, hình thức')),
                ('places', models.PositiveIntegerField(blank=True, null=True, verbose_name='số lượng tối đa mỗi đơn vị')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='open_awards', to='campaigns.campaign')),
                ('merit_field', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='campaigns.meritfield', verbose_name='lĩnh vực thành tích')),
            ],
            options={
                'verbose_name': 'hình thức mở cho phong trào',
                'verbose_name_plural': 'hình thức mở cho phong trào',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='ConditionSetting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('edition', models.CharField(max_length=12, verbose_name='bộ quy định')),
                ('award', models.CharField(max_length=20, verbose_name='danh hiệu, hình thức')),
                ('condition', models.CharField(max_length=40, verbose_name='điều kiện')),
                ('severity', models.CharField(choices=[('block', 'Chặn'), ('warn', 'Nhắc')], max_length=5, verbose_name='mức độ')),
                ('reason', models.TextField(verbose_name='lý do')),
                ('at', models.DateTimeField(auto_now=True, verbose_name='lúc')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người đổi')),
            ],
            options={
                'verbose_name': 'mức độ của điều kiện',
                'verbose_name_plural': 'mức độ của điều kiện',
                'ordering': ['edition', 'award', 'condition'],
            },
        ),
        migrations.CreateModel(
            name='Conflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300, verbose_name='lý do')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.person', verbose_name='cá nhân')),
                ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conflicts', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit', verbose_name='đơn vị')),
            ],
            options={
                'verbose_name': 'xung đột lợi ích',
                'verbose_name_plural': 'xung đột lợi ích',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Initiative',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=400, verbose_name='tên sáng kiến')),
                ('kind', models.CharField(choices=[('solution', 'giải pháp'), ('project', 'đề án, đề tài'), ('topic', 'chuyên đề')], default='solution', max_length=8, verbose_name='hình thức')),
                ('summary', models.TextField(blank=True, verbose_name='nội dung, hiệu quả')),
                ('first_applied_on', models.DateField(blank=True, null=True, verbose_name='áp dụng lần đầu ngày')),
                ('applied_for_on', models.DateField(blank=True, null=True, verbose_name='ngày nộp đơn')),
                ('scope', models.CharField(choices=[('unit', 'cấp cơ sở'), ('sector', 'cấp ngành'), ('nation', 'cấp nhà nước')], default='unit', max_length=6, verbose_name='phạm vi')),
                ('state', models.CharField(choices=[('registered', 'đã đăng ký'), ('recognised', 'được công nhận'), ('refused', 'không được công nhận')], default='registered', max_length=10)),
                ('recognition_number', models.CharField(blank=True, max_length=60, verbose_name='số văn bản công nhận')),
                ('recognised_on', models.DateField(blank=True, null=True, verbose_name='ngày công nhận')),
                ('recognised_by', models.CharField(blank=True, max_length=200, verbose_name='cấp công nhận')),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('search', models.CharField(default='', editable=False, max_length=500)),
                ('title_key', models.CharField(default='', editable=False, max_length=400)),
                ('entered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='initiatives', to='units.unit', verbose_name='đơn vị')),
            ],
            options={
                'verbose_name': 'sáng kiến',
                'verbose_name_plural': 'sáng kiến',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='InitiativeAuthor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('share', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='phần đóng góp (%)')),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='authors', to='awards.initiative', verbose_name='sáng kiến')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='authorships', to='units.person', verbose_name='tác giả')),
            ],
            options={
                'verbose_name': 'tác giả',
                'verbose_name_plural': 'tác giả sáng kiến',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Nomination',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('draft', 'đang soạn'), ('submitted', 'chờ xét'), ('returned', 'trả lại'), ('review', 'đang thẩm định'), ('more', 'chờ bổ sung'), ('fit', 'đủ điều kiện'), ('unfit', 'không đủ điều kiện'), ('passed', 'đã trình Hội đồng'), ('withdrawn', 'đã rút')], default='draft', max_length=10, verbose_name='tình trạng')),
                ('award', models.CharField(max_length=20, verbose_name='danh hiệu, hình thức')),
                ('edition', models.CharField(blank=True, editable=False, max_length=10)),
                ('position', models.CharField(blank=True, max_length=100, verbose_name='chức vụ khi đề nghị')),
                ('leads', models.BooleanField(default=False, verbose_name='là lãnh đạo')),
                ('summary', models.TextField(blank=True, max_length=2000, verbose_name='tóm tắt thành tích')),
                ('report', models.JSONField(blank=True, default=dict, verbose_name='báo cáo thành tích')),
                ('facts', models.JSONField(blank=True, default=dict)),
                ('votes_for', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='số phiếu đồng ý của Hội đồng đơn vị')),
                ('round', models.PositiveSmallIntegerField(default=0)),
                ('version', models.PositiveIntegerField(default=1)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('received_at', models.DateTimeField(blank=True, null=True)),
                ('pencil', models.CharField(blank=True, choices=[('fit', 'đủ điều kiện'), ('unfit', 'không đủ điều kiện')], max_length=5)),
                ('pencil_note', models.CharField(blank=True, max_length=1000)),
                ('released_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('name_key', models.CharField(default='', editable=False, max_length=200)),
                ('search', models.TextField(default='', editable=False)),
                ('achievements', models.ManyToManyField(blank=True, related_name='nominations', to='awards.achievement')),
                ('collective', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='units.collective', verbose_name='tập thể')),
                ('commitments', models.ManyToManyField(blank=True, related_name='nominations', to='campaigns.commitment')),
                ('desk', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ('initiatives', models.ManyToManyField(blank=True, related_name='nominations', to='awards.initiative')),
                ('merit_field', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.meritfield', verbose_name='lĩnh vực thành tích')),
                ('pencil_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='units.person', verbose_name='cá nhân')),
                ('taken_up_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='nominations', to='units.unit', verbose_name='đơn vị trình')),
                ('updated_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('whole_unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss_about', to='units.unit', verbose_name='đơn vị được xét')),
            ],
            options={
                'verbose_name': 'đề nghị khen thưởng',
                'verbose_name_plural': 'đề nghị khen thưởng',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='MoreRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fields', models.JSONField(default=list)),
                ('text', models.TextField(max_length=2000, verbose_name='cần bổ sung gì')),
                ('due_at', models.DateTimeField(verbose_name='hạn bổ sung')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('nomination', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='awards.nomination')),
            ],
            options={
                'verbose_name': 'yêu cầu bổ sung',
                'verbose_name_plural': 'yêu cầu bổ sung',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audience', models.CharField(choices=[('office', 'chỉ trong cơ quan thi đua'), ('unit', 'đơn vị cùng đọc')], default='office', max_length=6, verbose_name='ai đọc được')),
                ('field', models.CharField(blank=True, max_length=40)),
                ('text', models.TextField(max_length=2000, verbose_name='góp ý')),
                ('round', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('nomination', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='awards.nomination')),
            ],
            options={
                'verbose_name': 'góp ý',
                'verbose_name_plural': 'góp ý',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Check',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.CharField(max_length=80)),
                ('verdict', models.CharField(choices=[('yes', 'đạt'), ('no', 'không đạt')], max_length=3)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField(auto_now=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('nomination', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='awards.nomination')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to=settings.AUTH_USER_MODEL)),
                ('nomination', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='awards.nomination')),
            ],
            options={
                'verbose_name': 'phân công thẩm định',
                'verbose_name_plural': 'phân công thẩm định',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='NominationVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('content', models.JSONField()),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('nomination', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='awards.nomination')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='Opinion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.CharField(max_length=1000, verbose_name='hỏi về')),
                ('due_at', models.DateTimeField(verbose_name='hạn trả lời')),
                ('asked_at', models.DateTimeField(auto_now_add=True)),
                ('answer', models.CharField(blank=True, choices=[('agree', 'nhất trí'), ('disagree', 'không nhất trí'), ('nothing', 'không có ý kiến')], max_length=8, verbose_name='ý kiến')),
                ('text', models.TextField(blank=True, max_length=2000, verbose_name='nội dung ý kiến')),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('nomination', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='awards.nomination')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit', verbose_name='đơn vị được hỏi ý kiến')),
            ],
            options={
                'verbose_name': 'ý kiến phối hợp',
                'verbose_name_plural': 'ý kiến phối hợp',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Override',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('condition', models.CharField(max_length=80)),
                ('reason', models.CharField(max_length=500, verbose_name='lý do')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('nomination', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='overrides', to='awards.nomination')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='PastAward',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('award', models.CharField(max_length=20, verbose_name='danh hiệu, hình thức')),
                ('year', models.PositiveSmallIntegerField(verbose_name='năm thành tích')),
                ('level', models.CharField(choices=[('unit', 'cấp cơ sở'), ('sector', 'cấp ngành'), ('nation', 'cấp nhà nước')], max_length=6, verbose_name='cấp')),
                ('type', models.CharField(blank=True, choices=[('merit', 'Theo công trạng'), ('sudden', 'Đột xuất'), ('campaign', 'Theo phong trào, chuyên đề'), ('long_service', 'Quá trình cống hiến'), ('term', 'Niên hạn'), ('external', 'Đối ngoại')], max_length=12, verbose_name='loại hình khen thưởng')),
                ('decision_number', models.CharField(max_length=60, verbose_name='số quyết định')),
                ('decided_on', models.DateField(blank=True, null=True, verbose_name='ngày quyết định')),
                ('decided_by', models.CharField(blank=True, max_length=200, verbose_name='cấp quyết định')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='thành tích')),
                ('source', models.CharField(choices=[('imported', 'nhập từ danh sách'), ('typed', 'ghi bằng tay'), ('decided', 'quyết định trên cổng')], default='typed', max_length=8, verbose_name='nguồn')),
                ('entered_at', models.DateTimeField(auto_now_add=True)),
                ('revoked_on', models.DateField(blank=True, null=True, verbose_name='ngày hủy')),
                ('revoked_by', models.CharField(blank=True, max_length=200, verbose_name='số quyết định hủy')),
                ('revoked_why', models.CharField(blank=True, max_length=500, verbose_name='lý do hủy')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('search', models.CharField(default='', editable=False, max_length=400)),
                ('collective', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='units.collective', verbose_name='tập thể')),
                ('doubted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='doubts', to='awards.pastaward', verbose_name='cần xem lại vì')),
                ('entered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người ghi')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='units.person', verbose_name='cá nhân')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='past_awards', to='units.unit', verbose_name='đơn vị khi đó')),
                ('whole_unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss_about', to='units.unit', verbose_name='đơn vị được xét')),
            ],
            options={
                'verbose_name': 'khen thưởng đã có',
                'verbose_name_plural': 'khen thưởng đã có',
                'ordering': ['-year', '-decided_on', '-pk'],
            },
        ),
        migrations.AddField(
            model_name='initiative',
            name='consumed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='initiatives', to='awards.pastaward', verbose_name='đã dùng cho'),
        ),
        migrations.CreateModel(
            name='Rating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='năm')),
                ('grade', models.CharField(choices=[('excellent', 'hoàn thành xuất sắc nhiệm vụ'), ('good', 'hoàn thành tốt nhiệm vụ'), ('done', 'hoàn thành nhiệm vụ'), ('not_done', 'không hoàn thành nhiệm vụ')], max_length=10, verbose_name='mức xếp loại')),
                ('months_worked', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='số tháng làm việc trong năm')),
                ('document', models.CharField(blank=True, max_length=200, verbose_name='văn bản')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('collective', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='units.collective', verbose_name='tập thể')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='units.person', verbose_name='cá nhân')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ratings', to='units.unit', verbose_name='đơn vị khi đó')),
                ('whole_unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss_about', to='units.unit', verbose_name='đơn vị được xét')),
            ],
            options={
                'verbose_name': 'xếp loại năm',
                'verbose_name_plural': 'xếp loại năm',
                'ordering': ['-year', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type', models.CharField(choices=[('merit', 'Theo công trạng'), ('sudden', 'Đột xuất'), ('campaign', 'Theo phong trào, chuyên đề'), ('long_service', 'Quá trình cống hiến'), ('term', 'Niên hạn'), ('external', 'Đối ngoại')], max_length=12, verbose_name='loại hình khen thưởng')),
                ('title', models.CharField(max_length=300, verbose_name='trích yếu')),
                ('year', models.PositiveSmallIntegerField(verbose_name='năm thành tích')),
                ('number', models.CharField(blank=True, max_length=60, verbose_name='số tờ trình')),
                ('dated', models.DateField(blank=True, null=True, verbose_name='ngày tờ trình')),
                ('procedure', models.CharField(choices=[('normal', 'Thủ tục thông thường'), ('simplified', 'Thủ tục đơn giản')], default='normal', max_length=10, verbose_name='thủ tục')),
                ('procedure_reason', models.CharField(blank=True, max_length=500, verbose_name='lý do dùng thủ tục đơn giản')),
                ('council_on', models.DateField(blank=True, null=True, verbose_name='ngày họp Hội đồng của đơn vị')),
                ('council_members', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='tổng số thành viên Hội đồng')),
                ('council_present', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='số thành viên dự họp, cho ý kiến')),
                ('declared_true', models.BooleanField(default=False, verbose_name='Đơn vị cam đoan nội dung kê khai là đúng sự thật và hồ sơ không có bí mật nhà nước')),
                ('first_submitted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('token', models.UUIDField(editable=False, null=True, unique=True)),
                ('search', models.CharField(default='', editable=False, max_length=600)),
                ('campaign', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='campaigns.campaign', verbose_name='phong trào')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('milestone', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='campaigns.milestone')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='units.unit', verbose_name='đơn vị trình')),
                ('updated_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'tờ trình khen thưởng',
                'verbose_name_plural': 'tờ trình khen thưởng',
                'ordering': ['-pk'],
            },
        ),
        migrations.AddField(
            model_name='nomination',
            name='submission',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='nominations', to='awards.submission', verbose_name='tờ trình khen thưởng'),
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(max_length=30, verbose_name='thành phần hồ sơ')),
                ('file', models.FileField(upload_to='evidence/')),
                ('name', models.CharField(max_length=200)),
                ('content_type', models.CharField(max_length=100)),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('nomination', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='awards.nomination')),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='awards.submission')),
            ],
            options={
                'verbose_name': 'minh chứng',
                'verbose_name_plural': 'minh chứng',
                'ordering': ['pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='achievement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('collective', None), ('person__isnull', False), ('whole_unit', None)), models.Q(('collective__isnull', False), ('person', None), ('whole_unit', None)), models.Q(('collective', None), ('person', None), ('whole_unit__isnull', False)), _connector='OR'), name='achievement_subject', violation_error_message='Hãy chọn đúng một cá nhân, tập thể hoặc đơn vị.'),
        ),
        migrations.AddConstraint(
            model_name='campaignaward',
            constraint=models.UniqueConstraint(fields=('campaign', 'award', 'merit_field'), name='campaign_award_once'),
        ),
        migrations.AddConstraint(
            model_name='campaignaward',
            constraint=models.UniqueConstraint(condition=models.Q(('merit_field', None)), fields=('campaign', 'award'), name='campaign_award_for_all_once'),
        ),
        migrations.AddConstraint(
            model_name='conditionsetting',
            constraint=models.UniqueConstraint(fields=('edition', 'award', 'condition'), name='condition_setting_once'),
        ),
        migrations.AddConstraint(
            model_name='conditionsetting',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='condition_setting_reason', violation_error_message='Hãy ghi lý do.'),
        ),
        migrations.AddConstraint(
            model_name='conflict',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('person', None), ('unit__isnull', False)), models.Q(('person__isnull', False), ('unit', None)), _connector='OR'), name='conflict_of_one', violation_error_message='Hãy chọn một đơn vị hoặc một cá nhân.'),
        ),
        migrations.AddConstraint(
            model_name='initiativeauthor',
            constraint=models.UniqueConstraint(fields=('initiative', 'person'), name='initiative_author_once'),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.UniqueConstraint(fields=('nomination', 'item'), name='check_once'),
        ),
        migrations.AddIndex(
            model_name='assignment',
            index=models.Index(fields=['reviewer', 'done_at'], name='assignment_queue'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.UniqueConstraint(fields=('nomination', 'reviewer'), name='assignment_once'),
        ),
        migrations.AddConstraint(
            model_name='nominationversion',
            constraint=models.UniqueConstraint(fields=('nomination', 'number'), name='nomination_version_once'),
        ),
        migrations.AddConstraint(
            model_name='opinion',
            constraint=models.UniqueConstraint(fields=('nomination', 'unit'), name='opinion_once'),
        ),
        migrations.AddConstraint(
            model_name='override',
            constraint=models.UniqueConstraint(fields=('nomination', 'condition'), name='override_once'),
        ),
        migrations.AddIndex(
            model_name='pastaward',
            index=models.Index(fields=['unit', '-year', '-id'], name='past_award_list'),
        ),
        migrations.AddIndex(
            model_name='pastaward',
            index=models.Index(fields=['-year', '-id'], name='past_award_by_year'),
        ),
        migrations.AddConstraint(
            model_name='pastaward',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('collective', None), ('person__isnull', False), ('whole_unit', None)), models.Q(('collective__isnull', False), ('person', None), ('whole_unit', None)), models.Q(('collective', None), ('person', None), ('whole_unit__isnull', False)), _connector='OR'), name='past_award_subject', violation_error_message='Hãy chọn đúng một cá nhân, tập thể hoặc đơn vị.'),
        ),
        migrations.AddConstraint(
            model_name='pastaward',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('revoked_by', ''), ('revoked_on', None)), models.Q(('revoked_on__isnull', False), models.Q(('revoked_by', ''), _negated=True)), _connector='OR'), name='past_award_revocation', violation_error_message='Khen thưởng bị hủy phải có số và ngày của quyết định hủy.'),
        ),
        migrations.AddConstraint(
            model_name='pastaward',
            constraint=models.UniqueConstraint(condition=models.Q(('person__isnull', False)), fields=('person', 'award', 'year', 'decision_number'), name='past_award_once_person'),
        ),
        migrations.AddConstraint(
            model_name='pastaward',
            constraint=models.UniqueConstraint(condition=models.Q(('collective__isnull', False)), fields=('collective', 'award', 'year', 'decision_number'), name='past_award_once_collective'),
        ),
        migrations.AddConstraint(
            model_name='pastaward',
            constraint=models.UniqueConstraint(condition=models.Q(('whole_unit__isnull', False)), fields=('whole_unit', 'award', 'year', 'decision_number'), name='past_award_once_whole_unit'),
        ),
        migrations.AddIndex(
            model_name='initiative',
            index=models.Index(fields=['unit', '-created_at'], name='initiative_list'),
        ),
        migrations.AddConstraint(
            model_name='initiative',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'recognised'), _negated=True), models.Q(models.Q(('recognition_number', ''), _negated=True), ('recognised_on__isnull', False)), _connector='OR'), name='initiative_recognition', violation_error_message='Sáng kiến được công nhận phải có số và ngày của văn bản công nhận.'),
        ),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('collective', None), ('person__isnull', False), ('whole_unit', None)), models.Q(('collective__isnull', False), ('person', None), ('whole_unit', None)), models.Q(('collective', None), ('person', None), ('whole_unit__isnull', False)), _connector='OR'), name='rating_subject', violation_error_message='Hãy chọn đúng một cá nhân, tập thể hoặc đơn vị.'),
        ),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.UniqueConstraint(condition=models.Q(('person__isnull', False)), fields=('person', 'year'), name='rating_once_person'),
        ),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.UniqueConstraint(condition=models.Q(('collective__isnull', False)), fields=('collective', 'year'), name='rating_once_collective'),
        ),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.UniqueConstraint(condition=models.Q(('whole_unit__isnull', False)), fields=('whole_unit', 'year'), name='rating_once_whole_unit'),
        ),
        migrations.AddIndex(
            model_name='submission',
            index=models.Index(fields=['unit', '-id'], name='submission_list'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(('council_members', None), ('council_present', None), ('council_present__lte', models.F('council_members')), _connector='OR'), name='submission_council', violation_error_message='Số thành viên dự họp không thể nhiều hơn tổng số thành viên.'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('procedure', 'simplified'), _negated=True), models.Q(('procedure_reason', ''), _negated=True), _connector='OR'), name='submission_simple_reason', violation_error_message='Hãy ghi lý do dùng thủ tục đơn giản.'),
        ),
        migrations.AddIndex(
            model_name='nomination',
            index=models.Index(fields=['desk', 'state', '-id'], name='nomination_queue'),
        ),
        migrations.AddIndex(
            model_name='nomination',
            index=models.Index(fields=['desk', 'state', 'received_at', 'id'], name='nomination_waiting'),
        ),
        migrations.AddIndex(
            model_name='nomination',
            index=models.Index(condition=models.Q(('state__in', ['submitted', 'review'])), fields=['desk', 'received_at', 'id'], name='nomination_oldest'),
        ),
        migrations.AddIndex(
            model_name='nomination',
            index=models.Index(fields=['unit', '-id'], name='nomination_of_unit'),
        ),
        migrations.AddIndex(
            model_name='nomination',
            index=models.Index(fields=['state', '-id'], name='nomination_by_state'),
        ),
        migrations.AddIndex(
            model_name='nomination',
            index=models.Index(fields=['award', '-id'], name='nomination_by_award'),
        ),
        migrations.AddIndex(
            model_name='nomination',
            index=models.Index(fields=['name_key', 'award'], name='nomination_likeness'),
        ),
        migrations.AddIndex(
            model_name='nomination',
            index=models.Index(fields=['state', 'received_at'], name='nomination_clock'),
        ),
        migrations.AddConstraint(
            model_name='nomination',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('collective', None), ('person__isnull', False), ('whole_unit', None)), models.Q(('collective__isnull', False), ('person', None), ('whole_unit', None)), models.Q(('collective', None), ('person', None), ('whole_unit__isnull', False)), _connector='OR'), name='nomination_subject', violation_error_message='Hãy chọn đúng một cá nhân, tập thể hoặc đơn vị.'),
        ),
        migrations.AddConstraint(
            model_name='nomination',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('draft', 'withdrawn')), ('round__gte', 1), _connector='OR'), name='nomination_round'),
        ),
        migrations.AddConstraint(
            model_name='nomination',
            constraint=models.UniqueConstraint(condition=models.Q(('person__isnull', False), models.Q(('state', 'withdrawn'), _negated=True)), fields=('submission', 'award', 'person'), name='nomination_once_person'),
        ),
        migrations.AddConstraint(
            model_name='nomination',
            constraint=models.UniqueConstraint(condition=models.Q(('collective__isnull', False), models.Q(('state', 'withdrawn'), _negated=True)), fields=('submission', 'award', 'collective'), name='nomination_once_collective'),
        ),
        migrations.AddConstraint(
            model_name='nomination',
            constraint=models.UniqueConstraint(condition=models.Q(('whole_unit__isnull', False), models.Q(('state', 'withdrawn'), _negated=True)), fields=('submission', 'award', 'whole_unit'), name='nomination_once_whole_unit'),
        ),
        migrations.RunPython(search_indexes, no_search_indexes),
    ]
