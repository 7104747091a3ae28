"""Who can be commended: a person, a collective or a unit."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from awards.law.terms import Subject
from portal.scope import Row, ScopedQuerySet, inside
from units.models import Collective, Person, Posting, Unit

Commended = Person | Collective | Unit

ONE_SUBJECT = (
    Q(person__isnull=False, collective=None, whole_unit=None)
    | Q(person=None, collective__isnull=False, whole_unit=None)
    | Q(person=None, collective=None, whole_unit__isnull=False)
)


class SubjectKind(models.TextChoices):
    PERSON = "person", _("cá nhân")
    COLLECTIVE = "collective", _("tập thể")
    UNIT = "unit", _("đơn vị")


KEYS = {SubjectKind.PERSON: "person", SubjectKind.COLLECTIVE: "collective", SubjectKind.UNIT: "whole_unit"}


def as_law_has_it(subject: Commended) -> Subject:
    """What the law calls the subject."""
    if isinstance(subject, Collective):
        return Subject.HOUSEHOLD if subject.kind == Collective.Kind.HOUSEHOLD else Subject.COLLECTIVE
    return Subject.INDIVIDUAL if isinstance(subject, Person) else Subject.UNIT


def one_subject(name: str) -> models.CheckConstraint:
    """Exactly one of the three keys is set."""
    return models.CheckConstraint(
        name=name, condition=ONE_SUBJECT, violation_error_message=_("Hãy chọn đúng một cá nhân, tập thể hoặc đơn vị.")
    )


class SubjectQuerySet(ScopedQuerySet[Row]):
    """Rows about a subject; they stay with the unit of their day and travel with the person."""

    def visible_to(self, user: Any) -> Self:
        """Rows of the units this person looks after, of the people who have come to these since, and one's own."""
        paths = user.staff_paths()
        # a list that is made once, not a question for each row, and a test that leaves the order of the index alone
        came = Posting.objects.filter(inside(paths, "unit__path")).values("person")
        return self.filter(inside(paths, "unit__path") | Q(person__in=came) | Q(person=user.person_id or 0))

    def about(self, subject: Commended) -> Self:
        """Rows of this subject."""
        return self.filter(**{key_of_subject(subject): subject})

    def with_subject(self) -> Self:
        """With what names the subject."""
        return self.select_related("person", "collective", "whole_unit", "unit")


def key_of_subject(subject: Commended) -> str:
    """The key under which this kind of subject is stored."""
    return {Person: "person", Collective: "collective", Unit: "whole_unit"}[type(subject)]


class SubjectMixin(models.Model):
    """A row about one person, collective or unit; `unit` is where the subject belonged then."""

    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="%(class)ss", verbose_name=_("cá nhân")
    )
    collective = models.ForeignKey(
        Collective, models.PROTECT, null=True, blank=True, related_name="%(class)ss", verbose_name=_("tập thể")
    )
    whole_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="%(class)ss_about", verbose_name=_("đơn vị được xét")
    )

    class Meta:
        abstract = True

    @property
    def subject(self) -> Commended:
        """The one that is set."""
        found = self.person or self.collective or self.whole_unit
        assert found is not None  # noqa: S101 -- the constraint of every subclass holds it
        return found

    @property
    def subject_kind(self) -> SubjectKind:
        if self.person_id:
            return SubjectKind.PERSON
        return SubjectKind.COLLECTIVE if self.collective_id else SubjectKind.UNIT

    @property
    def subject_name(self) -> str:
        """The name as lists show it."""
        return str(self.subject)
