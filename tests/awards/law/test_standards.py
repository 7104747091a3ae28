"""The files of the law: what they must hold, and what the reader refuses."""

import re
import tomllib
from datetime import date, timedelta

import pytest
from django.conf import settings

from awards.law import standards
from awards.law.rulebook import rulebook
from awards.law.standards import HERE, NoEdition, Unlawful, in_force, in_order
from awards.law.standards import shipped as editions
from awards.law.standards.reading import read
from awards.law.terms import Tag
from awards.management.commands.awards_rules import PAGE

GOOD = """
[edition]
code = "RS-X"
name = "Thử"
name_en = "Trial"
valid_from = 2030-01-01
valid_to = 2030-12-31
enabled = true

[documents]
"Luật X" = { name = "Luật X", name_en = "Law X" }
"CV X" = { name = "Công văn X", name_en = "Letter X", articles = false }

[[award]]
code = "A"
name = "Danh hiệu A"
name_en = "Title A"
kind = "title"
level = "unit"
subjects = ["individual"]
basis = "Luật X, Điều 1"
source = "5.1"
tag = "S"
authority = { who = "unit_head", basis = "CV X", source = "5", tag = "M" }
conditions = [
  { key = "years", rule = "served", years = 15, basis = "Luật X, Điều 2(1)a", source = "5.1", tag = "V" },
]
"""


def written(tmp_path, text, name="rs-x.toml"):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def test_a_whole_edition_is_read(tmp_path):
    edition = read(written(tmp_path, GOOD))

    assert [c.key for c in edition.awards["A"].conditions] == ["subject", "years"]
    assert edition.awards["A"].conditions[1].article == "Luật X, Điều 2(1)a"
    assert edition.awards["A"].deciding.article == "Công văn X"


