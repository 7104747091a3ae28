"""The papers of a sitting say what the sitting says."""

from awards.councils.papers import papers_of
from portal.papers.base import papers
from portal.papers.services import data_of, make
from tests import make as made


def told(room, kind, reader):
    paper = papers()[kind]
    data = data_of(paper, paper.rows(reader).get(pk=room.sitting.pk), reader)
    assert data.keys() == {field.name for field in paper.fields}
    return data


def test_invitation_and_ballot_come_before_minutes_and_count_after(world, room):
    assert papers_of(room.now()) == ["sitting-invitation", "sitting-ballot"]
    invited = told(room, "sitting-invitation", world.office)
    assert invited["nguoi_ky"] == "Ngô Hội Đồng" and invited["chuc_vu_ky"] == ["TM. HỘI ĐỒNG", "CHỦ TỊCH"]
    assert [m["chuc_danh"] for m in invited["thanh_vien"]][:3] == ["Chủ tịch", "Phó Chủ tịch", "Thư ký"]

    room.open_in_secret()
    assert papers_of(room.now()) == []
    for member in room.members[:4]:
        room.vote(member, "yes")
    room.count()

    assert papers_of(room.now()) == ["sitting-minutes", "sitting-count"]
    minutes = told(room, "sitting-minutes", world.office)
    lines = [(x["ten"], x["dong_y"], x["can"], x["ty_le"], x["ket_qua"]) for x in minutes["danh_sach"]]
    assert sorted(lines) == [
        ("Lê Một", "4", "4/5", "80,00%", "thông qua"),
        ("Trần Hai", "4", "3/5", "80,00%", "thông qua"),
    ]
    assert (minutes["so_phieu"], minutes["cach_bo_phieu"]) == ("4", "bỏ phiếu kín")


def test_the_papers_are_taken_by_readers_of_the_sitting_alone(world, room, client):
    url = f"/papers/sitting-invitation/{room.sitting.pk}.pdf"
    client.force_login(world.office)
    assert client.get(url).content.startswith(b"%PDF")
    client.force_login(world.stranger)
    assert client.get(url).status_code == 404


def test_a_ballot_on_paper_holds_names_that_would_be_commands(world, council):
    odd = made.received(world.hue, world.root, state="passed", name="A & B <#1> $x")
    sitting = made.sitting(council.council, odd, by=world.office)
    paper = papers()["sitting-ballot"]

    assert make(paper, "pdf", data_of(paper, sitting, world.office)).startswith(b"%PDF")
    assert make(paper, "docx", data_of(paper, sitting, world.office)).startswith(b"PK")
