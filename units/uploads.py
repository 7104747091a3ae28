"""Files that people bring: told by their content, never by their name; served so that no browser runs one."""

from __future__ import annotations

import hashlib
import mimetypes
import unicodedata
import warnings
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.utils.translation import gettext_lazy as _
from PIL import Image

from units.text import clean

_OFFICE = "application/vnd.openxmlformats-officedocument"
PDF = "application/pdf"
DOCX = f"{_OFFICE}.wordprocessingml.document"
XLSX = f"{_OFFICE}.spreadsheetml.sheet"
IMAGES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
EXTENSIONS = {
    PDF: {".pdf"},
    DOCX: {".docx"},
    XLSX: {".xlsx"},
    "image/png": {".png"},
    "image/jpeg": {".jpg", ".jpeg"},
    "image/webp": {".webp"},
}
ACCEPT = ",".join(sorted(end for ends in EXTENSIONS.values() for end in ends))

MAX_ENTRIES = 2000  # of a DOCX or XLSX
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 200  # unpacked to packed, of an entry larger than RATIO_FROM; real sheets reach about 50
RATIO_FROM = 1024 * 1024
MAX_PIXELS = 50_000_000
_MAX_TYPES = 1024 * 1024  # [Content_Types].xml
_MACRO_NAMES = ("vbaproject.bin", "vbadata.xml", "macrosheets/", "activex/")
EMPTY = _("Tệp rỗng. Hãy chọn lại tệp.")
FILE_ERRORS = {"empty": EMPTY, "required": _("Hãy chọn tệp.")}  # of a form's file field
# what zipfile raises when it meets a broken, encrypted or strangely packed archive
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)


def check_upload(file: Any) -> str:
    """The content type of a file that may be kept; raises ValidationError with what to do about it."""
    check_size(file)
    file.seek(0)
    head = file.read(16)
    try:
        if head.startswith(b"%PDF-"):
            found = _pdf(file)
        elif head.startswith(b"PK\x03\x04"):
            found = _office(file)
        else:
            found = _image(file, head)
    finally:
        file.seek(0)
    extension = PurePosixPath(safe_name(file.name or "")).suffix.lower()
    if extension not in EXTENSIONS[found]:
        raise ValidationError(_("Đuôi tệp không khớp với nội dung. Hãy đặt lại đúng đuôi, ví dụ .pdf."))
    return found


def check_size(file: Any) -> None:
    """Neither empty nor above the limit of one file."""
    if not file.size:
        raise ValidationError(EMPTY)
    if file.size > settings.UPLOAD_MAX_BYTES:
        raise ValidationError(
            _("Tệp quá lớn: tối đa %(limit)s MB.") % {"limit": settings.UPLOAD_MAX_BYTES // (1024 * 1024)}
        )


def too_large_inside() -> ValidationError:
    """For bombs, and for honest lists that are as long as one."""
    return ValidationError(
        _("Nội dung tệp quá lớn nên không nhận được. Nếu là danh sách dài, hãy chia thành nhiều tệp.")
    )


def _not_accepted() -> ValidationError:
    return ValidationError(_("Chỉ nhận tệp PDF, Word (.docx), Excel (.xlsx) và ảnh PNG, JPEG, WEBP."), code="kind")


def _broken() -> ValidationError:
    return ValidationError(_("Tệp bị hỏng hoặc không đọc được. Hãy mở lại, lưu lại rồi tải lên."))


def _pdf(file: Any) -> str:
    file.seek(max(0, file.size - 2048))
    if b"%%EOF" not in file.read():
        raise _broken()
    return PDF


def _office(file: Any) -> str:
    """DOCX or XLSX: a sane archive without macros whose main part is what it says."""
    try:
        file.seek(0)
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _sane(entries)
            types = next((e for e in entries if e.filename == "[Content_Types].xml"), None)
            if types is None or types.file_size > _MAX_TYPES:
                raise _not_accepted()
            with archive.open(types) as part:
                said = part.read(_MAX_TYPES + 1).lower()
            names = {e.filename.lower() for e in entries}
    except _UNREADABLE as error:
        raise _broken() from error
    macros = any(part in name for name in names for part in _MACRO_NAMES)
    if macros or b"macroenabled" in said or b"vbaproject" in said:
        raise ValidationError(_("Tệp chứa macro. Hãy lưu lại thành .docx hoặc .xlsx không có macro."))
    if f"{DOCX}.main+xml".encode() in said and "word/document.xml" in names:
        return DOCX
    if f"{XLSX}.main+xml".encode() in said and "xl/workbook.xml" in names:
        return XLSX
    raise _not_accepted()


def _sane(entries: list[zipfile.ZipInfo]) -> None:
    """Neither a bomb, nor names that leave the archive, nor the same name twice."""
    if len(entries) > MAX_ENTRIES or sum(e.file_size for e in entries) > MAX_UNPACKED:
        raise too_large_inside()
    if len({e.filename for e in entries}) != len(entries):
        raise _broken()
    for entry in entries:
        name = entry.filename.replace("\\", "/")
        if name.startswith("/") or ":" in name.split("/")[0] or ".." in name.split("/"):
            raise _broken()
        if entry.flag_bits & 0x1:
            raise ValidationError(_("Tệp có mật khẩu. Hãy bỏ mật khẩu rồi tải lên."))
        if entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * max(1, entry.compress_size):
            raise too_large_inside()


def _image(file: Any, head: bytes) -> str:
    if not (
        head.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")) or (head.startswith(b"RIFF") and head[8:12] == b"WEBP")
    ):
        raise _not_accepted()
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=list(IMAGES)) as picture:
                width, height = picture.size
                if width * height > MAX_PIXELS:
                    raise ValidationError(_("Ảnh quá lớn. Hãy thu nhỏ ảnh rồi tải lên."))
                kind = picture.format
                picture.verify()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise ValidationError(_("Ảnh quá lớn. Hãy thu nhỏ ảnh rồi tải lên.")) from error
    except ValidationError:
        raise
    except Exception as error:  # a decoder met with hostile bytes raises whatever it likes
        raise _broken() from error
    return IMAGES[kind or ""]


def safe_name(name: str) -> str:
    """The name a file is shown and downloaded by: no path, no hidden characters, at most 150 characters.

    >>> safe_name("../../etc/Kế hoạch.pdf")
    'Kế hoạch.pdf'
    """
    name = clean(name).replace("\\", "/").split("/")[-1]
    name = "".join(" " if c in "\n\t" else c for c in name if c not in '<>:"|?*')
    name = " ".join(name.split()).strip(". ")
    stem, dot, end = name.rpartition(".")
    if dot and len(end) <= 10:
        return unicodedata.normalize("NFC", stem[: 149 - len(end)] + dot + end)
    return name[:150] or "tep"


def sha256_of(file: Any) -> str:
    """The fingerprint of the content; the file stands at its beginning afterwards."""
    file.seek(0)
    digest = hashlib.sha256()
    for chunk in iter(lambda: file.read(64 * 1024), b""):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def type_of(name: str) -> str:
    """The content type of a stored file by its name; only what check_upload lets in has one of its own."""
    guessed = mimetypes.guess_type(name)[0] or ""
    return guessed if guessed in EXTENSIONS else "application/octet-stream"


def serve(file: Any, name: str, content_type: str) -> HttpResponse:
    """The stored file as a download that no browser shows inside the portal and no cache keeps."""
    try:
        stream = file.open("rb")
    except (OSError, ValueError) as error:  # the row is there, the file is not
        raise Http404 from error
    response = FileResponse(stream, as_attachment=True, filename=safe_name(name), content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
