import django.core.validators
import django.db.models.functions.text
import units.codes
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0001_initial'),
        ('units', '0010_codes_once_in_any_case'),
    ]

    operations = [
        migrations.RunPython(units.codes.refuse_twins('campaigns.campaign', 'code'), migrations.RunPython.noop),
        migrations.AlterField(
            model_name='campaign',
            name='code',
            field=models.CharField(max_length=40, unique=True, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9._/@+\\-]+\\Z', 'Mã chỉ gồm chữ không dấu, chữ số và các dấu . - _ / @ +, không có dấu cách.')], verbose_name='mã phong trào'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=units.codes.OnceInAnyCase(django.db.models.functions.text.Upper('code'), name='campaign_code_once', violation_error_message='Mã phong trào này đã có; chữ hoa và chữ thường được coi là một.'),
        ),
    ]
