"""Vietnamese letters: of the old typefaces (TCVN3, VNI), UTF-8 read as another code, lost to «?», or as they should be.

What a text is written in is judged by its syllables: a word that is none as it stands, but is one when it is read as
TCVN3 or VNI, was typed in that. A few words are one in both readings («Vò» is «Vũ» in TCVN3); then the typeface of the
cell decides, else what stands around it, and where that is mixed, nobody but the person who knows the list.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

TCVN3, VNI, TWICE = "TCVN3 (ABC)", "VNI", "UTF-8 (1252)"

_LOW = (
    "µà ¶ả ·ã ¸á ¹ạ ¨ă »ằ ¼ẳ ½ẵ ¾ắ Æặ ©â Çầ Èẩ Éẫ Êấ Ëậ ®đ Ìè Îẻ Ïẽ Ðé Ñẹ ªê Òề Óể Ôễ Õế Öệ ×ì Øỉ Üĩ Ýí Þị "
    "ßò áỏ âõ ãó äọ «ô åồ æổ çỗ èố éộ ¬ơ êờ ëở ìỡ íớ îợ ïù ñủ òũ óú ôụ \xadư õừ öử ÷ữ øứ ùự úỳ ûỷ üỹ ýý þỵ"
)
_TCVN3 = {pair[0]: pair[1] for pair in f"{_LOW} ¡Ă ¢Â £Ê ¤Ô ¥Ơ ¦Ư §Đ".split(" ")}

_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"
_TONES = _GRAVE + _ACUTE + _TILDE + _HOOK + _DOT
_HAT, _BREVE = "\u0302", "\u0306"
_VNI_MARKS = {  # what stands behind a vowel: the hat or breve, and the tone
    "ù": ("", _ACUTE), "ø": ("", _GRAVE), "û": ("", _HOOK), "õ": ("", _TILDE), "ï": ("", _DOT),
    "â": (_HAT, ""), "á": (_HAT, _ACUTE), "à": (_HAT, _GRAVE), "å": (_HAT, _HOOK), "ã": (_HAT, _TILDE),
    "ä": (_HAT, _DOT), "ê": (_BREVE, ""), "é": (_BREVE, _ACUTE), "è": (_BREVE, _GRAVE), "ú": (_BREVE, _HOOK),
    "ü": (_BREVE, _TILDE), "ë": (_BREVE, _DOT),
}  # fmt: skip
_VNI_ALONE = {"í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ñ": "đ", "ô": "ơ", "ö": "ư"}
_TAKES = {"": "aeouyôö", _HAT: "aeo", _BREVE: "a"}

_ONSETS = "ngh|nh|ng|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnprstvx]"
_RIMES = (
    "a|ac|ach|ai|am|an|ang|anh|ao|ap|at|au|ay|ăc|ăm|ăn|ăng|ăp|ăt|âc|âm|ân|âng|âp|ât|âu|ây|e|ec|em|en|eng|eo|ep|et|"
    "ê|êch|êm|ên|êng|ênh|êp|êt|êu|i|ia|ich|im|in|inh|ip|it|iu|iêc|iêm|iên|iêng|iêp|iêt|iêu|y|ych|yn|ynh|yt|yêm|yên|"
    "yêng|yêt|yêu|o|oa|oac|oach|oai|oam|oan|oang|oanh|oao|oap|oat|oay|oăc|oăm|oăn|oăng|oăt|oc|oe|oen|oeo|oet|oi|om|on|"
    "ong|ooc|oong|op|ot|ô|ôc|ôi|ôm|ôn|ông|ôp|ôt|ơ|ơi|ơm|ơn|ơp|ơt|u|ua|uân|uâng|uât|uây|uc|uê|uêch|uênh|ui|um|un|ung|"
    "uôc|uôi|uôm|uôn|uông|uôt|uơ|up|ut|uy|uya|uych|uyên|uyêt|uyn|uynh|uyt|uyu|ư|ưa|ưc|ưi|ưm|ưn|ưng|ươc|ươi|ươm|ươn|"
    "ương|ươp|ươt|ươu|ưt|ưu"
)
_SYLLABLE = re.compile(f"(?:{_ONSETS})?(?:{_RIMES})")
_STOPPED = re.compile("(?:c|ch|p|t)$")

_SURELY_UNICODE = re.compile("[\u0100-\u1fff\u2070-\uffff]")
_ASCII_BETWEEN = re.compile("[\\s!-@\\[-`{-~\u2000-\u206f]+")
_WORD = re.compile(r"[^\W\d_]+")
_SYMBOLS = re.compile("[\xa1-\xa9\xac-\xaf\xb1\xb4-\xb6\xb8\xba\xbc-\xbf×÷]")  # no letters, and hardly in a list
_LOST = re.compile(r"[^\W\d_]\?+[^\W\d_]|\ufffd")
_LOST_SHORT = re.compile(r"[^\W\d_]\?|\?[^\W\d_]|\?\?|\ufffd")
_TWICE = re.compile("á[º»]|Ä[‘\x90\x91]|Æ[°¡]|Ã[\xa0-\xbf]")
_ADDRESS = re.compile(r"\S*(?:://|www\.)\S*")
SHORT = 250  # characters of a column: a name or a post, in which nobody asks a question


@lru_cache(maxsize=50_000)
def _syllable(word: str) -> bool:
    """Whether the word is a Vietnamese syllable, with one tone at most and that where it may be."""
    marks = unicodedata.normalize("NFD", word.lower())
    tones = [mark for mark in marks if mark in _TONES]
    bare = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES))
    if len(tones) > 1 or not _SYLLABLE.fullmatch(bare):
        return False
    return not _STOPPED.search(bare) or (bool(tones) and tones[0] in _ACUTE + _DOT)


def _from_tcvn3(word: str) -> str | None:
    read = [mark if mark < "\x80" else _TCVN3.get(mark) for mark in word]
    if None in read:
        return None
    decoded = "".join(mark for mark in read if mark)
    plain = [mark for mark in word if "A" <= mark.upper() <= "Z"]
    # the code has no capitals with marks: «NGUYÔN» is written with small ones among capitals
    return decoded.upper() if len(plain) > 1 and all(mark.isupper() for mark in plain) else decoded


def _from_vni(word: str) -> str | None:
    """The word with its marks on their vowels; None where a mark has none."""
    read: list[str] = []
    open_vowel = ""
    for mark in word:
        low = mark.lower()
        hat, tone = _VNI_MARKS.get(low, ("", ""))
        if open_vowel and (hat or tone) and open_vowel in _TAKES[hat]:
            read[-1] = unicodedata.normalize("NFC", read[-1] + hat + tone)
            open_vowel = ""
            continue
        plain = low if low < "\x80" else _VNI_ALONE.get(low)
        if plain is None:
            return None
        read.append(plain.upper() if mark != low else plain)
        open_vowel = low if low in "aeouyôö" else ""
    return "".join(read)


_READINGS = {TCVN3: _from_tcvn3, VNI: _from_vni}


def _share(words: list[str], read: str) -> float:
    """How many of the words are syllables when they are read so; 0 where one cannot be."""
    decoded = [_READINGS[read](word) for word in words]
    if None in decoded or not decoded:
        return 0
    return sum(_syllable(word) for word in decoded if word) / len(decoded)


@lru_cache(maxsize=20_000)
def judged(text: str) -> tuple[str, ...]:
    """In what the text may be written: an empty word is Unicode. Two or more where nobody can tell."""
    if text.isascii() or _SURELY_UNICODE.search(unicodedata.normalize("NFC", text)):
        return ("",)
    words = [word for word in _ASCII_BETWEEN.split(text) if word and not word.isascii()]
    shares = {read: _share(words, read) for read in _READINGS}
    as_it_is = [word for word in _WORD.findall(text) if not word.isascii()]
    sound = not _SYMBOLS.search(text) and all(map(_syllable, as_it_is))
    if sound:
        return ("", *(read for read, share in shares.items() if share == 1))
    best = max(shares.values())
    if best < 0.7:
        return ("",)
    return tuple(read for read, share in shares.items() if share == best)


def sure(text: str) -> bool:
    """Whether the text has letters that no old typeface has."""
    return bool(_SURELY_UNICODE.search(text))


def by_typeface(name: str) -> str:
    """What text in this typeface is written in; empty for Unicode typefaces."""
    if name.startswith(".Vn"):
        return TCVN3
    return VNI if name.upper().startswith(("VNI-", "VNI ")) else ""


def converted(text: str, read: str, typeface: str = "") -> str:
    """The text in Unicode; a typeface that has capitals only is read in capitals."""
    if read == TWICE:
        return undone(text) or text
    decode = _READINGS[read]
    parts = re.split("([\\s!-@\\[-`{-~\u2000-\u206f]+)", text)
    done = "".join(part if part.isascii() else decode(part) or part for part in parts)
    return done.upper() if read == TCVN3 and typeface.endswith("H") else done


def convertible(text: str, read: str) -> bool:
    """Whether every letter of the text is one of that code."""
    decode = _READINGS[read]
    return not text.isascii() and all(decode(word) is not None for word in _ASCII_BETWEEN.split(text) if word)


def undone(text: str) -> str | None:
    """UTF-8 that a program read as the Western code page («Nguyá»…n»), put right; None where it is not that."""
    if not _TWICE.search(text):
        return None
    try:
        raw = b"".join(mark.encode("latin-1" if "\x7f" < mark < "\xa0" else "cp1252") for mark in text)
        return raw.decode("utf-8")
    except UnicodeError:
        return None


def readings(text: str) -> list[str]:
    """The text as it might be meant, when it is not Unicode: of headings, which are known words."""
    if meant := undone(text):
        return [meant]
    return [converted(text, read) for read in _READINGS if not text.isascii() and convertible(text, read)]


def lost(text: str, limit: int = SHORT) -> bool:
    """Whether letters of the text became «?» when it was saved.

    >>> lost("Nguy?n Th? Hoài"), lost("Ai làm? Khi nào?", limit=2000)
    (True, False)
    """
    if "?" not in text and "\ufffd" not in text:
        return False
    found = _LOST_SHORT if limit <= SHORT else _LOST
    return bool(found.search(_ADDRESS.sub("", text)))


def syllables(text: str) -> int:
    """How many words with marks are Vietnamese."""
    words = _WORD.findall(unicodedata.normalize("NFC", text))
    return sum(_syllable(word) for word in words if not word.isascii())


def legacy_words(text: str) -> int:
    """How many words are Vietnamese when they are read in the better of the old codes."""
    words = [word for word in _ASCII_BETWEEN.split(text) if word and not word.isascii()]
    return max(
        sum(_syllable(decoded) for word in words if (decoded := decode(word)) is not None)
        for decode in _READINGS.values()
    )
