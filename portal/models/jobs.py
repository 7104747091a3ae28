"""Long work in the background, as rows that a page can show."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """One piece of long work that a person asked for: how far it is and what came of it.

    `kind` names who does it (`portal.jobs`); `params` is what it was asked with, `result` what it says when it has
    ended. A job that is delivered twice does its work once: `portal.jobs.services.run_job` takes it up by its state.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("đang chờ")
        RUNNING = "running", _("đang chạy")
        DONE = "done", _("đã xong")
        FAILED = "failed", _("không thành")

    kind = models.CharField(max_length=40)
    title = models.CharField(_("việc"), max_length=200)
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    params = models.JSONField(default=dict, blank=True)
    result = models.JSONField(default=dict, blank=True)
    holds = models.JSONField(default=list, blank=True)  # what came of it was made of these; each kind says of what
    source = models.FileField(upload_to="jobs/", blank=True)
    output = models.FileField(upload_to="jobs/", blank=True)
    output_name = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="jobs", verbose_name=_("người làm"))
    attempts = models.PositiveSmallIntegerField(default=0)  # which worker has it: a former one ends nothing
    created_at = models.DateTimeField(_("lúc"), auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)  # the last sign of life: portal.jobs.services.LEASE
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name, verbose_name_plural = _("việc chạy nền"), _("việc chạy nền")
        indexes = [models.Index(fields=["by", "-created_at"], name="job_of_person")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("job", args=[self.pk])

    @property
    def ended(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)


class Heartbeat(models.Model):
    """When something that runs beside the web server was last alive."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
