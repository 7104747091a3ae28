"""Two people of the office at once: one outcome, told in words. Real connections on both engines."""

import pytest

from awards.law import standards
from awards.law.catalogue import change_severity
from awards.models import ConditionSetting
from portal.flow import Refused
from portal.models import Entry
from tests.campaigns.plans.test_races import both, user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("emptied_trail")]


def change(name, reason):
    edition = standards.edition("RS-2025")
    award = edition.awards["LDTT"]
    condition = award.condition("employed")
    return change_severity(edition, award, condition, severity="warn", reason=reason, by=user(name), version=0)


def test_of_two_first_changes_at_once_one_is_kept_and_the_other_hears_of_it(world):
    outcomes = both(lambda: change("office", "một"), lambda: change("office2", "hai"))

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["ConditionSetting", "Refused"]
    assert "vừa được người khác thay đổi" in str(next(o for o in outcomes if isinstance(o, Refused)))
    assert Entry.objects.about(ConditionSetting.objects.get()).count() == 1


def test_a_double_click_at_one_moment_changes_it_once(world):
    outcomes = both(*[lambda: change("office", "một")] * 3)

    assert {outcome.version for outcome in outcomes} == {1}
    assert Entry.objects.about(ConditionSetting.objects.get()).count() == 1
