"""Files that prove: of a paper and of its nominations."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from awards.law import standards
from awards.models import Evidence, Nomination, Submission
from awards.nominations import editing
from awards.nominations.forms.nominations import EvidenceForm
from awards.nominations.views.shared import get_drafted
from portal.days import today
from portal.files import stored
from portal.web.requests import Request


def parts_of_paper() -> list[tuple[str, str]]:
    edition = standards.in_force(today())
    return [(part.code, part.label) for part in edition.parts.values()]


@require_POST
def submission_attach(request: Request, pk: int) -> HttpResponse:
    submission = get_drafted(request, pk)
    attach(request, submission, None, parts_of_paper())
    return redirect(f"{submission.get_absolute_url()}#evidence")


def attach(
    request: Request, submission: Submission, nomination: Nomination | None, parts: list[tuple[str, str]]
) -> None:
    """Keep the file that was sent along, or say why it cannot be kept."""
    form = EvidenceForm(request.POST, request.FILES, parts=parts)
    try:
        if not form.is_valid():
            raise ValidationError([str(text) for texts in form.errors.values() for text in texts])
        editing.attach(submission, nomination, by=request.user, **form.cleaned_data)
        messages.success(request, _("Đã đính kèm tệp."), extra_tags="file")
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text, extra_tags="file")


def _evidence(request: Request, pk: int) -> Evidence:
    files = Evidence.objects.filter(submission__in=Submission.objects.visible_to(request.user))
    return get_object_or_404(files.select_related("submission__unit", "nomination"), pk=pk)


@require_safe
def evidence_file(request: Request, pk: int) -> FileResponse:
    found = _evidence(request, pk)
    return stored.serve(found)


@require_POST
def evidence_remove(request: Request, pk: int) -> HttpResponse:
    found = _evidence(request, pk)
    try:
        editing.detach(found, by=request.user)
        messages.success(request, _("Đã gỡ tệp khỏi hồ sơ."))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    if found.nomination_id:
        return redirect(f"{reverse('nomination_edit', args=[found.nomination_id])}#evidence")
    return redirect(f"{found.submission.get_absolute_url()}#evidence")
