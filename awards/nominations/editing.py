"""The verbs that write in a paper while it is with its unit, and what a campaign opens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from awards.law import standards
from awards.models import Achievement, Evidence, Initiative, Nomination, Submission
from awards.models.ledger import award_label
from awards.models.subjects import Commended, SubjectKind, key_of_subject
from awards.nominations import content, permissions
from awards.nominations.checking import records
from campaigns.models import Commitment, Plan
from portal.days import today
from portal.files import stored
from portal.flow import OVERTAKEN, Refused, expect
from portal.models.trail import differences, record
from portal.scope import under
from portal.sittings import record_edit
from portal.text import grouped
from units.models import Collective, Person, Posting, Unit, User
from units.models.units import valid_on
from units.reorganisation.execute import hold

MAX_FILES = 30  # of one nomination or of one paper's own
CLOSED = _("Hồ sơ đã gửi: không sửa được nữa.")


# --- the paper ---


@transaction.atomic
def begin(unit: Unit, *, by: User, token: UUID, **cover: Any) -> tuple[Submission, bool]:
    """A new paper of the unit, and whether it is new: the same form sent twice makes one."""
    if not permissions.may_begin(by, unit):
        raise PermissionDenied
    hold(unit)
    cover.setdefault("council_members", _council_of(unit))
    submission, fresh = Submission.objects.get_or_create(
        token=token, defaults={"unit": unit, "created_by": by, "updated_by": by, **cover}
    )
    if not fresh and submission.created_by_id != by.pk:
        raise PermissionDenied
    if fresh:
        record(submission, "create", by=by, note=submission.title)
    return submission, fresh


def _council_of(unit: Unit) -> int | None:
    """How many members the unit's council had in its last paper."""
    papers = Submission.objects.filter(unit=unit, council_members__isnull=False).order_by("-pk")
    return papers.values_list("council_members", flat=True).first()


@transaction.atomic
def write_cover(submission: Submission, *, by: User, version: int, tab: str = "", **fields: Any) -> Submission:
    """Put what the form holds on the cover; raises EditConflict when `version` is not the one stored."""
    submission = (
        Submission.objects.select_for_update(of=("self",))
        .select_related("unit", "updated_by__person")
        .get(pk=submission.pk)
    )
    if not permissions.may_draft(by, submission):
        raise PermissionDenied
    if not permissions.cover_open(submission):
        raise Refused([CLOSED])
    expect(submission, version, by=by, tab=tab)
    before = content.cover(submission)
    for name, value in fields.items():
        setattr(submission, name, value)
    if changed := differences(before, content.cover(submission)):
        submission.version += 1
        submission.updated_by = by
        submission.save()
        words = {str(content.COVER[name]): pair for name, pair in changed.items()}
        record_edit(submission, by=by, changes=words, tab=tab)
    return submission


@transaction.atomic
def discard(submission: Submission, *, by: User, note: str, version: int) -> None:
    """Remove a paper of which nothing was ever sent, with its drafts and files; the unit's trail keeps who and why.

    `version` is the `Submission.whole_version` that was seen.
    """
    submission = Submission.objects.select_for_update(of=("self",)).select_related("unit").get(pk=submission.pk)
    if not permissions.may_draft(by, submission):
        raise PermissionDenied
    if submission.whole_version != version:
        raise Refused([OVERTAKEN])
    if not note.strip():
        raise Refused([_("Hãy ghi lý do.")])
    if not permissions.never_sent(submission):
        raise Refused([_("Tờ trình đã có đề nghị được gửi hoặc được cơ quan thi đua xem xét: không hủy được.")])
    drafts = list(submission.nominations.select_related("person", "collective", "whole_unit"))
    files = [file.file for file in submission.evidence.all()]
    record(
        submission.unit,
        "discard",
        by=by,
        note=note.strip(),
        changes={submission.title: ["; ".join(map(str, drafts)), ""]},
    )
    submission.evidence.all().delete()
    submission.nominations.all().delete()
    submission.delete()
    transaction.on_commit(lambda: [file.storage.delete(file.name) for file in files])


# --- whom it proposes ---


def of_unit(subject: Commended, unit: Unit) -> bool:
    """Whether the subject belongs to the unit today, so that the unit may propose it."""
    if isinstance(subject, Unit):
        return under(subject.path, unit.path)
    if isinstance(subject, Collective):
        return under(subject.unit.path, unit.path)
    if subject.outside:
        return True
    return Posting.objects.filter(valid_on(today()), person=subject, unit__path__under=unit.path).exists()


