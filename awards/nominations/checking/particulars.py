"""What the portal knows of a subject, as the sections of a report that nobody has begun to write."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import override

from awards.ledger import books
from awards.models import Initiative, Nomination, PastAward
from awards.models.ledger import award_label
from portal.days import today
from portal.text import grouped, joined
from units.models import Person, Posting
from units.models.units import valid_on


def known(nomination: Nomination) -> dict[str, str]:
    """Text for the sections on who it is, on initiatives and on what was received before; they are written further."""
    with override("vi"):  # the report is a Vietnamese paper, whoever opens its form
        book = books.book(nomination.subject)
        told = {
            "resume": "\n".join(_person(nomination) if nomination.person else _staff(nomination)),
            "initiatives": "\n".join(map(_initiative, book.initiatives)),
            "awards": "\n".join(map(_award, sorted(book.counted, key=lambda line: (line.year, line.pk)))),
        }
    return {name: text for name, text in told.items() if text}


def _person(nomination: Nomination) -> Iterator[str]:
    person: Person = nomination.person  # type: ignore[assignment]  # the caller looked
    yield _("Họ và tên: %s") % person.full_name
    if person.birth_year:
        yield _("Năm sinh: %s") % person.birth_year
    if person.gender:
        yield _("Giới tính: %s") % person.get_gender_display()
    if person.rank:
        yield _("Ngạch, chức danh: %s") % person.rank
    place = nomination.position or _("Cán bộ")
    yield _("Chức vụ, đơn vị công tác: %s") % f"{place}, {nomination.unit.name_vi}"


def _staff(nomination: Nomination) -> Iterator[str]:
    here = Posting.objects.filter(valid_on(today()))
    if nomination.collective:
        here = here.filter(collective=nomination.collective)
    else:
        here = here.within(nomination.whole_unit)
    if count := here.values("person").distinct().count():
        yield _("Số cán bộ hiện có: %s") % grouped(count)


def _initiative(idea: Initiative) -> str:
    return joined(" – ", idea.title, idea.get_scope_display(), idea.get_state_display(), idea.recognition_number)


def _award(line: PastAward) -> str:
    day = _("ngày %s") % f"{line.decided_on:%d/%m/%Y}" if line.decided_on else ""
    decision = _("Quyết định số %s") % line.decision_number
    return f"{line.year}: {award_label(line.award)} ({joined(', ', joined(' ', decision, day), line.decided_by)})"
