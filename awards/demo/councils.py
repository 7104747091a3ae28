"""The demo's Council: five members, and a sitting on what was put before it, to which all were invited."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from awards.councils import agenda, services
from awards.models import Council, CouncilMember, Duty, Sitting
from portal.days import at_hour, today, working_day_after
from units.models import Unit, User

DUTIES = (Duty.CHAIR, Duty.DEPUTY, Duty.SECRETARY, Duty.MEMBER, Duty.MEMBER)


@transaction.atomic
def load(accounts: dict[str, User]) -> None:
    """Found the Council and prepare its sitting; run again without harm."""
    root, office = Unit.objects.get(code="VKSTC"), accounts["office"]
    if root.councils.exists():
        return
    council = services.found(
        Council(
            unit=root,
            name="Hội đồng Thi đua - Khen thưởng ngành Kiểm sát nhân dân (minh hoạ)",
            number="01/QĐ-VKSTC (minh hoạ)",
            dated=today() - timedelta(days=60),
            valid_from=today() - timedelta(days=60),
            usual_percent=80,
            quorum_percent=60,
        ),
        by=office,
    )
    for number, duty in enumerate(DUTIES, start=1):
        member = accounts[f"council{number}"]
        services.seat(CouncilMember(council=council, user=member, duty=duty, valid_from=council.valid_from), by=office)
    waiting = list(agenda.waiting_for(council).values_list("pk", flat=True))
    if not waiting:
        return
    sitting = services.prepare(
        Sitting(
            council=council,
            title="Xét khen thưởng phong trào phòng, chống COVID-19 (minh hoạ)",
            starts_at=at_hour(working_day_after(today() + timedelta(days=3)), 14),
            place="Phòng họp 201, trụ sở VKSND tối cao",
        ),
        by=office,
    )
    services.add_items(sitting, waiting, by=office, version=sitting.version)
    sitting.refresh_from_db()
    services.take("call", sitting, by=office, version=sitting.version)