def subjects_of(unit: Unit, kind: str, user: User) -> Any:
    """The people, collectives or units that a unit may propose: its own, as far as the reader sees them."""
    if kind == SubjectKind.PERSON:
        return Person.objects.visible_to(user).in_unit(unit)
    if kind == SubjectKind.COLLECTIVE:
        return Collective.objects.visible_to(user).within(unit)
    return Unit.objects.as_of(today()).within(unit).order_by("path")


@transaction.atomic
def add(submission: Submission, subjects: Sequence[Commended], award: str, *, by: User) -> tuple[list[Nomination], int]:
    """A draft for each subject and how many are new; one that is there already with this award stays as it is."""
    submission = Submission.objects.select_for_update(of=("self",)).select_related("unit").get(pk=submission.pk)
    if not permissions.may_draft(by, submission):
        raise PermissionDenied
    if award not in standards.in_force(today()).awards:
        raise Refused([_("Không có danh hiệu, hình thức này trong quy định đang áp dụng.")])
    kept = submission.nominations.filter(award=award).exclude(state=Nomination.State.WITHDRAWN)
    there = {records.key_of(n): n for n in kept}
    postings = _postings([s for s in subjects if isinstance(s, Person)])
    nominations, fresh = [], 0
    for subject in subjects:
        key = (key_of_subject(subject), subject.pk)
        if key not in there:
            if not of_unit(subject, submission.unit):
                raise PermissionDenied
            there[key] = _draft(submission, subject, award, postings.get(subject.pk), by)
            fresh += 1
        nominations.append(there[key])
    return nominations, fresh


def _postings(people: list[Person]) -> dict[int, Posting]:
    """Where each works today."""
    current = Posting.objects.filter(valid_on(today()), person__in=people)
    return {p.person_id: p for p in current.order_by("valid_from", "pk")}


def _draft(submission: Submission, subject: Commended, award: str, posting: Posting | None, by: User) -> Nomination:
    nomination = Nomination(
        submission=submission, unit=submission.unit, desk=submission.unit, award=award, updated_by=by
    )
    setattr(nomination, key_of_subject(subject), subject)
    if isinstance(subject, Person) and posting:
        nomination.position, nomination.leads = posting.position, posting.leads
    nomination.refresh_search()
    nomination.save()
    record(nomination, "create", by=by, note=f"{nomination.subject_name} – {award_label(award)}")
    return nomination


# --- one nomination ---


def writable(nomination: Nomination) -> set[str] | None:
    """Which parts the unit may write in: None for all, a set for those a request has opened, empty for none."""
    if nomination.editable:
        return None
    request = permissions.open_request(nomination)
    return set(request.fields) if request else set()


def links(nomination: Nomination) -> tuple[dict[str, list[tuple[int, str]]], dict[str, list[int]]]:
    """On what it may rest, as choices: its unit's approved commitments, the subject's achievements and initiatives."""
    key = records.key_of(nomination)
    campaign, unit = nomination.submission.campaign_id, nomination.unit_id
    linked = Exists(Nomination.commitments.through.objects.filter(nomination=nomination.pk, commitment=OuterRef("pk")))
    own = Q(plan__campaign=campaign, plan__unit=unit, plan__state=Plan.State.APPROVED)
    theirs = Commitment.objects.annotate(linked=linked).filter(own | Q(linked=True)).only("what")
    promised = list(theirs.order_by("area__order", "order", "pk")) if campaign else []
    chosen = {
        "commitments": [c.pk for c in promised if c.linked],
        "achievements": [a.pk for a in nomination.rests_on("achievements")],
        "initiatives": [i.pk for i in nomination.rests_on("initiatives")],
    }
    achieved = Achievement.objects.filter(Q(**{key[0]: key[1]}) | Q(pk__in=chosen["achievements"]))
    found = Q(authors__person=nomination.person_id) if nomination.person_id else Q(unit=unit)
    ideas = Initiative.objects.filter(found | Q(pk__in=chosen["initiatives"])).distinct()
    ideas = ideas.only("title", "scope", "state")
    choices = {
        "commitments": [(c.pk, c.what) for c in promised],
        "achievements": [(a.pk, content.sentence(a)) for a in achieved],
        "initiatives": [(i.pk, f"{i.title} ({i.get_scope_display()}, {i.get_state_display()})") for i in ideas],
    }
    return choices, chosen


