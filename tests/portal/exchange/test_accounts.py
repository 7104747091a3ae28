"""The list of accounts: roles within the bounds of who brings them."""

from datetime import date, timedelta

from portal.days import today
from portal.models import Entry
from tests import make
from tests.portal.exchange.helpers import check, counts, problems, taken
from units.models import Membership, Person, Posting, Proposal, Role, User


def test_accounts_come_in_without_a_password_and_an_invitation_is_due(world):
    make.user("cu")
    Person.objects.create(staff_code="H9", full_name="Lê Mới")
    Posting.objects.create(person=Person.objects.get(staff_code="H9"), unit=world.hue)
    rows = [
        ["lan.nt", "lan@vks.example", "H9", "Cán bộ thi đua của đơn vị", "HUE", "1/7/2025", None, "QĐ 1"],
        ["lan.nt", None, None, "auditor", "KV1", None, None, "QĐ 1"],
        ["officer", "officer@vks.example", "OFFICER", "Cán bộ thi đua của đơn vị", "HUE"],
        ["officer", None, None, "Thủ trưởng đơn vị", "HUE", "1/1/2026", "31/12/2098", "QĐ 2"],
    ]
    applied = taken("accounts", *rows, by=world.admin)

    assert (applied["create"], applied["change"], applied["same"]) == (1, 1, 1)
    assert "hãy gửi thư mời" in applied["after"]
    made = User.objects.get(username="lan.nt")
    assert (made.email, made.person.staff_code, made.has_usable_password()) == ("lan@vks.example", "H9", False)
    assert {(m.role, m.unit.code) for m in made.memberships.all()} == {("officer", "HUE"), ("auditor", "KV1")}
    assert world.officer.memberships.get(role=Role.HEAD).valid_to == date(2098, 12, 31)
    assert Entry.objects.about(made).get().verb == "create"
    assert counts(check("accounts", *rows, by=world.admin)) == (0, 0, 0, 4)


def test_nobody_raises_their_own_rights_or_reaches_beyond_their_units(world, hue_admin):
    Person.objects.create(staff_code="V9", full_name="Lê Xa")
    away = make.user("xa", (Role.OFFICER, world.hue))  # holds a role here, works elsewhere too
    Posting.objects.create(person=away.person, unit=world.vinh)
    found = problems(
        "accounts",
        ["hueadmin", None, None, "Thủ trưởng đơn vị", "HUE"],
        ["hueadmin", "khac@vks.example"],
        ["moi", "moi@vks.example", None, "Quản trị hệ thống", "VKSTC"],
        ["office", "cua-toi@vks.example"],
        ["admin", "cua-toi@vks.example", None, "officer", "KV1", None, None, "QĐ 1"],
        ["moi2", "moi2@vks.example", "V9"],
        ["stranger", None, "HEAD"],
        ["xa", "cua-toi@vks.example"],
        by=hue_admin,
    )
    assert [(row, column) for row, column, _words in found] == [
        (2, "Vai trò"),
        (3, "Thư điện tử"),
        (4, "Mã đơn vị"),
        (5, "Thư điện tử"),
        (6, "Thư điện tử"),
        (7, "Số hiệu cán bộ"),
        (8, "Số hiệu cán bộ"),
        (9, "Thư điện tử"),
    ]
    assert found[0][2] == "Không ai tự đổi quyền của mình."
    # a role in one's own unit may be given to anybody
    assert (
        taken("accounts", ["stranger", None, None, "council", "KV1", None, None, "QĐ 3"], by=hue_admin)["change"] == 1
    )


