"""Who may be the second person: nobody whose account or role came of late from the first one.

The trail is asked, so that no page can hide what was done. It does not ask whether the person holds the right at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.days import at_hour, local_day, today
from portal.models import Entry
from units.models import Membership, User

# what of the trail of an account hands it over, or power through it
GIVING = (
    "create",
    "invite",
    "grant",
    "prolong",
    "delegate",
    "reactivate",
    "address",
    "owner",
    "alone",
    "factor_remove",
)

Given = dict[int, list[Entry]]  # account → lines of late by which others gave it something


def since() -> date:
    """The first day that still counts."""
    return today() - timedelta(days=settings.SECOND_PERSON_DAYS)


def why_dependent(person: User, *, of: Iterable[int]) -> str:
    """Why the person cannot be the second one after these accounts, and from which day on; empty if nothing ties them.

    Tied are two who have the account, a role or the way in from each other or from a third one, directly or through
    others, whichever of them acts first; two records of one person; and who acts for the other. As many queries as
    the longest such chain has links, however many accounts there are.
    """
    firsts = set(of) - {None}
    people = User.objects.select_related("person").in_bulk([person.pk, *firsts])
    for first in sorted(firsts & set(people)):
        if first == person.pk:
            return _("Người đề nghị không tự duyệt việc của mình.")
        if _same_person(people[person.pk], people[first]):
            return _("%(person)s và người đề nghị %(first)s có thể là cùng một người: trùng họ tên và năm sinh.") % {
                "person": people[person.pk],
                "first": people[first],
            }
    lends = Q(user=person.pk, delegated_by__in=firsts) | Q(user__in=firsts, delegated_by=person.pk)
    if (
        lent := Membership.objects.in_force()
        .filter(lends)
        .select_related("user__person", "delegated_by__person")
        .first()
    ):
        return _("%(user)s đang làm thay %(head)s theo ủy quyền nên chưa là người thứ hai độc lập.") % {
            "user": lent.user,
            "head": lent.delegated_by,
        }
    given = _given([person.pk, *firsts])
    mine = _origins(person.pk, given)
    ties = [
        (min(mine[origin][0], theirs[origin][0]), origin, mine[origin][1] or theirs[origin][1], first)
        for first in firsts
        for theirs in [_origins(first, given)]
        for origin in mine.keys() & theirs.keys()
    ]
    if not ties:
        return ""
    at, origin, link, first = max(ties, key=lambda tie: tie[0])
    return _in_words(at, origin, link, people[person.pk], people[first])


def _same_person(one: User, other: User) -> bool:
    """Whether both accounts are of records with one name and one year of birth."""
    a, b = one.person, other.person
    return bool(a and b and a.birth_year and (a.name_key, a.birth_year) == (b.name_key, b.birth_year))


def _given(accounts: list[int]) -> Given:
    """The giving lines about these accounts, about those who wrote them, and so on; one query for each round."""
    found: Given = {}
    asked = set(accounts)
    while asked:
        keys = {f"{User._meta.label_lower}:{pk}": pk for pk in asked}
        lines = Entry.objects.filter(subject__in=keys, verb__in=GIVING, at__gte=at_hour(since(), 0)).exclude(by=None)
        found |= {pk: [] for pk in asked}
        for line in lines:
            if line.by_id != keys[line.subject]:
                found[keys[line.subject]].append(line)
        asked = {line.by_id for lines in found.values() for line in lines if line.by_id} - found.keys()
    return found


def _origins(account: int, given: Given) -> dict[int, tuple[datetime, Entry | None]]:
    """From whom the account has something, itself included: until when the newest chain holds, by its oldest link."""
    best: dict[int, tuple[datetime, Entry | None]] = {account: (timezone.now(), None)}
    waiting = [account]
    while waiting:
        made = waiting.pop()
        for line in given[made]:
            at, oldest = best[made]
            link = (line.at, line) if line.at < at or oldest is None else (at, oldest)
            giver = line.by_id
            if giver and (giver not in best or best[giver][0] < link[0]):
                best[giver] = link
                waiting.append(giver)
    return best


def _in_words(at: datetime, origin: int, link: Entry | None, person: User, first: User) -> str:
    free = local_day(at) + timedelta(days=settings.SECOND_PERSON_DAYS + 1)
    told = {
        "person": person,
        "first": first,
        "free": f"{free:%d/%m/%Y}",
        "deed": link.label if link else "",
        "day": f"{local_day(link.at):%d/%m/%Y}" if link else "",
    }
    if origin in (person.pk, first.pk):
        words = _(
            "%(person)s chưa là người thứ hai độc lập với %(first)s: tài khoản hoặc vai trò của "
            "người này có từ người kia («%(deed)s» ngày %(day)s). Duyệt được từ ngày %(free)s."
        )
    else:
        told["third"] = User.objects.select_related("person").get(pk=origin)
        words = _(
            "%(person)s chưa là người thứ hai độc lập với %(first)s: cả hai có tài khoản hoặc vai trò từ %(third)s "
            "(«%(deed)s» ngày %(day)s). Duyệt được từ ngày %(free)s."
        )
    return words % told
