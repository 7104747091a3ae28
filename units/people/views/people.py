"""People: found, read by whoever may, kept by the administrators of their unit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from portal.days import today
from portal.files.uploads import XLSX
from portal.flow import Refused
from portal.models.trail import record
from portal.web import paging, refusals, seen
from portal.web.requests import Request
from units.models import Person, PersonStatus, Posting
from units.people import duplicates, privacy, services
from units.people import record as person_record
from units.people.forms import (
    AnonymiseForm,
    NewPostingForm,
    PeopleFilter,
    PersonForm,
    PostingFields,
    PostingForm,
    ReasonForm,
    StatusForm,
    TransferForm,
)
from units.people.queries import STATUS_TONES, described, filtered, may_ask_statuses

PAGE = 25
TRAIL = 50
FORMATS: dict[str, tuple[Callable[[Person], bytes], str]] = {
    "json": (person_record.as_json, "application/json"),
    "xlsx": (person_record.as_workbook, XLSX),
}


# --- the list ---


@require_safe
def person_list(request: Request) -> HttpResponse:
    """People by given name, a page at a time."""
    user = request.user
    if not user.staff_paths():
        raise PermissionDenied
    form = PeopleFilter(request.GET, user=user, statuses=may_ask_statuses(user))
    people = filtered(form, user)
    page = paging.paginate(request, people, None, ("sort_key", "pk"), PAGE, rising=True)
    total, many = paging.count(people)
    context = {
        "form": form,
        "page": page,
        "rows": described(page.rows, user),
        "total": total,
        "many": many,
        "query": form.query,
        "may_add": bool(user.paths_where("keep_people")),
    }
    return render(request, "units/people/list.html", context)


# --- one person ---


def _person(request: Request, pk: int) -> Person:
    """The record, if its page opens to this person at all."""
    return get_object_or_404(privacy.records(request.user), pk=pk)


def _kept(request: Request, pk: int) -> Person:
    """The record, for who keeps it; a form that is opened by itself shows as much as the page and leaves its line."""
    person = _person(request, pk)
    if not privacy.keeps(request.user, person):
        raise PermissionDenied
    privacy.note_view(request.user, person, privacy.FIELDS)
    return person


@require_safe
def person_detail(request: Request, pk: int) -> HttpResponse:
    """The record as far as this person sees it; the address of a merged record leads to the one that stayed."""
    user = request.user
    person = privacy.records(user).select_related("user").filter(pk=pk).first()
    if person is None:
        return redirect(_person(request, _stayed(pk)))
    kept = privacy.keeps(user, person)
    fields = privacy.shown(user, person, kept=kept)
    privacy.note_view(user, person, fields)
    day = today()
    context: dict[str, Any] = {
        "person": person,
        "shown": fields,
        "keeps": kept and not person.anonymised_at,
        "own": person.pk == user.person_id,
        "postings": [(p, _runs(p, day)) for p in person.postings.select_related("unit", "collective")],
    }
    if "statuses" in fields:
        statuses = person.statuses.all()
        context["statuses"] = [(s, _runs(s, day), STATUS_TONES.get(s.kind, "neutral")) for s in statuses]
    if "account" in fields:
        context["account"] = getattr(person, "user", None)
    if "merges" in fields:
        context["merges"] = person.merges.filter(undone_at=None).select_related("gone", "by__person")
    if "trail" in fields:
        context["entries"] = privacy.trail(person)[:TRAIL]
    return render(request, "units/people/detail.html", context)


def _stayed(pk: int) -> int:
    """The record into which this one was merged, at last."""
    row = Person.objects.filter(pk=pk).first()
    while row and row.merged_into_id:
        row = row.merged_into
    return row.pk if row else 0


def _runs(row: Posting | PersonStatus, day: date) -> bool:
    return (row.valid_from or day) <= day <= (row.valid_to or day)


@require_safe
def person_me(request: Request) -> HttpResponse:
    """One's own record."""
    if not request.user.person_id:
        raise PermissionDenied
    return redirect("person_detail", request.user.person_id)


@require_http_methods(["GET", "HEAD", "POST"])
def person_new(request: Request) -> HttpResponse:
    user = request.user
    if not user.paths_where("keep_people"):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    form, place = PersonForm(data), PostingFields(data, by=user, initial={"unit": request.GET.get("unit", "")[:100]})
    if data is not None and form.is_valid() & place.is_valid():
        try:
            person = services.create(form.told, place.told, by=user)
        except Refused as refusal:
            refusals.tell(request, refusal, form)
        else:
            messages.success(request, _("Đã thêm %s.") % person.full_name)
            if duplicates.has_twin(person, user):
                messages.warning(request, _("Đã có người cùng họ tên, cùng năm sinh: hãy xem «Hồ sơ nghi trùng»."))
            return redirect(person)
    return render(request, "units/people/new.html", {"form": form, "place": place})


