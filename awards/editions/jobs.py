"""Trials and what follows from them, done outside the request."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from awards.editions import beginning, trials
from awards.models import LawEdition, Trial
from portal.jobs.services import handles, progress, start, still_asked
from portal.models import Job
from portal.text import grouped
from units.models import User

TRY, APPLY = "try_edition", "apply_edition"


def start_trial(code: str, kind: str, *, by: User) -> Job:
    """Let the nominations be judged by the edition too."""
    title = {
        Trial.Kind.PAST: _("Thử trên hồ sơ đã nhận: %s"),
        Trial.Kind.OPEN: _("Xét hồ sơ đang mở theo cả hai quy định: %s"),
    }[Trial.Kind(kind)]
    return start(TRY, title % trials.edition_called(code).label, by=by, edition=code, which=kind)


def start_applying(code: str, *, by: User) -> Job:
    """Let the new edition rule where the trial of the open dossiers says so."""
    return start(APPLY, _("Áp dụng cho hồ sơ đang mở: %s") % trials.edition_called(code).label, by=by, edition=code)


@handles(TRY, readable=lambda job: job.by.may_anywhere("read_law_drafts"))
def try_edition(job: Job) -> dict[str, str]:
    """Judge by both editions and keep what differs."""
    code, kind = job.params["edition"], job.params["which"]
    draft = LawEdition.objects.exclude(state=LawEdition.State.DISCARDED).filter(code=code).first()
    trial = trials.run(
        trials.edition_called(code),
        kind,
        by=job.by,
        version=draft.version if draft else 0,
        say=lambda done, total: progress(job, done, total),
    )
    words = _("Đã xét %(judged)s hồ sơ; %(count)s hồ sơ có kết quả khác hoặc chuyển quy định.") % {
        "judged": grouped(trial.judged),
        "count": grouped(trial.lines.count()),
    }
    page = "edition_trial" if kind == Trial.Kind.PAST else "edition_beginning"
    return {"words": words, "url": reverse(page, args=[code])}


@handles(APPLY, readable=lambda job: job.by.may_anywhere("draft_law"))
def apply_edition(job: Job) -> dict[str, str]:
    """All together or not at all."""
    code = job.params["edition"]
    with transaction.atomic():
        applied, passed_over = beginning.apply(code, by=job.by, say=lambda done, total: progress(job, done, total))
        still_asked(job)
    words = _("Đã chuyển %s hồ sơ sang quy định mới.") % applied
    if passed_over:
        words += " " + _("%s hồ sơ đã thay đổi sau lần xét; hãy xét lại rồi áp dụng tiếp.") % passed_over
    return {"words": words, "url": reverse("edition_beginning", args=[code])}
