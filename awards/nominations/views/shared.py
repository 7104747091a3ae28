"""What the pages of papers have in common: the gates, the words of what was done, one page of a long list."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from awards.models import Nomination, Submission
from awards.nominations import desks, flow, permissions
from awards.nominations.queries import with_own_unit
from portal.text import grouped
from portal.web.requests import Request


def get_submission(request: Request, pk: int) -> Submission:
    """The paper, if the person may see it."""
    papers = Submission.objects.visible_to(request.user).select_related("unit", "campaign")
    return get_object_or_404(papers, pk=pk)


def get_drafted(request: Request, pk: int) -> Submission:
    """The paper, for who writes in it."""
    submission = get_submission(request, pk)
    if not permissions.may_draft(request.user, submission):
        raise PermissionDenied
    return submission


def get_nomination(request: Request, pk: int) -> Nomination:
    """The nomination, if the person may see it."""
    found = Nomination.objects.visible_to(request.user).for_page("unit__parent", "submission__campaign")
    return with_own_unit(get_object_or_404(found, pk=pk))


MESSAGES: dict[str, Callable[[list[Nomination]], str]] = {
    "submit": lambda moved: (
        _("Đã gửi %(count)s đề nghị tới %(desk)s. Đơn vị sẽ được báo khi có kết quả.")
        % {"count": grouped(len(moved)), "desk": moved[0].desk.label}
    ),
    "resubmit": lambda moved: _("Đã gửi lại (lần %s).") % moved[0].round,
    "withdraw": lambda moved: _("Đã rút lại; đề nghị trở về bản nháp."),
    "drop": lambda moved: _("Đã bỏ khỏi tờ trình; có thể đưa lại bất cứ lúc nào."),
    "restore": lambda moved: _("Đã đưa lại vào tờ trình."),
    "accept": lambda moved: _("Đã nhận xem xét; đơn vị không rút lại được nữa."),
    "forward": lambda moved: (
        _("Đã chuyển %(count)s đề nghị lên %(desk)s.") % {"count": grouped(len(moved)), "desk": moved[0].desk.label}
    ),
    "return": lambda moved: (
        _("Đã trả lại %(count)s đề nghị cho %(unit)s.") % {"count": grouped(len(moved)), "unit": moved[0].unit.label}
    ),
    "answer": lambda moved: _("Đã gửi phần bổ sung."),
    "put_to_head": lambda moved: _("Đã trình thủ trưởng %s đề nghị.") % grouped(len(moved)),
    "hand_back": lambda moved: _("Đã chuyển lại cán bộ kèm ý kiến."),
    "take_back": lambda moved: _("Đã lấy lại từ thủ trưởng."),
}


def done(name: str, moved: list[Nomination]) -> str:
    """What has just happened, in words; a deadline that had passed is said with it."""
    words = MESSAGES[name](moved) if name in MESSAGES else _("Đã thực hiện: %s.") % flow.NOMINATION[name].label
    late = desks.sent_late(moved) if name in ("submit", "resubmit", "answer") else None
    return f"{words} {late}" if late else words
