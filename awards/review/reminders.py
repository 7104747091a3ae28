"""Who is reminded of requests for more, and which reviewers of what waits for them: pulled, so nothing is queued up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from awards.models import Assignment, MoreRequest, Nomination
from awards.review import deadlines
from awards.review import services as review
from campaigns.reminders.services import LAST_WARNING, moments
from portal.days import at_hour, distance, is_working_day, local_day
from portal.models import Notice
from portal.notices.services import Telling, notify_many
from portal.text import grouped
from units.access.holders import people_by_unit
from units.models import User

OFFSETS = (-3, -1, 0, 1, 3)  # days from the moment by which more was asked for


@transaction.atomic
def remind(now: datetime | None = None) -> int:
    """Tell units of requests that are due, and reviewers once a working day of what waits; return how many are new."""
    now = now or timezone.now()
    return notify_many([*_requests(now), *_reviewers(now)], now=now)


def _requests(now: datetime) -> Iterator[Telling]:
    """The newest moment that has passed since the request was made; those that were missed are dropped."""
    waiting = MoreRequest.objects.filter(answered_at=None, nomination__state=Nomination.State.MORE).select_related(
        "nomination__unit", "nomination__person", "nomination__collective", "nomination__whole_unit"
    )
    requests = list(waiting)
    people = people_by_unit((r.nomination.unit_id for r in requests), "draft_nominations", local_day(now))
    for request in requests:
        passed = [(o, m) for o, m in moments(request.due_at, OFFSETS) if request.at < m <= now]
        if passed:
            offset, moment = passed[-1]
            yield Telling(
                people.get(request.nomination.unit_id, []),
                key=f"more:{request.pk}:{moment:%Y-%m-%d}",
                kind="more_reminder",
                words=_request_words(request, now),
                url=request.nomination.get_absolute_url(),
                subject_key=f"request:{request.pk}",
                urgent=offset >= LAST_WARNING,
            )


def _request_words(request: MoreRequest, now: datetime) -> Callable[[], tuple[str, str]]:
    def words() -> tuple[str, str]:
        said = {
            "name": request.nomination.subject_name,
            "left": distance(request.due_at, now),
            "due": timezone.localtime(request.due_at).strftime("%d/%m/%Y %H:%M"),
            "text": request.text,
        }
        return (
            _("Bổ sung hồ sơ của %(name)s: %(left)s") % said,
            _("Cơ quan thi đua yêu cầu bổ sung trước %(due)s (%(left)s).\nNội dung: %(text)s") % said,
        )

    return words


def _reviewers(now: datetime) -> Iterator[Telling]:
    """What each reviewer has not finished, with the oldest; once a working day, as it stood at the reminder hour."""
    day = local_day(now)
    if not is_working_day(day) or now < at_hour(day, settings.REMINDER_HOUR):
        return
    waiting = Assignment.objects.filter(done_at=None, nomination__state__in=review.WAITING)
    rows = waiting.values("reviewer").annotate(count=Count("pk"), oldest=Min("nomination__received_at")).order_by()
    found = {row["reviewer"]: row for row in rows}
    late: dict[int, int] = defaultdict(int)
    for assignment in waiting.select_related("nomination__submission"):
        due = deadlines.due_at(assignment.nomination)
        late[assignment.reviewer_id] += bool(due and due < now)
    for reviewer in User.objects.filter(pk__in=found, is_active=True).select_related("person"):
        row = found[reviewer.pk]
        yield Telling(
            [reviewer],
            key=f"review-day:{day.isoformat()}",
            kind="review_digest",
            words=_reviewer_words(row["count"], late[reviewer.pk], row["oldest"], now),
            url=reverse("review_list") + "?who=mine",
        )


def _reviewer_words(count: int, late: int, oldest: datetime | None, now: datetime) -> Callable[[], tuple[str, str]]:
    def words() -> tuple[str, str]:
        said = {"count": grouped(count), "late": grouped(late), "days": (now - oldest).days if oldest else 0}
        return (
            ngettext("%(count)s hồ sơ chờ đồng chí thẩm định", "%(count)s hồ sơ chờ đồng chí thẩm định", count) % said,
            _("Hồ sơ chờ lâu nhất: %(days)s ngày. Đã quá thời hạn xử lý: %(late)s.") % said,
        )

    return words


def still_waiting(notices: list[Notice]) -> set[int]:
    """Reminders of requests that nobody has answered yet."""
    asked = {n.pk: int(n.subject_key.partition(":")[2] or 0) for n in notices}
    waiting = set(MoreRequest.objects.filter(pk__in=asked.values(), answered_at=None).values_list("pk", flat=True))
    return {pk for pk, request in asked.items() if request in waiting}
