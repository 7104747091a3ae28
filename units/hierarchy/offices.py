"""Which unit is the emulation office of another from a day on; one at a time, and what was stays written."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from portal.flow import Refused
from portal.models.trail import record
from units.models import EmulationOffice, Unit, User
from units.reorganisation.execute import lock_hierarchy


@transaction.atomic
def appoint(office: Unit, *, serves: Unit, since: date, source: str, by: User, version: int) -> EmulationOffice:
    """The office of `serves` from that day on; the one before it ends the day before.

    `version` is how many appointments were seen: rows are only ever added. Raises Refused where it is another by now,
    where the office does not exist on the day, or an appointment of that day or later stands.
    """
    lock_hierarchy()
    rows = list(EmulationOffice.objects.filter(serves=serves).select_related("unit"))
    if len(rows) != version:
        raise Refused([_("Vừa có quyết định khác cho đơn vị này. Hãy xem lại rồi thực hiện.")])
    if any((row.valid_from or date.min) >= since for row in rows):
        raise Refused([_("Đã có quyết định cho ngày này hoặc ngày sau đó; hãy chọn ngày muộn hơn.")])
    if not office.exists_on(since):
        raise Refused([_("«%s» không hoạt động vào ngày này.") % office.label])
    before = next((row for row in rows if row.valid_to is None or row.valid_to >= since), None)
    if before and before.unit_id == office.pk and before.valid_to is None:
        raise Refused([_("«%s» đang là cơ quan thi đua của đơn vị này.") % office.label])
    if before:
        before.valid_to = since - timedelta(days=1)
        before.save(update_fields=["valid_to"])
    made = EmulationOffice.objects.create(serves=serves, unit=office, valid_from=since, source=source)
    names = [before.unit.name_vi if before else "", office.name_vi]
    record(serves, "office", by=by, note=source, changes={_("cơ quan thi đua từ %s") % f"{since:%d/%m/%Y}": names})
    return made


def history(serves: Unit) -> list[EmulationOffice]:
    """Every office that the unit has had or will have, the newest first."""
    rows = EmulationOffice.objects.filter(serves=serves).select_related("unit")
    return list(rows.order_by(F("valid_from").desc(nulls_last=True), "pk"))
