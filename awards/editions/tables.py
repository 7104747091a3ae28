"""An edition as tables, and the places in it: `award/3/conditions/2` is the third condition of the fourth award."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awards.law.standards import Edition, Unlawful
from awards.law.standards.reading import understood
from awards.law.standards.writing import written
from portal.flow import Refused
from portal.web.parameters import number

NEW = "new"
MOST = 2_000  # rows of one list
Law = dict[str, Any]
# what stands at a place, by the place with # for numbers: its words for one row
KINDS = {
    "edition": gettext_lazy("Thông tin chung"),
    "transition": gettext_lazy("Điều khoản chuyển tiếp"),
    "documents/*": gettext_lazy("Văn bản"),
    "every/#": gettext_lazy("Điều kiện chung"),
    "part/#": gettext_lazy("Thành phần hồ sơ"),
    "simplified/#": gettext_lazy("Thành phần hồ sơ theo thủ tục đơn giản"),
    "form/#": gettext_lazy("Mẫu báo cáo"),
    "report/#": gettext_lazy("Mục của báo cáo thành tích"),
    "principle/#": gettext_lazy("Nguyên tắc"),
    "deadline/#": gettext_lazy("Thời hạn"),
    "missing/#": gettext_lazy("Điểm còn phải bổ sung"),
    "award/#": gettext_lazy("Danh hiệu, hình thức"),
    "award/#/authority": gettext_lazy("Thẩm quyền quyết định"),
    "award/#/conditions/#": gettext_lazy("Điều kiện"),
    "award/#/quota": gettext_lazy("Tỷ lệ"),
    "award/#/vote": gettext_lazy("Tỷ lệ phiếu"),
    "award/#/bonus": gettext_lazy("Tiền thưởng"),
    "award/#/copies": gettext_lazy("Số bộ hồ sơ"),
    "award/#/outsiders": gettext_lazy("Tặng cả người ngoài ngành"),
    "award/#/missing/#": gettext_lazy("Điểm còn phải bổ sung"),
    "award/#/conditions/#/posts/#": gettext_lazy("Chức vụ và số năm giữ chức vụ"),
    "award/#/conditions/#/options/#/#": gettext_lazy("Một yêu cầu trong các cách đạt"),
}
SINGLE = ("transition", "quota", "vote", "bonus", "copies", "outsiders")  # stand or fall as a whole
KEPT = ("edition", "authority")  # without them nothing can be read


class NoPlace(LookupError):
    """The edition has nothing of the kind there."""


def read(text: str) -> Law:
    """The tables of an edition's text."""
    return tomllib.loads(text)


def steps_to(place: str) -> list[str]:
    """The place step by step; the short name of a document may hold a stroke itself."""
    return place.split("/", 1 if place.startswith("documents/") else -1)


def kind_of(place: str) -> str:
    """The row of KINDS to which the place belongs."""
    if place.startswith("documents/"):
        return "documents/*"
    parts = ["#" if part == NEW or number(part, MOST) is not None else part for part in steps_to(place)]
    kind = "/".join(parts)
    if kind not in KINDS:
        raise NoPlace(place)
    return kind


def _step(within: Any, part: str) -> Any:
    if isinstance(within, list):
        place = number(part, MOST)
        if place is None or place >= len(within):
            raise NoPlace(part)
        return within[place]
    if not isinstance(within, dict) or part not in within:
        raise NoPlace(part)
    return within[part]


def row_at(law: Law, place: str) -> dict[str, Any]:
    """The row that stands there; an empty one where it is new, or may be left out and is."""
    kind_of(place)
    *before, last = steps_to(place)
    within: Any = law
    for index, part in enumerate(before):
        if isinstance(within, dict) and part not in within and index == len(before) - 1:
            return {}  # the first row of a list that does not stand yet
        within = _step(within, part)
    if last == NEW or (last in SINGLE and isinstance(within, dict) and last not in within):
        return {}
    found = _step(within, last)
    if not isinstance(found, dict):
        raise NoPlace(place)
    return found


def with_row(law: Law, place: str, row: dict[str, Any], name: str = "") -> Law:
    """The edition with this row there; `name` is under which a new document stands."""
    law = deepcopy(law)
    *before, last = steps_to(place)
    within: Any = law
    for part in before:
        if isinstance(within, dict) and part not in within:
            within[part] = {} if part == "documents" else []
        within = _step(within, part)
    if isinstance(within, list):
        if last == NEW:
            within.append(row)
        else:
            _step(within, last)
            within[int(last)] = row
    else:
        within[name if last == NEW else last] = row
    return law


def without_row(law: Law, place: str) -> Law:
    """The edition without what stands there."""
    law = deepcopy(law)
    row_at(law, place)
    *before, last = steps_to(place)
    if last in KEPT or last == NEW:
        raise Refused([_("Phần này của bộ quy định không bỏ được.")])
    holders: list[tuple[Any, str]] = []
    within: Any = law
    for part in before:
        holders.append((within, part))
        within = _step(within, part)
    del within[int(last) if isinstance(within, list) else last]
    for holder, part in reversed(holders):  # a list without rows does not stand in a file
        if holder[int(part) if isinstance(holder, list) else part] in ([], {}) and part != "conditions":
            del holder[int(part) if isinstance(holder, list) else part]
    return law


def checked(law: Law) -> tuple[str, Edition]:
    """The text of these tables and the edition that it is; raises Refused where it cannot be read as one."""
    text = written(law)
    return text, edition_in(text)


def edition_in(text: str) -> Edition:
    """The edition that the text is; raises Refused with what is wrong where it is none."""
    try:
        return understood(text, _("Bộ quy định"))
    except (Unlawful, RecursionError) as error:
        raise Refused([_("Bộ quy định chưa đọc được: %s") % error]) from error


def name_of(law: Law, place: str) -> str:
    """What stands there, in words: the kind of row, below the award to which it belongs."""
    said = str(KINDS[kind_of(place)])
    parts = steps_to(place)
    if parts[0] != "award" or len(parts) == 2:
        return said
    award = row_at(law, "/".join(parts[:2]))
    return f"{award.get('name', '')} – {said}"


def places(law: Law) -> Iterator[str]:
    """Every place at which a row stands."""
    for name, rows in law.items():
        if name == "documents":
            yield from (f"documents/{code}" for code in rows)
        elif name in KINDS:
            yield name
        elif f"{name}/#" in KINDS:
            for index, row in enumerate(rows):
                yield f"{name}/{index}"
                yield from _inner(f"{name}/{index}", row)


def _inner(place: str, row: dict[str, Any]) -> Iterator[str]:
    for name in ("authority", *SINGLE):
        if name in row:
            yield f"{place}/{name}"
    for name in ("conditions", "missing"):
        for index, inner in enumerate(row.get(name, [])):
            yield f"{place}/{name}/{index}"
            yield from (f"{place}/{name}/{index}/posts/{post}" for post in range(len(inner.get("posts", []))))
            for way, needs in enumerate(inner.get("options", [])):
                yield from (f"{place}/{name}/{index}/options/{way}/{need}" for need in range(len(needs)))
