from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("awards", "0012_carry_what_initiatives_were_used_for")]

    operations = [migrations.RemoveField(model_name="initiative", name="consumed_by")]
