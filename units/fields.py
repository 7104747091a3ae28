"""Fields that name what the portal knows: a unit, or another row with a code, by part of its name."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.scope import SearchedQuerySet
from portal.web.forms import CleanCharField
from units.models import Collective, Unit
from units.models.units import UnitQuerySet

Place = TypeVar("Place", Unit, Collective)

OFFERED = 8  # names that are offered when the words fit several


def named(rows: SearchedQuerySet[Place], words: str) -> Place:
    """The row with this code, or the only one that these words fit; when several fit, they are offered by code."""
    if exact := rows.filter(code__iexact=words).first():
        return exact
    fitting = list(rows.matching(words)[: OFFERED + 1])
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise ValidationError(_("Không tìm thấy «%(words)s». Hãy ghi mã hoặc tên."), params={"words": words})
    names = "; ".join(f"{row.code} – {row.name}" for row in fitting[:OFFERED])
    more = "…" if len(fitting) > OFFERED else ""
    raise ValidationError(_("Có nhiều nơi khớp, hãy ghi mã: %(names)s"), params={"names": names + more})


class UnitField(CleanCharField):
    """A unit by its code or by words of its name; `rows` are those that may be meant."""

    rows: UnitQuerySet

    def clean(self, value: Any) -> Unit | None:
        words = super().clean(value)
        return named(self.rows, words) if words else None

    def prepare_value(self, value: Any) -> Any:
        return getattr(value, "code", value)