@require_http_methods(["GET", "HEAD", "POST"])
def person_edit(request: Request, pk: int) -> HttpResponse:
    """Put the record right; who is overtaken sees what is stored beside what they typed, and decides."""
    person = _kept(request, pk)
    form = PersonForm(_data(request), instance=Person.objects.get(pk=pk))  # the form writes into a copy of its own
    context: dict[str, Any] = {"person": person, "form": form, "version": person.version}
    if request.method == "POST" and form.is_valid():
        try:
            services.edit(person, form.told, by=request.user, version=seen.version(request))
        except services.EditConflict as conflict:
            context |= {"version": conflict.theirs.version, "clash": _clash(conflict.theirs, form.instance)}
            return render(request, "units/people/edit.html", context, status=409)
        except Refused as refusal:
            refusals.tell(request, refusal, form)
        else:
            messages.success(request, _("Đã lưu hồ sơ."))
            return redirect(person)
    return render(request, "units/people/edit.html", context)


def _clash(stored: Person, typed: Person) -> list[tuple[str, str, str]]:
    """Where what was typed differs from what is stored by now."""
    now, mine = services.in_words(stored, services.FIELDS), services.in_words(typed, services.FIELDS)
    return [
        (name, now.get(name, "–"), mine.get(name, "–")) for name in {**now, **mine} if now.get(name) != mine.get(name)
    ]


def _act(
    request: Request, person: Person, form: Any, verb: Callable[[dict[str, Any], int], Any], said: str, page: dict
) -> HttpResponse:
    """Ask a form about a person and do what it says; refusals and lost races are told above the form."""
    if request.method == "POST" and form.is_valid():
        try:
            verb(form.cleaned_data, form.cleaned_data["version"])
        except Refused as refusal:
            refusals.tell(request, refusal, form)
        except services.EditConflict as conflict:
            form.add_error(None, _("Hồ sơ vừa được người khác thay đổi. Hãy xem lại rồi gửi một lần nữa."))
            form.data = form.data.copy()
            form.data["version"] = conflict.theirs.version
        else:
            messages.success(request, said)
            return redirect(person)
    return render(request, "units/people/act.html", {"person": person, "form": form} | page)


def _data(request: Request) -> Any:
    return request.POST if request.method == "POST" else None


@require_http_methods(["GET", "HEAD", "POST"])
def posting_new(request: Request, pk: int) -> HttpResponse:
    person = _kept(request, pk)
    form = NewPostingForm(_data(request), by=request.user, initial={"version": person.version})
    page = {
        "heading": _("Thêm vị trí công tác"),
        "lead": _("Vị trí mới có hiệu lực song song với các vị trí khác, ví dụ khi biệt phái, kiêm nhiệm."),
        "button": _("Thêm vị trí"),
    }
    verb = lambda told, version: services.begin_posting(person, form.told, by=request.user, version=version)  # noqa: E731
    return _act(request, person, form, verb, _("Đã thêm vị trí công tác."), page)


def _posting(request: Request, pk: int) -> Posting:
    posting = get_object_or_404(Posting.objects.select_related("person", "unit", "collective"), pk=pk)
    _kept(request, posting.person_id)
    if not request.user.may("keep_people", posting.unit):
        raise PermissionDenied
    return posting


@require_http_methods(["GET", "HEAD", "POST"])
def posting_edit(request: Request, pk: int) -> HttpResponse:
    posting = _posting(request, pk)
    person = posting.person
    initial = {name: getattr(posting, name) for name in services.POSTING} | {"version": person.version}
    form = PostingForm(_data(request), posting=posting, initial=initial)
    page = {
        "heading": _("Sửa hoặc kết thúc vị trí công tác"),
        "lead": posting.unit.name,
        "button": _("Lưu"),
        "remove_url": "posting_remove",
        "row": posting,
    }
    verb = lambda told, version: services.edit_posting(posting, form.told, by=request.user, version=version)  # noqa: E731
    return _act(request, person, form, verb, _("Đã lưu vị trí công tác."), page)


@require_http_methods(["GET", "HEAD", "POST"])
def posting_remove(request: Request, pk: int) -> HttpResponse:
    posting = _posting(request, pk)
    form = ReasonForm(_data(request), initial={"version": posting.person.version})
    page = {
        "heading": _("Xóa vị trí công tác ghi nhầm"),
        "lead": _("Chỉ xóa khi vị trí này chưa bao giờ có thật. Người đã rời vị trí thì ghi ngày kết thúc."),
        "button": _("Xóa vị trí"),
        "row": posting,
    }
    verb = lambda told, version: services.remove_posting(  # noqa: E731
        posting, by=request.user, version=version, reason=told["reason"]
    )
    return _act(request, posting.person, form, verb, _("Đã xóa vị trí công tác."), page)


