"""What a condition is: a rule with its words and parameters, and what it answers for a case."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.utils.translation import gettext as _

from awards.law.case import Case
from awards.law.terms import Result
from units.models import PersonStatus

Grade = PersonStatus.Grade


@dataclass(frozen=True)
class Outcome:
    """What a rule found: the result, why, and what would mend it."""

    result: Result
    words: str = ""
    what_to_do: str = ""


@dataclass(frozen=True)
class Rule:
    name: str
    template: Any  # the rule in words, with its parameters named
    function: Callable[..., Outcome]

    def says(self, params: Mapping[str, Any]) -> str:
        """The rule in words."""
        return str(self.template) % {name: shown(value) for name, value in params.items()}

    def objection_to(self, params: Mapping[str, Any]) -> str:
        """Why these parameters do not fit the rule; empty if they do."""
        try:
            inspect.signature(self.function).bind(None, **params)
        except TypeError as error:
            return str(error)
        return ""


RULES: dict[str, Rule] = {}


@dataclass(frozen=True)
class Requirement:
    """A rule with its parameters."""

    rule: str
    params: Mapping[str, Any]

    @property
    def says(self) -> str:
        """The requirement in words."""
        return RULES[self.rule].says(self.params)

    def outcome(self, case: Case) -> Outcome:
        """The answer for one case."""
        return RULES[self.rule].function(case, **self.params)


@dataclass(frozen=True)
class Options:
    """Several ways to meet one condition; each way may need several things at once."""

    ways: tuple[tuple[Requirement, ...], ...]

    @property
    def label(self) -> str:
        """The ways in words, numbered."""
        ways = [reduce(_and, (need.says.rstrip(".") for need in way)) for way in self.ways]
        return "; ".join(f"({place}) {way}" for place, way in enumerate(ways, start=1))


def _and(first: str, second: str) -> str:
    return _("%(first)s, đồng thời: %(second)s") % {"first": first, "second": second}


def rule(template: Any) -> Callable[[Callable[..., Outcome]], Callable[..., Outcome]]:
    def register(function: Callable[..., Outcome]) -> Callable[..., Outcome]:
        RULES[function.__name__] = Rule(function.__name__, template, function)
        return function

    return register


def passed(words: str) -> Outcome:
    return Outcome(Result.PASS, words)


def failed(words: str, what_to_do: str) -> Outcome:
    return Outcome(Result.FAIL, words, what_to_do)


def unknown(words: str, what_to_do: str) -> Outcome:
    return Outcome(Result.EVIDENCE, words, what_to_do)


def not_applicable(words: str) -> Outcome:
    return Outcome(Result.NOT_APPLICABLE, words)


def shown(value: Any) -> str:
    """A parameter as the reader knows it: the name of an award, the label of a level."""
    if isinstance(value, tuple):
        return ", ".join(shown(item) for item in value)
    return str(getattr(value, "label", value))
