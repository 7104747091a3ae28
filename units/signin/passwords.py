"""Which passwords an account may have: long, on no list, and not made of what anyone here would guess."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.text import fold, grouped
from units.models import Unit

MIN_LENGTH, MAX_LENGTH = 12, 128
MIN_LEFT = 8  # letters and digits that nobody can guess; the house's own bound
MIN_DISTINCT = 5
SHORTEST_WORD = 3  # shorter ones stand in any password by chance
RUN = 4  # neighbours on the keyboard or in the alphabet

# what a stranger tries first at a portal of the procuracies; without accents and spaces
WORDS = [
    "vienkiemsatnhandantoicao",
    "vienkiemsatnhandan",
    "vienkiemsat",
    "kiemsatvien",
    "kiemsat",
    "vienkiem",
    "nhandan",
    "toicao",
    "vksndtc",
    "vksnd",
    "vksqs",
    "vks",
    "quansu",
    "congto",
    "thidua",
    "khenthuong",
    "phongtrao",
    "giaykhen",
    "bangkhen",
    "chiensi",
    "thutruong",
    "vientruong",
    "quantri",
    "canbo",
    "congchuc",
    "donvi",
    "vietnam",
    "saigon",
    "matkhau",
    "dangnhap",
    "taikhoan",
    "password",
    "passw",
    "pass",
    "admin",
    "user",
    "login",
    "welcome",
    "secret",
    "portal",
    "tinh",
    "thanhpho",
    "quan",
    "huyen",
    "khuvuc",
    "cuatoi",
    "cuaem",
    "cuaanh",
]
ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
NEIGHBOURS = {pair for row in ROWS for way in (row, row[::-1]) for pair in pairwise(way)}
LOOKALIKES = str.maketrans("013457@$!", "oieastasi")  # how letters are dressed up as other signs
YEAR = re.compile(r"(?:19|20)\d\d")


class LengthValidator:
    """Long enough to resist guessing, without rules of composition; short enough to hash without harm (ASVS V6.2)."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) < MIN_LENGTH:
            raise ValidationError(
                _("Mật khẩu quá ngắn: cần ít nhất %(count)s ký tự.") % {"count": MIN_LENGTH}, code="password_too_short"
            )
        if len(password) > MAX_LENGTH:
            raise ValidationError(
                _("Mật khẩu quá dài: tối đa %(count)s ký tự.") % {"count": grouped(MAX_LENGTH)},
                code="password_too_long",
            )

    def get_help_text(self) -> str:
        return _("Ít nhất %(count)s ký tự; một câu dài, có dấu cách, dễ nhớ và an toàn hơn một từ khó.") % {
            "count": MIN_LENGTH
        }


class CommonPasswordValidator(password_validation.CommonPasswordValidator):
    """Django's list of passwords that are tried first everywhere."""

    def get_error_message(self) -> str:
        return _("Mật khẩu này có trong danh sách mật khẩu phổ biến mà kẻ gian thử đầu tiên.")

    def get_help_text(self) -> str:
        return ""  # said with the words of the house


class GuessableValidator:
    """What is left without the words of the house, own names, unit codes, years and runs must be enough by itself.

    Accents, case, separators and letters dressed up as signs make no difference: «V1ện-K13m-Sát» is «vienkiemsat».
    """

    def validate(self, password: str, user: Any = None) -> None:
        if password.isdigit():
            raise ValidationError(
                _("Mật khẩu chỉ toàn chữ số. Hãy dùng một câu dài mà chỉ đồng chí biết."), code="password_numeric"
            )
        if len({c for c in fold(password) if not c.isspace()}) < MIN_DISTINCT:
            raise ValidationError(
                _("Mật khẩu lặp lại vài ký tự. Hãy dùng một câu dài mà chỉ đồng chí biết."), code="password_repeats"
            )
        words = {*WORDS, *_units(), *_own(user)}
        left = min(_left(reading, words) for reading in _readings(password))
        if left < MIN_LEFT:
            raise ValidationError(
                _(
                    "Mật khẩu dễ đoán: bỏ tên, đơn vị, năm và những từ quen thuộc ở cơ quan thì chỉ còn %(left)s ký "
                    "tự, cần ít nhất %(count)s. Hãy dùng một câu dài mà chỉ đồng chí biết."
                )
                % {"left": left, "count": MIN_LEFT},
                code="password_guessable",
            )

    def get_help_text(self) -> str:
        return _("Không dựa vào họ tên, tên đăng nhập, tên hay mã đơn vị, năm, hoặc từ như «vksnd», «thidua».")


def _readings(password: str) -> Iterable[str]:
    """Letters and digits as they are typed, and with lookalikes read as the letters that they stand for."""
    folded = fold(password)
    for reading in (folded, folded.translate(LOOKALIKES)):
        yield "".join(c for c in reading if c.isalnum())


def _left(text: str, words: Iterable[str]) -> int:
    """How many characters are neither a known word nor a year nor part of a run."""
    known = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    parts = re.split(rf"{known}|{YEAR.pattern}", text)
    return sum(len(_without_runs(part)) for part in parts)


def _without_runs(text: str) -> str:
    """The text with each run of neighbours or of one character reduced to its first: «qwerty1111x» is «q1x»."""
    kept, run = "", ""
    for character in f"{text}\0":
        if run and (character == run[-1] or (run[-1], character) in NEIGHBOURS):
            run += character
            continue
        kept += run if len(run) < RUN else run[:1]
        run = character
    return kept


def _squeezed(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalnum())


def _long_enough(words: Iterable[str]) -> set[str]:
    return {word for word in words if len(word) >= SHORTEST_WORD}


def _units() -> frozenset[str]:
    """Codes of all units, and what their names say beside the words of the house: `nghean`, `haiphong`."""
    rows = Unit.objects.values_list("code", "name_vi", "seat").order_by()
    return _words_of(tuple(rows))


@lru_cache(maxsize=2)
def _words_of(rows: tuple[tuple[str, str, str], ...]) -> frozenset[str]:
    known = re.compile("|".join(sorted(WORDS, key=len, reverse=True)))
    places = (known.sub("", _squeezed(text)) for _code, name, seat in rows for text in (name, seat))
    codes = (_squeezed(part) for code, _name, _seat in rows for part in (code, *code.split(".")))
    return frozenset(_long_enough([*places, *codes]))


def _own(user: Any) -> set[str]:
    """What others know of the holder: names, code, address."""
    person = getattr(user, "person", None)
    texts = [getattr(user, "username", ""), getattr(user, "email", "").split("@")[0]]
    if person:
        texts += [person.full_name, person.staff_code or ""]
    words = [word for text in texts for word in re.split(r"[\W_]+", fold(text))]
    return _long_enough([*words, *(_squeezed(text) for text in texts)])
