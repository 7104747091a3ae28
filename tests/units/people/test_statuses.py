"""Who retires or leaves holds no posting, and may become anonymous."""

from datetime import date

import pytest
from django.urls import reverse

from portal.flow import Refused
from portal.models import Entry
from portal.models.trail import record
from tests.units.people.helpers import LONG_AGO, names, post
from units.models import Person, PersonStatus, Posting, User
from units.people import services


def test_retirement_ends_every_posting_the_day_before(staffed, client):
    client.force_login(staffed.hue_admin)

    post(client, "status_new", staffed.lan.pk, version=1, kind="retired", valid_from="01/06/2024", document="9/QĐ")

    assert staffed.lan.postings.get().valid_to == date(2024, 5, 31)
    assert "Nguyễn Thị Lan" not in names(client.get(reverse("person_list")))
    assert "Nguyễn Thị Lan" in names(client.get(reverse("person_list"), {"state": "retired"}))
    refused = post(client, "posting_new", staffed.lan.pk, version=2, unit="KV1", valid_from="01/07/2024")
    assert "Nghỉ hưu" in refused.content.decode()


def test_discipline_has_a_grade_and_nothing_else_has(staffed, client):
    client.force_login(staffed.hue_admin)
    told = {"version": 1, "valid_from": "01/06/2024", "valid_to": "01/06/2025"}

    bare = post(client, "status_new", staffed.lan.pk, kind="disciplined", grade="", **told)
    post(client, "status_new", staffed.lan.pk, kind="leave", grade="3", **told)

    assert "grade" in bare.context["form"].errors
    assert [(s.kind, s.grade) for s in staffed.lan.statuses.all()] == [("leave", "")]


def test_a_status_is_ended_and_one_written_by_mistake_is_taken_out(staffed, client):
    client.force_login(staffed.hue_admin)
    status = PersonStatus.objects.create(person=staffed.lan, kind="leave", valid_from=date(2024, 1, 1))
    twice = post(client, "status_new", staffed.lan.pk, version=1, kind="leave", valid_from="01/02/2024")
    assert "trùng nhau" in twice.content.decode()

    post(client, "status_edit", status.pk, version=1, kind="leave", valid_from="01/01/2024", valid_to="01/03/2024")
    backwards = post(
        client, "status_edit", status.pk, version=2, kind="leave", valid_from="01/01/2024", valid_to="01/01/2023"
    )
    post(client, "status_remove", status.pk, version=2, reason="ghi nhầm người")

    assert "valid_to" in backwards.context["form"].errors
    assert not staffed.lan.statuses.exists()
    assert [e.verb for e in Entry.objects.about(staffed.lan)] == ["status_remove", "status_edit", "view"]


def test_whoever_has_a_later_posting_cannot_have_left_before(staffed):
    Posting.objects.create(person=staffed.lan, unit=staffed.hue, valid_from=date(2025, 1, 1))

    with pytest.raises(Refused, match="bắt đầu từ hoặc sau ngày đó"):
        services.begin_status(
            staffed.lan, {"kind": "left", "valid_from": date(2024, 1, 1)}, by=staffed.hue_admin, version=1
        )


# --- anonymity ---


@pytest.fixture
def gone(staffed):
    """Lan has retired, with an account that was stopped."""
    User.objects.create(username="lan", email="lan@vks.example", person=staffed.lan, is_active=False)
    staffed.lan.statuses.create(kind="retired", valid_from=date(2024, 1, 1))
    staffed.lan.statuses.create(kind="disciplined", grade="1", valid_from=LONG_AGO, valid_to=LONG_AGO)
    staffed.lan.postings.update(valid_to=date(2023, 12, 31))
    return staffed


def test_the_record_of_who_has_left_loses_its_name_for_good(gone, client):
    client.force_login(gone.hue_admin)
    before = client.get(reverse("person_anonymise", args=[gone.lan.pk])).content.decode()
    record(gone.lan, "edit", by=gone.hue_admin, changes={"họ và tên": ["Nguyễn Thị Lan", "Nguyễn Thị Lan"]})

    unsure = post(client, "person_anonymise", gone.lan.pk, version=1, reason="theo đơn")
    post(client, "person_anonymise", gone.lan.pk, version=1, reason="theo đơn", sure="on")

    assert "Không thể hoàn tác" in before and "sure" in unsure.context["form"].errors
    lan = Person.objects.get(pk=gone.lan.pk)
    assert lan.full_name == f"Cán bộ đã ẩn danh số {lan.pk}"
    assert (lan.staff_code, lan.birth_year, lan.user.email) == (f"AN-{lan.pk}", None, "")
    assert "lan" not in lan.search and "lan" not in lan.user.username
    assert [s.kind for s in lan.statuses.all()] == ["retired"]
    assert lan.postings.get().unit == gone.kv1
    page = client.get(reverse("person_detail", args=[lan.pk])).content.decode()
    assert "Nguyễn Thị Lan" not in page and "theo đơn" in page
    export = client.get(reverse("person_export", args=[lan.pk, "json"])).content.decode()
    assert "Nguyễn Thị Lan" not in export and "theo đơn" in export
    with pytest.raises(Refused, match="ẩn danh"):
        services.edit(lan, {}, by=gone.hue_admin, version=lan.version)


def test_nobody_at_work_becomes_anonymous(staffed):
    User.objects.create(username="lan", person=staffed.lan)

    said = " ".join(services.anonymity_objections(staffed.lan))

    assert "đã nghỉ hưu" in said and "chưa kết thúc" in said and "Tài khoản" in said
    with pytest.raises(Refused):
        services.anonymise(staffed.lan, by=staffed.hue_admin, version=1, reason="x")
