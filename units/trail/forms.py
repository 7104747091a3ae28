"""What part of the trail of the whole portal is asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.days import at_hour, today
from portal.manifests import verbs
from portal.models import Entry
from portal.text import fold
from portal.web.forms import CleanCharField, DayField, Filter, field_of
from units.models import User
from units.models.reorganisation import EARLIEST


class TrailFilter(Filter):
    """What part of the trail is shown; a value that means nothing is passed over and told beside its field."""

    verb = forms.ChoiceField(label=_("Việc"), required=False)
    by = CleanCharField(label=_("Người làm"), required=False, max_length=100)
    on = DayField(label=_("Ngày"), required=False, validators=[MinValueValidator(EARLIEST), MaxValueValidator(today)])
    subject = forms.RegexField(
        r"^[a-z]+\.[a-z]+:\d{1,18}$",
        label=_("Đối tượng"),
        required=False,
        max_length=60,
        error_messages={"invalid": _("Hãy bấm vào một đối tượng trong danh sách, hoặc ghi như units.unit:12.")},
    )

    def __init__(self, data: Any):
        super().__init__(data)
        words = {str(label): verb for verb, label in verbs().items()}  # some verbs of several offices read the same
        choices = sorted(((verb, label) for label, verb in words.items()), key=lambda choice: fold(choice[1]))
        field_of(self, "verb", forms.ChoiceField).choices = [("", _("Tất cả")), *choices]

    def narrow(self, entries: QuerySet[Entry]) -> QuerySet[Entry]:
        """The lines that were asked for."""
        asked = self.asked
        if "verb" in asked:
            label = verbs()[asked["verb"]]
            entries = entries.filter(verb__in=[verb for verb, other in verbs().items() if other == label])
        if "by" in asked:
            people = User.objects.all()
            for word in fold(asked["by"]).split():
                people = people.filter(Q(person__search__contains=word) | Q(username__icontains=word))
            entries = entries.filter(by__in=people)
        if "on" in asked:
            start = at_hour(asked["on"], 0)
            entries = entries.filter(at__gte=start, at__lt=start + timedelta(days=1))
        if "subject" in asked:
            entries = entries.filter(subject=asked["subject"])
        return entries