@require_http_methods(["GET", "HEAD", "POST"])
def posting_transfer(request: Request, pk: int) -> HttpResponse:
    """To another unit, collective or position from a day on; the ledger keeps where the person was."""
    posting = _posting(request, pk)
    initial = {
        "version": posting.person.version,
        "unit": posting.unit.code,
        "collective": posting.collective.code if posting.collective else "",
        "position": posting.position,
        "leads": posting.leads,
    }
    form = TransferForm(_data(request), by=request.user, initial=initial)
    page = {
        "heading": _("Chuyển công tác"),
        "lead": _("Vị trí hiện nay kết thúc vào ngày trước đó; kết quả, danh hiệu cũ vẫn thuộc đơn vị cũ."),
        "button": _("Chuyển"),
        "row": posting,
    }
    verb = lambda told, version: services.transfer(posting, form.told, by=request.user, version=version)  # noqa: E731
    return _act(request, posting.person, form, verb, _("Đã ghi việc chuyển công tác."), page)


@require_http_methods(["GET", "HEAD", "POST"])
def status_new(request: Request, pk: int) -> HttpResponse:
    person = _kept(request, pk)
    form = StatusForm(_data(request), initial={"version": person.version})
    page = {
        "heading": _("Thêm tình trạng"),
        "lead": _("Khi nghỉ hưu, thôi việc hoặc chuyển ngành, mọi vị trí công tác tự kết thúc vào ngày trước đó."),
        "button": _("Thêm tình trạng"),
    }
    verb = lambda told, version: services.begin_status(person, form.told, by=request.user, version=version)  # noqa: E731
    return _act(request, person, form, verb, _("Đã thêm tình trạng."), page)


def _status(request: Request, pk: int) -> PersonStatus:
    status = get_object_or_404(PersonStatus.objects.select_related("person"), pk=pk)
    _kept(request, status.person_id)
    return status


@require_http_methods(["GET", "HEAD", "POST"])
def status_edit(request: Request, pk: int) -> HttpResponse:
    status = _status(request, pk)
    initial = {name: getattr(status, name) for name in services.STATUS} | {"version": status.person.version}
    form = StatusForm(_data(request), initial=initial)
    page = {
        "heading": _("Sửa hoặc kết thúc tình trạng"),
        "lead": status.get_kind_display(),
        "button": _("Lưu"),
        "remove_url": "status_remove",
        "row": status,
    }
    verb = lambda told, version: services.edit_status(status, form.told, by=request.user, version=version)  # noqa: E731
    return _act(request, status.person, form, verb, _("Đã lưu tình trạng."), page)


@require_http_methods(["GET", "HEAD", "POST"])
def status_remove(request: Request, pk: int) -> HttpResponse:
    status = _status(request, pk)
    form = ReasonForm(_data(request), initial={"version": status.person.version})
    page = {
        "heading": _("Xóa tình trạng ghi nhầm"),
        "lead": _("Chỉ xóa khi tình trạng này chưa bao giờ có thật. Tình trạng đã qua thì ghi ngày kết thúc."),
        "button": _("Xóa tình trạng"),
        "row": status,
    }
    verb = lambda told, version: services.remove_status(  # noqa: E731
        status, by=request.user, version=version, reason=told["reason"]
    )
    return _act(request, status.person, form, verb, _("Đã xóa tình trạng."), page)


@require_GET
def person_export(request: Request, pk: int, kind: str) -> HttpResponse:
    """The whole record for the person's own request: to the person, and to who keeps the record."""
    person = _person(request, pk)
    if person.pk != request.user.person_id and not privacy.keeps(request.user, person):
        raise PermissionDenied
    write, content_type = FORMATS[kind]
    with transaction.atomic():
        content = write(person)
        record(person, "export", by=request.user, note=kind.upper())
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = str(content_disposition_header(True, f"ho-so-{person.staff_code}.{kind}"))
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def person_anonymise(request: Request, pk: int) -> HttpResponse:
    person = _kept(request, pk)
    objections = services.anonymity_objections(person)
    form = AnonymiseForm(_data(request), initial={"version": person.version})
    page = {
        "heading": _("Ẩn danh hồ sơ"),
        "lead": person.full_name,
        "button": _("Ẩn danh vĩnh viễn"),
        "objections": objections,
        "faults": [] if objections else None,  # then the form is not shown
        "warning": _(
            "Họ tên, số hiệu, năm sinh, giới tính, ngạch, ngày vào ngành và các tình trạng khác bị xóa khỏi hồ sơ và "
            "không lấy lại được. Đơn vị, chức vụ, thời gian công tác và các quyết định đã ban hành được giữ nguyên."
        ),
    }
    verb = lambda told, version: services.anonymise(  # noqa: E731
        person, by=request.user, version=version, reason=told["reason"]
    )
    return _act(request, person, form, verb, _("Đã ẩn danh hồ sơ."), page)
