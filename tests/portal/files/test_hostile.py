"""Files made to harm: none gets past the door, each is refused in words, in little memory and time."""

import contextlib
import io
import struct
import time
import tracemalloc
import zipfile
import zlib
from functools import cache

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from portal.exchange.reading import kinds
from portal.files import archives, uploads
from tests import make

RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = f'<Types><Override PartName="/word/document.xml" ContentType="{uploads.DOCX}.main+xml"/>%s</Types>'


def archive(*entries, pack=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", pack) as made:
        for name, content in entries:
            made.writestr(name, content)
    return stream.getvalue()


def docx(*more, types="", body="<w/>", pack=zipfile.ZIP_DEFLATED):
    return archive(("[Content_Types].xml", TYPES % types), ("word/document.xml", body), *more, pack=pack)


def related(kind, target, mode="External", part="word/_rels/document.xml.rels"):
    said = f'Id="r1" Type="{RELS}/{kind}" Target="{target}"' + (f' TargetMode="{mode}"' if mode else "")
    return docx((part, f"<Relationships><Relationship {said}/></Relationships>"))


def field(*runs):
    """A field of Word whose instruction is cut into these runs."""
    inner = "".join(f'<w:r><w:instrText xml:space="preserve">{run}</w:instrText></w:r>' for run in runs)
    return docx(body=f'<w:document xmlns:w="{WORD}">{_BEGIN}{inner}{_END}</w:document>')


_BEGIN, _END = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
NESTED = (
    f'<w:document xmlns:w="{WORD}">{_BEGIN}{_BEGIN}<w:instrText>QUOTE 68 68 69</w:instrText>{_END}{_END}</w:document>'
)


def patched(content, find, offset, form, value):
    """One figure of a header is made a lie; `find` is the signature of the header."""
    content, at = bytearray(content), content.rindex(find)
    struct.pack_into(form, content, at + offset, value)
    return bytes(content)


def lying():
    """Says it unpacks to nine bytes, and unpacks to 200 MB."""
    made = docx(("word/media/a.bin", b"\0" * 200_000_000))
    made = patched(made, b"PK\x01\x02", 24, "<I", 9)
    return made.replace(b"PK\x03\x04", b"PK\x03\x04")


def overlapping():
    made = docx(("word/media/a.png", picture("PNG")), ("word/media/b.png", picture("PNG")))
    first = made.index(b"PK\x03\x04", made.index(b"word/document.xml"))
    return patched(made, b"PK\x01\x02", 42, "<I", first)


def linked(name="word/media/link"):
    entry = zipfile.ZipInfo(name)
    entry.external_attr = 0o120777 << 16
    stream = io.BytesIO(docx())
    with zipfile.ZipFile(stream, "a") as made:
        made.writestr(entry, "/etc/passwd")
    return stream.getvalue()


def locked(content):
    content = bytearray(content)
    for at in range(len(content) - 4):
        for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            if content[at : at + 4] == signature:
                content[at + offset] |= 1
    return bytes(content)


def picture(kind, size=(4, 4)):
    stream = io.BytesIO()
    Image.new("RGB", size).save(stream, kind)
    return stream.getvalue()


def huge_png():
    """The header says 50,000 × 50,000; nothing of it is there."""
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))  # noqa: E731
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


