"""Codes by which people name units, records and accounts: of plain characters, and never two that look alike."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.validators import RegexValidator
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import Count
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

# of a unit it becomes a part of the path; letters with marks have several spellings that look the same
UNIT_CODE = RegexValidator(
    r"^[A-Za-z0-9.\-]+\Z", _("Mã chỉ gồm chữ không dấu, chữ số, dấu chấm và dấu gạch nối, không có dấu cách.")
)
CODE = RegexValidator(
    r"^[A-Za-z0-9._/@+\-]+\Z", _("Mã chỉ gồm chữ không dấu, chữ số và các dấu . - _ / @ +, không có dấu cách.")
)


def is_unit_code(text: str) -> bool:
    """Whether a unit could have this code."""
    try:
        UNIT_CODE(text)
    except ValidationError:
        return False
    return True


def spelling(code: str) -> str:
    """What two codes have in common that nobody can tell apart: case, and zeros before a number.

    >>> spelling("HUE-0123") == spelling("hue-123")
    True
    """
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", code.casefold())


class OnceInAnyCase(models.UniqueConstraint):
    """No two rows whose codes differ by their case alone; a form says so beside the field.

    Made with `Upper`, which is what `iexact` asks of PostgreSQL, so that its index serves that too.
    """

    default_violation_error_message = _("Mã này đã được dùng; chữ hoa và chữ thường được coi là một.")

    @property
    def field(self) -> str:
        upper: Any = self.expressions[0]
        return str(upper.get_source_expressions()[0].name)

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = DEFAULT_DB_ALIAS) -> None:
        try:
            super().validate(model, instance, exclude, using)  # type: ignore[misc]  # the stubs leave it out
        except ValidationError as error:
            raise ValidationError({self.field: error.messages}) from error


def refuse_twins(label: str, field: str) -> Callable[[Any, Any], None]:
    """What a migration does before such a constraint: it names the rows that differ by case alone, and what to do."""

    def look(apps: Any, schema_editor: Any) -> None:
        rows = apps.get_model(label)._base_manager.annotate(upper=Upper(field))
        twice = rows.values("upper").annotate(n=Count("pk")).filter(n__gt=1).values("upper")
        if found := list(rows.filter(upper__in=twice).order_by("upper", field).values_list(field, flat=True)):
            raise CommandError(
                f"These codes of {label} differ by their case alone: {', '.join(found)}. "
                "Nobody can tell such rows apart, so each needs a code of its own. Decide which row keeps the code, "
                f"give every other one a new code with `manage.py recode {label} CODE NEW`, and migrate again."
            )

    return look
