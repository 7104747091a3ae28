"""The ledger as a file, made outside the request."""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.http import QueryDict
from django.utils.translation import gettext as _

from awards.ledger import documents
from awards.ledger.forms import LedgerFilter
from awards.models import PastAward
from portal.access import seat
from portal.days import today
from portal.files.sheets import Head
from portal.jobs.services import all_in, handles, keep_output
from portal.models import Job

LEDGER_EXPORT = "ledger_export"


def _sees_awards(job: Job) -> bool:
    """Whether every line of the ledger that was exported is still in the sight of who asked."""
    return all_in(job.holds, PastAward.objects.visible_to(job.by))


@handles(LEDGER_EXPORT, readable=_sees_awards)
def ledger_export(job: Job) -> dict[str, str]:
    """The ledger as it was filtered, in the sight of who asked."""
    form = LedgerFilter(QueryDict(job.params["query"]), user=job.by)
    found = form.narrow(PastAward.objects.visible_to(job.by))
    job.holds = list(found.order_by().values_list("pk", flat=True))
    head = Head(_("Sổ khen thưởng"), unit=seat(job.by), asked=form.in_words)
    book = documents.ledger_workbook(found.with_subject().order_by("-year", "-pk").iterator(2000), head)
    keep_output(job, f"khen-thuong-{today():%Y-%m-%d}.xlsx", ContentFile(book), rows=len(job.holds))
    return {"words": _("Sổ khen thưởng đã sẵn sàng để tải.")}
