"""A paper as DOCX: the master that the portal ships, made of the wording, and any master filled with fields."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from docxtpl import DocxTemplate
from lxml import etree

from portal.papers import wording
from portal.papers.filling import XML
from portal.papers.wording import LONG, MARGINS, STYLES, Block, Columns, Only, Repeat, Style, Table, Text, Wording

MOMENT = (1980, 1, 1, 0, 0, 0)  # of every entry, so that a paper made again is the same to the byte
FACE = "Times New Roman"
FILLED = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")

_ROW, _TAG = re.compile(r"<w:tr[ >].*?</w:tr>", re.DOTALL), re.compile(r"<[^>]+>")

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_P = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"


# --- filling ---


def fill(master: bytes, data: dict[str, Any]) -> bytes:
    """The master with the fields of this data.

    docxtpl reads the tags that Word cut into runs; its own way of writing takes ten times as long, and the time of
    day into the file.
    """
    return _packed((name, fill_part(part, data) if FILLED.fullmatch(name) else part) for name, part in parts(master))


def parts(master: bytes) -> Iterator[tuple[str, bytes]]:
    """What is in a Word file, by name."""
    with zipfile.ZipFile(io.BytesIO(master)) as archive:
        for entry in archive.infolist():
            if not entry.is_dir():
                yield entry.filename, archive.read(entry)


def template(part: bytes) -> str:
    """The part as Jinja reads it."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    said = etree.tostring(etree.fromstring(part, parser), encoding="unicode")
    patched: str = DocxTemplate(io.BytesIO()).patch_xml(said)
    return patched


def fill_part(part: bytes, data: dict[str, Any]) -> bytes:
    """One part with its fields; one without any is left as it is."""
    if b"{" not in part:
        return part
    filled = XML.from_string(template(part)).render(data)
    return (_XML + _ROW.sub(_may_be_cut, filled)).encode()


def _may_be_cut(row: re.Match[str]) -> str:
    """A row that could be higher than a page is let go over two, for some programs cut off what they may not split."""
    whole = row.group()
    return whole.replace("<w:cantSplit/>", "") if len(_TAG.sub("", whole)) > LONG else whole


def _packed(entries: Iterable[tuple[str, bytes]]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in entries:
            entry = zipfile.ZipInfo(name, MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return made.getvalue()


# --- the master that the portal ships ---


@cache
def shipped(kind: str) -> bytes:
    """The master made of the wording."""
    said = wording.of(kind)
    return _packed((name, (_XML + part).encode()) for name, part in _parts(said))


def _parts(said: Wording) -> Iterator[tuple[str, str]]:
    types = {
        "word/document.xml": f"{_OFFICE}.document.main+xml",
        "word/styles.xml": f"{_OFFICE}.styles+xml",
        "word/header1.xml": f"{_OFFICE}.header+xml",
    }
    overrides = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in types.items())
    yield (
        "[Content_Types].xml",
        f'<Types xmlns="{_P}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>',
    )
    yield "_rels/.rels", _related(("officeDocument", "word/document.xml"))
    yield "word/_rels/document.xml.rels", _related(("styles", "styles.xml"), ("header", "header1.xml"))
    yield "word/styles.xml", _styles()
    yield "word/header1.xml", _header()
    body = "".join(_written(said.blocks, said.width))
    yield (
        "word/document.xml",
        f'<w:document xmlns:w="{W}" xmlns:r="{_R}"><w:body>{body}{_section(said)}</w:body></w:document>',
    )


def _related(*targets: tuple[str, str]) -> str:
    rows = "".join(
        f'<Relationship Id="rId{place}" Type="{_R}/{kind}" Target="{target}"/>'
        for place, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_P}/relationships">{rows}</Relationships>'


def _twips(mm: float) -> int:
    return round(mm * 1440 / 25.4)


def _section(said: Wording) -> str:
    """The page; the number of the page stands above it, from the second on."""
    width, height = (16838, 11906) if said.landscape else (11906, 16838)
    turned = ' w:orient="landscape"' if said.landscape else ""
    edges = " ".join(f'w:{side}="{_twips(mm)}"' for side, mm in MARGINS.items())
    return (
        f'<w:sectPr><w:headerReference w:type="default" r:id="rId2"/><w:pgSz w:w="{width}" w:h="{height}"{turned}/>'
        f'<w:pgMar {edges} w:header="{_twips(10)}" w:footer="{_twips(10)}" w:gutter="0"/><w:titlePg/></w:sectPr>'
    )


def _header() -> str:
    return (
        f'<w:hdr xmlns:w="{W}"><w:p><w:pPr><w:pStyle w:val="number"/></w:pPr>'
        '<w:fldSimple w:instr="PAGE"><w:r><w:t>2</w:t></w:r></w:fldSimple></w:p></w:hdr>'
    )


def _styles() -> str:
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="{FACE}" w:hAnsi="{FACE}" w:cs="{FACE}" '
        f'w:eastAsia="{FACE}"/><w:sz w:val="28"/><w:lang w:val="vi-VN"/></w:rPr></w:rPrDefault></w:docDefaults>'
    )
    return f'<w:styles xmlns:w="{W}">{defaults}{"".join(_style(*each) for each in STYLES.items())}</w:styles>'


