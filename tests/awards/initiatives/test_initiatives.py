"""Initiatives: written by their unit, recognised above or within it, like ones shown, used once."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Value
from django.urls import reverse

from awards.initiatives import services as initiatives
from awards.models import Initiative
from portal.flow import Refused
from portal.models import Entry
from portal.search.likeness import Likeness, similarity
from portal.text import fold
from tests import make
from units.models import Posting, Succession, Unit
from units.models.units import Kind


@pytest.fixture
def an(world):
    return make.person("Nguyễn Thị Ánh", world.hue, code="H001")


@pytest.fixture
def binh(world):
    return make.person("Trần Văn Bình", world.hue, code="H002")


def sent(world, *authors, **fields):
    """What the form sends."""
    data = {
        "unit": world.hue.pk,
        "title": "Giải pháp số hóa hồ sơ kiểm sát án hình sự",
        "kind": "solution",
        "scope": "unit",
        "summary": "Rút ngắn thời gian",
        "first_applied_on": "01/03/2026",
        "applied_for_on": "01/06/2026",
        "version": 1,
        "authors-TOTAL_FORMS": len(authors),
        "authors-INITIAL_FORMS": len(authors),
    } | fields
    for i, (who, share) in enumerate(authors):
        data |= {f"authors-{i}-who": who, f"authors-{i}-share": share}
    return data


def test_a_form_that_comes_with_nothing_in_it_is_refused_in_words(world, client):
    client.force_login(world.office)
    answer = client.post(reverse("initiative_new"), {})
    assert (answer.status_code, "aria-invalid" in answer.content.decode()) == (422, True)


# --- who sees ---


def test_an_initiative_is_seen_by_its_units_and_where_its_authors_went(world, an, client):
    made = make.initiative(world.hue, "Sáng kiến của Huế", an)
    for who, status in [(world.head, 200), (world.office, 200), (world.stranger, 404), (world.kv1_head, 404)]:
        client.force_login(who)
        assert client.get(made.get_absolute_url()).status_code == status, who

    Posting.objects.create(person=an, unit=world.vinh)
    client.force_login(world.stranger)
    assert client.get(made.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("count", [2, 30])
def test_the_register_and_a_page_ask_the_same_queries_for_few_and_many(
    world, an, client, count, django_assert_num_queries
):
    for i in range(count):
        made = make.initiative(world.hue, f"Giải pháp số hóa hồ sơ {i}", an)
    client.force_login(world.head)
    client.get(reverse("initiative_list"))

    with django_assert_num_queries(8 + make.SESSION_READ):
        client.get(reverse("initiative_list"), {"q": "so hoa"})
    with django_assert_num_queries(12 + make.SESSION_READ):
        client.get(made.get_absolute_url())


def test_every_filter_narrows_the_register(world, an, client):
    one = make.initiative(world.hue, "Số hóa hồ sơ", an, recognised=True)
    two = make.initiative(world.kv1, "Chuyên đề án treo", kind="topic", scope="sector")
    one.used_for.add(make.past_award(an))
    client.force_login(world.head)
    ids = {"1": one.pk, "2": two.pk}

    for query, expected in [
        ({}, "21"),
        ({"state": "recognised"}, "1"),
        ({"scope": "sector"}, "2"),
        ({"kind": "topic"}, "2"),
        ({"unit": "KV1"}, "2"),
        ({"year": "2025"}, "1"),
        ({"used": "yes"}, "1"),
        ({"used": "no"}, "2"),
        ({"q": "so hoa ho so"}, "1"),
        ({"q": "12/QĐ"}, "1"),
        ({"state": "x", "year": "abc", "after": "-"}, "21"),
    ]:
        found = [row.initiative.pk for row in client.get(reverse("initiative_list"), query).context["rows"]]
        assert found == [ids[k] for k in expected], query
    assert client.get(reverse("initiative_export")).status_code == 200


# --- writing ---


def test_a_unit_registers_one_with_authors_by_code_or_by_name(world, an, binh, client):
    client.force_login(world.officer)

    answer = client.post(reverse("initiative_new"), sent(world, ("h001", 60), ("Trần Văn Bình", 40), ("", "")))

    made = Initiative.objects.get()
    assert answer["Location"] == made.get_absolute_url()
    assert list(made.authors.values_list("person", "share")) == [(an.pk, 60), (binh.pk, 40)]
    assert (made.state, made.entered_by, made.unit) == ("registered", world.officer, world.hue)
    assert Entry.objects.about(made).get().verb == "create"


def test_what_cannot_be_is_told_at_its_field(world, an, binh, client):
    make.person("Nguyễn Thị Ánh", world.hue, code="H003")
    make.person("Hồ Nghệ", world.vinh, code="V001")
    client.force_login(world.officer)
    url = reverse("initiative_new")

    for data, words in [
        (sent(world), "ít nhất một tác giả"),
        (sent(world, ("H001", 70), ("H002", 31)), "không được quá 100"),
        (sent(world, ("H001", 101)), "100"),
        (sent(world, ("H001", ""), ("h001", "")), "đã có ở trên"),
        (sent(world, ("nguyen thi anh", "")), "H003"),
        (sent(world, ("V001", "")), "Không tìm thấy"),
        (sent(world, ("H001", ""), title=" \u200b "), ""),
        (sent(world, ("H001", ""), unit=world.vinh.pk), ""),
        (sent(world, ("H001", ""), first_applied_on="01/01/2999"), "tương lai"),
    ]:
        answer = client.post(url, data)
        assert answer.status_code == 422, words
        assert words in answer.content.decode(), words
    assert client.post(url, sent(world, ("H001", 70), ("H002", 30))).status_code == 302


def test_only_those_of_the_unit_and_the_office_write(world, an, client):
    made = make.initiative(world.hue, "Sáng kiến", an)
    for who, status in [
        (world.officer, 200),
        (world.head, 200),
        (world.office, 200),
        (world.auditor, 403),
        (world.stranger, 404),
        (world.kv1_head, 404),
    ]:
        client.force_login(who)
        assert client.get(reverse("initiative_edit", args=[made.pk])).status_code == status, who
    Initiative.objects.update(state="refused")
    client.force_login(world.officer)
    assert client.get(reverse("initiative_edit", args=[made.pk])).status_code == 403


def test_two_editors_never_overwrite_each_other_unseen(world, an, client):
    made = make.initiative(world.hue, "Giải pháp số hóa hồ sơ kiểm sát án hình sự", an)
    client.force_login(world.officer)
    url = reverse("initiative_edit", args=[made.pk])
    client.post(url, sent(world, ("H001", ""), summary="bản một"))

    late = client.post(url, sent(world, ("H001", ""), summary="bản hai"))

    assert late.status_code == 409
    assert late.context["clashes"]["nội dung, hiệu quả"] == ["bản một", "bản hai"]
    assert client.post(url, sent(world, ("H001", ""), summary="bản hai", version=2)).status_code == 302
    made.refresh_from_db()
    assert made.summary == "bản hai"


def test_a_draft_saves_itself_and_keeps_what_is_right(world, an, binh, client):
    made = make.initiative(world.hue, "Giải pháp số hóa hồ sơ kiểm sát án hình sự", an)
    client.force_login(world.officer)
    url = reverse("initiative_autosave", args=[made.pk])

    told = client.post(url, sent(world, ("H00", ""), summary="Mới", applied_for_on="mai")).json()

    made.refresh_from_db()
    assert (made.summary, made.applied_for_on, told["version"]) == ("Mới", None, made.version)
    assert list(made.authors.values_list("person", flat=True)) == [an.pk]  # one row is wrong, so none is changed
    assert [fault["id"] for fault in told["faults"]] == ["id_applied_for_on", "id_authors-0-who"]
    again = client.post(url, sent(world, ("H001", "60"), ("H002", "40"), summary="Mới", version=made.version)).json()
    assert "faults" not in again and made.authors.count() == 2
    assert client.post(url, sent(world, ("H001", ""))).json()["conflict_url"] == f"/initiatives/{made.pk}/edit/"
    assert Entry.objects.about(made).get(verb="edit").follows  # both saves are one line


def test_a_title_like_another_is_saved_by_its_writer_only(world, an, client):
    make.initiative(world.hue, "Giải pháp số hóa hồ sơ kiểm sát án hình sự", an)
    made = make.initiative(world.hue, "Tra cứu bản án", an)
    client.force_login(world.officer)

    told = client.post(reverse("initiative_autosave", args=[made.pk]), sent(world, ("H001", ""), summary="Mới")).json()

    made.refresh_from_db()
    assert (made.title, made.summary) == ("Tra cứu bản án", "Mới")
    assert "gần giống" in told["faults"][0]["words"]


def test_more_rows_without_a_script_keep_what_was_typed(world, an, client):
    client.force_login(world.officer)

    page = client.post(reverse("initiative_new"), sent(world, ("H001", "5"), more="1"))

    assert len(page.context["form"].authors.forms) == 4
    assert 'value="Nguyễn Thị Ánh, VKSND Huế"' in page.content.decode()
    assert not Initiative.objects.exists()


# --- like ones ---


def test_the_database_counts_likeness_as_the_code_does(world):
    pairs = [
        ("giai phap so hoa ho so", "so hoa ho so bang giai phap moi"),
        ("quy che phoi hop giua hai cap", "quy che phoi hop giua hai nganh"),
        ("a", "b"),
        ("", "x"),
    ]
    for one, other in pairs:
        row = Unit.objects.annotate(found=Likeness(Value(one), Value(other))).first()
        assert row.found == pytest.approx(similarity(one, other), abs=1e-6), (connection.vendor, one, other)


def test_like_titles_are_found_whatever_the_accents_and_others_are_not(world, an):
    same = make.initiative(world.hue, "Giải pháp số hóa hồ sơ kiểm sát án hình sự", an)
    near = make.initiative(world.kv1, "GIAI PHAP SO HOA HO SO KIEM SAT AN DAN SU")
    make.initiative(world.hue, "Chuyên đề kỹ năng đối đáp tại phiên tòa")

    found = initiatives.alike("giải pháp số hoá hồ sơ kiểm sát án hình sự", world.head)

    assert [(like.initiative, like.open) for like in found] == [(same, True), (near, True)]
    assert found[0].percent == 100


def test_of_other_units_only_what_was_recognised_is_shown_and_without_a_way_in(world, an):
    title = "Giải pháp số hóa hồ sơ kiểm sát"
    make.initiative(world.vinh, title)
    known = make.initiative(world.vinh, title, recognised=True)

    found = initiatives.alike(title, world.head)

    assert [(like.initiative, like.open) for like in found] == [(known, False)]


def test_a_like_title_is_shown_while_typing_and_asked_about_when_saving(world, an, client):
    make.initiative(world.hue, "Giải pháp số hóa hồ sơ kiểm sát án hình sự", an)
    client.force_login(world.officer)

    fragment = client.get(reverse("initiative_alike"), {"title": "giai phap so hoa ho so kiem sat an hinh su"})
    asked = client.post(reverse("initiative_new"), sent(world, ("H001", "")))

    assert "100 %" in fragment.content.decode()
    assert "<html" not in fragment.content.decode()
    assert (asked.status_code, Initiative.objects.count()) == (200, 1)
    assert "seen_alike" in asked.content.decode()
    assert client.post(reverse("initiative_new"), sent(world, ("H001", ""), seen_alike="1")).status_code == 302
    client.force_login(world.auditor)
    assert client.get(reverse("initiative_alike"), {"title": "x"}).status_code == 403


# --- the rules ---


def test_the_application_is_due_within_a_year_of_the_first_use(world):
    idea = Initiative(unit=world.hue, title="x", first_applied_on=date(2024, 2, 29))
    assert initiatives.last_day_to_apply(date(2024, 2, 29)) == date(2025, 2, 28)
    for applied, said in [(date(2025, 2, 28), 0), (date(2025, 3, 1), 1), (date(2024, 2, 28), 1), (None, 1)]:
        idea.applied_for_on = applied
        assert len(list(initiatives.warnings(idea))) == said, applied
    idea.first_applied_on = None
    assert len(list(initiatives.warnings(idea))) == 1
    idea.unit = Unit(kind=Kind.MILITARY)
    assert len(list(initiatives.warnings(idea))) == 2


# --- recognition ---


DOCUMENT = {"version": 1, "recognition_number": "12/QĐ", "recognised_on": "01/07/2026", "recognised_by": "Viện trưởng"}


def test_the_head_recognises_within_the_unit_and_the_office_beyond_it(world, an, client):
    within = make.initiative(world.hue, "Trong đơn vị", an)
    beyond = make.initiative(world.hue, "Trong ngành", an, scope="sector")
    for who, expected in [
        (world.officer, (403, 403)),
        (world.head, (200, 403)),
        (world.office, (200, 200)),
        (world.auditor, (403, 403)),
        (world.stranger, (404, 404)),
    ]:
        client.force_login(who)
        found = tuple(client.get(reverse("initiative_recognise", args=[i.pk])).status_code for i in (within, beyond))
        assert found == expected, who


def test_recognition_keeps_its_document_and_stands_in_the_trail(world, an, client):
    made = make.initiative(world.hue, "Sáng kiến", an, first_applied_on=date(2026, 1, 1))
    client.force_login(world.head)
    url = reverse("initiative_recognise", args=[made.pk])

    for change, words in [
        ({"recognition_number": ""}, ""),
        ({"recognised_on": "01/01/2999"}, "tương lai"),
        ({"recognised_on": "01/01/2020"}, "trước ngày áp dụng"),
        ({"version": 7}, "vừa được người khác thay đổi"),
    ]:
        answer = client.post(url, DOCUMENT | change)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert client.post(url, DOCUMENT).status_code == 302

    made.refresh_from_db()
    assert (made.state, made.recognition_number, made.recognised_on) == ("recognised", "12/QĐ", date(2026, 7, 1))
    assert [e.verb for e in Entry.objects.about(made)] == ["recognise"]
    assert client.post(url, DOCUMENT).status_code == 302  # a double click is told, not repeated
    assert Entry.objects.about(made).count() == 1


def test_every_state_and_step_by_head_and_office(world, an):
    steps = {s.name: s for s in initiatives.INITIATIVE.steps}
    for state in Initiative.State.values:
        for name, step in steps.items():
            made = make.initiative(world.hue, f"{state} {name}", an, recognised=True)
            Initiative.objects.filter(pk=made.pk).update(state=state)
            who = world.office if name.endswith("_office") else world.head
            who = world.officer if step.action == "put_to_head" else who
            before_the_head = name in ("hand_back", "take_back")  # what is not there is neither handed nor taken back
            try:
                with transaction.atomic():
                    initiatives.INITIATIVE.take(name, made, by=who, note="lý do", version=make.seen(made))
                moved = True
            except Refused:
                moved = False
            made.refresh_from_db()
            assert moved is (state in step.sources and not before_the_head), (state, name)
            assert made.state == (step.target or state if moved else state)
            assert Entry.objects.about(made).count() == int(moved)


def test_a_refusal_needs_a_reason_and_can_be_opened_again(world, an, client):
    made = make.initiative(world.hue, "Sáng kiến", an)
    client.force_login(world.head)

    client.post(reverse("initiative_step", args=[made.pk, "refuse"]), {"version": 1})
    made.refresh_from_db()
    assert made.state == "registered"
    client.post(reverse("initiative_step", args=[made.pk, "refuse"]), {"version": 1, "note": "Không mới"})
    client.post(reverse("initiative_step", args=[made.pk, "reopen"]), {"version": 2, "note": "Bổ sung"})
    made.refresh_from_db()
    assert made.state == "registered"
    client.force_login(world.officer)
    assert (
        client.post(reverse("initiative_step", args=[made.pk, "refuse"]), {"version": 3, "note": "x"}).status_code
        == 403
    )


def test_the_database_knows_no_recognition_without_a_document(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        Initiative.objects.create(unit=world.hue, title="x", state="recognised")


# --- used once ---


def test_an_author_uses_an_initiative_for_titles_or_for_commendations(world, an, client):
    made = make.initiative(world.hue, "Sáng kiến", an, recognised=True)
    first, second = make.past_award(an), make.past_award(an, "BK_VT", 2025)
    client.force_login(world.officer)

    client.post(reverse("past_award_initiative", args=[first.pk]), {"initiative": made.pk})
    client.post(reverse("past_award_initiative", args=[first.pk]), {"initiative": made.pk})
    made.refresh_from_db()
    assert list(made.used_for.all()) == [first]
    assert [e.verb for e in Entry.objects.about(made)] == ["consume"]
    with pytest.raises(Refused, match="không dùng cho cả danh hiệu"):
        initiatives.consume(made, second, by=world.office)
    other = make.past_award(make.person("Đồng Tác Giả", world.hue), "BK_VT", 2025)
    initiatives.consume(made, other, by=world.office)  # what one author did binds no other
    with pytest.raises(Refused):
        initiatives.consume(make.initiative(world.hue, "Chưa công nhận", an), second, by=world.office)
    with pytest.raises(Refused):
        initiatives.INITIATIVE.take("reopen", made, by=world.head, note="x", version=make.seen(made))
    page = client.get(made.get_absolute_url()).content.decode()
    assert "Chiến sĩ thi đua cơ sở năm 2024" in page
    assert client.post(reverse("past_award_initiative", args=[second.pk]), {"initiative": "9" * 30}).status_code in (
        403,
        404,
    )


def test_titles_are_kept_for_searching_without_accents(world):
    made = make.initiative(world.hue, "Đổi mới CÔNG TÁC kiểm sát")

    assert made.title_key == fold("Đổi mới CÔNG TÁC kiểm sát") == "doi moi cong tac kiem sat"


def test_a_successor_goes_on_writing_what_the_predecessor_registered(world, an):
    old = make.unit("OLD", world.root)
    made = make.initiative(old, "Sáng kiến", an)
    assert not initiatives.may_write(world.officer, made)

    Succession.objects.create(predecessor=old, successor=world.hue, effective_on=date(2025, 7, 1), kind="merge")

    assert initiatives.may_write(world.officer, made)
    assert not initiatives.may_write(world.stranger, made)
