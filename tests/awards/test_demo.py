"""The demo stands in today's hierarchy and in that of 2021, and loading it again changes nothing."""

from io import StringIO

import pytest
from django.core.management import call_command

from awards.models import PastAward, Submission
from campaigns.models import Plan
from units.models import Person, Posting, Unit


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
    hue = "T46" if hierarchy else "T46.25"
    assert Submission.objects.filter(unit__code=hue).exists()
    assert PastAward.objects.filter(unit__code=hue).exists()
