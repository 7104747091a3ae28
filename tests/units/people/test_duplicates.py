"""Likely duplicates are shown and merged by a person, and a merge can be taken apart."""

from datetime import date

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from portal.flow import Refused
from portal.models import Entry
from tests import make
from units.models import Distinct, Person, PersonMerge, Role, User
from units.people import duplicates, services


@pytest.fixture
def twins(world):
    """Lý was entered twice: in Hue's region, and again at Hue itself, typed another way."""
    world.lys = (
        make.person("Nguyễn Thị Lý", world.kv1, code="LY1", birth_year=1985, gender="f"),
        make.person("Nguyễn Thị Lí", world.hue, code="LY2", birth_year=1985, rank="Kiểm tra viên"),
    )
    world.hue_admin = make.user("hueadmin", (Role.ADMIN, world.hue), full_name="Quản Trị Huế")
    return world


def found(user, **query):
    people = list(duplicates.candidates(user, **query))
    pairs = duplicates.with_twins(people, user, year_known=query.get("year_known", True))
    return [(one.staff_code, twin.staff_code) for one, alike in pairs for twin in alike]


def merged(world, note="cùng một người"):
    kept, gone = world.lys
    return duplicates.merge(kept, gone, by=world.hue_admin, versions=(1, 1), note=note)


# --- finding ---


@pytest.mark.parametrize(
    ("name", "born", "likely"),
    [
        ("Nguyen Thi Ly", 1985, True),
        ("NGUYỄN THỊ LÍ", 1985, True),
        ("Lý Nguyễn Thị", 1985, True),
        ("Nguyễn Thị Lỵ", 1986, False),
        ("Nguyễn Thị Lyn", 1985, False),
        ("Nguyễn Lý", 1985, False),
    ],
)
def test_accents_order_and_i_or_y_do_not_hide_a_duplicate(world, name, born, likely):
    make.person("Nguyễn Thị Lý", world.kv1, code="A", birth_year=1985)
    make.person(name, world.vinh, code="B", birth_year=born)

    assert found(world.admin) == ([("A", "B")] if likely else [])


def test_an_unknown_year_is_asked_for_apart(world):
    make.person("Lê An", world.kv1, code="A", birth_year=1985)
    make.person("Lê An", world.kv1, code="B")
    make.person("Lê An", world.kv1, code="C", birth_year=1986)

    assert found(world.admin) == []
    assert found(world.admin, year_known=False) == [("A", "B"), ("B", "C")]


def test_only_who_keeps_both_is_shown_the_pair(twins):
    assert found(twins.hue_admin) == [("LY1", "LY2")] == found(twins.admin)
    kv1_admin = make.user("kv1admin", (Role.ADMIN, twins.kv1))
    assert found(kv1_admin) == []
    for verb in (
        lambda: duplicates.merge(*twins.lys, by=kv1_admin, versions=(1, 1), note=""),
        lambda: duplicates.set_apart(*twins.lys, by=kv1_admin, versions=(1, 1)),
    ):
        with pytest.raises(PermissionDenied):
            verb()


def test_who_adds_somebody_a_second_time_is_warned_and_not_stopped(twins, client):
    client.force_login(twins.hue_admin)
    told = {"full_name": "Li Nguyen Thi", "staff_code": "LY3", "unit": "KV1", "valid_from": "01/01/2024"}

    warned = client.post(reverse("person_new"), told | {"birth_year": "1985"}, follow=True).content.decode()
    unwarned = client.post(reverse("person_new"), told | {"staff_code": "LY4"}, follow=True).content.decode()

    assert "hãy xem «Hồ sơ nghi trùng»" in warned and "hãy xem" not in unwarned
    assert Person.objects.filter(staff_code__in=("LY3", "LY4")).count() == 2


