"""What a sitting votes on and who votes: nominations that wait, members of the day, who is out of which item."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q
from django.utils import translation

from awards.interests import Interests
from awards.models import AgendaItem, Council, Nomination, Recusal, Sitting, SittingMember
from awards.models.councils import HOLDING
from awards.models.ledger import award_label
from awards.models.nominations import NominationQuerySet
from portal.days import local_day

N = Nomination.State


def waiting_for(council: Council) -> NominationQuerySet:
    """What waits for this council: put before it by the office, or being drafted by the council's own unit."""
    live = AgendaItem.objects.filter(nomination=OuterRef("pk"), sitting__state__in=Sitting.LIVE)
    put = Q(desk=council.unit, state=N.PASSED)
    own = Q(unit=council.unit, state__in=Nomination.EDITABLE)
    return Nomination.objects.filter(put | own).exclude(Exists(live))


def may_be_voted_on(nomination: Nomination, sitting: Sitting) -> bool:
    """Whether it still stands where this council votes on it."""
    put = nomination.state == N.PASSED and nomination.desk_id == sitting.council.unit_id
    return put or of_own_unit(nomination, sitting)


def of_own_unit(nomination: Nomination, sitting: Sitting) -> bool:
    """Whether the unit's own council votes before the unit sends it: the result goes into the paper."""
    return nomination.unit_id == sitting.council.unit_id and nomination.state in Nomination.EDITABLE


def with_bases(sitting: Sitting) -> list[AgendaItem]:
    """The items in their order, with what names them."""
    return list(sitting.items.select_related("nomination__person", "nomination__collective", "nomination__whole_unit"))


# --- settled before it opens, fixed when it does ---


def put_on(sitting: Sitting, nominations: Iterable[Nomination]) -> None:
    """Add these and number all anew: by award, then by name."""
    AgendaItem.objects.bulk_create(AgendaItem(sitting=sitting, nomination=n, order=0) for n in nominations)
    items = with_bases(sitting)
    items.sort(key=lambda item: (award_label(item.nomination.award), item.nomination.name_key, item.pk))
    for place, item in enumerate(items, start=1):
        item.order = place
    AgendaItem.objects.bulk_update(items, ["order"])


def gather_members(sitting: Sitting) -> None:
    """Count those who belong to the council on the day of the sitting; who is there already keeps the attendance."""
    seats = {seat.user_id: seat.duty for seat in sitting.council.members_on(local_day(sitting.starts_at))}
    there = {member.user_id: member for member in sitting.members.all()}
    sitting.members.exclude(user__in=seats).delete()
    for user, duty in seats.items():
        if user not in there:
            SittingMember.objects.create(sitting=sitting, user_id=user, duty=duty)
        elif there[user].duty != duty:
            sitting.members.filter(user=user).update(duty=duty)
    kept = [holder.pk for holder in holders(sitting).values()]
    sitting.key_parts.exclude(holder__in=kept).delete()


def holders(sitting: Sitting) -> dict[int, SittingMember]:
    """Who holds which part of the key: the first of each duty that holds one."""
    found: dict[int, SittingMember] = {}
    for member in sitting.members.select_related("user__person"):
        if member.duty in HOLDING:
            found.setdefault(HOLDING.index(member.duty) + 1, member)
    return found


def gather_bases(sitting: Sitting) -> None:
    """What each item needs and of how many members: all but those whom a conflict of interest keeps out."""
    items = list(sitting.items.select_related("nomination__unit", "nomination__submission"))
    members = list(sitting.members.select_related("user"))
    interests = Interests.of([member.user for member in members], [item.nomination for item in items])
    Recusal.objects.filter(item__in=items, declared=False).delete()
    Recusal.objects.filter(item__in=items).exclude(member__in=members).delete()
    declared = set(Recusal.objects.filter(item__in=items).values_list("item", "member"))
    found = []
    with translation.override("vi"):  # kept as it is written in the minutes
        for item in items:
            tied = interests.personal if of_own_unit(item.nomination, sitting) else interests.between
            for member in members:
                why = tied(member.user_id, item.nomination)
                if why and (item.pk, member.pk) not in declared:
                    found.append(Recusal(item=item, member=member, reason=why[:300]))
    Recusal.objects.bulk_create(found)
    out = [item for item, _member in declared] + [recusal.item_id for recusal in found]
    for item in items:
        vote = item.vote_by_law
        item.percent = vote.percent if vote else sitting.council.usual_percent
        item.base = len(members) - out.count(item.pk)
    AgendaItem.objects.bulk_update(items, ["percent", "base"])
