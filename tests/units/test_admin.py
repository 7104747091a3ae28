"""The back office finds what an administrator has to mend."""

import pytest
from django.urls import reverse

from tests import make


def rows(client, name, **asked):
    return list(client.get(reverse(f"admin:units_{name}_changelist"), asked).context["cl"].queryset)


def test_units_without_a_head_and_accounts_without_a_role_are_listed(world, client):
    gone = make.unit("CU", world.root, valid_to="2020-01-01")
    client.force_login(world.admin)

    idle = client.get(reverse("account_list"), {"state": "roleless"}).context["page_obj"]
    assert list(idle) == [world.nobody]
    headless = rows(client, "unit", standing="headless")
    assert world.v16 in headless and not {world.hue, world.vinh, world.kv1, gone} & set(headless)
    assert gone not in rows(client, "unit", standing="today")
    assert gone in rows(client, "unit")


def test_the_figures_of_the_first_page_lead_to_the_same_rows(world, client):
    client.force_login(world.admin)
    page = client.get("/")

    figures = page.context["admin_desk"]
    assert figures["headless"] == len(rows(client, "unit", standing="headless"))
    assert figures["without_role"] == len(
        client.get(reverse("account_list"), {"state": "roleless"}).context["page_obj"]
    )
    assert figures["units"] == len(rows(client, "unit", standing="today"))
    for address in ("/admin/units/unit/?standing=headless", reverse("account_list") + "?state=roleless"):
        assert address in page.content.decode()


@pytest.mark.parametrize("name", ["unit", "emulationoffice", "succession", "membership", "user", "entry"])
def test_what_the_portal_has_pages_for_is_only_read(world, client, name):
    client.force_login(world.admin)
    assert client.get(f"/admin/units/{name}/add/").status_code == 403
    if name == "unit":
        address = f"/admin/units/unit/{world.hue.pk}/change/"
        assert client.get(address).status_code == 200
        assert client.post(address, {"name_vi": "Khác"}).status_code == 403


def test_records_of_people_are_opened_on_the_portal_alone(world, client):
    client.force_login(world.admin)
    for name in ("person", "posting"):
        assert client.get(f"/admin/units/{name}/").status_code == 404
