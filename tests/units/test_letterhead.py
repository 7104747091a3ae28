"""Who issues a paper, and by what authority it is signed on its day."""

from datetime import date

import pytest

from tests import make
from units.letterhead import letterhead, numbered, signature
from units.models import Membership, Posting, Role

DAY = date(2026, 2, 5)


@pytest.fixture
def unit(world):
    world.hue.seat = "Huế"
    world.hue.save()
    Membership.objects.filter(unit=world.hue, role=Role.HEAD).delete()
    return world.hue


def head(unit, name, position, *, place=None, leads=True, since=None, until=None, **lent):
    user = make.user(name.lower().replace(" ", "."), full_name=name)
    Membership.objects.create(user=user, unit=unit, role=Role.HEAD, valid_from=since, valid_to=until, **lent)
    Posting.objects.create(person=user.person, unit=place or unit, position=position, leads=leads)
    return user


def test_the_head_signs_under_the_office_that_the_posting_names(unit):
    head(unit, "Trần Thị Hoa", "Viện trưởng")
    assert signature(unit, DAY) == (["VIỆN TRƯỞNG"], "Trần Thị Hoa")


def test_a_deputy_who_sent_it_signs_for_the_head(unit):
    chief = head(unit, "Trần Thị Hoa", "Viện trưởng")
    deputy = head(unit, "Lê Văn Phó", "Phó Viện trưởng", delegated_by=chief)
    assert signature(unit, DAY, deputy) == (["KT. VIỆN TRƯỞNG", "PHÓ VIỆN TRƯỞNG"], "Lê Văn Phó")
    assert signature(unit, DAY) == (["VIỆN TRƯỞNG"], "Trần Thị Hoa")


def test_a_deputy_alone_signs_for_a_head_who_is_not_there(unit):
    head(unit, "Lê Văn Phó", "Phó Viện trưởng")
    assert signature(unit, DAY) == (["KT. VIỆN TRƯỞNG", "PHÓ VIỆN TRƯỞNG"], "Lê Văn Phó")


def test_who_acts_as_head_says_so(unit):
    head(unit, "Lê Văn Quyền", "Quyền Viện trưởng")
    assert signature(unit, DAY) == (["Q. VIỆN TRƯỞNG"], "Lê Văn Quyền")


def test_who_leads_a_part_of_the_unit_signs_by_order_and_by_a_document_as_authorised(unit, world):
    chief = head(unit, "Trần Thị Hoa", "Viện trưởng")
    one = head(unit, "Lê Văn Một", "Chánh Văn phòng", place=world.kv1, delegated_by=chief)
    two = head(unit, "Lê Văn Hai", "Chánh Văn phòng", place=world.kv1, delegated_by=chief, document="QĐ 1")
    assert signature(unit, DAY, one) == (["TL. VIỆN TRƯỞNG", "CHÁNH VĂN PHÒNG"], "Lê Văn Một")
    assert signature(unit, DAY, two) == (["TUQ. VIỆN TRƯỞNG", "CHÁNH VĂN PHÒNG"], "Lê Văn Hai")


def test_the_head_of_that_day_signs_and_not_the_one_of_today(unit):
    head(unit, "Người Trước", "Viện trưởng", until=DAY)
    head(unit, "Người Sau", "Viện trưởng", since=date(2026, 2, 6))
    assert signature(unit, DAY)[1] == "Người Trước"
    assert signature(unit, date(2026, 2, 6))[1] == "Người Sau"


def test_a_sender_whose_role_was_over_on_that_day_does_not_sign(unit):
    gone = head(unit, "Người Trước", "Viện trưởng", until=date(2026, 2, 4))
    head(unit, "Người Sau", "Viện trưởng")
    assert signature(unit, DAY, gone)[1] == "Người Sau"


def test_without_a_head_the_name_is_left_to_be_written(unit):
    assert signature(unit, DAY) == (["VIỆN TRƯỞNG"], "")


def test_the_letterhead_names_both_bodies_the_seat_and_the_day(unit):
    told = letterhead(unit, number="5/TTr-VKS", day=DAY)
    assert told["co_quan"] == unit.name_vi.upper()
    assert told["co_quan_cap_tren"] == unit.parent.name_vi.upper()
    assert (told["so_ky_hieu"], told["noi_va_ngay"]) == ("05/TTr-VKS", "Huế, ngày 05 tháng 02 năm 2026")


def test_a_root_has_no_superior_and_no_seat_is_left_to_be_written(world):
    world.root.seat = ""
    told = letterhead(world.root, number="/TTr", day=None)
    assert (told["co_quan_cap_tren"], told["so_ky_hieu"]) == ("", "……/TTr")
    assert told["noi_va_ngay"] == "……, ngày …… tháng …… năm ……"


@pytest.mark.parametrize(
    ("seat", "name", "place"),
    [
        ("Vinh", "Viện kiểm sát nhân dân tỉnh Nghệ An", "Vinh"),
        ("", "Viện kiểm sát nhân dân tỉnh Nghệ An", "Nghệ An"),
        ("", "Viện kiểm sát nhân dân thành phố Huế", "Huế"),
        ("", "Văn phòng", "……"),
    ],
)
def test_the_place_is_the_seat_else_what_the_name_ends_with(unit, seat, name, place):
    unit.seat, unit.name_vi = seat, name
    assert letterhead(unit, number="", day=DAY)["noi_va_ngay"].startswith(f"{place}, ngày")


def test_a_posting_that_says_no_more_than_head_signs_as_such_heads_are_called(unit):
    head(unit, "Trần Thị Hoa", "Thủ trưởng đơn vị")
    assert signature(unit, DAY) == (["VIỆN TRƯỞNG"], "Trần Thị Hoa")


@pytest.mark.parametrize(
    ("typed", "written"), [("5/TTr", "05/TTr"), ("9", "09"), ("10/TTr", "10/TTr"), ("005/TTr", "005/TTr"), ("", "")]
)
def test_a_number_has_two_digits_at_least(typed, written):
    assert numbered(typed) == written


def test_the_letterhead_asks_a_constant_number_of_queries(unit, django_assert_num_queries):
    chief = head(unit, "Trần Thị Hoa", "Viện trưởng")
    for place in range(3):
        head(unit, f"Lê Văn {place}", "Phó Viện trưởng", delegated_by=chief)
    unit.refresh_from_db()
    with django_assert_num_queries(3):  # the superior unit, the heads, their postings
        letterhead(unit, number="1/TTr", day=DAY)
