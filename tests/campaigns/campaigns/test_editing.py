"""What may be written in a draft, by whom, and what stays of it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns import rules
from campaigns.campaigns import cloning, editing
from campaigns.flow import CAMPAIGN
from campaigns.models import Campaign, Criterion, Milestone, Obligation, Phase
from portal.flow import Refused
from portal.models import Entry, Notice
from tests import make
from units.models import Role
from units.models.units import Kind

PDF = make.PDF


def save(campaign, content, by, version=None):
    return editing.save_content(campaign, content, by=by, version=version or campaign.version)


def forget(campaign, part):
    if part in ("objective", "scope", "subjects"):
        setattr(campaign, part, " ")
    elif part == "dates":
        campaign.ends_on = None
    elif part == "criteria":
        campaign.areas.last().criteria.all().delete()
    elif part == "plan":
        campaign.documents.update(is_plan=False)
    elif part == "nobody owes":
        campaign.milestones.update(owed_by=[])
    else:
        getattr(campaign, part).all().delete()
    campaign.save()


@pytest.mark.parametrize(
    ("part", "word"),
    [
        ("objective", "mục tiêu"),
        ("scope", "phạm vi"),
        ("subjects", "đối tượng"),
        ("areas", "tiêu chí"),
        ("criteria", "tiêu chí"),
        ("dates", "thời gian"),
        ("plan", "kế hoạch"),
        ("documents", "kế hoạch"),
        ("solutions", "biện pháp"),
    ],
)
def test_a_launch_without_what_the_law_names_is_refused_with_the_article(world, part, word):
    campaign = make.campaign(world.root)
    forget(campaign, part)
    with pytest.raises(Refused) as refused:
        CAMPAIGN.take("launch", campaign, by=world.office, version=make.seen(campaign))
    [objection] = refused.value.objections
    assert word in objection
    assert str(rules.LAUNCH_ARTICLE) in objection


def test_a_launch_under_a_campaign_that_has_ended_is_refused(world):
    above = make.launched(world.root, world.office)
    below = make.campaign(world.hue, code="PT-HUE", parent=above, kinds=[Kind.REGION])
    assert rules_said(below) == []

    CAMPAIGN.take("close", above, by=world.office, note="xong", version=make.seen(above))

    assert rules_said(below) == ["Phong trào cấp trên không còn diễn ra."]


def rules_said(campaign):
    return [str(words) for words in rules.launch_objections(Campaign.objects.get(pk=campaign.pk))]


def test_the_launch_of_a_historical_campaign_is_told_to_nobody(world):
    old = make.campaign(world.root, historical=True)

    launched = CAMPAIGN.take("launch", old, by=world.office, version=make.seen(old))

    assert launched.state == "launched" and not Notice.objects.exists()


def test_a_launch_that_nobody_owes_is_refused(world):
    campaign = make.campaign(world.root)
    forget(campaign, "nobody owes")
    with pytest.raises(Refused):
        CAMPAIGN.take("launch", campaign, by=world.office, version=make.seen(campaign))


def test_saving_unchanged_content_changes_nothing(world):
    campaign = make.campaign(world.root)
    saved = save(campaign, editing.read(campaign), world.office)
    assert saved.version == campaign.version
    assert not Entry.objects.about(campaign).exists()


def test_an_edit_leaves_what_was_and_what_is_of_every_row(world):
    campaign = make.campaign(world.root)
    content = editing.read(campaign)
    content.fields["title"] = "Tên mới"
    content.areas[0]["criteria"] = ["Tiêu chí khác", "Tiêu chí 1"]
    content.solutions.append({"title": "Kiểm tra", "text": ""})
    saved = save(campaign, content, world.office)
    [entry] = Entry.objects.about(campaign)
    assert saved.version == campaign.version + 1
    assert entry.by == world.office
    assert entry.changes["Tên phong trào"] == ["Phong trào thử nghiệm", "Tên mới"]
    assert "Tiêu chí khác" in entry.changes["Nội dung ND1"][1]
    assert entry.changes["Giải pháp 2"] == [None, "Kiểm tra"]
    assert set(entry.changes) == {"Tên phong trào", "Nội dung ND1", "Giải pháp 2"}


def test_a_criterion_whose_text_stays_keeps_its_row_and_points(world):
    campaign = make.campaign(world.root)
    kept = Criterion.objects.get(area__code="ND1")
    Criterion.objects.filter(pk=kept.pk).update(points=7)
    content = editing.read(campaign)
    content.areas[0]["criteria"] = ["Mới", kept.text]
    save(campaign, content, world.office)
    assert list(campaign.areas.first().criteria.values_list("text", "points")) == [("Mới", None), (kept.text, 7)]
    assert Criterion.objects.filter(pk=kept.pk).exists()


def test_areas_exchange_codes_and_places(world):
    campaign = make.campaign(world.root)
    content = editing.read(campaign)
    first, second = content.areas
    first["code"], second["code"] = second["code"], first["code"]
    content.areas = [second, first]
    save(campaign, content, world.office)
    assert list(campaign.areas.values_list("code", "title")) == [("ND1", "Nội dung 2"), ("ND2", "Nội dung 1")]


def test_a_row_of_another_campaign_is_never_rewritten(world):
    other, campaign = make.campaign(world.root, code="KHAC"), make.campaign(world.root)
    content = editing.read(campaign)
    content.solutions[0] = {"id": other.solutions.get().pk, "title": "Của tôi", "text": ""}
    save(campaign, content, world.office)
    assert other.solutions.get().title == "Tuyên truyền"
    assert campaign.solutions.get().title == "Của tôi"


def test_two_editors_conflict_and_nothing_is_overwritten(world):
    campaign = make.campaign(world.root)
    mine, theirs = editing.read(campaign), editing.read(campaign)
    theirs.fields["objective"] = "Mục tiêu của người kia"
    mine.fields["scope"] = "Phạm vi của tôi"
    save(campaign, theirs, world.office2)
    with pytest.raises(editing.EditConflict) as conflict:
        save(campaign, mine, world.office)
    now = conflict.value.theirs
    assert (now.objective, now.scope) == ("Mục tiêu của người kia", "Toàn ngành")
    found = editing.clashes(now, mine, seen=campaign.version)
    assert [(c.heading, c.stored, c.typed, c.theirs) for c in found] == [
        ("Mục tiêu", "Mục tiêu của người kia", "Mục tiêu", True),
        ("Phạm vi", "Toàn ngành", "Phạm vi của tôi", False),
    ]
    save(now, mine, world.office)
    assert Campaign.objects.get(pk=campaign.pk).scope == "Phạm vi của tôi"


def test_a_launched_campaign_is_not_edited(world):
    campaign = make.launched(world.root, world.office)
    with pytest.raises(Refused):
        save(campaign, editing.read(campaign), world.office)


@pytest.mark.parametrize("who", ["auditor", "council", "admin", "head", "officer", "stranger", "nobody"])
def test_only_the_unit_that_issues_it_writes_in_a_draft(world, who):
    campaign = make.campaign(world.root)
    with pytest.raises(PermissionDenied):
        save(campaign, editing.read(campaign), getattr(world, who))


def test_a_file_is_kept_under_a_name_nobody_guesses(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    campaign = make.campaign(world.root)
    content = editing.read(campaign)
    content.documents[0]["file"] = SimpleUploadedFile("Kế hoạch.pdf", PDF)
    save(campaign, content, world.office)
    document = campaign.documents.get()
    assert document.file_name == "Kế hoạch.pdf"
    assert "hoạch" not in document.file.name
    assert document.file.name.endswith(".pdf")
    save(campaign, editing.read(campaign), world.office, version=campaign.version + 1)
    assert campaign.documents.get().file.name == document.file.name


# --- clone ---


def copy(world, source, by=None, unit=None, starts_on=None, code="BAN-SAO"):
    return cloning.clone(
        source, unit=unit or world.root, code=code, title="Bản sao", starts_on=starts_on, by=by or world.office
    )


def test_a_clone_keeps_content_and_order_and_moves_the_dates(world):
    source = make.campaign(world.root, areas=3)
    source.areas.filter(code="ND1").update(order=9)
    Phase.objects.create(campaign=source, order=1, title="Đợt 1", starts_on=source.starts_on, ends_on=source.ends_on)
    source = CAMPAIGN.take("launch", source, by=world.office, version=make.seen(source))
    made, dropped = copy(world, source, starts_on=source.starts_on + timedelta(days=365))
    assert dropped == []
    assert made.state == Campaign.State.DRAFT
    assert made.cloned_from == source
    assert [a.code for a in made.areas.all()] == ["ND2", "ND3", "ND1"]
    assert [c.text for a in made.areas.all() for c in a.criteria.all()] == ["Tiêu chí 2", "Tiêu chí 3", "Tiêu chí 1"]
    assert made.solutions.get().title == "Tuyên truyền"
    assert made.merit_fields.get().code == "a"
    assert made.ends_on == source.ends_on + timedelta(days=365)
    assert made.phases.get().starts_on == source.starts_on + timedelta(days=365)
    assert made.milestones.get().due_at == source.milestones.get().due_at + timedelta(days=365)
    assert not made.documents.exists()  # the old plan does not open the new campaign
    assert not Obligation.objects.filter(milestone__campaign=made).exists()
    assert Entry.objects.about(made).get().verb == "clone"


def test_a_clone_without_a_new_beginning_has_no_dates(world):
    made, _dropped = copy(world, make.launched(world.root, world.office))
    assert (made.starts_on, made.ends_on, made.milestones.get().due_at) == (None, None, None)


def test_a_clone_of_a_historical_campaign_drops_kinds_that_ended_and_the_old_parent(world):
    old = make.unit("CU", kind=Kind.SUPREME, valid_to=date(2025, 6, 30))
    parent = make.campaign(old, code="QG", historical=True)
    source = make.campaign(old, code="LS", historical=True, parent=parent, kinds=[Kind.HIGH, Kind.PROVINCE])
    Campaign.objects.filter(historical=True).update(state=Campaign.State.LAUNCHED)
    source.refresh_from_db()
    made, dropped = copy(world, source)
    assert dropped == [str(Kind.HIGH.label)]
    assert made.parent is None
    assert made.milestones.get().owed_by == [Kind.PROVINCE]


def test_nobody_clones_into_a_unit_of_others(world):
    source = make.launched(world.root, world.office)
    with pytest.raises(PermissionDenied):
        copy(world, source, by=world.head)


def test_a_historical_campaign_is_neither_closed_nor_cancelled(world):
    source = make.campaign(world.root, historical=True)
    Campaign.objects.update(state=Campaign.State.LAUNCHED)
    for step in ("close", "cancel"):
        with pytest.raises(Refused):
            CAMPAIGN.take(step, source, by=world.office, note="Hết việc", version=make.seen(source))


# --- sub-campaigns ---


def test_a_head_launches_a_sub_campaign_for_the_own_subtree_only(world):
    region = make.unit("KV9", world.vinh, Kind.REGION)
    parent = make.launched(world.root, world.office)
    draft, fresh = cloning.sub_campaign(parent, world.hue, by=world.head)
    assert fresh
    assert (draft.parent, draft.unit) == (parent, world.hue)
    assert [a.code for a in draft.areas.all()] == ["ND1", "ND2"]
    assert draft.milestones.get().owed_by == [Kind.REGION]
    content = editing.read(draft)
    content.areas[0]["criteria"] = ["Tiêu chí riêng của Huế"]
    content.documents[0]["is_plan"] = True
    draft = save(draft, content, world.head)
    CAMPAIGN.take("launch", draft, by=world.head, version=make.seen(draft))
    owing = {o.unit for o in Obligation.objects.filter(milestone__campaign=draft)}
    assert owing == {world.kv1}
    assert region not in owing
    assert parent.areas.first().criteria.get().text == "Tiêu chí 1"


def test_a_second_press_finds_the_draft_of_the_first(world):
    parent = make.launched(world.root, world.office)
    first, _fresh = cloning.sub_campaign(parent, world.hue, by=world.head)
    assert cloning.sub_campaign(parent, world.hue, by=world.head) == (first, False)


@pytest.mark.parametrize("who", ["officer", "office", "stranger", "kv1_head"])
def test_only_its_head_puts_a_sub_campaign_under_a_unit(world, who):
    parent = make.launched(world.root, world.office)
    with pytest.raises(PermissionDenied):
        cloning.sub_campaign(parent, world.hue, by=getattr(world, who))


def test_a_unit_with_nothing_below_has_no_sub_campaign(world):
    parent = make.launched(world.root, world.office)
    with pytest.raises(Refused):
        cloning.sub_campaign(parent, world.kv1, by=world.kv1_head)


def test_a_long_code_makes_room_for_its_number(world):
    parent = make.launched(world.root, world.office, code="P" * 40)
    draft, _fresh = cloning.sub_campaign(parent, world.hue, by=world.head)
    assert draft.code == "P" * 36 + "-2"


def test_a_draft_begins_with_one_milestone_and_only_for_own_units(world):
    made = editing.create(world.root, by=world.office, code="M", title="Mới")
    assert made.milestones.get().kind == Milestone.Kind.REGISTRATION
    with pytest.raises(PermissionDenied):
        editing.create(world.root, by=world.head, code="M2", title="Mới")


def test_an_officer_may_begin_a_draft_for_the_own_unit(world):
    assert world.officer.has_role(Role.OFFICER)
    assert editing.create(world.hue, by=world.officer, code="H", title="Huế").unit == world.hue
