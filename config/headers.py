"""What every answer says to the browser, whatever made it: a page, a download, a static file, a refusal or a fault."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from portal.text import clean

logger = logging.getLogger(__name__)

UNUSED = [
    "accelerometer", "autoplay", "browsing-topics", "camera", "clipboard-read",
    "display-capture", "encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope", "hid",
    "identity-credentials-get", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi",
    "otp-credentials", "payment", "picture-in-picture", "screen-wake-lock", "serial", "storage-access",
    "usb", "window-management", "xr-spatial-tracking",
]  # fmt: skip
USED = ("publickey-credentials-create", "publickey-credentials-get")  # the second step
PERMISSIONS = ", ".join([*(f"{name}=()" for name in UNUSED), *(f"{name}=(self)" for name in USED)])
SECRET_ADDRESSES = {"calendar_feed", "account_reset_password_from_key"}  # who holds the address holds the right
# cookies stay: that of the session is taken back by the answer itself, and the chosen language is no secret
FORGET = '"cache", "storage"'

REPORT_BYTES = 8 * 1024
REPORTS_A_MINUTE = 20  # of one address


def guarded(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Stands before all that may answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        headers = response.headers
        headers["Permissions-Policy"] = PERMISSIONS
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers.setdefault("X-Content-Type-Options", "nosniff")
        if not request.path_info.startswith(settings.STATIC_URL):
            headers["X-Robots-Tag"] = "none"
        name = getattr(request.resolver_match, "url_name", None)
        # a page with forms keeps its referrer within the portal: without one a browser would call their origin null
        if name in SECRET_ADDRESSES and (response.status_code != 200 or name == "calendar_feed"):
            headers["Referrer-Policy"] = "no-referrer"
        if name == "account_logout" and request.method == "POST" and response.status_code == 302:
            if "idle" not in request.POST:  # who was signed out for being away finds the draft of this browser again
                headers["Clear-Site-Data"] = FORGET
        return response

    return middleware


@login_not_required
@csrf_exempt
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """One line in the log for what a browser refused to load; strangers may send anything, so little is believed."""
    address = get_adapter(request).get_client_ip(request)
    key = f"csp-reports:{address}:{int(time.time() // 60)}"
    cache.add(key, 0, 120)
    if cache.incr(key) > REPORTS_A_MINUTE:
        return HttpResponse(status=429)
    if int(request.META.get("CONTENT_LENGTH") or 0) > REPORT_BYTES:
        return HttpResponse(status=413)
    try:
        said = _told(json.loads(request.read(REPORT_BYTES + 1)))
    except (ValueError, RecursionError, TypeError, LookupError):
        return HttpResponse(status=400)
    logger.warning("csp: %s refused %s on %s", *said)
    return HttpResponse(status=204)


setattr(csp_report, "reads_body", True)  # noqa: B010 -- a mark that portal.web.sound reads


def _told(report: Any) -> list[str]:
    """(directive, what, page) of a report in either of its two forms; queries of addresses are left out."""
    if isinstance(report, list):
        body, names = report[0]["body"], ("effectiveDirective", "blockedURL", "documentURL")
    else:
        body, names = report["csp-report"], ("violated-directive", "blocked-uri", "document-uri")
    said = [body[name] for name in names]
    if not all(isinstance(words, str) for words in said):
        raise ValueError
    return [" ".join(clean(words).partition("?")[0].split())[:200] for words in said]
