"""The pages of councils and sittings, through the whole course, and what they keep to themselves."""

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.urls import reverse

from awards.councils import ballots, services
from awards.models import Council, Nomination, Sitting
from portal.flow import Refused
from portal.models import Notice
from tests import make
from tests.awards.councils.conftest import PASSPHRASES


def at(name, room, *more):
    return reverse(name, args=[room.sitting.pk, *more])


def paper(room, choice):
    return {f"i{pk}": choice for pk in room.sitting.items.values_list("pk", flat=True)}


def test_an_office_founds_a_council_and_prepares_a_sitting(world, passed, client):
    client.force_login(world.office)
    made = client.post(
        reverse("council_new"),
        {
            "unit": world.root.pk, "name": "Hội đồng ngành", "number": "1/QĐ", "dated": "05/01/2026",
            "valid_from": "05/01/2026", "usual_percent": "50", "version": 1,
        },
    )  # fmt: skip
    council = Council.objects.get()
    assert made.url == council.get_absolute_url()
    for who, duty in ((world.council, "chair"), (world.office2, "secretary")):
        client.post(
            reverse("council_seat", args=[council.pk]), {"user": who.pk, "duty": duty, "valid_from": "05/01/2026"}
        )
    told = {
        "council": council.pk,
        "title": "Phiên 1",
        "day": "01/12/2026",
        "hour": "14:00",
        "place": "201",
        "version": 1,
    }
    assert client.post(reverse("sitting_new"), told | {"hour": "25 giờ"}).status_code == 422
    client.post(reverse("sitting_new"), told)
    sitting = Sitting.objects.get()
    picked = {"nomination": [n.pk for n in passed], "version": sitting.version}
    client.post(reverse("sitting_agenda", args=[sitting.pk]), picked)
    client.post(reverse("sitting_step", args=[sitting.pk, "call"]), {"version": make.seen(sitting)})

    assert [m.duty for m in sitting.members.all()] == ["chair", "secretary"]
    assert Sitting.objects.get().state == "invited" and sitting.items.count() == 2
    assert Notice.objects.get(kind="sitting_call", recipient=world.council).url == sitting.get_absolute_url()
    client.force_login(world.council)
    assert "Phiên 1" in client.get(reverse("home")).content.decode()


def test_five_members_vote_by_their_pages_and_the_result_is_shown(room, client):
    for duty, words in PASSPHRASES.items():
        client.force_login(getattr(room, duty))
        client.post(at("sitting_key", room), {"passphrase": words, "again": words})
    client.force_login(room.chair)
    client.post(at("sitting_step", room, "open_secret"), {"version": make.seen(room.sitting)})
    receipts = set()
    for member in room.members:
        client.force_login(member)
        answer = client.post(at("sitting_paper", room), paper(room, "yes"))
        assert answer.status_code == 200
        receipts.add(answer.context["receipt"])
        assert "đã bỏ phiếu" in client.get(room.sitting.get_absolute_url()).content.decode()
    client.force_login(room.chair)
    client.post(at("sitting_step", room, "close"), {"version": make.seen(room.sitting)})
    wrong = client.post(at("sitting_unlock", room), {"passphrase": "không phải cụm này"})
    assert wrong.status_code == 422 and "không phải cụm này" not in wrong.content.decode()
    for duty in ("chair", "secretary"):
        client.force_login(getattr(room, duty))
        client.post(at("sitting_unlock", room), {"passphrase": PASSPHRASES[duty]})

    page = client.get(room.sitting.get_absolute_url()).content.decode()
    assert "thông qua" in page and "không đủ phiếu" not in page
    record = client.get(at("sitting_record", room))
    assert "tính lại khớp" in record.content.decode()
    assert set(client.get(at("sitting_record", room), {"format": "json"}).json()["receipts"]) == receipts


