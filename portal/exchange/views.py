"""Lists in and out: choose, upload, read the report or the preview, apply."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access import seat
from portal.exchange import work
from portal.exchange.base import CHANGE, CLOSE, CREATE, Exchange, exchanges
from portal.exchange.lines import Choice, row_name
from portal.files.sheets import Head, download, workbook
from portal.files.uploads import XLSX
from portal.jobs.requests import closed, own_job
from portal.jobs.services import FORGOTTEN, readable
from portal.models import Job
from portal.signin.reauthentication import asks_again
from portal.web.paging import numbered
from portal.web.parameters import numbers
from portal.web.requests import Request

PAGE = 50
SHOWN_PROBLEMS = 200
FORMATS = {"xlsx": XLSX, "csv": "text/csv"}


def _lists_of(user: Any) -> list[Exchange]:
    return [exchange for exchange in exchanges().values() if exchange.open_to(user, {})]


def _list_or_404(user: Any, key: str) -> Exchange:
    exchange = exchanges().get(key)
    if exchange is None:
        raise Http404
    if not exchange.open_to(user, {}):
        raise PermissionDenied
    return exchange


def _checks(user: Any) -> Any:
    """The imports this person began; another's files are not theirs to see."""
    return Job.objects.filter(by=user, kind=work.CHECK)


@require_safe
def exchange_home(request: Request) -> HttpResponse:
    lists = _lists_of(request.user)
    if not lists:
        raise PermissionDenied
    return render(request, "portal/exchange/home.html", {"lists": lists, "imports": _checks(request.user)[:10]})


@require_safe
def exchange_template(request: Request, key: str) -> HttpResponse:
    """An empty list to fill in, with its explanations."""
    exchange = _list_or_404(request.user, key)
    return download(exchange.sheet.template(request.user), _("mau-%s.xlsx") % key)


@require_POST
def exchange_export(request: Request, key: str) -> HttpResponse:
    """The list as it is: at once when it is short, in the background when it is long."""
    exchange = _list_or_404(request.user, key)
    kind = request.POST.get("format", "xlsx")
    if kind not in FORMATS:
        raise Http404
    if exchange.count(request.user, {}) > work.EXPORT_AT_ONCE:
        return redirect(work.start_export(exchange, kind, by=request.user, options={}))
    with transaction.atomic():
        content, name = work.export_now(exchange, kind, by=request.user)
    return download(content, name, FORMATS[kind])


@require_http_methods(["GET", "HEAD", "POST"])
def exchange_upload(request: Request, key: str) -> HttpResponse:
    exchange = _list_or_404(request.user, key)
    asked = exchange.asked_columns()
    form = exchange.form(request.POST or None, request.FILES or None, by=request.user, asked=asked)
    if request.method == "POST" and form.is_valid():
        job = work.start_check(
            exchange,
            form.cleaned_data["file"],
            by=request.user,
            options=form.options(),
            once=str(form.cleaned_data["once"]),
        )
        return redirect(job)
    return render(
        request, "portal/exchange/upload.html", {"exchange": exchange, "form": form}, status=422 if form.errors else 200
    )


@require_safe
def exchange_import(request: Request, pk: int) -> HttpResponse:
    """What the check found: a report of problems, or a preview of all that applying would do."""
    check = own_job(request, _checks(request.user), pk)
    if not check.ended:
        return redirect(check)
    if not readable(check):
        return closed(request)
    result = check.result
    apply_job = Job.objects.filter(pk=result.get("apply_job")).first()
    if apply_job and not apply_job.ended:
        return redirect(apply_job)
    page = numbered(request, result.get("like", []), PAGE)
    sheets = result.get("sheets", [])
    confirmed = set(result.get("confirmed", ()))
    exchange = exchanges()[check.params["exchange"]]
    options = check.params["options"]
    context = {
        "check": check,
        "result": result,
        "exchange": exchange,
        "home_url": exchange.home_url(options),
        "upload_url": exchange.upload_url(options),
        "apply_job": apply_job,
        "applied": result.get("applied"),
        "problems": [(row_name(row, sheets), *told) for row, *told in result.get("problems", [])[:SHOWN_PROBLEMS]],
        "choices": {} if FORGOTTEN in result or apply_job else result.get("choices", {}),
        "groups": _groups(result, confirmed, sheets),
        "page_obj": page,
        "like": [
            {"row": row, "name": row_name(row, sheets), "label": label, "others": others, "yes": row in confirmed}
            for row, label, others in page
        ],
    }
    return render(request, "portal/exchange/import.html", context)


