"""The steps of a reorganisation as a sheet: written as a template or filled, read whole, every problem told at once."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from portal.exchange.columns import Column
from portal.exchange.lines import Line, row_name
from portal.exchange.sheet import Sheet
from portal.files.sheets import cell, printed
from portal.text import grouped
from units.models import ReorganisationStep
from units.models.units import Kind

MAX_ROWS = 3000
CODE = 20  # characters of a code
YES, NO = "có", "không"
K, ROLES = ReorganisationStep.Kind, ReorganisationStep.Roles
LONGEST = {field.name: field.max_length for field in ReorganisationStep._meta.fields}

# The words of a sheet are those of the file, whatever the reader's language; kinds may also be named by their code.
KINDS = {
    K.CREATE: "lập mới",
    K.RENAME: "đổi tên",
    K.MOVE: "chuyển cấp trên",
    K.MERGE: "hợp nhất",
    K.SPLIT: "chia tách",
    K.DISSOLVE: "giải thể",
}
UNIT_KINDS = {
    Kind.SUPREME: "VKSND tối cao",
    Kind.DEPARTMENT: "đơn vị thuộc VKSND tối cao",
    Kind.HIGH: "VKSND cấp cao",
    Kind.PROVINCE: "VKSND cấp tỉnh",
    Kind.REGION: "VKSND khu vực",
    Kind.DISTRICT: "VKSND cấp huyện",
    Kind.MILITARY: "Viện kiểm sát quân sự",
}
ROLE_WORDS = {ROLES.ALL: "mọi vai trò", ROLES.NO_HEADS: "trừ thủ trưởng", ROLES.NONE: "không vai trò nào"}
FLAGS = {True: YES, False: NO}
WORDS: dict[str, dict[Any, str]] = {
    "kind": KINDS,
    "unit_kind": UNIT_KINDS,
    "roles": ROLE_WORDS,
    "people": FLAGS,
    "papers": FLAGS,
}


def _text(key: str, heading: str, width: int, about: str = "") -> Column:
    return Column(key, heading, limit=LONGEST[key] or 20_000, width=width, help=about)


def _one_of(key: str, heading: str, width: int, about: str, **more: Any) -> Column:
    return Column(key, heading, "choice", choices=tuple(WORDS[key].items()), width=width, help=about, **more)


COLUMNS = (
    _one_of("kind", "Việc", 20, ", ".join(KINDS.values()), required=True),
    _text("sources", "Đơn vị hiện nay (mã)", 30, "một hoặc nhiều mã, cách nhau bằng dấu phẩy; để trống khi lập mới"),
    _text(
        "code",
        "Mã mới",
        14,
        "chưa từng dùng; để trống khi giải thể; đổi tên, chuyển cấp trên để trống thì cổng đặt mã",
    ),
    _text(
        "name_vi",
        "Tên mới",
        52,
        "để trống khi chuyển cấp trên giữ tên cũ, hoặc khi sáp nhập vào một đơn vị đang hoạt động",
    ),
    _text("name_en", "Tên tiếng Anh", 40),
    _text("short_name", "Tên gọi tắt", 24, "để trống thì rút gọn từ tên mới"),
    _one_of("unit_kind", "Loại đơn vị", 26, "để trống thì như đơn vị hiện nay; bắt buộc khi lập mới"),
    _text(
        "parent_code",
        "Cấp trên (mã)",
        16,
        "mã của đơn vị đang hoạt động hoặc do bước trước lập; để trống thì giữ cấp trên",
    ),
    _text("seat", "Trụ sở", 20),
    _one_of("people", "Cán bộ đi theo", 16, "có, không; để trống thì theo loại việc"),
    _one_of("roles", "Vai trò đi theo", 20, ", ".join(ROLE_WORDS.values()) + "; để trống thì theo loại việc"),
    _one_of("papers", "Hồ sơ đi theo", 16, "có, không; để trống thì theo loại việc"),
)
SHEET = Sheet("Các bước", COLUMNS)


# --- writing ---


def workbook(steps: Iterable[ReorganisationStep] = ()) -> bytes:
    """The steps in a sheet with drop-downs, and a second sheet that explains the columns."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(SHEET.title)
    printed(sheet)
    for place, column in enumerate(COLUMNS):
        letter = chr(ord("A") + place)
        sheet.column_dimensions[letter].width = column.width
        if column.choices:
            choice = DataValidation(type="list", formula1=f'"{",".join(column.allowed())}"', allow_blank=True)
            choice.add(f"{letter}2:{letter}{MAX_ROWS + 1}")
            sheet.data_validations.append(choice)
    sheet.append([cell(sheet, column.heading, bold=True) for column in COLUMNS])
    for step in steps:
        sheet.append([cell(sheet, _written(step, column.key)) for column in COLUMNS])
    guide = book.create_sheet("Hướng dẫn")
    printed(guide)
    guide.column_dimensions["A"].width, guide.column_dimensions["B"].width = 26, 110
    guide.append([cell(guide, "Cột", bold=True), cell(guide, "Cách ghi", bold=True)])
    for column in COLUMNS:
        guide.append([cell(guide, column.heading), cell(guide, column.help)])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _written(step: ReorganisationStep, name: str) -> str:
    value = getattr(step, name)
    if name == "sources":
        return ", ".join(value)
    return WORDS[name].get(value, "") if name in WORDS else value


# --- reading ---


@dataclass
class Reading:
    """What a sheet holds: its steps, or why it cannot be taken; `notes` say what of the file was not read."""

    steps: list[ReorganisationStep] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read(file: Any) -> Reading:
    """Read an uploaded XLSX or CSV as every list is read; nothing is written, and every problem is told at once."""
    try:
        told = SHEET.read(file)
    except ValidationError as error:
        return Reading(problems=error.messages)
    for line in told.lines:
        for code in _codes(line):
            if len(code) > CODE:
                told.problems.add(line.number, SHEET["sources"].heading, _("Có mã dài quá %s ký tự.") % CODE)
    problems = [
        _("Dòng %(row)s, cột «%(column)s»: %(words)s")
        % {"row": row_name(row, told.sheets), "column": column, "words": words}
        for row, column, _cell, words in told.problems.sorted()
    ]
    if len(told.lines) > MAX_ROWS:
        problems.append(_("Bảng có quá %s dòng.") % grouped(MAX_ROWS))
    if not told.lines and not problems:
        problems.append(_("Bảng chưa có dòng nào dưới hàng tiêu đề."))
    steps = [] if problems else [ReorganisationStep(**dict(_fields(line))) for line in told.lines]
    return Reading(steps, problems, told.notes)


def _codes(line: Line) -> list[str]:
    return [code for code in re.split(r"[\s,;]+", line["sources"] or "") if code]


def _fields(line: Line) -> Iterator[tuple[str, Any]]:
    """What the row says of each field; nothing written is no choice."""
    for column in COLUMNS:
        if column.key == "sources":
            yield "sources", _codes(line)
        else:
            yield column.key, line.values.get(column.key, None if WORDS.get(column.key) is FLAGS else "")
