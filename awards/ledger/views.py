"""The ledger: the list, a subject's book, and what is written in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from awards.initiatives import services as initiatives
from awards.ledger import books, documents
from awards.ledger import services as ledger
from awards.ledger.books import KINDS
from awards.ledger.forms import CorrectForm, LedgerFilter, LineForm, RatingForm, ReasonForm, RevokeForm, SubjectSearch
from awards.ledger.jobs import LEDGER_EXPORT
from awards.ledger.prospects import prospects
from awards.ledger.services import Rights
from awards.models import Initiative, Level, PastAward, Rating, SubjectKind
from awards.models.subjects import Commended, key_of_subject
from portal.access import seat
from portal.days import today
from portal.files.sheets import Head, download
from portal.flow import Refused
from portal.jobs import services as jobs
from portal.models import Entry
from portal.web import paging, refusals
from portal.web.forms.picking import search
from portal.web.parameters import number
from portal.web.requests import Request
from units.models import Person, Posting, Unit, lineage
from units.people import privacy

PAGE = 25
AT_ONCE = 5_000  # a longer sheet is made in the background
CHOICES = 100


# --- the gates ---


def _subject(request: Request, kind: str, pk: int) -> Commended:
    if kind not in KINDS:
        raise Http404
    found: Commended = get_object_or_404(books.subjects(kind, request.user), pk=pk)
    return found


def _line(request: Request, pk: int) -> PastAward:
    seen = PastAward.objects.visible_to(request.user).with_subject()
    return get_object_or_404(seen.select_related("doubted_by", "entered_by__person"), pk=pk)


# --- looking ---


@require_safe
def ledger_list(request: Request) -> HttpResponse:
    form = LedgerFilter(request.GET, user=request.user)
    found = form.narrow(PastAward.objects.visible_to(request.user))
    page = paging.paginate(request, found, PastAward.objects.with_subject(), form.order, PAGE)
    total, many = paging.count(found)
    context = {
        "form": form,
        "page": page,
        "rows": page.rows,
        "query": form.query,
        "total": total,
        "many": many,
        "may_enter": Rights.of(request.user).any,
    }
    return render(request, "awards/ledger/list.html", context)


@require_GET
def ledger_export(request: Request) -> HttpResponse:
    form = LedgerFilter(request.GET, user=request.user)
    found = form.narrow(PastAward.objects.visible_to(request.user))
    if found.order_by()[: AT_ONCE + 1].count() > AT_ONCE:
        job = jobs.start(LEDGER_EXPORT, _("Xuất sổ khen thưởng"), by=request.user, query=form.query)
        return redirect(job)
    head = Head(_("Sổ khen thưởng"), unit=seat(request.user), asked=form.in_words)
    book = documents.ledger_workbook(found.with_subject().order_by("-year", "-pk"), head)
    return download(book, f"khen-thuong-{today():%Y-%m-%d}.xlsx")


@require_safe
def ledger_find(request: Request) -> HttpResponse:
    """Whom a new line is to be about."""
    if not Rights.of(request.user).any:
        raise PermissionDenied
    form = SubjectSearch(request.GET or None)
    groups: list[dict[str, Any]] = []
    if form.is_valid():
        words = form.cleaned_data["q"]
        for kind in KINDS:
            hits = search([books.subjects(kind, request.user)], words)
            groups.append({"kind": kind, "label": SubjectKind(kind).label, "hits": hits})
    context = {"form": form, "groups": groups, "found": any(group["hits"].choices for group in groups)}
    return render(request, "awards/ledger/find.html", context)


@require_safe
def ledger_subject(request: Request, kind: str, pk: int) -> HttpResponse:
    subject = _subject(request, kind, pk)
    day, rights = today(), Rights.of(request.user)
    private = False
    if isinstance(subject, Person) and privacy.in_full(request.user).filter(pk=pk).exists():
        private = True
        privacy.note_view(request.user, subject, ["statuses", "joined_on"])
    year = _year(request.GET.get("year"), day.year)
    book = books.book(subject)
    years, rows = books.strip(book, day.year)
    context = {
        "subject": subject,
        "kind": kind,
        "kind_label": SubjectKind(kind).label,
        "book": book,
        "lines": book.lines,
        "before": any(line.before for line in book.lines),
        "years": years,
        "rows": rows,
        "year": year,
        "choices": [day.year, day.year - 1],
        "prospects": prospects(book, on=day, year=year, private=private),
        "units": _units(subject, rights),
        "entries": Entry.objects.about(subject).filter(verb="rate")[:50],
    }
    return render(request, "awards/ledger/subject.html", context)


def _year(text: str | None, this: int) -> int:
    """The year asked about: this one or the one before."""
    return this - 1 if text == str(this - 1) else this


def _units(subject: Commended, rights: Rights) -> list[Unit]:
    """The units of the subject's life for which the person may write something."""
    if isinstance(subject, Person):
        theirs = Unit.objects.filter(pk__in=Posting.objects.filter(person=subject).values("unit"))
    else:
        unit = subject if isinstance(subject, Unit) else subject.unit
        theirs = Unit.objects.filter(pk__in=[unit.pk, *lineage.before(unit)])
    return [unit for unit in theirs.order_by("-valid_from", "-pk") if rights.enters(unit, Level.UNIT)]


