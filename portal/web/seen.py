"""The version of a row that a person saw when they decided; without it no step and no edit is done."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict

from portal.flow import UNSEEN, Refused
from portal.sittings import TAB
from portal.web.parameters import number

HIGHEST = 2**32 - 1


def version(request: HttpRequest, name: str = "version") -> int:
    """The version that was sent along; raises Refused where there is none, or something that is no version."""
    told = number(request.POST.get(name, ""), HIGHEST)
    if told is None:
        raise Refused([UNSEEN])
    return told


def tab(request: HttpRequest) -> str:
    """Which open page saves, and the number of that saving; empty where the page does not say (portal.sittings)."""
    told = request.POST.get("tab", "")
    return told if TAB.fullmatch(told) else ""


def versions(request: HttpRequest, name: str, most: int) -> dict[int, int]:
    """The same of many rows, each sent as «key:version»; raises Refused where one of them is not of that shape."""
    found = {}
    for text in request.POST.getlist(name)[:most]:
        key, told = (number(part, HIGHEST) for part in (text.split(":") if text.count(":") == 1 else ("", "")))
        if key is None or told is None:
            raise Refused([UNSEEN])
        found[key] = told
    return found


def of(versions: dict[int, int], row: Any) -> int:
    """The version of this row among those that were seen; raises Refused where it was not seen."""
    if row.pk not in versions:
        raise Refused([UNSEEN])
    return versions[row.pk]


def again(sent: QueryDict, stored: int) -> QueryDict:
    """What was sent, as if it rested on the version that is stored: saving it once more is done knowingly."""
    data = sent.copy()
    data["version"] = str(stored)
    return data


class SeenField(forms.Field):
    """The hidden field that carries the version."""

    widget = forms.HiddenInput
    default_error_messages = {"required": UNSEEN, "invalid": UNSEEN}

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        told = number(value, HIGHEST)
        if told is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return told


class Versioned(forms.Form):
    """A form about a row; without the version that was seen it is not valid, which is said above the form."""

    version = SeenField()

    def clean(self) -> Any:
        data = super().clean()
        if "version" in self.errors:
            del self.errors["version"]
            self.add_error(None, UNSEEN)
        return data
