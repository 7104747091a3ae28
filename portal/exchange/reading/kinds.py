"""What a file is, told by its content: a table that can be read, or another kind, named with what to do about it."""

from __future__ import annotations

import codecs
import re
import zipfile
from pathlib import PurePosixPath
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.exchange.reading.letters import legacy_words, syllables
from portal.files import uploads

CSV = "text/csv"
ACCEPT = ".xlsx,.csv"
MAX_PART = 48 * 1024 * 1024  # of any part that openpyxl holds whole: shared strings, styles
DELIMITERS = ";,\t"

_HEAD = 4096
_SAMPLE = 256 * 1024
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1f]")
_XML_2003 = b"urn:schemas-microsoft-com:office:spreadsheet"
_HTML = ("<!doctype html", "<html", "<head", "<body", "<table", "<meta", "<style", "<div", "mime-version:")
_STRICT = b"purl.oclc.org/ooxml"
_ODS, _NAME_ENDS = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", 200  # its first part says what it is

HTML = _(
    "Tệp này là trang web (HTML), không phải bảng tính, dù mang đuôi khác. "
    "Hãy mở bằng Excel, lưu thành Excel Workbook (.xlsx) rồi tải lên."
)
ODS = _("Tệp này là bảng tính OpenDocument (.ods). Hãy mở ra, lưu thành Excel Workbook (.xlsx) rồi tải lên.")
OLD_EXCEL = _("Đây là tệp Excel đời cũ (.xls). Hãy mở bằng Excel, lưu thành .xlsx rồi tải lên.")
STRICT = _(
    "Tệp được lưu theo kiểu «Strict Open XML Spreadsheet». Hãy mở bằng Excel, chọn Lưu thành, "
    "kiểu Excel Workbook (.xlsx), rồi tải lên."
)
XLSB = _("Tệp này là Excel Binary Workbook (.xlsb). Hãy mở bằng Excel, lưu thành Excel Workbook (.xlsx) rồi tải lên.")
XML_2003 = _(
    "Tệp này là «XML Spreadsheet 2003», không phải .xlsx. Hãy mở bằng Excel, "
    "lưu thành Excel Workbook (.xlsx) rồi tải lên."
)
WORD = _("Tệp này là văn bản Word, không phải bảng tính. Hãy chép bảng sang Excel, lưu thành .xlsx rồi tải lên.")
PDF = _("Tệp này là PDF, không phải bảng tính. Hãy tìm tệp Excel gốc của danh sách rồi tải lên.")
RENAMED_CSV = _("Tệp này là văn bản CSV nhưng mang đuôi %(end)s. Hãy đổi đuôi thành .csv rồi tải lên.")


def check_table(file: Any) -> str:
    """XLSX or CSV, told by content; raises ValidationError that names any other kind and says what to do."""
    uploads.check_size(file)
    file.seek(0)
    head = file.read(_HEAD)
    file.seek(0)
    if head.startswith(b"PK"):
        if _ODS in head[:_NAME_ENDS]:
            raise ValidationError(ODS)
        _check_xlsx(file)
        return uploads.XLSX
    if named := _named_kind(file, head):
        raise ValidationError(named)
    end = PurePosixPath(uploads.safe_name(file.name or "")).suffix.lower()
    found = encoding(file)
    _check_text(file, found)
    if end not in (".csv", ".txt"):
        if b"\n" in head and any(mark.encode() in head for mark in DELIMITERS):
            raise ValidationError(RENAMED_CSV % {"end": end or "–"})
        raise no_table()
    return CSV


def _check_text(file: Any, found: str) -> None:
    """Text that is, once decoded, a page of the web."""
    file.seek(0)
    start = file.read(_HEAD).decode(found, "ignore").lstrip("\ufeff \r\n\t").casefold()
    file.seek(0)
    if start.startswith(_HTML):
        raise ValidationError(HTML)


def _named_kind(file: Any, head: bytes) -> Any:
    """The words for a kind that is known and is no table we read; None for text and for what nobody knows."""
    start = head.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        content = head + file.read(1024 * 1024)
        file.seek(0)
        if "EncryptedPackage".encode("utf-16-le") in content:
            return uploads.PASSWORD
        return WORD if "WordDocument".encode("utf-16-le") in content else OLD_EXCEL
    if re.match(rb"\t[\x00\x02\x04\x08][\x04-\x10]\x00", head):  # the stream of Excel 2 to 4, without a container
        return OLD_EXCEL
    if start.startswith(b"%pdf-"):
        return PDF
    if start.startswith(b"{\\rtf"):
        return WORD
    if start.startswith(b"<?xml"):
        if _XML_2003 in start:
            return XML_2003
        return HTML if b"<html" in start else no_table().message
    return HTML if start.startswith(tuple(mark.encode() for mark in _HTML)) else None


def _check_xlsx(file: Any) -> None:
    try:
        found = uploads.check_upload(file)
    except ValidationError as error:
        raise (_other_archive(file) if error.code == "kind" else error) from error
    if found != uploads.XLSX:
        raise ValidationError(WORD)
    for part, size in uploads.part_sizes(file).items():
        if size > MAX_PART and not part.startswith("xl/worksheets/"):
            raise uploads.too_large_inside()
    if _STRICT in _beginning(file, "xl/workbook.xml"):
        raise ValidationError(STRICT)
    file.seek(0)


def _other_archive(file: Any) -> ValidationError:
    return ValidationError(XLSB) if "xl/workbook.bin" in uploads.part_sizes(file) else no_table()


def _beginning(file: Any, part: str) -> bytes:
    """The first bytes of a part of an archive that was examined."""
    file.seek(0)
    with zipfile.ZipFile(file) as archive, archive.open(part) as content:
        return content.read(_HEAD)


def no_table() -> ValidationError:
    return ValidationError(_("Đây không phải bảng tính. Chỉ nhận tệp Excel (.xlsx) hoặc CSV."))


# --- how a CSV is written ---


def encoding(file: Any) -> str:
    """UTF-16 or UTF-8 as the mark says or the bytes show, else one of the single-byte code pages."""
    file.seek(0)
    head = file.read(_HEAD)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    elif head.count(b"\0") > len(head) // 4:  # mostly letters of one byte and a zero
        candidates = ["utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"]
    else:
        candidates = ["utf-8-sig", *_code_pages(file)]
    for name in candidates:
        if _decodes(file, name):
            return name
    raise no_table()


def _code_pages(file: Any) -> list[str]:
    """The Vietnamese code page of Windows before the Western one, in which text of the old typefaces is kept."""
    file.seek(0)
    sample = file.read(_SAMPLE)
    western = legacy_words(sample.decode("latin-1"))
    vietnamese = syllables(sample.decode("cp1258", "replace"))
    return ["latin-1", "cp1258"] if western > vietnamese else ["cp1258", "latin-1"]


def _decodes(file: Any, name: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(name)()
    try:
        while chunk := file.read(_SAMPLE):
            if _BINARY.search(decoder.decode(chunk)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    finally:
        file.seek(0)
    return True
