"""How a nomination moves from its unit to the office and back, and the verbs that write in a paper.

A paper (tờ trình) has no state of its own: each nomination in it has one, and a desk. It climbs from desk to desk
along the hierarchy until the unit that an emulation office serves. `NOMINATION.take()` is the door through which a
state changes; `move()` leads one or many through it, together or not at all, and tells those concerned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from awards.interests import Interests
from awards.law import standards
from awards.models import MoreRequest, Nomination, NominationVersion, Submission
from awards.nominations import checks, content
from awards.nominations.desks import desk_above, has_office, note_arrival
from awards.nominations.letters import names_of, notify
from awards.nominations.permissions import may_set_aside
from portal.days import local_day
from portal.flow import OVERTAKEN, Flow, Refused, Step
from portal.models.trail import record
from portal.web import seen
from units.models import Unit, User

N = Nomination.State
SAID_EVERY = 50  # nominations moved between two words on how far it is


# --- steps ---


def _send(nomination: Nomination, to: Unit) -> None:
    """Lay the paper on that desk; once an office receives it, the edition of that day judges it."""
    nomination.desk, nomination.sent_at, nomination.taken_up_by = to, timezone.now(), None
    if has_office(to):
        nomination.received_at = nomination.sent_at
        nomination.edition = standards.in_force(local_day(nomination.received_at)).code


def _keep_version(nomination: Nomination, by: User) -> None:
    nomination.round += 1
    nomination.refresh_search()
    NominationVersion.objects.create(
        nomination=nomination, number=nomination.round, content=content.snapshot(nomination), by=by
    )


def _submit(nomination: Nomination, by: User, note: str) -> None:
    _send(nomination, desk_above(nomination.unit))
    _keep_version(nomination, by)


def _home(nomination: Nomination, by: User, note: str) -> None:
    """Back on the desk of the unit that bore it."""
    nomination.desk, nomination.sent_at, nomination.received_at, nomination.edition = nomination.unit, None, None, ""


def _withdraw(nomination: Nomination, by: User, note: str) -> None:
    _home(nomination, by, note)


def _return(nomination: Nomination, by: User, note: str) -> None:
    _home(nomination, by, note)
    nomination.taken_up_by, nomination.pencil, nomination.pencil_note, nomination.pencil_by = by, "", "", None


def _take_up(nomination: Nomination, by: User, note: str) -> None:
    nomination.taken_up_by = by


def _forward(nomination: Nomination, by: User, note: str) -> None:
    _send(nomination, desk_above(nomination.desk))


def _answer(nomination: Nomination, by: User, note: str) -> None:
    _keep_version(nomination, by)
    nomination.requests.filter(answered_at=None).update(answered_at=timezone.now())


def _release(nomination: Nomination, by: User, note: str) -> None:
    nomination.released_at = timezone.now()


def _reopen(nomination: Nomination, by: User, note: str) -> None:
    nomination.released_at, nomination.pencil, nomination.pencil_note, nomination.pencil_by = None, "", "", None


def _same_again(nomination: Nomination) -> Iterator[Any]:
    same = nomination.submission.nominations.filter(
        award=nomination.award,
        person=nomination.person_id,
        collective=nomination.collective_id,
        whole_unit=nomination.whole_unit_id,
    )
    if same.exclude(pk=nomination.pk).exclude(state=N.WITHDRAWN).exists():
        yield _("Tờ trình đã có một đề nghị khác cho đối tượng này với cùng hình thức.")


def _named_request(nomination: Nomination) -> Iterator[Any]:
    if not nomination.requests.filter(answered_at=None).exists():
        yield _("Hãy nêu phần cần bổ sung và hạn bổ sung.")


def _on_the_way(nomination: Nomination) -> bool:
    """Whether it lies with a superior unit and has not reached the office yet."""
    return nomination.received_at is None


def _received(nomination: Nomination) -> bool:
    return nomination.received_at is not None


def _untouched(nomination: Nomination) -> bool:
    """Whether nobody above has taken it up or sent it on."""
    return nomination.taken_up_by_id is None and nomination.desk_id in (nomination.unit_id, nomination.unit.parent_id)


NOMINATION = Flow(
    (
        Step(
            "submit",
            _("Gửi đề nghị"),
            (N.DRAFT,),
            N.SUBMITTED,
            "send_nominations",
            objections=checks.objections,
            effect=_submit,
        ),
        Step(
            "resubmit",
            _("Gửi lại"),
            (N.RETURNED,),
            N.SUBMITTED,
            "send_nominations",
            objections=checks.objections,
            effect=_submit,
        ),
        Step(
            "withdraw",
            _("Rút lại để sửa"),
            (N.SUBMITTED,),
            N.DRAFT,
            "send_nominations",
            effect=_withdraw,
            tone="secondary",
            open_if=_untouched,
        ),
        Step(
            "drop",
            _("Bỏ khỏi tờ trình"),
            (N.DRAFT, N.RETURNED),
            N.WITHDRAWN,
            "draft_nominations",
            tone="danger",
        ),
        Step(
            "restore",
            _("Đưa lại vào tờ trình"),
            (N.WITHDRAWN,),
            N.DRAFT,
            "draft_nominations",
            objections=_same_again,
            tone="secondary",
        ),
        Step(
            "accept",
            _("Nhận xem xét"),
            (N.SUBMITTED,),
            N.SUBMITTED,
            "accept_nominations",
            at="desk",
            effect=_take_up,
            tone="secondary",
            open_if=lambda n: _on_the_way(n) and n.taken_up_by_id is None,
        ),
        Step(
            "forward",
            _("Chuyển lên cấp trên"),
            (N.SUBMITTED,),
            N.SUBMITTED,
            "forward_nominations",
            at="desk",
            objections=checks.objections,
            effect=_forward,
            open_if=_on_the_way,
        ),
        Step(
            "return",
            _("Trả lại"),
            (N.SUBMITTED, N.REVIEW),
            N.RETURNED,
            "return_nominations",
            at="desk",
            effect=_return,
            needs_note=True,
            tone="warning",
        ),
        Step(
            "take_up",
            _("Nhận thẩm định"),
            (N.SUBMITTED,),
            N.REVIEW,
            "review",
            at="desk",
            effect=_take_up,
            open_if=_received,
        ),
        Step(
            "ask_more",
            _("Yêu cầu bổ sung"),
            (N.REVIEW,),
            N.MORE,
            "review",
            at="desk",
            objections=_named_request,
            needs_note=True,
            tone="warning",
        ),
        Step(
            "answer",
            _("Gửi phần bổ sung"),
            (N.MORE,),
            N.REVIEW,
            "send_nominations",
            objections=checks.unanswered,
            effect=_answer,
        ),
        Step(
            "release_fit",
            _("Công bố: đủ điều kiện"),
            (N.REVIEW,),
            N.FIT,
            "review",
            at="desk",
            objections=checks.objections,
            effect=_release,
            tone="success",
            open_if=lambda n: n.pencil == Nomination.Result.FIT,
        ),
        Step(
            "release_unfit",
            _("Công bố: không đủ điều kiện"),
            (N.REVIEW,),
            N.UNFIT,
            "review",
            at="desk",
            effect=_release,
            needs_note=True,
            tone="danger",
            open_if=lambda n: n.pencil == Nomination.Result.UNFIT,
        ),
        Step(
            "reopen",
            _("Mở lại để thẩm định"),
            (N.FIT, N.UNFIT),
            N.REVIEW,
            "review",
            at="desk",
            effect=_reopen,
            needs_note=True,
            tone="secondary",
        ),
        Step(
            "pass_up",
            _("Trình Hội đồng"),
            (N.FIT,),
            N.PASSED,
            "review",
            at="desk",
        ),
    )
)
JUDGING = ("take_up", "return", "ask_more", "reopen", "pass_up")  # at the office: not by who has a conflict of interest
CHECKED = {step.name for step in NOMINATION.steps if step.objections is checks.objections}


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
    interests = Interests.of([by]) if name in JUDGING else None
    refusals: dict[str, list[Nomination]] = {}
    moved = []
    for done, nomination in enumerate(chosen):
        if done and not done % SAID_EVERY:
            say(done, len(chosen))
        try:
            if interests and _received(nomination) and (why := interests.between(by.pk, nomination)):
                raise Refused([_("Đồng chí không thẩm định hồ sơ này: %s.") % why])
            moved.append(
                NOMINATION.take(
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
        notify(name, submission, [n for n in moved if n.submission_id == submission.pk], note)
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
    if nomination.version != version:
        raise Refused([OVERTAKEN])
    if not reason.strip():
        raise Refused([_("Hãy ghi lý do.")])
    blocking = {f.condition: f for f in checks.of([nomination])[nomination.pk].blocking}
    if condition not in blocking:
        raise Refused([_("Điểm này không còn chặn đề nghị.")])
    nomination.overrides.create(condition=condition, reason=reason.strip()[:500], by=by)
    found = blocking[condition]
    record(nomination, "set_aside", by=by, note=reason.strip(), changes={found.says: [found.words, ""]})
