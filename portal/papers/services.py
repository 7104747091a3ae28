"""Papers made, and taken out of the portal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.db import models, transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from portal.files.uploads import DOCX, PDF
from portal.flow import Refused
from portal.jobs.services import handles, keep_output
from portal.manifests import Words
from portal.models import Job
from portal.models.trail import record
from portal.papers import masters, pdf
from portal.papers.base import Paper, papers

if TYPE_CHECKING:
    from units.models import User

TYPES = {"docx": DOCX, "pdf": PDF}
AT_ONCE = 300  # lines of a paper that is made while one waits; longer ones are made in the background


def make(paper: Paper, form: str, told: dict[str, Any]) -> bytes:
    """The paper that tells this, as DOCX or PDF."""
    if form == "docx":
        return masters.filled(paper.kind, told)
    return pdf.pdf(paper, told)


def data_of(paper: Paper, row: Any, reader: User) -> dict[str, Any]:
    """What the paper tells of the row; papers are written in Vietnamese, whoever reads them."""
    with translation.override("vi"):
        return paper.data(row, reader)


def taken(paper: Paper, form: str, row: models.Model, reader: User) -> bytes:
    """The paper, for somebody who may see the row; that it leaves the portal is in the trail of the row."""
    content = make(paper, form, data_of(paper, row, reader))
    with transaction.atomic(), translation.override("vi"):
        record(row, "export", by=reader, note=f"{paper.title} ({form.upper()})")
    return content


def name_of(paper: Paper, form: str, pk: int) -> str:
    """What the file is called."""
    return f"{paper.file}-{pk}.{form}"


def response(content: bytes, name: str, form: str, *, shown: bool = False) -> HttpResponse:
    """The file, which no cache keeps; `shown` = opened by the browser."""
    made = HttpResponse(content, content_type=TYPES[form])
    made["Content-Disposition"] = str(content_disposition_header(not shown, name))
    made["X-Content-Type-Options"] = "nosniff"
    made["Cache-Control"] = "private, no-store"
    return made


# --- long ones ---


def _sees(job: Job) -> bool:
    """Whether the row of which the paper is made may be read by who asked for it."""
    return papers()[job.params["paper"]].rows(job.by).filter(pk=job.params["row"]).exists()


@handles("paper", readable=_sees)
def make_long(job: Job) -> dict[str, Any]:
    """A paper of thousands of lines."""
    paper, form = papers()[job.params["paper"]], job.params["form"]
    row = paper.rows(job.by).filter(pk=job.params["row"]).first()
    if row is None:
        raise Refused([_("Hồ sơ này không còn mở cho đồng chí.")])
    content = make(paper, form, data_of(paper, row, job.by))
    keep_output(job, name_of(paper, form, row.pk), ContentFile(content), rows=paper.size(row))
    return {"words": _("Đã lập văn bản.")}


# --- links ---


@dataclass(frozen=True)
class Link:
    """A paper that the page of a row offers, and the addresses at which it is taken."""

    title: Words
    docx: str
    pdf: str


def links(row: models.Model, kinds: Iterable[str]) -> list[Link]:
    """The papers of the row."""
    return [
        Link(papers()[kind].title, *(reverse("paper", args=[kind, row.pk, form]) for form in ("docx", "pdf")))
        for kind in kinds
    ]
