import django.db.models.deletion
import django.utils.timezone
import portal.tracing
from django.conf import settings
from django.db import migrations, models


POSTGRES = """
CREATE FUNCTION trail_is_append_only() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'the trail is append-only'; END $$ LANGUAGE plpgsql;
CREATE FUNCTION trail_is_never_emptied() RETURNS trigger AS $$
DECLARE filled boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.%I)', TG_TABLE_SCHEMA, TG_TABLE_NAME) INTO filled;
    IF filled THEN RAISE EXCEPTION 'the trail is append-only'; END IF;
    RETURN NULL;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER trail_append_only BEFORE UPDATE OR DELETE ON portal_entry
FOR EACH ROW EXECUTE FUNCTION trail_is_append_only();
CREATE TRIGGER trail_never_emptied BEFORE TRUNCATE ON portal_entry
FOR EACH STATEMENT EXECUTE FUNCTION trail_is_never_emptied();
CREATE TRIGGER seals_append_only BEFORE UPDATE OR DELETE ON portal_seal
FOR EACH ROW EXECUTE FUNCTION trail_is_append_only();
CREATE TRIGGER seals_never_emptied BEFORE TRUNCATE ON portal_seal
FOR EACH STATEMENT EXECUTE FUNCTION trail_is_never_emptied();
"""
# INSERT OR REPLACE takes the row of that number away without asking the triggers of DELETE
SQLITE = {
    "trail_no_update": ("UPDATE ON portal_entry", "trail"),
    "trail_no_delete": ("DELETE ON portal_entry", "trail"),
    "trail_no_replace": ("INSERT ON portal_entry WHEN EXISTS (SELECT 1 FROM portal_entry WHERE id = NEW.id)", "trail"),
    "seals_no_update": ("UPDATE ON portal_seal", "seal"),
    "seals_no_delete": ("DELETE ON portal_seal", "seal"),
    "seals_no_replace": ("INSERT ON portal_seal WHEN EXISTS (SELECT 1 FROM portal_seal WHERE number = NEW.number)", "seal"),
}


def guard(apps, schema_editor):
    """The trail and its seals refuse to be changed, on both engines."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRES, params=None)
    else:
        for name, (event, what) in SQLITE.items():
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {event} BEGIN SELECT RAISE(ABORT, 'the {what} is append-only'); END"
            )


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table, name in (("entry", "trail"), ("seal", "seals")):
            schema_editor.execute(f"DROP TRIGGER {name}_append_only ON portal_{table}")
            schema_editor.execute(f"DROP TRIGGER {name}_never_emptied ON portal_{table}")
        schema_editor.execute("DROP FUNCTION trail_is_append_only()")
        schema_editor.execute("DROP FUNCTION trail_is_never_emptied()")
    else:
        for name in SQLITE:
            schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DemoData',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('loaded_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='ForgottenPassword',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.CharField(max_length=254, verbose_name='thư điện tử')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='lúc')),
            ],
            options={
                'verbose_name': 'yêu cầu đặt lại mật khẩu',
                'verbose_name_plural': 'yêu cầu đặt lại mật khẩu',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('name', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='OutboxMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_id', models.CharField(max_length=200, unique=True)),
                ('to', models.CharField(max_length=250, verbose_name='tới')),
                ('subject', models.CharField(max_length=250, verbose_name='tiêu đề')),
                ('body', models.TextField(verbose_name='nội dung')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='lúc')),
            ],
            options={
                'verbose_name': 'thư đi',
                'verbose_name_plural': 'thư đi',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('number', models.PositiveIntegerField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('first', models.BigIntegerField()),
                ('last', models.BigIntegerField()),
                ('count', models.PositiveIntegerField()),
                ('blocks', models.JSONField()),
                ('previous', models.CharField(blank=True, max_length=64)),
                ('digest', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='UserSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40, unique=True)),
                ('agent', models.CharField(blank=True, max_length=200)),
                ('began_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='lúc')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'phiên làm việc',
                'verbose_name_plural': 'phiên làm việc',
                'ordering': ['-began_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='lúc')),
                ('subject', models.CharField(db_index=True, max_length=60)),
                ('verb', models.CharField(max_length=30, verbose_name='việc')),
                ('source', models.CharField(blank=True, max_length=20)),
                ('target', models.CharField(blank=True, max_length=20)),
                ('changes', models.JSONField(blank=True, default=dict)),
                ('note', models.TextField(blank=True, verbose_name='lý do')),
                ('request', models.CharField(default=portal.tracing.current, editable=False, max_length=36, null=True, verbose_name='mã yêu cầu')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người làm')),
            ],
            options={
                'verbose_name': 'nhật ký',
                'verbose_name_plural': 'nhật ký',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['verb', 'id'], name='entry_verb'), models.Index(fields=['at'], name='entry_at')],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('title', models.CharField(max_length=200, verbose_name='việc')),
                ('state', models.CharField(choices=[('queued', 'đang chờ'), ('running', 'đang chạy'), ('done', 'đã xong'), ('failed', 'không thành')], default='queued', max_length=8)),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('params', models.JSONField(blank=True, default=dict)),
                ('result', models.JSONField(blank=True, default=dict)),
                ('holds', models.JSONField(blank=True, default=list)),
                ('source', models.FileField(blank=True, upload_to='jobs/')),
                ('output', models.FileField(blank=True, upload_to='jobs/')),
                ('output_name', models.CharField(blank=True, max_length=200)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='lúc')),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('seen_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to=settings.AUTH_USER_MODEL, verbose_name='người làm')),
            ],
            options={
                'verbose_name': 'việc chạy nền',
                'verbose_name_plural': 'việc chạy nền',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['by', '-created_at'], name='job_of_person')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=120, unique=True)),
                ('kind', models.CharField(max_length=20)),
                ('subject_key', models.CharField(blank=True, db_index=True, max_length=60)),
                ('title', models.CharField(max_length=250, verbose_name='tiêu đề')),
                ('body', models.TextField(verbose_name='nội dung')),
                ('url', models.CharField(blank=True, max_length=200)),
                ('address', models.EmailField(blank=True, max_length=254)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='lúc')),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('mail_state', models.CharField(choices=[('none', 'chỉ báo trên cổng'), ('pending', 'chờ gửi'), ('sent', 'đã gửi'), ('failed', 'gửi không thành')], default='pending', max_length=8)),
                ('digest', models.BooleanField(default=False)),
                ('send_after', models.DateTimeField(default=django.utils.timezone.now)),
                ('claimed_until', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('error', models.CharField(blank=True, max_length=300)),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL, verbose_name='người nhận')),
            ],
            options={
                'verbose_name': 'thông báo',
                'verbose_name_plural': 'thông báo',
                'ordering': ['-created_at', '-pk'],
                'indexes': [models.Index(fields=['recipient', '-created_at'], name='notice_of_person'), models.Index(fields=['mail_state', 'send_after'], name='notice_to_send')],
            },
        ),
        migrations.RunPython(guard, unguard),
    ]
