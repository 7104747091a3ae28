"""What a plan makes of the tree, and every reason why it may not: no row is read or written here."""

from datetime import date, timedelta

import pytest

from units.models import ReorganisationStep, Unit
from units.reorganisation.planning import next_code, plan
from units.reorganisation.preview import before_and_after

DAY = date(2026, 7, 1)


def tree(*rows):
    """Units from (code, parent code), with keys and paths; a third member holds other fields."""
    made = {}
    for pk, (code, parent, *fields) in enumerate(rows, start=1):
        said = {"kind": "province", "name_vi": f"Đơn vị {code}", "short_name": code} | (fields[0] if fields else {})
        unit = Unit(pk=pk, code=code, parent=made.get(parent), order=pk, **said)
        unit.derive()
        made[code] = unit
    return list(made.values())


SIMPLE = (("R", None), ("A", "R"), ("A1", "A"), ("A2", "A"), ("B", "R"), ("C", "R"))


def step(kind, *sources, **fields):
    if kind in ("create", "split", "merge", "rename") and "name_vi" not in fields:
        fields["name_vi"] = f"Tên {fields.get('code', 'mới')}"
    if kind == "create":
        fields = {"unit_kind": "region"} | fields
    return ReorganisationStep(kind=kind, sources=list(sources), **fields)


def objections(*steps, rows=SIMPLE, day=DAY, within=None):
    units = tree(*rows)
    scope = next((u for u in units if u.code == within), None)
    return [(o.step, o.words) for o in plan(units, steps, day, within=scope).objections]


def test_a_rename_takes_the_branch_along_row_by_row():
    outcome = plan(tree(*SIMPLE), [step("rename", "A", name_vi="Đơn vị A mới")], DAY)

    assert outcome.objections == []
    assert [u.code for u in outcome.ended] == ["A", "A1", "A2"]
    assert [(u.code, u.path, u.name_vi) for u in outcome.begun] == [
        ("A.26", "/R/A.26/", "Đơn vị A mới"),
        ("A1.26", "/R/A.26/A1.26/", "Đơn vị A1"),
        ("A2.26", "/R/A.26/A2.26/", "Đơn vị A2"),
    ]


def test_a_merger_takes_all_branches_and_a_step_of_ones_own_goes_before():
    steps = [step("merge", "A", "B", code="AB"), step("dissolve", "A1"), step("move", "A2", parent_code="C")]
    outcome = plan(tree(*SIMPLE), steps, DAY)

    assert outcome.objections == []
    assert [u.path for u in outcome.begun] == ["/R/AB/", "/R/C/A2.26/"]
    assert {code: [h.unit.code for h in heirs] for code, heirs in outcome.heirs.items()} == {
        "A": ["AB"],
        "B": ["AB"],
        "A1": [],
        "A2": ["A2.26"],
    }


def test_a_unit_goes_into_a_standing_one_by_its_code_alone():
    outcome = plan(tree(*SIMPLE), [step("merge", "A", code="B", name_vi="")], DAY)

    assert outcome.objections == []
    assert [u.path for u in outcome.begun] == ["/R/B/A1.26/", "/R/B/A2.26/"]


def test_a_split_names_who_takes_what():
    steps = [step("split", "B", code="B1", people=True, papers=True), step("split", "B", code="B2")]
    heirs = plan(tree(*SIMPLE), steps, DAY).heirs["B"]

    assert [(h.unit.code, h.people, h.roles, h.papers) for h in heirs] == [
        ("B1", True, "none", True),
        ("B2", False, "none", False),
    ]


def test_a_later_step_may_stand_below_what_an_earlier_one_begins():
    steps = [step("create", code="N", parent_code="R"), step("move", "B", parent_code="N")]

    assert [u.path for u in plan(tree(*SIMPLE), steps, DAY).begun] == ["/R/N/", "/R/N/B.26/"]


ENDED = ("E", "R", {"valid_to": date(2026, 1, 1)})
ENDING = ("E", "R", {"valid_to": date(2026, 12, 31)})
YOUNG = ("Y", "R", {"valid_from": date(2026, 8, 1)})