def test_a_choice_is_in_no_session_and_on_no_page_of_a_fault(room, client, monkeypatch):
    room.open_in_secret()
    client.force_login(room.third)
    client.get(at("sitting_paper", room))
    sent = paper(room, "none")

    make.old_session(client)
    session = client.session
    for proof in session["account_authentication_methods"]:
        proof["at"] -= 3600
    session.save()
    asked = client.post(at("sitting_paper", room), sent)
    assert asked.status_code == 302 and "reauthenticate" in asked.url
    stored = [s.get_decoded() for s in Session.objects.all()] if Session.objects.exists() else [dict(client.session)]
    assert "none" not in str(stored).replace("None", "")
    assert not room.sitting.members.filter(voted=True).exists()

    client.force_login(room.third)

    def away(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr(ballots, "cast", away)
    client.raise_request_exception = False
    fault = client.post(at("sitting_paper", room), sent)
    assert fault.status_code >= 500
    assert 'value="none"' not in fault.content.decode() and 'name="i' not in fault.content.decode()


def test_a_paper_with_a_choice_missing_says_where_and_casts_nothing(room, client):
    room.open_in_secret()
    client.force_login(room.third)
    sent = paper(room, "yes")
    sent.popitem()

    answer = client.post(at("sitting_paper", room), sent)

    assert answer.status_code == 422 and "Hãy chọn một ý kiến" in answer.content.decode()
    assert not room.sitting.members.filter(voted=True).exists()


def test_a_stranger_finds_no_sitting_and_no_paper(world, room, client):
    room.open_in_secret()
    for who in (world.stranger, world.nobody):
        client.force_login(who)
        for name in ("sitting", "sitting_paper", "sitting_key", "sitting_unlock", "sitting_record"):
            assert client.get(at(name, room)).status_code == 404, name
        assert client.post(at("sitting_paper", room), paper(room, "yes")).status_code == 404
    client.force_login(world.auditor)
    assert client.get(at("sitting_paper", room)).status_code == 403


@pytest.mark.parametrize("words", ["ngắn quá", make.PASSWORD])
def test_a_weak_passphrase_is_refused_beside_its_field(room, client, words):
    client.force_login(room.chair)
    answer = client.post(at("sitting_key", room), {"passphrase": words, "again": words})

    assert answer.status_code == 422 and answer.context["form"].errors["passphrase"]
    assert not room.sitting.key_parts.exists()


def test_a_question_is_read_by_its_author_and_by_who_prepares(world, room, client):
    item = room.sitting.items.first()
    client.force_login(room.third)
    client.post(reverse("agenda_ask", args=[item.pk]), {"text": "Số liệu lấy từ đâu?"})

    shown = {}
    for who in (room.third, room.fourth, world.office):
        client.force_login(who)
        shown[who] = "Số liệu lấy từ đâu?" in client.get(reverse("agenda_item", args=[item.pk])).content.decode()
    assert shown == {room.third: True, room.fourth: False, world.office: True}


def test_counts_from_paper_are_taken_with_the_signed_minutes_alone(world, room, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client.force_login(world.office)
    first, second = room.sitting.items.all()
    counts = {"version": make.seen(room.sitting)}
    for item, (yes, no, none) in ((first, (4, 1, 0)), (second, (2, 3, 0))):
        counts |= {f"yes{item.pk}": yes, f"no{item.pk}": no, f"none{item.pk}": none}

    assert client.post(at("sitting_counts", room), counts).status_code == 422
    scan = SimpleUploadedFile("bien-ban.pdf", make.PDF)
    client.post(at("sitting_attach", room), {"file": scan})
    assert client.post(at("sitting_counts", room), counts | {f"no{first.pk}": 2}).status_code == 422  # 6 of 5
    assert client.post(at("sitting_counts", room), counts).status_code == 302

    assert room.figures() == [(4, 1, 0), (2, 3, 0)]
    assert room.now().ballot == "paper"
    assert {n.state for n in Nomination.objects.all()} == {"voted", "passed"}


def test_a_unit_council_writes_its_votes_into_the_paper(world, client):
    paper = make.submission(world.hue, world.officer, council_on=None, council_members=None, council_present=None)
    draft = make.nomination(paper, make.person("Lê Văn An", world.hue), world.officer, votes_for=None)
    second = make.user("deputy.hue", ("head", world.hue))
    council = make.council(world.hue, world.head, second, world.officer)
    sitting = make.sitting(council, draft, by=world.officer)
    services.take("open_public", sitting, by=world.head, version=make.seen(sitting))
    item = sitting.items.get()
    for member, choice in ((world.head, "yes"), (second, "yes"), (world.officer, "no")):
        ballots.cast(sitting, {item.pk: choice}, by=member)
    services.take("close_public", sitting, by=world.head, version=make.seen(sitting))

    draft.refresh_from_db()
    paper.refresh_from_db()
    assert (draft.state, draft.votes_for, paper.council_members, paper.council_present) == ("draft", 2, 3, 3)


def test_a_second_round_names_the_first_and_decides(world, room):
    room.open_in_secret()
    for member in room.members:
        room.vote(member, "no")
    room.count()
    again = services.second_round(room.now(), by=room.chair)

    assert (again.repeats_id, again.state, again.items.count()) == (room.sitting.pk, "draft", 2)
    room.sitting = services.take("call", again, by=world.office, version=again.version)
    room.open_in_secret()
    for member in room.members[:4]:
        room.vote(member, "no")
    room.count()
    assert {n.state for n in Nomination.objects.all()} == {"voted_down"}
    assert Notice.objects.filter(kind="nom_vote_down", recipient=world.head).count() == 1


PAGES = ("sitting", "sitting_agenda", "sitting_attendance", "sitting_edit")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_the_same_however_long_the_agenda(name, world, council, client, django_assert_max_num_queries):
    client.force_login(world.office)
    counted = []
    for number in (1, 4):
        rows = [make.received(world.hue, world.root, state="passed") for _each in range(number)]
        sitting = make.sitting(council.council, *rows, by=world.office)
        client.get(reverse(name, args=[sitting.pk]))
        with django_assert_max_num_queries(60) as asked:
            client.get(reverse(name, args=[sitting.pk]))
        counted.append(len(asked.captured_queries))
    assert counted[0] == counted[1]


def test_pages_of_a_ballot_lead_back_where_there_is_nothing_to_do(room, client):
    client.force_login(room.third)
    for name in ("sitting_paper", "sitting_unlock", "sitting_key", "sitting_record"):
        assert client.get(at(name, room)).url == room.sitting.get_absolute_url(), name
    client.force_login(room.chair)
    assert client.get(at("sitting_counts", room)).status_code == 403  # who prepares enters counts
    assert client.get(at("sitting_key", room)).status_code == 200


def test_a_refusal_met_while_the_paper_was_open_is_told_in_words(room, client, monkeypatch):
    room.open_in_secret()
    client.force_login(room.third)

    def closed(*args, **kwargs):
        raise Refused(["Phiếu chưa được nhận: vừa khép."])

    monkeypatch.setattr(ballots, "cast", closed)
    answer = client.post(at("sitting_paper", room), paper(room, "yes"), follow=True)
    assert "Phiếu chưa được nhận: vừa khép." in answer.content.decode()
    assert not room.sitting.members.filter(voted=True).exists()
