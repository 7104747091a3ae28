"""Load the real hierarchy, the real campaign and demo accounts, and say how to sign in. Run again without harm."""

import os
from datetime import date, datetime, timedelta
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from awards.demo import councils as demo_councils
from awards.demo import ledger as demo_ledger
from awards.demo import papers as demo_papers
from campaigns import flow
from campaigns.campaigns.importers import live_clone, load_plan127
from campaigns.models import Campaign, Commitment, Milestone
from campaigns.reminders import services as reminders
from portal.days import end_of, today, working_day_before
from portal.models import DemoData
from portal.models.trail import record
from portal.notices import services as notices
from units.hierarchy.importers import load_hierarchy
from units.models import Collective, Membership, Person, PersonStatus, Posting, Role, Unit, User

UNITS = ("T01.25", "T46.25", "T48.25", "T79.25", "T31.25", "VP", "P.TDKT", "VKSQSTW")
OTP_SECRET = "THIDUAKHENTHUONG"  # noqa: S105 -- told to everybody who tries the demo
BEFORE = {"P.TDKT": "V16"}
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô")
GIVEN = (
    "Minh Anh",
    "Quốc Bảo",
    "Thị Cúc",
    "Văn Dũng",
    "Thu Hà",
    "Đức Huy",
    "Ngọc Lan",
    "Hải Long",
    "Thanh Mai",
    "Đình Nam",
    "Hồng Oanh",
    "Xuân Phúc",
)


