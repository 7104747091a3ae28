"""Which awards a campaign opens for nominations."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from awards.models import CampaignAward
from awards.models.ledger import award_label
from campaigns.flow import may_manage, may_prepare
from campaigns.models import Campaign, MeritField
from portal.flow import Refused
from portal.models.trail import record
from units.models import User


def may_open(user: User, campaign: Campaign) -> bool:
    """Whether the person says which awards the campaign opens: who prepares the draft, later who runs it."""
    if campaign.state == Campaign.State.DRAFT:
        return may_prepare(user, campaign)
    return campaign.running and may_manage(user, campaign)


@transaction.atomic
def open_for(campaign: Campaign, rows: Sequence[tuple[str, int | None, int | None]], *, by: User, version: int) -> None:
    """The campaign opens these awards and no others: (award, merit field, places for each unit)."""
    campaign = Campaign.objects.select_for_update(of=("self",)).select_related("unit").get(pk=campaign.pk)
    if not may_open(by, campaign):
        raise PermissionDenied
    if campaign.version != version:
        raise Refused([_("Phong trào vừa được người khác thay đổi. Hãy xem lại rồi lưu.")])
    fields = {f.pk: f.title for f in MeritField.objects.filter(campaign=campaign)}
    rows = [row for row in rows if row[1] is None or row[1] in fields]
    shown = lambda found: "\n".join(  # noqa: E731
        sorted(
            award_label(code) + (f" – {fields[field]}" if field else "") + (f" ({places})" if places else "")
            for code, field, places in found
        )
    )
    before = shown(campaign.open_awards.values_list("award", "merit_field", "places"))
    if before == shown(rows):
        return
    campaign.open_awards.all().delete()
    CampaignAward.objects.bulk_create(
        [CampaignAward(campaign=campaign, award=a, merit_field_id=f, places=p) for a, f, p in rows]
    )
    campaign.version += 1
    campaign.save(update_fields=["version"])
    record(campaign, "edit", by=by, changes={str(_("Hình thức khen thưởng")): [before, shown(rows)]})


def copy_open_awards(source: Campaign, made: Campaign) -> None:
    """A clone opens what its source opened, its fields of merit found again by their codes."""
    codes = {f.code: f.pk for f in made.merit_fields.all()}
    CampaignAward.objects.bulk_create(
        [
            CampaignAward(
                campaign=made,
                award=row.award,
                merit_field_id=codes.get(row.merit_field.code) if row.merit_field else None,
                places=row.places,
            )
            for row in source.open_awards.select_related("merit_field")
            if row.merit_field is None or row.merit_field.code in codes
        ]
    )
