"""The structure chart of any day: all units of the day and no other, whatever their names hold."""

import shutil
import subprocess
import xml.etree.ElementTree as ET
from datetime import date

import pytest
from django.urls import reverse

from tests import make
from units.hierarchy import chart
from units.hierarchy.importers import load_hierarchy
from units.models import Unit

THEN, NOW = date(2021, 10, 28), date(2025, 7, 1)
HOSTILE = '#panic("x") ] " \\ $x$ </text><script> *a* @b <c> //d'


@pytest.fixture
def real(db):
    load_hierarchy()


@pytest.fixture
def hostile(world):
    """Names that Typst, XML and spreadsheets would each take for something else."""
    for code, name in (("H1", HOSTILE), ("H2", "=1+1"), ("H3", "#pagebreak()"), ("H4", "-2")):
        make.unit(code, world.kv1 if code == "H3" else world.hue, name=name, short_name=name[:100])
    Unit.objects.filter(pk=world.hue.pk).update(name_vi=HOSTILE)
    return Unit.objects.get(pk=world.hue.pk)


def pages(pdf):
    return pdf.count(b"/Type /Page\n") or pdf.count(b"/Type/Page/") or pdf.count(b"/MediaBox")


def test_the_tree_of_a_day_holds_the_units_of_that_day_each_once(real):
    for day in (THEN, NOW):
        units = chart.listed(chart.tree(day))
        assert sorted(node.unit.code for node in units) == sorted(
            Unit.objects.as_of(day).values_list("code", flat=True)
        )
    hue = Unit.objects.get(code="T46")
    branch = chart.tree(THEN, hue)
    assert [root.unit for root in branch] == [hue]
    assert {node.level for node in chart.listed(branch)} == {1, 2}
    assert chart.tree(NOW, hue) == []


def test_a_unit_whose_superior_is_not_of_the_day_is_shown_all_the_same(world):
    Unit.objects.filter(pk=world.hue.pk).update(valid_to=date(2020, 1, 1))

    assert {root.unit for root in chart.tree(NOW)} == {world.root, world.kv1}


@pytest.mark.parametrize("most", [1, 3, 5, 6])
def test_columns_keep_the_order_and_are_even(real, most):
    root = chart.tree(THEN)[0]
    columns = chart.columns_of(root, most)

    assert [node for column in columns for node in column] == root.below
    assert len(columns) <= most
    heights = [sum(chart._lines(node) for node in column) for column in columns]
    assert max(heights) <= sum(heights) / most + max(chart._lines(node) for node in root.below)


def test_no_two_boxes_of_the_drawing_overlap_and_all_stay_inside(real):
    drawing = chart.drawing(chart.tree(THEN))
    boxes = [(c.x, c.y, c.x + chart.CARD, c.y + c.height) for d in drawing["charts"] for c in (d["head"], *d["cards"])]

    assert all(x >= 0 and x2 <= drawing["width"] and y2 <= drawing["height"] for x, _y, x2, y2 in boxes)
    for place, (x, y, x2, y2) in enumerate(boxes):
        assert not any(x < b2 and a < x2 and y < d2 and c < y2 for a, c, b2, d2 in boxes[place + 1 :])


def test_the_drawing_is_xml_that_says_every_name_as_it_is(hostile, client):
    client.force_login(make.user("reader"))
    answer = client.get(reverse("chart_file", args=["svg"]), {"unit": hostile.pk})
    picture = ET.fromstring(answer.content)  # noqa: S314 -- our own
    words = " ".join(picture.itertext())

    assert answer["Content-Type"] == "image/svg+xml" and "sandbox" in answer["Content-Security-Policy"]
    assert HOSTILE in words and "#pagebreak()" in words and "=1+1" in words
    assert not picture.findall(".//{*}script") and b"style=" not in answer.content


def test_names_come_out_of_the_paper_literally(hostile, tmp_path):
    pdf = chart.pdf(chart.tree(NOW, hostile), NOW, hostile)

    assert pdf.startswith(b"%PDF-") and pages(pdf) == 1  # no #pagebreak() was obeyed, no #panic() raised
    title = HOSTILE.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;").encode()
    assert title in pdf  # the metadata are not compressed
    if shutil.which("pdftotext"):
        (tmp_path / "a.pdf").write_bytes(pdf)
        text = subprocess.run(
            ["pdftotext", "-raw", tmp_path / "a.pdf", "-"], capture_output=True, check=True
        ).stdout.decode()
        for name in (HOSTILE, "#pagebreak()", "=1+1", "-2"):
            assert "".join(name.split()) in "".join(text.split())


def test_the_whole_hierarchy_of_2021_fits_on_a_few_pages(real):
    assert 2 <= pages(chart.pdf(chart.tree(THEN), THEN)) <= 4
    assert pages(chart.pdf(chart.tree(NOW), NOW)) == 1


def test_the_sheet_folds_by_level_and_holds_no_formula(hostile):
    sheet, found = make.listed(chart.sheet(chart.tree(NOW), NOW))
    rows = {row[1].value: row for row in found[1:]}

    assert rows["H2"][0].value == "=1+1" and rows["H2"][0].data_type == "s"
    assert [rows[code][2].value for code in ("VKSTC", "HUE", "KV1", "H3")] == [1, 2, 3, 4]
    assert [sheet.row_dimensions[rows[code][0].row].outlineLevel for code in ("VKSTC", "HUE", "KV1", "H3")] == [
        0,
        1,
        2,
        3,
    ]
    assert rows["H3"][0].alignment.indent == 6 and rows["H3"][4].value == rows["KV1"][0].value


def test_the_page_shows_drawing_and_list_of_the_day(real, client, django_assert_num_queries):
    client.force_login(make.user("reader"))
    client.get(reverse("chart"))
    for day, total, has in (("28/10/2021", 766, "VKSND Hà Giang"), ("01/07/2025", 38, "VKSND Tuyên Quang")):
        with django_assert_num_queries(3 + make.SESSION_READ):
            page = client.get(reverse("chart"), {"on": day})
        text = page.content.decode()
        assert len(page.context["nodes"]) == total and has in text and "style=" not in text
        assert client.get(reverse("chart_file", args=["pdf"]), {"on": day}).content.startswith(b"%PDF")


@pytest.mark.parametrize("query", ["on=31/02/2025", "on=x&unit=zz", "unit=99999999", "on=01/01/1900", "unit=-1&q=%01"])
def test_nonsense_in_the_address_is_no_fault(world, client, query):
    client.force_login(world.nobody)

    assert client.get(f"{reverse('chart')}?{query}").status_code == 200
    for ending in ("svg", "pdf", "xlsx"):
        assert client.get(f"{reverse('chart_file', args=[ending])}?{query}").status_code == 200
    assert client.get(reverse("chart_file", args=["exe"])).status_code == 404
