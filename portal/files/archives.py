"""The one door of every Office file: what is in the archive is counted, named and read before a library sees it."""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote
from xml.parsers import expat

MAX_ENTRIES = 2000
MAX_UNPACKED = 200 * 1024 * 1024  # of all entries, counted while inflating: what headers say is not believed
MAX_RATIO = 100  # unpacked to packed, of an entry larger than RATIO_FROM; real sheets reach about 50
RATIO_FROM = 1024 * 1024
CHUNK = 64 * 1024
_TAIL = 64 * 1024 + 22  # an archive behind a picture ends with its directory, at most this far from the end
_GAP = 24  # what a packer may leave behind an entry: its sizes once more

_LOCAL, _DIRECTORY_END = b"PK\x03\x04", b"PK\x05\x06"
_PACKED = (_LOCAL, _DIRECTORY_END, b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"MSCF")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROGRAM = (b"MZ", b"\x7fELF", b"%PDF-")

_MACRO_NAMES = ("vbaproject", "vbadata.xml", "macrosheets/", "dialogsheets/", "activex/")
_MACRO_TYPES = ("macroenabled", "vbaproject", "macrosheet", "dialogsheet", "activex")
# relationships by the last word of their type: parts of other formats, other documents, controls, live data
_FOREIGN_PARTS = {"oleobject", "package", "afchunk", "subdocument", "frame", "embeddedobject", "connections"}
_MACRO_PARTS = {"vbaproject", "wordvbadata", "control", "activexcontrolbinary", "xlmacrosheet", "xlintlmacrosheet"}
_HARMLESS = "hyperlink"  # followed only when a person clicks
_LOCAL_PATH = re.compile(r"(file:///)?[A-Za-z]:[\\/]|(?![a-z][a-z0-9+.-]*:|[\\/]{2}|/\\)", re.IGNORECASE)
_FIELDS = {"DDE", "DDEAUTO", "INCLUDE", "INCLUDETEXT", "INCLUDEPICTURE", "IMPORT", "LINK", "DATABASE", "RD", "EMBED"}
# what zipfile raises when it meets a broken or strangely packed archive
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, struct.error)


class Fault(Exception):
    """What is wrong, as one word: broken, large, locked, macro, nested, fetches."""


@dataclass
class Contents:
    """What is in an Office file that was let in."""

    sizes: dict[str, int] = field(default_factory=dict)  # unpacked, as counted
    types: dict[str, str] = field(default_factory=dict)  # part → content type, both in small letters


