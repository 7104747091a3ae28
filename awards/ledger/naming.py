"""What lists and decisions call an award, and what the words above a list say for all its rows."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Any

from awards.models import SubjectKind
from portal.exchange.columns import Unreadable, read_day, tidy
from portal.text import fold

HEADINGS = (
    "Danh hiệu", "Hình thức", "Hình thức khen thưởng", "Danh hiệu thi đua", "Danh hiệu, hình thức khen thưởng",
    "Danh hiệu thi đua, hình thức khen thưởng", "Hình thức, danh hiệu khen thưởng", "Danh hiệu đề nghị",
    "Hình thức đề nghị", "Danh hiệu, hình thức đề nghị", "Hình thức khen",
)  # fmt: skip
# longer before shorter: «ttldtt» holds «ldtt»
_WORDS = {
    "ttldtt": "tap the lao dong tien tien", "ttldxs": "tap the lao dong xuat sac", "tt": "tap the",
    "ldtt": "lao dong tien tien", "ldxs": "lao dong xuat sac", "cstdcs": "chien si thi dua co so",
    "cstdtq": "chien si thi dua toan quoc", "cstdn": "chien si thi dua nganh", "cstd": "chien si thi dua",
    "sy": "si", "ki": "ky", "cs": "co so", "tq": "toan quoc", "bk": "bang khen", "gk": "giay khen",
    "knc": "ky niem chuong", "hcld": "huan chuong lao dong",
    "hcdl": "huan chuong doc lap", "hc": "huan chuong", "ahld": "anh hung lao dong",
    "ctd": "co thi dua", "ttg": "thu tuong chinh phu", "ttcp": "thu tuong chinh phu", "cp": "chinh phu",
    "vt": "vien truong", "vksndtc": "vien kiem sat nhan dan toi cao", "vkstc": "vien kiem sat nhan dan toi cao",
    "vksnd": "vien kiem sat nhan dan", "vks": "vien kiem sat nhan dan", "ksnd": "kiem sat nhan dan", "ld": "lao dong",
    "tc": "toi cao",
}  # fmt: skip
_SECTOR = r"(nganh|bo|bo nganh)( kiem sat( nhan dan)?)?"
_SUPREME = r"vien kiem sat( nhan dan)? toi cao"
_CLASSES = {"1": "nhat|1|i", "2": "nhi|hai|2|ii", "3": "ba|3|iii"}
_RULES = [
    ("CSTDCS", r"chien si thi dua( cap)? co so"),
    ("CSTDTQ", r"chien si thi dua( cap)? (toan quoc|quoc gia)"),
    ("CSTDN", rf"chien si thi dua( cap)? {_SECTOR}"),
    ("TTLDTT", r"(tap the|don vi) lao dong tien tien"),
    ("TTLDXS", r"((tap the|don vi) )?lao dong xuat sac"),
    ("LDTT", r"(ca nhan )?lao dong tien tien"),
    ("CTDCP", r"co( thi dua)?( cua)? chinh phu"),
    ("CTDN", rf"co( thi dua)?( cua)?( cap)? ({_SECTOR}|{_SUPREME})"),
    ("BK_TTG", r"bang khen( cua)? thu tuong( chinh phu)?"),
    ("BK_VT", rf"bang khen( cua)?( cap)? (vien truong( cua)?( {_SUPREME})?|{_SUPREME}|{_SECTOR})"),
    ("GK", r"giay khen( cua)?( (vien truong|thu truong|chanh van phong|vu truong|cuc truong)( .*)?)?"),
    ("KNC", r"ky niem chuong( vi su nghiep kiem sat( nhan dan)?)?"),
    ("HC_DUNGCAM", r"huan chuong dung cam"),
    *((f"HCLD_{number}", rf"huan chuong lao dong hang ({names})") for number, names in _CLASSES.items()),
    *((f"HCDL_{number}", rf"huan chuong doc lap hang ({names})") for number, names in _CLASSES.items()),
    ("HCHCM", r"huan chuong ho chi minh"),
    ("HCSV", r"huan chuong sao vang"),
    ("AHLD", r"anh hung lao dong( (trong )?thoi ky doi moi)?"),
]
_FULL = [(code, re.compile(rule)) for code, rule in _RULES]
_WITHIN = [(code, re.compile(rf"\b{rule.replace('( .*)?', '')}\b")) for code, rule in _RULES]
_BEFORE = re.compile(r"((danh hieu|hinh thuc|dat|duoc|cong nhan|tang( thuong)?|truy tang|de nghi|khen thuong) )+")
_DATES = re.compile(r"(ngay *[0-9]* *)?thang *[0-9]* *nam *[0-9]{4}|[0-9]{1,2} [0-9]{1,2} [0-9]{4}")
_YEARS = re.compile(r"\bnam ((?:19|20)[0-9]{2})\b")
_DECISION = re.compile(r"quyết định\s*(?:số)?\s*:?\s*([0-9]+[\w/.\-–]*)(.*)", re.IGNORECASE | re.DOTALL)
_NUMBER_AND_DAY = re.compile(r"(?:quyết định )?(?:số:? )?([0-9]\S*)(?:,| ngày|, ngày| -) ?(\d.*)", re.IGNORECASE)
_DAY = re.compile(r"ngày\s+(\d{1,2}\s*(?:/|-|\.|tháng)\s*\d{1,2}\s*(?:/|-|\.|năm)\s*\d{4})", re.IGNORECASE)
_SIGNED_BY = re.compile(r"\bcủa\s+([^\W\d_][^)(;.\n]*)", re.IGNORECASE)


def _plain(text: str) -> str:
    """The words in full, without marks, case and what stands between them."""
    words = re.sub(r"[^a-z0-9]+", " ", fold(text)).split()
    return " ".join(_WORDS.get(word, word) for word in words)


@lru_cache(maxsize=2_000)
def award_named(text: str) -> str | None:
    """The code of the award that is meant, in whatever way it is written; None where that is not clear.

    >>> [award_named(t) for t in ("Chiến sỹ thi đua cơ sở", "BK của Viện trưởng VKSNDTC", "HCLĐ hạng 3", "Bằng khen")]
    ['CSTDCS', 'BK_VT', 'HCLD_3', None]
    """
    plain = _YEARS.sub("", _plain(text)).strip()
    plain = re.sub(r" (nam|cac nam)$", "", plain)
    before = _BEFORE.match(f"{plain} ")
    plain = plain[before.end() :] if before else plain
    return next((code for code, rule in _FULL if rule.fullmatch(plain)), None)


_GRADES = {
    "excellent": ("hoan thanh xuat sac", "xuat sac", "htxs", "htxsnv"),
    "good": ("hoan thanh tot", "tot", "htt", "httnv"),
    "done": ("hoan thanh", "htnv"),
    "not_done": ("khong hoan thanh", "khtnv", "chua hoan thanh nhiem vu"),
}


def grade_named(text: str) -> str | None:
    """The grade of a year that is meant, in short words or letters."""
    plain = " ".join(re.sub(r"[^a-z0-9]+", " ", fold(text)).split())
    return next((grade for grade, names in _GRADES.items() if plain in names), None)


def _award_within(plain: str) -> tuple[str | None, str]:
    """The one award of which a sentence speaks, and what else it says."""
    found = set()
    for code, rule in _WITHIN:
        if rule.search(plain):
            found.add(code)
            plain = rule.sub(" ", plain)
    return found.pop() if len(found) == 1 else None, plain


def decision(text: str) -> tuple[str, date | None]:
    """Number and day of a decision that one cell holds.

    >>> decision("12/QĐ-VKS ngày 15/12/2025")
    ('12/QĐ-VKS', datetime.date(2025, 12, 15))
    """
    if not (found := _NUMBER_AND_DAY.fullmatch(text)):
        return text, None
    try:
        return found[1].rstrip(",;"), read_day(found[2])
    except Unreadable:
        return text, None


def told(text: str) -> dict[str, Any]:
    """What the words above a list or between its rows say of the rows below them, as they stand, by column."""
    text = tidy(text)
    said: dict[str, Any] = {}
    if decision := _DECISION.search(text):
        said["decision_number"] = decision[1].rstrip(".,")
        if day := _DAY.search(decision[2]):
            said["decided_on"] = tidy(re.sub(r"\s*(tháng|năm)\s*", "/", day[1], flags=re.IGNORECASE))
        if signed := _SIGNED_BY.search(decision[2]):
            said["decided_by"] = signed[1].strip()
    award, plain = _award_within(_plain(text))
    if award:
        said["award"] = award
    years = set(_YEARS.findall(_DATES.sub(" ", plain)))
    if len(years) == 1:
        said["year"] = years.pop()
    people, teams = "ca nhan" in plain, "tap the" in plain
    if people != teams:
        said["kind"] = SubjectKind.PERSON if people else SubjectKind.COLLECTIVE
    return said
