"""Papers made, and taken out of the portal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.http import content_disposition_header

from portal.files.uploads import DOCX, PDF
from portal.manifests import Words
from portal.models.trail import record
from portal.papers import pdf, word
from portal.papers.base import Paper, papers

if TYPE_CHECKING:
    from portal.web.requests import Request

TYPES = {"docx": DOCX, "pdf": PDF}


def make(paper: Paper, form: str, told: dict[str, Any]) -> bytes:
    """The paper that tells this, as DOCX or PDF."""
    if form == "docx":
        return word.fill(word.shipped(paper.kind), told)
    return pdf.pdf(paper, told)


def data_of(paper: Paper, row: Any) -> dict[str, Any]:
    """What the paper tells of the row; papers are written in Vietnamese, whoever reads them."""
    with translation.override("vi"):
        return paper.data(row)


@dataclass(frozen=True)
class Link:
    """A paper that the page of a row offers, and the addresses at which it is taken."""

    title: Words
    docx: str
    pdf: str


def links(name: str, row: models.Model, kinds: Iterable[str]) -> list[Link]:
    """The papers of the row; `name` is that of their address."""
    return [
        Link(papers()[kind].title, *(reverse(name, args=[row.pk, kind, form]) for form in ("docx", "pdf")))
        for kind in kinds
    ]


def answer(request: Request, kind: str, form: str, row: models.Model) -> HttpResponse:
    """The paper of a row that the person may see: a file to keep, or with `?in` a page to print.

    That it leaves the portal is in the trail of the row.
    """
    paper = papers().get(kind)
    if paper is None or form not in TYPES:
        raise Http404
    content = make(paper, form, data_of(paper, row))
    with transaction.atomic(), translation.override("vi"):
        record(row, "export", by=request.user, note=f"{paper.title} ({form.upper()})")
    return response(content, f"{paper.file}-{row.pk}.{form}", form, shown="in" in request.GET)


def response(content: bytes, name: str, form: str, *, shown: bool = False) -> HttpResponse:
    """The file, which no cache keeps; `shown` = opened by the browser."""
    made = HttpResponse(content, content_type=TYPES[form])
    made["Content-Disposition"] = str(content_disposition_header(not shown, name))
    made["X-Content-Type-Options"] = "nosniff"
    made["Cache-Control"] = "private, no-store"
    return made
