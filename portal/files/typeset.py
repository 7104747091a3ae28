"""Papers for print, set by Typst. Data goes in as JSON and comes out as text: no character of it is markup."""

import json
from functools import cache
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.utils.translation import get_language

MASTERS = Path(settings.BASE_DIR) / "templates" / "documents"
FONTS = Path(__file__).parent / "fonts"


@cache
def _fonts() -> Any:
    import typst  # a large library, loaded by the processes that set papers

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def pdf(master: str, data: dict[str, Any]) -> bytes:
    """The paper of that master (`templates/documents/<master>.typ`) with this data, as PDF/UA for screen readers."""
    import typst

    compiler = typst.Compiler(MASTERS / f"{master}.typ", root=MASTERS, font_paths=_fonts())
    inputs = {"data": json.dumps(data, ensure_ascii=False), "lang": get_language() or "vi"}
    return cast(bytes, compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"]))
