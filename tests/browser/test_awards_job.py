"""The main job of awards as people do it: a unit nominates, the law stops it, the office reviews and releases."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation
from playwright.sync_api import expect

from awards.law import standards
from awards.models import Nomination, Submission
from awards.nominations import opening
from campaigns.campaigns.importers import live_clone, load_plan127
from campaigns.models import Milestone
from portal.days import end_of, today
from tests import make
from tests.browser.test_main_job import day
from units.hierarchy.importers import load_hierarchy
from units.models import Collective, Role, Unit

FORMS = ("BK_VT", "GK")


@pytest.fixture
def campaign(live_server):
    """The clone of Plan 127 with its awards open; the office's two reviewers and the people of Huế."""
    load_hierarchy()
    root, hue, division = (Unit.objects.get(code=code) for code in ("VKSTC", "T46.25", "P.TDKT"))
    office = make.user("office", (Role.OFFICE, root), full_name="Lê Thị Văn Phòng")
    second = make.user("office2", (Role.OFFICE, root), full_name="Phạm Văn Thẩm Định")
    second.person = make.person("Phạm Văn Thẩm Định", division, code="TD02")
    second.save()
    make.user("head", (Role.HEAD, hue), full_name="Nguyễn Thủ Trưởng")
    make.user("officer", (Role.OFFICER, hue), full_name="Trần Thị Cán Bộ")
    make.person("Trần Thị Minh Châu", hue, code="HUE01")
    make.person("Lê Quang Đức", hue, code="HUE02")
    Collective.objects.create(code="HUE-P1", unit=hue, name="Phòng Thực hành quyền công tố án hình sự")
    live = live_clone(
        load_plan127(),
        code="PT-MOI",
        by=office,
        starts_on=today(),
        ends_on=today() + timedelta(days=180),
        due={Milestone.Kind.NOMINATION: end_of(today() + timedelta(days=90))},
        kinds=["province"],
    )
    fields = live.merit_fields.values_list("pk", flat=True)
    assert len(fields) == 3
    opening.open_for(
        live, [(code, field, None) for code in FORMS for field in fields], by=office, version=make.seen(live)
    )
    return live


def article(lang, condition):
    """The article of the award's condition, in the reader's language."""
    with translation.override(lang):
        award = standards.in_force(today()).awards["BK_VT"]
        return str(next(c.article for c in award.conditions if c.key == condition))


def write(officer, nomination, summary, **facts):
    """Fill in the page of a nomination and let it save."""
    page = officer.go(f"/awards/nominations/{nomination.pk}/edit/").page
    officer.in_both()
    for name in ("summary", "report-achievements"):
        page.locator(f"[name={name}]").fill(summary)
    page.locator("[name=votes_for]").fill("9")
    page.locator("[name=merit_field]").select_option(index=1)
    for name, value in facts.items():
        page.locator(f"[name=facts-{name}]").select_option(value)
    officer.press("Lưu bản nháp")


def judge(reviewer, result, note="", *, button="Lưu và tiếp"):
    page = reviewer.page
    page.locator(f"[name=result][value={result}]").check()
    page.locator("[name=note]").first.fill(note)
    reviewer.press(button)