def test_likeness_is_told_in_words():
    lan = Person(full_name="Trần Thị Lan", birth_year=1980)
    lan.derive()
    said = {}
    for name, born in (("Trần Thị Lan", 1980), ("Tran Thi Lan", None), ("Lan Trần Thị", 1980), ("Trần Thị Tư", 1990)):
        other = Person(full_name=name, birth_year=born)
        other.derive()
        said[name, born] = duplicates.likeness(lan, other)

    assert list(said.values()) == [
        ["cùng họ tên", "cùng năm sinh"],
        ["cùng họ tên, khác dấu hoặc cách gõ", "chưa rõ năm sinh"],
        ["đảo thứ tự họ và tên", "cùng năm sinh"],
        ["họ tên khác nhau", "khác năm sinh"],
    ]


def test_the_list_turns_pages(twins, client):
    for number in range(25):
        for _twice in range(2):
            make.person(f"Lê Văn Số {number}", twins.kv1, birth_year=1970)
    client.force_login(twins.hue_admin)

    first, second = (client.get(reverse("duplicate_list"), {"page": page}) for page in (1, 2))

    assert [len(page.context["pairs"]) for page in (first, second)] == [20, 6]
    assert first.context["page_obj"].paginator.count == 26


# --- judging ---


def test_two_people_of_one_name_are_not_shown_again(twins, client):
    client.force_login(twins.hue_admin)
    one, two = twins.lys

    for _twice in range(2):
        client.post(reverse("duplicate_apart", args=[two.pk, one.pk]), {"one": 1, "two": 1})

    assert found(twins.hue_admin) == []
    assert [(d.first, d.second) for d in Distinct.objects.all()] == [(one, two)]
    assert [[e.verb for e in Entry.objects.about(person)] for person in (one, two)] == [["distinct"], ["distinct"]]


def test_a_merge_moves_everything_and_fills_what_was_empty(twins, client):
    kept, gone = twins.lys
    account = User.objects.create(username="ly", person=gone)
    gone.statuses.create(kind="leave", valid_from=date(2021, 1, 1))
    client.force_login(twins.hue_admin)

    page = client.post(
        reverse("duplicate_compare", args=[gone.pk, kept.pk]),
        {"keep": kept.pk, "versions": "1-1", "reason": "cùng một người"},
    )

    kept.refresh_from_db()
    assert page["Location"] == reverse("person_detail", args=[kept.pk])
    assert {p.unit for p in kept.postings.all()} == {twins.kv1, twins.hue}
    assert (kept.statuses.count(), kept.user, kept.rank, kept.gender) == (1, account, "Kiểm tra viên", "f")
    assert Person.objects.get(pk=gone.pk).merged_into == kept
    assert not Person.objects.kept_by(twins.admin).filter(pk=gone.pk).exists()
    assert client.get(reverse("person_detail", args=[gone.pk]))["Location"] == page["Location"]
    assert [e.note for e in Entry.objects.about(kept, gone).filter(verb="merge_person")] == ["cùng một người"] * 2
    assert found(twins.hue_admin) == []


def test_a_merged_record_leads_no_stranger_to_the_one_that_stayed(twins, client):
    merged(twins)
    client.force_login(twins.stranger)

    assert client.get(reverse("person_detail", args=[twins.lys[1].pk])).status_code == 404


