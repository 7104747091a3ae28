"""The session kept alive, and the sign of life for whoever watches the portal."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST, require_safe


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