@require_safe
def past_award(request: Request, pk: int) -> HttpResponse:
    line, rights = _line(request, pk), Rights.of(request.user)
    context = {
        "line": line,
        "may_correct": rights.enters(line.unit, line.level),
        "may_revoke": rights.revokes(line),
        "doubts": line.doubts.with_subject(),
        "doubted_by": books.in_words(line.doubted_by) if line.doubted_by else "",
        "initiatives": line.initiatives.visible_to(request.user),
        "unused": _unused(line, request) if rights.enters(line.unit, line.level) and not line.revoked_on else [],
        "entries": Entry.objects.about(line)[:50],
    }
    return render(request, "awards/ledger/past_award.html", context)


def _unused(line: PastAward, request: Request) -> Iterable[Initiative]:
    """Recognised initiatives of the person that this award does not use yet."""
    mine = Initiative.objects.visible_to(request.user).filter(state=Initiative.State.RECOGNISED)
    mine = mine.exclude(pk__in=line.initiatives.values("pk"))
    return mine.filter(authors__person=line.person_id)[:CHOICES] if line.person_id else []


# --- writing ---


def _writable(request: Request, kind: str, pk: int) -> tuple[Commended, Rights, QuerySet[Unit]]:
    """The subject, what the person may write, and the units for which."""
    subject, rights = _subject(request, kind, pk), Rights.of(request.user)
    units = _units(subject, rights)
    if not units:
        raise PermissionDenied
    return subject, rights, Unit.objects.filter(pk__in=[unit.pk for unit in units])


@require_http_methods(["GET", "HEAD", "POST"])
def ledger_enter(request: Request, kind: str, pk: int) -> HttpResponse:
    subject, rights, units = _writable(request, kind, pk)
    line = PastAward(**{key_of_subject(subject): subject})
    form = LineForm(_posted(request), instance=line, rights=rights, units=units)
    if form.is_valid() and (saved := _try(request, form, lambda: ledger.enter(line, by=request.user, today=today()))):
        messages.success(request, _("Đã ghi vào sổ: %s.") % books.in_words(saved))
        return redirect("ledger_subject", kind, pk)
    context = {"subject": subject, "kind": kind, "form": form}
    return render(request, "awards/ledger/enter.html", context, status=_status(request))


@require_http_methods(["GET", "HEAD", "POST"])
def ledger_rate(request: Request, kind: str, pk: int) -> HttpResponse:
    subject, _rights, units = _writable(request, kind, pk)
    rating = Rating(**{key_of_subject(subject): subject})
    form = RatingForm(_posted(request), instance=rating, units=units)
    if form.is_valid() and _try(
        request, form, lambda: ledger.rate(rating, by=request.user, reason=form.cleaned_data["reason"])
    ):
        messages.success(request, _("Đã ghi xếp loại năm %s.") % rating.year)
        return redirect("ledger_subject", kind, pk)
    context = {"subject": subject, "kind": kind, "form": form}
    return render(request, "awards/ledger/rate.html", context, status=_status(request))


