"""Plain builders with lawful defaults; each takes only what the test is about."""

from datetime import date, timedelta

from django.utils import timezone

from campaigns import flow, obligations
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
from units.models import Membership, Person, Posting, Role, Unit, User
from units.models.units import Kind

PASSWORD = "mat-khau-thu-nghiem"


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
    return flow.CAMPAIGN.take("launch", campaign(over, **fields), by=by)


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
    return flow.PLAN.take("submit", plan(in_campaign, of, by), by=by)


def owing_report(campaign, *, due_in=60):
    """The campaign's units owe a final report as well."""
    due = timezone.now() + timedelta(days=due_in)
    owed_by = campaign.milestones.get(kind=Milestone.Kind.REGISTRATION).owed_by
    milestone = Milestone.objects.create(campaign=campaign, kind=Milestone.Kind.FINAL, due_at=due, owed_by=owed_by)
    obligations.assign(campaign, timezone.localdate())
    return milestone
