"""What the office does to the catalogue: change whether a condition blocks or warns. The law itself is in files."""

from __future__ import annotations

from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from awards.law.standards import Award, Condition, Edition, Quota
from awards.law.terms import Severity
from awards.models import ConditionSetting
from portal.flow import Refused
from portal.models.trail import record
from units.models import User


def may_change(user: User) -> bool:
    """The office of the whole sector, that is at the root."""
    return user.may_anywhere("change_severities")


def change_severity(
    edition: Edition, award: Award, condition: Condition | Quota, *, severity: str, reason: str, by: User, version: int
) -> ConditionSetting:
    """Let the condition block or warn from now on; `version` is what the person saw, 0 where nothing was changed yet.

    Sent twice, it happens once. Raises Refused with words, or PermissionDenied.
    """
    if not may_change(by):
        raise PermissionDenied
    place = {"edition": edition.code, "award": award.code, "condition": condition.key}
    change = partial(_change, place, condition, severity=severity, reason=reason, by=by, version=version)
    try:
        return change()
    except IntegrityError:  # somebody made the first change at the same moment: now there is a row to look at
        return change()


@transaction.atomic
def _change(
    place: dict[str, str], condition: Condition | Quota, *, severity: str, reason: str, by: User, version: int
) -> ConditionSetting:
    setting = ConditionSetting.objects.select_for_update().filter(**place).first()
    if setting and (setting.severity, setting.reason, setting.by_id) == (severity, reason, by.pk):
        return setting
    if version != (setting.version if setting else 0):
        raise Refused([_("Mức độ này vừa được người khác thay đổi. Hãy xem lại rồi thực hiện.")])
    was = setting.severity if setting else condition.severity
    setting = setting or ConditionSetting(**place, version=0)
    setting.severity, setting.reason, setting.by = severity, reason, by
    setting.version += 1
    setting.save()
    changes = {condition.says[:120]: [str(Severity(was).label), str(Severity(severity).label)]}
    record(setting, "edit", by=by, source=was, target=severity, changes=changes, note=reason)
    return setting
