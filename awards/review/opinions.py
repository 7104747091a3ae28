"""What other departments are asked about a nomination, and what they answer."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from awards.models import Nomination, Opinion
from awards.review.services import WAITING, works_at
from portal.flow import Refused
from portal.models.trail import record
from portal.notices.services import notify
from portal.scope import under
from units.access.holders import people_at
from units.models import Unit, User


@transaction.atomic
def ask_opinion(nomination: Nomination, unit: Unit, *, question: str, due_at: datetime, by: User) -> Opinion:
    """Ask another unit; its head and officers are told. Asking the same unit again is refused."""
    if not works_at(by, nomination):
        raise PermissionDenied
    if nomination.state not in WAITING:
        raise Refused([_("Hồ sơ không còn ở bước thẩm định.")])
    if under(nomination.unit.path, unit.path) and unit.pk != nomination.desk_id:
        raise Refused([_("Không hỏi ý kiến chính đơn vị đề nghị hoặc đơn vị cấp trên trực tiếp trình hồ sơ.")])
    opinion, fresh = Opinion.objects.get_or_create(
        nomination=nomination, unit=unit, defaults={"question": question, "due_at": due_at, "asked_by": by}
    )
    if not fresh:
        raise Refused([_("Đã hỏi ý kiến %s về hồ sơ này.") % unit.label])
    record(
        nomination,
        "ask_opinion",
        by=by,
        note=question,
        changes={str(_("đơn vị được hỏi ý kiến")): ["", unit.short_name]},
    )
    notify(
        people_at(unit, "read_opinions"),
        key=f"opinion:{opinion.pk}",
        kind="opinion",
        subject_key=f"opinion:{opinion.pk}",
        url=reverse("opinion", args=[opinion.pk]),
        words=lambda: (
            _("Đề nghị cho ý kiến: %s") % nomination.subject_name,
            _("%(question)s\nHạn trả lời: %(due)s.")
            % {"question": question, "due": f"{timezone.localtime(due_at):%d/%m/%Y}"},
        ),
    )
    return opinion


def opinions_for(user: User) -> QuerySet[Opinion]:
    """What this person's units are asked, open ones first."""
    units = [unit.pk for unit in user.units_where("read_opinions")]
    return Opinion.objects.filter(unit__in=units).order_by("answered_at", "due_at", "pk")


@transaction.atomic
def answer_opinion(opinion: Opinion, *, answer: str, text: str, by: User) -> None:
    """The head of the unit that was asked answers, once; a disagreement needs its reason."""
    opinion = Opinion.objects.select_for_update(of=("self",)).select_related("nomination", "unit").get(pk=opinion.pk)
    if not by.may("answer_opinions", opinion.unit):
        raise PermissionDenied
    if opinion.answered_at:
        raise Refused([_("Đơn vị đã trả lời câu hỏi này.")])
    if answer == Opinion.Answer.DISAGREE and not text.strip():
        raise Refused([_("Hãy ghi lý do không nhất trí.")])
    opinion.answer, opinion.text, opinion.answered_by, opinion.answered_at = answer, text, by, timezone.now()
    opinion.save(update_fields=["answer", "text", "answered_by", "answered_at"])
    record(
        opinion.nomination,
        "opinion",
        by=by,
        note=text,
        changes={opinion.unit.short_name: ["", opinion.get_answer_display()]},
    )
    notify(
        [opinion.asked_by],
        key=f"opinion-answered:{opinion.pk}",
        kind="opinion_answered",
        url=reverse("review", args=[opinion.nomination_id]),
        words=lambda: (
            _("%(unit)s đã cho ý kiến: %(subject)s")
            % {"unit": opinion.unit.label, "subject": opinion.nomination.subject_name},
            f"{opinion.get_answer_display()}. {text}",
        ),
    )