def _groups(result: dict[str, Any], confirmed: set[int], sheets: list[str]) -> list[dict[str, Any]]:
    """What would be done, or was; of the likely duplicates those that a person confirmed belong to it."""
    titles = {CREATE: _("Thêm mới"), CHANGE: _("Thay đổi"), CLOSE: _("Không còn trong danh sách")}
    groups: list[dict[str, Any]] = []
    if FORGOTTEN in result:
        return groups
    for action, title in titles.items():
        more = [[row, label, {}] for row, label, _like in result.get("like", ()) if row in confirmed]
        more = more if action == CREATE else []
        if count := result.get(action, 0) + len(more):
            shown = sorted(result.get(f"{action}_shown", []) + more, key=lambda item: item[0])
            named = [(row_name(row, sheets), *told) for row, *told in shown[: work.SHOWN]]
            groups.append({"title": title, "action": action, "count": count, "shown": named})
    return groups


@require_safe
def exchange_report(request: Request, pk: int) -> HttpResponse:
    """The problems as a sheet, to work through beside the file."""
    check = own_job(request, _checks(request.user).filter(result__has_key="problems"), pk)
    if not readable(check):
        return closed(request)
    columns = [(_("Dòng"), 8), (_("Ô"), 10), (_("Cột"), 24), (_("Điều cần sửa"), 90)]
    sheets = check.result.get("sheets", [])
    several = len(sheets) > 1
    rows = (
        [row_name(row, sheets) if several else row or None, cell, column, words]
        for row, column, cell, words in check.result.get("problems", [])
    )
    head = Head(
        _("Điều cần sửa trong tệp"), unit=seat(request.user), about=str(exchanges()[check.params["exchange"]].title)
    )
    return download(workbook(_("Điều cần sửa"), columns, rows, head=head), _("dieu-can-sua-%s.xlsx") % check.pk)


def _hands_out_power(request: Request, pk: int) -> bool:
    """Whether a file of accounts, roles or units is to be written."""
    lists = ("accounts", "units")
    return (
        request.POST.get("action") == "apply"
        and _checks(request.user).filter(pk=pk, params__exchange__in=lists).exists()
    )


@asks_again(when=_hands_out_power)
@require_POST
def exchange_apply(request: Request, pk: int) -> HttpResponse:
    """Keep what was ticked on this page; if asked, write the whole file in the background."""
    with transaction.atomic():
        check = own_job(request, _checks(request.user).select_for_update(of=("self",)), pk)
        if not readable(check):
            return closed(request)
        ready = check.state == Job.State.DONE and "digest" in check.result and FORGOTTEN not in check.result
        if ready and "apply_job" not in check.result:
            check.result["confirmed"] = _ticked(request, check)
            check.save(update_fields=["result"])
        if ready and request.POST.get("action") == "apply":
            return redirect(work.start_apply(check, by=request.user))
    if not ready:
        if FORGOTTEN in check.result:
            messages.error(request, _("Tệp đã tải lên không còn trên máy chủ. Hãy tải lên lại."))
        else:
            messages.error(request, _("Tệp này chưa nhập được. Hãy xem những chỗ cần sửa."))
        return redirect("exchange_import", pk=pk)
    messages.success(request, _("Đã lưu lựa chọn."))
    return redirect(f"{request.path.removesuffix('apply/')}?page={request.POST.get('page', '1')[:6]}#like")


def _ticked(request: Any, check: Job) -> list[int]:
    """The rows confirmed as somebody else; a page speaks only of the rows it showed."""
    known = {row for row, _label, _others in check.result.get("like", ())}
    kept = set(check.result.get("confirmed", ())) - set(numbers(request.POST.getlist("shown")))
    return sorted(kept.union(numbers(request.POST.getlist("confirmed"))) & known)


@require_POST
def exchange_again(request: Request, pk: int) -> HttpResponse:
    """Check the same file anew: the portal's own data changed in between, or it is to be read in another way."""
    check = own_job(request, _checks(request.user), pk)
    exchange, options = exchanges()[check.params["exchange"]], check.params["options"]
    if not exchange.open_to(request.user, options):
        raise PermissionDenied
    choice, once = Choice.of(check.params.get("reading", {})), f"{check.pk}-again"
    if "read" in request.POST:
        choice = Choice(tuple(request.POST.getlist("sheets")) or None, hidden="hidden" in request.POST)
        once = f"{once}-{hashlib.blake2b(repr(choice).encode(), digest_size=8).hexdigest()}"
    try:
        with work.stored(check) as file:
            job = work.start_check(exchange, file, by=request.user, options=options, once=once, reading=choice)
    except FileNotFoundError:
        messages.error(request, _("Tệp đã tải lên không còn trên máy chủ. Hãy tải lên lại."))
        return redirect(exchange.upload_url(options))
    return redirect(job)
