"""The emulation fund: its year, its book, the bonuses it owes and pays."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from awards.fund import documents, dues, queries, services
from awards.fund.forms import CancelForm, CorrectOpeningForm, MovementForm, OpeningForm, PayForm
from awards.models import Fund, FundMovement, PastAward
from awards.models.ledger import PastAwardQuerySet
from portal.days import today
from portal.files.sheets import download
from portal.models import Entry
from portal.web import paging, refusals, seen
from portal.web.parameters import number
from portal.web.requests import Request

PAGE = 25
TICKED = 300  # lines of a decision that can be chosen one by one; a longer one is paid whole
K = FundMovement.Kind
TYPED = (K.INCOME, K.SPENT, K.BUDGET)  # what is typed; bonuses are paid and recovered from their own pages


# --- the gates ---


def _fund(request: Request, pk: int) -> Fund:
    return get_object_or_404(queries.readable(request.user), pk=pk)


def _kept(request: Request, pk: int) -> Fund:
    """The fund, for who writes in its book."""
    fund = _fund(request, pk)
    if not queries.may_keep(request.user, fund):
        raise PermissionDenied
    return fund


# --- looking ---


@require_safe
def fund_list(request: Request) -> HttpResponse:
    if not request.user.may_anywhere("read_fund"):
        raise PermissionDenied
    page = paging.numbered(request, queries.readable(request.user), PAGE)
    context = {"page_obj": page, "may_begin": bool(queries.without_fund(request.user))}
    return render(request, "awards/fund/list.html", context)


@require_safe
def fund(request: Request, pk: int) -> HttpResponse:
    found, year = _fund(request, pk), _year(request)
    year = max(year, found.first_year)
    lines = found.movements.filter(on__year=year)
    page = paging.numbered(request, lines.select_related("campaign"), PAGE)
    context = {
        "fund": found,
        "sheet": queries.sheet(found, year),
        "years": range(max(today().year, year), found.first_year - 1, -1),
        "page_obj": page,
        "query": f"year={year}",
        "owes": dues.owed(found).exists(),
        "recoveries": queries.to_recover(found)[:PAGE],
        "may_keep": queries.may_keep(request.user, found),
        "typed": [(kind.value, kind.label) for kind in TYPED],
        "entries": Entry.objects.about(found)[:20],
    }
    return render(request, "awards/fund/detail.html", context)


def _year(request: Request) -> int:
    """The year asked about: this one where none is."""
    return number(request.GET.get("year"), 2100) or today().year


@require_safe
def fund_export(request: Request, pk: int) -> HttpResponse:
    found, year = _fund(request, pk), _year(request)
    lines = found.movements.standing().filter(on__year=year).select_related("campaign").order_by("on", "pk")
    book = documents.movements_workbook(found, queries.sheet(found, year), lines)
    return download(book, f"quy-thi-dua-{found.unit.code}-{year}.xlsx")


# --- the book ---


@require_http_methods(["GET", "HEAD", "POST"])
def fund_new(request: Request) -> HttpResponse:
    units = queries.without_fund(request.user)
    if not units and not request.user.may_anywhere("keep_fund"):
        raise PermissionDenied
    form = OpeningForm(_posted(request), units=units)
    if form.is_valid():
        told = dict(form.cleaned_data)
        made = refusals.attempt(request, form, lambda: services.begin(told.pop("unit"), **told, by=request.user))
        if made:
            return redirect(made)
    return _form_page(request, form, _("Lập sổ quỹ"), "fund_list")


@require_http_methods(["GET", "HEAD", "POST"])
def fund_edit(request: Request, pk: int) -> HttpResponse:
    found = _kept(request, pk)
    stored = {"first_year": found.first_year, "opening": found.opening, "version": found.version}
    form = CorrectOpeningForm(_posted(request), initial=stored)
    if form.is_valid() and refusals.attempt(
        request, form, lambda: services.correct_opening(found, by=request.user, **form.cleaned_data)
    ):
        return redirect(found)
    return _form_page(request, form, _("Sửa số dư đầu"), "fund", found)


@require_http_methods(["GET", "HEAD", "POST"])
def fund_enter(request: Request, pk: int, kind: str) -> HttpResponse:
    found = _kept(request, pk)
    if kind not in TYPED:
        raise Http404
    form = MovementForm(_posted(request), kind=kind, user=request.user)
    if form.is_valid() and refusals.attempt(
        request, form, lambda: services.enter(FundMovement(fund=found, kind=kind, **form.cleaned_data), by=request.user)
    ):
        messages.success(request, _("Đã ghi vào sổ quỹ."))
        return redirect(found)
    return _form_page(request, form, str(K(kind).label).capitalize(), "fund", found)


@require_http_methods(["GET", "HEAD", "POST"])
def fund_recover(request: Request, pk: int, award: int) -> HttpResponse:
    """The bonus of a revoked award comes back."""
    found = _kept(request, pk)
    owing = get_object_or_404(queries.to_recover(found), award=award)
    form = MovementForm(
        _posted(request), kind=K.RECOVERED, user=request.user, amount=services.left_to_recover(owing.award)
    )
    line = lambda: FundMovement(fund=found, kind=K.RECOVERED, award=owing.award, **form.cleaned_data)  # noqa: E731
    if form.is_valid() and refusals.attempt(request, form, lambda: services.enter(line(), by=request.user)):
        messages.success(request, _("Đã ghi vào sổ quỹ."))
        return redirect(found)
    title = _("Thu hồi tiền thưởng: %s") % owing.award.subject_name
    return _form_page(request, form, title, "fund", found)


@require_http_methods(["GET", "HEAD", "POST"])
def fund_movement(request: Request, pk: int, movement: int) -> HttpResponse:
    """One line of the book; who keeps it may strike the line out."""
    found = _fund(request, pk)
    names = ("campaign", "award__person", "award__collective", "award__whole_unit", "entered_by__person")
    line = get_object_or_404(found.movements.select_related(*names, "cancelled_by__person"), pk=movement)
    may_cancel = queries.may_keep(request.user, found) and line.cancelled_at is None
    form = CancelForm(_posted(request), initial={"version": line.version})
    if request.method == "POST" and not queries.may_keep(request.user, found):
        raise PermissionDenied
    if form.is_valid() and refusals.attempt(
        request, form, lambda: services.cancel(line, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, _("Đã gạch bỏ dòng sổ quỹ."))
        return redirect(found)
    payments = line.payments.select_related("award__person", "award__collective", "award__whole_unit")
    context = {
        "fund": found,
        "line": line,
        "page_obj": paging.numbered(request, payments, PAGE),
        "form": form,
        "may_cancel": may_cancel,
        "entries": Entry.objects.about(line)[:20],
    }
    return render(request, "awards/fund/movement.html", context, status=_status(request))


# --- bonuses ---


@require_safe
def fund_dues(request: Request, pk: int) -> HttpResponse:
    """The decisions whose bonuses were not paid."""
    found = _fund(request, pk)
    owed = dues.owed(found)
    page = paging.numbered(request, dues.decisions(owed), PAGE)
    context = {"fund": found, "page_obj": page, "may_keep": queries.may_keep(request.user, found)}
    return render(request, "awards/fund/dues.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def fund_pay(request: Request, pk: int, line: int) -> HttpResponse:
    """What a decision pays to whom; who keeps the book pays it here."""
    found = _fund(request, pk)
    owed, first = _decision(found, line)
    if request.method == "POST" and not queries.may_keep(request.user, found):
        raise PermissionDenied
    rows = dues.dues(list(owed))
    total = sum(due.amount or 0 for due in rows)
    form = PayForm(_posted(request))
    if form.is_valid():
        paid = refusals.attempt(request, form, lambda: _pay(request, found, first, form.cleaned_data, len(rows)))
        if paid:
            messages.success(request, _("Đã ghi chi tiền thưởng."))
            return redirect(found)
    context = {
        "fund": found,
        "line": first,
        "rows": rows[:TICKED],
        "more": max(0, len(rows) - TICKED),
        "count": len(rows),
        "total": total,
        "unknown": sum(due.amount is None for due in rows),
        "form": form,
        "may_keep": queries.may_keep(request.user, found),
    }
    return render(request, "awards/fund/pay.html", context, status=_status(request))


def _pay(request: Request, fund: Fund, line: PastAward, told: dict[str, Any], count: int) -> FundMovement:
    """Pay the ticked lines, each with the amount that was seen beside it."""
    if count > TICKED:
        return services.pay(fund, line, chosen=None, total=seen.version(request, "total"), by=request.user, **told)
    chosen = seen.versions(request, "lines", TICKED)
    return services.pay(fund, line, chosen=set(chosen), total=sum(chosen.values()), by=request.user, **told)


@require_safe
def fund_bonus_list(request: Request, pk: int, line: int) -> HttpResponse:
    """The same for accountants, as a sheet."""
    found = _fund(request, pk)
    owed, first = _decision(found, line)
    book = documents.bonus_workbook(found, first, dues.dues(list(owed)))
    return download(book, f"tien-thuong-{today():%Y-%m-%d}.xlsx")


def _decision(fund: Fund, line: int) -> tuple[PastAwardQuerySet, PastAward]:
    owed = dues.owed(fund)
    first = get_object_or_404(owed, pk=line)
    return dues.of_decision(owed, first).with_subject().order_by("pk"), first


# --- what the pages share ---


def _posted(request: Request) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _status(request: Request) -> int:
    return 422 if request.method == "POST" else 200


def _form_page(request: Request, form: Any, title: str, back: str, fund: Fund | None = None) -> HttpResponse:
    context = {"form": form, "title": title, "fund": fund, "back": back}
    return render(request, "awards/fund/form.html", context, status=_status(request))
