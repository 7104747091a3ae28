"""How the portal itself is: what administrators read of worker, beat, jobs, letters, disk and backups."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.jobs import heartbeats
from portal.jobs import services as jobs
from portal.models import Job, Notice
from portal.models.notices import MailState
from portal.text import grouped

SILENT = timedelta(minutes=5)  # at least; and five times the pause between two deliveries
BACKUP_EVERY = timedelta(hours=36)  # nightly, with time to run
LITTLE_ROOM = 0.05  # of the disk
LATELY = timedelta(days=7)  # how long a job that failed is shown


@dataclass(frozen=True)
class Line:
    """One thing that is looked at: what was found, and whether somebody should see to it."""

    label: str
    words: str
    trouble: bool = False
    name: str = ""  # of what is counted
    count: int = 0


def lines() -> list[Line]:
    """Everything that is looked at, in the order of the page; three queries."""
    seen, now = heartbeats.last_seen(), timezone.now()
    patience = max(SILENT, timedelta(seconds=5 * settings.DELIVER_SECONDS))
    return [
        _alive(_("Tiến trình làm việc nền"), seen.get("worker"), now, patience),
        _alive(_("Đồng hồ giao việc định kỳ"), seen.get("beat"), now, patience),
        *_jobs(now),
        *_queue(),
        _letters(),
        _room(),
        _backup(seen.get("backup"), now),
    ]


def troubles() -> list[Line]:
    """What somebody should see to."""
    return [line for line in lines() if line.trouble]


def _when(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "H:i d/m/Y")


def _alive(label: str, at: datetime | None, now: datetime, patience: timedelta) -> Line:
    if at is None:
        return Line(label, _("chưa hoạt động lần nào"), True)
    if now - at > patience:
        return Line(label, _("im lặng từ %s: có thể đã dừng") % _when(at), True)
    return Line(label, _("đang hoạt động, thấy lúc %s") % _when(at))


def _jobs(now: datetime) -> list[Line]:
    late = Q(state=Job.State.QUEUED, created_at__lt=now - 2 * SILENT)
    lost = Q(state=Job.State.RUNNING, seen_at__lt=now - 2 * jobs.LEASE)
    failed = Q(state=Job.State.FAILED, result__fault=True, ended_at__gt=now - LATELY)
    count = Job.objects.aggregate(
        open=Count("pk", filter=Q(state__in=[Job.State.QUEUED, Job.State.RUNNING])),
        stuck=Count("pk", filter=late | lost),
        failed=Count("pk", filter=failed),
    )
    waiting = ngettext("%s việc", "%s việc", count["open"]) % grouped(count["open"])
    if count["stuck"]:
        waiting += _(", trong đó %s việc chờ quá lâu") % count["stuck"]
    broken = ngettext("%s việc", "%s việc", count["failed"]) % grouped(count["failed"])
    return [
        Line(_("Việc chạy nền đang chờ hoặc đang chạy"), waiting, bool(count["stuck"]), "jobs", count["open"]),
        Line(_("Việc không thành do lỗi hệ thống, 7 ngày qua"), broken, bool(count["failed"])),
    ]


def _queue() -> list[Line]:
    """Messages that no worker could read, where the queue is a folder."""
    if not settings.QUEUE_BROKEN:
        return []
    folder = Path(settings.QUEUE_BROKEN)
    count = len(list(folder.iterdir())) if folder.is_dir() else 0
    words = ngettext("%s tin", "%s tin", count) % grouped(count)
    if count:
        words += ": " + _("đã để riêng trong %s, xóa được sau khi xem") % folder.name
    return [Line(_("Tin hỏng trong hàng đợi"), words, bool(count))]


def _letters() -> Line:
    count = Notice.objects.filter(mail_state=MailState.FAILED).count()
    return Line(
        _("Thư gửi không thành"), ngettext("%s thư", "%s thư", count) % grouped(count), bool(count), "letters", count
    )


def _room() -> Line:
    disk = shutil.disk_usage(settings.DATA_DIR)
    share = disk.free / disk.total if disk.total else 0
    words = _("còn %(free)s GB, %(share)s %%") % {"free": round(disk.free / 2**30, 1), "share": round(100 * share)}
    return Line(_("Chỗ trống trên đĩa"), words, share < LITTLE_ROOM)


def _backup(at: datetime | None, now: datetime) -> Line:
    label = _("Bản sao lưu mới nhất")
    wanted = bool(settings.BACKUP_DIR) or settings.PRODUCTION
    if at is None:
        return Line(label, _("chưa có"), wanted)
    return Line(label, _when(at), wanted and now - at > BACKUP_EVERY)
