from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("awards", "0010_decisions")]

    operations = [
        migrations.AddField(
            model_name="initiative",
            name="used_for",
            field=models.ManyToManyField(
                blank=True, related_name="initiatives", to="awards.pastaward", verbose_name="đã dùng cho"
            ),
        ),
    ]
