"""Files that people bring: told by their content, never by their name; served so that no browser runs one."""

from __future__ import annotations

import hashlib
import mimetypes
import secrets
import subprocess
import sys
import unicodedata
import warnings
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadhandler import FileUploadHandler
from django.http import FileResponse, Http404
from django.utils.translation import gettext_lazy as _
from PIL import Image

from portal.files import archives
from portal.text import clean

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

MAX_PIXELS = 40_000_000
_PDF_END = 1024
_INSPECT_PDF = str(Path(__file__).with_name("inspect_pdf.py"))
EMPTY = _("Tệp rỗng. Hãy chọn lại tệp.")
FILE_ERRORS = {"empty": EMPTY, "required": _("Hãy chọn tệp.")}  # of a form's file field
PASSWORD = _("Tệp có mật khẩu. Hãy bỏ mật khẩu rồi tải lên.")
OFFICE_FAULTS = {
    "locked": PASSWORD,
    "macro": _("Tệp chứa macro. Hãy lưu lại thành .docx hoặc .xlsx không có macro."),
    "nested": _("Trong tệp có tệp khác đặt bên trong (đối tượng nhúng). Hãy bỏ, hoặc dán thành ảnh rồi tải lên."),
    "fetches": _("Tệp tự lấy dữ liệu từ nơi khác (liên kết, trường DDE, INCLUDE). Hãy ngắt các liên kết rồi tải lên."),
}
PDF_FAULTS = {
    "locked": PASSWORD,
    "active": _("Tệp PDF có mã tự chạy hoặc biểu mẫu gửi dữ liệu. Hãy in lại thành PDF thường rồi tải lên."),
    "carries": _("Tệp PDF có tệp khác, phim hoặc âm thanh đặt bên trong. Hãy in lại thành PDF thường rồi tải lên."),
}


class UploadLimit(FileUploadHandler):
    """Counts while a file comes in: what is beyond the limit of one file is received and thrown away."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= settings.UPLOAD_MAX_BYTES else None

    def file_complete(self, file_size: int) -> None:
        return None


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
    """Whole, with nothing behind its end, and nothing in it that runs, fetches or carries other files."""
    file.seek(max(0, file.size - _PDF_END))
    if file.read().rstrip(b"\0 \t\r\n")[-5:] != b"%%EOF" or archives.hides_archive(file):
        raise _broken()
    file.seek(0)
    try:
        looked = subprocess.run(  # noqa: S603 -- our own script; the file is its input
            [sys.executable, "-I", _INSPECT_PDF], input=file.read(), capture_output=True, timeout=60, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _broken() from error
    found = looked.stdout.decode().strip()
    if found != "quiet":
        raise ValidationError(PDF_FAULTS[found]) if found in PDF_FAULTS else _broken()
    return PDF


def _office(file: Any) -> str:
    """DOCX or XLSX: a sane archive whose main part is what it says."""
    try:
        said = archives.examine(file)
    except archives.Fault as fault:
        raise _in_words(str(fault)) from fault
    for kind, part in ((DOCX, "word/document.xml"), (XLSX, "xl/workbook.xml")):
        if said.types.get(part) == f"{kind}.main+xml" and part in said.sizes:
            return kind
    raise _not_accepted()


def part_sizes(file: Any) -> dict[str, int]:
    """How large each part of an Office file is unpacked; raises ValidationError as check_upload does."""
    try:
        return archives.examine(file).sizes
    except archives.Fault as fault:
        raise _in_words(str(fault)) from fault


def _in_words(fault: str) -> ValidationError:
    if fault == "large":
        return too_large_inside()
    return ValidationError(OFFICE_FAULTS[fault]) if fault in OFFICE_FAULTS else _broken()


def _image(file: Any, head: bytes) -> str:
    if not (
        head.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")) or (head.startswith(b"RIFF") and head[8:12] == b"WEBP")
    ):
        raise _not_accepted()
    if archives.hides_archive(file) or _beyond_picture(file, head):
        raise _broken()
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


def _beyond_picture(file: Any, head: bytes) -> bool:
    """Whether something stands behind the end of the picture; what cameras write there is let pass."""
    file.seek(0)
    data = file.read()
    if head.startswith(b"RIFF"):
        return abs(len(data) - 8 - int.from_bytes(data[4:8], "little")) > 1
    if head.startswith(b"\x89PNG"):
        at = 8
        while at + 12 <= len(data):
            kind, at = data[at + 4 : at + 8], at + 12 + int.from_bytes(data[at : at + 4], "big")
            if kind == b"IEND":
                return at != len(data)
        return True
    rest = data[_jpeg_end(data) :].strip(b"\0 \r\n")
    return bool(rest) and not (rest.startswith(b"\xff\xd8\xff") or rest.endswith(b"SEFT"))


def _jpeg_end(data: bytes) -> int:
    """Where the picture ends: markers are followed one by one, since a preview within has an end of its own."""
    at = 2
    while at + 2 <= len(data):
        if data[at] != 0xFF or data[at + 1] in (0x00, 0xFF, *range(0xD0, 0xD8)):
            at = data.find(b"\xff", at + 1)  # within a scan
            if at < 0:
                break
        elif data[at + 1] == 0xD9:
            return at + 2
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return len(data)


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


def file_token() -> str:
    """A name for a stored file that cannot be guessed."""
    return secrets.token_urlsafe(24)


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


def serve(file: Any, name: str, content_type: str) -> FileResponse:
    """The stored file as a download that no browser shows inside the portal and no cache keeps."""
    try:
        stream = file.open("rb")
    except (OSError, ValueError) as error:  # the row is there, the file is not
        raise Http404 from error
    response = FileResponse(stream, as_attachment=True, filename=safe_name(name), content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
