"""The pages of the catalogue, and the office's word on how a condition counts."""

import html
import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.law import standards
from awards.law.case import Case
from awards.law.catalogue import change_severity, may_change
from awards.law.comparing import compare
from awards.law.rules import judge
from awards.law.terms import Subject
from awards.models import ConditionSetting
from portal.flow import Refused
from portal.models import Entry
from tests import make
from units.models import Role

RULES = reverse("award_rules", args=["RS-2025", "LDTT"])
CHANGE = reverse("condition_severity", args=["RS-2025", "LDTT", "employed"])
EDITION = standards.edition("RS-2025")
AWARD = EDITION.awards["LDTT"]
EMPLOYED = AWARD.condition("employed")


def page(client, url, **data):
    response = client.get(url, data)
    assert response.status_code == 200
    return response.content.decode()


def change(by, severity="warn", reason="Chờ toàn văn", version=0, condition=EMPLOYED):
    return change_severity(EDITION, AWARD, condition, severity=severity, reason=reason, by=by, version=version)


def test_the_tabs_lead_everyone_to_the_catalogue(world, client):
    client.force_login(world.nobody)

    assert f'<a href="{reverse("award_catalogue")}"' in page(client, reverse("submission_list"))
    assert f'<a href="{reverse("award_catalogue")}' in page(client, RULES)


def test_the_catalogue_finds_by_kind_subject_and_words_without_accents(world, client):
    client.force_login(world.nobody)
    url = reverse("award_catalogue")

    def names(**asked):
        shown = page(client, url, edition="RS-2025", **asked)
        return {code for code in EDITION.awards if reverse("award_rules", args=["RS-2025", code]) in shown}

    assert names() == set(EDITION.awards)
    assert names(q="chien si thi dua") == {"CSTDCS", "CSTDN", "CSTDTQ"}
    assert names(q="bằng khen") == names(q="BANG KHEN") == {"BK_VT", "BK_TTG"}
    assert names(q="labour order") == {"HCLD_1", "HCLD_2", "HCLD_3"}
    assert names(kind="title", subject="unit") == {"TTLDTT", "TTLDXS", "CTDN", "CTDCP", "DVTT", "DVQT"}
    assert names(q="không có gì như thế") == set()
    assert names(kind="nonsense", q="\x01") == set(EDITION.awards)  # a filter that means nothing is passed over


def test_an_edition_that_is_not_complete_says_so(world, client):
    client.force_login(world.nobody)

    shown = page(client, reverse("award_catalogue"), edition="RS-2026")

    assert "chưa có đủ nội dung" in shown
    assert "Nguyên văn điều 4(1), 4(3) và 4(4)" in shown


def test_every_award_has_its_page_with_every_rule_and_article(world, client):
    client.force_login(world.nobody)
    for award in EDITION.awards.values():
        response = client.get(reverse("award_rules", args=[EDITION.code, award.code]))
        rows = response.context["rows"] + response.context["papers"]
        assert [row.condition for row in rows] == [*award.standards, *award.papers]
        shown = html.unescape(response.content.decode())
        assert all(row.condition.says in shown and row.condition.article in shown for row in rows)


def test_addresses_that_name_nothing_lead_nowhere(world, client):
    client.force_login(world.office)
    for url in (
        reverse("award_rules", args=["RS-1900", "LDTT"]),
        reverse("award_rules", args=["RS-2025", "XX"]),
        reverse("condition_severity", args=["RS-2025", "LDTT", "xx"]),
        reverse("award_catalogue") + "?edition=RS-1900",
        reverse("edition_compare") + "?a=%01",
    ):
        assert client.get(url).status_code == 404, url


def test_in_english_names_and_rules_are_english(world, client):
    world.nobody.language = "en"
    world.nobody.save()
    client.force_login(world.nobody)

    shown = page(client, reverse("award_catalogue"), edition="RS-2025")

    assert "Advanced Worker" in shown
    assert "Law on Emulation and Commendation No. 06/2022/QH15" in shown
    of_one = page(client, RULES)
    assert "<h2>Conditions</h2>" in of_one and "<h2>Dossier</h2>" in of_one


def test_two_editions_side_by_side_show_what_changed():
    old, new = standards.edition("RS-2019"), EDITION
    said = {one.label: {line.about: line for line in one.lines} for one in compare(old, new)}
    quota, bonus = said["Chiến sĩ thi đua cơ sở"]["Tỷ lệ"], said["Lao động tiên tiến"]["Tiền thưởng"]

    assert (quota.left.words, quota.right) == ("Không quá 15% số đạt «Lao động tiên tiến».", None)
    assert (bonus.left, bonus.right.words) == (None, "cá nhân: 0,3 lần lương cơ sở")
    deciding = said["Lao động tiên tiến"]["Thẩm quyền quyết định"]
    assert (deciding.changed, deciding.words_changed) == (True, False)  # another article, the same words
    assert compare(new, new) == []
    assert len(compare(new, new, unchanged=True)) == len(new.awards)