DTD = '<?xml version="1.0"%s?><!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]><w>&a;</w>'
OFFICE = {
    # the large ones are packed when a test asks for them, not in every process that collects tests
    "an entry of 200 MB of zeros": lambda: docx(("word/media/a.bin", b"\0" * 200_000_000)),
    "a header that lies": lying,
    "many entries that are large together": lambda: docx(*((f"word/a{i}.xml", b"<a>" + bytes([i + 48]) * 900_000 + b"</a>") for i in range(9)), *((f"word/media/{i}.bin", bytes(range(256)) * 4000) for i in range(230))),  # noqa: E501
    "too many entries": docx(*((f"word/media/{i}", "") for i in range(archives.MAX_ENTRIES))),
    "entries over one another": overlapping(),
    "a link": linked(),
    "a password": locked(docx()),
    "a way out": docx(("word/../../x", "x")),
    "a way out with backslashes": docx(("..\\x", "x")),
    "a drive": docx(("C:/x", "x")),
    "a root": docx(("/etc/passwd", "x")),
    "a name twice but for its case": docx(("WORD/DOCUMENT.XML", "<w/>")),
    "packed as few programs can": docx(pack=zipfile.ZIP_LZMA),
    "something before it": b"MZ" + docx(),
    "something behind it": docx() + b"<script>",
    "a comment": docx()[:-2] + b"\x08\0<script>",
    "a picture before it": picture("PNG") + docx(),
    "an archive in it": docx(("word/media/a.png", archive(("a", "b")))),
    "an archive behind a picture in it": docx(("word/media/a.png", picture("PNG") + archive(("a", "b")))),
    "a program in it": docx(("word/media/a.png", b"MZ\x90\0" + b"\0" * 60)),
    "an old document in it": docx(("word/embeddings/oleObject1.bin", archives._OLE + b"\0" * 500)),
    "a sheet in it": docx(("word/embeddings/a.xlsx", make.xlsx(["a"]).read())),
    "a macro": docx(("word/vbaProject.bin", "x")),
    "a macro under another name": docx(types='<Override PartName="/word/a.bin" ContentType="application/vnd.ms-office.vbaProject"/>'),  # noqa: E501
    "a macro by its relationship": related("vbaProject", "a.bin", ""),
    "a macro told in two bytes a letter": archive(("[Content_Types].xml", (TYPES % '<Default Extension="x" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>').encode("utf-16"))),  # noqa: E501
    "a sheet of macros": docx(("xl/macrosheets/sheet1.xml", "<a/>")),
    "a control": docx(("word/activeX/activeX1.xml", "<a/>")),
    "a document type": docx(body=DTD % ""),
    "a document type in two bytes a letter": docx(body=(DTD % ' encoding="UTF-16"').encode("utf-16")),
    "a document type in the other order": docx(body="\ufeff".encode("utf-16-be") + (DTD % ' encoding="UTF-16"').encode("utf-16-be")),  # noqa: E501
    "a document type in a part of no name": docx(("word/media/a.png", DTD % "")),
    "a document type in a drawing": docx(("word/drawings/vmlDrawing1.vml", (DTD % "").encode("utf-16"))),
    "a template elsewhere": related("attachedTemplate", "https://evil.example/a.dotm"),
    "a template on another machine": related("attachedTemplate", "\\\\evil.example\\a.dotm"),
    "a template on another machine, written otherwise": related("attachedTemplate", "file://evil.example/a.dotm"),
    "a picture elsewhere": related("image", "http://evil.example/a.png"),
    "an object elsewhere": related("oleObject", "file:///C:/a.doc"),
    "a part of another format": related("aFChunk", "a.html", ""),
    "a part of another format by its tag": docx(body=f'<w:document xmlns:w="{WORD}"><w:altChunk/></w:document>'),
    "a field that asks a program": field("DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe"),
    "a field cut in two": field("DD", "EAUTO cmd"),
    "a field put together by another": docx(body=NESTED),
    "a field in one tag": docx(body=f'<w:d xmlns:w="{WORD}"><w:fldSimple w:instr=" INCLUDETEXT &quot;\\\\e\\a&quot; "/></w:d>'),  # noqa: E501
    "a field that brings in a picture": field(' INCLUDEPICTURE "http://evil.example/a.png" '),
}  # fmt: skip


@cache
def office_file(what):
    made = OFFICE[what]
    return made() if callable(made) else made


def refused(name, content):
    with pytest.raises(ValidationError) as caught:
        uploads.check_upload(SimpleUploadedFile(name, content))
    return str(caught.value.messages[0])


@pytest.mark.parametrize("what", OFFICE)
def test_an_office_file_made_to_harm_is_refused_in_words(what):
    assert refused("a.docx", office_file(what)).startswith(("Tệp", "Trong tệp", "Nội dung tệp", "Chỉ nhận"))


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("an entry of 200 MB of zeros", "quá lớn"),
        ("a header that lies", "quá lớn"),
        ("a macro", "macro"),
        ("a sheet in it", "đặt bên trong"),
        ("a field that asks a program", "nơi khác"),
        ("a password", "mật khẩu"),
    ],
)
def test_the_words_say_what_to_do(what, words):
    assert words in refused("a.docx", office_file(what))