@pytest.mark.parametrize(
    ("was", "becomes", "complaint"),
    [
        ('rule = "served"', 'rule = "swerved"', "không có quy tắc"),
        ("years = 15", "months = 15", "served"),
        ('basis = "Luật X, Điều 2(1)a"', 'basis = "Luật X"', "chưa ghi điều"),
        ('basis = "Luật X, Điều 2(1)a", ', "", "basis"),
        ('basis = "Luật X, Điều 2(1)a"', 'basis = "Luật Y, Điều 2"', "không có trong danh sách"),
        ('basis = "Luật X, Điều 2(1)a"', 'basis = "Luật X, điều chưa tìm được"', "phải ghi điều"),
        ('source = "5.1", tag = "V"', 'tag = "V"', "source"),
        ('tag = "V"', 'tag = "W"', "W"),
        ('rule = "served", years = 15', 'rule = "held_same_year", award = "B"', "B"),
        ('rule = "served", years = 15', 'rule = "rated", at_least = "splendid"', "SPLENDID"),
        ('rule = "served", years = 15', 'rule = "confirmed"', "hai thứ tiếng"),
        ('kind = "title"', 'kind = "title"\nfavourite = true', "mục lạ: favourite"),
        ('key = "years"', 'key = "subject"', "đứng hai lần"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_place(was, becomes, complaint, tmp_path):
    assert was in GOOD
    with pytest.raises(Unlawful, match=re.escape(complaint)) as refusal:
        read(written(tmp_path, GOOD.replace(was, becomes, 1)))
    assert "rs-x.toml" in str(refusal.value)


def test_editions_that_overlap_or_leave_a_day_out_are_refused(tmp_path):
    def following(day):
        return read(written(tmp_path, GOOD.replace("2030-12-31", "2031-12-31").replace("2030-01-01", day)))

    first = read(written(tmp_path, GOOD))
    assert [e.valid_from.year for e in in_order([following("2031-01-01"), first])] == [2030, 2031]
    with pytest.raises(Unlawful, match="chồng nhau"):
        in_order([first, following("2030-12-31")])
    with pytest.raises(Unlawful, match="không có bộ quy định nào"):
        in_order([first, following("2031-01-02")])


def test_every_day_from_2019_to_2026_has_exactly_one_complete_edition():
    day, last = date(2019, 6, 28), date(2026, 9, 30)
    while day <= last:
        covering = [e.code for e in editions() if e.enabled and e.covers(day)]
        assert covering == [in_force(day).code], day
        day += timedelta(days=1)


def test_the_editions_and_their_days_are_those_of_the_domain_file():
    assert [(e.code, e.valid_from, e.valid_to, e.enabled) for e in editions()] == [
        ("RS-2019", date(2019, 6, 28), date(2023, 12, 31), True),
        ("RS-2024a", date(2024, 1, 1), date(2024, 9, 30), True),
        ("RS-2024b", date(2024, 10, 1), date(2025, 6, 30), True),
        ("RS-2025", date(2025, 7, 1), date(2026, 9, 30), True),
        ("RS-2026", date(2026, 10, 1), None, False),
    ]


def test_before_the_first_edition_there_is_none(db):
    for asked in (lambda: in_force(date(2019, 6, 27)), lambda: standards.edition("RS-1900")):
        with pytest.raises(NoEdition):
            asked()


def cited():
    for edition in editions():
        yield from edition.principles + edition.deadlines + edition.report
        yield from filter(None, [edition.transition])
        for award in edition.awards.values():
            yield from (award, award.deciding, *award.conditions, *award.parts)
            yield from filter(None, (award.quota, award.vote, award.bonus, award.copies))


def test_every_statement_has_an_article_or_says_that_none_was_found():
    for one in cited():
        assert one.basis and one.article
        assert one.tag != Tag.VERIFIED or all(b.place is not None for b in one.basis)


def test_every_source_is_a_section_of_the_domain_files():
    pages = ("law-and-practice.md", "law-2026-11.md")
    texts = [(settings.BASE_DIR / "docs" / "domain" / page).read_text("utf-8") for page in pages]
    sections = {found for text in texts for found in re.findall(r"(?m)^#{2,3} (\d+(?:\.\d+)?)", text)}
    missing = [m for e in editions() for m in (*e.missing, *(m for a in e.awards.values() for m in a.missing))]
    salaries = tomllib.loads((HERE / "base_salary.toml").read_text("utf-8"))["base_salary"]
    assert all(row["source"].split("(")[0] in sections for row in salaries)
    for one in (*cited(), *missing):
        assert one.source.split("(")[0] in sections, one.source


def test_what_was_not_found_sets_no_figure():
    for edition in editions():
        for award in edition.awards.values():
            figures = filter(None, (award.quota, award.vote, award.bonus))
            assert Tag.NOT_FOUND not in {one.tag for one in figures}
            unread = {c.requirement.rule for c in award.conditions if c.tag == Tag.NOT_FOUND}
            assert unread <= {"confirmed", "subject_is", "type_is"}, (edition.code, award.code)


def test_the_page_of_rules_is_what_the_files_say():
    assert PAGE.read_text("utf-8") == rulebook(), "run python manage.py awards_rules"


def test_the_same_awards_stand_in_every_complete_edition():
    codes = [list(e.awards) for e in editions() if e.enabled]
    assert codes[1] == codes[2] == codes[3]
    military = ["CSTT", "DVTT", "DVQT"]  # by the Law of 2022
    assert codes[0] == [code for code in codes[1] if code not in military]


def test_the_ladder_of_section_5_5_is_in_the_files():
    awards = standards.edition("RS-2025").awards
    assert {code: awards[code].preceding for code in awards if awards[code].preceding} == {
        "CSTDCS": {"LDTT": 1},
        "CSTDN": {"CSTDCS": 3},
        "CSTDTQ": {"CSTDN": 2},
        "TTLDXS": {"TTLDTT": 1},
        "CTDN": {"TTLDXS": 1},
    }


def test_a_time_limit_concerns_the_awards_and_levels_it_names():
    edition = standards.edition("RS-2025")
    limits = {code: {d.code for d in edition.deadlines if d.concerns(a)} for code, a in edition.awards.items()}

    assert limits["LDTT"] == {"return_incomplete"}
    assert limits["CSTDCS"] == {"return_incomplete", "appraisal"}
    assert limits["CTDCP"] == {
        "return_incomplete",
        "to_prime_minister",
        "after_opinions",
        "copies_of_decision",
        "flag_to_ministry",
    }
    assert next(d for d in edition.deadlines if d.code == "return_incomplete").working_days == 5
