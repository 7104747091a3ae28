"""The office's editions and figures: begun from what ruled before, written, brought and taken as files."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awards.editions import tables
from awards.editions.tables import Law
from awards.law import standards
from awards.law.standards import Edition
from awards.law.standards.files import text_of
from awards.law.terms import Tag
from awards.models import ConditionSetting, LawEdition, LawFigure, LawFile
from portal.files import stored
from portal.flow import Refused, overtaken
from portal.models.trail import differences, in_words, record
from units.models import User

MAX_FILES = 40  # of one edition
FIGURE = ("kind", "valid_from", "amount", "basis")
CLOSED = gettext_lazy("Bộ quy định này không còn là bản soạn: không sửa được nữa.")


def may_draft(user: User) -> bool:
    """The office of the whole sector."""
    return user.may_anywhere("draft_law")


def text_in_force(edition: Edition) -> str:
    """The text of an edition that everybody may read: that of its row, else of its file."""
    row = LawEdition.objects.in_force().filter(code=edition.code).values_list("text", flat=True).first()
    return row or text_of(edition)


@transaction.atomic
def begin(before: Edition, *, code: str, name: str, name_en: str, valid_from: date, by: User) -> LawEdition:
    """A draft that says what the edition before says; raises Refused where the code is taken."""
    if not may_draft(by):
        raise PermissionDenied
    law = tables.read(text_in_force(before))
    if not before.enabled:
        law = _on_the_last(law)
    head = law["edition"]
    head.pop("valid_to", None)
    head |= {"code": code, "name": name, "name_en": name_en, "valid_from": valid_from, "enabled": before.enabled}
    _carry_severities(law, before.code)
    return _new(law, before=_compared_with(before), by=by)


def _compared_with(before: Edition) -> str:
    """With which edition the draft is compared: one that says nothing of any award is no measure."""
    return before.code if before.awards else _last_complete().code


def _last_complete() -> Edition:
    return [edition for edition in standards.editions() if edition.enabled][-1]


def _on_the_last(law: Law) -> Law:
    """What is known of a law whose text was not read, on top of the last complete edition.

    What that one has verified is not verified for the new law: it is taken over as «not read».
    """
    whole = tables.read(text_in_force(_last_complete()))
    for place in tables.places(whole):
        row = tables.row_at(whole, place)
        if row.get("tag") in (Tag.VERIFIED, Tag.SECONDARY):
            row["tag"] = Tag.MEMORY.value
    for name, rows in law.items():
        whole[name] = {**whole.get(name, {}), **rows} if isinstance(rows, dict) else [*rows, *whole.get(name, [])]
    return whole


def _carry_severities(law: Law, code: str) -> None:
    """What the office decided of the former edition's conditions goes on in the new one."""
    changed = {(s.award, s.condition): s.severity for s in ConditionSetting.objects.of(code)}
    for award in law.get("award", []):
        rows = [*award.get("conditions", []), *([award["quota"] | {"key": "quota"}] if "quota" in award else [])]
        for row in rows:
            if severity := changed.get((award["code"], row["key"])):
                (award["quota"] if row["key"] == "quota" else row)["severity"] = severity


def _new(law: Law, *, before: str, by: User, text: str = "") -> LawEdition:
    made, _edition = tables.checked(law)
    head = law["edition"]
    _refuse_taken(head["code"])
    row = LawEdition(
        code=head["code"], name=head["name"], valid_from=head["valid_from"], before=before, text=text or made, by=by
    )
    try:
        with transaction.atomic():
            row.full_clean()
            row.save()
    except (ValidationError, IntegrityError) as error:
        raise Refused(getattr(error, "messages", [_("Đã có một bộ quy định mang mã này.")])) from error
    record(row, "create", by=by, note=standards.edition(before).label)
    return row


def _refuse_taken(code: str) -> None:
    if any(one.code == code and one.enabled for one in standards.editions()):
        raise Refused([_("Mã «%s» là của một bộ quy định đã có; hãy đặt mã khác.") % code])


def _locked(edition: LawEdition, by: User, version: int) -> LawEdition:
    if not may_draft(by):
        raise PermissionDenied
    row: LawEdition = LawEdition.objects.select_for_update(of=("self",)).get(pk=edition.pk)
    if not row.editable:
        raise Refused([CLOSED])
    if row.version != version:
        raise Refused([overtaken(row, version, by)])
    return row