def test_a_merge_is_undone_and_done_again(twins, client):
    kept, gone = twins.lys
    account = User.objects.create(username="ly", person=gone)
    before = [list(Person.objects.order_by("pk").values("pk", "rank", "gender", "merged_into"))]
    before += [list(p.postings.values_list("pk", flat=True)) for p in twins.lys]
    done = merged(twins)
    later = make.unit("KV2", twins.hue)
    Person.objects.get(pk=kept.pk).postings.create(unit=later, valid_from=date(2024, 1, 1))
    client.force_login(twins.hue_admin)

    stale = client.post(reverse("merge_undo", args=[done.pk]), {"version": 1, "reason": "nhầm"})
    told = {"version": make.seen(kept), "reason": "nhầm"}
    answer = client.post(reverse("merge_undo", args=[done.pk]), told)
    twice = client.post(reverse("merge_undo", args=[done.pk]), told)

    assert "vừa được người khác thay đổi" in stale.content.decode()
    assert answer["Location"] == reverse("person_detail", args=[gone.pk])
    assert "đã được tách lại" in twice.content.decode()
    kept.postings.filter(unit=later).delete()  # what came after the merge stays with the kept record
    after = [list(Person.objects.order_by("pk").values("pk", "rank", "gender", "merged_into"))]
    after += [list(p.postings.values_list("pk", flat=True)) for p in twins.lys]
    assert after == before
    account.refresh_from_db()
    assert account.person == gone
    again = [Person.objects.get(pk=p.pk) for p in twins.lys]
    duplicates.merge(*again, by=twins.hue_admin, versions=tuple(p.version for p in again), note="đúng là một")
    assert PersonMerge.objects.filter(undone_at=None).count() == 1


def test_what_was_filled_in_and_changed_since_is_not_taken_back(twins):
    kept, _gone = twins.lys
    done = merged(twins)
    Person.objects.filter(pk=kept.pk).update(rank="Kiểm sát viên")

    duplicates.undo(done, by=twins.hue_admin, note="", version=make.seen(done.kept))

    assert Person.objects.get(pk=kept.pk).rank == "Kiểm sát viên"


def test_two_accounts_or_a_lost_race_stop_a_merge(twins):
    kept, gone = twins.lys
    with pytest.raises(services.EditConflict):
        duplicates.merge(kept, gone, by=twins.hue_admin, versions=(1, 7), note="")
    for person in twins.lys:
        User.objects.create(username=person.staff_code, person=person)
    with pytest.raises(Refused, match="đều có tài khoản"):
        merged(twins)

    assert not PersonMerge.objects.exists() and gone.postings.count() == 1


def test_merges_in_a_row_are_undone_from_the_last(twins):
    first = merged(twins)
    third = make.person("Nguyễn Thị Lý", twins.hue, birth_year=1985)
    kept = Person.objects.get(pk=twins.lys[0].pk)
    second = duplicates.merge(third, kept, by=twins.hue_admin, versions=(1, kept.version), note="")
    with pytest.raises(Refused, match="tách lần gộp sau trước"):
        duplicates.undo(first, by=twins.hue_admin, note="", version=make.seen(first.kept))

    duplicates.undo(second, by=twins.hue_admin, note="", version=make.seen(second.kept))
    duplicates.undo(first, by=twins.hue_admin, note="", version=make.seen(first.kept))

    assert not Person.objects.exclude(merged_into=None).exists()


def test_a_merge_is_not_undone_by_who_keeps_one_side_only(twins):
    done = merged(twins)
    kv1_admin = make.user("kv1admin", (Role.ADMIN, twins.kv1))

    with pytest.raises(PermissionDenied):
        duplicates.undo(done, by=kv1_admin, note="", version=make.seen(done.kept))

    done.refresh_from_db()
    assert done.undone_at is None


def test_an_anonymous_record_is_not_taken_apart(twins):
    done = merged(twins)
    kept = Person.objects.get(pk=twins.lys[0].pk)
    kept.postings.update(valid_to=date(2021, 1, 1))
    kept.statuses.create(kind="left", valid_from=date(2021, 1, 2))
    services.anonymise(kept, by=twins.hue_admin, version=kept.version, reason="theo đơn")

    done.refresh_from_db()
    with pytest.raises(Refused, match="ẩn danh"):
        duplicates.undo(done, by=twins.hue_admin, note="", version=make.seen(done.kept))
    gone = Person.objects.get(pk=twins.lys[1].pk)
    assert gone.full_name == f"Cán bộ đã ẩn danh số {gone.pk}" and done.moved == {}


