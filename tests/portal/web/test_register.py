"""What Django, its fields, models and validators and allauth say is Vietnamese in the register of offices."""

import inspect
import re

import django.core.validators
import django.db.models.constraints
import django.db.models.fields
import django.db.models.fields.files
import django.db.models.fields.json
import django.db.models.fields.related
import django.forms.fields
import django.forms.formsets
import django.forms.models
import pytest
from allauth.account.adapter import get_adapter as accounts
from allauth.mfa.adapter import get_adapter as factors
from django import forms
from django.utils import translation
from django.utils.translation import gettext, ngettext

from campaigns.models import Campaign, ContentArea, Milestone, Plan
from tests import make
from units.models import User

MODULES = (
    django.core.validators,
    django.db.models.constraints,
    django.db.models.fields,
    django.db.models.fields.files,
    django.db.models.fields.json,
    django.db.models.fields.related,
    django.forms.fields,
    django.forms.formsets,
    django.forms.models,
)
ACCENTED = re.compile("[À-ỹ]")
ENGLISH = re.compile(r"\b(the|this|that|is|are|must|not|be|enter|select|please|value|field|with|your|you)\b", re.I)
FOREIGN = re.compile(r"\b(bạn|Bạn|Trường|Đảm bảo|Vui lòng)\b")


def said():
    """Every message that a field, a validator, a formset or a sign-in may show."""
    for module in MODULES:
        for name, kind in vars(module).items():
            if inspect.isclass(kind) and kind.__module__.startswith("django"):
                for key, words in (getattr(kind, "default_error_messages", None) or {}).items():
                    yield f"{name}.{key}", words
                for key in ("message", "violation_error_message", "default_violation_error_message"):
                    words = getattr(kind, key, None)
                    if words is not None and not callable(words) and not isinstance(words, property):
                        yield f"{name}.{key}", words
    for adapter in (accounts(), factors()):
        for key, words in adapter.error_messages.items():
            yield f"{type(adapter).__name__}.{key}", words


def test_every_message_that_a_form_may_show_is_vietnamese_in_the_register_of_offices():
    with translation.override("vi"):
        told = {place: str(words) for place, words in said() if not hasattr(words, "_args") or len(words._args) < 3}
        for one, many in (
            ("Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
             "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d)."),
            ("Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
             "Ensure this value has at least %(limit_value)d characters (it has %(show_value)d)."),
            ("Ensure that there are no more than %(max)s digit in total.",
             "Ensure that there are no more than %(max)s digits in total."),
            ("Your password must contain at least %(min_length)d character.",
             "Your password must contain at least %(min_length)d characters."),
        ):  # fmt: skip
            told[one] = ngettext(one, many, 2)
        for words in ("Your password can’t be entirely numeric.", "The two password fields didn’t match."):
            told[words] = gettext(words)
    bare = {place: re.sub(r"%\(\w+\)[srd]|\{\w+\}|%d", "", words) for place, words in told.items() if words}
    assert len(bare) > 80
    wrong = {
        place: words
        for place, words in bare.items()
        if not ACCENTED.search(words) or ENGLISH.search(words) or FOREIGN.search(words)
    }
    assert wrong == {}


def test_what_exists_already_is_told_in_a_sentence(world):
    campaign = make.campaign(world.root)
    make.plan(make.launched(world.root, world.office, code="PT-2"), world.hue, world.head)
    with translation.override("vi"):
        user = forms.modelform_factory(User, fields=["username"])({"username": world.head.username})
        code = forms.modelform_factory(Campaign, fields=["code", "title"])({"code": campaign.code, "title": "x"})
        assert str(code.errors["code"][0]).startswith("Mã phong trào này đã có")
        twice = Milestone(campaign=campaign, kind=campaign.milestones.first().kind)
        area = ContentArea(campaign=campaign, code=campaign.areas.first().code, title="x")
        plan = Plan(campaign=Plan.objects.get().campaign, unit=world.hue, desk=world.hue)
        found = [str(error) for errors in user.errors.values() for error in errors]
        for row in (twice, area, plan):
            with pytest.raises(forms.ValidationError) as refused:
                row.validate_constraints()
            found += refused.value.messages
    assert len(found) == 4
    for words in found:
        assert not re.search(r"đã tồn tại|already|Constraint|Ràng buộc", words), words
        assert ACCENTED.search(words)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_choice_of_nothing_has_words(language):
    with translation.override(language):
        shown = str(forms.modelform_factory(Campaign, fields=["parent", "kind"])()) + str(
            forms.modelform_factory(Milestone, fields=["kind"])()
        )
    assert "----" not in shown
    assert {"vi": "Chưa chọn", "en": "Not chosen"}[language] in shown
