"""A database as ten years leave it: what the benchmark of nominations is asked about.

A tenth of the nominations belongs to each of ten years, two in a hundred are still under way. They are about a fifth as
many people, each proposed every second year, with past awards, ratings and namesakes; as many people as nominations are
known in all. Papers hold twenty-five nominations. Campaigns of each year were answered by every unit.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from zlib import crc32

from django.core.management.color import no_style

YEARS, OPEN, PROVINCES, REGIONS, IN_PAPER, CAMPAIGNS = 10, 2, 40, 9, 25, 4  # OPEN: of a hundred nominations
CHUNK = 5000
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô")
MIDDLE = ("Văn", "Thị", "Đức", "Minh", "Ngọc", "Thanh", "Quang", "Thu", "Hữu", "Xuân", "Kim", "Gia", "Bảo", "Anh")
GIVEN = ("An", "Bình", "Châu", "Dũng", "Giang", "Hà", "Hải", "Hương", "Khánh", "Lan", "Lý", "Mai", "Nam", "Oanh", "Tú")
AWARDS = ("GK", "CSTDCS", "GK", "BK_VT", "LDTT")
PAST = ("passed", "passed", "passed", "passed", "passed", "passed", "passed", "unfit", "passed", "withdrawn")
STATES = ("draft", "review", "submitted", "review", "below", "draft", "review", "submitted", "more", "returned")
SUMMARY = "Hoàn thành xuất sắc nhiệm vụ, giải quyết %s vụ án đúng hạn, có %s sáng kiến được áp dụng tại đơn vị."
TEXT = "Trong năm đã thụ lý và giải quyết 120 vụ án, tăng 12 % so với năm trước, không có án oan, sai. " * 6
SECTIONS = ("resume", "tasks", "achievements", "initiatives", "awards", "confirmation")


def fill(rows):
    """That many nominations and people, once."""
    from django.db import connection

    from units.models import Unit

    if not Unit.objects.exists():
        root, units, accounts = _hierarchy()
        campaigns = _campaigns(root, units, accounts)
        first = _people(rows // YEARS, units)
        _nominations(rows // YEARS, first, root, units, accounts, campaigns)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as the database does by itself soon after
            if connection.vendor == "postgresql":
                connection.set_autocommit(True)
                cursor.execute("VACUUM")  # so that indexes alone may answer


def _write(rows):
    """Rows of any models, a chunk at a time."""
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        type(chunk[0]).objects.bulk_create(chunk)


def _hierarchy():
    """A root with its office, provinces with their regional units, reviewers at the office, officers of a province."""
    from units.models import EmulationOffice, Membership, Person, Role, Unit, User

    root = Unit.objects.create(code="R", name_vi="Viện tối cao", short_name="Tối cao", kind="supreme")
    EmulationOffice.objects.create(serves=root, unit=root)
    units = []
    for i in range(PROVINCES):
        name = {"name_vi": f"Viện kiểm sát nhân dân tỉnh {i}", "short_name": f"Tỉnh {i}"}
        province = Unit.objects.create(code=f"P{i}", parent=root, kind="province", **name)
        units.append(province)
        for j in range(REGIONS):
            name = {"name_vi": f"Viện kiểm sát nhân dân khu vực {j} tỉnh {i}", "short_name": f"Khu vực {j} tỉnh {i}"}
            units.append(Unit.objects.create(code=f"P{i}K{j}", parent=province, kind="region", **name))
    accounts = {}
    held = (("office", Role.OFFICE, root), ("officer", Role.OFFICER, units[0]), ("head", Role.HEAD, units[0]))
    for name, role, unit in (*held, *((f"reviewer{i}", Role.OFFICE, root) for i in range(4))):
        user = User(username=name, person=Person.objects.create(staff_code=name, full_name=name))
        user.set_password("bench-bench")
        user.save()
        Membership.objects.create(user=user, unit=unit, role=role)
        accounts[name] = user
    return root, units, accounts


def _campaigns(root, units, accounts):
    """Some each year, owed and answered by every unit; those of this year are not all answered yet."""
    from django.utils import timezone

    from campaigns.models import Campaign, ContentArea, Milestone, Obligation, Plan

    now, made = timezone.now(), {}
    for back in range(YEARS):
        for i in range(CAMPAIGNS):
            began = now - timedelta(days=365 * back + 20 * i + 30)
            campaign = Campaign.objects.create(
                unit=root, code=f"PT-{began:%Y}-{back}-{i}", title=f"Phong trào thi đua số {i} năm {began:%Y}",
                state="launched" if not back else "closed", launched_at=began, starts_on=began.date(),
                ends_on=began.date() + timedelta(days=360),
            )  # fmt: skip
            made.setdefault(back, []).append(campaign)
            for area in range(3):
                ContentArea.objects.create(campaign=campaign, code=str(area), title=f"Nội dung {area}", order=area)
            owed = [
                Milestone.objects.create(campaign=campaign, kind=kind, due_at=began + timedelta(days=days))
                for kind, days in (("registration", 45), ("nomination", 300))
            ]
            open_now = lambda n, u: not back and (n or u % 5 == 0)  # noqa: B023, E731 -- asked at once
            _write(
                Obligation(
                    milestone=m,
                    unit=unit,
                    opened_at=began,
                    met_at=None if open_now(n, u) else began + timedelta(days=9),
                )
                for n, m in enumerate(owed)
                for u, unit in enumerate(units)
            )
            plans = [
                Plan(
                    campaign=campaign, unit=unit, desk=unit if open_now(0, u) else unit.parent, round=1,
                    state="submitted" if not back and u % 5 == 1 else "draft" if open_now(0, u) else "approved",
                    submitted_at=began + timedelta(days=9), submitted_by=accounts["officer"],
                    theme=f"Kế hoạch của {unit.short_name}", search=f"ke hoach {unit.search}",
                )
                for u, unit in enumerate(units)
            ]  # fmt: skip
            _write(plans)
    return made


def _people(many, units):
    """A tenth of all, one after the other in the units; the others are like them, of other ages and codes."""
    from units.models import Person, Posting

    def people() -> Iterator[Person]:
        for i in range(many):
            n = crc32(i.to_bytes(4))  # names fall as they do, the same each time
            name = (FAMILY[n % 14], MIDDLE[n // 14 % 14], MIDDLE[n // 196 % 14], GIVEN[n // 2744 % 15])
            born = 1965 + n // 41160 % 40
            person = Person(staff_code=f"CB0{i:06}", full_name=" ".join(name), birth_year=born, rank="Kiểm sát viên")
            person.joined_on = date(born + 23, 1 + i % 12, 1)
            person.derive()
            yield person

    _write(people())
    first = Person.objects.get(staff_code="CB0000000").pk
    _write(
        Posting(person_id=first + i, unit=units[i % len(units)], valid_from=date(2016, 1, 1), position="Chuyên viên")
        for i in range(many)
    )
    for n in range(1, YEARS):
        code = f"replace({{}}, '{{}}0', '{{}}{n}')".format
        changed = {
            "staff_code": code("staff_code", "CB", "CB"), "search": code("search", "cb", "cb"),
            "birth_year": f"1965 + (birth_year - 1965 + {7 * n}) % 40",
        }  # fmt: skip
        _again(Person, n * many, f"id >= {first} AND id < {first + many}", changed)
        _again(Posting, n * many, f"person_id < {first + many}", {"person_id": f"person_id + {n * many}"})
    return first


def _again(model, step, where, changed):
    """The rows once more, their ids that much higher and what has changed as SQL."""
    from django.db import connection

    names = [field.column for field in model._meta.concrete_fields]
    values = [changed.get(name, f"id + {step}" if name == "id" else name) for name in names]
    table = model._meta.db_table
    with connection.cursor() as cursor:
        chosen = f"SELECT {', '.join(values)} FROM {table} WHERE {where}"  # noqa: S608 -- names of ours
        cursor.execute(f"INSERT INTO {table} ({', '.join(names)}) {chosen}")  # noqa: S608
        for sql in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(sql)


def _earlier(column, years):
    """SQL for that moment or day some years before."""
    from django.db import connection

    kind = "date" if column.endswith("on") or column == "dated" else "datetime"
    if connection.vendor == "postgresql":
        moment = f"({column} - interval '{365 * years} days')"
        return f"{moment}::date" if kind == "date" else moment
    return f"{kind}({column}, '-{365 * years} days')"


def _nominations(in_year, first, root, units, accounts, campaigns):
    """Those of this year, the last papers of which are under way; the former years are like it, and decided."""
    from django.utils import timezone

    from awards.models import Nomination, Submission
    from units.models import Person

    now = timezone.now()
    people = list(Person.objects.filter(pk__gte=first, pk__lt=first + in_year).order_by("pk"))
    papers = []
    for u, unit in enumerate(units):
        theirs = people[u :: len(units)]
        for i in range(0, len(theirs), IN_PAPER):
            papers.append(
                (_paper(unit, campaigns[0][u % CAMPAIGNS], now, i // IN_PAPER, accounts), theirs[i:][:IN_PAPER])
            )
    papers.sort(key=lambda paper: paper[0].first_submitted_at)
    _write(paper for paper, _people in papers)
    under_way = YEARS * in_year * OPEN // 100 // IN_PAPER
    made = []
    for i, (paper, theirs) in enumerate(papers):
        state = STATES[i % len(STATES)] if i >= len(papers) - under_way else ""
        state = "draft" if state and paper.unit == units[0] else state  # what the officer writes in
        made += [_nomination(paper, person, state, root, accounts, n) for n, person in enumerate(theirs)]
    # ids of this year stand above those of the former ones
    high = (YEARS - 1) * in_year
    for n, row in enumerate(made, start=1):
        row.pk = high + n
    _write(made)
    for back in range(1, YEARS):
        year = now.year - back
        lower = back * len(papers)
        _again(
            Submission,
            lower,
            f"year = {now.year}",
            {"year": str(year), "title": f"replace(title, '{now.year}', '{year}')", "token": "NULL"}
            | {"campaign_id": f"campaign_id + {campaigns[back][0].pk - campaigns[0][0].pk}"}
            | {name: _earlier(name, back) for name in ("dated", "council_on", "first_submitted_at", "created_at")}
            | {"search": f"replace(search, '{now.year}', '{year}')"},
        )
        _again(
            Nomination,
            -back * in_year,
            f"id > {high}",
            {"submission_id": f"submission_id + {lower}", "person_id": f"person_id + {back % 2 * in_year}"}
            | {"state": PASSED, "desk_id": str(root.pk), "round": "1", "edition": "'RS-2025'", "draft_result": "''"}
            | {"received_at": _earlier("sent_at", back), "sent_at": _earlier("sent_at", back), "report": "'{}'"},
        )
    _around(made, accounts)
    _ledger(in_year, first, now.year, people, units)


PASSED = "CASE id % 10 WHEN 8 THEN 'unfit' WHEN 9 THEN 'withdrawn' ELSE 'passed' END"


def _ledger(in_year, first, year, people, units):
    """Of everybody proposed: a rating for each of the last five years, an award for every second."""
    from awards.models import PastAward, Rating

    one = {"award": "CSTDCS", "level": "unit", "type": "merit", "decision_number": "12/QĐ", "search": "cstdcs 12/qd"}
    unit = lambda i: units[i % len(units)]  # noqa: E731
    _write(
        PastAward(person=p, unit=unit(i), year=year - 1 - i % 2, decided_on=date(year - 1 - i % 2, 12, 1), **one)
        for i, p in enumerate(people)
    )
    _write(Rating(person=p, unit=unit(i), year=year - 1, grade="excellent") for i, p in enumerate(people))
    for back in range(5):
        for other in range(2):
            if back or other:
                step, moved = (2 * back + other) * in_year, {"person_id": f"person_id + {other * in_year}"}
                who = f"person_id < {first + in_year} AND year = {year - 1}"
                _again(Rating, step, who, moved | {"year": f"year - {back}"})
                if back % 2 == 0:
                    who = f"person_id < {first + in_year} AND year >= {year - 2}"
                    _again(
                        PastAward,
                        step,
                        who,
                        moved | {"year": f"year - {back}", "decided_on": _earlier("decided_on", back)},
                    )


def _paper(unit, campaign, now, i, accounts):
    from awards.models import Submission

    newest = unit.code == "P0" and not i  # the officer's own, which is under way then
    moment = now - timedelta(days=0 if newest else 1 + crc32(f"{unit.code} {i}".encode()) % 300, minutes=i)
    paper = Submission(
        unit=unit, campaign=campaign, type=("merit", "campaign")[i % 2], year=now.year, number=f"{i}/TTr",
        title=f"Tờ trình số {i} của {unit.short_name} về việc khen thưởng năm {now.year}", declared_true=True,
        dated=moment.date(), council_on=moment.date(), council_members=9, council_present=9,
        first_submitted_at=moment, created_by=accounts["officer"],
    )  # fmt: skip
    paper.search = f"to trinh so {i} ve viec khen thuong nam {now.year} {i}/ttr {unit.search}"
    return paper


def _nomination(paper, person, state, root, accounts, n):
    from awards.models import Nomination

    made = Nomination(
        submission=paper, unit=paper.unit, desk=root, person=person, award=AWARDS[n % len(AWARDS)], round=1,
        position="Kiểm sát viên", summary=SUMMARY % (person.pk % 90 + 10, n % 3), votes_for=8, edition="RS-2025",
        state=state or PAST[n % len(PAST)], sent_at=paper.first_submitted_at, received_at=paper.first_submitted_at,
    )  # fmt: skip
    made.refresh_search()
    if state in ("draft", "returned"):
        made.desk, made.received_at = paper.unit, None
        made.round, made.edition = int(state == "returned"), ""
    if state == "below":  # it lies at the province first
        made.state, made.desk = "submitted", paper.unit.parent
        made.received_at = None if made.desk != root else made.received_at
    if state == "review" and n % 2:
        made.draft_result, made.draft_result_by = "fit", accounts["office"]
    if state:
        made.report = dict.fromkeys(SECTIONS, TEXT)
    return made


def _around(made, accounts):
    """What hangs on the nominations of this year: the trail, notices, and of those under way files and reviewers."""
    from awards.models import Assignment, Check, Evidence, MoreRequest
    from portal.models import Entry, Notice

    officer = accounts["officer"]
    reviewers = [user for name, user in accounts.items() if name not in ("officer", "head")]
    under_way = [n for n in made if n.state not in PAST]
    file = {"name": "minh-chung.pdf", "content_type": "application/pdf", "size": 1000, "by": officer, "part": "files"}
    _write(
        Evidence(submission=n.submission, nomination=n, file="evidence/x.pdf", sha256="0" * 64, **file)
        for n in under_way
    )
    in_review = [n for n in under_way if n.state == "review"]
    _write(Assignment(nomination=n, reviewer=reviewers[n.pk % len(reviewers)], by=reviewers[0]) for n in in_review)
    _write(Check(nomination=n, item="achievement_once", verdict="yes", by=reviewers[0]) for n in in_review)
    asked = {"fields": ["summary"], "text": "Bổ sung tóm tắt.", "due_at": made[-1].sent_at + timedelta(days=300)}
    _write(MoreRequest(nomination=n, by=reviewers[0], **asked) for n in under_way if n.state == "more")
    step = {"by": officer, "source": "draft", "target": "submitted"}
    _write(Entry(subject=f"awards.nomination:{n.pk}", verb=verb, **step) for n in made for verb in ("create", "submit"))
    told = {
        "kind": "nom_submit",
        "title": "Có đề nghị mới",
        "body": "Có đề nghị mới chờ đồng chí.",
        "mail_state": "sent",
    }
    _write(
        Notice(
            key=f"bench:{n.pk}",
            recipient=reviewers[i % len(reviewers)],
            read_at=None if i % 50 == 0 else n.sent_at,
            **told,
        )
        for i, n in enumerate(made)
    )
