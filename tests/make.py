"""Plain builders with lawful defaults; each takes only what the test is about."""

import io
import time
from datetime import date, timedelta
from string import ascii_uppercase
from uuid import uuid4
from zipfile import ZIP_DEFLATED, ZipFile

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from awards.councils import services as sittings
from awards.ledger import books
from awards.models import (
    Council,
    CouncilMember,
    Initiative,
    InitiativeAuthor,
    Nomination,
    PastAward,
    Rating,
    Sitting,
    Submission,
)
from awards.models.subjects import key_of_subject
from awards.nominations import editing as awards_editing
from campaigns import flow
from campaigns.models import (
    Campaign,
    Commitment,
    ContentArea,
    Criterion,
    LegalDocument,
    MeritField,
    Milestone,
    Solution,
)
from campaigns.obligations import services as obligations
from portal.papers import masters, word
from portal.papers.base import papers
from units.models import Membership, Person, Posting, ReorganisationStep, Role, Unit, User
from units.models.units import Kind
from units.reorganisation import flow as reorganisations

PASSWORD = "mat-khau-thu-nghiem"
SESSION_READ = 1  # the query by which each request reads its session
PDF = (  # one empty page
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
SECRET = "MATKHAUTHUNGHIEM"  # of the app that shows codes


def seen(row):
    """The version of the row now, as a page would show it."""
    return type(row)._base_manager.get(pk=row.pk).version


def seen_each(rows):
    return {row.pk: seen(row) for row in rows}


def take(table, name, row, **told):
    """The step from a page that is up to date, unless the test says which version was seen."""
    return table.take(name, row, **({"version": seen(row)} | told))


def unit(code, parent=None, kind=Kind.PROVINCE, name=None, **fields):
    name = name or f"Viện kiểm sát nhân dân {code}"
    return Unit.objects.create(
        code=code,
        parent=parent,
        kind=kind,
        name_vi=name,
        short_name=fields.pop("short_name", f"VKSND {code}"),
        **fields,
    )


def user(username, *roles, full_name=None, **fields):
    """An account; roles are pairs (role, unit)."""
    person = Person.objects.create(staff_code=username.upper(), full_name=full_name or username.title())
    account = User(username=username, email=f"{username}@vks.example", person=person, **fields)
    account.set_password(PASSWORD)
    account.save()
    for role, over in roles:
        Membership.objects.create(user=account, unit=over, role=role)
        Posting.objects.create(person=person, unit=over, position=Role(role).label)
    return account


def campaign(over, *, due_in=30, kinds=(Kind.PROVINCE,), areas=2, code="PT-THU", **fields):
    """A draft that may be launched."""
    today = timezone.localdate()
    made = Campaign.objects.create(
        unit=over,
        code=code,
        title=fields.pop("title", "Phong trào thử nghiệm"),
        objective="Mục tiêu",
        scope="Toàn ngành",
        subjects="Tập thể, cá nhân",
        starts_on=today,
        ends_on=today + timedelta(days=200),
        **fields,
    )
    LegalDocument.objects.create(
        campaign=made, is_plan=True, number="1/KH", dated=date(2026, 1, 5), issuer="VKSND tối cao", title="Kế hoạch"
    )
    for i in range(1, areas + 1):
        area = ContentArea.objects.create(campaign=made, order=i, code=f"ND{i}", title=f"Nội dung {i}")
        Criterion.objects.create(area=area, order=1, text=f"Tiêu chí {i}")
    Solution.objects.create(campaign=made, order=1, title="Tuyên truyền")
    MeritField.objects.create(campaign=made, order=1, code="a", title="Lĩnh vực a")
    due = timezone.now() + timedelta(days=due_in) if due_in is not None else None
    Milestone.objects.create(campaign=made, kind=Milestone.Kind.REGISTRATION, due_at=due, owed_by=list(kinds))
    return made


def launched(over, by, **fields):
    draft = campaign(over, **fields)
    return flow.CAMPAIGN.take("launch", draft, by=by, version=draft.version)


def plan(in_campaign, of, by, *, whole=True):
    """A draft; whole = it may be sent."""
    made = flow.begin(in_campaign, of, by=by)
    if whole:
        rows = [
            Commitment(
                area=area,
                what=f"Việc {area.code}",
                amount=100,
                measure="%",
                responsible="Văn phòng",
                due_on=timezone.localdate() + timedelta(days=60),
            )
            for area in in_campaign.areas.all()
        ]
        made = flow.write(
            made,
            theme="Chủ đề của đơn vị",
            organising="Hội nghị phát động",
            commitments=rows,
            reasons={},
            by=by,
            version=made.version,
        )
    return made


def submitted(in_campaign, of, by):
    draft = plan(in_campaign, of, by)
    return flow.PLAN.take("submit", draft, by=by, version=draft.version)


def approved(in_campaign, of, by, *, office):
    sent = submitted(in_campaign, of, by)
    return flow.PLAN.take("approve", sent, by=office, version=sent.version)


def reorganisation(by, scope, *steps, day=None, state=None, **fields):
    """A draft; steps are dictionaries of their fields."""
    made = reorganisations.create(
        by=by,
        unit=scope,
        title=fields.pop("title", "Sắp xếp thử nghiệm"),
        effective_on=day or timezone.localdate(),
        document_number="1/NQ",
        document_issuer="Cơ quan có thẩm quyền",
        **fields,
    )
    for place, step in enumerate(steps, start=1):
        ReorganisationStep.objects.create(reorganisation=made, order=place, **step)
    return made


def executed(by, second, scope, *steps, **fields):
    """Submitted by one, approved and executed by the other."""
    made = reorganisation(by, scope, *steps, **fields)
    for step, who in (("submit", by), ("approve", second), ("execute", second)):
        made = take(reorganisations.REORGANISATION, step, made, by=who)
    return made


def person(full_name, at=None, *, code=None, since=date(2020, 1, 1), until=None, position="", leads=False, **fields):
    """A member of staff, posted at the unit."""
    code = code or f"P{Person.objects.count() + 1:05}"
    made = Person.objects.create(staff_code=code, full_name=full_name, **fields)
    if at is not None:
        Posting.objects.create(person=made, unit=at, position=position, leads=leads, valid_from=since, valid_to=until)
    return made


def owing_report(campaign, *, due_in=60):
    """The campaign's units owe a final report as well."""
    due = timezone.now() + timedelta(days=due_in)
    owed_by = campaign.milestones.get(kind=Milestone.Kind.REGISTRATION).owed_by
    milestone = Milestone.objects.create(campaign=campaign, kind=Milestone.Kind.FINAL, due_at=due, owed_by=owed_by)
    obligations.assign(campaign, timezone.localdate())
    return milestone


def xlsx(*rows, name="danh-sach.xlsx"):
    """An uploaded workbook of these rows."""
    book, stream = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(list(row))
    book.save(stream)
    return SimpleUploadedFile(name, stream.getvalue())


def listed(content):
    """The sheet of a list that left the portal, and its rows: below what stands above, from the heading on."""
    sheet = load_workbook(io.BytesIO(content)).active
    return sheet, list(sheet.iter_rows(min_row=int(sheet.freeze_panes[1:]) - 1))


def raw_xlsx(rows, name="danh-sach.xlsx"):
    """The same for thousands of rows: the XML by hand, since openpyxl takes a second for each two thousand."""
    parts = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(_raw_cell(f"{letter}{number}", value) for letter, value in zip(ascii_uppercase, row))  # noqa: B905
        parts.append(f'<row r="{number}">{cells}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    size = f"A1:K{len(parts)}"
    content = f'<worksheet xmlns="{main}"><dimension ref="{size}"/><sheetData>{"".join(parts)}</sheetData></worksheet>'
    stream = io.BytesIO()
    with ZipFile(xlsx()) as plain, ZipFile(stream, "w", ZIP_DEFLATED) as made:
        for entry in plain.namelist():
            made.writestr(entry, content if entry == "xl/worksheets/sheet1.xml" else plain.read(entry))
    return SimpleUploadedFile(name, stream.getvalue())


def _raw_cell(place, value):
    if value is None:
        return ""
    if isinstance(value, int):
        return f'<c r="{place}"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'


def csv(*rows, name="danh-sach.csv", delimiter=";", encoding="utf-8-sig"):
    """An uploaded CSV of these rows."""
    lines = (delimiter.join("" if cell is None else str(cell) for cell in row) for row in rows)
    return SimpleUploadedFile(name, "\r\n".join(lines).encode(encoding))


# --- awards ---


def past_award(subject, award="CSTDCS", year=2024, *, unit=None, **fields):
    """A line of the ledger, as an import writes it."""
    unit = unit or (subject if isinstance(subject, Unit) else getattr(subject, "unit", None))
    return PastAward.objects.create(
        **{key_of_subject(subject): subject},
        unit=unit or subject.postings.first().unit,
        award=award,
        year=year,
        level=books.level_of(award),
        decision_number=fields.pop("decision_number", f"{award}-{year}/QĐ"),
        decided_on=fields.pop("decided_on", date(year, 12, 20)),
        **fields,
    )


def rating(subject, year=2024, grade="excellent", *, unit=None, **fields):
    """How somebody was classified in a year."""
    unit = unit or (subject if isinstance(subject, Unit) else subject.postings.first().unit)
    return Rating.objects.create(**{key_of_subject(subject): subject}, unit=unit, year=year, grade=grade, **fields)


def initiative(unit, title="Giải pháp số hóa hồ sơ kiểm sát", *authors, recognised=False, **fields):
    """One that was registered, or recognised by its unit."""
    if recognised:
        fields |= {"state": "recognised", "recognition_number": "12/QĐ", "recognised_on": date(2025, 3, 1)}
    made = Initiative.objects.create(unit=unit, title=title, **fields)
    for author in authors:
        InitiativeAuthor.objects.create(initiative=made, person=author)
    return made


def submission(of, by, in_campaign=None, **cover):
    """A paper whose cover lacks nothing; `cover` overrides."""
    fields = {
        "campaign": in_campaign,
        "milestone": in_campaign.milestones.filter(kind="nomination").first() if in_campaign else None,
        "type": "campaign" if in_campaign else "merit",
        "title": "Tờ trình khen thưởng",
        "year": 2026,
        "number": "05/TTr",
        "dated": date(2026, 11, 20),
        "council_on": date(2026, 11, 18),
        "council_members": 9,
        "council_present": 9,
        "declared_true": True,
    } | cover
    return awards_editing.begin(of, by=by, token=uuid4(), **fields)[0]


def nomination(paper, subject, by, award="GK", **fields):
    """A draft that nothing stands against; `fields` overrides."""
    [made], _fresh = awards_editing.add(paper, [subject], award, by=by)
    values = {"summary": "Có thành tích, có số liệu.", "votes_for": 9, "report": {"achievements": "Tốt."}} | fields
    for name, value in values.items():
        setattr(made, name, value)
    made.save()
    return made


def received(
    unit, desk, *, award="BK_VT", state=Nomination.State.SUBMITTED, name="Nguyễn Văn Được", days_ago=1, **fields
):
    """A nomination as it lies at the office's desk; what the law says of it is not asked."""
    count = Nomination.objects.count()
    person = fields.pop("person", None) or Person.objects.create(staff_code=f"N{count}", full_name=name)
    submission = fields.pop("submission", None) or Submission.objects.create(
        unit=unit, type="campaign", title="Tờ trình", year=2026
    )
    moment = timezone.now() - timedelta(days=days_ago)
    made = Nomination(
        submission=submission,
        unit=unit,
        desk=desk,
        person=person,
        award=award,
        edition="RS-2025",
        state=state,
        round=1,
        sent_at=moment,
        received_at=moment,
        **fields,
    )
    made.refresh_search()
    made.save()
    return made


def master_file(kind, **exchanged):
    """The master that the portal ships as an upload, with words of it exchanged for others."""
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name, part in word.parts(word.shipped(kind)):
            text = part.decode()
            for old, new in exchanged.items() if name == "word/document.xml" else ():
                assert old in text
                text = text.replace(old, new)
            archive.writestr(name, text)
    return SimpleUploadedFile("mau.docx", made.getvalue())


def paper_master(kind, by, **exchanged):
    """A version of a master, not in use."""
    return masters.bring(papers()[kind], master_file(kind, **exchanged), "Mẫu mới", by=by)


def council(unit, chair, deputy, secretary, *members, **fields):
    """A council of these accounts, with a share of its own for awards whose edition names none."""
    lawful = {"number": "1/QĐ", "dated": date(2026, 1, 5), "valid_from": date(2026, 1, 5), "usual_percent": 50}
    made = Council.objects.create(unit=unit, name=f"Hội đồng {unit.code}", **(lawful | fields))
    duties = [(chair, "chair"), (deputy, "deputy"), (secretary, "secretary"), *((user, "member") for user in members)]
    for user, duty in duties:
        CouncilMember.objects.create(council=made, user=user, duty=duty, valid_from=made.valid_from)
    return made


def sitting(in_council, *nominations, by, called=True, **fields):
    """A sitting about these, to which the members were called."""
    told = {"title": "Phiên họp thử", "place": "Phòng họp 1", "starts_at": timezone.now()} | fields
    made = sittings.prepare(Sitting(council=in_council, **told), by=by)
    if nominations:
        sittings.add_items(made, [n.pk for n in nominations], by=by, version=made.version)
    return sittings.take("call", made, by=by, version=seen(made)) if called else Sitting.objects.get(pk=made.pk)


def factor(user, secret=SECRET):
    """The user signs in with an app from now on; its codes come from `code`."""
    app = TOTP.activate(user, secret).instance
    app.data["period"] = 0
    app.save()
    user.refresh_from_db()  # a factor ends all sessions
    return app


def code(ahead=0, secret=SECRET):
    """What the app shows, or shows so many half minutes ahead."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


def old_session(client):
    """The person signed in a while ago and has not been asked again since."""
    session = client.session
    for proof in session[AUTHENTICATION_METHODS_SESSION_KEY]:
        proof["at"] -= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT + 1
    session.save()