class Command(BaseCommand):
    help = "Loads demo data (again without harm) and prints address and accounts."

    def handle(self, **options: Any) -> None:
        password = os.environ.get("DEMO_PASSWORD") or "Thi-dua-2026"
        # who tries the demo opens accounts in it too; a database with accounts and none of the demo's is somebody's own
        own = User.objects.filter(email__endswith="@demo.invalid")
        if settings.PRODUCTION or (User.objects.exists() and not own.exists()):
            raise CommandError("This database is not a demo: its accounts are others. Nothing was changed.")
        DemoData.objects.get_or_create(pk=1)
        self.reformed = settings.DEMO_HIERARCHY != "2021"
        load_hierarchy(self.reformed)
        plan127 = load_plan127()
        accounts = self.accounts(password)
        self.people()
        self.live(plan127, accounts)
        demo_ledger.load(accounts, self.code)
        demo_papers.load(accounts, self.code)
        demo_councils.load(accounts)
        reminders.remind()
        notices.deliver()
        self.say(password, accounts)

    @transaction.atomic
    def accounts(self, password: str) -> dict[str, User]:
        root = Unit.objects.get(code="VKSTC")
        wanted = [("admin", Role.ADMIN, root), ("office", Role.OFFICE, root), ("auditor", Role.AUDITOR, root)]
        wanted += [(f"council{i}", Role.COUNCIL, root) for i in range(1, 6)]
        for unit in Unit.objects.filter(code__in=[self.code(c) for c in UNITS]):
            wanted += [(f"head.{unit.code}", Role.HEAD, unit), (f"officer.{unit.code}", Role.OFFICER, unit)]
        wanted.append(("admin2", Role.ADMIN, root))  # approves what the first one drafts
        wanted.append(("office2", Role.OFFICE, root))  # shares the review of nominations with the first one
        wanted.append(("office.otp", Role.OFFICE, root))  # is asked for a second step
        works = dict.fromkeys(("office2", "office.otp"), Unit.objects.get(code=self.code("P.TDKT")))
        made = {}
        for place, (username, role, unit) in enumerate(wanted):
            made[username] = self.account(place, username, role, unit, works.get(username, unit), password)
        if not made["office.otp"].has_factor:
            TOTP.activate(made["office.otp"], OTP_SECRET)
        return made

    def code(self, code: str) -> str:
        """The code of the unit in the hierarchy that the demo stands in."""
        return code if self.reformed else BEFORE.get(code, code.removesuffix(".25"))

    def account(self, place: int, username: str, role: str, unit: Unit, works_in: Unit, password: str) -> User:
        user = User.objects.filter(username=username).first()
        if user is None:
            name = f"{FAMILY[place % len(FAMILY)]} {GIVEN[(place * 7 + place // 12) % len(GIVEN)]}"
            person = Person.objects.create(staff_code=f"DEMO{place:03}", full_name=name)
            staff = role == Role.ADMIN
            user = User(
                username=username,
                email=f"{username}@demo.invalid".lower(),
                person=person,
                is_staff=staff,
                is_superuser=staff,
            )
            user.set_password(password)
            user.save()
            Posting.objects.create(person=person, unit=works_in, position=str(Role(role).label))
            record(Membership.objects.create(user=user, unit=unit, role=role), "create", note="demo")
        elif not user.check_password(password):
            user.set_password(password)
            user.save(update_fields=["password"])
        return user

    @transaction.atomic
    def people(self) -> None:
        """Some forty made-up people, a division in each of two units, and two pairs that may be the same person."""
        units = {code: Unit.objects.get(code=self.code(code)) for code in UNITS}
        rooms = {}
        for code in ("T46.25", "T79.25"):
            rooms[code], _made = Collective.objects.get_or_create(
                code=f"{self.code(code)}-P1", defaults={"unit": units[code], "name": "Phòng 1 (minh hoạ)"}
            )
        for place in range(40):
            code = UNITS[place % len(UNITS)]
            name = f"{FAMILY[place % len(FAMILY)]} {GIVEN[(place * 7 + place // 12 + 4) % len(GIVEN)]}"
            self.person(
                f"CB{place + 1:03}",
                name,
                1966 + place * 13 % 34,
                units[code],
                rank=("Kiểm sát viên sơ cấp", "Kiểm sát viên trung cấp", "Kiểm tra viên", "Chuyên viên")[place % 4],
                collective=rooms.get(code) if place % 16 < 8 else None,
            )
        self.person("CB041", "Nguyễn Thị Thúy Lý", 1985, units["T46.25"], rank="Kiểm sát viên sơ cấp")
        self.person("CB042", "Nguyễn Thị Thuý Lí", 1985, units["T48.25"], rank="")
        self.person("CB043", "Trần Văn Bình", 1979, units["T79.25"], rank="Kiểm tra viên")
        self.person("CB044", "Văn Bình Trần", 1979, units["T79.25"], rank="")
        away = Person.objects.get(staff_code="CB007")
        if not away.statuses.exists():
            away.statuses.create(kind=PersonStatus.Kind.MATERNITY, valid_from=today() - timedelta(days=30))

    def person(
        self, code: str, name: str, born: int, unit: Unit, *, rank: str, collective: Collective | None = None
    ) -> None:
        fields = {"full_name": name, "birth_year": born, "rank": rank, "gender": "f" if "Thị" in name else ""}
        person, made = Person.objects.get_or_create(staff_code=code, defaults=fields)
        if made:
            lead = collective is not None and not collective.postings.exists()
            position = "Trưởng phòng" if lead else "Cán bộ"
            since = date(2025, 7, 1) if self.reformed else None
            person.postings.create(unit=unit, collective=collective, position=position, leads=lead, valid_from=since)
            record(person, "create", note="demo")

    def live(self, plan127: Campaign, accounts: dict[str, User]) -> None:
        """The clone with live dates, and a few plans in different states so that every desk shows its work."""
        if Campaign.objects.filter(cloned_from=plan127).exists():
            return
        start = today()
        due: dict[str, datetime] = {
            kind: end_of(working_day_before(start + timedelta(days=days)))
            for kind, days in (
                (Milestone.Kind.REGISTRATION, 14),
                (Milestone.Kind.INTERIM, 90),
                (Milestone.Kind.NOMINATION, 150),
                (Milestone.Kind.FINAL, 175),
            )
        }
        campaign = live_clone(
            plan127,
            code=f"DEMO-{start:%Y}",
            by=accounts["office"],
            starts_on=start,
            ends_on=start + timedelta(days=180),
            due=due,
            kinds=["department", "province", "military"],
        )
        for code, state in (
            ("T01.25", "submitted"),
            ("T48.25", "approved"),
            ("T79.25", "returned"),
            ("T31.25", "draft"),
        ):
            self.plan(campaign, Unit.objects.get(code=self.code(code)), state, accounts)

    def plan(self, campaign: Campaign, unit: Unit, state: str, accounts: dict[str, User]) -> None:
        head, officer, office = accounts[f"head.{unit.code}"], accounts[f"officer.{unit.code}"], accounts["office"]
        plan = flow.begin(campaign, unit, by=officer)
        areas = list(campaign.areas.prefetch_related("criteria"))
        rows = [
            Commitment(
                area=area,
                criterion=area.criteria.all()[0],
                what=f"Việc minh hoạ: {area.criteria.all()[0].text}",
                amount=100 - 5 * place,
                measure="%",
                responsible="Văn phòng tổng hợp",
                due_on=(campaign.ends_on or today()) - timedelta(days=30),
            )
            for place, area in enumerate(areas[:4])
        ]
        plan = flow.write(
            plan,
            theme=f"{unit.short_name} đoàn kết, an toàn, hoàn thành nhiệm vụ (minh hoạ)",
            organising="Phát động tại hội nghị công chức; theo dõi hằng tháng; sơ kết giữa kỳ và tổng kết cuối kỳ.",
            commitments=rows,
            reasons={areas[4].pk: "Đã có kế hoạch chuyển đổi số riêng của đơn vị."},
            by=officer,
            version=plan.version,
        )
        if state == "draft":
            return
        plan = flow.PLAN.take("submit", plan, by=head, version=plan.version)
        if state == "approved":
            flow.PLAN.take("approve", plan, by=office, version=plan.version)
        if state == "returned":
            plan.comments.create(
                field=f"area-{areas[0].pk}",
                round=plan.round,
                by=office,
                text="Chỉ tiêu cần nêu rõ số người và thời điểm hoàn thành.",
            )
            why = "Đề nghị cụ thể hóa chỉ tiêu ở nội dung 1 rồi gửi lại."
            flow.PLAN.take("return", plan, by=office, version=plan.version, note=why)

    def say(self, password: str, accounts: dict[str, User]) -> None:
        heads = ", ".join(name for name in accounts if name.startswith("head."))
        self.stdout.write(
            f"\nThe portal:  {settings.BASE_URL}/\n"
            f"Password of every demo account:  {password}\n"
            f"Accounts:  admin, admin2, office, office2, office.otp, auditor, council1 … council5\n"
            f"  heads:     {heads}\n"
            f"  officers:  the same with «officer.» instead of «head.»\n"
            f"office.otp is asked for a code: add the key  {OTP_SECRET}  to an authenticator app\n"
        )