def examine(file: Any) -> Contents:
    """Read the whole archive once, in little memory; raises Fault."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _named(entries)
            begins = _side_by_side(file, archive, entries)
            found = Contents()
            left = MAX_UNPACKED
            for entry in entries:
                found.sizes[entry.filename] = _read(file, entry, begins[entry.filename], left, found)
                left -= found.sizes[entry.filename]
            return found
    except _UNREADABLE as error:
        raise Fault("broken") from error
    finally:
        file.seek(0)


def hides_archive(file: Any) -> bool:
    """Whether an archive is appended to a file of another kind."""
    file.seek(0)
    try:
        return zipfile.is_zipfile(file)
    finally:
        file.seek(0)


def _named(entries: list[zipfile.ZipInfo]) -> None:
    """Not too many, no name twice, none that leads out of the archive, nothing but files that are not locked."""
    if len(entries) > MAX_ENTRIES:
        raise Fault("large")
    seen = set()
    for entry in entries:
        name = entry.filename.replace("\\", "/")
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if name.startswith("/") or ":" in name.split("/")[0] or ".." in name.split("/") or "\0" in entry.orig_filename:
            raise Fault("broken")
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR) or entry.compress_type not in (0, zipfile.ZIP_DEFLATED):
            raise Fault("broken")
        if entry.flag_bits & 0x2041:  # encrypted, strongly encrypted, encrypted directory
            raise Fault("locked")
        if name.casefold() in seen:
            raise Fault("broken")
        seen.add(name.casefold())
        if any(part in name.lower() for part in _MACRO_NAMES):
            raise Fault("macro")


def _side_by_side(file: Any, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> dict[str, int]:
    """Where the content of each entry begins.

    Entries fill the file from its first byte to the directory: none lies over another, nothing lies between.
    """
    end, begins = 0, {}
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        file.seek(entry.header_offset)
        head = struct.unpack("<4s5H3I2H", file.read(30))
        name = file.read(head[9])
        if head[0] != _LOCAL or head[3] != entry.compress_type or head[2] & 0x2041:
            raise Fault("broken")
        if name not in (entry.orig_filename.encode(), entry.orig_filename.encode("cp437", "replace")):
            raise Fault("broken")
        if not end <= entry.header_offset <= (end + _GAP if end else 0):
            raise Fault("broken")
        begins[entry.filename] = entry.header_offset + 30 + head[9] + head[10]
        end = begins[entry.filename] + entry.compress_size
    file.seek(-22, io.SEEK_END)
    tail = file.read()
    if not end <= archive.start_dir <= end + _GAP or not tail.startswith(_DIRECTORY_END) or tail[-2:] != b"\0\0":
        raise Fault("broken")
    return begins


def _inflated(file: Any, entry: zipfile.ZipInfo, begin: int) -> Iterator[bytes]:
    """The content in pieces of at most CHUNK bytes, whatever the headers say of its size."""
    file.seek(begin)
    left = entry.compress_size
    engine = zlib.decompressobj(-15) if entry.compress_type else None
    while left and not (engine and engine.eof):
        piece = file.read(min(left, CHUNK))
        if not piece:
            raise Fault("broken")
        left -= len(piece)
        if engine is None:
            yield piece
            continue
        while piece and not engine.eof:
            yield engine.decompress(piece, CHUNK)
            piece = engine.unconsumed_tail
        if engine.unused_data:
            raise Fault("broken")
    if left or (engine and not engine.eof and entry.compress_size):
        raise Fault("broken")


def _read(file: Any, entry: zipfile.ZipInfo, begin: int, allowed: int, found: Contents) -> int:
    """How large the entry is; its content was looked at on the way."""
    size, crc, tail = 0, 0, b""
    reader: _Xml | None = None
    for piece in _inflated(file, entry, begin):
        if not piece:
            continue
        if not size:
            reader = _reader_for(entry.filename, piece, found)
        size += len(piece)
        crc = zlib.crc32(piece, crc)
        if size > allowed or (size > RATIO_FROM and size > MAX_RATIO * entry.compress_size):
            raise Fault("large")
        if reader:
            reader.feed(piece)
        else:
            tail = (tail + piece)[-_TAIL:]
    if size != entry.file_size or crc != entry.CRC:
        raise Fault("broken")
    if reader:
        reader.close()
    elif _DIRECTORY_END in tail:
        raise Fault("nested")
    return size


def _reader_for(name: str, head: bytes, found: Contents) -> _Xml | None:
    """Something that reads the part if it is XML by name or by content; None for pictures and the like."""
    if head.startswith((*_PACKED, _OLE, *_PROGRAM)):
        raise Fault("nested")
    lower = name.lower()
    if lower.endswith((".xml", ".rels", ".vml")) or head[:200].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(
        b"<"
    ):
        return _Xml(lower, found)
    return None


class _Xml:
    """Reads one part: no document type, no entity, and in the parts that can fetch or run something, none of that."""

    def __init__(self, name: str, found: Contents):
        self.name, self.types = name, found.types
        self.lenient = name.endswith(".vml")  # Excel itself writes <br> there without an end
        self.seen = b""
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self.parser.EntityDeclHandler = self._declares
        if name == "[content_types].xml":
            self.parser.StartElementHandler = self._typed
        elif name.endswith(".rels"):
            self.parser.StartElementHandler = self._related
        elif name.startswith("word/"):
            self.fields: list[str] = []  # the instructions of the fields that are open
            self.parser.StartElementHandler, self.parser.EndElementHandler = self._word, self._word_end
            self.parser.CharacterDataHandler = self._word_text
            self.writing = False
        elif "externallinks/" in name:
            self.parser.StartElementHandler = self._linked

    def feed(self, piece: bytes, final: bool = False) -> None:
        if self.lenient:  # searched as it is, in one byte and in two bytes a letter
            self.seen = (self.seen + piece.replace(b"\0", b""))[-CHUNK - 16 :]
            if re.search(rb"<!(DOCTYPE|ENTITY)", self.seen, re.IGNORECASE):
                raise Fault("broken")
            return
        try:
            self.parser.Parse(piece, final)
        except expat.ExpatError as error:
            raise Fault("broken") from error

    def close(self) -> None:
        self.feed(b"", True)

    def _declares(self, *_said: Any) -> None:
        raise Fault("broken")

    def _typed(self, tag: str, said: dict[str, str]) -> None:
        kind = said.get("ContentType", "").lower()
        if any(word in kind for word in _MACRO_TYPES):
            raise Fault("macro")
        self.types[said.get("PartName", "").lower().lstrip("/")] = kind

    def _related(self, tag: str, said: dict[str, str]) -> None:
        kind = said.get("Type", "").rpartition("/")[2].lower()
        if kind in _MACRO_PARTS:
            raise Fault("macro")
        if kind in _FOREIGN_PARTS:
            raise Fault("nested")
        target = unquote(said.get("Target", "")).strip()
        if kind != _HARMLESS and (said.get("TargetMode", "").lower() == "external" or ":" in target):
            if not _LOCAL_PATH.match(target):
                raise Fault("fetches")

    def _linked(self, tag: str, said: dict[str, str]) -> None:
        if tag.rpartition(" ")[2] in ("ddeLink", "oleLink"):
            raise Fault("fetches")

    # --- fields of Word: an instruction may be cut into many runs, and fields may stand in one another ---

    def _word(self, tag: str, said: dict[str, str]) -> None:
        local = tag.rpartition(" ")[2]
        values = {name.rpartition(" ")[2]: value for name, value in said.items()}
        if local == "altChunk":
            raise Fault("nested")
        if local == "fldSimple":
            _instruction(values.get("instr", ""))
        elif local == "fldChar":
            kind = values.get("fldCharType")
            if kind == "begin":
                if self.fields and not self.fields[-1].strip():  # its instruction is to be put together by another
                    raise Fault("fetches")
                self.fields.append("")
            elif self.fields and kind in ("separate", "end"):
                _instruction(self.fields[-1])
                if kind == "end":
                    self.fields.pop()
        self.writing = local == "instrText"

    def _word_end(self, tag: str) -> None:
        self.writing = False

    def _word_text(self, text: str) -> None:
        if self.writing and self.fields:
            self.fields[-1] = (self.fields[-1] + text)[:1000]
        elif self.writing:
            _instruction(text)


def _instruction(text: str) -> None:
    """The first word of a field says what it does; some bring in what lies elsewhere."""
    words = text.split(None, 1)
    if words and words[0].strip("\"'\\").upper() in _FIELDS:
        raise Fault("fetches")
