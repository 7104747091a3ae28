"""The steps of a reorganisation as a sheet: written as a template or filled, read whole, every problem told at once."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.datavalidation import DataValidation

from portal.files.sheets import cell, printed
from portal.files.uploads import XLSX, check_upload
from portal.text import clean, fold
from units.models import ReorganisationStep
from units.models.units import Kind

MAX_ROWS = 3000
MAX_COLUMNS = 40
YES, NO = "có", "không"
K, ROLES = ReorganisationStep.Kind, ReorganisationStep.Roles
LONGEST = {field.name: field.max_length for field in ReorganisationStep._meta.fields}
TEXTS = ("code", "name_vi", "name_en", "short_name", "parent_code", "seat")

# The words of a sheet are those of the file, whatever the reader's language; kinds may also be named by their code.
COLUMNS: tuple[tuple[str, str, int, str], ...] = (
    ("kind", "Việc", 20, "lập mới, đổi tên, chuyển cấp trên, hợp nhất, chia tách, giải thể"),
    ("sources", "Đơn vị hiện nay (mã)", 30, "một hoặc nhiều mã, cách nhau bằng dấu phẩy; để trống khi lập mới"),
    ("code", "Mã mới", 14, "chưa từng dùng; để trống khi giải thể; đổi tên, chuyển cấp trên để trống thì cổng đặt mã"),
    (
        "name_vi",
        "Tên mới",
        52,
        "để trống khi chuyển cấp trên giữ tên cũ, hoặc khi sáp nhập vào một đơn vị đang hoạt động",
    ),
    ("name_en", "Tên tiếng Anh", 40, ""),
    ("short_name", "Tên gọi tắt", 24, "để trống thì rút gọn từ tên mới"),
    ("unit_kind", "Loại đơn vị", 26, "để trống thì như đơn vị hiện nay; bắt buộc khi lập mới"),
    (
        "parent_code",
        "Cấp trên (mã)",
        16,
        "mã của đơn vị đang hoạt động hoặc do bước trước lập; để trống thì giữ cấp trên",
    ),
    ("seat", "Trụ sở", 20, ""),
    ("people", "Cán bộ đi theo", 16, "có, không; để trống thì theo loại việc"),
    ("roles", "Vai trò đi theo", 20, "mọi vai trò, trừ thủ trưởng, không vai trò nào; để trống thì theo loại việc"),
    ("papers", "Hồ sơ đi theo", 16, "có, không; để trống thì theo loại việc"),
)
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


# --- writing ---


def workbook(steps: Iterable[ReorganisationStep] = ()) -> bytes:
    """The steps in a sheet with drop-downs, and a second sheet that explains the columns."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Các bước")
    printed(sheet)
    for place, (name, _heading, width, _hint) in enumerate(COLUMNS):
        letter = chr(ord("A") + place)
        sheet.column_dimensions[letter].width = width
        if name in WORDS:
            choice = DataValidation(type="list", formula1=f'"{",".join(WORDS[name].values())}"', allow_blank=True)
            choice.add(f"{letter}2:{letter}{MAX_ROWS + 1}")
            sheet.data_validations.append(choice)
    sheet.append([cell(sheet, heading, bold=True) for _name, heading, _width, _hint in COLUMNS])
    for step in steps:
        sheet.append([cell(sheet, _written(step, name)) for name, _heading, _width, _hint in COLUMNS])
    guide = book.create_sheet("Hướng dẫn")
    printed(guide)
    guide.column_dimensions["A"].width, guide.column_dimensions["B"].width = 26, 110
    guide.append([cell(guide, "Cột", bold=True), cell(guide, "Cách ghi", bold=True)])
    for _name, heading, _width, hint in COLUMNS:
        guide.append([cell(guide, heading), cell(guide, hint)])
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
    """What a sheet holds: its steps, or why it cannot be taken; problems are told by row and column."""

    steps: list[ReorganisationStep] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read(file: Any) -> Reading:
    """Read an uploaded XLSX or CSV; nothing is written, and every problem is told at once."""
    reading = Reading()
    try:
        rows = enumerate(_rows(file), start=1)
        first = next(((n, row) for n, row in rows if any(row)), None)
        columns = _columns(first[1] if first else [], reading)
        if not reading.problems:
            for number, row in rows:
                if any(row):
                    _read_row(number, row, columns, reading)
    except ValidationError as error:
        reading.problems += error.messages
    except Exception:  # a reader met with a hostile or broken file raises whatever it likes
        reading.problems.append(_("Tệp bị hỏng hoặc không đọc được. Hãy mở lại, lưu lại rồi tải lên."))
    if not reading.steps and not reading.problems:
        reading.problems.append(_("Bảng chưa có dòng nào dưới hàng tiêu đề."))
    if reading.problems:
        reading.steps = []
    return reading