def test_the_comparison_is_read_by_everyone(world, client):
    client.force_login(world.nobody)
    url = reverse("edition_compare")

    shown = page(client, url, a="RS-2019", b="RS-2025")
    assert "Không quá 15%" in shown
    assert re.search(rf'<a[^>]*href="{reverse("award_catalogue")}"[^>]*aria-current', shown)  # found in the menu
    assert "Hai bộ quy định giống nhau" in page(client, url, a="RS-2025", b="RS-2025")
    assert "Lao động tiên tiến" in page(client, url, a="RS-2025", b="RS-2025", all="1")


@pytest.mark.parametrize(
    ("url", "queries"), [(reverse("award_catalogue"), 2), (reverse("edition_compare"), 2), (RULES, 3)]
)
def test_pages_ask_few_questions_and_no_more_where_more_was_changed(url, queries, world, client):
    client.force_login(world.nobody)
    client.get(url)  # fills the cache of the office's name
    for count in (0, 1, 3):
        for condition in AWARD.conditions[:count]:
            change(world.office, condition=condition, version=0)
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        trail = 1 if url == RULES and count else 0  # asked only where something was changed
        assert len(asked) == queries + trail + make.SESSION_READ, [q["sql"] for q in asked]


def test_the_office_changes_how_a_condition_counts_and_everyone_sees_why(world, client):
    client.force_login(world.office)
    new = Case(on=EDITION.valid_from, year=2025, subject=Subject.INDIVIDUAL, months_employed=5)

    response = client.post(CHANGE, {"severity": "warn", "reason": "  Chờ toàn văn Thông tư\u200b ", "version": 0})

    assert response["Location"] == RULES
    setting = ConditionSetting.objects.get()
    assert (setting.severity, setting.reason, setting.by, setting.version) == (
        "warn",
        "Chờ toàn văn Thông tư",
        world.office,
        1,
    )
    entry = Entry.objects.about(setting).get()
    assert (entry.verb, entry.source, entry.target, entry.note) == ("edit", "block", "warn", "Chờ toàn văn Thông tư")
    employed = next(f for f in judge(AWARD, new, EDITION, ConditionSetting.objects.all()) if f.condition == "employed")
    assert not employed.blocks
    client.force_login(world.nobody)
    shown = page(client, RULES)
    assert "Chờ toàn văn Thông tư" in shown
    assert "Lê Thị Văn Phòng" in shown
    assert CHANGE not in shown


def test_a_change_needs_a_reason_and_a_known_severity(world, client):
    client.force_login(world.office)
    for data in (
        {"severity": "warn", "reason": " ", "version": 0},
        {"severity": "never", "reason": "x", "version": 0},
        {"severity": "warn", "reason": "x", "version": "x"},
        {},
    ):
        response = client.post(CHANGE, data)
        assert response.status_code in (200, 422), data
    assert not ConditionSetting.objects.exists()


def test_only_the_office_at_the_root_changes_it(world, client):
    local = make.user("hueoffice", (Role.OFFICE, world.hue))
    for who in (world.head, world.council, world.admin, world.nobody, local):
        client.force_login(who)
        assert client.post(CHANGE, {"severity": "warn", "reason": "x", "version": 0}).status_code == 403
        assert client.get(CHANGE).status_code == 403
    assert not may_change(local)
    assert may_change(world.office)
    assert not ConditionSetting.objects.exists()


def test_the_second_of_two_editors_sees_what_the_first_did(world, client):
    change(world.office2, severity="warn", reason="Lý do thứ nhất")
    client.force_login(world.office)

    response = client.post(CHANGE, {"severity": "block", "reason": "Lý do thứ hai", "version": 0})

    shown = response.content.decode()
    assert response.status_code == 409
    assert "vừa được người khác thay đổi" in shown
    assert "Lý do thứ nhất" in shown
    assert "Lý do thứ hai" in shown
    assert 'name="version" value="1"' in shown
    assert ConditionSetting.objects.get().reason == "Lý do thứ nhất"


def test_a_double_click_changes_it_once(world):
    first, second = change(world.office), change(world.office)

    assert (first.pk, second.version) == (second.pk, 1)
    assert Entry.objects.about(first).count() == 1
    with pytest.raises(Refused):
        change(world.office, reason="khác")
    assert change(world.office, severity="block", reason="khác", version=1).version == 2


def test_a_quota_is_a_condition_too(world, client):
    client.force_login(world.office)
    url = reverse("condition_severity", args=["RS-2025", "TTLDXS", "quota"])

    assert client.post(url, {"severity": "warn", "reason": "x", "version": 0}).status_code == 302
    assert ConditionSetting.objects.get().condition == "quota"


def test_the_database_holds_one_setting_for_each_condition_and_always_a_reason(world):
    one = {"edition": "RS-2025", "award": "LDTT", "condition": "employed", "severity": "warn", "by": world.office}
    ConditionSetting.objects.create(**one, reason="x")
    for wrong in (one | {"reason": "y"}, one | {"condition": "other", "reason": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ConditionSetting.objects.create(**wrong)
