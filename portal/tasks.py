"""One line each: what Celery may ask of this app."""

from celery import shared_task
from django.conf import settings
from django.core.management import call_command

from portal.exchange import work  # the jobs of import and export
from portal.files import storage
from portal.jobs import heartbeats
from portal.jobs.services import forget_files, resume_jobs, run_job
from portal.models import UserSession
from portal.notices import services as notices
from portal.signin import links
from portal.trail import seals

__all__ = ["clear_sessions", "deliver", "resume_jobs", "run_job", "work"]  # Celery looks for tasks in this module


@shared_task
def deliver() -> None:
    """Answer those who forgot a password, and send the letters that are due."""
    heartbeats.leave("worker")
    links.answer_forgotten()
    notices.deliver()


@shared_task
def clear_sessions() -> None:
    """Forget sessions that ran out, the files of jobs that ended long ago, and files that no row names."""
    call_command("clearsessions")
    UserSession.objects.over().delete()
    forget_files()
    storage.sweep()


@shared_task
def seal() -> None:
    """Seal the trail, once a day."""
    seals.seal_today()


@shared_task(soft_time_limit=4 * 3600)
def backup() -> None:
    """Write the nightly archive."""
    call_command("backup", keep=settings.BACKUP_KEEP)
