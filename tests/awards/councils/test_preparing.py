"""Preparing: what a sitting lacks is said before it goes on, and whoever was overtaken hears so."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from awards.councils import agenda, ballots, services
from awards.councils.flow import SITTING
from awards.models import AgendaItem, Council, Nomination, Sitting
from portal.days import today
from portal.flow import Refused
from portal.models import Entry
from tests import make
from units.models import Role


def lacking(name, sitting):
    return [str(words) for words in SITTING[name].objections(sitting)]


def test_nobody_is_called_to_a_sitting_without_chair_secretary_agenda_and_place(world):
    council = Council.objects.create(
        unit=world.root, name="HĐ", number="1", dated=today(), valid_from=today(), usual_percent=50
    )
    sitting = make.sitting(council, by=world.office, called=False, place="")

    assert lacking("call", sitting) == [
        "Hội đồng chưa có Chủ tịch hoặc Phó Chủ tịch đang giữ chức danh.",
        "Hội đồng chưa có Thư ký.",
        "Chương trình chưa có đề nghị nào.",
        "Hãy ghi địa điểm họp.",
    ]
    sitting.in_writing = True
    assert len(lacking("call", sitting)) == 3


def test_what_keeps_a_ballot_from_opening_is_said_item_by_item(world, council, passed):
    council.council.usual_percent = None
    council.council.save()
    sitting = make.sitting(council.council, *passed, by=world.office)
    for member in council.members[:3]:
        services.recuse(sitting.items.get(nomination__award="CSTDCS"), reason="Liên quan", by=member)
    other = sitting.items.get(nomination__award="BK_VT")
    AgendaItem.objects.filter(pk=other.pk).update(base=0)
    Nomination.objects.filter(pk=other.nomination_id).update(state="voted")
    for holder in (council.chair, council.deputy, council.secretary):
        ballots.set_passphrase(sitting, "một cụm mật khẩu dài", by=holder)

    assert lacking("open_secret", Sitting.objects.get(pk=sitting.pk)) == [
        "Trần Hai: đề nghị không còn chờ Hội đồng; hãy bỏ khỏi chương trình.",
        "Trần Hai: quy định không nêu tỷ lệ; hãy ghi tỷ lệ ở trang Hội đồng.",
        "Trần Hai: mọi thành viên đều không được biểu quyết.",
        "Lê Một: chỉ 2 thành viên được biểu quyết nên bỏ phiếu kín không giữ được bí mật.",
    ]


@pytest.mark.parametrize(("absent", "open"), [(2, True), (3, False)])
def test_the_quorum_is_of_all_members_and_asked_at_its_bound(room, absent, open):
    Council.objects.update(quorum_percent=60)  # 3 of 5
    told = {m.pk: "absent" for m in room.sitting.members.all()[:absent]}
    services.note_attendance(room.now(), told, by=room.office, version=make.seen(room.sitting))
    room.set_passphrases()

    if open:
        assert room.take("open_secret").state == "open"
    else:
        with pytest.raises(Refused, match="Chỉ có 2 trên 5"):
            room.take("open_secret")


def test_a_refused_opening_leaves_bases_and_members_as_they_were(room):
    room.council.members.filter(user=room.fourth).update(valid_to="2026-01-06")
    with pytest.raises(Refused):
        room.take("open_secret")  # nobody has set a passphrase
    assert room.sitting.members.count() == 5

    room.open_in_secret()
    assert room.sitting.members.count() == 4 and set(room.sitting.items.values_list("base", flat=True)) == {4}


def test_whoever_was_overtaken_changes_nothing_and_hears_so(world, room, client):
    client.force_login(world.office)
    seen = make.seen(room.sitting)
    told = {"council": room.council.pk, "title": "Tên mới", "day": "2026-12-01", "hour": "09:30", "place": "202"}
    assert client.post(reverse("sitting_edit", args=[room.sitting.pk]), told | {"version": seen}).status_code == 302
    again = client.post(reverse("sitting_edit", args=[room.sitting.pk]), told | {"version": seen, "title": "Cũ"})
    assert again.status_code == 422 and room.now().title == "Tên mới"
    assert Entry.objects.about(room.sitting).filter(verb="edit").first().changes

    form = {name: getattr(room.council, name) or "" for name in ("number", "usual_percent", "quorum_percent")}
    form |= {"name": "HĐ mới", "dated": "2026-01-05", "valid_from": "2026-01-05", "valid_to": "", "version": 1}
    url = reverse("council_edit", args=[room.council.pk])
    assert client.post(url, form).status_code == 302
    assert client.post(url, form | {"name": "Khác"}).status_code == 422
    assert Council.objects.get().name == "HĐ mới"


def test_attendance_and_agenda_are_kept_by_their_pages(world, room, client):
    client.force_login(world.office)
    members = list(room.sitting.members.all())
    told = {f"m{m.pk}": "present" for m in members} | {
        f"m{members[4].pk}": "absent",
        "version": make.seen(room.sitting),
    }
    client.post(reverse("sitting_attendance", args=[room.sitting.pk]), told)
    assert [m.attendance for m in room.sitting.members.all()] == ["present"] * 4 + ["absent"]
    assert client.post(reverse("sitting_attendance", args=[room.sitting.pk]), told).status_code == 422

    first = room.sitting.items.first()
    off = reverse("sitting_take_off", args=[room.sitting.pk, first.pk])
    client.post(off, {"version": make.seen(room.sitting)})
    assert [item.order for item in room.sitting.items.all()] == [1]
    assert agenda.waiting_for(room.council).count() == 1
    assert client.post(reverse("sitting_agenda", args=[room.sitting.pk]), {"version": 1}).status_code == 422
    with pytest.raises(Refused):
        services.add_items(room.now(), [999], by=world.office, version=make.seen(room.sitting))


def test_nothing_is_prepared_any_more_once_it_is_open_nor_by_others(world, room):
    with pytest.raises(PermissionDenied):
        services.write(room.now(), by=world.stranger, version=make.seen(room.sitting))
    room.open_in_secret()
    with pytest.raises(Refused):
        services.write(room.now(), by=world.office, version=make.seen(room.sitting))
    with pytest.raises(Refused):
        services.recuse(room.sitting.items.first(), reason="Muộn", by=room.third)
    with pytest.raises(Refused):
        ballots.set_passphrase(room.now(), "một cụm mật khẩu dài", by=room.chair)
    with pytest.raises(PermissionDenied):
        ballots.set_passphrase(room.now(), "một cụm mật khẩu dài", by=room.third)


def test_a_seat_ends_on_its_day_and_goes_to_another(world, room, client):
    client.force_login(world.office)
    seat = room.council.members.get(user=room.fourth)
    url = reverse("council_unseat", args=[room.council.pk, seat.pk])
    assert client.post(url, {"on": "2025-01-01"}).status_code == 422
    client.post(url, {"on": f"{today():%Y-%m-%d}"})
    seat.refresh_from_db()
    assert seat.valid_to == today()
    assert Entry.objects.about(room.council).filter(verb="unseat").exists()

    add = reverse("council_seat", args=[room.council.pk])
    for wrong in (world.stranger, room.third):  # no role at the root; seated already
        answer = client.post(add, {"user": wrong.pk, "duty": "member", "valid_from": "2026-02-01"})
        assert answer.status_code == 422 and answer.context["form"].errors["user"]


@pytest.mark.parametrize("way", ["again", "conclude"])
def test_who_presides_decides_once_about_what_missed_its_share(world, room, client, way):
    room.open_in_secret()
    room.count()
    url = reverse(f"sitting_{way}", args=[room.sitting.pk])
    client.force_login(room.third)
    assert client.post(url).status_code == 403
    client.force_login(room.chair)
    assert "chưa đủ phiếu" in client.get(room.sitting.get_absolute_url()).content.decode()
    client.post(url)
    client.post(url)

    assert Sitting.objects.filter(repeats=room.sitting).count() == (way == "again")
    assert {n.state for n in Nomination.objects.all()} == {"passed" if way == "again" else "voted_down"}


def test_an_open_vote_is_shown_by_name_after_it_ended(world, room, client):
    room.sitting.items.get(nomination__award="CSTDCS").delete()
    room.take("open_public")
    room.vote(room.third, "no")
    client.force_login(world.office)
    assert "không đồng ý: Ủy viên 3" not in client.get(room.sitting.get_absolute_url()).content.decode()
    room.take("close_public")
    assert "không đồng ý: Ủy viên 3" in client.get(room.sitting.get_absolute_url()).content.decode()


def test_a_recusal_and_the_comparison_have_their_pages(room, client):
    item = room.sitting.items.first()
    client.force_login(room.third)
    url = reverse("agenda_recuse", args=[item.pk])
    assert client.post(url, {"reason": ""}).status_code == 422
    client.post(url, {"reason": "Là anh em"})
    page = client.get(reverse("agenda_item", args=[item.pk])).content.decode()
    assert "Đồng chí không biểu quyết đề nghị này: Là anh em" in page
    assert item.nomination.subject_name in client.get(reverse("agenda_compare", args=[item.pk])).content.decode()
    assert client.post(reverse("agenda_ask", args=[item.pk]), {"text": ""}).status_code == 422


def test_lists_show_what_was_asked_for(world, room, client):
    client.force_login(world.office)
    url = reverse("sitting_list")
    assert "Phiên họp thử" in client.get(url).content.decode()
    assert "Phiên họp thử" not in client.get(url, {"state": "closed"}).content.decode()
    assert "Phiên họp thử" not in client.get(url, {"mine": "1"}).content.decode()
    client.force_login(room.third)
    assert "Phiên họp thử" in client.get(url, {"mine": "1"}).content.decode()
    assert room.council.name in client.get(reverse("council_list")).content.decode()
    assert "Ủy viên 3" in client.get(room.council.get_absolute_url()).content.decode()


def test_a_deputy_who_presides_signs_and_opens_where_there_is_no_chair(world, council, passed):
    council.council.members.filter(user=council.chair).delete()
    second = make.user("chairless", (Role.COUNCIL, world.root))
    council.council.members.create(user=second, duty="member", valid_from="2026-01-05")
    sitting = make.sitting(council.council, passed[1], by=world.office)

    assert services.take("open_public", sitting, by=council.deputy, version=make.seen(sitting)).state == "open"