@pytest.mark.parametrize("what", ["an entry of 200 MB of zeros", "a header that lies"])
def test_a_bomb_is_refused_in_little_memory_and_time(what):
    content = office_file(what)
    tracemalloc.start()
    began = time.monotonic()
    refused("a.docx", content)
    took, (_now, peak) = time.monotonic() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * 1024 * 1024 and took < 10


HONEST = {
    "links that people click": related("hyperlink", "https://vksndtc.gov.vn/a?b=c"),
    "a template on the writer's own disk": related("attachedTemplate", "file:///C:\\Users\\An\\Mẫu.dotx"),
    "a table of contents": field(' TOC \\o "1-3" \\h '),
    "a link made by a field": field(' HYPERLINK "http://vksndtc.gov.vn/link/1" '),
    "a place for a click": field(" MACROBUTTON NoMacro [ghi tên] "),
    "a part in two bytes a letter": docx(body='<?xml version="1.0" encoding="UTF-16"?><w>Huế</w>'.encode("utf-16")),
    "a drawing as Excel writes it": docx(("word/vmlDrawing1.vml", "<xml><br></xml>")),
    "a picture": docx(("word/media/image1.png", picture("PNG", (900, 900)))),
    "a printer's settings": docx(("xl/printerSettings/printerSettings1.bin", b"\x01\0P\0D\0F\0" * 50)),
}


@pytest.mark.parametrize("what", HONEST)
def test_what_honest_documents_hold_is_let_in(what):
    assert uploads.check_upload(SimpleUploadedFile("a.docx", HONEST[what])) == uploads.DOCX


def test_a_list_of_ten_thousand_like_rows_is_let_in():
    rows = [[f"VKS{n:05}", "Nguyễn Văn Thành", "Viện kiểm sát nhân dân thành phố Huế"] for n in range(10_000)]
    assert kinds.check_table(make.raw_xlsx(rows)) == uploads.XLSX


# --- PDF ---


def pdf(change=lambda made: None, **options):
    made = pikepdf.new()
    made.add_blank_page()
    change(made)
    stream = io.BytesIO()
    made.save(stream, **options)
    return stream.getvalue()


def action(**said):
    return pikepdf.Dictionary(Type=pikepdf.Name.Action, **said)


def opening(**said):
    return lambda made: made.Root.__setattr__("OpenAction", action(**said))


def on_page(key, value):
    return lambda made: made.pages[0].obj.__setitem__(key, value)


def carrying(made):
    made.attachments["a.txt"] = b"x"


N = pikepdf.Name
SCRIPT = {"S": N.JavaScript, "JS": pikepdf.String("app.alert(1)")}
PDFS = {
    "a script when it is opened": pdf(opening(**SCRIPT)),
    "a script in a packed object": pdf(opening(**SCRIPT), object_stream_mode=pikepdf.ObjectStreamMode.generate),
    "a script in the tree of names": pdf(lambda made: made.Root.__setattr__("Names", pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=[pikepdf.String("a"), action(**SCRIPT)])))),  # noqa: E501
    "a script when a page is turned": pdf(on_page("/AA", pikepdf.Dictionary(O=action(**SCRIPT)))),
    "a script after another action": pdf(opening(S=N.GoTo, Next=[action(**SCRIPT)])),
    "a script that nothing points to": make.PDF.replace(b"trailer", b"9 0 obj<</S/JavaScript/JS(a)>>endobj\ntrailer"),
    "a program": pdf(on_page("/Annots", pikepdf.Array([pikepdf.Dictionary(A=action(S=N.Launch, F="cmd.exe"))]))),
    "a form that sends": pdf(on_page("/Annots", pikepdf.Array([pikepdf.Dictionary(A=action(S=N.SubmitForm))]))),
    "a page that calls an address": pdf(opening(S=N.URI, URI=pikepdf.String("http://evil.example"))),
    "a form of the other kind": pdf(lambda made: made.Root.__setattr__("AcroForm", pikepdf.Dictionary(XFA=pikepdf.Array([])))),  # noqa: E501
    "a file in it": pdf(carrying),
    "a film": pdf(on_page("/Annots", pikepdf.Array([pikepdf.Dictionary(Subtype=N.RichMedia)]))),
    "a password": pdf(encryption=pikepdf.Encryption(user="a", owner="b")),
    "a script behind the owner's password": pdf(opening(**SCRIPT), encryption=pikepdf.Encryption(owner="b", user="")),
    "an archive behind it": make.PDF + archive(("a", "b")),
    "a page behind it": make.PDF + b"<script>alert(1)</script>",
    "something before it": b"\n" + make.PDF,
    "nothing in it": b"%PDF-1.7\n%%EOF\n",
    "a name in disguise": make.PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/J#61vaScript/J#53(a)>>"),
}  # fmt: skip


