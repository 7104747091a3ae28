"""What is written in the ledger through its forms: entered, put right, revoked, doubted."""

from datetime import date

from django.urls import reverse

from awards.models import PastAward, Rating
from portal.models import Entry, Notice
from tests import make
from units.models import Posting

LINE = {
    "award": "CSTDCS",
    "year": "2024",
    "type": "merit",
    "decision_number": "55/QĐ-VKS",
    "decided_on": "20/12/2024",
    "decided_by": "Viện trưởng VKSND Huế",
    "note": "Hoàn thành xuất sắc",
}


def test_a_line_is_entered_by_hand_and_stands_in_the_trail(world, an, client):
    client.force_login(world.officer)

    answer = client.post(reverse("ledger_enter", args=["person", an.pk]), LINE | {"unit": world.hue.pk})

    line = PastAward.objects.get()
    assert answer["Location"] == reverse("ledger_subject", args=["person", an.pk])
    assert (line.person, line.level, line.source, line.entered_by) == (an, "unit", "typed", world.officer)
    assert Entry.objects.about(line).get().verb == "enter"


def test_what_is_unlawful_or_twice_is_refused_in_words(world, an, client):
    client.force_login(world.office)
    make.past_award(an, decision_number="1/QĐ")
    url = reverse("ledger_enter", args=["person", an.pk])

    for change, words in [
        ({}, "mỗi năm chỉ một lần"),
        ({"award": "TTLDTT"}, "Hãy chọn"),
        ({"award": "GK", "year": "2999"}, "tương lai"),
        ({"award": "GK", "decided_on": "01/01/2999"}, "tương lai"),
        ({"award": "GK", "decided_on": "01/01/2020"}, "trước năm thành tích"),
        ({"award": "GK", "year": "abc"}, ""),
        ({"award": "GK", "unit": world.vinh.pk}, ""),
        ({"award": "GK", "decision_number": "\u200b"}, ""),
    ]:
        answer = client.post(url, LINE | {"unit": world.hue.pk} | change)
        assert answer.status_code == 422, change
        assert words in answer.content.decode(), change
    assert PastAward.objects.count() == 1


def test_a_unit_enters_what_its_own_head_decides_and_the_office_enters_all(world, an, client):
    url = reverse("ledger_enter", args=["person", an.pk])
    sector = LINE | {"unit": world.hue.pk, "award": "CSTDN"}

    for who, status in [
        (world.officer, 422),
        (world.auditor, 403),
        (world.council, 403),
        (world.stranger, 404),
        (world.office, 302),
    ]:
        client.force_login(who)
        assert client.post(url, sector).status_code == status, who
    assert PastAward.objects.get().level == "sector"


def test_a_typing_error_is_put_right_with_a_reason_and_the_old_text_is_kept(world, an, client):
    line = make.past_award(an, year=2023)
    other = make.person("Trần Văn Đúng", world.hue, code="H002")
    client.force_login(world.officer)
    url = reverse("past_award_correct", args=[line.pk])
    asked = LINE | {"unit": world.hue.pk, "version": 1, "subject": "h002"}

    assert client.post(url, asked).status_code == 422
    assert client.post(url, asked | {"reason": "Ghi nhầm người và năm"}).status_code == 302

    line.refresh_from_db()
    entry = Entry.objects.about(line).first()
    assert (line.person, line.year, line.version) == (other, 2024, 2)
    assert entry.verb == "correct"
    assert entry.note == "Ghi nhầm người và năm"
    assert entry.changes["năm thành tích"] == ["2023", "2024"]


def test_two_editors_never_overwrite_each_other_unseen(world, an, client):
    line = make.past_award(an, year=2023)
    client.force_login(world.officer)
    url = reverse("past_award_correct", args=[line.pk])
    asked = LINE | {"unit": world.hue.pk, "version": 1, "subject": "H001", "reason": "Sai năm"}
    client.post(url, asked)

    late = client.post(url, asked | {"year": "2022"})

    assert late.status_code == 422
    assert late.context["stored"]["năm thành tích"] == "2024"
    assert 'name="version" value="2"' in late.content.decode()
    line.refresh_from_db()
    assert line.year == 2024


def test_a_revoked_award_stays_and_what_rested_on_it_is_doubted(world, an, client):
    grounds = [make.past_award(an, year=y) for y in (2021, 2022, 2023)]
    old = make.past_award(an, year=2015)
    title, fan = make.past_award(an, "CSTDN", 2023), make.past_award(an, "CSTDTQ", 2024)
    client.force_login(world.head)
    url = reverse("past_award_revoke", args=[grounds[0].pk])

    page = client.get(url)
    answer = client.post(url, {"version": 1, "number": "9/QĐ", "day": "01/02/2026", "why": "Kê khai không đúng"})

    assert [line.pk for line in page.context["resting"]] == [title.pk]
    assert answer.status_code == 302
    for line in (grounds[0], grounds[1], old, title, fan):
        line.refresh_from_db()
    assert (grounds[0].revoked_by, grounds[0].revoked_on) == ("9/QĐ", date(2026, 2, 1))
    assert title.doubted_by == grounds[0]
    assert [line.doubted_by for line in (grounds[1], old, fan)] == [None, None, None]
    assert {e.verb for e in Entry.objects.about(title)} == {"doubt"}
    assert Notice.objects.filter(recipient=world.officer, kind="award_revoked").count() == 1
    again = client.post(url, {"version": 2, "number": "9/QĐ", "day": "01/02/2026", "why": "Lần nữa"})
    assert "đã bị hủy" in again.content.decode()


