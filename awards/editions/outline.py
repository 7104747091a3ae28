"""What the pages show of a draft: its rows by section, each with its words and the way to its form."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from awards.editions import tables
from awards.editions.forms.rows import rules
from awards.editions.tables import KINDS, NEW, Law
from awards.law.standards import Award, Edition
from awards.law.standards.reading import NO_ARTICLE
from awards.law.terms import Post, Tag
from awards.models import LawEdition

CONDITIONS = ("every/#", "award/#/conditions/#", "award/#/conditions/#/options/#/#")  # a rule is chosen for each
LISTS = ("documents", "every", "part", "simplified", "form", "report", "principle", "deadline", "missing")


@dataclass(frozen=True)
class Row:
    """One row: where it stands, what it says, by which article and how well known."""

    place: str
    words: str
    basis: str = ""
    tag: str = ""


@dataclass
class Section:
    """Rows of one kind; `more` is where another one goes, empty where none can be added."""

    title: str
    rows: list[Row] = field(default_factory=list)
    more: str = ""


def up(edition: LawEdition, place: str) -> str:
    """The page on which the row of the place stands."""
    parts = place.split("/")
    if parts[0] == "award" and len(parts) > 2:
        return reverse("edition_award", args=[edition.pk, parts[1]])
    return edition.get_absolute_url()


def sections(law: Law) -> list[Section]:
    """What the edition says of all awards."""
    found = [
        Section(str(KINDS["edition"]), [_row(law, "edition")]),
        Section(str(KINDS["transition"]), [_row(law, "transition")]),
    ]
    for name in LISTS:
        keys = law.get(name, {}) if name == "documents" else range(len(law.get(name, [])))
        kind = KINDS["documents/*" if name == "documents" else f"{name}/#"]
        found.append(Section(str(kind), [_row(law, f"{name}/{key}") for key in keys], f"{name}/{NEW}"))
    return found


def awards(law: Law) -> list[Row]:
    """The awards, by name."""
    return [_row(law, f"award/{place}") for place in range(len(law.get("award", [])))]


def of_award(law: Law, award: int, edition: Edition) -> list[Section]:
    """What the edition says of one award."""
    here = f"award/{award}"
    row = tables.row_at(law, here)
    read = edition.awards[row["code"]]
    found = [Section(str(KINDS["award/#"]), [_row(law, here)])]
    conditions = [
        Row(f"{here}/conditions/{place}", _condition(read, one), _basis(one), _tag(one))
        for place, one in enumerate(row.get("conditions", []))
    ]
    found.append(Section(str(KINDS["award/#/conditions/#"]), conditions, f"{here}/conditions/{NEW}"))
    stated = {"authority": read.deciding, "quota": read.quota, "bonus": read.bonus}
    for name in ("authority", "quota", "vote", "bonus", "copies", "outsiders"):
        shown = _row(law, f"{here}/{name}")
        if statement := stated.get(name):
            shown = replace(shown, words=statement.says)
        found.append(Section(str(KINDS[f"award/#/{name}"]), [shown]))
    lacking = [_row(law, f"{here}/missing/{place}") for place in range(len(row.get("missing", [])))]
    found.append(Section(str(KINDS["award/#/missing/#"]), lacking, f"{here}/missing/{NEW}"))
    return found


def _condition(award: Award, row: dict[str, Any]) -> str:
    condition = award.condition(row["key"])
    return condition.says if condition else str(row["rule"])


def options(place: str, row: dict[str, Any]) -> list[list[Row]]:
    """The ways in which a condition can be met, each with what it asks for at once; the posts that it names."""
    posts = [
        Row(f"{place}/posts/{at}", f"{Post(one['post']).label}: {one['years']}–{one['below']}")
        for at, one in enumerate(row.get("posts", []))
    ]
    return [[post] for post in posts] + [
        [Row(f"{place}/options/{way}/{need}", _need(one)) for need, one in enumerate(needs)]
        for way, needs in enumerate(row.get("options", []))
    ]


def _need(row: dict[str, Any]) -> str:
    figures = ", ".join(str(value) for name, value in row.items() if name not in ("rule", "key"))
    words = dict(rules()).get(row["rule"], row["rule"])
    return f"{words} ({figures})" if figures else str(words)


def unread(law: Law) -> list[Row]:
    """What nobody has compared with the text of the law yet, by award and section."""
    found: dict[str, int] = {}
    for place in tables.places(law):
        row = tables.row_at(law, place)
        if row.get("tag", Tag.VERIFIED) in (Tag.MEMORY, Tag.NOT_FOUND):
            parts = place.split("/")
            group = "/".join(parts[:2]) if parts[0] == "award" else parts[0]
            found[group] = found.get(group, 0) + 1
    return [Row(group, _group(law, group), tag=str(count)) for group, count in found.items()]


def _group(law: Law, group: str) -> str:
    if group.startswith("award/"):
        return str(tables.row_at(law, group)["name"])
    return str(KINDS.get(f"{group}/#") or KINDS[group])


def _row(law: Law, place: str) -> Row:
    row = tables.row_at(law, place)
    parts = tables.steps_to(place)
    if parts[0] == "documents":
        return Row(place, f"{parts[1]}: {row['name']}")
    if place == "edition":
        words = f"{row['name']}; {row['valid_from']:%d/%m/%Y}"
    elif parts[-1] == "vote":
        words = _("ít nhất %s%%") % row["percent"] if row else ""
    else:
        words = str(row.get("text") or row.get("name") or row.get("rule") or "")
    return Row(place, words, _basis(row), _tag(row))


def _basis(row: dict[str, Any]) -> str:
    return str(row.get("basis", "")).replace(f", {NO_ARTICLE}", _(" (chưa rõ điều)"))


def _tag(row: dict[str, Any]) -> str:
    return str(Tag(row["tag"]).label) if "tag" in row else ""
