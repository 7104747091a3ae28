"""A line of the trail says which version came of it, and a saving to which sitting it belongs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    # columns that may be empty: SQLite adds them in place, and the triggers of the table stay
    dependencies = [("portal", "0001_initial")]

    operations = [
        migrations.AddField("entry", "version", models.BigIntegerField(editable=False, null=True)),
        migrations.AddField("entry", "tab", models.CharField(editable=False, max_length=40, null=True)),
        migrations.AddField("entry", "since", models.DateTimeField(editable=False, null=True)),
        migrations.AddField("entry", "follows", models.BigIntegerField(editable=False, null=True)),
        migrations.AddConstraint(
            "entry",
            models.UniqueConstraint(
                condition=models.Q(("follows__isnull", False)), fields=("follows",), name="entry_followed_once"
            ),
        ),
    ]
