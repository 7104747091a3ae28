"""What pages ask while they are open: who is meant by words, and the session kept alive; and the sign of life."""

from __future__ import annotations

import time

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from portal.manifests import pickers
from portal.text import grouped
from portal.web.forms.picking import LONGEST, search
from portal.web.requests import Request

SEARCHES = 120  # a minute; a quick hand at the keyboard needs less


@require_safe
def pick(request: Request, source: str) -> HttpResponse:
    """What words may mean for a field: the same rows as the field takes when it is sent."""
    if source not in pickers():
        raise Http404
    if _searched_too_often(request):
        return JsonResponse({"choices": [], "said": _("Đồng chí tìm quá nhanh. Hãy thử lại sau một phút.")}, status=429)
    places = pickers()[source](request.user, request.GET.get("about", "")[:LONGEST])
    hits = search(places, request.GET.get("q", "")[:LONGEST])
    count = len(hits.choices)
    words = ngettext("Có %(count)s kết quả.", "Có %(count)s kết quả.", count) if count else _("Không tìm thấy.")
    if hits.more:
        words = _("Đây là %(count)s kết quả đầu. Hãy ghi thêm, ví dụ năm sinh hoặc đơn vị.")
    choices = [{"key": choice.key, "text": choice.text, "note": choice.note} for choice in hits.choices]
    return JsonResponse({"choices": choices, "said": words % {"count": grouped(count)}})


def _searched_too_often(request: Request) -> bool:
    key = f"pick:{request.user.pk}:{int(time.time()) // 60}"
    done = cache.get(key, 0) + 1
    cache.set(key, done, 120)
    return bool(done > SEARCHES)


@require_POST
def keep_session(request: HttpRequest) -> HttpResponse:
    """The person is still there: the idle time begins anew."""
    request.session["seen_at"] = 0
    return JsonResponse({"ok": True, "seconds": request.session.get_expiry_age()})


@login_not_required
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """200 as long as the database answers; holds no secret."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
