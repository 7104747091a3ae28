"""The table of a nomination's steps, from its unit to the office and back, and what each does to the row.

A paper (tờ trình) has no state of its own: each nomination in it has one, and a desk. It climbs from desk to desk
along the hierarchy until the unit that an emulation office serves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from awards.law import standards
from awards.models import Assignment, Nomination, NominationVersion, Sitting
from awards.nominations import content
from awards.nominations.checking import checks
from awards.nominations.desks import desk_above, has_office
from portal.days import local_day, today
from portal.flow import Flow, Step
from units.access import for_the_head
from units.access.holders import holding
from units.models import Unit, User

N = Nomination.State


def _send(nomination: Nomination, to: Unit) -> None:
    """Lay the paper on that desk; once an office receives it, the edition of that day judges it."""
    nomination.desk, nomination.sent_at, nomination.taken_up_by = to, timezone.now(), None
    for_the_head.clear(nomination)
    if has_office(to):
        nomination.received_at = nomination.sent_at
        if nomination.round:  # it comes back to whom it was with, unless they have left since
            here = holding("review").filter(unit=to)
            nomination.assignments.exclude(reviewer__in=here.values("user")).delete()
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


def _drop_draft(nomination: Nomination) -> None:
    """What was found before is not the result any more."""
    nomination.draft_result, nomination.draft_result_note, nomination.draft_result_by = "", "", None


def _return(nomination: Nomination, by: User, note: str) -> None:
    if _received(nomination) and not nomination.assignments.update(done_at=None):
        Assignment.objects.create(nomination=nomination, reviewer=by, by=by)
    _home(nomination, by, note)
    nomination.taken_up_by = by
    _drop_draft(nomination)


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
    nomination.released_at = None
    _drop_draft(nomination)


def _voted(passed: bool) -> Callable[[Nomination], bool]:
    """Whether the last sitting that counted votes on it let it pass, or did not."""

    def found(nomination: Nomination) -> bool:
        counted = nomination.agenda.filter(sitting__state=Sitting.State.CLOSED).order_by("pk").last()
        return counted is not None and counted.passed is passed

    return found


def _decide_here(nomination: Nomination, by: User, note: str) -> None:
    """The head of the unit where it lies decides; judged by the edition of the day."""
    nomination.edition = nomination.edition or standards.in_force(today()).code
    if not nomination.round:
        _keep_version(nomination, by)


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
            open_if=lambda n: n.draft_result == Nomination.Result.FIT,
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
            open_if=lambda n: n.draft_result == Nomination.Result.UNFIT,
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
        Step(
            "vote_through",
            _("Hội đồng thông qua"),
            (N.PASSED,),
            N.VOTED,
            "sit_in_council",
            at="desk",
            open_if=_voted(True),
        ),
        Step(
            "vote_down",
            _("Hội đồng không thông qua"),
            (N.PASSED,),
            N.VOTED_DOWN,
            "sit_in_council",
            at="desk",
            needs_note=True,
            open_if=_voted(False),
        ),
        *for_the_head.head_steps(
            (N.DRAFT, N.RETURNED, N.MORE, N.SUBMITTED),
            signs="send_nominations",
            at="held_at",
            open_if=lambda n: n.state != N.SUBMITTED or _on_the_way(n),
        ),
    ),
    on_move=for_the_head.clear,
)

# taken with a decision alone (awards.decisions), never from the page of a nomination
BY_DECISION = Flow(
    (
        Step(
            "decide",
            _("Ghi quyết định khen thưởng"),
            (N.VOTED, N.FIT),
            N.AWARDED,
            "issue_decisions",
            at="desk",
            open_if=lambda n: n.state == N.VOTED or n.submission.fast,
        ),
        Step(
            "decide_here",
            _("Ghi quyết định khen thưởng"),
            (N.DRAFT, N.RETURNED, N.SUBMITTED),
            N.AWARDED,
            "issue_decisions",
            at="desk",
            objections=checks.objections,
            effect=_decide_here,
            open_if=_on_the_way,
        ),
    ),
    on_move=for_the_head.clear,
)
