from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("awards", "0002_papers_before_the_head")]

    operations = [
        migrations.RenameModel("Conflict", "ConflictOfInterest"),
        migrations.RenameField("nomination", "pencil", "draft_result"),
        migrations.RenameField("nomination", "pencil_note", "draft_result_note"),
        migrations.RenameField("nomination", "pencil_by", "draft_result_by"),
    ]
