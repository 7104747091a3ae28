"""Every rule of every edition as one page of docs: written from the catalogue, so that it cannot say anything else.

The rules stand in the law's own language; the frame is English like the other pages of docs.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from datetime import date

from django.utils.translation import override

from awards.law.standards import HERE, Award, Condition, Edition, Quota, shipped
from awards.law.standards.nouns import Cited, Missing

HEAD = """# Rules of awards

Written by `python manage.py awards_rules` from `awards/law/standards/*.toml`; do not edit by hand.

Source = section of [domain/law-and-practice.md](domain/law-and-practice.md), from 18 on of
[domain/law-2026-11.md](domain/law-2026-11.md). Tag: V text read, S second-hand,
M from memory, NF not found. What was verified blocks; all else warns, until the office decides otherwise.
"""
RULE_HEAD = "| key | condition | concerns | article | source | tag | severity |\n|---|---|---|---|---|---|---|"


def rulebook() -> str:
    """The page, of the editions that the portal ships."""
    with override("vi"):
        lines = [*_base_salaries(), *(line for edition in shipped() for line in _edition(edition))]
        return HEAD + "\n".join(lines) + "\n"


def _base_salaries() -> Iterator[str]:
    yield "\n## Base salary\n\n| from | đồng | basis | source | tag |\n|---|---|---|---|---|"
    for row in tomllib.loads((HERE / "base_salary.toml").read_text("utf-8"))["base_salary"]:
        cells = (_day(row["valid_from"]), f"{row['amount']:,}", row["basis"] or "–", row["source"], row["tag"])
        yield f"| {' | '.join(cells)} |"


def _edition(edition: Edition) -> Iterator[str]:
    until = _day(edition.valid_to) if edition.valid_to else "open"
    yield f"\n## {edition.code}: {_day(edition.valid_from)} – {until}\n"
    if not edition.enabled:
        yield "**Disabled: to be completed by the office.** Until then the last complete edition stands in.\n"
    yield "| cited as | document |\n|---|---|"
    yield from (f"| {document.code} | {document.label} |" for document in edition.documents.values())
    yield from _listed("Principles that no rule computes", (_told(p.label, p) for p in edition.principles))
    if edition.transition:
        yield from _listed("Transition", [_told(edition.transition.label, edition.transition)])
    yield from _listed("Time limits", (_told(f"{d.label}: {d.says}", d) for d in edition.deadlines))
    yield from _listed("Forms of the report, the first that fits", (_told(f.label, f) for f in edition.forms))
    yield from _missing(edition.missing)
    for award in edition.awards.values():
        yield from _award(award)


def _award(award: Award) -> Iterator[str]:
    yield f"\n### {award.code}: {award.name_vi} ({award.name_en})\n"
    yield f"- {award.kind.value}, {award.level.value}; for {', '.join(s.value for s in award.subjects)}"
    yield "- decided by " + _told(award.deciding.says, award.deciding)
    if award.bonus:
        yield "- bonus " + _told(award.bonus.says, award.bonus)
    if award.outsiders:
        yield "- also for people outside the sector " + _told("", award.outsiders).strip()
    if award.copies:
        yield "- copies " + _told(award.copies.label, award.copies)
    yield f"\n{RULE_HEAD}"
    rules: list[Condition | Quota] = [*award.conditions, *([award.quota] if award.quota else [])]
    for asked in rules:
        concerns = asked.concerns if isinstance(asked, Condition) else ""
        cells = (asked.key, asked.says, concerns, asked.short, asked.source)
        yield f"| {' | '.join(cells)} | {asked.tag.value} | {asked.severity.value} |"
    yield from _missing(award.missing)


def _told(words: str, cited: Cited) -> str:
    return f"{words} ({cited.short}; source {cited.source}; {cited.tag.value})"


def _missing(rows: Iterable[Missing]) -> Iterator[str]:
    yield from _listed("Not found, left empty", (f"{m.text} (source {m.source})" for m in rows))


def _listed(title: str, rows: Iterable[str]) -> Iterator[str]:
    rows = list(rows)
    if rows:
        yield f"\n{title}:\n"
        yield from (f"- {row}" for row in rows)


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
