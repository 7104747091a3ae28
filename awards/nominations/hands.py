"""What waits for heads and officers around nominations and initiatives: rows of their first page."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, F, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from awards.models import Initiative, Nomination
from awards.models.ledger import award_label
from awards.review.opinions import opinions_for
from portal.text import grouped
from portal.web.work import Work
from units.models import User
from units.models.accounts import name_columns
from units.models.units import label_columns

N = Nomination.State
MOST = 12  # rows of each kind; the whole list is one click away
BUTTONS = {
    N.RETURNED: gettext_lazy("Xem và sửa"),
    N.MORE: gettext_lazy("Bổ sung"),
    N.SUBMITTED: gettext_lazy("Xem xét"),
}


def in_our_hands(user: User) -> list[Work]:
    """What was returned, asked for, put before the head, lies on the desk, is asked about."""
    return [*_before_head(user), *_nominations(user), *_opinions(user), *_initiatives(user)]


def _before_head(user: User) -> Iterator[Work]:
    """One row for each paper of which an officer has put something before this head."""
    units = user.units_where("send_nominations")
    if not units:
        return
    home = Q(unit__in=units, state__in=(N.DRAFT, N.RETURNED, N.MORE))
    below = Q(desk__in=units, state=N.SUBMITTED)
    put = Nomination.objects.filter(home | below, before_head_at__isnull=False).order_by()
    papers = put.values("submission", "submission__title", "submission__unit__short_name")
    for row in papers.annotate(n=Count("pk"), since=Min("before_head_at")).order_by("since")[:MOST]:
        count = ngettext("%s đề nghị", "%s đề nghị", row["n"]) % grouped(row["n"])
        yield Work(
            title=row["submission__title"],
            url=reverse("submission", args=[row["submission"]]),
            button=_("Xem và gửi"),
            place=row["submission__unit__short_name"],
            note=_("%(count)s trình thủ trưởng") % {"count": grouped(count)},
            since=row["since"],
        )


def _nominations(user: User) -> Iterator[Work]:
    """One by one, for each has its own reason; what lies before the head is the head's."""
    units = user.units_where("draft_nominations")
    ours = Q(unit__in=units, state__in=(N.RETURNED, N.MORE))
    below = Q(desk__in=units, state=N.SUBMITTED, received_at=None)
    rows = Nomination.objects.filter(ours | below, before_head_at=None).for_lines("sent_at").with_request_due()
    for n in rows.order_by(F("due").asc(nulls_last=True), "pk")[:MOST]:
        yield Work(
            title=n.subject_name,
            url=n.get_absolute_url(),
            button=str(BUTTONS[N(n.state)]),
            place=f"{award_label(n.award)} · {n.unit.label}",
            note=n.get_state_display(),
            due=n.due,
            since=n.sent_at,
        )


def _opinions(user: User) -> Iterator[Work]:
    subjects = ("person__full_name", "collective__name", "whole_unit__name_vi", "whole_unit__name_en")
    shown = ("due_at", "asked_at", *label_columns("unit"), *(f"nomination__{name}" for name in subjects))
    related = {name.rpartition("__")[0] for name in shown if "__" in name}
    for asked in opinions_for(user).filter(answered_at=None).select_related(*related).only(*shown)[:MOST]:
        yield Work(
            title=_("Cho ý kiến: %s") % asked.nomination.subject_name,
            url=reverse("opinion", args=[asked.pk]),
            button=_("Cho ý kiến"),
            place=asked.unit.label,
            due=asked.due_at,
            since=asked.asked_at,
        )


def _initiatives(user: User) -> Iterator[Work]:
    units = user.units_where("recognise_unit_initiatives")
    if not units:
        return
    put = Initiative.objects.filter(unit__in=units, before_head_at__isnull=False)
    shown = ("title", "before_head_at", *label_columns("unit"), *name_columns("before_head_by"))
    rows = put.select_related("unit", "before_head_by__person").only(*shown)
    for idea in rows.order_by("before_head_at")[:MOST]:
        yield Work(
            title=idea.title,
            url=idea.get_absolute_url(),
            button=_("Xem xét"),
            place=f"{_('Sáng kiến')} · {idea.unit.label}",
            note=_("%(officer)s trình thủ trưởng") % {"officer": idea.before_head_by},
            since=idea.before_head_at,
        )
