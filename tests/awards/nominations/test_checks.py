"""What the checks find, both sides of each; and that many cost as many queries as one."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from awards.models import (
    Achievement,
    CampaignAward,
    Initiative,
    InitiativeAuthor,
    Nomination,
    Opinion,
    PastAward,
    Rating,
)
from awards.nominations import editing, flow
from awards.nominations.checking import cases, checks, limits
from awards.nominations.forms.submissions import StartForm
from awards.review import deadlines
from portal.days import today
from portal.models import Entry
from tests import make
from units.models import Collective
from units.models.units import Kind


def found(nomination, reader=None):
    nomination = Nomination.objects.for_checks().get(pk=nomination.pk)
    return checks.check_nominations([nomination], reader=reader)[nomination.pk]


def keys(findings):
    return {f.condition for f in findings}


@pytest.fixture
def paper(world):
    return make.submission(world.hue, world.officer)


@pytest.fixture
def an(world):
    return make.person("Nguyễn Thị Lý", world.hue, birth_year=1985)


def test_a_whole_dossier_is_stopped_by_nothing(world, paper, an):
    assert found(make.nomination(paper, an, world.officer)).blocking == []


@pytest.mark.parametrize(
    ("cover", "fields", "key"),
    [
        ({}, {"summary": "  "}, "summary"),
        ({"declared_true": False}, {}, "declared"),
        ({"council_members": 8, "council_present": 8}, {}, "votes"),
        ({}, {"award": "KHÔNG-CÓ"}, "award"),
        ({}, {"award": "TTLDTT"}, "subject"),
    ],
)
def test_what_the_portal_itself_does_not_let_through(world, an, cover, fields, key):
    paper = make.submission(world.hue, world.officer, **cover)

    nomination = make.nomination(paper, an, world.officer)
    Nomination.objects.filter(pk=nomination.pk).update(**fields)
    checked = found(nomination)

    assert key in keys(checked.blocking)
    assert all(f.words and f.what_to_do and f.article for f in checked.blocking)


def test_a_verified_condition_blocks_with_its_article_and_a_second_hand_one_warns(world, paper, an):
    nomination = make.nomination(paper, an, world.officer, award="CSTDCS", votes_for=7)
    checked = found(nomination)
    assert keys(checked.blocking) == {"vote", "advanced", "part_merit_proof"}
    [vote] = [f for f in checked.blocking if f.condition == "vote"]
    assert "Điều 14" in vote.article  # 7 of 9 is below 80 %
    assert "report_sections" in keys(checked.advisory)  # the sections are known from memory

    Nomination.objects.update(votes_for=8)
    make.past_award(an, "LDTT", 2026)
    assert keys(found(nomination).blocking) == {"part_merit_proof"}

    Rating.objects.create(person=an, unit=world.hue, year=2026, grade="excellent", document="QĐ 9")

    assert found(nomination).blocking == []


def test_discipline_under_way_blocks_until_it_has_ended(world, paper, an):
    nomination = make.nomination(paper, an, world.officer)
    status = an.statuses.create(kind="reviewed", valid_from="2026-01-01")
    assert "under_review" in keys(found(nomination).blocking)

    status.valid_to = date(2026, 6, 1)
    status.save()

    assert found(nomination).blocking == []


def test_the_same_subject_in_another_open_paper_blocks_for_the_same_award_only(world, paper, an):
    nomination = make.nomination(paper, an, world.officer)
    other = make.submission(world.hue, world.officer, title="Tờ trình thứ hai")
    twin = make.nomination(other, an, world.officer)
    assert f"duplicate:{twin.pk}" in keys(found(nomination).blocking)

    Nomination.objects.filter(pk=twin.pk).update(award="BK_VT")
    assert f"duplicate:{twin.pk}" in keys(found(nomination).advisory)

    flow.move("drop", [twin], by=world.officer, versions=make.seen_each([twin]))
    assert f"duplicate:{twin.pk}" not in keys(found(nomination).findings)


def test_a_name_spelt_differently_in_another_paper_is_pointed_out(world, paper, an):
    nomination = make.nomination(paper, an, world.officer)
    alike = make.person("Lí Nguyễn Thị", world.vinh, birth_year=1985)
    other = make.nomination(make.submission(world.vinh, world.stranger), alike, world.stranger)
    [finding] = [f for f in found(nomination).advisory if f.condition == f"alike:{other.pk}"]
    assert "Nghệ An" not in finding.words  # the unit may not read that paper
    [seen] = [f for f in found(nomination, world.office).advisory if f.condition == f"alike:{other.pk}"]
    assert "Nghệ An" in seen.words

    alike.birth_year = 1990
    alike.save()

    assert f"alike:{other.pk}" not in keys(found(nomination).findings)


def test_an_achievement_and_an_initiative_serve_one_award(world, paper, an):
    deed = Achievement.objects.create(person=an, unit=world.hue, year=2026, title="Giải quyết 120 vụ", figures="120 vụ")
    idea = Initiative.objects.create(
        unit=world.hue, title="Số hoá hồ sơ", state="recognised", recognition_number="1/QĐ", recognised_on="2026-01-05"
    )
    InitiativeAuthor.objects.create(initiative=idea, person=an)
    first = make.nomination(paper, an, world.officer)
    first.achievements.add(deed)
    first.initiatives.add(idea)
    assert not {"achievement_once", "initiative_once"} & keys(f for f in found(first).findings if f.result == "fail")

    second = make.nomination(paper, an, world.officer, award="BK_VT")
    second.achievements.add(deed)
    second.initiatives.add(idea)

    failed = {f.condition: f for f in found(second).findings if f.result == "fail"}
    assert "Giấy khen" in failed["achievement_once"].words
    alike = of(second, "initiative_once")  # of two commendations the text does not speak
    assert (alike.result, "Giấy khen" in alike.words) == ("evidence", True)
    second.initiatives.clear()
    title = make.nomination(paper, an, world.officer, award="CSTDCS")
    title.initiatives.add(idea)
    assert of(title, "initiative_once").result == "fail"


def test_a_campaign_lets_through_what_it_opened_for_its_fields_within_its_places(world, an):
    campaign = make.launched(world.root, world.office)
    field = campaign.merit_fields.get()
    paper = make.submission(world.hue, world.officer, campaign)
    nomination = make.nomination(paper, an, world.officer)
    assert found(nomination).blocking == []  # nothing set: everything is open
    row = CampaignAward.objects.create(campaign=campaign, award="BK_VT")
    assert keys(found(nomination).blocking) == {"opened"}
    row.award, row.merit_field, row.places = "GK", field, 1
    row.save()
    assert keys(found(nomination).blocking) == {"merit_field"}
    Nomination.objects.update(merit_field=field)
    assert found(nomination).blocking == []

    second = make.nomination(paper, make.person("Người Hai", world.hue), world.officer, merit_field=field)

    assert keys(found(second).blocking) == {f"places:{row.pk}"}
    assert found(nomination).blocking == []  # first come, first counted
    [meter] = limits.listing(paper).meters
    assert (meter.used, meter.most, meter.over) == (2, 1, True)


def test_the_quota_of_excellent_collectives_counts_those_proposed_and_those_held(world):
    """At most 20 % of those with TTLDTT, one at least (TT 02/2024, article 18(2))."""
    paper = make.submission(world.hue, world.officer)
    rooms = [Collective.objects.create(unit=world.hue, code=f"P{i}", name=f"Phòng {i}") for i in range(10)]
    for room in rooms[:5]:
        PastAward.objects.create(
            collective=room, unit=world.hue, award="TTLDTT", year=2026, level="unit", decision_number="1/QĐ"
        )
    first, second = (make.nomination(paper, room, world.officer, award="TTLDXS") for room in rooms[:2])
    assert "quota" not in keys(found(first).findings)
    [over] = [f for f in found(second).blocking if f.condition == "quota"]
    assert "Điều 18" in over.article

    for room in rooms[5:]:
        make.nomination(paper, room, world.officer, award="TTLDTT")

    assert "quota" not in keys(found(second).findings)


def test_the_share_of_leaders_warns_only_where_the_office_set_a_figure(world, paper, an, settings):
    make.nomination(paper, an, world.officer)
    make.nomination(paper, make.person("Thủ Trưởng", world.hue, leads=True), world.officer)
    listing = limits.listing(paper)
    assert (listing.people, listing.leaders, listing.leaders_percent) == (2, 1, 50)
    assert not listing.too_many_leaders

    settings.LEADERS_SHARE_PERCENT = 49
    assert listing.too_many_leaders
    settings.LEADERS_SHARE_PERCENT = 50
    assert not listing.too_many_leaders


def test_the_fast_lane_asks_for_its_short_dossier_and_has_its_own_clock(world, an, settings):
    paper = make.submission(
        world.hue,
        world.officer,
        procedure="simplified",
        procedure_reason="Cứu người",
        type="sudden",
        council_members=None,
    )
    nomination = make.nomination(paper, an, world.officer, votes_for=None)
    assert "minutes" not in " ".join(keys(found(nomination).findings))
    [nomination] = flow.move("submit", [nomination], by=world.head, versions=make.seen_each([nomination]))
    assert deadlines.due_at(nomination) is None  # no law was found, and the office has set nothing
    settings.FAST_LANE_WORKING_DAYS = 2
    assert deadlines.due_at(nomination) > nomination.received_at


def test_the_normal_clock_counts_five_working_days_from_the_day_of_receipt(world, paper, an):
    draft = make.nomination(paper, an, world.officer)
    [nomination] = flow.move("submit", [draft], by=world.head, versions=make.seen_each([draft]))
    from datetime import UTC, datetime

    nomination.received_at = datetime(2026, 11, 26, 3, tzinfo=UTC)  # a Thursday

    assert deadlines.due_at(nomination).date() == date(2026, 12, 3)


def test_the_edition_is_that_of_the_day_it_was_received(world, paper, an):
    nomination = make.nomination(paper, an, world.officer)
    assert cases.edition_of(nomination).code == "RS-2025"

    for day, code in ((date(2022, 3, 1), "RS-2019"), (date(2024, 3, 1), "RS-2024a"), (date(2024, 11, 1), "RS-2024b")):
        from awards.law import standards

        nomination.edition = standards.in_force(day).code
        assert cases.edition_of(nomination).code == code


def test_many_nominations_cost_as_many_queries_as_one(world, paper):
    def count(pks):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            checks.check_nominations(list(Nomination.objects.for_checks().filter(pk__in=pks)))
        return len(queries)

    made = [make.nomination(paper, make.person(f"Người {i}", world.hue), world.officer) for i in range(12)]
    deed = Achievement.objects.create(person=made[0].person, unit=world.hue, year=2026, title="x")
    for n in made:
        n.achievements.add(deed)

    assert count([made[0].pk]) == count([n.pk for n in made]) == 9  # one of them blocks


def test_where_nothing_is_rested_on_one_query_says_so(world, paper):
    draft = make.nomination(paper, make.person("Lê Văn An", world.hue), world.officer)
    with CaptureQueriesContext(connection) as queries:
        checks.check_nominations([Nomination.objects.for_checks().get(pk=draft.pk)])
    asked = [q["sql"] for q in queries if "awards_nomination_" in q["sql"] or "awards_initiative" in q["sql"]]
    assert len(asked) == 1 and " JOIN " not in asked[0]


def test_many_candidates_cost_as_many_queries_as_one(world):
    people = [make.person(f"Người {i}", world.hue) for i in range(12)]

    def count(some):
        with CaptureQueriesContext(connection) as queries:
            cases.of_subjects(some, unit=world.hue, year=2026, type="merit", procedure="normal")
        return len(queries)

    assert count(people[:1]) == count(people) == 3


def test_a_collectives_members_are_counted_from_their_postings_and_their_records(world):
    room = Collective.objects.create(unit=world.hue, code="P1", name="Phòng 1")
    people = [make.person(f"Người {i}", world.hue) for i in range(4)]
    for person in people:
        person.postings.update(collective=room)
    for person in people[:2]:
        PastAward.objects.create(
            person=person, unit=world.hue, award="LDTT", year=2026, level="unit", decision_number="1/QĐ"
        )
    paper = make.submission(world.hue, world.officer)
    nomination = make.nomination(paper, room, world.officer, award="TTLDTT")

    members = found(nomination).case.members
    assert (members.total, members.holding["LDTT"], members.worst_discipline) == (4, 2, "")
    assert world.hue.kind == Kind.PROVINCE


def test_what_the_portal_asks_cites_the_law_of_the_day_that_judges(world, paper, an):
    elsewhere = make.submission(world.hue, world.officer)
    make.nomination(elsewhere, an, world.officer)
    law = "Luật Thi đua, khen thưởng số 06/2022/QH15, Điều"
    for edition, report, once in (
        (
            "RS-2019",
            "Nghị định 91/2017/NĐ-CP (hết hiệu lực từ 01/01/2024) (cổng chưa có toàn văn; hãy đối chiếu)",
            "quy định của cổng",
        ),
        ("RS-2024a", f"{law} 84(1)", f"{law} 5(2)c"),
    ):
        draft = make.nomination(paper, an, world.officer, edition=edition)
        told = {f.condition.partition(":")[0]: f.article for f in found(draft).findings}
        assert (told["report_sections"], told["duplicate"]) == (report, once)


def test_the_trail_names_the_award_in_words(world, paper, an):
    draft = make.nomination(paper, an, world.officer)
    assert Entry.objects.about(draft).get(verb="create").note == f"{an.full_name} – Giấy khen"


def test_a_reader_in_english_finds_the_fields_of_the_trail_named_in_english(world, paper):
    editing.write_cover(paper, by=world.officer, version=paper.version, number="09/TTr")
    entry = Entry.objects.about(paper).get(verb="edit")
    assert entry.changes_display == [("Số tờ trình", "05/TTr", "09/TTr")]
    with translation.override("en"):
        assert entry.changes_display == [("Number of the submission", "05/TTr", "09/TTr")]


def test_the_fast_lane_is_offered_for_the_cases_of_the_law_and_no_other_rule_is_made_up(world):
    form = StartForm(user=world.officer, units=[world.hue])
    assert "Điều 85" in str(form.fields["procedure"].help_text)


# --- what was met: docs/domain/law-2026-11.md, section 19 ---


def of_year(world, an, award="LDTT", *, year=2026, unit=None):
    return make.nomination(make.submission(unit or world.hue, world.officer, year=year), an, world.officer, award=award)


def of(nomination, key):
    [one] = [f for f in found(nomination).findings if f.condition == key]
    return one


def test_maternity_counts_as_work_and_other_leave_is_counted_apart(world, an):
    an.statuses.create(kind="maternity", valid_from="2026-02-01", valid_to="2026-06-30")
    an.statuses.create(kind="leave", valid_from="2026-09-01", valid_to="2026-09-14")
    told = of(of_year(world, an), "absence")
    assert told.result == "pass"
    assert "0 tháng 14 ngày" in told.words and "5 tháng khác được tính" in told.words

    an.statuses.create(kind="leave", valid_from="2026-06-01", valid_to="2026-08-30")  # June lies within the maternity
    assert of(Nomination.objects.get(), "absence").result == "pass"
    an.statuses.create(kind="leave", valid_from="2026-10-01", valid_to="2026-10-31")
    assert of(Nomination.objects.get(), "absence").result == "fail"


@pytest.mark.parametrize(("last", "result"), [("2026-08-30", "pass"), ("2026-08-31", "fail")])
def test_leave_from_the_first_to_the_last_day_of_three_months_is_three(world, an, last, result):
    an.statuses.create(kind="leave", valid_from="2026-06-01", valid_to=last)
    assert of(of_year(world, an), "absence").result == result


@pytest.mark.parametrize("kind", ["seconded", "study", "military"])
def test_time_elsewhere_is_no_absence_and_is_asked_about(world, an, kind):
    an.statuses.create(kind=kind, valid_from="2026-01-01", valid_to="2026-03-31")
    assert of(of_year(world, an), "absence").result == "evidence"
    an.statuses.update(valid_to="2026-03-30")
    assert of(Nomination.objects.get(), "absence").result == "pass"


@pytest.mark.parametrize("kind", ["reviewed", "press"])
def test_what_is_looked_into_waits_and_goes_on_when_it_is_cleared(world, an, kind):
    an.statuses.create(kind=kind, valid_from="2026-01-01")
    waiting = of(of_year(world, an), "under_review")
    assert waiting.blocks and "Điều 4(4)" in waiting.article and "phải tiếp tục" in waiting.what_to_do
    an.statuses.update(valid_to=today() - timedelta(days=1))
    assert of(Nomination.objects.get(), "under_review").result == "pass"


def test_a_discipline_that_runs_stops_every_award(world, an):
    an.statuses.create(kind="disciplined", grade="2", valid_from="2025-12-20", valid_to=today() + timedelta(days=1))
    for award in ("LDTT", "GK"):
        stopped = of(of_year(world, an, award, year=today().year), "discipline_running")
        assert stopped.blocks and "Điều 4(4)" in stopped.article


@pytest.mark.parametrize(("day", "result"), [(1, "pass"), (2, "fail"), (15, "fail"), (31, "fail")])
def test_of_those_who_joined_in_july_only_the_first_has_six_months(world, an, day, result):
    an.joined_on = date(2026, 7, day)
    an.save()
    assert of(of_year(world, an), "employed").result == result


def moved(world, an, last):
    """Worked in Vinh until that day, in Huế since."""
    an.postings.update(valid_from=last + timedelta(days=1))
    an.postings.create(unit=world.vinh, valid_from="2020-01-01", valid_to=last)
    return of_year(world, an)


def test_a_transfer_within_the_year_names_the_old_unit_and_asks_for_its_opinion(world, an):
    told = of(moved(world, an, date(2026, 9, 14)), "part_old_unit")
    assert (told.result, told.blocks) == ("fail", False)
    assert world.vinh.label in told.words and "14/09/2026 (8 tháng)" in told.words
    assert "Tòa án" in told.article  # a comparator's rule, and it says so


def test_the_opinion_that_the_old_unit_gave_on_the_portal_is_the_part(world, an):
    nomination = moved(world, an, date(2026, 9, 14))
    asked = {"nomination": nomination, "question": "Ý kiến?", "asked_by": world.office, "due_at": timezone.now()}
    mine = Opinion.objects.create(unit=world.vinh, **asked)
    Opinion.objects.create(unit=world.root, answered_at=timezone.now(), **asked)  # another's is not it
    assert of(nomination, "part_old_unit").result == "fail"
    mine.answered_at = timezone.now()
    mine.save()
    assert of(nomination, "part_old_unit").result == "pass"


def test_less_than_six_months_at_the_old_unit_ask_for_nothing(world, an):
    assert of(moved(world, an, date(2026, 6, 29)), "part_old_unit").result == "n/a"


def test_six_months_at_the_old_unit_are_enough_to_ask(world, an):
    assert of(moved(world, an, date(2026, 6, 30)), "part_old_unit").result == "fail"


def test_who_moved_below_the_proposing_unit_or_from_a_unit_that_ended_has_no_old_unit(world, an):
    an.postings.update(valid_from="2026-09-15")
    an.postings.create(unit=world.kv1, valid_from="2020-01-01", valid_to="2026-09-14")
    assert of(of_year(world, an), "part_old_unit").result == "n/a"


def test_two_authors_rest_on_one_initiative_and_each_uses_it_once(world, an):
    """The case law-coauthors: no objection for either; who has used it for another award is warned."""
    idea = make.initiative(world.hue, "Số hoá hồ sơ", an, recognised=True)
    binh = make.person("Trần Văn Bình", world.hue)
    InitiativeAuthor.objects.create(initiative=idea, person=binh)
    both = [of_year(world, person, "CSTDCS") for person in (an, binh)]
    for nomination in both:
        nomination.initiatives.add(idea)
    assert [of(n, "initiative_once").result for n in both] == ["pass", "pass"]

    idea.used_for.add(make.past_award(an, "BK_VT", 2025))
    assert [of(n, "initiative_once").result for n in both] == ["fail", "pass"]
    assert not of(both[0], "initiative_once").blocks
    PastAward.objects.update(revoked_on=date(2026, 1, 1), revoked_by="QĐ 1")
    assert of(both[0], "initiative_once").result == "pass"
    idea.used_for.add(make.past_award(an, "CSTDCS", 2024))
    assert of(both[0], "initiative_once").result == "evidence"  # two titles are not barred
