"""What may be written in the ledger, by whom, and the verbs that do it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from awards.law.standards import Award
from awards.law.terms import AwardKind
from awards.law.terms import Subject as Suits
from awards.ledger.books import award_of, edition_of, in_words, level_of
from awards.models import Level, PastAward, Rating, SubjectKind
from portal.flow import EditConflict, Refused
from portal.models import trail
from portal.models.trail import differences, record
from portal.notices.services import notify, told
from portal.scope import under
from units.access.holders import people_at
from units.models import Unit, User

SUITS = {
    SubjectKind.PERSON: Suits.INDIVIDUAL,
    SubjectKind.COLLECTIVE: Suits.COLLECTIVE,
    SubjectKind.UNIT: Suits.UNIT,
}
FIRST_YEAR = 1945  # nothing that is awarded today is older
LINE = ("award", "year", "type", "unit", "decision_number", "decided_on", "decided_by", "note")


# --- who may write ---


@dataclass(frozen=True)
class Rights:
    """What one person may write in the ledger; asked once for a page.

    The office writes everything. A unit writes what its own head decides (docs/domain, 5: authority), for itself, for
    the units below it and for those it succeeded; only the head revokes.
    """

    office: tuple[str, ...]
    writes: tuple[str, ...]
    heads: tuple[str, ...]

    @classmethod
    def of(cls, user: User) -> Rights:
        writes = tuple(user.paths_where("write_unit_ledger"))
        only_head = user.units_where("write_unit_ledger") == user.units_where("revoke_unit_awards")
        return cls(
            office=tuple(user.paths_where("write_ledger")),
            writes=writes,
            heads=writes if only_head else tuple(user.paths_where("revoke_unit_awards")),
        )

    @property
    def any(self) -> bool:
        """Whether the person writes anything at all."""
        return bool(self.office or self.writes)

    def enters(self, unit: Unit, level: str) -> bool:
        """Whether the person may enter or correct an award of that level in that unit."""
        return under(unit.path, *self.office) or (level == Level.UNIT and under(unit.path, *self.writes))

    def revokes(self, line: PastAward) -> bool:
        """Whether the person may write down that it was revoked, or that it stands after all."""
        path = line.unit.path
        return under(path, *self.office) or (line.level == Level.UNIT and under(path, *self.heads))


# --- what the rules say of a line ---


def objections(line: PastAward, today: date, others: Iterable[PastAward]) -> Iterable[str]:
    """Why this line cannot stand in the ledger beside the others of the subject."""
    award = award_of(line.award)
    if award is None:
        yield _("Danh hiệu, hình thức này không có trong danh mục.")
        return
    if SUITS[line.subject_kind] not in award.subjects:
        yield _("«%s» không dành cho đối tượng này.") % award.label
    if line.year > today.year:
        yield _("Năm thành tích ở trong tương lai.")
    if line.decided_on and line.decided_on > today:
        yield _("Ngày quyết định ở trong tương lai.")
    if line.decided_on and line.decided_on.year < line.year:
        yield _("Quyết định ban hành trước năm thành tích: hãy xem lại năm và ngày.")
    same = (o for o in others if o.award == line.award and o.year == line.year and not o.revoked_on)
    if award.kind == AwardKind.TITLE and (other := next(same, None)):
        yield _(
            "Năm %(year)s đã có danh hiệu này theo Quyết định %(number)s; mỗi năm chỉ một lần. "
            "Nếu dòng cũ ghi sai, hãy sửa dòng đó."
        ) % {"year": line.year, "number": other.decision_number}


# --- verbs ---


def shown(line: PastAward) -> dict[str, str]:
    """What was written, as the trail and a conflict show it: label → value."""
    return trail.in_words(line, LINE)


@transaction.atomic
def enter(line: PastAward, *, by: User, today: date) -> PastAward:
    """Write one award into the ledger by hand."""
    line.level, line.entered_by = level_of(line.award), by
    if not Rights.of(by).enters(line.unit, line.level):
        raise PermissionDenied
    _refuse(objections(line, today, _others(line)))
    _save(line)
    record(line, "enter", by=by, changes=differences({}, shown(line)))
    return line


@transaction.atomic
def correct(line: PastAward, *, by: User, version: int, reason: str, today: date) -> PastAward:
    """Put right what was typed wrongly; what stood there is in the trail."""
    stored = _locked(line, version)
    rights = Rights.of(by)
    line.level = level_of(line.award)
    if not rights.enters(stored.unit, stored.level) or not rights.enters(line.unit, line.level):
        raise PermissionDenied
    _refuse(objections(line, today, _others(line)))
    changes = differences(shown(stored), shown(line))
    if stored.subject != line.subject:
        changes[_("Đối tượng")] = [stored.subject_name, line.subject_name]
    if not changes:
        return stored
    line.version = stored.version + 1
    _save(line)
    record(line, "correct", by=by, changes=changes, note=reason)
    return line


@transaction.atomic
def revoke(line: PastAward, *, number: str, day: date, why: str, by: User, version: int) -> PastAward:
    """Write down that the award was revoked (Law 06/2022/QH15, article 93); what rested on it is doubted."""
    line = _locked(line, version)
    if not Rights.of(by).revokes(line):
        raise PermissionDenied
    if line.revoked_on:
        raise Refused([_("Khen thưởng này đã bị hủy theo Quyết định %s.") % line.revoked_by])
    if line.decided_on and day < line.decided_on:
        raise Refused([_("Ngày hủy không thể ở trước ngày quyết định khen thưởng.")])
    line.revoked_on, line.revoked_by, line.revoked_why = day, number, why
    _step(line)
    record(line, "revoke_award", by=by, note=why, changes={_("Quyết định hủy"): ["", f"{number}, {day:%d/%m/%Y}"]})
    for later in resting_on(line):
        later.doubted_by = line
        _step(later)
        record(later, "doubt", by=by, note=in_words(line))
    _tell_of_revocation(line)
    return line


@transaction.atomic
def reinstate(line: PastAward, *, reason: str, by: User, version: int) -> PastAward:
    """Take back a revocation that was written down by mistake, and the doubts it raised."""
    line = _locked(line, version)
    if not Rights.of(by).revokes(line):
        raise PermissionDenied
    if not line.revoked_on:
        raise Refused([_("Khen thưởng này đang có hiệu lực.")])
    was = {_("Quyết định hủy"): [f"{line.revoked_by}, {line.revoked_on:%d/%m/%Y}", ""]}
    line.revoked_on, line.revoked_by, line.revoked_why = None, "", ""
    _refuse(objections(line, line.decided_on or date(line.year, 12, 31), _others(line)))
    _step(line)
    record(line, "reinstate", by=by, note=reason, changes=was)
    for later in line.doubts.select_for_update(of=("self",)):
        later.doubted_by = None
        _step(later)
        record(later, "settle", by=by, note=in_words(line))
    _tell_of_reinstatement(line, reason)
    return line


@transaction.atomic
def settle(line: PastAward, *, reason: str, by: User, version: int) -> PastAward:
    """Somebody has looked at what the award rests on: it stands."""
    line = _locked(line, version)
    if not Rights.of(by).revokes(line):
        raise PermissionDenied
    if line.doubted_by_id:
        line.doubted_by = None
        _step(line)
        record(line, "settle", by=by, note=reason)
    return line


@transaction.atomic
def rate(rating: Rating, *, by: User, reason: str = "") -> Rating:
    """Write how the subject was classified in a year; another grade than the one that stands there needs a reason."""
    if not Rights.of(by).enters(rating.unit, Level.UNIT):
        raise PermissionDenied
    same = Rating.objects.select_for_update(of=("self",)).about(rating.subject).filter(year=rating.year).first()
    was = _rated(same) if same else {}
    changes = differences(was, _rated(rating))
    if same and not changes:
        return same
    if same and not reason:
        raise Refused(
            [
                _("Năm %(year)s đã xếp loại «%(grade)s». Nếu sửa, hãy ghi lý do.")
                % {"year": rating.year, "grade": same.get_grade_display()}
            ]
        )
    if same:
        rating.pk, rating.version = same.pk, same.version + 1
    rating.save()
    record(rating.subject, "rate", by=by, note=reason, changes={f"{rating.year} – {k}": v for k, v in changes.items()})
    return rating


def _rated(rating: Rating) -> dict[str, str]:
    return {
        _("Mức xếp loại"): rating.get_grade_display(),
        _("Số tháng làm việc trong năm"): str(rating.months_worked or ""),
        _("Văn bản"): rating.document,
        _("Đơn vị khi đó"): str(rating.unit),
    }


def resting_on(line: PastAward, *, lock: bool = True) -> list[PastAward]:
    """Later awards of the same subject that the law builds on this one, by the ladder of the edition of their day."""
    rows = PastAward.objects.select_for_update(of=("self",)) if lock else PastAward.objects.with_subject()
    later = rows.about(line.subject)
    found = []
    for row in later.filter(revoked_on=None, year__gte=line.year).exclude(pk=line.pk):
        award = edition_of(row.year, row.decided_on).awards.get(row.award)
        reach = _reach(award, line.award) if award else None
        if reach is not None and line.year >= row.year - reach:
            found.append(row)
    return found


def _reach(award: Award, code: str) -> int | None:
    """How many years back an award of that code may carry this one; None where it does not build on it."""
    years = [
        # «in a row» may end in the year of the higher award or in the one before it; «so many times» has no bound
        {"held_same_year": 0, "held_in_a_row": need.params.get("years", 0), "held_times": 100}[need.rule]
        for need in award.requirements()
        if need.rule in ("held_same_year", "held_in_a_row", "held_times") and need.params["award"].code == code
    ]
    return max(years, default=None)


def _locked(line: PastAward, version: int) -> PastAward:
    stored = PastAward.objects.select_for_update(of=("self",)).with_subject().get(pk=line.pk)
    if stored.version != version:
        raise EditConflict(stored)
    return stored


def _step(line: PastAward) -> None:
    line.version += 1
    line.save()


def _refuse(found: Iterable[str]) -> None:
    if words := list(found):
        raise Refused(words)


def _others(line: PastAward) -> Iterable[PastAward]:
    return PastAward.objects.about(line.subject).filter(year=line.year).exclude(pk=line.pk)


def _save(line: PastAward) -> None:
    try:
        with transaction.atomic():
            line.save()
    except IntegrityError as error:
        raise Refused([_("Khen thưởng này đã có trong sổ, cùng năm và cùng số quyết định.")]) from error


def _tell_of_revocation(line: PastAward) -> None:
    why = line.revoked_why
    notify(
        people_at(line.unit, "write_unit_ledger"),
        key=f"award-revoked:{line.pk}:{line.version}",
        kind="award_revoked",
        subject_key=f"past_award:{line.pk}",
        url=line.get_absolute_url(),
        words=lambda: (
            _("Khen thưởng bị hủy: %s") % line.subject_name,
            _("%(award)s của %(subject)s bị hủy theo Quyết định %(number)s. Lý do: %(why)s")
            % {
                "award": in_words(line),
                "subject": line.subject_name,
                "number": line.revoked_by,
                "why": why,
            },
        ),
    )


def _tell_of_reinstatement(line: PastAward, reason: str) -> None:
    notify(
        told(f"past_award:{line.pk}", "award_revoked"),
        key=f"award-reinstated:{line.pk}:{line.version}",
        kind="award_reinstated",
        subject_key=f"past_award:{line.pk}",
        url=line.get_absolute_url(),
        words=lambda: (
            _("Khen thưởng được khôi phục: %s") % line.subject_name,
            _("%(award)s của %(subject)s có hiệu lực trở lại. Lý do: %(why)s")
            % {"award": in_words(line), "subject": line.subject_name, "why": reason},
        ),
    )
