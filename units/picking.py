"""Which units, people and collectives the fields of forms may name (`portal.web.forms.picking`)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.days import today
from portal.scope import inside
from portal.web.forms import CleanCharField
from portal.web.forms.picking import PickField, search
from portal.web.parameters import number
from units.models import Collective, Person, Posting, Reorganisation, Unit, User
from units.models.people import CollectiveQuerySet, PersonQuerySet
from units.models.units import UnitQuerySet, valid_on


def named(about: str) -> int:
    """The row that another field of the form names: its key without the kind."""
    return number(about.rpartition("-")[2]) or 0


ADD = _("Tìm đơn vị theo tên để thêm")


class CodesField(CleanCharField):
    """Units of a plan, one a line, each by part of its name or by its code; a code that is not there yet stays."""

    def __init__(self, *, several: bool, **kwargs: Any):
        self.several, self.units = several, Unit.objects.none()
        super().__init__(widget=forms.Textarea(attrs={"rows": 1}) if several else forms.TextInput(), **kwargs)

    def open_to(self, units: UnitQuerySet, about: str) -> None:
        """Let these units be named, which `units_reorganised` gave for the plan; with scripts names are offered."""
        self.units = units
        told = {"lines": reverse("pick", args=["units_reorganised"]), "about": about, "words": ADD}
        self.widget.attrs |= {f"data-pick-{name}": value for name, value in told.items()}

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value)
        parts = [part.strip() for part in re.split(r"[\n;]+" if self.several else "\n", text) if part.strip()]
        words = {part: re.split(r"[\s,]+", part) for part in parts}
        asked = {word.upper() for said in words.values() for word in said}
        known = {code.upper(): code for code in self.units.filter(code__in=asked).values_list("code", flat=True)}
        return [code for part in parts for code in self._codes(part, words[part], known)]

    def _codes(self, part: str, words: list[str], known: dict[str, str]) -> list[str]:
        if all(word.upper() in known for word in words):
            return [known[word.upper()] for word in words]
        hits = search([self.units], part)
        if len(hits.choices) == 1:
            return [hits.choices[0].row.code]
        if hits.choices:
            names = "; ".join(choice.text for choice in hits.choices)
            raise ValidationError(_("«%(part)s» có thể là: %(names)s."), params={"part": part, "names": names})
        if any(not re.fullmatch(r"[A-Za-z0-9.\-]+", word) for word in words):
            raise ValidationError(PickField.default_error_messages["none"], params={"words": part})
        return words  # of units that another step makes; the plan says whether it does


def texts_of(codes: Iterable[str]) -> dict[str, str]:
    """How these units are named in a field, by code; one query for all."""
    found = Unit.objects.filter(code__in=set(codes)).for_choice()
    return {unit.code: unit.told_apart[0] for unit in found}


def units_reorganised(user: User, about: str) -> list[UnitQuerySet]:
    """Units of the eve of the plan that lie in its scope, for those who write the plan."""
    plan = Reorganisation.objects.visible_to(user).select_related("unit").filter(pk=named(about)).first()
    if plan is None:
        return [Unit.objects.none()]
    return [Unit.objects.as_of(plan.effective_on - timedelta(days=1)).within(plan.unit)]


def units_staffed(user: User, about: str) -> list[UnitQuerySet]:
    """Units of today whose people this person keeps."""
    return [Unit.objects.filter(valid_on(today()), inside(user.paths_where("keep_people"), "path"))]


def units_looked_up(user: User, about: str) -> list[UnitQuerySet]:
    """Units of today whose people this person may look up."""
    return [Unit.objects.filter(valid_on(today()), inside(user.staff_paths(), "path"))]


def units_administered(user: User, about: str) -> list[UnitQuerySet]:
    """Units of today whose accounts this person keeps."""
    return [Unit.objects.filter(valid_on(today()), inside(user.paths_where("keep_accounts"), "path"))]


def units_of_today(user: User, about: str) -> list[UnitQuerySet]:
    """All units of today, as everybody sees them in the tree; below one, where the form is about it."""
    units = Unit.objects.as_of(today())
    return [units.within(Unit.objects.filter(pk=named(about)).first()) if about else units]


def units_of_any_day(user: User, about: str) -> list[UnitQuerySet]:
    """All units, also those that ended."""
    return [Unit.objects.all()]


def collectives_staffed(user: User, about: str) -> list[CollectiveQuerySet]:
    """Collectives of today in those units; of one unit, where the form names one."""
    kept = Collective.objects.filter(valid_on(today()), inside(user.paths_where("keep_people"), "unit__path"))
    return [kept.filter(unit=named(about)) if about else kept]


def people_kept(user: User, about: str) -> list[PersonQuerySet]:
    """People whose records this person keeps; of one unit, where the form is about it."""
    kept = Person.objects.kept_by(user)
    return [kept.filter(Exists(Posting.objects.filter(unit=named(about), person=OuterRef("pk")))) if about else kept]
