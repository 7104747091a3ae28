"""The demo stands in today's hierarchy and in that of 2021, and loading it again changes nothing."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from awards.models import PastAward, Submission
from campaigns.models import Plan
from portal.models import DemoData
from tests import make
from units.models import Person, Posting, Unit, User


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("hierarchy", ["", "2021"])
def test_the_demo_loads_twice_in_either_hierarchy(settings, hierarchy):
    settings.DEMO_HIERARCHY = hierarchy
    counted = []
    for _time in range(2):
        call_command("demo", stdout=StringIO())
        counted.append([model.objects.count() for model in (Unit, Person, Posting, PastAward, Submission, Plan)])

    assert counted[0] == counted[1]
    assert DemoData.objects.count() == 1  # production refuses this database
    hue = "T46" if hierarchy else "T46.25"
    assert Submission.objects.filter(unit__code=hue).exists()
    assert PastAward.objects.filter(unit__code=hue).exists()


@pytest.mark.slow
@pytest.mark.django_db
def test_an_account_that_was_opened_in_the_demo_does_not_keep_it_from_starting_again():
    call_command("demo", stdout=StringIO())
    make.user("somebody.else")
    call_command("demo", stdout=StringIO())
    assert User.objects.filter(username="somebody.else").exists()


@pytest.mark.django_db
def test_a_database_with_none_of_the_demos_accounts_is_left_alone():
    make.user("somebody")
    with pytest.raises(CommandError, match="not a demo"):
        call_command("demo", stdout=StringIO())
