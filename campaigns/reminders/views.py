"""What was sent to whom, what would go out, and a person's deadlines as a calendar."""

from itertools import groupby

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.models import Obligation, Plan
from campaigns.reminders import calendars, feeds
from campaigns.reminders import services as reminders
from campaigns.reminders.forms import SentFilter
from portal.days import distance, due_tone, local_day
from portal.models import Notice
from portal.models.notices import MailState
from portal.notices.services import send_again
from portal.scope import inside
from portal.text import fold
from portal.web.paging import numbered
from portal.web.parameters import without
from units.models import Membership
from units.models.units import valid_on

PAGE = 50
TONES = {
    MailState.NONE: "neutral",
    MailState.PENDING: "waiting",
    MailState.SENT: "approved",
    MailState.FAILED: "late",
}


def _paths(user):
    """Below which units this person sees who was told what."""
    if not user.may_anywhere("read_reminders"):
        raise Http404
    return user.paths_where("read_reminders")


def _keys(prefix, rows):
    """The subject keys of these rows, as a subquery."""
    return rows.order_by().values_list(Concat(Value(f"{prefix}:"), Cast("pk", CharField())))


def _notices_for(user):
    """Reminders follow the unit that owes; other notices follow a reader all of whose roles lie in what one reads."""
    paths = _paths(user)
    owed = _keys("obligation", Obligation.objects.filter(inside(paths, "unit__path")))
    roles = Membership.objects.filter(valid_on(timezone.localdate()), user=OuterRef("recipient"))
    below = Exists(roles.filter(inside(paths, "unit__path"))) & ~Exists(roles.exclude(inside(paths, "unit__path")))
    return Notice.objects.filter(
        Q(kind="reminder", subject_key__in=owed) | (~Q(kind="reminder") & below)
    ).select_related("recipient__person")


def _filtered(notices, *, campaign=None, state="", q=""):
    if campaign:
        notices = notices.filter(
            Q(subject_key__in=_keys("obligation", Obligation.objects.filter(milestone__campaign=campaign)))
            | Q(subject_key__in=_keys("plan", Plan.objects.filter(campaign=campaign)))
            | Q(subject_key=f"campaign:{campaign.pk}")
        )
    if state:
        notices = notices.filter(mail_state=state)
    for word in fold(q).split():
        of_unit = _keys("obligation", Obligation.objects.filter(unit__search__contains=word))
        notices = notices.filter(Q(recipient__person__search__contains=word) | Q(subject_key__in=of_unit))
    return notices


@require_safe
def sent(request):
    notices = _notices_for(request.user)
    form = SentFilter(request.GET, user=request.user)
    page = numbered(request, _filtered(notices, **form.asked).order_by("-created_at", "-pk"), PAGE)
    query = without(request.GET, "page")
    return render(
        request,
        "campaigns/reminders/sent.html",
        {
            "page_obj": page,
            "rows": [(notice, TONES[notice.mail_state]) for notice in page],
            "query": query,
            "form": form,
            "failed": notices.filter(mail_state=MailState.FAILED).count(),
            "may_send": request.user.may_anywhere("send_again"),
            "attempts": settings.MAIL_ATTEMPTS,
        },
    )


@require_POST
def again(request, pk):
    """Try a letter that was given up once more."""
    if not request.user.may_anywhere("send_again"):
        raise Http404
    send_again(get_object_or_404(_notices_for(request.user), pk=pk, mail_state=MailState.FAILED))
    messages.success(request, _("Thư sẽ được gửi lại trong ít phút."))
    return redirect(reverse("reminders_sent") + "?state=failed")


@require_safe
def planned(request):
    now = timezone.now()
    mine = Obligation.objects.filter(inside(_paths(request.user), "unit__path"))
    groups = reminders.planned(mine, now)
    days = [(day, list(found)) for day, found in groupby(groups, key=lambda p: local_day(p.moment))]
    unheard = {unit.pk: unit for group in groups for unit in group.unheard}
    return render(
        request,
        "campaigns/reminders/planned.html",
        {
            "days": days,
            "letters": sum(group.people for group in groups),
            "unheard": list(unheard.values()),
            "may_mend": request.user.may_anywhere("keep_accounts"),
        },
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_page(request):
    """The person's deadlines; the address of the calendar is shown in the answer that made it, and never again."""
    address = ""
    if request.method == "POST":
        if request.POST.get("action") == "renew" and calendars.has_calendar(request.user):
            token = calendars.renew(request.user)
            address = settings.BASE_URL + reverse("calendar_feed", args=[token])
        elif request.POST.get("action") == "off":
            calendars.switch_off(request.user)
            messages.success(request, _("Đã tắt địa chỉ lịch."))
            return redirect("calendar_page")
    now = timezone.now()
    rows = [
        {"deadline": d, "words": distance(d.due_at, now), "tone": due_tone(d.due_at, now)}
        for d in calendars.deadlines(request.user)
    ]
    return render(
        request,
        "campaigns/reminders/calendar.html",
        {
            "rows": rows,
            "address": address,
            "has_calendar": calendars.has_calendar(request.user),
        },
    )


@login_not_required
@require_safe
def calendar_feed(request, token):
    """The calendar at its secret address; whoever holds the address reads it, and nobody else knows that it exists."""
    user = calendars.owner(token)
    if user is None:
        raise Http404
    feed = feeds.feed(user)
    whole = HttpResponse(
        feed.content,
        content_type="text/calendar; charset=utf-8",
        headers={
            "Cache-Control": "private, no-cache",  # kept by the subscriber alone, who asks each time whether it holds
            "Content-Disposition": 'inline; filename="han.ics"',
            "X-Robots-Tag": "noindex",
            "ETag": feed.etag,
            "Last-Modified": http_date(feed.changed_at.timestamp()),
        },
    )
    return get_conditional_response(
        request, etag=feed.etag, last_modified=int(feed.changed_at.timestamp()), response=whole
    )
