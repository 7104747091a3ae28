"""Numbers as people write them, read the same way in every field.

**«1.500» is one thousand five hundred**, never one and a half: a point and three digits group thousands, a comma begins
the decimals, as in «12,5», «1.234,5», «1 500», «1.234.567»; on an English page it is the other way round. What can be
read in one way only is read so, whoever writes it («12.5», «1,234.5», «１５００»). What would be a thousand in one
country and one point something in the other is told and not guessed: «1,500», and «1.500» on an English page.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

SIGNS = {"en": (",", ".")}  # what groups, and what begins the decimals
HERE = (".", ",")
MINUS = str.maketrans("−–", "--")


class Ambiguous(ValueError):
    """It could be either of these."""

    def __init__(self, values: set[Decimal]):
        self.values = sorted(values, reverse=True)
        super().__init__(self.values)


def plain(text: str) -> str:
    """The text in the plain form of its letters and digits, with one kind of space and of minus."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(MINUS).split())


def read(text: str, language: str = "vi") -> Decimal:
    """The number that is written here; raises Ambiguous, or ValueError for what is none."""
    text = plain(text)
    sign, digits = (text[:1], text[1:].strip()) if text[:1] in ("+", "-") else ("", text)
    found = list(_readings(digits))
    local = {value for group, value in found if group in (" ", SIGNS.get(language, HERE)[0])}
    values = local or {value for _group, value in found}
    if len(values) > 1:
        raise Ambiguous(values)
    if not values:
        raise ValueError(text)
    return -values.pop() if sign == "-" else values.pop()


def _readings(digits: str) -> Iterator[tuple[str, Decimal]]:
    """Every way to read it: the sign that groups, if one does, and the number."""
    for group, point in ((" ", "."), (" ", ","), (".", ","), (",", ".")):
        one, other = re.escape(group), re.escape(point)
        if re.fullmatch(rf"[1-9][0-9]{{0,2}}(?:{one}[0-9]{{3}})+(?:{other}[0-9]+)?", digits):
            yield group, Decimal(digits.replace(group, "").replace(point, "."))
    if re.fullmatch(r"[0-9]+(?:[.,][0-9]+)?", digits):
        yield "", Decimal(digits.replace(",", "."))


def written(number: Decimal | int | None) -> str:
    """The number as it stands in a field, in the reader's language; `read` gives it back."""
    if number is None:
        return ""
    return number_format(number.normalize() if isinstance(number, Decimal) else number, use_l10n=True)


class NumberField(forms.Field):
    """A number as people write it: whole or with so many decimals, and with «%» where it is a share (`percent`)."""

    widget = forms.TextInput
    default_error_messages = {
        "whole": _("Hãy ghi một số nguyên, ví dụ 12 hoặc 1500."),
        "number": _("Hãy ghi một số, ví dụ 1500 hoặc 12,5."),
        "places": _("Hãy ghi nhiều nhất %(places)s chữ số thập phân."),
        "percent": _("Ô này không ghi phần trăm: hãy ghi số lượng."),
        "ambiguous": _("«%(text)s» có thể là %(one)s hoặc %(other)s. Hãy ghi lại một trong hai số này."),
    }

    def __init__(
        self,
        *,
        places: int = 0,
        percent: bool = False,
        min_value: int | None = None,
        max_value: int | None = None,
        **kwargs: Any,
    ):
        self.places, self.percent = places, percent
        super().__init__(**kwargs)
        if min_value is not None:
            self.validators.append(MinValueValidator(min_value, _("Hãy ghi số từ %(limit_value)s trở lên.")))
        if max_value is not None:
            self.validators.append(MaxValueValidator(max_value, _("Hãy ghi số không quá %(limit_value)s.")))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal" if self.places else "numeric", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, Decimal | int) else value

    def to_python(self, value: Any) -> Decimal | int | None:
        text = plain("" if value is None else str(value))
        if not text:
            return None
        bare = text.removesuffix("%").strip()
        if bare != text and not self.percent:
            raise self._wrong("percent")
        try:
            number = read(bare, get_language() or "vi")
        except Ambiguous as either:
            one, other = map(written, either.values)
            raise self._wrong("ambiguous", text=text, one=one, other=other) from either
        except ValueError as error:
            raise self._wrong("number" if self.places else "whole") from error
        short = number.normalize()
        if -int(short.as_tuple().exponent) > self.places:
            raise self._wrong("places", places=self.places) if self.places else self._wrong("whole")
        return number if self.places else int(number)

    def _wrong(self, code: str, **told: Any) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params=told)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True
