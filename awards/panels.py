"""What the pages of people, collectives and units show of awards, though they know nothing of them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from awards.models import SubjectKind
from units.models import Collective, Person, Unit, User
from units.panels import Link


def links(user: User, subject: object) -> list[Link]:
    """The way to the subject's book, for those who may open it."""
    if isinstance(subject, Unit):
        opens = any(subject.path.startswith(path) for path in user.staff_paths())
        kind = SubjectKind.UNIT
    else:
        # the page of a person or a collective is shown to those alone who may also open the book
        opens = isinstance(subject, Person | Collective)
        kind = SubjectKind.PERSON if isinstance(subject, Person) else SubjectKind.COLLECTIVE
    if not opens:
        return []
    return [Link(_("Sổ khen thưởng"), reverse("ledger_subject", args=[kind, subject.pk]))]
