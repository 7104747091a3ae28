"""What is asked about suggestions, and what becomes of those that were chosen."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from awards.models import SubjectKind, Submission, Suggestion
from awards.models.subjects import KEYS, SubjectQuerySet
from portal.web.forms import BootstrapFormMixin, CleanCharField, Filter, field_of

PAPERS = 50
REASON = 500


class SuggestionFilter(Filter):
    """Which suggestions are shown: those open, or those dismissed."""

    kind = forms.ChoiceField(label=_("Đối tượng"), required=False, choices=[("", _("Tất cả")), *SubjectKind.choices])
    dismissed = forms.BooleanField(label=_("Đã quyết định không đề nghị"), required=False)

    def narrow(self, found: SubjectQuerySet[Suggestion]) -> SubjectQuerySet[Suggestion]:
        """The rows that were asked for."""
        if kind := self.asked.get("kind"):
            found = found.filter(**{f"{KEYS[SubjectKind(kind)]}__isnull": False})
        return found.filter(dismissed_at__isnull="dismissed" not in self.asked)


class ActForm(BootstrapFormMixin, forms.Form):
    """What becomes of the chosen ones: into a paper, or dismissed with a reason."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    paper = forms.ModelChoiceField(
        Submission.objects.none(), label=_("Tờ trình"), required=False, empty_label=_("– lập tờ trình mới –")
    )
    reason = CleanCharField(label=_("Lý do, nếu không đề nghị"), required=False, max_length=REASON)

    def __init__(self, data: Mapping[str, Any] | None = None, *, papers: QuerySet[Submission]):
        super().__init__(data, initial={"token": uuid.uuid4()})
        field = field_of(self, "paper", forms.ModelChoiceField)
        field.queryset = papers
        field.choices = [("", field.empty_label or ""), *((p.pk, f"{p.title} ({p.year})") for p in papers[:PAPERS])]