def _rows(file: Any) -> Iterator[list[str]]:
    """The rows as texts, at most MAX_ROWS of them."""
    found = _sheet_rows(file) if file.read(4) == b"PK\x03\x04" else _text_rows(file)
    for number, row in enumerate(found):
        if number > MAX_ROWS:
            if any(row):
                raise ValidationError(_("Bảng có quá %s dòng.") % MAX_ROWS)
            return
        yield row


def _sheet_rows(file: Any) -> Iterator[list[str]]:
    if check_upload(file) != XLSX:
        raise ValidationError(_("Hãy tải lên bảng tính Excel (.xlsx) hoặc CSV."))
    book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
    try:
        for row in book.worksheets[0].iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS):
            yield ["=" if c.data_type == "f" else _text(c.value) for c in row]
    finally:
        book.close()


def _text_rows(file: Any) -> Iterator[list[str]]:
    if file.size > settings.UPLOAD_MAX_BYTES:
        raise ValidationError(
            _("Tệp quá lớn: tối đa %(limit)s MB.") % {"limit": settings.UPLOAD_MAX_BYTES // (1024 * 1024)}
        )
    if PurePosixPath(file.name or "").suffix.lower() != ".csv":
        raise ValidationError(_("Hãy tải lên bảng tính Excel (.xlsx) hoặc CSV."))
    file.seek(0)
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValidationError(_("Tệp CSV phải ghi bằng bảng mã UTF-8.")) from error
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        yield [_text(value) for value in itertools.islice(row, MAX_COLUMNS)]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(clean(str(value)).split())


def _columns(row: list[str], reading: Reading) -> dict[int, str]:
    """Which column holds what, by its heading; the order is free."""
    names = {fold(heading): name for name, heading, _width, _hint in COLUMNS}
    found: dict[int, str] = {}
    for place, heading in enumerate(row):
        name = names.get(fold(heading))
        if heading and (name is None or name in found.values()):
            reading.problems.append(_("Tiêu đề «%s» không có trong mẫu hoặc bị lặp.") % heading[:60])
        elif name:
            found[place] = name
    missing = {"kind", "sources", "code", "name_vi"} - set(found.values())
    if missing:
        words = ", ".join(f"«{heading}»" for name, heading, _width, _hint in COLUMNS if name in missing)
        reading.problems.append(_("Thiếu cột %s. Hãy dùng mẫu tải từ cổng.") % words)
    return found


def _read_row(number: int, row: list[str], columns: dict[int, str], reading: Reading) -> None:
    values: dict[str, Any] = {}
    headings = {name: heading for name, heading, _width, _hint in COLUMNS}

    def wrong(name: str, words: str) -> None:
        said = {"row": number, "column": headings[name], "words": words}
        reading.problems.append(_("Dòng %(row)s, cột «%(column)s»: %(words)s") % said)

    for place, text in enumerate(row):
        name = columns.get(place)
        if name is None:
            if text:
                said = {"row": number, "column": place + 1}
                reading.problems.append(_("Dòng %(row)s, cột thứ %(column)s: có chữ nhưng không có tiêu đề.") % said)
            continue
        if text.startswith("="):
            wrong(name, _("có công thức; hãy dán lại bằng giá trị."))
        elif name == "sources":
            values[name] = [code for code in re.split(r"[\s,;]+", text) if code]
            if any(len(code) > 20 for code in values[name]):
                wrong(name, _("có mã dài quá 20 ký tự."))
        elif name in WORDS:
            values[name], known = _choice(name, text)
            if not known:
                wrong(
                    name,
                    _("«%(text)s» không hợp lệ; hãy ghi một trong: %(choices)s.")
                    % {"text": text[:60], "choices": ", ".join(WORDS[name].values())},
                )
        else:
            longest = LONGEST[name]
            if longest and len(text) > longest:
                wrong(name, _("dài quá %s ký tự.") % longest)
            values[name] = text
    if values.get("kind", "") == "":
        wrong("kind", _("hãy ghi việc."))
    elif values["kind"] is None:  # told above
        return
    reading.steps.append(ReorganisationStep(**values))


def _choice(name: str, text: str) -> tuple[Any, bool]:
    """The value that a word means, and whether it means any; nothing written is no choice."""
    if not text:
        return (None if name in ("people", "papers") else ""), True
    for value, word in WORDS[name].items():
        if fold(text) in (fold(word), fold(str(value))):
            return value, True
    return None, False