@transaction.atomic
def write(
    nomination: Nomination,
    *,
    by: User,
    version: int,
    tab: str = "",
    fields: dict[str, Any],
    report: dict[str, str],
    facts: dict[str, Any],
    links: dict[str, list[int]],
) -> Nomination:
    """Put what the form holds into the nomination; raises EditConflict when `version` is not the one stored.

    Where a request has opened some parts only, the others are left as they are whatever is passed.
    """
    nomination = Nomination.objects.for_checks().select_for_update(of=("self",)).get(pk=nomination.pk)
    if not permissions.may_draft(by, nomination.submission):
        raise PermissionDenied
    only = writable(nomination)
    if only is not None and not only:
        raise Refused([CLOSED])
    expect(nomination, version, by=by, tab=tab)
    before = content.snapshot(nomination)
    open_ = lambda name: only is None or name in only  # noqa: E731
    for name, value in fields.items():
        if open_(name):
            setattr(nomination, name, value)
    nomination.report = {k: v for k, v in report.items() if open_(f"report.{k}")} | {
        k: v for k, v in nomination.report.items() if not open_(f"report.{k}")
    }
    if open_("facts"):
        nomination.facts = facts
    if open_("links"):
        for name, pks in links.items():
            getattr(nomination, name).set(pks)
    if changed := content.changes(before, content.snapshot(nomination)):
        nomination.version += 1
        nomination.updated_by = by
        nomination.refresh_search()
        try:
            with transaction.atomic():
                nomination.save()
        except IntegrityError as error:
            raise Refused([_("Tờ trình đã có một đề nghị khác cho đối tượng này với cùng hình thức.")]) from error
        record_edit(nomination, by=by, changes=changed, tab=tab)
    return nomination


@transaction.atomic
def achieve(nomination: Nomination, *, title: str, figures: str, by: User) -> Achievement:
    """Note an achievement of the subject and rest the nomination on it; the same words twice are one."""
    nomination = Nomination.objects.for_checks().select_for_update(of=("self",)).get(pk=nomination.pk)
    only = writable(nomination)
    if not permissions.may_draft(by, nomination.submission):
        raise PermissionDenied
    if only is not None and "links" not in only:
        raise Refused([CLOSED])
    kind, pk = records.key_of(nomination)
    made, fresh = Achievement.objects.get_or_create(
        **{f"{kind}_id": pk},
        year=nomination.submission.year,
        title=title,
        defaults={"figures": figures, "unit": nomination.unit},
    )
    nomination.achievements.add(made)
    nomination.version += 1
    nomination.updated_by = by
    nomination.save(update_fields=["version", "updated_by", "updated_at"])
    record_edit(nomination, by=by, changes={str(_("Thành tích")): ["", content.sentence(made)]})
    return made


# --- evidence ---


def attach(submission: Submission, nomination: Nomination | None, *, part: str, file: Any, by: User) -> Evidence:
    """Keep a file as a part of the dossier; a file that is there already is refused in words."""
    brought = stored.look_into(file)
    with transaction.atomic():
        submission, nomination = _hold(submission, nomination)
        _writable_or_refuse(submission, nomination, part, by)
        row = Evidence(submission=submission, nomination=nomination, part=part)
        among = submission.evidence.filter(nomination=nomination)
        full = _("Mỗi hồ sơ có tối đa %s tệp.") % grouped(MAX_FILES)
        return stored.keep(row, brought, among=among, limit=MAX_FILES, full=full, by=by)


@transaction.atomic
def detach(evidence: Evidence, *, by: User) -> None:
    """Take a file out of the dossier."""
    submission, nomination = _hold(evidence.submission, evidence.nomination)
    _writable_or_refuse(submission, nomination, evidence.part, by)
    stored.take_out(evidence, by=by)


def _hold(submission: Submission, nomination: Nomination | None) -> tuple[Submission, Nomination | None]:
    submission = Submission.objects.select_for_update(of=("self",)).select_related("unit").get(pk=submission.pk)
    if nomination is not None:
        nomination = Nomination.objects.select_for_update(of=("self",)).get(pk=nomination.pk)
    return submission, nomination


def _writable_or_refuse(submission: Submission, nomination: Nomination | None, part: str, by: User) -> None:
    if not permissions.may_draft(by, submission):
        raise PermissionDenied
    if nomination is None:
        allowed = permissions.cover_open(submission)
    else:
        only = writable(nomination)
        allowed = only is None or f"evidence.{part}" in only
    if not allowed:
        raise ValidationError(CLOSED)