def test_a_file_cannot_end_the_last_administrator_and_ends_the_sessions_of_those_it_changes(world, client):
    second = make.user("second", (Role.ADMIN, world.root), full_name="Phó Quản Trị")
    mine = world.admin.memberships.get()
    Membership.objects.filter(user=second).update(valid_to=today() + timedelta(days=30))
    job = check(
        "accounts", ["admin", "", "", "admin", "VKSTC", "", f"{today() + timedelta(days=60):%d/%m/%Y}"], by=second
    )
    assert "quản trị cuối cùng" in str(job.result["problems"])
    client.force_login(world.officer)
    client.get("/units/")

    taken("accounts", ["officer", "new@vks.example", "", "council", "HUE", None, None, "QĐ 4"], by=world.admin)

    assert client.get("/units/").status_code == 302
    assert User.objects.get(pk=world.officer.pk).email == "officer@vks.example"  # the new one waits for a second person
    assert Proposal.objects.get(account=world.officer, by=world.admin).asked["address"] == "new@vks.example"
    mine.refresh_from_db()
    assert mine.valid_to is None


def test_the_mistakes_of_accounts_are_told_by_row(world):
    Membership.objects.filter(user=world.head).update(valid_from=date(2025, 1, 1))
    ended = make.unit("CU", world.root, valid_to=date(2025, 6, 30))
    make.user("nghi", is_active=False)
    kind = "Cán bộ thi đua của đơn vị"
    found = problems(
        "accounts",
        ["moi", None],
        ["mới", "a@vks.example"],
        ["a2", "khong phai thu"],
        ["a3", "a@b"],
        ["a4", "office@vks.example"],
        ["a5", "a5@vks.example", "KHONG"],
        ["a6", "a6@vks.example", "HEAD"],
        ["a7", "a7@vks.example", None, kind],
        ["a8", "a8@vks.example", None, None, "HUE"],
        ["a9", "a9@vks.example", None, kind, "KHONG"],
        ["b1", "b1@vks.example", None, kind, ended.code],
        ["b2", "b2@vks.example", None, kind, "HUE", "2/1/2026", "1/1/2026"],
        ["b3", "b3@vks.example", None, kind, "HUE", "1/1/2020", "1/1/2021"],
        ["b4", "b4@vks.example", None, kind, "HUE", None, None, "QĐ 4"],
        ["b4", "b5@vks.example", None, kind, "HUE", "1/1/2026", None, "QĐ 4"],
        ["HEAD", None, None, kind, "HUE"],
        ["head", None, None, "head", "HUE", "1/1/2026"],
        ["nghi", None, None, kind, "HUE"],
        ["b6", "b6@vks.example", None, kind, "HUE"],
        ["head", None, None, "head", "HUE", "1/1/2025", "2/1/2025"],
        by=world.admin,
    )
    assert [(row, column) for row, column, _words in found] == [
        (2, "Thư điện tử"),
        (3, "Tên đăng nhập"),
        (4, "Thư điện tử"),
        (5, "Thư điện tử"),
        (6, "Thư điện tử"),
        (7, "Số hiệu cán bộ"),
        (8, "Số hiệu cán bộ"),
        (9, "Mã đơn vị"),
        (10, "Vai trò"),
        (11, "Mã đơn vị"),
        (12, "Mã đơn vị"),
        (13, "Đến hết ngày"),
        (14, "Đến hết ngày"),
        (16, "Thư điện tử"),
        (16, "Vai trò"),
        (17, "Tên đăng nhập"),
        (18, "Từ ngày"),
        (19, "Tên đăng nhập"),
        (20, "Văn bản giao vai trò"),
        (21, "Đến hết ngày"),
    ]


def test_a_role_that_ended_is_not_taken_for_one_that_lasts(world):
    Membership.objects.filter(user=world.head).update(valid_from=date(2020, 1, 1), valid_to=date(2025, 1, 1))
    said = ["head", None, None, "head", "HUE", "1/1/2020"]
    assert "đã kết thúc ngày 01/01/2025" in problems("accounts", said, by=world.admin)[0][2]
    taken("accounts", [*said, f"{today():%d/%m/%Y}"], by=world.admin)
    assert world.head.memberships.get().valid_to == today()
