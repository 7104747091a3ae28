"""A field that names one row of the portal by part of its name, and the search that offers what is meant.

What may be named stands in the manifests (`pickers`) as one function of the person and of what the form is about. The
field and the search ask the same function, so neither offers nor takes what the other would not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.manifests import pickers
from portal.text import clean, fold
from portal.web.parameters import number

if TYPE_CHECKING:
    from units.models import User

SHOWN = 15
LONGEST = 200
ENDS = ("", "-key", "-answered")  # of the names of the words, of the choice, and of what it answered


def key_of(row: Model | None) -> str:
    """By what a page names a row that was chosen."""
    return f"{row._meta.model_name}-{row.pk}" if row else ""


@dataclass(frozen=True)
class Choice:
    """A row as a reader tells it from others of its name: what stands in the field, and a word beside it."""

    row: Any

    @property
    def key(self) -> str:
        return key_of(self.row)

    @property
    def text(self) -> str:
        return str(self.row.told_apart[0])

    @property
    def note(self) -> str:
        return str(self.row.told_apart[1])


@dataclass(frozen=True)
class Hits:
    """The first rows that words fit, and whether there are more."""

    choices: list[Choice]
    more: bool


def search(places: list[Any], words: str) -> Hits:
    """What these words may mean in these querysets: the row with this code, else rows by their names."""
    exact = [row for rows in places if (row := rows.for_choice().coded(words))]
    found = exact[:1]
    for rows in places if not exact and fold(words) else ():
        found += rows.meant(words).for_choice()[: SHOWN + 1 - len(found)]
    return Hits([Choice(row) for row in found[:SHOWN]], more=len(found) > SHOWN)


def choice_of(row: Model) -> Choice:
    """The row with what tells it from others."""
    return Choice(type(row)._default_manager.for_choice().get(pk=row.pk))  # type: ignore[attr-defined]  # a NamedQuerySet


@dataclass(frozen=True)
class Typed:
    """What came from a page: words, a choice, and the words that this choice answered."""

    words: str = ""
    key: str = ""
    answered: str = ""


class PickWidget(forms.TextInput):
    """Words; below them, when several rows fit, these rows to choose from. With scripts it is a combobox."""

    hits: Hits | None = None
    taken: Model | None = None
    source = ""
    about = ""
    beside = ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Typed:
        return Typed(*(data.get(f"{name}{end}") or "" for end in ENDS))

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        typed = value if isinstance(value, Typed) else Typed(value or "")
        if self.taken is not None:
            choice = choice_of(self.taken)
            typed = Typed(choice.text, choice.key, choice.text)
        elif self.hits:
            typed = Typed(typed.words, "", typed.words)
        context = self.get_context(name, typed.words, attrs)
        place = reverse("pick", args=[self.source])
        context["attrs"] = flatatt(context["widget"]["attrs"])
        context |= {"typed": typed, "hits": self.hits, "url": place, "about": self.about, "beside": self.beside}
        return render_to_string("portal/parts/pick.html", context)


class HiddenPick(forms.HiddenInput):
    """What came from a page, sent along by the next one."""

    value_from_datadict = PickWidget.value_from_datadict

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        typed = value if isinstance(value, Typed) else Typed(value or "")
        parts = ((f"{name}{end}", told) for end, told in zip(ENDS, astuple(typed), strict=True))
        return format_html_join("", '<input type="hidden" name="{}" value="{}">', parts)


class PickField(forms.Field):
    """One row that a picker gives, by its code, by words that fit it alone, or as it was chosen among several.

    `beside` names another picker of the form, whose choice is what this one is about.
    """

    widget = PickWidget
    hidden_widget = HiddenPick
    default_error_messages = {
        "none": _("Không tìm thấy «%(words)s». Hãy ghi một phần tên, có dấu hay không dấu."),
        "several": _("Có nhiều kết quả khớp với «%(words)s». Hãy chọn một dưới đây."),
        "more": _("Có nhiều kết quả khớp với «%(words)s». Hãy chọn một dưới đây, hoặc ghi thêm năm sinh, đơn vị."),
    }

    def __init__(self, source: str, *, beside: str = "", **kwargs: Any):
        self.source = source
        self.places: Callable[[], list[Any]] = list
        super().__init__(**kwargs)
        self.widget.source, self.widget.beside = source, beside

    def open_to(self, user: User, about: str | Callable[[], str] = "") -> None:
        """Let this person name what the picker gives for what the form is about."""
        self.widget.about = "" if callable(about) else about
        self.places = lambda: pickers()[self.source](user, about() if callable(about) else about)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"maxlength": LONGEST, "autocomplete": "off", "spellcheck": "false"}

    def prepare_value(self, value: Any) -> Any:
        if value and isinstance(value, str):  # a code, from the page before
            value = next((row for rows in self.places() if (row := rows.coded(value))), value)
        choice = choice_of(value) if isinstance(value, Model) else value
        if not isinstance(choice, Choice):
            return value
        return Typed(choice.text, choice.key, choice.text)

    def has_changed(self, initial: Any, data: Any) -> bool:
        was = self.prepare_value(initial)
        return (was.words if isinstance(was, Typed) else was or "") != (data.words if data else "")

    def clean(self, value: Any) -> Any:
        typed = value if isinstance(value, Typed) else Typed(value or "")
        words = " ".join(clean(typed.words[:LONGEST]).split())
        self.validate(words)
        if not words:
            return None
        answered = " ".join(clean(typed.answered).split())
        found = self._chosen(typed.key) if typed.key and answered == words else self._meant(words)
        if found is None:
            raise ValidationError(self.error_messages["none"], "none", {"words": words})
        self.widget.taken = found
        return found

    def _chosen(self, key: str) -> Model | None:
        kind, _mark, pk = key.partition("-")
        rows = (rows for rows in self.places() if rows.model._meta.model_name == kind)
        return next((row for some in rows if (row := some.filter(pk=number(pk) or 0).first())), None)

    def _meant(self, words: str) -> Model | None:
        hits = search(self.places(), words)
        named = [choice.row for choice in hits.choices if fold(str(choice.row)) == fold(words)]
        found = named if len(named) == 1 and not hits.more else [choice.row for choice in hits.choices]
        if len(found) > 1:
            self.widget.hits = hits
            code = "more" if hits.more else "several"
            raise ValidationError(self.error_messages[code], code, {"words": words})
        row: Model | None = found[0] if found else None
        return row
