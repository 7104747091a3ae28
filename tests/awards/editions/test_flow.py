"""An edition of the office: drafted, proposed, put in force by a second person; then it judges what comes in."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from awards.editions import flow, rules, services, tables
from awards.law import standards
from awards.law.bonus import base_salary
from awards.law.standards import known
from awards.law.standards.writing import written
from awards.models import ConditionSetting, LawEdition, LawFigure
from awards.nominations import flow as nominations
from awards.nominations.checking.cases import edition_of
from portal.days import today
from portal.flow import Refused
from portal.models import Entry, Notice
from tests import make
from tests.awards.editions.conftest import TOMORROW, begun, change, place_of, put_in_force

S = LawEdition.State


def sent(world, name):
    """A nomination that the head has sent to the office."""
    paper = make.submission(world.hue, world.officer)
    made = make.nomination(paper, make.person(name, world.hue), world.officer)
    [moved] = nominations.move("submit", [made], by=world.head, versions={made.pk: made.version})
    return moved


def test_a_changed_percentage_judges_what_comes_in_from_the_day_on(
    world, draft, move_to, django_capture_on_commit_callbacks
):
    before = sent(world, "Người Trước")
    place = place_of(draft, "TTLDTT", "members")
    old = standards.edition("RS-2025").awards["TTLDTT"].condition("members").requirement.params["percent"]
    change(draft, place, world.office, percent=old + 5)

    put_in_force(draft, world.office, world.office2, django_capture_on_commit_callbacks)

    assert standards.in_force(today()).code == "RS-2025"
    move_to(today() + TOMORROW)
    after = sent(world, "Người Sau")
    assert (before.edition, after.edition) == ("RS-2025", "RS-THU")
    for nomination, percent in ((before, old), (after, old + 5)):
        assert edition_of(nomination).awards["TTLDTT"].condition("members").requirement.params["percent"] == percent
    assert standards.edition("RS-2026").valid_to == today() - TOMORROW


def test_who_wrote_proposed_or_is_no_office_does_not_put_it_in_force(world, draft):
    change(draft, place_of(draft, "LDTT", "employed"), world.office2, months=7)
    proposed = make.take(flow.LAW, "propose_law", draft, by=world.office)

    for who in (world.office, world.office2, world.head, world.admin):
        with pytest.raises(PermissionDenied):
            make.take(flow.LAW, "put_in_force", proposed, by=who)
    assert LawEdition.objects.get().state == S.PROPOSED


def test_once_in_force_it_is_never_changed(world, draft, django_capture_on_commit_callbacks):
    row = put_in_force(draft, world.office, world.office2, django_capture_on_commit_callbacks)

    with pytest.raises(Refused):
        change(row, "edition", world.office, name="Tên khác")
    for step in ("propose_law", "return_law", "discard_law"):
        with pytest.raises(Refused):
            make.take(flow.LAW, step, row, by=world.office, note="x")
    with pytest.raises(Refused):
        begun(world.office, today() + 2 * TOMORROW)  # its code is taken
    assert Notice.objects.filter(kind="law", recipient=world.head).count() == 1
    assert [e.verb for e in Entry.objects.about(row)] == ["put_in_force", "propose_law", "create"]


def test_it_begins_after_every_dossier_that_was_decided_and_after_every_edition(world):
    make.received(world.hue, world.root, state="fit", days_ago=3)
    last = today() - 3 * TOMORROW

    with pytest.raises(Refused, match=f"{last:%d/%m/%Y}"):
        make.take(flow.LAW, "propose_law", begun(world.office, last, "RS-A"), by=world.office)
    make.take(flow.LAW, "propose_law", begun(world.office, last + TOMORROW, "RS-B"), by=world.office)
    with pytest.raises(Refused, match="phải bắt đầu sau ngày đó"):
        early = begun(world.office, standards.edition("RS-2025").valid_from, "RS-C")
        make.take(flow.LAW, "propose_law", early, by=world.office)


def test_one_that_is_not_complete_is_not_proposed(world, draft):
    head = tables.read(draft.text)["edition"]
    change(draft, "edition", world.office, enabled=False, name=head["name"])

    with pytest.raises(Refused, match="Đã đủ nội dung"):
        make.take(flow.LAW, "propose_law", draft, by=world.office)


def test_somebody_who_saw_an_older_version_writes_nothing(world, draft):
    place = place_of(draft, "LDTT", "employed")
    change(draft, place, world.office, months=7)

    with pytest.raises(Refused):
        services.write(draft, place, {}, changes={"x": ["", ""]}, by=world.office2, version=1)


def test_what_the_office_decided_of_severities_goes_on_in_the_next_edition(world):
    for condition in ("employed", "quota"):
        ConditionSetting.objects.create(
            edition="RS-2025", award="LDTT", condition=condition, severity="warn", reason="x", by=world.office
        )

    draft = begun(world.office, today() + TOMORROW)

    award = tables.edition_in(draft.text).awards["LDTT"]
    assert award.condition("employed").severity == "warn"
    assert standards.edition("RS-2025").awards["LDTT"].condition("employed").severity == "block"


def test_the_law_is_read_once_however_often_it_is_asked_for(world, draft, django_capture_on_commit_callbacks):
    put_in_force(draft, world.office, world.office2, django_capture_on_commit_callbacks)
    standards.editions()

    with CaptureQueriesContext(connection) as asked:
        for _time in range(500):
            standards.in_force(today()), standards.edition("RS-THU"), base_salary(today())
    assert len(asked) == 0


def test_a_new_day_reads_anew_where_no_mark_was_seen(world, draft, move_to):
    LawEdition.objects.update(state=S.IN_FORCE)  # put in force by another process, of which this one heard nothing
    assert "RS-THU" not in known.now().by_code

    move_to(today() + TOMORROW)
    known._looked_at = 0  # a second later

    assert standards.in_force(today()).code == "RS-THU"


def test_an_edition_that_this_process_does_not_know_yet_is_found_by_its_code(world, draft):
    LawEdition.objects.update(state=S.IN_FORCE)

    assert standards.edition("RS-THU").name_vi == "Bộ thử"


def test_a_base_salary_rules_from_its_day_and_the_former_one_before(world, django_capture_on_commit_callbacks):
    day, old = today() + TOMORROW, base_salary(today())
    fields = {"kind": "base_salary", "amount": old + 190_000, "valid_from": day, "basis": "Nghị định thử, Điều 3"}
    figure = services.write_figure(None, by=world.office, **fields)

    with pytest.raises(PermissionDenied):
        make.take(
            flow.LAW, "put_in_force", make.take(flow.LAW, "propose_law", figure, by=world.office), by=world.office
        )
    with django_capture_on_commit_callbacks(execute=True):
        figure = make.take(flow.LAW, "put_in_force", figure, by=world.office2)

    assert (base_salary(today()), base_salary(day)) == (old, old + 190_000)
    with pytest.raises(Refused):
        services.write_figure(figure, by=world.office, version=figure.version, **fields | {"amount": 1})
    with pytest.raises(Refused, match="sau ngày đó"):
        again = services.write_figure(None, by=world.office, **fields)
        make.take(flow.LAW, "propose_law", again, by=world.office)
    assert LawFigure.objects.in_force().count() == 1


def test_a_law_whose_text_was_not_read_is_drafted_on_the_last_complete_edition(world):
    shipped = standards.edition("RS-2026")
    draft = begun(world.office, shipped.valid_from, "RS-2026", "RS-2026")

    read = tables.edition_in(draft.text)
    assert list(read.awards) == list(standards.edition("RS-2025").awards)
    assert not read.enabled and read.transition and read.transition.more_favourable
    assert {c.tag for a in read.awards.values() for c in a.conditions} <= {"M", "NF"}  # nothing is verified for it
    assert set(shipped.missing) <= set(read.missing)


def test_only_the_office_of_the_whole_sector_drafts(world):
    for who in (world.head, world.officer, world.auditor, world.admin, world.council):
        with pytest.raises(PermissionDenied):
            begun(who, today() + timedelta(days=1))


def test_what_was_proposed_can_be_sent_back_with_words(world, draft):
    proposed = make.take(flow.LAW, "propose_law", draft, by=world.office)

    back = make.take(flow.LAW, "return_law", proposed, by=world.office2, note="Thiếu Điều 5")

    assert (back.state, back.proposed_by) == (S.DRAFT, None)
    assert Notice.objects.filter(kind="law", recipient=world.office, body__contains="Thiếu Điều 5").exists()


def test_who_depends_on_a_writer_is_no_second_person(world, draft, monkeypatch):
    proposed = make.take(flow.LAW, "propose_law", draft, by=world.office)
    monkeypatch.setattr(flow, "dependent", lambda user, row: "Tài khoản do người đề nghị mở.")

    with pytest.raises(Refused, match="do người đề nghị mở"):
        make.take(flow.LAW, "put_in_force", proposed, by=world.office2)


def _without_awards(law):
    named = [{key: award[key] for key in ("code", "name", "name_en")} for award in law["award"]]
    law["award"], law["outside"] = [], [*law.get("outside", []), *named]


def _ends_before_it_begins(law):
    law["edition"]["valid_to"] = law["edition"]["valid_from"] - 2 * TOMORROW


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_without_awards, "chưa có danh hiệu"),
        (_ends_before_it_begins, "Ngày cuối"),
        (lambda law: law["edition"].update(code="RS-2025"), "đã có"),
    ],
)
def test_an_edition_that_cannot_follow_is_told_why(world, draft, spoil, words):
    law = tables.read(draft.text)
    spoil(law)
    draft.text = written(law)

    assert any(words in str(said) for said in rules.objections(draft))


def test_an_edition_leaves_no_day_between_it_and_the_one_before(world, draft, monkeypatch):
    def leaves_a_day(editions):
        raise standards.Unlawful("x")

    monkeypatch.setattr(standards, "in_order", leaves_a_day)

    assert any("không thuộc bộ nào" in str(said) for said in rules.objections(draft))