def test_who_may_revoke(world, an, client):
    unit_level, sector = make.past_award(an), make.past_award(an, "CSTDN")
    for who, expected in [
        (world.officer, (403, 403)),
        (world.head, (200, 403)),
        (world.office, (200, 200)),
        (world.auditor, (403, 403)),
        (world.stranger, (404, 404)),
    ]:
        client.force_login(who)
        seen = tuple(client.get(reverse("past_award_revoke", args=[x.pk])).status_code for x in (unit_level, sector))
        assert seen == expected, who


def test_a_doubt_is_settled_and_a_mistaken_revocation_taken_back_with_a_reason(world, an, client):
    ground, title = make.past_award(an, year=2023), make.past_award(an, "CSTDN", 2023)
    client.force_login(world.office)
    revoke = {"version": 1, "number": "9/QĐ", "day": "01/02/2026", "why": "Nhầm"}
    client.post(reverse("past_award_revoke", args=[ground.pk]), revoke)

    settled = client.post(reverse("past_award_act", args=[title.pk, "settle"]), {"version": 2, "reason": "Đủ năm khác"})
    title.refresh_from_db()
    assert (settled.status_code, title.doubted_by) == (302, None)

    PastAward.objects.filter(pk=title.pk).update(doubted_by=ground)
    assert client.post(reverse("past_award_act", args=[ground.pk, "reinstate"]), {"version": 2}).status_code == 422
    client.post(reverse("past_award_act", args=[ground.pk, "reinstate"]), {"version": 2, "reason": "Hủy nhầm dòng"})
    for line in (ground, title):
        line.refresh_from_db()
    assert (ground.revoked_on, ground.revoked_by, title.doubted_by) == (None, "", None)
    assert client.get(reverse("past_award_act", args=[ground.pk, "nonsense"])).status_code == 404


def test_a_rating_is_written_once_a_year_and_changed_with_a_reason(world, an, client):
    client.force_login(world.officer)
    url = reverse("ledger_rate", args=["person", an.pk])
    asked = {"year": "2024", "grade": "good", "unit": world.hue.pk, "months_worked": "12", "document": "3/TB"}

    assert client.post(url, asked).status_code == 302
    assert client.post(url, asked).status_code == 302  # a double click
    assert client.post(url, asked | {"grade": "done"}).status_code == 422
    assert client.post(url, asked | {"grade": "done", "reason": "Xếp lại"}).status_code == 302

    kept = Rating.objects.get()
    assert (kept.grade, kept.version, kept.person) == ("done", 2, an)
    assert [e.verb for e in Entry.objects.about(an)] == ["rate", "rate"]


def test_the_subject_of_a_new_line_is_found_within_the_own_sight(world, an, client):
    link = reverse("ledger_subject", args=["person", an.pk])
    for who, shown in ((world.officer, True), (world.stranger, False)):
        client.force_login(who)
        assert (link in client.get(reverse("ledger_find"), {"q": "nguyen anh"}).content.decode()) is shown
    client.force_login(world.auditor)
    assert client.get(reverse("ledger_find")).status_code == 403


def test_what_a_person_takes_along_has_words_for_people_and_not_the_drafts_of_the_office(world, an, client):
    line = make.past_award(an)
    nomination = make.received(world.hue, world.root, person=an)
    nomination.draft_result, nomination.draft_result_note = "unfit", "Chưa công bố"
    nomination.report = {"achievements": "Kiểm sát 40 vụ"}
    nomination.save()
    Posting.objects.create(person=world.nobody.person, unit=world.hue)
    world.nobody.person, _own = an, world.nobody.person
    world.nobody.save()
    client.force_login(world.nobody)

    told = client.get(reverse("person_export", args=[an.pk, "json"])).json()
    rows = {part["section"]: part["rows"] for part in told}

    assert rows["Khen thưởng đã có"][0]["danh hiệu, hình thức"] == line.get_award_display() != line.award
    assert rows["Khen thưởng đã có"][0]["nguồn"] == "ghi bằng tay"
    proposed = rows["Đề nghị khen thưởng"][0]
    assert proposed["báo cáo thành tích"] == "Kiểm sát 40 vụ"
    assert proposed["tình trạng"] == nomination.get_state_display()
    assert not {name for name in proposed if name.isascii()}
    assert "Chưa công bố" not in str(told) and "draft" not in str(told)
