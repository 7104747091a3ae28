"""The base of every filter of a list."""

from typing import Any
from urllib.parse import urlencode

from django import forms

from portal.web.forms import BootstrapFormMixin


class Filter(BootstrapFormMixin, forms.Form):
    """What part of a list is shown; a value that means nothing is passed over."""

    def __init__(self, data: Any):
        super().__init__(data, label_suffix="")

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked and makes sense, nothing else."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def query(self) -> str:
        """The same as a query string that can be kept and shared."""
        return urlencode({n: "1" if v is True else getattr(v, "code", v) for n, v in self.asked.items()})
