"""What a portal that came back from a backup must not go on with: sessions, links, half-done jobs, old letters."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from portal.manifests import tasks_that_tell
from portal.models import ForgottenPassword, Job, Notice, UserSession
from portal.models.notices import MailState
from portal.models.trail import record
from units.models import Unit, User


@transaction.atomic
def begin_anew(made_at: str, *, send_pending: bool) -> int:
    """End what lived then, and hold letters back; returns how many are held.

    Whether a letter that waited at the backup has left since, the backup cannot know, nor what was due in between:
    both are written as notices and held as failed ones, which a person may send again on the page of reminders.
    """
    Session.objects.all().delete()
    UserSession.objects.all().delete()
    ForgottenPassword.objects.all().delete()
    User.objects.update(session_epoch=F("session_epoch") + 1, link_epoch=F("link_epoch") + 1)
    Job.objects.filter(state=Job.State.RUNNING).update(state=Job.State.QUEUED, attempts=0)
    for task in tasks_that_tell():
        task()
    waiting = Notice.objects.filter(mail_state=MailState.PENDING)
    held = 0
    if not send_pending:
        words = _("Giữ lại khi khôi phục từ bản sao lưu: thư có thể đã gửi trước đó.")
        held = waiting.update(mail_state=MailState.FAILED, claimed_until=None, error=words)
    for root in Unit.objects.filter(parent=None):
        record(root, "restored", by=None, note=made_at)
    cache.clear()
    return held
