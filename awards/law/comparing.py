"""Two editions side by side: what each asks for the same award, and what changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from awards.law.standards import Award, Condition, Edition


@dataclass(frozen=True)
class Said:
    """One thing that an edition says of an award: what it is about, the words, where they stand."""

    about: str
    words: str
    article: str = ""


@dataclass(frozen=True)
class Line:
    """The same thing in both editions; None where an edition says nothing of it."""

    left: Said | None
    right: Said | None

    @property
    def about(self) -> str:
        """What the line is about."""
        said = self.left or self.right
        return said.about if said else ""

    @property
    def changed(self) -> bool:
        """Whether the editions differ in the words or in the article."""
        return self.left != self.right

    @property
    def words_changed(self) -> bool:
        """Whether more than the article is another."""
        return (self.left and self.left.words) != (self.right and self.right.words)


@dataclass(frozen=True)
class Comparison:
    """One award in both editions."""

    label: str
    lines: tuple[Line, ...]


def compare(left: Edition, right: Edition, *, unchanged: bool = False) -> list[Comparison]:
    """By award, what the editions say differently; with `unchanged`, what they say alike too."""
    found = []
    for code, award in {**left.awards, **right.awards}.items():
        was, now = dict(_said(left.awards.get(code))), dict(_said(right.awards.get(code)))
        lines = (Line(was.get(key), now.get(key)) for key in {**was, **now})
        if shown := tuple(line for line in lines if unchanged or line.changed):
            found.append(Comparison(award.label, shown))
    return found


def _said(award: Award | None) -> Iterator[tuple[str, Said]]:
    """Everything an award says, under keys that all editions share."""
    if award is None:
        return
    yield "basis", Said(_("Căn cứ"), award.article)
    yield "deciding", Said(_("Thẩm quyền quyết định"), award.deciding.says, award.deciding.article)
    for condition in award.standards:
        if condition.key != "subject":
            yield f"condition {condition.key}", Said(_("Điều kiện"), _words(condition), condition.article)
    if award.papers:
        yield "papers", Said(_("Hồ sơ đề nghị"), "; ".join(c.requirement.params["part"].label for c in award.papers))
    if award.quota:
        yield "quota", Said(_("Tỷ lệ"), award.quota.says, award.quota.article)
    if award.copies:
        yield "copies", Said(_("Số bộ hồ sơ"), award.copies.label, award.copies.article)
    if award.bonus:
        yield "bonus", Said(_("Tiền thưởng"), award.bonus.says, award.bonus.article)


def _words(condition: Condition) -> str:
    if not condition.concerns:
        return condition.says
    return _("%(says)s Chỉ áp dụng: %(whom)s.") % {"says": condition.says, "whom": condition.concerns}