WRONG = [
    ((), None, "chưa có bước nào"),
    ((step("rename", "X"),), 1, "không có đơn vị nào mang mã X"),
    ((step("dissolve", "A"),), 1, "A1 còn nằm dưới A"),
    ((step("split", "A", code="S"), step("split", "A", code="T")), 1, "A1 còn nằm dưới A"),
    ((step("split", "B", code="S"),), 1, "ít nhất hai bước"),
    ((step("move", "A", parent_code="A1"),), 1, "xuống dưới chính nó"),
    ((step("move", "A", parent_code="A"),), 1, "xuống dưới chính nó"),
    ((step("create", code="N", parent_code="N"),), 1, "cấp trên của chính nó"),
    ((step("create", code="B", parent_code="R"),), 1, "mã B đã có đơn vị dùng"),
    ((step("create", code="N", parent_code="R"), step("create", code="N", parent_code="R")), 2, "bước 1 dùng"),
    ((step("create", code="mã mới", parent_code="R"),), 1, "không hợp lệ"),
    ((step("create", code="N", parent_code="X"),), 1, "không có đơn vị cấp trên nào mang mã X"),
    ((step("create", code="N", parent_code="M"), step("create", code="M", parent_code="R")), 1, "do bước 2 lập"),
    ((step("dissolve", "B"), step("create", code="N", parent_code="B")), 2, "B kết thúc theo phương án này"),
    ((step("rename", "B"), step("create", code="N", parent_code="B")), 2, "hãy ghi B.26"),
    ((step("rename", "B"), step("dissolve", "B")), 2, "mâu thuẫn"),
    ((step("merge", "B", code="N"),), 1, "ít nhất hai đơn vị"),
    ((step("merge", "A1", "B", code="N"),), 1, "khác cấp trên"),
    ((step("rename", "B", "C"),), 1, "đúng một đơn vị"),
    ((step("rename", "B", name_vi=""),), 1, "hãy ghi tên"),
    ((step("rename", "B", name_vi="Đơn vị B"),), 1, "tên mới trùng"),
    ((step("create", "B", code="N", parent_code="R"),), 1, "không ghi đơn vị hiện nay"),
    ((step("create", code="N"),), 1, "cấp trên"),
    ((step("create", code="N", parent_code="R", unit_kind=""),), 1, "loại đơn vị"),
    ((step("move", "B"),), 1, "cấp trên"),
    ((step("dissolve", "B", code="N"),), 1, "không có đơn vị mới"),
    ((step("dissolve"),), 1, "ghi đơn vị giải thể"),
    ((step("dissolve", "B", "B"),), 1, "ghi hai lần"),
    ((step("rename", "R"),), 1, "đơn vị gốc"),
    (
        (step("split", "B", code="S", people=True), step("split", "B", code="T", people=True)),
        2,
        "chỉ một đơn vị nhận được",
    ),
]


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_what_may_not_be_is_told_with_its_step(number):
    steps, place, words = WRONG[number]

    found = objections(*steps)

    assert any(n == place and words in said for n, said in found), found


def test_days_decide():
    def told(rows, *steps, day=DAY):
        return " ".join(words for _n, words in objections(*steps, rows=rows, day=day))

    assert "không tồn tại vào ngày 30/06/2026" in told((*SIMPLE, ENDED), step("dissolve", "E"))
    assert "kết thúc ngày 31/12/2026" in told((*SIMPLE, ENDING), step("dissolve", "E"))
    assert "không tồn tại" in told((*SIMPLE, YOUNG), step("dissolve", "Y"))
    assert "chỉ có từ ngày 01/08/2026" in told((*SIMPLE, YOUNG), step("create", code="N", parent_code="Y"))
    assert "kết thúc ngày 31/12/2026" in told((*SIMPLE, ENDING), step("create", code="N", parent_code="E"))
    late = (*SIMPLE, ("A3", "A", {"valid_from": DAY + timedelta(days=9)}))
    assert "hãy chọn ngày sau đó" in told(late, step("rename", "A"))
    assert told(late, step("rename", "A"), day=DAY + timedelta(days=10)) == ""
    just = (*SIMPLE, ("Y", "R", {"valid_from": DAY - timedelta(days=1)}))
    assert told(just, step("dissolve", "Y")) == ""


def test_nothing_outside_the_scope_is_touched():
    assert objections(step("dissolve", "A1"), within="A") == []
    for steps in (
        [step("dissolve", "A"), step("dissolve", "A1", "A2")],
        [step("dissolve", "B")],
        [step("create", code="N", parent_code="B")],
        [step("move", "A1", parent_code="B")],
        [step("merge", "A1", code="B", name_vi="")],
    ):
        assert any("ngoài phạm vi" in words for _n, words in objections(*steps, within="A"))


def test_a_code_that_is_taken_gets_a_letter_and_never_grows_too_long():
    taken = {"a.26", "a.26b"}
    assert next_code("A", DAY, taken) == "A.26c"
    assert next_code("A.25", DAY, taken) == "A.26c"
    assert len(next_code("A" * 20, DAY, set())) <= 20


def test_the_preview_shows_what_changes_and_counts_the_rest():
    units = tree(*SIMPLE)
    outcome = plan(units, [step("merge", "B", "C", code="BC"), step("create", code="N", parent_code="A")], DAY)

    before, after = before_and_after(units, outcome, DAY)

    def told(nodes, depth=0):
        for node in nodes:
            yield (depth, node.unit.code, node.words, node.unchanged)
            yield from told(node.below, depth + 1)

    assert list(told(before)) == [
        (0, "R", "", 1),
        (1, "B", "hợp nhất thành", 0),
        (1, "C", "hợp nhất thành", 0),
    ]
    assert list(told(after)) == [
        (0, "R", "", 0),
        (1, "A", "", 2),
        (2, "N", "lập mới", 0),
        (1, "BC", "hợp nhất từ", 0),
    ]