def _keep(row: LawEdition, text: str, *, by: User, note: str, changes: dict[str, Any]) -> LawEdition:
    head = tables.read(text)["edition"]
    row.text, row.name, row.valid_from = text, head["name"], head["valid_from"]
    row.version += 1
    row.save()
    record(row, "edit", by=by, note=note, changes=changes, version=row.version)
    return row


@transaction.atomic
def write(
    edition: LawEdition,
    place: str,
    table: dict[str, Any],
    *,
    name: str = "",
    changes: dict[str, Any],
    by: User,
    version: int,
) -> LawEdition:
    """Put the row at its place; what makes the edition unreadable is refused."""
    row = _locked(edition, by, version)
    law = tables.with_row(tables.read(row.text), place, table, name)
    text, _edition = tables.checked(law)
    return _keep(row, text, by=by, note=tables.name_of(law, place), changes=changes) if changes else row


@transaction.atomic
def remove(edition: LawEdition, place: str, *, by: User, version: int) -> LawEdition:
    """Take out what stands at the place."""
    row = _locked(edition, by, version)
    law = tables.read(row.text)
    said = tables.name_of(law, place)
    gone = tables.row_at(law, place)
    text, _edition = tables.checked(tables.without_row(law, place))
    words = str(gone.get("text") or gone.get("name") or gone.get("rule") or place)
    return _keep(row, text, by=by, note=said, changes={said: [words, ""]})


# --- as files ---


@transaction.atomic
def bring(text: str, *, by: User) -> tuple[Edition | LawEdition, bool]:
    """The edition that the file holds, and whether anything is new: its draft is made or written anew.

    What is in force already comes in again without a change, or is refused where it says something else.
    """
    if not may_draft(by):
        raise PermissionDenied
    edition = tables.edition_in(text)
    law = tables.read(text)
    known = {one.code: one for one in standards.editions()}.get(edition.code)
    if known and tables.read(text_in_force(known)) == law:
        return known, False
    _refuse_taken(edition.code)
    drafts = LawEdition.objects.select_for_update(of=("self",)).exclude(state=LawEdition.State.DISCARDED)
    draft = drafts.filter(code=edition.code).first()
    if draft is None:
        return _new(law, before=_last_complete().code, by=by, text=text), True
    if draft.text == text:
        return draft, False
    if not draft.editable:
        raise Refused([CLOSED])
    return _keep(draft, text, by=by, note=_("Tệp TOML"), changes={}), True


def attach(row: LawEdition | LawFigure, file: Any, *, document: str = "", by: User) -> LawFile:
    """Keep the signed file of a document beside the draft; raises ValidationError with words."""
    if not may_draft(by):
        raise PermissionDenied
    brought = stored.look_into(file)
    with transaction.atomic():
        locked = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
        if not locked.editable:
            raise ValidationError(CLOSED)
        of = {"edition": locked} if isinstance(locked, LawEdition) else {"figure": locked}
        full = _("Đã đủ %s tệp; hãy gỡ bớt.") % MAX_FILES
        made = LawFile(document=document, **of)
        return stored.keep(made, brought, among=LawFile.objects.filter(**of), limit=MAX_FILES, full=full, by=by)


@transaction.atomic
def detach(file: LawFile, *, by: User) -> None:
    """Take the file out of the draft."""
    if not may_draft(by):
        raise PermissionDenied
    paper = file.paper
    if not type(paper)._default_manager.select_for_update(of=("self",)).get(pk=paper.pk).editable:
        raise ValidationError(CLOSED)
    stored.take_out(file, by=by)


# --- figures ---


@transaction.atomic
def write_figure(figure: LawFigure | None, *, by: User, version: int = 0, **fields: Any) -> LawFigure:
    """A new figure, or what a drafted one says now."""
    if not may_draft(by):
        raise PermissionDenied
    if figure is None:
        made = LawFigure.objects.create(by=by, **fields)
        record(made, "create", by=by, changes=differences({}, in_words(made, FIGURE)))
        return made
    row: LawFigure = LawFigure.objects.select_for_update(of=("self",)).get(pk=figure.pk)
    if not row.editable:
        raise Refused([_("Số liệu này không còn là bản soạn: không sửa được nữa.")])
    if row.version != version:
        raise Refused([overtaken(row, version, by)])
    before = in_words(row, FIGURE)
    for name, value in fields.items():
        setattr(row, name, value)
    if changed := differences(before, in_words(row, FIGURE)):
        row.version += 1
        row.save()
        record(row, "edit", by=by, changes=changed, version=row.version)
    return row
