"""The structure chart of any day: on the page, and as a file for print or another program."""

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portal.days import today
from portal.files.uploads import PDF, XLSX
from units.hierarchy import chart as charts
from units.hierarchy.forms import TreeDayForm
from units.models import Unit


class ChartForm(TreeDayForm):
    """The day, and the unit whose branch is asked; without one the whole hierarchy."""

    unit = forms.ModelChoiceField(Unit.objects, required=False, label=_("Đơn vị"), widget=forms.HiddenInput)


def _asked(request):
    """(form, day, unit, the tree of that day)."""
    form = ChartForm(request.GET or None)
    data = form.cleaned_data if form.is_valid() else {}
    day, unit = data.get("on") or today(), data.get("unit")
    return form if form.is_bound else ChartForm(initial={"on": day}), day, unit, charts.tree(day, unit)


@require_safe
def chart(request):
    form, day, unit, roots = _asked(request)
    nodes = charts.listed(roots)
    context = {
        "form": form,
        "day": day,
        "unit": unit,
        "title": charts.title(day, unit),
        "subtitle": charts.subtitle(day, len(nodes)),
        "nodes": nodes,
        "drawing": charts.drawing(roots),
        "query": f"on={day:%d/%m/%Y}" + (f"&unit={unit.pk}" if unit else ""),
    }
    return render(request, "units/hierarchy/chart.html", context)


@require_safe
def chart_file(request, ending):
    """The same chart as svg, pdf or xlsx."""
    _form, day, unit, roots = _asked(request)
    if ending == "pdf":
        content, kind = charts.pdf(roots, day, unit), PDF
    elif ending == "xlsx":
        content, kind = charts.sheet(roots, day, unit), XLSX
    elif ending == "svg":
        words = {"title": charts.title(day, unit), "subtitle": charts.subtitle(day, len(charts.listed(roots)))}
        content = render_to_string(
            "units/hierarchy/_chart.svg", words | {"drawing": charts.drawing(roots), "alone": True}
        )
        kind = "image/svg+xml"
    else:
        raise Http404
    name = f"so-do-{unit.code if unit else 'toan-nganh'}-{day:%Y-%m-%d}.{ending}"
    headers = {
        "Content-Disposition": content_disposition_header(True, name),
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return HttpResponse(content, content_type=kind, headers=headers)