def _style(name: str, style: Style) -> str:
    """The order of the elements is that of the schema, which Word insists on."""
    told = "<w:keepNext/>" * style.keep
    line = f'w:line="{250 if style.size < 14 else 269}" w:lineRule="auto"'
    told += f'<w:spacing w:before="{round(style.before * 20)}" w:after="0" {line}/>'
    told += f'<w:ind w:firstLine="{_twips(style.indent)}"/>' * bool(style.indent) + f'<w:jc w:val="{style.align}"/>'
    told += f'<w:outlineLvl w:val="{style.level - 1}"/>' * bool(style.level)
    letters = "<w:b/>" * style.bold + "<w:i/>" * style.italic + f'<w:sz w:val="{round(style.size * 2)}"/>'
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{name}"><w:name w:val="{name}"/>'
        f"<w:pPr>{told}</w:pPr><w:rPr>{letters}</w:rPr></w:style>"
    )


def _written(blocks: tuple[Block, ...], width: float) -> Iterator[str]:
    for block in blocks:
        match block:
            case Text():
                yield _paragraph(block, width)
            case Repeat():
                yield from (_command(f"p for {block.loop}"), *_written(block.blocks, width), _command("p endfor"))
            case Only():
                yield from (_command(f"p if {block.condition}"), *_written(block.blocks, width), _command("p endif"))
            case Columns():
                yield _beside(block, width)
            case Table():
                yield _table(block, width)


def _run(text: str, letters: str = "") -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'<w:r><w:rPr>{letters}</w:rPr><w:t xml:space="preserve">{escaped}</w:t></w:r>' if text else ""


def _command(text: str) -> str:
    return f"<w:p>{_run('{%' + text + ' %}')}</w:p>"


def _paragraph(text: Text, width: float) -> str:
    style, told = STYLES[text.style], f'<w:pStyle w:val="{text.style}"/>'
    if style.rule:  # a line is the edge of a paragraph that is set in from both sides
        told += '<w:pBdr><w:top w:val="single" w:sz="6" w:space="1" w:color="000000"/></w:pBdr>'
    if not text.text:  # as high as its letters would be
        told += (
            f'<w:spacing w:before="{round(style.before * 20)}" w:line="{round(style.size * 20)}" w:lineRule="exact"/>'
        )
    if style.rule:
        aside = _twips(width * (1 - style.rule) / 2)
        told += f'<w:ind w:left="{aside}" w:right="{aside}"/>'
    return f"<w:p><w:pPr>{told}</w:pPr>{_run(text.lead, '<w:b/>')}{_run(text.text)}</w:p>"


def _beside(columns: Columns, width: float) -> str:
    shares = [width * share / sum(columns.widths) for share in columns.widths]
    cells = (
        f"<w:tc>{_cell_width(share)}{''.join(_written(cell, share))}</w:tc>"
        for share, cell in zip(shares, columns.cells, strict=True)
    )
    return _grid(shares, f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>", lined=False)


def _table(table: Table, width: float) -> str:
    shares = [width * c.width / sum(each.width for each in table.columns) for c in table.columns]
    all_of_them = f'<w:gridSpan w:val="{len(shares)}"/>'

    def across(paragraph: str) -> str:
        return f"<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc>{_cell_width(width, all_of_them)}{paragraph}</w:tc></w:tr>"

    def row(told: str, cells: Iterable[Text]) -> str:
        made = (f"<w:tc>{_cell_width(s)}{_paragraph(c, s)}</w:tc>" for s, c in zip(shares, cells, strict=True))
        return f"<w:tr><w:trPr><w:cantSplit/>{told}</w:trPr>{''.join(made)}</w:tr>"

    rows = row("<w:tblHeader/>", (Text(c.head, "head") for c in table.columns))
    rows += across(_command(f"tr for {table.loop}"))
    rows += row("", (Text(c.cell, c.style) for c in table.columns)) + across(_command("tr endfor"))
    if table.total:
        rows += across(_paragraph(Text(table.total, "total"), width))
    return _grid(shares, rows, lined=True)


def _cell_width(mm: float, span: str = "") -> str:
    return f'<w:tcPr><w:tcW w:w="{_twips(mm)}" w:type="dxa"/>{span}</w:tcPr>'


def _grid(shares: list[float], rows: str, *, lined: bool) -> str:
    line = 'w:val="single" w:sz="4" w:space="0" w:color="000000"'
    borders = "".join(f"<w:{side} {line}/>" for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    edge = _twips(1.5 if lined else 0)
    room = {"top": edge // 2, "left": edge, "bottom": edge // 2, "right": edge}
    cell = "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in room.items())
    columns = "".join(f'<w:gridCol w:w="{_twips(share)}"/>' for share in shares)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{_twips(sum(shares))}" w:type="dxa"/>'
        f'<w:tblInd w:w="{edge}" w:type="dxa"/>'
        f"{f'<w:tblBorders>{borders}</w:tblBorders>' * lined}"
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{cell}</w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
    )
