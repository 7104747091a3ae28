import datetime
import django.contrib.auth.models
import django.contrib.auth.validators
import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import portal.codes
import portal.scope
from django.conf import settings
from django.db import migrations, models


TABLES = ("unit", "person", "collective")


def search_and_order(apps, schema_editor):
    """PostgreSQL: trigrams for searching, and names in the order of their bytes.

    Other collations pass over blanks, and An's would stand among the Anh's.
    """
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        for table in TABLES:
            schema_editor.execute(f"CREATE INDEX {table}_search_trgm ON units_{table} USING gin (search gin_trgm_ops)")
        schema_editor.execute('ALTER TABLE units_person ALTER COLUMN sort_key TYPE varchar(120) COLLATE "C"')


def no_search_and_order(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute('ALTER TABLE units_person ALTER COLUMN sort_key TYPE varchar(120) COLLATE "default"')
        for table in TABLES:
            schema_editor.execute(f"DROP INDEX {table}_search_trgm")


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Collective',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=30, unique=True, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9.\\-]+\\Z', 'Mã chỉ gồm chữ không dấu, chữ số, dấu chấm và dấu gạch nối, không có dấu cách.')], verbose_name='mã tập thể')),
                ('name', models.CharField(max_length=200, verbose_name='tên tập thể')),
                ('kind', models.CharField(choices=[('division', 'Phòng'), ('team', 'Tổ, đội'), ('other', 'Tập thể khác')], default='division', max_length=10, verbose_name='loại')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='từ ngày')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến hết ngày')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('search', models.CharField(default='', editable=False, max_length=250)),
                ('succeeds', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='succeeded_by', to='units.collective')),
            ],
            options={
                'verbose_name': 'tập thể',
                'verbose_name_plural': 'tập thể',
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('staff_code', models.CharField(max_length=20, unique=True, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9._/@+\\-]+\\Z', 'Mã chỉ gồm chữ không dấu, chữ số và các dấu . - _ / @ +, không có dấu cách.')], verbose_name='số hiệu cán bộ')),
                ('full_name', models.CharField(max_length=100, verbose_name='họ và tên')),
                ('birth_year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='năm sinh')),
                ('gender', models.CharField(blank=True, choices=[('f', 'Nữ'), ('m', 'Nam')], max_length=1, verbose_name='giới tính')),
                ('rank', models.CharField(blank=True, max_length=100, verbose_name='ngạch, chức danh')),
                ('joined_on', models.DateField(blank=True, null=True, verbose_name='ngày vào ngành')),
                ('anonymised_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('search', models.CharField(default='', editable=False, max_length=150)),
                ('name_key', models.CharField(default='', editable=False, max_length=120)),
                ('sort_key', models.CharField(default='', editable=False, max_length=120)),
                ('merged_into', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='units.person')),
            ],
            options={
                'verbose_name': 'cán bộ',
                'verbose_name_plural': 'cán bộ',
                'ordering': ['sort_key', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Distinct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='distinct_after', to='units.person')),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='distinct_before', to='units.person')),
            ],
            options={
                'verbose_name': 'hai người khác nhau',
                'verbose_name_plural': 'hai người khác nhau',
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('mail_mode', models.CharField(choices=[('each', 'Gửi thư từng việc'), ('digest', 'Gộp một thư mỗi ngày'), ('portal', 'Chỉ báo trên cổng')], default='each', max_length=8, verbose_name='nhận thư')),
                ('language', models.CharField(choices=[('vi', 'vi'), ('en', 'en')], default='vi', max_length=2, verbose_name='ngôn ngữ')),
                ('calendar_hash', models.CharField(blank=True, db_index=True, default='', editable=False, max_length=64)),
                ('session_epoch', models.PositiveIntegerField(default=0, editable=False)),
                ('link_epoch', models.PositiveIntegerField(default=0, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ('person', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='user', to='units.person', verbose_name='cán bộ')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
                'abstract': False,
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='PersonMerge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='lúc')),
                ('moved', models.JSONField(default=dict)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người làm')),
                ('gone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.person', verbose_name='hồ sơ được gộp')),
                ('kept', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merges', to='units.person', verbose_name='hồ sơ giữ lại')),
            ],
            options={
                'verbose_name': 'lần gộp hồ sơ',
                'verbose_name_plural': 'lần gộp hồ sơ',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='PersonStatus',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('leave', 'Nghỉ dài ngày'), ('maternity', 'Nghỉ thai sản'), ('reviewed', 'Đang bị xem xét kỷ luật, thanh tra, điều tra'), ('disciplined', 'Bị kỷ luật'), ('retired', 'Nghỉ hưu'), ('left', 'Thôi việc, chuyển ngành')], max_length=12, verbose_name='tình trạng')),
                ('grade', models.CharField(blank=True, choices=[('1', 'Khiển trách'), ('2', 'Cảnh cáo'), ('3', 'Hạ bậc lương, giáng chức, cách chức'), ('4', 'Buộc thôi việc')], max_length=1, verbose_name='hình thức kỷ luật')),
                ('valid_from', models.DateField(verbose_name='từ ngày')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến hết ngày')),
                ('document', models.CharField(blank=True, max_length=200, verbose_name='văn bản')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='statuses', to='units.person', verbose_name='cán bộ')),
            ],
            options={
                'verbose_name': 'tình trạng',
                'verbose_name_plural': 'tình trạng',
                'ordering': ['-valid_from', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Reorganisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200, verbose_name='tên phương án')),
                ('document_number', models.CharField(blank=True, max_length=60, verbose_name='số văn bản')),
                ('document_date', models.DateField(blank=True, null=True, verbose_name='ngày văn bản')),
                ('document_issuer', models.CharField(blank=True, max_length=120, verbose_name='cơ quan ban hành')),
                ('effective_on', models.DateField(validators=[django.core.validators.MinValueValidator(datetime.date(1945, 1, 1))], verbose_name='ngày hiệu lực')),
                ('note', models.TextField(blank=True, max_length=2000, verbose_name='ghi chú')),
                ('single', models.BooleanField(default=False, editable=False)),
                ('state', models.CharField(choices=[('draft', 'đang soạn'), ('submitted', 'chờ duyệt'), ('approved', 'đã duyệt, chờ đến ngày'), ('executed', 'đã thực hiện'), ('undone', 'đã hoàn tác'), ('cancelled', 'đã hủy')], default='draft', max_length=10)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('executed_at', models.DateTimeField(blank=True, null=True)),
                ('effects', models.JSONField(blank=True, default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('search', models.CharField(default='', editable=False, max_length=450)),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người soạn')),
                ('submitted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'phương án sắp xếp',
                'verbose_name_plural': 'phương án sắp xếp',
                'ordering': ['-effective_on', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ReorganisationStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveIntegerField(default=1, verbose_name='bước')),
                ('kind', models.CharField(choices=[('create', 'lập mới'), ('rename', 'đổi tên'), ('move', 'chuyển cấp trên'), ('merge', 'hợp nhất, sáp nhập'), ('split', 'chia tách'), ('dissolve', 'giải thể')], max_length=10, verbose_name='việc')),
                ('sources', models.JSONField(blank=True, default=list, verbose_name='đơn vị hiện nay (mã)')),
                ('code', models.CharField(blank=True, max_length=20, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9.\\-]+\\Z', 'Mã chỉ gồm chữ không dấu, chữ số, dấu chấm và dấu gạch nối, không có dấu cách.')], verbose_name='mã mới')),
                ('name_vi', models.CharField(blank=True, max_length=200, verbose_name='tên mới')),
                ('name_en', models.CharField(blank=True, max_length=200, verbose_name='tên tiếng Anh')),
                ('short_name', models.CharField(blank=True, max_length=100, verbose_name='tên gọi tắt')),
                ('unit_kind', models.CharField(blank=True, choices=[('supreme', 'Viện kiểm sát nhân dân tối cao'), ('department', 'Đơn vị thuộc VKSND tối cao'), ('high', 'VKSND cấp cao'), ('province', 'VKSND cấp tỉnh'), ('region', 'VKSND khu vực'), ('district', 'VKSND cấp huyện'), ('military', 'Viện kiểm sát quân sự')], max_length=12, verbose_name='loại đơn vị')),
                ('parent_code', models.CharField(blank=True, max_length=20, verbose_name='mã đơn vị cấp trên')),
                ('seat', models.CharField(blank=True, max_length=100, verbose_name='trụ sở')),
                ('people', models.BooleanField(blank=True, null=True, verbose_name='cán bộ, tập thể đi theo')),
                ('roles', models.CharField(blank=True, choices=[('all', 'mọi vai trò'), ('no_heads', 'trừ thủ trưởng'), ('none', 'không vai trò nào')], max_length=8, verbose_name='vai trò đi theo')),
                ('papers', models.BooleanField(blank=True, null=True, verbose_name='hồ sơ đang làm đi theo')),
                ('codes', models.TextField(default='', editable=False)),
                ('reorganisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='units.reorganisation')),
            ],
            options={
                'verbose_name': 'bước sắp xếp',
                'verbose_name_plural': 'bước sắp xếp',
                'ordering': ['order', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, unique=True, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9.\\-]+\\Z', 'Mã chỉ gồm chữ không dấu, chữ số, dấu chấm và dấu gạch nối, không có dấu cách.')], verbose_name='mã đơn vị')),
                ('name_vi', models.CharField(max_length=200, verbose_name='tên tiếng Việt')),
                ('name_en', models.CharField(blank=True, max_length=200, verbose_name='tên tiếng Anh')),
                ('short_name', models.CharField(max_length=100, verbose_name='tên gọi tắt')),
                ('kind', models.CharField(choices=[('supreme', 'Viện kiểm sát nhân dân tối cao'), ('department', 'Đơn vị thuộc VKSND tối cao'), ('high', 'VKSND cấp cao'), ('province', 'VKSND cấp tỉnh'), ('region', 'VKSND khu vực'), ('district', 'VKSND cấp huyện'), ('military', 'Viện kiểm sát quân sự')], max_length=12, verbose_name='loại đơn vị')),
                ('seat', models.CharField(blank=True, max_length=100, verbose_name='trụ sở')),
                ('order', models.PositiveIntegerField(default=0, verbose_name='thứ tự')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='có từ ngày')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến hết ngày')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='nguồn')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('path', portal.scope.PathField(editable=False, max_length=200, unique=True)),
                ('search', models.CharField(default='', editable=False, max_length=500)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='units.unit', verbose_name='đơn vị cấp trên')),
            ],
            options={
                'verbose_name': 'đơn vị',
                'verbose_name_plural': 'đơn vị',
                'ordering': ['order', 'code'],
            },
        ),
        migrations.CreateModel(
            name='Succession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_on', models.DateField(verbose_name='ngày hiệu lực')),
                ('kind', models.CharField(choices=[('continue', 'tiếp nối'), ('merge', 'hợp nhất'), ('split', 'chia tách'), ('dissolve', 'giải thể')], max_length=10, verbose_name='hình thức')),
                ('legal_basis', models.CharField(blank=True, max_length=200, verbose_name='căn cứ')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='nguồn')),
                ('predecessor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='succeeded_by', to='units.unit', verbose_name='đơn vị trước')),
                ('successor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='took_over', to='units.unit', verbose_name='đơn vị kế tục')),
            ],
            options={
                'verbose_name': 'kế tục',
                'verbose_name_plural': 'kế tục',
                'ordering': ['effective_on', 'predecessor__code'],
            },
        ),
        migrations.AddField(
            model_name='reorganisation',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reorganisations', to='units.unit', verbose_name='phạm vi'),
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('address', 'Đổi địa chỉ thư'), ('role', 'Cấp vai trò'), ('prolong', 'Kéo dài vai trò'), ('reopen', 'Mở lại tài khoản')], max_length=10, verbose_name='loại')),
                ('state', models.CharField(choices=[('waiting', 'Chờ xác nhận'), ('confirmed', 'Đã xác nhận'), ('declined', 'Đã từ chối'), ('cancelled', 'Đã rút')], default='waiting', max_length=10, verbose_name='trạng thái')),
                ('asked', models.JSONField(default=dict)),
                ('told', models.JSONField(default=dict)),
                ('note', models.TextField(blank=True, verbose_name='lý do')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='lúc')),
                ('decided_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to=settings.AUTH_USER_MODEL, verbose_name='tài khoản')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người đề nghị')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người quyết định')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit', verbose_name='đơn vị')),
            ],
            options={
                'verbose_name': 'đề nghị về tài khoản',
                'verbose_name_plural': 'đề nghị về tài khoản',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Posting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.CharField(blank=True, max_length=100, verbose_name='chức vụ')),
                ('leads', models.BooleanField(default=False, verbose_name='là lãnh đạo')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='từ ngày')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến hết ngày')),
                ('document', models.CharField(blank=True, max_length=200, verbose_name='văn bản')),
                ('collective', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='units.collective', verbose_name='tập thể')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='postings', to='units.person', verbose_name='cán bộ')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='units.unit', verbose_name='đơn vị')),
            ],
            options={
                'verbose_name': 'vị trí công tác',
                'verbose_name_plural': 'vị trí công tác',
                'ordering': ['-valid_from', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('head', 'Thủ trưởng đơn vị'), ('officer', 'Cán bộ thi đua của đơn vị'), ('office', 'Cơ quan thi đua - khen thưởng'), ('council', 'Thành viên Hội đồng'), ('admin', 'Quản trị hệ thống'), ('auditor', 'Người kiểm tra (chỉ đọc)')], max_length=10, verbose_name='vai trò')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='từ ngày')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến hết ngày')),
                ('document', models.CharField(blank=True, max_length=200, verbose_name='văn bản ủy quyền')),
                ('delegated_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='delegations', to=settings.AUTH_USER_MODEL, verbose_name='người ủy quyền')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL, verbose_name='tài khoản')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='units.unit', verbose_name='đơn vị')),
            ],
            options={
                'verbose_name': 'vai trò',
                'verbose_name_plural': 'vai trò',
                'ordering': ['unit__path', 'role'],
            },
        ),
        migrations.CreateModel(
            name='EmulationOffice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='từ ngày')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến hết ngày')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='nguồn')),
                ('serves', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offices', to='units.unit', verbose_name='phục vụ')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit', verbose_name='cơ quan thường trực')),
            ],
            options={
                'verbose_name': 'cơ quan thi đua',
                'verbose_name_plural': 'cơ quan thi đua',
                'ordering': ['valid_from'],
            },
        ),
        migrations.AddField(
            model_name='collective',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='collectives', to='units.unit', verbose_name='đơn vị'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['sort_key', 'id'], name='person_by_given_name'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['name_key', 'birth_year'], name='person_likeness'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(condition=models.Q(('merged_into', None), _negated=True), fields=['merged_into'], name='person_merged'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=portal.codes.OnceInAnyCase(django.db.models.functions.text.Upper('staff_code'), name='staff_code_once', violation_error_message='Số hiệu cán bộ này đã có trong hệ thống; chữ hoa và chữ thường được coi là một.'),
        ),
        migrations.AddConstraint(
            model_name='distinct',
            constraint=models.UniqueConstraint(fields=('first', 'second'), name='distinct_once'),
        ),
        migrations.AddConstraint(
            model_name='distinct',
            constraint=models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='distinct_in_order'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('email'), condition=models.Q(('email', ''), _negated=True), name='account_email_once', violation_error_message='Địa chỉ thư này đã thuộc một tài khoản khác.'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=portal.codes.OnceInAnyCase(django.db.models.functions.text.Upper('username'), name='username_once', violation_error_message='Tên đăng nhập này đã được dùng; chữ hoa và chữ thường được coi là một.'),
        ),
        migrations.AddConstraint(
            model_name='personmerge',
            constraint=models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('gone',), name='person_merged_once'),
        ),
        migrations.AddConstraint(
            model_name='personstatus',
            constraint=models.CheckConstraint(condition=models.Q(('valid_from', None), ('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='person_status_span', violation_error_message='Ngày kết thúc phải sau hoặc cùng ngày bắt đầu.'),
        ),
        migrations.AddConstraint(
            model_name='personstatus',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'disciplined'), _negated=True), models.Q(('grade', ''), _negated=True), _connector='OR'), name='person_status_grade', violation_error_message='Hãy chọn hình thức kỷ luật.'),
        ),
        migrations.AddIndex(
            model_name='unit',
            index=models.Index(fields=['kind', 'valid_to'], name='unit_kind_span'),
        ),
        migrations.AddConstraint(
            model_name='unit',
            constraint=models.CheckConstraint(condition=models.Q(('valid_from', None), ('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='unit_span', violation_error_message='Ngày kết thúc phải sau hoặc cùng ngày bắt đầu.'),
        ),
        migrations.AddConstraint(
            model_name='unit',
            constraint=portal.codes.OnceInAnyCase(django.db.models.functions.text.Upper('code'), name='unit_code_once', violation_error_message='Mã này đã có đơn vị dùng, kể cả đơn vị đã kết thúc; chữ hoa và chữ thường được coi là một.'),
        ),
        migrations.AddConstraint(
            model_name='succession',
            constraint=models.UniqueConstraint(fields=('predecessor', 'successor'), name='succession_once'),
        ),
        migrations.AddIndex(
            model_name='reorganisation',
            index=models.Index(fields=['state', 'effective_on'], name='reorganisation_due'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['account'], name='proposal_waiting'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'address'), ('state', 'waiting')), fields=('account',), name='proposal_one_address'),
        ),
        migrations.AddConstraint(
            model_name='posting',
            constraint=models.CheckConstraint(condition=models.Q(('valid_from', None), ('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='posting_span', violation_error_message='Ngày kết thúc phải sau hoặc cùng ngày bắt đầu.'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('valid_from', None), ('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='membership_span', violation_error_message='Ngày kết thúc phải sau hoặc cùng ngày bắt đầu.'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(fields=('user', 'unit', 'role', 'valid_from'), name='membership_once'),
        ),
        migrations.AddConstraint(
            model_name='emulationoffice',
            constraint=models.CheckConstraint(condition=models.Q(('valid_from', None), ('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='emulation_office_span', violation_error_message='Ngày kết thúc phải sau hoặc cùng ngày bắt đầu.'),
        ),
        migrations.AddConstraint(
            model_name='collective',
            constraint=models.CheckConstraint(condition=models.Q(('valid_from', None), ('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='collective_span', violation_error_message='Ngày kết thúc phải sau hoặc cùng ngày bắt đầu.'),
        ),
        migrations.AddConstraint(
            model_name='collective',
            constraint=portal.codes.OnceInAnyCase(django.db.models.functions.text.Upper('code'), name='collective_code_once', violation_error_message='Mã tập thể này đã có trong hệ thống; chữ hoa và chữ thường được coi là một.'),
        ),
        migrations.RunPython(search_and_order, no_search_and_order),
    ]
