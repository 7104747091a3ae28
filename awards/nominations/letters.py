"""Whom a step of a nomination concerns, and in which words they are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from awards.models import Assignment, Nomination, Submission
from awards.nominations.permissions import open_request
from portal.notices.services import notify, told
from portal.text import grouped
from units.access.holders import people_at
from units.models import User

RESULTS = ("nom_release_fit", "nom_release_unfit")  # the letters that tell a unit how it ended
NAMES = 5  # of subjects in a notice; the rest stands on the portal


def notify_step(name: str, submission: Submission, moved: list[Nomination], note: str) -> None:
    """One notice for each paper and step; its key names the first nomination and its version, so it is told once."""
    if name not in NOTICES:
        return
    first = moved[0]
    whom, words, urgent = NOTICES[name]
    notify(
        whom(moved),
        key=f"nomination-{name}:{first.pk}:{first.version}",
        kind=f"nom_{name}",
        subject_key=f"submission:{submission.pk}",
        url=first.get_absolute_url() if len(moved) == 1 else submission.get_absolute_url(),
        urgent=urgent,
        words=lambda: words(submission, moved, note),
    )


def _desk_people(moved: list[Nomination]) -> list[User]:
    """Those who reviewed them before, if all had somebody; else all who work at the desk."""
    if not moved[0].received_at:
        return people_at(moved[0].desk, "accept_nominations")
    given = Assignment.objects.filter(nomination__in=moved, done_at=None).select_related("reviewer__person")
    if len({a.nomination_id for a in given}) == len(moved):
        return list({a.reviewer_id: a.reviewer for a in given}.values())
    return people_at(moved[0].desk, "review")


def _told_of_sending(moved: list[Nomination]) -> list[User]:
    return told(f"submission:{moved[0].submission_id}", "nom_submit", "nom_resubmit", "nom_forward")


def _told_to_sign(moved: list[Nomination]) -> list[User]:
    return told(f"submission:{moved[0].submission_id}", "nom_put_to_head")


def _unit_people(moved: list[Nomination]) -> list[User]:
    return people_at(moved[0].unit, "draft_nominations")


def _reviewers(moved: list[Nomination]) -> list[User]:
    """Those who review these, or the whole office where nobody does yet."""
    given = Assignment.objects.filter(nomination__in=moved, done_at=None).select_related("reviewer__person")
    people = {a.reviewer_id: a.reviewer for a in given} | {
        n.taken_up_by.pk: n.taken_up_by for n in moved if n.taken_up_by
    }
    return list(people.values()) or people_at(moved[0].desk, "review")


def _told_the_result(moved: list[Nomination]) -> list[User]:
    """The people of the unit, and whoever had the letter with the result and has an account still."""
    had = told(f"submission:{moved[0].submission_id}", *RESULTS)
    return list({user.pk: user for user in (*_unit_people(moved), *had)}.values())


def names_of(nominations: list[Nomination]) -> str:
    """The first subjects by name, and how many more there are."""
    shown = ", ".join(n.subject_name for n in nominations[:NAMES])
    rest = len(nominations) - NAMES
    if rest <= 0:
        return shown
    more = ngettext("%(names)s và %(rest)s đề nghị nữa", "%(names)s và %(rest)s đề nghị nữa", rest)
    return more % {"names": shown, "rest": grouped(rest)}


def _said(submission: Submission, moved: list[Nomination], note: str) -> dict[str, Any]:
    return {
        "unit": submission.unit.name,
        "short": submission.unit.label,
        "title": submission.title,
        "count": len(moved),
        "names": names_of(moved),
        "note": note,
    }


def _sent_words(submission: Submission, moved: list[Nomination], note: str) -> tuple[str, str]:
    said = _said(submission, moved, note)
    return (
        ngettext(
            "%(short)s gửi %(count)s đề nghị khen thưởng", "%(short)s gửi %(count)s đề nghị khen thưởng", len(moved)
        )
        % said,
        gettext("Tờ trình «%(title)s» của %(unit)s: %(names)s. Hồ sơ đang ở bàn của đơn vị đồng chí.") % said,
    )


def _withdrawn_words(submission: Submission, moved: list[Nomination], note: str) -> tuple[str, str]:
    said = _said(submission, moved, note)
    return (
        ngettext(
            "%(short)s rút lại %(count)s đề nghị khen thưởng",
            "%(short)s rút lại %(count)s đề nghị khen thưởng",
            len(moved),
        )
        % said,
        gettext("Rút lại để sửa: %(names)s. Đơn vị sẽ gửi lại.") % said,
    )


def _taken_back_words(submission: Submission, moved: list[Nomination], note: str) -> tuple[str, str]:
    said = _said(submission, moved, note)
    return (
        gettext("Cán bộ lấy lại để sửa: %(title)s") % said,
        gettext("Không còn chờ đồng chí: %(names)s.") % said,
    )


def _returned_words(submission: Submission, moved: list[Nomination], note: str) -> tuple[str, str]:
    said = _said(submission, moved, note)
    return (
        ngettext("%(count)s đề nghị được trả lại: %(title)s", "%(count)s đề nghị được trả lại: %(title)s", len(moved))
        % said,
        gettext("Trả lại để bổ sung: %(names)s.\nLý do: %(note)s") % said,
    )


def _asked_words(submission: Submission, moved: list[Nomination], note: str) -> tuple[str, str]:
    said = _said(submission, moved, note)
    request = open_request(moved[0])
    due = timezone.localtime(request.due_at).strftime("%d/%m/%Y %H:%M") if request else ""
    return (
        gettext("Cần bổ sung hồ sơ: %(names)s") % said,
        gettext("Cơ quan thi đua yêu cầu bổ sung hồ sơ của %(names)s trước %(due)s.\nNội dung: %(note)s")
        % {**said, "due": due},
    )


def _answered_words(submission: Submission, moved: list[Nomination], note: str) -> tuple[str, str]:
    said = _said(submission, moved, note)
    return (
        gettext("%(short)s đã bổ sung hồ sơ: %(names)s") % said,
        gettext("Đơn vị đã gửi phần bổ sung trong tờ trình «%(title)s».") % said,
    )


def _fit_words(submission: Submission, moved: list[Nomination], note: str) -> tuple[str, str]:
    said = _said(submission, moved, note)
    return (
        ngettext("%(count)s đề nghị đủ điều kiện: %(title)s", "%(count)s đề nghị đủ điều kiện: %(title)s", len(moved))
        % said,
        gettext("Kết quả thẩm định, đủ điều kiện: %(names)s.") % said,
    )


def _unfit_words(submission: Submission, moved: list[Nomination], note: str) -> tuple[str, str]:
    said = _said(submission, moved, note)
    return (
        ngettext(
            "%(count)s đề nghị không đủ điều kiện: %(title)s",
            "%(count)s đề nghị không đủ điều kiện: %(title)s",
            len(moved),
        )
        % said,
        gettext("Kết quả thẩm định, không đủ điều kiện: %(names)s.\nLý do: %(note)s") % said,
    )


def _reopened_words(submission: Submission, moved: list[Nomination], note: str) -> tuple[str, str]:
    said = _said(submission, moved, note)
    return (
        ngettext(
            "Kết quả thẩm định của %(count)s đề nghị được rút lại: %(title)s",
            "Kết quả thẩm định của %(count)s đề nghị được rút lại: %(title)s",
            len(moved),
        )
        % said,
        gettext("Kết quả đã công bố không còn giá trị, hồ sơ được mở lại để thẩm định: %(names)s.\nLý do: %(note)s")
        % said,
    )


def _passed_words(submission: Submission, moved: list[Nomination], note: str) -> tuple[str, str]:
    said = _said(submission, moved, note)
    return (
        ngettext(
            "%(count)s đề nghị được trình Hội đồng: %(title)s",
            "%(count)s đề nghị được trình Hội đồng: %(title)s",
            len(moved),
        )
        % said,
        gettext("Đã trình Hội đồng: %(names)s.") % said,
    )


def _voted_words(submission: Submission, moved: list[Nomination], note: str) -> tuple[str, str]:
    said = _said(submission, moved, note)
    return (
        ngettext(
            "%(count)s đề nghị được Hội đồng thông qua: %(title)s",
            "%(count)s đề nghị được Hội đồng thông qua: %(title)s",
            len(moved),
        )
        % said,
        gettext("Hội đồng thông qua: %(names)s.") % said,
    )


def _voted_down_words(submission: Submission, moved: list[Nomination], note: str) -> tuple[str, str]:
    said = _said(submission, moved, note)
    return (
        ngettext(
            "%(count)s đề nghị không được Hội đồng thông qua: %(title)s",
            "%(count)s đề nghị không được Hội đồng thông qua: %(title)s",
            len(moved),
        )
        % said,
        gettext("Hội đồng không thông qua: %(names)s.\nKết quả: %(note)s") % said,
    )


def _heads(moved: list[Nomination]) -> list[User]:
    return people_at(moved[0].held_at, "send_nominations")


def _officers(moved: list[Nomination]) -> list[User]:
    return people_at(moved[0].held_at, "put_to_head")


def _before_head_words(submission: Submission, moved: list[Nomination], note: str) -> tuple[str, str]:
    said = _said(submission, moved, note) | {"officer": moved[0].before_head_by}
    return (
        gettext("Chờ đồng chí xem và gửi: %(title)s") % said,
        gettext("%(officer)s trình: %(names)s. Đồng chí có thể gửi đi, hoặc chuyển lại cán bộ kèm ý kiến.") % said,
    )


def _handed_back_words(submission: Submission, moved: list[Nomination], note: str) -> tuple[str, str]:
    said = _said(submission, moved, note)
    return (
        gettext("Thủ trưởng chuyển lại: %(title)s") % said,
        gettext("Chuyển lại để sửa: %(names)s.\nÝ kiến: %(note)s") % said,
    )


Letter = tuple[Callable[[list[Nomination]], list[User]], Callable[..., tuple[str, str]], bool]
NOTICES: dict[str, Letter] = {
    "put_to_head": (_heads, _before_head_words, False),
    "hand_back": (_officers, _handed_back_words, True),
    "submit": (_desk_people, _sent_words, False),
    "resubmit": (_desk_people, _sent_words, False),
    "forward": (_desk_people, _sent_words, False),
    "withdraw": (_told_of_sending, _withdrawn_words, False),
    "take_back": (_told_to_sign, _taken_back_words, False),
    "return": (_unit_people, _returned_words, True),
    "ask_more": (_unit_people, _asked_words, True),
    "answer": (_reviewers, _answered_words, False),
    "release_fit": (_unit_people, _fit_words, False),
    "release_unfit": (_unit_people, _unfit_words, True),
    "reopen": (_told_the_result, _reopened_words, True),
    "pass_up": (_unit_people, _passed_words, False),
    "vote_through": (_unit_people, _voted_words, False),
    "vote_down": (_unit_people, _voted_down_words, True),
}
