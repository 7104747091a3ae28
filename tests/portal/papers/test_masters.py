"""Word masters that the office brings: only known fields, tried before use, all versions kept."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.flow import Refused
from portal.models import Entry, PaperMaster
from portal.papers import checking, masters, services, word
from portal.papers.base import papers
from tests import make
from tests.portal.papers.reading import of_word

KIND = "submission"
TITLE = "TỜ TRÌNH"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def faults(text, *, kind=KIND, of=TITLE):
    """What is wrong with a master that has this text in place of its title."""
    return checking.look(make.master_file(kind, **{of: text}).read(), papers()[kind]).faults


@pytest.mark.parametrize("kind", sorted(papers()))
def test_the_master_that_the_portal_ships_passes_its_own_check(kind):
    found = checking.look(word.shipped(kind), papers()[kind])
    assert found.faults == []


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("{{ so_to_trinh }}", "so_to_trinh"),
        ("{{ danh_hieu.ten }}", "danh_hieu.ten"),
        ("{% for x in danh_hieu %}{{ x.gia }}{% endfor %}", "x.gia"),
        ("{{ co_quan.upper }}", "co_quan.upper"),
        ("{{ co_quan.__class__ }}", "co_quan.__class__"),
        ("{{ range }}", "range"),
        ("{% if khong_co %}x{% endif %}", "khong_co"),
    ],
)
def test_a_field_that_is_not_known_is_told_by_its_name(text, field):
    assert faults(text) == [f"Không có trường «{field}»."]


@pytest.mark.parametrize(
    "text",
    [
        "{{ co_quan.upper() }}",
        "{{ co_quan|upper }}",
        "{{ co_quan * 9999999 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{% set x = 1 %}",
        "{% include 'x' %}",
        "{% macro f() %}{% endmacro %}",
        "{{ co_quan[0] }}",
        "{{ [1] }}",
        "{% for x in [1, 2] %}x{% endfor %}",
        "{% for x in danh_hieu %}{% for y in danh_hieu %}y{% endfor %}{% endfor %}",
        "{% for x in danh_hieu recursive %}x{% endfor %}",
    ],
)
def test_what_is_more_than_fields_loops_and_conditions_is_refused(text):
    assert len(faults(text)) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ danh_hieu }}", "«danh_hieu» là danh sách"),
        ("{% for x in co_quan %}x{% endfor %}", "«co_quan» không phải danh sách"),
        ("Số {{ co_quan", "gần chỗ «Số {{ co_quan"),
        ("{% if co_quan %}x", "Lệnh viết sai"),
        ("{%tr for x in danh_hieu %}", "Lệnh viết sai"),
    ],
)
def test_a_field_used_in_a_wrong_way_is_told_in_words(text, said):
    [fault] = faults(text)
    assert said in fault


def test_lists_within_lists_loops_and_conditions_are_let_in():
    assert faults("{% for x in danh_hieu %}{{ loop.index }}{{ x.ten }}{% endfor %}") == []
    assert faults("{% if not phong_trao and nam == '2026' %}x{% endif %}") == []
    inner = "{% for muc in phan %}{% for doan in muc.doan %}{{ doan }}{% endfor %}{% endfor %}"
    assert faults(inner, kind="report", of="BÁO CÁO THÀNH TÍCH") == []


def test_a_loop_may_not_repeat_too_much_nor_a_master_be_too_long(monkeypatch):
    monkeypatch.setattr(checking, "MOST_REPEATED", 5)
    assert len(faults(TITLE)) == 1
    monkeypatch.setattr(checking, "MOST_BYTES", 500)
    assert faults(TITLE) == ["Nội dung mẫu quá dài. Hãy chỉ giữ lại phần chữ của văn bản."]


def test_a_master_without_any_field_is_refused():
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as archive:
        for name, part in word.parts(word.shipped(KIND)):
            body = b'<w:document xmlns:w="%b"><w:body><w:p/></w:body></w:document>' % word.W.encode()
            archive.writestr(name, body if name == "word/document.xml" else part)
    assert checking.look(book.getvalue(), papers()[KIND]).faults == [
        "Mẫu không ghi trường nào, nên mọi văn bản sẽ giống nhau."
    ]


def test_links_to_elsewhere_are_refused():
    book = io.BytesIO()
    link = (
        b'<Relationship Id="rId9" Type="x/hyperlink" Target="https://x.example" TargetMode="External"/></Relationships>'
    )
    with zipfile.ZipFile(book, "w") as archive:
        for name, part in word.parts(word.shipped(KIND)):
            archive.writestr(name, part.replace(b"</Relationships>", link) if name.startswith("word/_rels") else part)
    [fault] = checking.look(book.getvalue(), papers()[KIND]).faults
    assert "liên kết ra ngoài" in fault


def test_what_is_no_word_file_or_too_large_is_refused(world, monkeypatch):
    with pytest.raises(ValidationError, match="docx"):
        masters.bring(papers()[KIND], SimpleUploadedFile("a.pdf", make.PDF), "x", by=world.office)
    macro = io.BytesIO(make.master_file(KIND).read())
    with zipfile.ZipFile(macro, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"x")
    with pytest.raises(ValidationError, match="macro"):
        masters.bring(papers()[KIND], SimpleUploadedFile("a.docx", macro.getvalue()), "x", by=world.office)
    monkeypatch.setattr(masters, "MOST", 10)
    with pytest.raises(ValidationError, match="quá lớn"):
        masters.bring(papers()[KIND], make.master_file(KIND), "x", by=world.office)
    assert not PaperMaster.objects.exists()


def said(kind=KIND):
    return of_word(services.make(papers()[kind], "docx", papers()[kind].example))


def choose(master, by, note="Theo mẫu của ngành", kind=KIND):
    now = masters.in_use(kind)
    masters.choose(kind, master, by=by, note=note, version=now.number if now else 0)


def test_papers_are_made_of_the_version_in_use_and_of_the_shipped_one_again(world):
    first = make.paper_master(KIND, world.office, **{TITLE: "TỜ TRÌNH MỚI"})
    assert "TỜTRÌNHMỚI" not in said()
    choose(first, world.office)
    assert "TỜTRÌNHMỚI" in said()
    second = make.paper_master(KIND, world.office, **{TITLE: "TỜ TRÌNH HAI"})
    choose(second, world.office)
    assert "TỜTRÌNHHAI" in said()
    choose(None, world.office, "Quay lại")
    assert "TỜTRÌNHHAI" not in said()
    assert [(row.number, row.in_use) for row in PaperMaster.objects.all()] == [(2, False), (1, False)]
    lines = [(e.verb, e.note) for e in Entry.objects.about(first, second)]
    assert lines[0] == ("leave_master", "Quay lại")
    assert [verb for verb, _note in lines].count("use_master") == 2


def test_a_master_that_can_no_longer_be_filled_stops_no_work_and_is_told_on_its_page(client, world, monkeypatch):
    master, paper = make.paper_master(KIND, world.office), papers()[KIND]
    choose(master, world.office)
    shipped = word.fill(word.shipped(KIND), paper.example)
    gone = make.master_file(KIND, **{TITLE: "{{ truong_da_bo }}"}).read()
    client.force_login(world.office)
    with monkeypatch.context() as later:  # a release took the field away
        later.setattr(masters, "content", lambda master: gone)
        assert services.make(paper, "docx", paper.example) == shipped
        assert "Không có trường «truong_da_bo»." in client.get(master.get_absolute_url()).content.decode()
    master.file.storage.delete(master.file.name)
    assert services.make(paper, "docx", paper.example) == shipped
    assert "Không tìm thấy tệp này" in client.get(master.get_absolute_url()).content.decode()
    for which in ("master", "example"):
        assert client.get(reverse("paper_master_file", args=[master.pk, which])).status_code == 404


def test_who_chose_on_an_older_page_is_told_and_nothing_changes(world):
    first = make.paper_master(KIND, world.office)
    choose(first, world.office)
    with pytest.raises(Refused):
        masters.choose(KIND, None, by=world.office2, note="x", version=0)
    with pytest.raises(Refused, match="lý do"):
        masters.choose(KIND, None, by=world.office2, note=" ", version=1)
    assert masters.in_use(KIND) == first


def test_the_office_brings_sees_and_uses_a_master_on_its_pages(client, world):
    client.force_login(world.office)
    page = client.get(reverse("paper_masters", args=[KIND])).content.decode()
    assert "noi_va_ngay" in page
    assert "dong.ca_nhan" in page
    file = make.master_file(KIND, **{TITLE: "TỜ TRÌNH MỚI", "{{ so_ky_hieu }}": ""})
    answer = client.post(reverse("paper_masters", args=[KIND]), {"file": file, "note": "Mẫu ngành"})
    master = PaperMaster.objects.get()
    assert answer["Location"] == master.get_absolute_url()
    page = client.get(master.get_absolute_url()).content.decode()
    assert "TỜ TRÌNH MỚI" in page
    assert "Số và ký hiệu" in page  # which it leaves out
    example = client.get(reverse("paper_master_file", args=[master.pk, "example"])).content
    assert "TỜTRÌNHMỚI" in of_word(example)
    client.post(reverse("paper_choose", args=[KIND]), {"master": master.pk, "note": "Dùng", "version": 0})
    assert "TỜTRÌNHMỚI" in said()
    client.post(reverse("paper_choose", args=[KIND]), {"note": "Về", "version": 1})
    assert masters.in_use(KIND) is None


def test_what_is_wrong_is_told_beside_the_file_and_the_reason_stays(client, world):
    client.force_login(world.office)
    file = make.master_file(KIND, **{TITLE: "{{ khong_co }}"})
    page = client.post(reverse("paper_masters", args=[KIND]), {"file": file, "note": "Mẫu ngành"}).content.decode()
    assert "Không có trường «khong_co»." in page
    assert "Mẫu ngành" in page
    empty = client.post(reverse("paper_masters", args=[KIND]), {})
    assert empty.status_code == 200
    assert not PaperMaster.objects.exists()


@pytest.mark.parametrize("told", [{}, {"version": "x"}, {"version": 0, "master": "x"}, {"version": 0, "master": 99}])
def test_odd_choices_change_nothing(client, world, told):
    client.force_login(world.office)
    assert client.post(reverse("paper_choose", args=[KIND]), told).status_code in (302, 404)
    assert not PaperMaster.objects.filter(in_use=True).exists()


def test_only_the_office_keeps_masters(client, world):
    master = make.paper_master(KIND, world.office)
    for who in (world.head, world.admin, world.auditor):
        client.force_login(who)
        assert client.get(reverse("paper_masters", args=[KIND])).status_code == 403
        assert client.post(reverse("paper_choose", args=[KIND]), {"master": master.pk}).status_code == 403
    client.force_login(world.office)
    assert client.get(reverse("paper_masters", args=["nothing"])).status_code == 404


@pytest.mark.parametrize("name", ["paper_masters", "paper_list"])
def test_the_page_asks_as_much_for_many_versions_as_for_one(client, world, name):
    address = reverse(name, args=[KIND] if name == "paper_masters" else [])
    client.force_login(world.office)
    asked = []
    for _each in range(3):
        make.paper_master(KIND, world.office)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        asked.append(len(queries))
    assert asked[1:] == [asked[1]] * 2
