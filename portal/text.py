"""Vietnamese text: one form for storing, one for searching."""

import re
import unicodedata
from typing import Any

from django.utils.formats import number_format

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


def clean(text: str) -> str:
    """The text in NFC, without control, zero-width and bidirectional characters; line breaks and tabs stay."""
    text = unicodedata.normalize("NFC", text)
    if text.isprintable():  # almost every text of a line is; then nothing is hidden in it
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in _HIDDEN)


def fold(text: str) -> str:
    """The key by which text is searched: lower case, no diacritics, đ as d, single spaces.

    >>> fold("  Viện kiểm sát  ĐÀ NẴNG ")
    'vien kiem sat da nang'
    """
    decomposed = unicodedata.normalize("NFKD", clean(text)).casefold().replace("đ", "d")
    bare = "".join(c for c in unicodedata.normalize("NFKD", decomposed) if not unicodedata.combining(c))
    return re.sub(r"\s+", " ", bare).strip()


def grouped(number: Any) -> Any:
    """A number of people, papers or money as the language groups it: 1.234 in Vietnamese, 1,234 in English."""
    return number_format(number, force_grouping=True) if type(number) in (int, float) else number


def name_key(name: str) -> str:
    """The key under which likely duplicates meet: no accents, i as y, words in any order.

    >>> name_key("Nguyễn Thị Lý") == name_key("Lí Nguyễn Thị")
    True
    """
    return " ".join(sorted(fold(name).replace("y", "i").split()))


def sort_key(name: str) -> str:
    """Vietnamese lists go by the given name, which comes last, then by family name.

    >>> sort_key("Trần Văn An")
    'an tran van'
    """
    words = fold(name).split()
    return " ".join(words[-1:] + words[:-1])


def joined(mark: str, *parts: object) -> str:
    """What there is of these, one after the other.

    >>> joined(" · ", "Kiểm sát viên", None, "", 1985)
    'Kiểm sát viên · 1985'
    """
    return mark.join(str(part) for part in parts if part)
