"""On what nominations rest, and for what it has served already: the same number of queries however many."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import Value

from awards.models import Achievement, Initiative, Nomination
from awards.models.ledger import award_kind, award_label
from awards.nominations.checking.records import Key, key_of

LINKS: dict[str, Any] = {"initiative": Nomination.initiatives.through, "achievement": Nomination.achievements.through}


def linked(found: list[Nomination]) -> set[str]:
    """On which kinds of things they rest: most rest on nothing, and what is behind the links has many columns."""
    pks = [n.pk for n in found]
    kinds = (links.objects.filter(nomination__in=pks).values_list(Value(kind)) for kind, links in LINKS.items())
    return {kind for (kind,) in next(kinds).union(*kinds)}


def links(name: str, found: list[Nomination]) -> tuple[dict[int, list[Any]], dict[int, list[Nomination]]]:
    """What each nomination rests on, and which nominations rest on each of these: one query for both."""
    own: dict[int, list[Any]] = defaultdict(list)
    by_row: dict[int, list[Nomination]] = defaultdict(list)
    if not found:
        return own, by_row
    ours = {n.pk for n in found}
    rested = LINKS[name].objects.filter(nomination__in=ours).values(name)
    rows = (
        LINKS[name]
        .objects.filter(**{f"{name}__in": rested})
        .exclude(nomination__state__in=Nomination.ENDED)
        .select_related(name, "nomination__unit")
        .order_by("pk")
    )
    for row in rows:
        by_row[getattr(row, f"{name}_id")].append(row.nomination)
        if row.nomination_id in ours:
            own[row.nomination_id].append(getattr(row, name))
    return own, by_row


def used_deeds(own: dict[int, list[Achievement]], by_row: dict[int, list[Nomination]]) -> dict[tuple[int, int], str]:
    """The other nomination that each achievement serves already, in words."""
    used = {}
    for pk, deeds in own.items():
        for deed in deeds:
            if other := next((o for o in by_row[deed.pk] if o.pk != pk), None):
                used[pk, deed.pk] = f"{award_label(other.award)} ({other.unit.label}, {deed})"
    return used


def used_ideas(
    found: list[Nomination], own: dict[int, list[Initiative]], by_row: dict[int, list[Nomination]]
) -> dict[tuple[int, int], tuple[str, str]]:
    """For what the same author used each initiative: awards of the other kind, and of the same kind, in words."""
    spent: dict[tuple[int, Key], list[tuple[str, str]]] = defaultdict(list)
    if own:
        ideas = {idea.pk for theirs in own.values() for idea in theirs}
        uses = Initiative.used_for.through.objects.filter(initiative__in=ideas, pastaward__revoked_on=None)
        for use in uses.select_related("pastaward").order_by("pk"):
            award = use.pastaward
            spent[use.initiative_id, key_of(award)].append((award.award, f"{award_label(award.award)} {award.year}"))
    used = {}
    for n in found:
        for idea in own[n.pk]:
            others = [o for o in by_row[idea.pk] if o.pk != n.pk and key_of(o) == key_of(n)]
            told = spent[idea.pk, key_of(n)] + [(o.award, f"{award_label(o.award)} ({o.unit.label})") for o in others]
            kind = award_kind(n.award)
            used[n.pk, idea.pk] = (
                "; ".join(f"{words} ({idea})" for code, words in told if award_kind(code) != kind),
                "; ".join(f"{words} ({idea})" for code, words in told if award_kind(code) == kind),
            )
    return used


def used_in_words(pk: int, deeds: list[Achievement], used: dict[tuple[int, int], str]) -> str | None:
    """Words for the award that an achievement serves already, "" for none; None where no achievement is named."""
    if not deeds:
        return None
    return "; ".join(words for deed in deeds if (words := used.get((pk, deed.pk))))
