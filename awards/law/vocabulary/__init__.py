"""The closed vocabulary of conditions: small functions over a Case, which never ask the database.

The catalogue names a rule and its parameters; its template puts it into words, the function answers for a case.
A fact that is not known makes the answer «evidence», never a guess.
"""

from awards.law.vocabulary import collectives, dossier, service, subject  # noqa: F401 -- each enters its conditions into RULES
from awards.law.vocabulary.base import (
    RULES,
    Options,
    Outcome,
    Requirement,
    failed,
    not_applicable,
    passed,
    shown,
    unknown,
)
from awards.law.vocabulary.subject import run_of_years

__all__ = [
    "RULES",
    "Options",
    "Outcome",
    "Requirement",
    "not_applicable",
    "failed",
    "passed",
    "run_of_years",
    "shown",
    "unknown",
]