@pytest.mark.parametrize(
    "told", [{"keep": "999"}, {"versions": "x"}, {"versions": "1"}, {"reason": " "}, {"keep": "", "versions": "\x01"}]
)
def test_a_merge_that_is_not_said_in_full_changes_nothing(twins, client, told):
    kept, gone = twins.lys
    client.force_login(twins.hue_admin)
    url = reverse("duplicate_compare", args=[kept.pk, gone.pk])

    page = client.post(url, {"keep": kept.pk, "versions": "1-1", "reason": "x"} | told)

    assert page.status_code == 200 and page.context["form"].errors
    assert not PersonMerge.objects.exists()


def test_any_other_record_can_be_named_by_its_code(twins, client):
    other = make.person("Lý Thị Khác", twins.kv1, code="KH")
    make.person("Người Vinh", twins.vinh, code="VI")
    client.force_login(twins.hue_admin)
    url = reverse("duplicate_with", args=[twins.lys[0].pk])

    leads = client.post(url, {"other": "kh"})["Location"]

    assert leads == reverse("duplicate_compare", args=[twins.lys[0].pk, other.pk])
    for code in ("VI", "LY1", "", "\x01"):
        assert client.post(url, {"other": code}).context["form"].errors["other"]


def test_a_record_is_not_compared_with_itself_or_with_a_strangers(twins, client):
    tam = make.person("Hồ Tâm", twins.vinh)
    client.force_login(twins.hue_admin)
    one = twins.lys[0].pk

    assert client.get(reverse("duplicate_compare", args=[one, one])).status_code == 403
    assert client.get(reverse("duplicate_compare", args=[one, tam.pk])).status_code == 404


def test_whatever_hangs_on_a_person_is_moved_or_has_a_reason_not_to():
    """A new table with a key to Person belongs into the manifest of its app."""
    hanging = {
        f"{relation.related_model._meta.label}.{relation.field.name}"
        for relation in apps.get_model("units.Person")._meta.related_objects
    }
    moved = {f"{model._meta.label}.{field}" for model, field in duplicates.relations()}
    apart = {"units.User.person", "units.Person.merged_into", "units.Distinct.first", "units.Distinct.second"}
    apart |= {"units.PersonMerge.kept", "units.PersonMerge.gone"}
    apart |= {"awards.Suggestion.person"}  # found anew each night

    assert hanging | {"units.PersonMerge.gone"} == moved | apart


def test_the_database_keeps_pairs_in_order_and_a_record_merged_once(twins):
    one, two = twins.lys
    merged(twins)
    for broken in (
        lambda: Distinct.objects.create(first=two, second=one),
        lambda: PersonMerge.objects.create(kept=one, gone=two, by=twins.admin),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            broken()


def test_rows_that_would_stand_twice_are_told_and_nothing_moves(twins, monkeypatch):
    """A table of an app above may allow one row for each person; its constraint answers in words."""
    monkeypatch.setattr(duplicates, "person_relations", lambda: ("units.PersonStatus.person", "units.Distinct.second"))
    other = twins.officer.person
    for person in twins.lys:
        Distinct.objects.create(first=other, second=person)
    twins.lys[1].statuses.create(kind="leave", valid_from=date(2021, 1, 1))

    with pytest.raises(Refused, match="chồng nhau ở mục «hai người khác nhau»"):
        merged(twins)

    assert twins.lys[1].statuses.count() == 1


def test_a_posting_that_both_records_have_stands_once_after_the_merge(twins):
    kept, gone = twins.lys
    same = {"unit": twins.hue, "position": "Cán bộ", "valid_from": date(2025, 7, 1)}
    kept.postings.create(**same)
    twin = gone.postings.create(**same)

    done = merged(twins)

    assert kept.postings.filter(**same).count() == 1
    assert kept.postings.count() == 3
    duplicates.undo(done, by=twins.hue_admin, note="nhầm", version=make.seen(done.kept))
    assert twin in gone.postings.all()
    assert gone.postings.count() == 2
