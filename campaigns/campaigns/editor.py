"""The editor of a campaign's draft: what is typed is kept, and what is wrong is told at its place."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from campaigns import flow, rules
from campaigns.campaigns import editing
from campaigns.campaigns.forms import TITLES, Editor
from campaigns.flow import CAMPAIGN
from campaigns.models import Campaign
from portal.flow import EditConflict, Refused
from portal.sittings import last_edit
from portal.web import autosave, refusals, seen
from portal.web.forms.sections import Section
from portal.web.requests import Request


def get_campaign(request: Request, pk: int) -> Campaign:
    return get_object_or_404(
        Campaign.objects.visible_to(request.user).select_related("unit", "parent", "cloned_from"), pk=pk
    )


def get_prepared(request: Request, pk: int) -> Campaign:
    """The campaign, for those who write in it; for all others there is none."""
    campaign = get_campaign(request, pk)
    if not flow.may_prepare(request.user, campaign):
        raise Http404
    return campaign


def code_taken(form: Any) -> None:
    """Another request took the code between the check and the writing."""
    form.add_error("code", _("Mã này vừa được dùng cho một phong trào khác."))


@require_http_methods(["GET", "HEAD", "POST"])
def campaign_edit(request: Request, pk: int) -> HttpResponse:
    campaign = get_prepared(request, pk)
    if campaign.state != Campaign.State.DRAFT:
        messages.warning(
            request, _("Sau khi phát động, nội dung phong trào được giữ nguyên; chỉ còn gia hạn hoặc kết thúc.")
        )
        return redirect(campaign)
    if request.method != "POST":
        editor = Editor(campaign, request.user, more=request.GET.get("more", ""))
        return _edit_page(request, campaign, editor, campaign.version)
    editor = Editor(campaign, request.user, request.POST, request.FILES)
    told = request.POST.get("version", "")
    if not editor.sound():
        return _edit_page(request, campaign, editor, told, invalid=True)
    typed = editor.content()
    try:
        version = seen.version(request)
    except Refused as refused:
        refusals.tell(request, refused, editor.form)
        return _edit_page(request, campaign, editor, campaign.version, invalid=True)
    try:
        saved = editing.save_content(campaign, typed, by=request.user, version=version, tab=seen.tab(request))
    except EditConflict as conflict:
        clashes = editing.clashes(conflict.theirs, typed, version)
        return _edit_page(request, conflict.theirs, editor, conflict.theirs.version, clashes=clashes, own=conflict.own)
    except Refused as refused:
        refusals.tell(request, refused)
        return redirect(campaign)
    except IntegrityError:
        code_taken(editor.form)
        return _edit_page(request, campaign, editor, version, invalid=True)
    if not editor.is_valid():
        data = request.POST.copy()
        data.update({name: str(pk) for name, pk in editor.ids().items() if not data.get(name)})
        editor.rebind(data)
        return _edit_page(request, saved, editor, saved.version, invalid=True, kept=True)
    messages.success(request, _("Đã lưu bản nháp."))
    if (more := request.POST.get("add", "")) in editor.lists:
        return redirect(f"{request.path}?more={more}#{more}")
    if request.POST.get("then") == "preview":
        return redirect("campaign_preview", pk)
    return redirect("campaign_edit", pk)


@require_POST
def campaign_autosave(request: Request, pk: int) -> JsonResponse:
    """Keep what is being typed; answers as portal.js expects. Files come with the form itself."""
    campaign = get_prepared(request, pk)
    editor = Editor(campaign, request.user, request.POST)
    if not editor.sound():
        return autosave.refusal(editor.faults())
    typed, tab = editor.content(), seen.tab(request)
    try:
        version = seen.version(request)
        return autosave.answer(
            lambda: editing.save_content(campaign, typed, by=request.user, version=version, tab=tab),
            reverse("campaign_edit", args=[pk]),
            editor.faults(),
            ids=editor.ids,
            index=lambda saved: _index(_stored(saved)),
        )
    except Refused as refused:
        return autosave.refusal(refused.objections)
    except IntegrityError:
        code_taken(editor.form)
        return autosave.refusal(editor.faults())


def _edit_page(
    request: Request,
    campaign: Campaign,
    editor: Editor,
    version: int | str,
    *,
    invalid: bool = False,
    clashes: list[Any] | None = None,
    own: bool = False,
    kept: bool = False,
) -> HttpResponse:
    stored = _stored(campaign)
    return render(
        request,
        "campaigns/campaigns/edit.html",
        {
            "campaign": stored,
            "form": editor.form,
            "sections": _sections(editor),
            "milestones": editor.milestones,
            "version": version,
            "invalid": invalid,
            "kept": kept,
            "faults": editor.faults(),
            "index": _index(stored),
            "clashes": clashes,
            "last": last_edit(stored) if clashes is not None else None,
            "own": own,
            "checklist": rules.launch_checklist(stored),
            "objections": list(rules.launch_objections(stored)),
            "article": rules.LAUNCH_ARTICLE,
            "launches": CAMPAIGN["launch"].allowed_to(request.user, stored),
        },
        status=409 if clashes is not None else 200,
    )


def _stored(campaign: Campaign) -> Campaign:
    """The draft with its parts as they are stored."""
    parts = ("documents", "areas__criteria", "solutions", "milestones")
    return Campaign.objects.select_related("unit", "parent").prefetch_related(*parts).get(pk=campaign.pk)


def _index(campaign: Campaign) -> list[Section]:
    """The parts of the page, and how far the stored draft is in each."""
    areas = list(campaign.areas.all())
    said = (campaign.objective, campaign.scope, campaign.subjects, campaign.starts_on, campaign.ends_on)
    judged = sum(bool(area.criteria.all()) for area in areas)
    done = {
        "documents": (int(any(d.is_plan for d in campaign.documents.all())), 1),
        "areas": (judged, len(areas) or 1),
        "solutions": (min(1, len(campaign.solutions.all())), 1),
    }
    owed = any(m.owed_by for m in campaign.milestones.all())
    return [
        Section("general", _("Thông tin chung"), sum(map(bool, said)), len(said)),
        *(Section(name, title, *done.get(name, ())) for name, title in TITLES.items()),
        Section("milestones", _("Mốc thời gian"), int(owed), 1),
    ]


def _sections(editor: Editor) -> list[dict[str, Any]]:
    words = {
        "documents": (_("Kế hoạch phát động và các văn bản làm căn cứ."), _("Thêm văn bản")),
        "areas": (_("Mỗi đơn vị trả lời từng nội dung trong kế hoạch của mình."), _("Thêm nội dung")),
        "solutions": ("", _("Thêm giải pháp")),
        "merit_fields": ("", _("Thêm lĩnh vực")),
        "phases": (_("Để trống nếu phong trào không chia giai đoạn."), _("Thêm giai đoạn")),
    }
    return [
        {"name": name, "title": TITLES[name], "hint": words[name][0], "add": words[name][1], "formset": formset}
        for name, formset in editor.lists.items()
    ]
