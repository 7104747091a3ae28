from django.db import migrations


def carry(apps, schema_editor):
    Initiative = apps.get_model("awards", "Initiative")
    uses = Initiative.used_for.through
    used = Initiative.objects.exclude(consumed_by_id=None).values_list("pk", "consumed_by_id")
    uses.objects.bulk_create([uses(initiative_id=pk, pastaward_id=award) for pk, award in used])


def back(apps, schema_editor):
    Initiative = apps.get_model("awards", "Initiative")
    for use in Initiative.used_for.through.objects.order_by("-pk"):
        Initiative.objects.filter(pk=use.initiative_id).update(consumed_by_id=use.pastaward_id)


class Migration(migrations.Migration):
    dependencies = [("awards", "0011_initiatives_are_used_by_their_authors")]

    operations = [migrations.RunPython(carry, back)]
