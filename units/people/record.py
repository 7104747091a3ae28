"""The whole record of one person, for that person to take along: as JSON for machines, as a sheet for people."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.files.sheets import Head, workbook
from portal.models import Entry
from units.models import Person, PersonMerge, User
from units.people import privacy
from units.people.duplicates import relations
from units.people.services import FIELDS, in_words

Section = tuple[str, list[dict[str, str]]]


def sections(person: Person) -> list[Section]:
    """All that is kept about the person: the record, the rows that hang on it, the account, the trail."""
    found: list[Section] = [(_("Hồ sơ"), [_words(person, FIELDS)])]
    for model, field in relations():
        names = tuple(f.name for f in model._meta.concrete_fields if f.name != field and f.editable and _told(f))
        rows = model._base_manager.filter(**{field: person}).order_by("pk")
        foreign = [f.name for f in model._meta.concrete_fields if f.is_relation and f.name in names]
        if foreign:
            rows = rows.select_related(*foreign)
        found.append((str(model._meta.verbose_name_plural).capitalize(), [_words(row, names) for row in rows]))
    account = User.objects.filter(person=person).first()
    if account:
        found.append((_("Tài khoản"), [_words(account, ("username", "email", "mail_mode", "language", "is_active"))]))
        roles = account.memberships.select_related("unit")
        held = [_words(role, ("role", "unit", "valid_from", "valid_to", "document")) for role in roles]
        found.append((_("Vai trò"), held))
    merges = PersonMerge.objects.filter(kept=person, undone_at=None).select_related("gone")
    found.append((_("Hồ sơ đã gộp"), [_words(merge.gone, FIELDS) for merge in merges]))
    found.append((_("Nhật ký"), [_line(entry) for entry in privacy.trail(person)]))
    return found


def _told(field: Any) -> bool:
    """Whether the field is for people: they have a name for it. The others, an office's drafts among them, are not."""
    return not field.primary_key and "verbose_name" in field.deconstruct()[3]


def _words(row: Any, fields: tuple[str, ...]) -> dict[str, str]:
    return in_words(row, fields, get_language() or "vi")


def _line(entry: Entry) -> dict[str, str]:
    told = {_("Lúc"): f"{entry.at:%Y-%m-%dT%H:%M:%S%z}", _("Việc"): entry.label, _("Người làm"): str(entry.by or "")}
    changes = "; ".join(f"{name}: {old} → {new}" for name, old, new in entry.changes_display)
    return told | {name: text for name, text in ((_("Lý do"), entry.note), (_("Thay đổi"), changes)) if text}


def as_json(person: Person) -> bytes:
    """The record as JSON, in the words of the language that reads it."""
    told = [{"section": title, "rows": rows} for title, rows in sections(person)]
    return json.dumps(told, ensure_ascii=False, indent=2).encode()


def as_workbook(person: Person) -> bytes:
    """The record as a sheet of three columns: section, field, value."""
    columns = [(_("Mục"), 22), (_("Nội dung"), 28), (_("Giá trị"), 70)]
    return workbook(_("Hồ sơ"), columns, _cells(person), head=Head(_("Hồ sơ cán bộ: %s") % person.full_name))


def _cells(person: Person) -> list[list[Any]]:
    lines: list[list[Any]] = []
    for title, rows in sections(person):
        for number, row in enumerate(rows, start=1):
            head = f"{title} {number}" if len(rows) > 1 else title
            lines += [[head, name, value] for name, value in row.items()]
    return lines
