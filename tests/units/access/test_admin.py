"""The back office finds what an administrator has to mend."""

import pytest
from django.contrib import admin
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
    app = "portal" if name == "entry" else "units"
    assert client.get(f"/admin/{app}/{name}/add/").status_code == 403
    if name == "unit":
        address = f"/admin/units/unit/{world.hue.pk}/change/"
        assert client.get(address).status_code == 200
        assert client.post(address, {"name_vi": "Khác"}).status_code == 403


def test_records_of_people_are_opened_on_the_portal_alone(world, client):
    client.force_login(world.admin)
    for name in ("person", "posting"):
        assert client.get(f"/admin/units/{name}/").status_code == 404


def test_no_registered_model_is_changed_there_and_none_of_a_library_is_there_at_all(world, client):
    client.force_login(world.admin)  # a superuser
    ours = {"portal", "units", "campaigns", "awards"}
    assert admin.site._registry
    for model, shown in admin.site._registry.items():
        assert model._meta.app_label in ours, model
        request = client.get("/admin/").wsgi_request
        assert not shown.has_add_permission(request)
        assert not shown.has_change_permission(request) and not shown.has_delete_permission(request)
        assert not shown.get_actions(request)
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        row = model._base_manager.first()
        before = list(model._base_manager.order_by("pk").values())
        assert client.post(reverse(f"admin:{name}_add"), {}).status_code == 403
        for action in ("delete_selected", "anything"):
            client.post(reverse(f"admin:{name}_changelist"), {"action": action, "_selected_action": "1", "post": "yes"})
        if row is not None:
            for page in ("change", "delete"):
                said = {"post": "yes", "email": "x@vks.example"}
                assert client.post(reverse(f"admin:{name}_{page}", args=[row.pk]), said).status_code == 403
        assert list(model._base_manager.order_by("pk").values()) == before


def test_the_back_office_has_no_way_of_its_own_to_change_a_password(world, client):
    client.force_login(world.admin)

    assert client.get("/admin/password_change/").url == reverse("account_change_password")
