"""One table says which roles may do what; menu, pages and flows ask it."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from awards.initiatives.services import INITIATIVE
from awards.nominations.flow import NOMINATION
from campaigns.flow import CAMPAIGN, PLAN
from portal import permissions
from portal.days import today
from portal.manifests import manifests, menu_pages
from portal.permissions import actions
from portal.web.menu import menu
from tests import make
from units.access.flow import PROPOSAL
from units.management.commands.rights_table import PAGE, rights_table
from units.models import Membership, Role, Succession, User
from units.reorganisation.flow import REORGANISATION

FLOWS = (CAMPAIGN, PLAN, INITIATIVE, NOMINATION, PROPOSAL, REORGANISATION)


def again(user):
    """The account as the next request reads it."""
    return User.objects.get(pk=user.pk)


def test_every_step_asks_an_action_of_the_table():
    assert {step.action for flow in FLOWS for step in flow.steps} <= set(actions())


def test_every_page_of_the_menu_asks_an_action_of_the_table():
    assert {name for page in menu_pages() for name in page.actions} <= set(actions())


@pytest.mark.parametrize("name", ["admin", "office", "auditor", "council", "head", "officer", "kv1_head", "nobody"])
def test_every_page_of_the_menu_opens_and_what_is_missing_is_closed(world, client, name):
    """The list of opinions and the calendar open to all, and say that there is nothing for whoever has no such role."""
    user = getattr(world, name)
    client.force_login(user)
    listed = {page["url"] for section in menu(user, "/") for page in section["pages"]}
    for page in menu_pages():
        url = reverse(page.name)
        answer = client.get(url, follow=True).status_code
        if url in listed or page.name not in ("opinion_list", "calendar_page"):
            assert (answer == 200) == (url in listed), page.name


def test_every_row_names_roles_that_exist_and_says_what_it_lets_do():
    for name, row in actions().items():
        assert row.roles, name
        assert set(row.roles) <= set(Role), name
        assert str(row.words), name


def test_two_apps_cannot_define_one_action(monkeypatch):
    monkeypatch.setattr(permissions, "manifests", lambda: manifests() * 2)
    with pytest.raises(ImproperlyConfigured, match="delegate"):
        actions.__wrapped__()


def test_a_role_counts_exactly_at_its_unit(world):
    assert world.head.may("draft_plans", world.hue)
    assert world.head.units_where("draft_plans") == [world.hue]
    assert not world.head.may("draft_plans", world.root)
    assert not world.office.may("review_plans", world.hue)
    assert not world.auditor.may_anywhere("draft_plans", "review_plans")


def test_a_row_that_reaches_below_does_not_reach_above(world):
    keeper = make.user("keeper", (Role.ADMIN, world.hue))
    assert world.admin.may("keep_people", world.hue)
    assert keeper.may("keep_people", world.hue)
    assert not keeper.may("keep_people", world.root)
    assert not keeper.may_anywhere("administer_everything")
    assert world.admin.may("administer_everything", world.hue)


def test_a_lent_role_is_not_lent_on(world):
    Membership.objects.filter(user=world.head).update(delegated_by=world.admin)
    assert again(world.head).may("end_delegation", world.hue)
    assert not again(world.head).may("delegate", world.hue)


def test_where_the_row_says_so_a_successor_stands_for_what_it_took_over(world):
    heir = make.unit("HEIR", parent=world.root)
    Succession.objects.create(predecessor=world.hue, successor=heir, effective_on=today(), kind="continue")
    writer = make.user("writer", (Role.OFFICER, heir))
    assert writer.may("write_unit_initiatives", world.hue)
    assert writer.may("write_unit_ledger", world.hue)
    assert not writer.may("draft_plans", world.hue)


def test_the_page_of_the_docs_is_written_from_the_table():
    assert PAGE.read_text("utf-8") == rights_table(), "run python manage.py rights_table"


def test_the_page_names_every_action_and_marks_each_role_once():
    page = rights_table()
    for name, row in actions().items():
        line = next(line for line in page.splitlines() if line.startswith(f"| `{name}` |"))
        assert line.count("✓") == len(set(row.roles)), name
