"""What a Word master that somebody brings may hold: fields that are known, loops and conditions over them, no more."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from jinja2 import TemplateError, TemplateSyntaxError, nodes
from lxml import etree

from portal.papers import word
from portal.papers.base import Paper, Shape
from portal.papers.filling import XML

MOST_BYTES = 1024 * 1024  # of one part, unpacked: a master is a page or two
MOST_LOOPS, MOST_REPEATED = 30, 50_000  # loops of a master; letters that a loop may repeat for each of 5,000 rows
NEAR = 60  # letters shown of the place where something is wrong

_NODES = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.For, nodes.If),
    *(nodes.Const, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not),
)
_LOOP = {"index": None, "first": None, "last": None, "length": None}  # what docxtpl's own tags ask of a loop


@dataclass
class Found:
    """What a master holds: what is wrong with it, and the fields that it names."""

    faults: list[str] = field(default_factory=list)
    named: set[str] = field(default_factory=set)

    def wrong(self, words: str) -> None:
        if words not in self.faults:
            self.faults.append(words)


def look(master: bytes, paper: Paper) -> Found:
    """Read all parts that are filled, and fill them once with the paper's example."""
    found = Found()
    for name, part in word.parts(master):
        if name.endswith(".rels") and b'TargetMode="External"' in part:
            found.wrong(_("Tệp có liên kết ra ngoài (trang mạng, tệp khác). Hãy bỏ liên kết, chỉ giữ lại chữ."))
        if not word.FILLED.fullmatch(name):
            continue
        if len(part) > MOST_BYTES:
            found.wrong(_("Nội dung mẫu quá dài. Hãy chỉ giữ lại phần chữ của văn bản."))
            return found
        _read(part, paper, found)
    if not found.named and not found.faults:
        found.wrong(_("Mẫu không ghi trường nào, nên mọi văn bản sẽ giống nhau."))
    if not found.faults and not _can_be_filled(master, paper):
        found.wrong(_("Không lập được văn bản thử từ mẫu này: một lệnh nằm sai chỗ trong bảng hoặc trong đoạn."))
    return found


def _can_be_filled(master: bytes, paper: Paper) -> bool:
    """Whether the example comes out whole, with no mark of a command left in it."""
    try:
        filled = dict(word.parts(word.fill(master, paper.example)))
        texts = [etree.fromstring(part).itertext() for name, part in filled.items() if word.FILLED.fullmatch(name)]
    except (etree.XMLSyntaxError, TemplateError, ValueError, TypeError):
        return False
    return not any(mark in "".join(text) for text in texts for mark in ("{{", "}}", "{%", "%}"))


def _read(part: bytes, paper: Paper, found: Found) -> None:
    try:
        text = re.sub(r"<w:p([ >])", r"\n<w:p\1", word.template(part))
        tree = XML.parse(text)
    except TemplateSyntaxError as error:
        near = re.sub(r"<[^>]+>", "", text.splitlines()[error.lineno - 1]).strip()
        found.wrong(_("Lệnh viết sai, gần chỗ «%(near)s».") % {"near": near[:NEAR]})
        return
    except (etree.XMLSyntaxError, ValueError):
        found.wrong(_("Tệp bị hỏng hoặc không đọc được. Hãy mở lại, lưu lại rồi tải lên."))
        return
    loops = list(tree.find_all(nodes.For))
    repeated = (len(data.data) for loop in loops for data in loop.find_all(nodes.TemplateData))
    if len(loops) > MOST_LOOPS or max(repeated, default=0) > MOST_REPEATED:
        found.wrong(_("Mẫu lặp lại quá nhiều. Hãy để lệnh lặp chỉ bao một dòng hoặc vài đoạn."))
    _walk(tree, paper.shape, found)


def _walk(node: nodes.Node, names: Mapping[str, Shape], found: Found, *, inside: bool = False) -> None:
    """The node and those below it, where these names are known."""
    if not isinstance(node, _NODES):
        allowed = "{{ … }}, {% for … in … %}, {% if … %}"
        found.wrong(_("Mẫu dùng lệnh không được phép. Chỉ dùng được: %(allowed)s.") % {"allowed": allowed})
        return
    if isinstance(node, nodes.For):
        _loop(node, names, found, inside=inside)
        return
    if isinstance(node, nodes.Name | nodes.Getattr):
        _shape(node, names, found)
        return
    for child in node.iter_child_nodes():
        if isinstance(node, nodes.Output) and isinstance(child, nodes.Name | nodes.Getattr):
            if _shape(child, names, found) not in (None, _UNKNOWN):
                words = _("«%(field)s» là danh sách: dùng với {%% for … in … %%}.")
                found.wrong(words % {"field": _dotted(child)})
        else:
            _walk(child, names, found, inside=inside)


_UNKNOWN = object()  # the shape of what is no field; it was told already


def _loop(node: nodes.For, names: Mapping[str, Shape], found: Found, *, inside: bool) -> None:
    rows = node.iter
    listed = _shape(rows, names, found) if isinstance(rows, nodes.Name | nodes.Getattr) else None
    own = isinstance(rows, nodes.Getattr) or not inside  # a list within a list belongs to its line
    if not isinstance(node.target, nodes.Name) or node.recursive or node.test or node.else_ or not own:
        found.wrong(_("Lệnh lặp viết sai: %(loop)s.") % {"loop": _dotted(rows)})
        return
    if not isinstance(listed, list):
        if listed is not _UNKNOWN:
            found.wrong(_("«%(field)s» không phải danh sách nên không lặp được.") % {"field": _dotted(rows)})
        return
    known = {**names, node.target.name: listed[0], "loop": _LOOP}
    for child in node.body:
        _walk(child, known, found, inside=True)


def _shape(node: nodes.Node, names: Mapping[str, Shape], found: Found) -> Any:
    """What the name stands for; one that is no field is told."""
    if isinstance(node, nodes.Name):
        if node.name in names:
            found.named.add(node.name)
            return names[node.name]
    elif isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name | nodes.Getattr):
        above = _shape(node.node, names, found)
        if above is _UNKNOWN:
            return _UNKNOWN
        if isinstance(above, dict) and node.attr in above:
            return above[node.attr]
    found.wrong(_("Không có trường «%(field)s».") % {"field": _dotted(node)})
    return _UNKNOWN


def _dotted(node: nodes.Node) -> str:
    if isinstance(node, nodes.Getattr):
        return f"{_dotted(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else "…"


# --- what it looks like, in words ---


def outline(content: bytes) -> list[dict[str, Any]]:
    """The text of a filled paper in its order: paragraphs, and tables by rows."""
    body = etree.fromstring(dict(word.parts(content))["word/document.xml"]).find(f"{{{word.W}}}body")
    return [] if body is None else [shown for element in body for shown in _outlined(element)]


def _outlined(element: Any) -> list[dict[str, Any]]:
    w = f"{{{word.W}}}"
    if element.tag == f"{w}p":
        return [{"text": text}] if (text := "".join(element.itertext(f"{w}t")).strip()) else []
    if element.tag == f"{w}tbl":
        rows = [
            [" ".join("".join(p.itertext(f"{w}t")) for p in cell.iter(f"{w}p")).strip() for cell in row.iter(f"{w}tc")]
            for row in element.iter(f"{w}tr")
        ]
        return [{"rows": rows}]
    return []
