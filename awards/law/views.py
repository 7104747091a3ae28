"""The law of awards to read: by edition, award by award, two editions side by side; the office sets severities."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from awards.law import standards
from awards.law.catalogue import change_severity, may_change
from awards.law.comparing import compare
from awards.law.forms import CatalogueFilter, SeverityForm
from awards.law.standards import Award, Condition, Edition, Quota
from awards.law.terms import AwardKind, Severity
from awards.models import ConditionSetting
from portal.days import today
from portal.flow import Refused
from portal.models import Entry
from portal.text import fold
from portal.web.requests import Request

TONES = {Severity.BLOCK: "late", Severity.WARN: "neutral"}


def _edition(code: str) -> Edition:
    try:
        return standards.edition(code)
    except standards.NoEdition:
        raise Http404 from None


def _award(edition: Edition, code: str) -> Award:
    if code not in edition.awards:
        raise Http404
    return edition.awards[code]


@require_safe
def award_catalogue(request: Request) -> HttpResponse:
    edition = _edition(request.GET.get("edition") or standards.in_force(today()).code)
    form = CatalogueFilter(request.GET, edition=edition)
    awards = [award for award in edition.awards.values() if _fits(award, form.asked)]
    context = {
        "edition": edition,
        "ruling": edition.ruling(today()),
        "stands_in": not edition.covers(today()) and edition == standards.in_force(today()),
        "groups": [(kind.label, [a for a in awards if a.kind == kind]) for kind in AwardKind],
        "found": bool(awards),
        "form": form,
    }
    return render(request, "awards/law/catalogue.html", context)


def _fits(award: Award, asked: dict[str, str]) -> bool:
    """Whether the award is of the kind, for the subject and under the words that are asked for."""
    if asked.get("kind") and award.kind != asked["kind"]:
        return False
    if asked.get("subject") and asked["subject"] not in award.subjects:
        return False
    names = fold(f"{award.code} {award.name_vi} {award.name_en}")
    return all(word in names for word in fold(asked.get("q") or "").split())


@dataclass(frozen=True)
class Row:
    """One condition as the page shows it: with the severity that counts and what the office changed."""

    condition: Condition | Quota
    setting: ConditionSetting | None

    @property
    def version(self) -> int:
        """What a change must name as seen; 0 where the office has changed nothing."""
        return self.setting.version if self.setting else 0

    @property
    def severity(self) -> Severity:
        """The severity that counts."""
        return Severity(self.setting.severity) if self.setting else self.condition.severity

    @property
    def tone(self) -> str:
        """The tone in which it is shown."""
        return TONES[self.severity]


@require_safe
def award_rules(request: Request, edition: str, award: str) -> HttpResponse:
    law = _edition(edition)
    asked = _award(law, award)
    settings = {s.condition: s for s in ConditionSetting.objects.of(law.code, asked.code)}
    context = {
        "edition": law,
        "ruling": law.ruling(today()),
        "award": asked,
        "others": [one for one in reversed(standards.editions()) if asked.code in one.awards],
        "rows": [Row(condition, settings.get(condition.key)) for condition in asked.standards],
        "papers": [Row(condition, settings.get(condition.key)) for condition in asked.papers],
        "quota": Row(asked.quota, settings.get(asked.quota.key)) if asked.quota else None,
        "preceding": [law.awards[code] for code in asked.preceding],
        "forms": law.report_forms(asked),
        "deadlines": [deadline for deadline in law.deadlines if deadline.concerns(asked)],
        "may_change": may_change(request.user),
        "entries": Entry.objects.about(*settings.values())[:50],
    }
    return render(request, "awards/law/award.html", context)


@require_safe
def edition_compare(request: Request) -> HttpResponse:
    editions = [one for one in standards.editions() if one.awards]
    chosen = [_edition(request.GET.get(side) or editions[place].code) for side, place in (("a", -2), ("b", -1))]
    unchanged = bool(request.GET.get("all"))
    context = {
        "editions": editions,
        "left": chosen[0],
        "right": chosen[1],
        "unchanged": unchanged,
        "comparisons": compare(*chosen, unchanged=unchanged),
    }
    return render(request, "awards/law/edition_compare.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def condition_severity(request: Request, edition: str, award: str, condition: str) -> HttpResponse:
    law = _edition(edition)
    asked = _award(law, award)
    row = _row(law, asked, condition)
    if not may_change(request.user):
        raise PermissionDenied
    form = SeverityForm(request.POST or None, initial={"severity": row.severity, "version": row.version})
    objections, status = [], 422 if form.is_bound else 200
    if form.is_valid():
        try:
            change_severity(law, asked, row.condition, by=request.user, **form.cleaned_data)
            messages.success(request, _("Đã đổi mức độ của điều kiện."))
            return redirect("award_rules", law.code, asked.code)
        except Refused as refusal:
            row = _row(law, asked, condition)
            objections, status = refusal.objections, 409
            form = SeverityForm(initial=form.cleaned_data | {"version": row.version})
    context = {"edition": law, "award": asked, "row": row, "form": form, "objections": objections}
    return render(request, "awards/law/condition_severity.html", context, status=status)


def _row(edition: Edition, award: Award, key: str) -> Row:
    condition = award.quota if award.quota and key == award.quota.key else award.condition(key)
    if condition is None:
        raise Http404
    return Row(condition, ConditionSetting.objects.of(edition.code, award.code).filter(condition=key).first())