@require_http_methods(["GET", "HEAD", "POST"])
def past_award_correct(request: Request, pk: int) -> HttpResponse:
    line, rights = _line(request, pk), Rights.of(request.user)
    if not rights.enters(line.unit, line.level):
        raise PermissionDenied
    units = Unit.objects.filter(pk__in={unit.pk for unit in _units(line.subject, rights)} | {line.unit_id})
    form = CorrectForm(_posted(request), instance=line, rights=rights, units=units, user=request.user)
    context: dict[str, Any] = {"line": line, "form": form}
    if form.is_valid():
        told = form.cleaned_data
        setattr(line, key_of_subject(told["subject"]), told["subject"])
        verb = lambda: ledger.correct(  # noqa: E731
            line, by=request.user, version=told["version"], reason=told["reason"], today=today()
        )
        if _try(request, form, verb, context):
            messages.success(request, _("Đã sửa; nội dung cũ và lý do còn trong nhật ký."))
            return redirect("past_award", pk)
    return render(request, "awards/ledger/past_award_correct.html", context, status=_status(request))


@require_http_methods(["GET", "HEAD", "POST"])
def past_award_revoke(request: Request, pk: int) -> HttpResponse:
    line = _revocable(request, pk)
    form = RevokeForm(_posted(request), initial={"version": line.version})
    context = {"line": line, "form": form, "resting": ledger.resting_on(line, lock=False)}
    if form.is_valid():
        told = form.cleaned_data
        if _try(request, form, lambda: ledger.revoke(line, by=request.user, **told), context):
            messages.success(request, _("Đã ghi nhận quyết định hủy."))
            return redirect("past_award", pk)
    return render(request, "awards/ledger/past_award_revoke.html", context, status=_status(request))


@require_POST
def past_award_initiative(request: Request, pk: int) -> HttpResponse:
    """Name an initiative that the award used up."""
    line = _line(request, pk)
    if not Rights.of(request.user).enters(line.unit, line.level):
        raise PermissionDenied
    mine = Initiative.objects.visible_to(request.user).filter(authors__person=line.person_id or 0)
    initiative = get_object_or_404(mine, pk=number(request.POST.get("initiative")))
    try:
        initiatives.consume(initiative, line, by=request.user)
    except Refused as refusal:
        refusals.tell(request, refusal)
    else:
        messages.success(request, _("Đã ghi: sáng kiến được dùng cho khen thưởng này."))
    return redirect("past_award", pk)


WITH_REASON = {
    "reinstate": (
        ledger.reinstate,
        gettext_lazy("Khôi phục sau khi hủy nhầm"),
        gettext_lazy(
            "Chỉ dùng khi quyết định hủy bị ghi nhầm dòng. Các khen thưởng bị đánh dấu vì dòng này được bỏ dấu."
        ),
    ),
    "settle": (
        ledger.settle,
        gettext_lazy("Đã xem lại, giữ nguyên"),
        gettext_lazy("Khen thưởng này dựa trên một khen thưởng đã bị hủy. Ghi lý do vì sao vẫn giữ nguyên."),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def past_award_act(request: Request, pk: int, act: str) -> HttpResponse:
    if act not in WITH_REASON:
        raise Http404
    line = _revocable(request, pk)
    verb, title, text = WITH_REASON[act]
    form = ReasonForm(_posted(request), initial={"version": line.version})
    context = {"line": line, "form": form, "title": title, "text": text}
    if form.is_valid() and _try(request, form, lambda: verb(line, by=request.user, **form.cleaned_data), context):
        messages.success(request, _("Đã ghi nhận."))
        return redirect("past_award", pk)
    return render(request, "awards/ledger/past_award_act.html", context, status=_status(request))


def _revocable(request: Request, pk: int) -> PastAward:
    line = _line(request, pk)
    if not Rights.of(request.user).revokes(line):
        raise PermissionDenied
    return line


def _posted(request: Request) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _status(request: Request) -> int:
    return 422 if request.method == "POST" else 200


def _try(request: Request, form: BaseForm, verb: Callable[[], Any], context: dict[str, Any] | None = None) -> Any:
    """What the verb returns; None and words in the form when it is refused or somebody else was quicker."""
    try:
        return verb()
    except Refused as refusal:
        refusals.tell(request, refusal, form)
    except ledger.EditConflict as clash:
        form.add_error(None, _("Người khác vừa sửa dòng này. Hãy xem bản mới ở trên rồi quyết định lại."))
        if context is not None:
            context["stored"], context["version"] = ledger.shown(clash.theirs), clash.theirs.version
    return None
