"""Nominations are moved: one or many through the table of steps; verbs of the office that carry more than a note.

`NOMINATION.take()` is the door through which a state changes; `move()` leads one or many through it, together or not at
all, and tells those concerned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from awards.interests import Interests, objection_to
from awards.models import MoreRequest, Nomination, Submission
from awards.nominations.checking import checks
from awards.nominations.desks import note_arrival
from awards.nominations.letters import names_of, notify_step
from awards.nominations.permissions import may_set_aside
from awards.nominations.steps import BY_DECISION, NOMINATION
from portal.flow import Refused, overtaken
from portal.models.trail import record
from portal.web import seen
from units.models import User

SAID_EVERY = 50  # nominations moved between two words on how far it is
JUDGING = ("take_up", "return", "ask_more", "reopen", "pass_up")  # at the office: not by who has a conflict of interest
STEPS = {step.name: table for table in (NOMINATION, BY_DECISION) for step in table.steps}
CHECKED = {name for name, table in STEPS.items() if table[name].objections is checks.objections}


@transaction.atomic
def move(
    name: str,
    nominations: Iterable[Nomination],
    *,
    by: User,
    note: str = "",
    versions: dict[int, int],
    say: Callable[[int, int], None] = lambda done, total: None,
) -> list[Nomination]:
    """Take one step with all of them or with none, and tell those concerned once.

    `versions` says which version of each the person saw. Raises Refused where some cannot go: each reason once, with
    those whom it concerns. `say` is told how far it is.
    """
    chosen = sorted(nominations, key=lambda n: n.pk)
    # papers before what is in them, in one order: two who move parts of one paper wait instead of blocking each other
    list(Submission.objects.select_for_update(of=("self",)).filter(nominations__in=chosen).order_by("pk").values("pk"))
    found = checks.objections_of(chosen) if name in CHECKED else {}
    interests = Interests.of([by], chosen) if name in JUDGING else None
    refusals: dict[str, list[Nomination]] = {}
    moved = []
    for done, nomination in enumerate(chosen):
        if done and not done % SAID_EVERY:
            say(done, len(chosen))
        try:
            if interests and nomination.received_at and (why := interests.between(by.pk, nomination)):
                raise Refused([_("Đồng chí không thẩm định hồ sơ này: %s.") % why])
            moved.append(
                STEPS[name].take(
                    name,
                    nomination,
                    by=by,
                    note=note,
                    version=seen.of(versions, nomination),
                    found=found.get(nomination.pk),
                )
            )
        except Refused as refusal:
            for words in refusal.objections:
                refusals.setdefault(str(words), []).append(nomination)
    if refusals:
        alone = len(chosen) == 1
        raise Refused(words if alone else f"{names_of(those)}: {words}" for words, those in refusals.items())
    for submission in {n.submission_id: n.submission for n in moved}.values():
        note_arrival(submission)
        notify_step(name, submission, [n for n in moved if n.submission_id == submission.pk], note)
    return moved


def open_in(submission: Submission, name: str, by: User) -> list[Nomination]:
    """The nominations of the paper with which this person could take the step now."""
    step = NOMINATION[name]
    found = submission.nominations.for_checks().filter(state__in=step.sources).order_by("pk")
    return [n for n in found if step.open_for(n) and step.allowed_to(by, n)]


@transaction.atomic
def move_all(
    name: str,
    submission: Submission,
    *,
    by: User,
    version: int,
    note: str = "",
    say: Callable[[int, int], None] = lambda done, total: None,
) -> list[Nomination]:
    """Take one step with all nominations of the paper for which it is open to this person, or with none.

    `version` is the `Submission.whole_version` that was seen. Raises Refused as `move` does.
    """
    submission = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    chosen = open_in(submission, name, by)
    if submission.whole_version != version:  # read after the rows: who writes in one from here on is met by its own
        raise Refused([_("Tờ trình vừa được người khác thay đổi. Hãy xem lại bản mới nhất rồi thực hiện.")])
    if not chosen:
        raise Refused([_("Không còn đề nghị nào để thực hiện; có thể người khác vừa làm.")])
    return move(name, chosen, by=by, note=note, versions={n.pk: n.version for n in chosen}, say=say)


# --- verbs of the office that carry more than a note ---


@transaction.atomic
def ask_more(
    nomination: Nomination, *, fields: list[str], text: str, due_at: datetime, by: User, version: int
) -> Nomination:
    """Open the named parts again until a moment; the nomination stays on the office's desk."""
    nomination = Nomination.objects.for_checks().get(pk=nomination.pk)
    if nomination.state == Nomination.State.SUBMITTED:  # asking takes it up, as judging does
        [nomination] = move("take_up", [nomination], by=by, versions={nomination.pk: version})
        version = nomination.version
    parts = [name for name in fields if name in checks.askable(nomination)]
    if not parts:
        raise Refused([_("Hãy chọn ít nhất một phần cần bổ sung.")])
    if due_at <= timezone.now():
        raise Refused([_("Hạn bổ sung phải ở trong tương lai.")])
    if not NOMINATION["ask_more"].allowed_to(by, nomination):
        raise PermissionDenied
    MoreRequest.objects.create(nomination=nomination, fields=parts, text=text, due_at=due_at, by=by)
    return move("ask_more", [nomination], by=by, note=text, versions={nomination.pk: version})[0]


@transaction.atomic
def set_aside(nomination: Nomination, *, condition: str, reason: str, by: User, version: int) -> None:
    """Let the nomination go on in spite of a blocking finding, with the reason."""
    nomination = Nomination.objects.select_for_update(of=("self",)).get(pk=nomination.pk)
    if not may_set_aside(by, nomination):
        raise PermissionDenied
    if why := objection_to(by, nomination):
        raise Refused([_("Đồng chí không thẩm định hồ sơ này: %s.") % why])
    if nomination.version != version:
        raise Refused([overtaken(nomination, version, by)])
    if not reason.strip():
        raise Refused([_("Hãy ghi lý do.")])
    blocking = {f.condition: f for f in checks.check_nominations([nomination])[nomination.pk].blocking}
    if condition not in blocking:
        raise Refused([_("Điểm này không còn chặn đề nghị.")])
    nomination.overrides.create(condition=condition, reason=reason.strip()[:500], by=by)
    found = blocking[condition]
    record(nomination, "set_aside", by=by, note=reason.strip(), changes={found.says: [found.words, ""]})
