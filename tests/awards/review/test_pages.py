"""The review desk in a browser's eyes."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from awards.models import Assignment, Nomination, Opinion, Submission
from awards.review import services as review
from portal.days import today, working_days_later
from portal.models import Entry
from portal.web import paging
from tests import make
from units.models import Role

N = Nomination.State


@pytest.fixture
def lying(world):
    return make.received(world.hue, world.root, name="Lê Thị Được")


@pytest.fixture
def office(world, client):
    client.force_login(world.office)
    return client


def text(response):
    return response.content.decode()


def answers(**given):
    return {"version": 1, "result": "", "note": ""} | given


# --- the queue ---


def test_the_queue_shows_what_waits_and_finds_without_accents(world, lying, office):
    make.received(world.vinh, world.root, name="Hồ Văn Khác", state=N.FIT)

    assert "Lê Thị Được" in text(office.get("/review/"))
    assert "Hồ Văn Khác" not in text(office.get("/review/"))
    assert "Lê Thị Được" in text(office.get("/review/?q=le thi duoc"))
    assert "Lê Thị Được" not in text(office.get("/review/?q=khong co"))
    assert "Hồ Văn Khác" in text(office.get("/review/?state=all"))


def test_the_filter_opens_again_at_the_next_visit_until_it_is_cleared(world, lying, office):
    office.get("/review/?who=nobody")

    again = office.get("/review/")
    assert (again.status_code, again["Location"]) == (302, "/review/?who=nobody")
    office.get("/review/?clear=1")
    assert office.get("/review/").status_code == 200


@pytest.mark.parametrize(
    "query", ["?after=x", "?after=99999999999999999999-1", "?after=5-5", "?award=%01&who=zz", "?campaign=x"]
)
def test_nonsense_in_the_address_is_passed_over(world, lying, office, query):
    assert office.get(f"/review/{query}").status_code == 200


def test_the_queue_is_leafed_through_the_longest_waiting_first(world, office, monkeypatch):
    monkeypatch.setattr("awards.review.views.desk.PAGE", 2)
    for days in (1, 3, 2):
        make.received(world.hue, world.root, name=f"Người {days}", days_ago=days)

    first = office.get("/review/")
    rest = office.get("/review/?after=" + first.context["page"].next)

    assert [row.nomination.subject_name for row in first.context["rows"]] == ["Người 3", "Người 2"]
    assert [row.nomination.subject_name for row in rest.context["rows"]] == ["Người 1"]


@pytest.mark.parametrize("rows", [1, 6])
def test_the_queue_costs_the_same_for_few_and_many(world, office, rows, django_assert_num_queries):
    for _ in range(rows):
        make.received(world.hue, world.root)
    office.get("/review/?state=all")

    with django_assert_num_queries(8 + make.SESSION_READ):
        office.get("/review/?state=all")


@pytest.mark.parametrize("rows", [1, 6])
def test_lines_that_are_taken_up_and_drafted_ask_for_nothing_more(world, office, rows, django_assert_num_queries):
    for _ in range(rows):
        made = make.received(world.hue, world.root)
        changed = {"state": N.REVIEW, "draft_result": "unfit", "draft_result_note": "x"}
        changed |= {"draft_result_by": world.office, "taken_up_by": world.office}
        Nomination.objects.filter(pk=made.pk).update(**changed)
    pages = {"/review/?state=all": 8, "/review/release/": 4, "/awards/nominations/": 4}

    for address, queries in pages.items():
        office.get(address)
        with django_assert_num_queries(queries + make.SESSION_READ):
            assert office.get(address).status_code == 200


def test_the_first_page_counts_no_further_than_anyone_would(world, office, monkeypatch, django_assert_max_num_queries):
    for _ in range(3):
        make.received(world.hue, world.root, state=N.REVIEW)
    Nomination.objects.update(draft_result="fit", draft_result_by=world.office)
    page = text(office.get("/"))
    assert "3 hồ sơ đang chờ" in page and "3 hồ sơ chờ thẩm định" in page and "3 kết quả chờ công bố" in page

    monkeypatch.setattr(paging.count, "__defaults__", (2,))  # as if nobody counted beyond two
    with django_assert_max_num_queries(15) as asked:
        page = text(office.get("/"))

    assert "Hơn 2 hồ sơ đang chờ" in page and "Hơn 2 hồ sơ chờ thẩm định" in page
    assert "hơn 2 kết quả chờ công bố" in page and "Hơn 2 kết quả chờ công bố" in page
    counts = [
        q["sql"] for q in asked.captured_queries if "COUNT" in q["sql"] and '"received_at" IS NOT NULL' in q["sql"]
    ]
    assert len(counts) == 2 and all("LIMIT 3" in sql for sql in counts)


@pytest.mark.parametrize(
    ("page", "most"),
    [("/review/%s/", 10), ("/awards/nominations/%s/", 8), ("/awards/nominations/%s/edit/", 8), ("paper", 9)],
)
def test_no_page_joins_tables_that_it_does_not_show(world, client, page, most):
    nomination = make.received(world.hue, world.root)
    if page.endswith("edit/"):
        Nomination.objects.update(state=N.RETURNED, desk=world.hue, received_at=None)
    client.force_login(world.office if page.startswith("/review") else world.officer)
    address = nomination.submission.get_absolute_url() if page == "paper" else page % nomination.pk

    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200

    assert max(q["sql"].count(" JOIN ") for q in asked.captured_queries) <= most


# --- one dossier ---


def test_the_page_of_a_dossier_costs_no_more_than_sixteen_queries(world, lying, office, django_assert_max_num_queries):
    office.get(f"/review/{lying.pk}/")
    with django_assert_max_num_queries(16 + make.SESSION_READ):
        page = office.get(f"/review/{lying.pk}/")

    assert "Lê Thị Được" in text(page)
    assert "Danh mục kiểm tra" in text(page)
    with django_assert_max_num_queries(14):
        office.get(f"/review/{lying.pk}/talk/")


def test_save_and_next_leads_to_the_next_dossier(world, lying, office):
    other = make.received(world.vinh, world.root, name="Hồ Tiếp", days_ago=0)

    response = office.post(f"/review/{lying.pk}/", answers(result="fit", next="1"))

    assert response["Location"] == f"/review/{other.pk}/"
    lying.refresh_from_db()
    assert (lying.state, lying.draft_result) == (N.REVIEW, "fit")
    assert office.post(f"/review/{other.pk}/", answers(result="fit", next="1"))["Location"] == "/review/"


def test_what_is_not_right_comes_back_beside_its_field_with_what_was_typed(world, lying, office):
    response = office.post(f"/review/{lying.pk}/", answers(result="unfit"))

    assert response.status_code == 422
    assert "Hãy ghi lý do không đủ điều kiện." in text(response)
    stale = office.post(f"/review/{lying.pk}/", answers(version=7, result="fit", note="đã gõ"))
    assert "người khác thay đổi" in text(stale)
    assert "đã gõ" in text(stale)


def test_the_unit_sees_nothing_of_a_drafted_result(world, lying, office, client):
    office.post(f"/review/{lying.pk}/", answers(result="unfit", note="Lý do kín"))
    office.post(f"/review/{lying.pk}/comment/", {"audience": "office", "text": "Chỉ nội bộ"})
    client.force_login(world.head)

    page = text(client.get(lying.get_absolute_url()))

    assert "Lý do kín" not in page
    assert "Chỉ nội bộ" not in page
    assert "không đủ điều kiện" not in page


def test_more_is_asked_with_parts_a_text_and_a_day(world, lying, office):
    office.post(f"/review/{lying.pk}/", answers(result=""))
    lying.refresh_from_db()
    bad = office.post(f"/review/{lying.pk}/more/", {"text": "", "due": "31/02/2026", "version": lying.version})
    assert bad.status_code == 422

    late = today() + timedelta(days=367)
    office.post(
        f"/review/{lying.pk}/more/",
        {"fields_asked": ["summary"], "text": "Ghi rõ số liệu", "due": f"{late:%d/%m/%Y}", "version": lying.version},
    )
    far = Nomination.objects.get(pk=lying.pk)
    assert far.state == N.REVIEW  # more than a year away

    day = working_days_later(today(), 3)
    office.post(
        f"/review/{lying.pk}/more/",
        {"fields_asked": ["summary"], "text": "Ghi rõ", "due": f"{day:%d/%m/%Y}", "version": lying.version},
    )
    lying.refresh_from_db()
    assert (lying.state, lying.requests.get().fields) == (N.MORE, ["summary"])


def test_an_opinion_is_asked_by_name_and_answered_by_the_head(world, lying, office, client):
    head = make.user("v16head", (Role.HEAD, world.v16))
    unknown = office.post(f"/review/{lying.pk}/opinion/", {"unit": "XX", "question": "?", "due": "01/01/2020"})
    assert unknown.status_code == 422
    assert "Không tìm thấy «XX»." in text(unknown)
    due = f"{working_days_later(today(), 5):%d/%m/%Y}"
    office.post(f"/review/{lying.pk}/opinion/", {"unit": "thi dua", "question": "Có ý kiến gì?", "due": due})
    asked = Opinion.objects.get()

    client.force_login(world.stranger)
    assert client.get(f"/opinions/{asked.pk}/").status_code == 404
    client.force_login(head)
    assert "Có ý kiến gì?" in text(client.get(f"/opinions/{asked.pk}/"))
    client.post(f"/opinions/{asked.pk}/", {"answer": "agree", "text": ""})
    asked.refresh_from_db()
    assert asked.answer == "agree"


# --- assignment, bulk, release ---


def test_the_spread_is_shown_then_done(world, lying, office):
    page = office.post("/review/assign/", {"reviewer": [world.office2.pk], "group": "unit", "cap": 5})
    assert f'value="{lying.pk}:{world.office2.pk}"' in text(page)
    assert not Assignment.objects.exists()

    office.post("/review/assign/", {"confirm": "1", "pair": [f"{lying.pk}:{world.office2.pk}", "x", "9:9"]})

    assert Assignment.objects.get().reviewer == world.office2


def test_many_are_taken_up_after_a_preview(world, lying, office):
    preview = office.post("/review/bulk/", {"action": "take_up", "nomination": [lying.pk, "x"]})
    assert "Chưa có gì thay đổi" in text(preview)

    office.post("/review/bulk/", {"action": "take_up", "confirm": "1", "seen": [f"{lying.pk}:{lying.version}"]})

    lying.refresh_from_db()
    assert lying.state == N.REVIEW


def test_a_bulk_action_is_one_of_the_list(world, lying, office):
    assert office.post("/review/bulk/", {"action": "release_fit", "nomination": [lying.pk]}).status_code == 404


def test_drafted_results_are_released_from_one_page(world, lying, office):
    office.post(f"/review/{lying.pk}/", answers(result="unfit", note="Thiếu"))
    lying.refresh_from_db()
    assert "Lê Thị Được" in text(office.get("/review/release/"))

    office.post("/review/release/", {"seen": [f"{lying.pk}:{lying.version}"]})

    lying.refresh_from_db()
    assert lying.state == N.UNFIT


def test_a_conflict_is_declared_by_code_and_ended(world, lying, office):
    assert office.post("/review/conflicts/", {"whom": "XX", "reason": "x"}).status_code == 422
    office.post("/review/conflicts/", {"whom": "hue", "reason": "Người thân"})

    assert "Đồng chí không thẩm định hồ sơ này" in text(office.get(f"/review/{lying.pk}/"))
    row = world.office.conflicts.get()
    office.post(f"/review/conflicts/{row.pk}/end/")
    assert "Đồng chí không thẩm định hồ sơ này" not in text(office.get(f"/review/{lying.pk}/"))


def test_assigning_a_long_queue_says_that_it_is_a_part_and_each_reason_once(world, client, monkeypatch):
    monkeypatch.setattr("awards.review.views.many.BULK_MOST", 7)
    for i in range(9):
        make.received(world.hue, world.root, name=f"Người {i}")
    client.force_login(world.office)
    page = client.get("/review/assign/").content.decode()
    assert "Mỗi lần giao nhiều nhất 7 hồ sơ" in page

    page = client.post("/review/assign/", {"reviewer": world.office.pk, "group": "unit", "cap": 1}).content.decode()
    assert "Chưa giao được: 6" in page
    assert page.count("mọi người thẩm định đều đã đủ hồ sơ") == 1 and "và 1 đề nghị nữa – mọi người" in page


def test_a_dossier_without_a_day_to_be_looked_at_by_says_nothing_of_one(world, client):
    paper = Submission.objects.create(
        unit=world.hue, type="sudden", title="Tờ trình", year=2026, procedure="simplified", procedure_reason="Cứu người"
    )
    fast, plain = make.received(world.hue, world.root, submission=paper), make.received(world.hue, world.root)
    client.force_login(world.office)
    pages = [client.get(f"/review/{n.pk}/").content.decode() for n in (fast, plain)]
    assert ["nên xem trước" in page for page in pages] == [False, True]


# --- saving while one judges ---


def test_a_drafted_result_saves_itself_and_keeps_what_is_right(world, lying, office):
    url = f"/review/{lying.pk}/autosave/"

    first = office.post(url, answers(v0="yes", n0="Đã xem", v1="no", n1="x" * 301, result="unfit")).json()
    second = office.post(url, answers(version=first["version"], v0="yes", n0="Đã xem kỹ", result="fit")).json()

    lying.refresh_from_db()
    assert [fault["id"] for fault in first["faults"]] == ["id_n1", "id_note"]
    assert (lying.state, lying.draft_result, lying.version) == (N.REVIEW, "fit", second["version"])
    assert list(lying.checks.values_list("verdict", "note")) == [("yes", "Đã xem kỹ")]
    assert [e.verb for e in Entry.objects.about(lying)].count("check") == 1  # one sitting


def test_saving_what_is_saved_changes_nothing(world, lying, office):
    url = f"/review/{lying.pk}/autosave/"
    version = office.post(url, answers(v0="yes")).json()["version"]

    assert office.post(url, answers(version=version, v0="yes")).json()["version"] == version


def test_a_draft_on_an_older_version_leads_to_the_newer_one(world, lying, office):
    Nomination.objects.filter(pk=lying.pk).update(version=4)

    answer = office.post(f"/review/{lying.pk}/autosave/", answers(result="fit"))

    assert (answer.status_code, answer.json()["conflict_url"]) == (409, f"/review/{lying.pk}/")
    assert "vừa được người khác thay đổi" in text(office.post(f"/review/{lying.pk}/", answers(result="fit")))


def test_who_must_not_judge_it_saves_nothing(world, lying, office):
    review.declare(world.office, unit=world.hue, reason="người nhà")

    answer = office.post(f"/review/{lying.pk}/autosave/", answers(result="fit"))

    assert (answer.status_code, Nomination.objects.get(pk=lying.pk).draft_result) == (422, "")
