"""Administrators of the whole portal hear of errors that nobody foresaw: once for each kind and hour."""

from __future__ import annotations

import hashlib
import logging
from traceback import extract_tb

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import access
from portal.notices.services import notify

logger = logging.getLogger(__name__)


def tell(error: BaseException | None, path: str, number: str) -> None:
    """Write the notice, if the database takes it; the error's own page is served in any case and claims nothing."""
    try:
        people = access.administrators()
        key = f"fault:{_kind(error)}:{timezone.now():%Y%m%d%H}"

        def words() -> tuple[str, str]:
            body = _("%(error)s khi mở %(path)s. Chi tiết nằm ở yêu cầu số %(number)s trong nhật ký máy chủ.")
            told = {"error": type(error).__name__, "path": path[:200], "number": number}
            return _("Cổng gặp lỗi ngoài dự kiến"), body % told

        notify(people, key=key, kind="fault", words=words, url=reverse("system_status"))
    except Exception:
        logger.exception("administrators could not be told of a fault")


def _kind(error: BaseException | None) -> str:
    """The same for errors of one type from one place of the code."""
    frames = extract_tb(error.__traceback__) if error else []
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return hashlib.sha256(f"{type(error).__name__} {place}".encode()).hexdigest()[:20]
