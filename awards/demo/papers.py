"""The demo's papers: one in writing at Huế, one that Hà Nội has sent, one of TP HCM that is before the Council."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from awards.law.terms import MeritType
from awards.models import Nomination, Submission
from awards.models.subjects import Commended
from awards.nominations import editing, flow, opening
from awards.review import services as review
from campaigns.models import Campaign, Milestone
from portal.days import today
from units.models import Collective, Person, Posting, Unit, User

# the forms that the guidance of early 2022 names (docs/domain/law-and-practice.md, 5.3); it names no class of the order
FORMS = ("HCLD_1", "HCLD_2", "HCLD_3", "HC_DUNGCAM", "BK_TTG", "BK_VT", "GK")
HUE, HANOI, HCMC = "T46.25", "T01.25", "T79.25"
STAFF = {
    HUE: (
        ("DEMO-H1", "Trần Thị Minh Châu", 1984, "Kiểm sát viên trung cấp", False),
        ("DEMO-H2", "Lê Quang Đức", 1990, "Kiểm sát viên sơ cấp", False),
        ("DEMO-H3", "Nguyễn Hữu Phước", 1975, "Trưởng phòng", True),
    ),
    HANOI: (
        ("DEMO-N1", "Phạm Thu Hằng", 1987, "Kiểm sát viên trung cấp", False),
        ("DEMO-N2", "Vũ Đình Khôi", 1981, "Kiểm sát viên trung cấp", False),
    ),
    HCMC: (
        ("DEMO-S1", "Lý Thị Kim Ngân", 1983, "Kiểm sát viên trung cấp", False),
        ("DEMO-S2", "Trương Hoàng Nam", 1979, "Phó Trưởng phòng", True),
    ),
}
WORDS = (
    "Trực tiếp kiểm sát 42 vụ án liên quan dịch bệnh, không vụ nào quá hạn (minh hoạ).",
    "Hỗ trợ 180 lượt cán bộ làm việc từ xa, rút ngắn thời gian xử lý hồ sơ 30% (minh hoạ).",
    "Vận động 25 đơn vị, cá nhân ủng hộ 3.200 phần quà cho vùng cách ly (minh hoạ).",
)


@transaction.atomic
def load(accounts: dict[str, User], code: Callable[[str], str]) -> None:
    """Open the live campaign's awards and write the papers; run again without harm.

    `code` gives the code that a unit of today bears in the hierarchy that the demo stands in.
    """
    campaign = Campaign.objects.filter(code__startswith="DEMO-", state=Campaign.State.LAUNCHED).first()
    if campaign is None:
        return
    if not campaign.open_awards.exists():
        fields = list(campaign.merit_fields.values_list("pk", flat=True))
        rows = [(code, f, None) for code in FORMS for f in fields]
        opening.open_for(campaign, rows, by=accounts["office"], version=campaign.version)
    milestone = campaign.milestones.filter(kind=Milestone.Kind.NOMINATION).first()
    for place, which in enumerate((HUE, HANOI, HCMC), start=1):
        token = UUID(int=place)
        if not Submission.objects.filter(token=token).exists():
            unit = Unit.objects.get(code=code(which))
            paper = _write(campaign, milestone, unit, token, accounts, staff=STAFF[which], sent=which != HUE)
            if which == HCMC:
                _put_before_the_council(paper, accounts["office"])
    second = accounts["office2"]
    if not second.conflicts.exists():  # so that the desk shows somebody shut out
        kin = Person.objects.get(staff_code="DEMO-N2")
        review.declare(second, person=kin, reason="Là người nhà của người được đề nghị (minh hoạ)")


def _write(
    campaign: Campaign,
    milestone: Any,
    unit: Unit,
    token: UUID,
    accounts: dict[str, User],
    *,
    staff: tuple[tuple[str, str, int, str, bool], ...],
    sent: bool,
) -> Submission:
    officer, head = accounts[f"officer.{unit.code}"], accounts[f"head.{unit.code}"]
    paper, _fresh = editing.begin(
        unit,
        by=officer,
        token=token,
        campaign=campaign,
        milestone=milestone,
        type=MeritType.CAMPAIGN,
        title=f"Đề nghị khen thưởng phong trào phòng, chống COVID-19 của {unit.short_name} (minh hoạ)",
        year=today().year,
        number="05/TTr-VKS" if sent else "",
        dated=today() if sent else None,
        council_on=today() if sent else None,
        council_members=9,
        council_present=9 if sent else None,
        declared_true=sent,
    )
    people = [_person(unit, row) for row in staff]
    group, _fresh = Collective.objects.get_or_create(
        code=f"DEMO-{unit.code}", defaults={"unit": unit, "name": "Phòng Thực hành quyền công tố án hình sự (minh hoạ)"}
    )
    fields = list(campaign.merit_fields.all())
    subjects: list[tuple[Commended, str]] = [(group, "BK_VT"), (people[0], "BK_VT"), (people[1], "GK")]
    for place, (subject, award) in enumerate(subjects):
        [nomination], _new = editing.add(paper, [subject], award, by=officer)
        editing.write(
            nomination,
            by=officer,
            version=nomination.version,
            fields={
                "summary": WORDS[place] if sent or place < 2 else "",
                "merit_field": fields[place % len(fields)] if fields else None,
                "votes_for": 9 if sent else None,
            },
            report={"achievements": WORDS[place]} if sent else {},
            facts={},
            links={"commitments": [], "achievements": [], "initiatives": []},
        )
    if sent:
        flow.move_all("submit", paper, by=head, version=paper.whole_version)
    return paper


def _put_before_the_council(paper: Submission, office: User) -> None:
    """The office finds all of it eligible and puts it before the Council."""
    judged = [
        review.judge(n, by=office, version=n.version, verdicts={}, result=Nomination.Result.FIT, note="")
        for n in paper.nominations.order_by("pk")
    ]
    review.release({n.pk: n.version for n in judged}, by=office)
    fit = list(Nomination.objects.for_checks().filter(submission=paper))
    flow.move("pass_up", fit, by=office, versions={n.pk: n.version for n in fit})


def _person(unit: Unit, row: tuple[str, str, int, str, bool]) -> Person:
    code, name, born, position, leads = row
    person, fresh = Person.objects.get_or_create(
        staff_code=code, defaults={"full_name": name, "birth_year": born, "joined_on": date(born + 23, 9, 1)}
    )
    if fresh:
        Posting.objects.create(person=person, unit=unit, position=position, leads=leads)
    return person
