"""People and bodies outside the sector whom a unit proposes: kept by name, body and country, each once."""

from __future__ import annotations

from uuid import uuid4

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from awards.law.standards import Award
from awards.law.terms import AwardKind, Subject
from awards.models import Nomination, Submission
from awards.models.subjects import Commended
from awards.nominations import editing
from units.models import Collective, Person, User


class Kind(models.TextChoices):
    PERSON = "person", _("Cá nhân")
    COLLECTIVE = "outside", _("Tập thể")
    HOUSEHOLD = "household", _("Hộ gia đình")


def awards_for(awards: list[Award], kind: str = "") -> list[Award]:
    """Those that people and bodies outside the sector may be proposed for: no titles."""
    subject = {Kind.PERSON: Subject.INDIVIDUAL, Kind.HOUSEHOLD: Subject.HOUSEHOLD}.get(Kind(kind or "person"))
    subjects = set(Subject) if not kind else {subject or Subject.COLLECTIVE}
    return [a for a in awards if a.kind != AwardKind.TITLE and subjects & set(a.subjects)]


@transaction.atomic
def add(
    submission: Submission, *, kind: str, name: str, organisation: str, country: str, award: str, by: User
) -> tuple[Nomination, bool]:
    """A draft for somebody outside the sector, and whether it is new; the same name, body and country are one."""
    whose = {"organisation": organisation, "country": country}
    code = f"NN-{uuid4().hex[:12].upper()}"
    subject: Commended | None
    if kind == Kind.PERSON:
        subject = Person.objects.filter(full_name=name, postings=None, **whose).first()
        subject = subject or Person.objects.create(full_name=name, staff_code=code, **whose)
    else:
        there = Collective.objects.filter(unit=submission.unit, kind=kind, name=name, **whose)
        subject = there.first() or Collective.objects.create(
            unit=submission.unit, kind=kind, code=code, name=name, **whose
        )
    [nomination], fresh = editing.add(submission, [subject], award, by=by)
    return nomination, bool(fresh)