@pytest.mark.parametrize("what", PDFS)
def test_a_pdf_made_to_harm_is_refused_in_words(what):
    assert refused("a.pdf", PDFS[what]).startswith(("Tệp", "Chỉ nhận"))


@pytest.mark.slow
def test_a_pdf_that_unpacks_without_end_is_refused_in_little_time():
    stream = zlib.compress(zlib.compress(b"\0" * 300_000_000, 9), 9)
    body = b"9 0 obj<</Type/ObjStm/N 1/First 4/Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n" % len(stream)
    began = time.monotonic()
    with_bomb = b"%PDF-1.7\n" + body + stream + b"\nendstream endobj\n" + make.PDF[9:]
    with contextlib.suppress(ValidationError):
        uploads.check_upload(SimpleUploadedFile("a.pdf", with_bomb))
    assert time.monotonic() - began < 60


@pytest.mark.parametrize(
    "content",
    [
        make.PDF,
        pdf(opening(S=N.GoTo, D=pikepdf.Array([0, N.Fit]))),
        pdf(encryption=pikepdf.Encryption(owner="b", user="")),
        pdf(on_page("/Annots", pikepdf.Array([pikepdf.Dictionary(A=action(S=N.URI, URI=pikepdf.String("http://a")))]))),
        pdf(linearize=True) + b"\r\n\0",
    ],
    ids=["plain", "opens at a page", "owner's password", "a link to click", "made for the web"],
)
def test_an_honest_pdf_is_let_in(content):
    assert uploads.check_upload(SimpleUploadedFile("a.pdf", content)) == uploads.PDF


# --- pictures ---


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", huge_png()),
        ("a.png", picture("PNG") + archive(("a", "b"))),
        ("a.png", picture("PNG") + b"<script>"),
        ("a.png", picture("PNG")[:-12]),
        ("a.jpg", picture("JPEG") + archive(("a", "b"))),
        ("a.jpg", picture("JPEG") + b"<?php ?>"),
        ("a.webp", picture("WEBP") + b"<script>"),
        ("a.png", picture("GIF")),
    ],
)
def test_a_picture_made_to_harm_is_refused_in_words(name, content):
    assert refused(name, content)


def test_a_picture_with_a_preview_and_a_second_picture_is_let_in():
    """As cameras write them: a picture within the head of the first, another one behind it."""
    preview = picture("JPEG")
    whole = b"\xff\xd8\xff\xe1" + struct.pack(">H", len(preview) + 2) + preview + picture("JPEG")[2:]
    assert uploads.check_upload(SimpleUploadedFile("a.jpg", whole + picture("JPEG"))) == "image/jpeg"


# --- on the way ---


def test_what_is_beyond_the_limit_is_thrown_away_while_it_comes(world, client, settings, monkeypatch):
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    kept, check = [], uploads.check_size
    monkeypatch.setattr(uploads, "check_size", lambda file: kept.append(file.size) or check(file))
    plan = make.plan(make.launched(world.root, world.office), world.hue, world.officer)
    client.force_login(world.officer)

    large = SimpleUploadedFile("a.pdf", make.PDF + b" " * 9_000_000)
    answer = client.post(reverse("plan_attach", args=[plan.pk]), {"file": large}, follow=True)

    assert "tối đa 1 MB" in answer.content.decode()
    assert kept and 1024 * 1024 < kept[0] < 1024 * 1024 + 2 * 64 * 1024


@pytest.mark.parametrize(
    "name",
    [
        'a"; filename=evil.exe.pdf',
        "a\r\nSet-Cookie: x=1.pdf",
        "Kê\u0301 hoạch.pdf",
        "ế" * 200 + ".pdf",
        "a\u202efdp.exe.pdf",
    ],
)
def test_no_name_breaks_out_of_the_header_of_a_download(name):
    said = uploads.serve(ContentFile(make.PDF, name="x"), name, uploads.PDF)["Content-Disposition"]
    assert said.startswith("attachment; filename") and said.isascii() and said.isprintable()
    assert said.count('"') in (0, 2) and len(said) < 1600
