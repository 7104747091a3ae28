"""Run as a process of its own: reads a PDF from standard input and answers with one word what it holds.

A hostile PDF may unpack to any size and take any time; here that ends with this process, not with the portal.
"""

from __future__ import annotations

import io
import resource
import sys
from typing import Any

SECONDS, MEMORY = 10, 768 * 1024 * 1024
ACTIONS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/RichMediaExecute", "/Rendition", "/GoTo3DView"}
CARRIED = {"/EmbeddedFile", "/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/3D", "/Screen"}
QUIET = {"/GoTo", "/Named", "/GoToR", "/Thread"}  # what may happen when a page is opened


def look(value: Any) -> str:
    """What one dictionary holds: nothing of interest, or the word for it."""
    keys = set(value.keys())
    if keys & {"/JS", "/JavaScript", "/XFA"} or name(value, "/S") in ACTIONS:
        return "active"
    if keys & {"/EmbeddedFiles", "/EF", "/RichMediaContent"} or name(value, "/S") == "/GoToE":
        return "carries"
    if name(value, "/Type") in CARRIED or name(value, "/Subtype") in CARRIED:
        return "carries"
    opening = value.get("/OpenAction")
    if hasattr(opening, "keys") and name(opening, "/S") not in QUIET:
        return "active"
    return ""


def name(value: Any, key: str) -> str:
    try:
        return str(value.get(key, ""))
    except (ValueError, TypeError):
        return ""


def verdict(data: bytes) -> str:
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
            if not len(pdf.pages):
                return "broken"
            todo = [pdf.trailer, *pdf.objects]
            while todo:
                value = todo.pop()
                if isinstance(value, pikepdf.Stream):
                    value = value.stream_dict
                if isinstance(value, pikepdf.Dictionary):
                    if found := look(value):
                        return found
                    todo += [child for child in value.as_dict().values() if direct(child)]
                elif isinstance(value, pikepdf.Array):
                    todo += [child for child in value if direct(child)]
    except pikepdf.PasswordError:
        return "locked"
    except pikepdf.PdfError:
        return "broken"
    return "quiet"


def direct(value: Any) -> bool:
    """Whether it is written in place: what is not comes by itself in the list of all objects."""
    import pikepdf

    return isinstance(value, pikepdf.Object) and not value.is_indirect


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    print(verdict(sys.stdin.buffer.read()))
