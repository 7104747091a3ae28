"""On paper a page is the document that it is about: short, without frame, tools, notices, trail or what is folded."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns import flow
from campaigns.models import Comment, Commitment
from portal.models.trail import record
from tests import make
from units.models import Role

TEXT = "Kiểm sát chặt chẽ việc thụ lý, giải quyết; nâng cao chất lượng tranh tụng, không để xảy ra oan sai. " * 3
PAPER = {"width": 642, "height": 971}  # px: A4 less its margins
WITHOUT = (
    "nav, header, footer, button, .btn, input:not([type=hidden]), .trail, .steps, main > .alert, .comment, summary.btn"
)
HEADINGS = """() => [...document.querySelectorAll('main :is(h1, h2, h3)')].filter(h => h.checkVisibility())
    .filter(h => getComputedStyle(h).breakAfter !== 'avoid').map(h => h.textContent)"""


def pages(pdf):
    return pdf.count(b"/Type /Page\n")


@pytest.fixture
def papers(live_server, settings, tmp_path):
    """A plan with comments and a long trail, a nomination with its whole report, and what stands around them."""
    settings.MEDIA_ROOT = tmp_path
    root = make.unit("VKSTC", kind="supreme")
    hue = make.unit("HUE", root)
    office = make.user("office", (Role.OFFICE, root), full_name="Lê Thị Văn Phòng")
    head = make.user("head", (Role.HEAD, hue), full_name="Nguyễn Thủ Trưởng")
    officer = make.user("officer", (Role.OFFICER, hue), full_name="Trần Thị Cán Bộ")
    campaign = make.launched(root, office, areas=6)
    plan = make.plan(campaign, hue, head)
    rows = [
        Commitment(
            area=area,
            what=f"Việc {n} của {area.code}: {TEXT[:90]}",
            amount=100,
            measure="%",
            responsible="Văn phòng tổng hợp",
            due_on=timezone.localdate() + timedelta(days=60),
        )
        for area in campaign.areas.all()
        for n in range(2)
    ]
    plan = flow.write(
        plan, theme="Chủ đề", organising=TEXT, commitments=rows, reasons={}, by=officer, version=plan.version
    )
    plan = flow.PLAN.take("submit", plan, by=head, version=plan.version)
    for n in range(40):
        record(plan, "edit", by=officer, changes={"organising": ["", f"{n} {TEXT}"]})
    Comment.objects.create(plan=plan, round=1, field="theme", text="Góp ý của người duyệt", by=office)
    person = make.person("Lê Văn An", hue, code="H1", position="Kiểm sát viên")
    for year in range(2015, 2026):
        make.past_award(person, year=year)
    paper = make.submission(hue, officer, campaign)
    nomination = make.nomination(paper, person, officer, summary=TEXT)
    nomination.report = {"achievements": TEXT * 4, "measures": TEXT * 2}
    nomination.save()
    for n in range(40):
        record(nomination, "edit", by=officer, changes={"summary": ["", f"{n} {TEXT}"]})
    return SimpleNamespace(
        office=office, officer=officer, head=head, plan=plan, nomination=nomination, paper=paper, campaign=campaign,
        person=person, hue=hue,
    )  # fmt: skip


def printed(reader, path):
    """The page as it goes to paper: how many pages, and what stands on them."""
    page = reader.go(path).page
    page.emulate_media(media="print")
    page.set_viewport_size(PAPER)
    seen = page.locator(WITHOUT).filter(visible=True).all_inner_texts()
    text, orphans = page.locator("body").inner_text(), page.evaluate(HEADINGS)
    wide = page.evaluate("document.documentElement.scrollWidth")
    count = pages(page.pdf(prefer_css_page_size=True))
    page.emulate_media(media="screen")
    assert seen == [], (path, seen)
    assert orphans == [], (path, orphans)
    assert wide <= PAPER["width"], (path, wide)
    return count, text


def test_a_plan_and_a_nomination_are_documents_of_two_pages(papers, person):
    for user in (papers.office, papers.officer):
        reader = person().signed_in(user)
        count, text = printed(reader, papers.plan.get_absolute_url())
        assert count == 2
        assert "Việc 1 của" in text and "Hình thức tổ chức" in text
        for word in ("Nhật ký", "Góp ý của người duyệt", "Các lần gửi", "Duyệt", "http"):
            assert word not in text.replace("Chờ duyệt", ""), word
    count, text = printed(reader, papers.nomination.get_absolute_url())
    assert count <= 2
    assert "Báo cáo thành tích" in text and TEXT.strip() in text
    for word in ("Nhật ký", "Kiểm tra theo quy định", "Cách xử lý", "Soạn tiếp"):
        assert word not in text, word


def test_every_page_with_a_use_on_paper_is_short_and_bare(papers, person):
    reader = person().signed_in(papers.officer)
    for path, most in (
        (papers.paper.get_absolute_url(), 2),
        (papers.campaign.get_absolute_url(), 3),
        (papers.person.get_absolute_url(), 2),
        (reverse("ledger_subject", args=["person", papers.person.pk]), 3),
        (reverse("unit_detail", args=[papers.hue.pk]), 2),
    ):
        count, text = printed(reader, path)
        assert 1 <= count <= most, (path, count)
        assert len(text) > 100, path
    reader = person().signed_in(papers.office)
    for path in (
        reverse("desk", args=[papers.campaign.pk]),
        reverse("desk_grid", args=[papers.campaign.pk]),
        reverse("review_figures"),
        reverse("ledger"),
        reverse("nomination_list"),
        reverse("award_catalogue"),
        reverse("plan_compare", args=[papers.plan.pk]),
    ):
        count, _text = printed(reader, path)
        assert 1 <= count <= 4, (path, count)
