"""The list of units: new ones, and corrections of existing ones in place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.codes import UNIT_CODE, is_unit_code, spelling
from portal.days import today
from portal.exchange.base import CHANGE, CREATE, Change, Exchange, Task
from portal.exchange.columns import Column
from portal.exchange.lines import Line
from portal.exchange.sheet import Sheet
from portal.scope import inside
from units.models import Unit, User
from units.models.units import Kind

SHEET = Sheet(
    title=_("Đơn vị"),
    columns=(
        Column("code", _("Mã đơn vị"), "code", required=True, limit=20, example="T46.25", width=12,
               help=_("Mỗi đơn vị một mã, không dùng lại mã của đơn vị đã kết thúc.")),
        Column("name_vi", _("Tên tiếng Việt"), required=True, limit=200, width=48, aliases=("Tên đơn vị",),
               example="Viện kiểm sát nhân dân thành phố Huế", help=_("Tên đầy đủ.")),
        Column("short_name", _("Tên gọi tắt"), limit=100, example="VKSND Huế", width=24,
               help=_("Tên dùng trong bảng; để trống thì lấy tên đầy đủ.")),
        Column("name_en", _("Tên tiếng Anh"), limit=200, example="People's Procuracy of Hue City", width=40,
               help=_("Tên trong giao diện tiếng Anh.")),
        Column("kind", _("Loại đơn vị"), "choice", required=True, choices=tuple(Kind.choices), example="province",
               width=32, help=_("Chọn trong danh sách.")),
        Column("parent", _("Mã đơn vị cấp trên"), "code", limit=20, example="VKSTC", width=18,
               options=User.codes_kept,
               help=_("Bắt buộc với đơn vị mới. Đơn vị cấp trên có thể nằm trong cùng tệp.")),
        Column("seat", _("Trụ sở"), limit=100, example="Huế", width=20, help=_("Nơi đặt trụ sở.")),
        Column("order", _("Thứ tự"), "int", high=1_000_000, example=10, width=10,
               help=_("Số nhỏ đứng trước trong danh sách.")),
        Column("valid_from", _("Có từ ngày"), "date", example=date(2025, 7, 1), width=14,
               help=_("Ngày đơn vị bắt đầu hoạt động; để trống nếu không rõ.")),
        Column("valid_to", _("Đến hết ngày"), "date", width=14,
               help=_("Chỉ ghi cho đơn vị đã kết thúc khi đưa vào lần đầu.")),
    ),
    about=(
        _("Tệp này chỉ thêm đơn vị mới và sửa lỗi của đơn vị đã có."),
        _("Đổi tên, chuyển cấp trên, sáp nhập, chia tách, giải thể từ một ngày là việc của trang Phương án sắp xếp."),
    ),
)  # fmt: skip
IN_PLACE = ("name_vi", "short_name", "name_en", "kind", "seat", "order")
MAX_PATH = 200


class UnitsExchange(Exchange):
    key = "units"
    title = _("Đơn vị")
    about = _("Thêm đơn vị mới và sửa lỗi tên, loại, trụ sở của đơn vị đã có.")
    sheet = SHEET
    named_by = ("code", "name_vi")

    def open_to(self, user: Any, options: dict[str, Any]) -> bool:
        return user.may_anywhere("keep_units")

    # --- in ---

    def plan(self, task: Task) -> None:
        known = {unit.code: unit for unit in task.held(Unit.objects.order_by("pk"))}
        spellings = {spelling(code): code for code in known}
        fresh: dict[str, Line] = {}
        seen: dict[str, int] = {}
        for line in task.lines:
            code = line["code"]
            if code is None:
                continue
            if (spelt := spelling(code)) in seen:
                words = _("Mã %(code)s đã có ở dòng %(row)s.") % {"code": code, "row": task.row(seen[spelt])}
                task.problem(line, SHEET["code"], words)
                continue
            seen[spelt] = line.number
            if code in known:
                _correct(task, line, known[code])
            elif spelt in spellings:
                words = _("Đã có mã %s, chỉ khác chữ hoa hoặc số 0 đứng đầu.") % spellings[spelt]
                task.problem(line, SHEET["code"], words)
            else:
                fresh[code] = line
        for unit, line in _grown(task, fresh, known):
            task.changes.append(Change(CREATE, line.number, f"{unit.code} – {unit.name_vi}", line.values, deed=unit))
        if any("name_vi" in c.told for c in task.changes if c.action == CHANGE):
            task.notes.append(
                str(_("Tên sửa ở đây được coi là sửa lỗi; đổi tên từ một ngày là việc của trang Phương án sắp xếp."))
            )

    def apply(self, task: Task) -> Iterator[tuple[Unit, str, dict[str, list]]]:
        for change in task.deeds(CREATE):  # parents come first, and a child needs its parent's key
            unit = change.deed
            unit.parent = unit.parent
            unit.save()
            yield unit, "create", {}
        changed = task.deeds(CHANGE)
        names = [*IN_PLACE, "valid_from", "search"]
        Unit.objects.bulk_create(
            [c.deed for c in changed], update_conflicts=True, unique_fields=["id"], update_fields=names
        )
        yield from ((c.deed, "edit", c.told) for c in changed)

    # --- out ---

    def source(self, user: Any, options: dict[str, Any]) -> models.QuerySet:
        return Unit.objects.filter(inside(user.paths_where("keep_units"), "path"))

    def rows(self, user: Any, options: dict[str, Any]) -> Iterator[dict[str, Any]]:
        names = ["code", *IN_PLACE, "valid_from", "valid_to"]
        for row in self.source(user, options).order_by("path").values(*names, "parent__code").iterator(chunk_size=2000):
            yield row | {"parent": row["parent__code"]}


def _correct(task: Task, line: Line, unit: Unit) -> None:
    """A known unit: its words may be put right; its place and its days are not changed by a file."""
    if not task.by.may("keep_units", unit):
        task.problem(line, SHEET["code"], _("Đơn vị %s không thuộc phạm vi quản trị của đồng chí.") % unit.code)
        return
    parent = unit.path.strip("/").split("/")[:-1]
    if line["parent"] and line["parent"] != (parent[-1] if parent else None):
        words = _("Đơn vị này đang thuộc %s. Chuyển cấp trên là việc của trang Phương án sắp xếp.")
        task.problem(line, SHEET["parent"], words % (parent[-1] if parent else "–"))
    if line["valid_to"] and line["valid_to"] != unit.valid_to:
        task.problem(line, SHEET["valid_to"], _("Kết thúc một đơn vị là việc của trang Phương án sắp xếp."))
    if line["valid_from"] and unit.valid_from and line["valid_from"] != unit.valid_from:
        words = _("Đơn vị này có từ ngày %s; ngày đã ghi không sửa bằng tệp.")
        task.problem(line, SHEET["valid_from"], words % f"{unit.valid_from:%d/%m/%Y}")
    elif line["valid_from"] and unit.valid_to and line["valid_from"] > unit.valid_to:
        task.problem(line, SHEET["valid_from"], _("Ngày kết thúc phải sau hoặc cùng ngày bắt đầu."))
    told: dict[str, list] = {}
    for name in (*IN_PLACE, "valid_from"):
        if line[name] is not None and line[name] != getattr(unit, name):
            told[name] = [getattr(unit, name), line[name]]
            setattr(unit, name, line[name])
    if not told:
        task.same += 1
        return
    unit.derive()
    task.changes.append(Change(CHANGE, line.number, f"{unit.code} – {unit.name_vi}", told, deed=unit))


def _grown(task: Task, fresh: dict[str, Line], known: dict[str, Unit]) -> list[tuple[Unit, Line]]:
    """The new units, parents before children, whatever their order in the file."""
    grown: dict[str, Unit] = {}
    refused: set[str] = set()
    waiting = dict(fresh)
    while waiting:
        ready = [code for code, line in waiting.items() if line["parent"] not in waiting]
        if not ready:
            for line in waiting.values():
                task.problem(line, SHEET["parent"], _("Các đơn vị mới này là cấp trên của nhau thành vòng."))
            break
        for code in ready:
            line = waiting.pop(code)
            parent = grown.get(line["parent"]) or known.get(line["parent"])
            unit = _new(task, line, parent, above_failed=line["parent"] in refused)
            if unit is None:
                refused.add(code)
            else:
                grown[code] = unit
    return [(unit, fresh[code]) for code, unit in grown.items()]


def _new(task: Task, line: Line, parent: Unit | None, *, above_failed: bool) -> Unit | None:
    before = task.problems.count
    code, start, end = line["code"], line["valid_from"], line["valid_to"]
    if above_failed:
        task.problem(line, SHEET["parent"], _("Dòng của đơn vị cấp trên %s còn lỗi.") % line["parent"])
        return None
    if parent is None and "parent" in line.values and line["parent"] is None:
        return None  # unreadable, and said so
    if parent is None:
        words = _("Không có đơn vị nào mang mã %s.") % line["parent"]
        task.problem(line, SHEET["parent"], words if line["parent"] else _("Đơn vị mới phải có cấp trên."))
        return None
    if not task.by.may("keep_units", parent):
        task.problem(line, SHEET["parent"], _("Đơn vị %s không thuộc phạm vi quản trị của đồng chí.") % parent.code)
    if not start and not end and parent.valid_to and parent.valid_to < today():
        task.problem(line, SHEET["parent"], _("Đơn vị cấp trên %s đã kết thúc.") % parent.code)
    if start and parent.valid_from and start < parent.valid_from:
        words = _("Đơn vị cấp trên %(unit)s chỉ có từ ngày %(day)s.")
        task.problem(line, SHEET["valid_from"], words % {"unit": parent.code, "day": f"{parent.valid_from:%d/%m/%Y}"})
    if parent.valid_to and (start and start > parent.valid_to or end and end > parent.valid_to):
        words = _("Đơn vị cấp trên %(unit)s kết thúc ngày %(day)s.")
        task.problem(line, SHEET["valid_to"], words % {"unit": parent.code, "day": f"{parent.valid_to:%d/%m/%Y}"})
    if start and end and end < start:
        task.problem(line, SHEET["valid_to"], _("Ngày kết thúc phải sau hoặc cùng ngày bắt đầu."))
    if not is_unit_code(code):
        task.problem(line, SHEET["code"], str(UNIT_CODE.message))
    unit = Unit(
        code=code,
        parent=parent,
        name_vi=line["name_vi"] or "",
        short_name=line["short_name"] or (line["name_vi"] or "")[:100],
        name_en=line["name_en"] or "",
        kind=line["kind"] or "",
        seat=line["seat"] or "",
        order=line["order"] or 0,
        valid_from=start,
        valid_to=end,
    )
    unit.derive()
    if len(unit.path) > MAX_PATH:
        task.problem(line, SHEET["code"], _("Cây đơn vị ở đây quá sâu hoặc mã quá dài."))
    return unit if task.problems.count == before and line["kind"] and line["name_vi"] else None
