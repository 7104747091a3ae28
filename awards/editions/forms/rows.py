"""The form of one row of an edition, made of what the row holds; what it does not ask about stays as it is."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from awards.editions import tables
from awards.editions.forms.values import (
    CODE,
    CONDITION,
    DAY_OF_YEAR,
    PARAMETERS,
    TABLES,
    Value,
    of,
    some_of,
    without_unknown,
)
from awards.editions.tables import NEW, Law
from awards.law.terms import AwardKind, Post
from awards.law.vocabulary import RULES
from portal.web.forms import BootstrapFormMixin, CleanCharField, DayField
from portal.web.forms.numbers import written
from portal.web.seen import Versioned

NOT_CHOSEN = ("subject_is", "part_present", "council_votes", "cluster_votes")  # follow from other tables of the award
FIRST: dict[str, dict[str, Any]] = {  # rows of its own with which such a condition begins
    "any_of": {"options": [[{"rule": "exceeds_targets"}]]},
    "in_post": {"posts": [{"post": Post.values[0], "years": 1, "below": 2}]},
}
KINDS = {"kinds": some_of(_("Chỉ áp dụng cho"), of(AwardKind))}


def rules() -> list[tuple[str, Any]]:
    """The conditions that can be chosen, each by its sentence with the figures left open."""
    return [
        (name, str(rule.template) % dict.fromkeys(_parameters(name) | {"options": None}, "…"))
        for name, rule in RULES.items()
        if name not in NOT_CHOSEN
    ]


def _parameters(rule: str) -> dict[str, Any]:
    return {name: told for name, told in inspect.signature(RULES[rule].function).parameters.items() if name != "case"}


def _values(kind: str, rule: str) -> dict[str, Value]:
    """What the form asks about at such a place."""
    if not rule:
        return TABLES[kind]
    own = {name: PARAMETERS[name] for name in _parameters(rule) if name in PARAMETERS}
    if kind.endswith("options/#/#"):
        return own
    more = KINDS if kind == "every/#" else {}
    return own | CONDITION | more


def faults(law: Law) -> Iterator[str]:
    """What the forms would not take of this edition, each with its place: nobody could change it afterwards."""
    for place in tables.places(law):
        row = tables.row_at(law, place)
        form = RowForm(_as_sent(place, row), law=law, place=place)
        if not form.is_valid():
            for name, errors in form.errors.items():
                label = form.fields[name].label if name in form.fields else ""
                yield f"{tables.name_of(law, place)} ({place}), {label}: {' '.join(map(str, errors))}"


def _as_sent(place: str, row: dict[str, Any]) -> dict[str, Any]:
    """The row as a browser would send it."""
    sent: dict[str, Any] = {"version": "0"}
    for name, value in _values(tables.kind_of(place), str(row.get("rule", ""))).items():
        shown = value.shown(row.get(name, value.absent))
        if isinstance(shown, date):
            shown = f"{shown:%d/%m/%Y}"
        sent[name] = written(shown) if isinstance(shown, Decimal) else shown
    return sent


class RowForm(BootstrapFormMixin, Versioned):
    """One table of the edition at a place."""

    def __init__(self, data: Mapping[str, Any] | None, *, law: Law, place: str, rule: str = "", version: int = 0):
        self.law, self.place, self.kind = law, place, tables.kind_of(place)
        self.row = tables.row_at(law, place)
        self.new = place.endswith(NEW)
        self.rule = self.row.get("rule", rule)
        super().__init__(data, initial={"version": version})
        self.values = _values(self.kind, self.rule)
        if self.kind == "documents/*" and self.new:
            self.fields["short"] = CleanCharField(label=_("Tên tắt để trích dẫn"), max_length=60)
        for name, value in self.values.items():
            field = self.fields[name] = value.made(law)
            if self.rule and name in ("text", "text_en"):
                field.required = self.rule == "confirmed"  # others say by themselves what they ask
            field.initial = value.shown(self.row.get(name, value.absent))
            if isinstance(field, DayField) and isinstance(field.initial, str):
                field.initial = None

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        code, day = data.get("code"), data.get("day")
        if code and not CODE.fullmatch(code):
            self.add_error("code", _("Mã gồm chữ cái không dấu, chữ số và gạch dưới, tối đa 20 ký tự."))
        if day and not DAY_OF_YEAR.fullmatch(day):
            self.add_error("day", _("Hãy ghi ngày và tháng, ví dụ 31/12."))
        if self.kind == "deadline/#" and not self.errors and not day and data.get("working_days") is None:
            self.add_error("working_days", _("Hãy ghi số ngày làm việc hoặc một ngày cố định."))
        if "short" in data and (data["short"] in self.law["documents"] or set(data["short"]) & set(",;")):
            self.add_error("short", _("Tên tắt chưa có trong bộ quy định, không có dấu phẩy và chấm phẩy."))
        if self.kind == "edition" and not self.errors and (end := data["valid_to"]) and end < data["valid_from"]:
            self.add_error("valid_to", _("Ngày cuối phải từ ngày có hiệu lực trở đi."))
        if self.kind == "transition" and "tag" in data and data["tag"] == "V" and "điều chưa" in data.get("basis", ""):
            self.add_error("basis", _("Đã đối chiếu văn bản thì phải ghi điều."))
        return data

    def table(self) -> dict[str, Any]:
        """The row as the edition will hold it."""
        row = dict(self.row)
        if self.new and self.rule:
            row = self._begun()
        for name, value in self.values.items():
            cleaned = self.cleaned_data[name]
            if cleaned == value.absent or cleaned in ("", None):
                if name in row and row[name] not in (value.absent, "", None):
                    del row[name]
                continue
            new = value.stored(cleaned)
            same = isinstance(new, list) and name in row and sorted(row[name]) == sorted(new)
            row[name] = row[name] if same else new
        return row

    def _begun(self) -> dict[str, Any]:
        """What a new condition says beside its figures: its rule, and a key of its own within the award."""
        taken = {"subject", "vote", "quota"}
        taken |= {row["key"] for row in self.law.get("every", [])}
        taken |= {row["key"] for award in self.law.get("award", []) for row in award.get("conditions", [])}
        free = (f"{self.rule}_{place}" if place else self.rule for place in range(len(taken) + 1))
        key = next(name for name in free if name not in taken)
        if self.kind.endswith("options/#/#"):
            return {"rule": self.rule} | ({"key": key} if self.rule == "confirmed" else {})
        begun = {"key": key, "rule": self.rule}
        return begun | FIRST.get(self.rule, {})

    def changes(self) -> dict[str, list[str]]:
        """What the form changes, in words: label → [was, is]."""
        if self.new:
            first = next(iter(self.values))
            return {str(self.values[first].label): ["", self._worded(first, self.cleaned_data[first])]}
        told = {}
        for name, value in self.values.items():
            was, now = (
                self._worded(name, one)
                for one in (value.shown(self.row.get(name, value.absent)), self.cleaned_data[name])
            )
            if was != now:
                told[str(value.label)] = [was, now]
        return told

    def _worded(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if isinstance(field, forms.BooleanField):
            return str(_("có") if value else _("không"))
        choices: Any = field.choices if isinstance(field, forms.ChoiceField) else ()
        offered = dict(choices)
        values = value if isinstance(value, list) else [value]
        said = (f"{one:%d/%m/%Y}" if hasattr(one, "strftime") else str(offered.get(one, one)) for one in values)
        return without_unknown(", ".join(said)) if value not in (None, "", []) else ""