def test_from_a_units_paper_to_results_released_together(campaign, person):
    """The unit works in Vietnamese and the office in English; each page they open is looked at in both."""
    officer, head = person("vi").sign_in("officer"), person("vi").sign_in("head")
    office, second = person("en").sign_in("office"), person("en").sign_in("office2")

    # the officer begins a paper under the campaign and proposes a collective by its name …
    officer.go(f"/campaigns/{campaign.pk}/awards/").in_both().follow("Lập tờ trình")
    officer.in_both().page.locator("[name=title]").fill("Đề nghị khen thưởng năm 2026")
    officer.press("Lập tờ trình")
    paper = Submission.objects.get()
    officer.page.locator("[name=subject]").fill("phong thuc hanh quyen")
    officer.page.locator("[name=award]").select_option("BK_VT")
    officer.press("Thêm")
    group = Nomination.objects.get()
    assert officer.pk == group.pk

    # … and two people out of the unit's list
    officer.go(f"/awards/submissions/{paper.pk}/pick/?kind=person&award=GK").in_both()
    for name in ("Trần Thị Minh Châu", "Lê Quang Đức"):
        officer.page.locator("tbody tr").filter(has_text=name).locator("[name=subject]").check()
    with officer.leaving():
        officer.page.locator(".bulk button").click()
    chau, duc = Nomination.objects.exclude(pk=group.pk).order_by("person__staff_code")

    # … writes them, and the cover
    write(officer, group, "Giải quyết 42 vụ án, không vụ nào quá hạn.", under_review="yes")
    write(officer, chau, "Hỗ trợ 180 lượt cán bộ làm việc từ xa.")
    write(officer, duc, "Vận động 25 đơn vị ủng hộ 3.200 phần quà.")
    cover = officer.go(f"/awards/submissions/{paper.pk}/edit/").in_both().page
    for name, value in {
        "number": "05/TTr-VKS",
        "dated": day(0),
        "council_on": day(0),
        "council_members": "9",
        "council_present": "9",
    }.items():
        cover.locator(f"[name={name}]").fill(value)
    cover.locator("[name=declared_true]").check()
    officer.press("Lưu")

    # the law stops the collective, with its article; nothing of the paper goes up
    stopped = article(officer.lang, "under_review")
    officer.go(f"/awards/nominations/{group.pk}/")
    expect(officer.page.locator("#condition-under_review")).to_contain_text(stopped)
    head.go(paper.get_absolute_url()).in_both()
    with head.leaving():
        head.page.locator(".steps button").filter(has_text="(3)").first.click()
    expect(head.page.locator(".alert[role=alert]").first).to_contain_text(stopped)
    assert not Nomination.objects.exclude(state="draft").exists()

    # the officer mends it and the head sends all three
    write(officer, group, "Giải quyết 42 vụ án, không vụ nào quá hạn.", under_review="no")
    assert officer.go(f"/awards/nominations/{group.pk}/").page.locator("#condition-under_review").count() == 0
    head.go(paper.get_absolute_url())  # what was read before is not what would be sent
    with head.leaving():
        head.page.locator(".steps button").filter(has_text="(3)").first.click()
    assert set(Nomination.objects.values_list("state", flat=True)) == {"submitted"}

    # the office finds them on its first page and takes them up, having read what will change
    office.go("/").in_both().follow("Bàn thẩm định")
    office.in_both().page.locator("[data-select-all=nomination]").check()
    with office.leaving():
        office.page.locator("[name=action][value=take_up]").click()
    assert office.page.locator("#will + ul li").count() == 3
    office.fits_a_phone().press("Nhận thẩm định")
    assert set(Nomination.objects.values_list("state", flat=True)) == {"review"}

    # it asks for more about one of them, and only that part opens again
    dossier = office.go(f"/review/{chau.pk}/").in_both().page
    more = dossier.locator("details").filter(has=dossier.locator("[name=fields_asked]"))
    more.locator("summary").click()
    assert more.evaluate("e => e.parentElement.scrollHeight <= e.parentElement.clientHeight"), "a form is cut off"
    more.locator("[name=fields_asked][value=summary]").check()
    more.locator("[name=text]").fill("Nêu rõ số vụ việc")
    office.press("Gửi yêu cầu", more)
    officer.go("/").in_both()
    with officer.leaving():
        officer.page.get_by_role("link", name="Trần Thị Minh Châu").click()
    assert "Nêu rõ số vụ việc" in officer.text
    officer.follow("Bổ sung")
    assert officer.page.locator("[name=votes_for]").is_disabled()
    officer.page.locator("[name=summary]").fill("Hỗ trợ 180 lượt cán bộ, 60 vụ việc.")
    officer.press("Lưu bản nháp")
    head.go(f"/awards/nominations/{chau.pk}/").press("Gửi phần bổ sung")
    chau.refresh_from_db()
    assert (chau.state, chau.round) == ("review", 2)

    # the second reviewer declares a conflict, which shuts that reviewer out of one dossier
    second.go("/review/conflicts/").in_both()
    second.page.locator("[name=whom]").fill("quang duc")
    second.page.locator("[name=reason]").fill("Người nhà")
    second.press("Ghi nhận")
    office.go("/review/assign/").in_both()
    office.page.get_by_label("Lê Thị Văn Phòng").uncheck()
    office.press("Xem trước")
    assert office.page.locator("[name=pair]").count() == 2
    expect(office.page.locator(".panel.quiet li")).to_contain_text("Lê Quang Đức")
    office.fits_a_phone().press("Giao theo danh sách này")
    by_hand = office.go(f"/review/{duc.pk}/talk/").page.locator("form[action$='/give/']")
    for name, given in (("Phạm Văn Thẩm Định", 0), ("Lê Thị Văn Phòng", 1)):
        office.page.locator("details").filter(has=by_hand).locator("summary").click()
        by_hand.locator("[name=reviewer]").select_option(label=name)
        office.press("Giao hồ sơ", by_hand)
        assert duc.assignments.count() == given

    # both finish with "save and next"; who has a conflict sees no form
    second.go(f"/review/{duc.pk}/").in_both()
    assert second.page.locator("[name=result]").count() == 0
    second.go("/review/").follow("Hồ sơ tiếp theo")
    first = second.pk
    second.in_both()
    judge(second, "fit")
    assert {first, second.pk} == {group.pk, chau.pk}
    judge(second, "fit")
    assert second.page.url.endswith("/review/")
    office.go("/review/").follow("Hồ sơ tiếp theo")
    assert office.pk == duc.pk
    judge(office, "unfit", "Thành tích chung chung")

    # the unit sees nothing of it yet
    fit, unfit = head.say("đủ điều kiện"), head.say("không đủ điều kiện")
    for nomination in (group, chau, duc):
        state = head.go(f"/awards/nominations/{nomination.pk}/").page.locator(".facts .state").first
        expect(state).to_have_text(head.say("đang thẩm định"))
        assert "Thành tích chung chung" not in head.text and unfit not in head.text

    # the results are released together
    office.go("/review/release/").in_both()
    assert office.page.locator("[name=seen]:checked").count() == 3
    office.press("Công bố các kết quả đã chọn")
    for nomination, words in ((group, fit), (chau, fit), (duc, unfit)):
        page = head.go(f"/awards/nominations/{nomination.pk}/").in_both().page
        expect(page.locator(".facts .state").first).to_have_text(words)
    assert "Thành tích chung chung" in head.text
    assert timezone.localdate(Nomination.objects.get(pk=duc.pk).released_at) == today()
    officer.go("/notices/").in_both()
    assert "Thành tích chung chung" in officer.text
