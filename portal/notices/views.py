"""What a person was told, how they wish to be told, and the letters of the embedded default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.db.models import Case, QuerySet, Value, When
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from portal.access import keeps_the_portal
from portal.models import OutboxMail
from portal.notices.forms import PreferencesForm
from portal.notices.masking import masked
from portal.web.paging import numbered

if TYPE_CHECKING:
    from portal.web.requests import Request
    from units.models import User

PAGE = 25


@require_safe
def notices(request: Request) -> HttpResponse:
    mine = request.user.notices.annotate(seen=Case(When(read_at=None, then=Value(0)), default=Value(1)))
    page = numbered(request, mine.order_by("seen", "-created_at", "-pk"), PAGE)
    return render(
        request, "portal/notices/list.html", {"page_obj": page, "unread": request.user.notices.unread().exists()}
    )


@require_GET
def notice_open(request: Request, pk: int) -> HttpResponse:
    """Show what the notice is about; from now on it counts as read."""
    notice = get_object_or_404(request.user.notices, pk=pk)
    request.user.notices.filter(pk=pk, read_at=None).update(read_at=timezone.now())
    local = notice.url.startswith("/") and url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None)
    return redirect(notice.url if local else "notices")


@require_POST
def notices_read(request: Request) -> HttpResponse:
    request.user.notices.unread().update(read_at=timezone.now())
    return redirect("notices")


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: Request) -> HttpResponse:
    user = get_user_model().objects.get(pk=request.user.pk)
    form = PreferencesForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        user.save(update_fields=["mail_mode", "language"])
        with translation.override(user.language):
            messages.success(request, _("Đã lưu lựa chọn."))
        response = redirect("preferences")
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            user.language,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,  # type: ignore[arg-type]  # any text to the settings
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        )
        return response
    return render(request, "portal/notices/preferences.html", {"form": form})


def _outbox_for(user: User) -> QuerySet[OutboxMail]:
    """The letters, for those who look after the whole portal."""
    if not keeps_the_portal(user):
        raise Http404
    return OutboxMail.objects.all()


@require_safe
def outbox(request: Request) -> HttpResponse:
    page = numbered(request, _outbox_for(request.user), PAGE)
    return render(request, "portal/notices/outbox.html", {"page_obj": page})


@require_safe
def outbox_letter(request: Request, pk: int) -> HttpResponse:
    letter = get_object_or_404(_outbox_for(request.user), pk=pk)
    whole = letter.body
    letter.body = whole if settings.DEMO else masked(whole)  # a demo's rows may be read by what is no demo any more
    return render(request, "portal/notices/outbox_letter.html", {"letter": letter, "opens": masked(whole) != whole})
