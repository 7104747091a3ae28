"""Which people, collectives and units the fields of forms about awards may name (`portal.web.forms.picking`)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from awards.ledger import books
from awards.models import Initiative, InitiativeAuthor, PastAward, SubjectKind, Submission
from awards.models.subjects import key_of_subject
from awards.nominations import permissions
from awards.nominations.editing import subjects_of
from portal.days import today
from units.models import Person, Unit, User
from units.models.people import PersonQuerySet
from units.picking import named


def nominees(user: User, about: str) -> list[Any]:
    """Whom the unit of the paper may propose, for those who write the paper."""
    paper = Submission.objects.visible_to(user).select_related("unit").filter(pk=named(about)).first()
    if paper is None or not permissions.may_draft(user, paper):
        return []
    return [subjects_of(paper.unit, kind, user) for kind in SubjectKind.values]


def ledger_subjects(user: User, about: str) -> list[Any]:
    """Of whom the line of the ledger may be instead: those of its kind whose book opens, and whose it is."""
    line = PastAward.objects.visible_to(user).with_subject().filter(pk=named(about)).first()
    if line is None:
        return []
    open_to = books.subjects(line.subject_kind, user)
    own = getattr(line, f"{key_of_subject(line.subject)}_id")
    return [open_to.model.objects.filter(Q(pk__in=open_to.order_by().values("pk")) | Q(pk=own))]


def authors(user: User, about: str) -> list[PersonQuerySet]:
    """People whom the person may look up, and the authors whom the initiative has already."""
    seen = Person.objects.visible_to(user)
    if not about:
        return [seen]
    there = InitiativeAuthor.objects.filter(initiative__in=Initiative.objects.visible_to(user).filter(pk=named(about)))
    return [Person.objects.filter(Q(pk__in=seen.order_by().values("pk")) | Q(pk__in=there.values("person")))]


def conflicts(user: User, about: str) -> list[Any]:
    """With whom one may have a conflict of interest: any unit of today, and people whom one may look up."""
    return [Unit.objects.as_of(today()), Person.objects.visible_to(user)]
