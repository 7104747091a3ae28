"""The verbs that put files to a plan while it is with its unit."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaigns import flow
from campaigns.models import Attachment, Plan
from portal.files import stored
from portal.text import grouped
from units.models import User

MAX_FILES = 20  # in one plan
CLOSED = _("Kế hoạch đã gửi hoặc phong trào đã kết thúc: không sửa được nữa.")


def attach(plan: Plan, file: Any, *, by: User) -> Attachment:
    """Keep a file with the plan; a file that is there already is refused in words."""
    brought = stored.look_into(file)
    with transaction.atomic():
        plan = _hold(plan)
        if not plan.editable:
            raise ValidationError(CLOSED)
        full = _("Mỗi kế hoạch có tối đa %s tệp.") % grouped(MAX_FILES)
        return stored.keep(
            Attachment(plan=plan), brought, among=plan.attachments.all(), limit=MAX_FILES, full=full, by=by
        )


@transaction.atomic
def detach(attachment: Attachment, *, by: User) -> None:
    """Take a file out of the draft."""
    plan = _hold(attachment.plan)
    if not (flow.may_draft(by, plan) and plan.editable):
        raise PermissionDenied
    stored.take_out(attachment, by=by)


def _hold(plan: Plan) -> Plan:
    return Plan.objects.select_for_update(of=("self",)).select_related("campaign", "unit").get(pk=plan.pk)
