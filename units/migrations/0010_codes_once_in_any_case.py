import django.core.validators
import django.db.models.functions.text
import units.codes
from django.db import migrations, models

CODES = {'unit': 'code', 'collective': 'code', 'person': 'staff_code', 'user': 'username'}


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('units', '0009_jobs_hold'),
    ]

    operations = [
        *(
            migrations.RunPython(units.codes.refuse_twins(f'units.{model}', field), migrations.RunPython.noop)
            for model, field in CODES.items()
        ),
        migrations.AlterField(
            model_name='collective',
            name='code',
            field=models.CharField(max_length=30, unique=True, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9.\\-]+\\Z', 'Mã chỉ gồm chữ không dấu, chữ số, dấu chấm và dấu gạch nối, không có dấu cách.')], verbose_name='mã tập thể'),
        ),
        migrations.AlterField(
            model_name='person',
            name='staff_code',
            field=models.CharField(max_length=20, unique=True, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9._/@+\\-]+\\Z', 'Mã chỉ gồm chữ không dấu, chữ số và các dấu . - _ / @ +, không có dấu cách.')], verbose_name='số hiệu cán bộ'),
        ),
        migrations.AlterField(
            model_name='reorganisationstep',
            name='code',
            field=models.CharField(blank=True, max_length=20, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9.\\-]+\\Z', 'Mã chỉ gồm chữ không dấu, chữ số, dấu chấm và dấu gạch nối, không có dấu cách.')], verbose_name='mã mới'),
        ),
        migrations.AlterField(
            model_name='unit',
            name='code',
            field=models.CharField(max_length=20, unique=True, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9.\\-]+\\Z', 'Mã chỉ gồm chữ không dấu, chữ số, dấu chấm và dấu gạch nối, không có dấu cách.')], verbose_name='mã đơn vị'),
        ),
        migrations.AddConstraint(
            model_name='collective',
            constraint=units.codes.OnceInAnyCase(django.db.models.functions.text.Upper('code'), name='collective_code_once', violation_error_message='Mã tập thể này đã có trong hệ thống; chữ hoa và chữ thường được coi là một.'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=units.codes.OnceInAnyCase(django.db.models.functions.text.Upper('staff_code'), name='staff_code_once', violation_error_message='Số hiệu cán bộ này đã có trong hệ thống; chữ hoa và chữ thường được coi là một.'),
        ),
        migrations.AddConstraint(
            model_name='unit',
            constraint=units.codes.OnceInAnyCase(django.db.models.functions.text.Upper('code'), name='unit_code_once', violation_error_message='Mã này đã có đơn vị dùng, kể cả đơn vị đã kết thúc; chữ hoa và chữ thường được coi là một.'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=units.codes.OnceInAnyCase(django.db.models.functions.text.Upper('username'), name='username_once', violation_error_message='Tên đăng nhập này đã được dùng; chữ hoa và chữ thường được coi là một.'),
        ),
    ]
