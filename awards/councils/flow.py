"""The table of a sitting's steps, what stands in their way and what each does to the row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from awards.councils import agenda, encryption, keys
from awards.models import AgendaItem, KeyPart, Sitting, SittingMember, Urn
from awards.models.councils import HOLDING, PRESIDING, Duty
from portal.flow import Flow, Step
from portal.text import grouped
from units.models import User

S, Ballot = Sitting.State, Sitting.Ballot
FEWEST_IN_SECRET = 3  # of two voters, each would know the other's vote from the result


@dataclass(frozen=True)
class PresidingStep(Step):
    """A step of whoever presides: the chair of this sitting, or a deputy."""

    def allowed_to(self, user: Any, subject: Any) -> bool:
        presides = subject.members.filter(user=user, duty__in=PRESIDING)
        return super().allowed_to(user, subject) and presides.exists()


# --- what stands in the way ---


def not_ready(sitting: Sitting) -> Iterator[Any]:
    """What a sitting lacks before anybody can be invited."""
    duties = set(sitting.members.values_list("duty", flat=True))
    if not duties & set(PRESIDING):
        yield _("Hội đồng chưa có Chủ tịch hoặc Phó Chủ tịch đang giữ chức danh.")
    if Duty.SECRETARY not in duties:
        yield _("Hội đồng chưa có Thư ký.")
    if not sitting.items.exists():
        yield _("Chương trình chưa có đề nghị nào.")
    if not sitting.in_writing and not sitting.place:
        yield _("Hãy ghi địa điểm họp.")


def _cannot_open(sitting: Sitting) -> Iterator[Any]:
    yield from not_ready(sitting)
    if words := no_quorum(sitting):
        yield words
    for item in agenda.with_bases(sitting):
        name = item.nomination.subject_name
        if not agenda.may_be_voted_on(item.nomination, sitting):
            yield _("%s: đề nghị không còn chờ Hội đồng; hãy bỏ khỏi chương trình.") % name
        if item.percent is None:
            yield _("%s: quy định không nêu tỷ lệ; hãy ghi tỷ lệ ở trang Hội đồng.") % name
        if not item.base:
            yield _("%s: mọi thành viên đều không được biểu quyết.") % name


def no_quorum(sitting: Sitting) -> Any:
    """What is wrong with the number of those present or heard in writing; empty where nothing is."""
    percent = sitting.council.quorum_percent
    there = sitting.members.exclude(attendance=SittingMember.Attendance.ABSENT).count()
    total = sitting.members.count()
    if percent is None or there * 100 >= percent * total:
        return ""
    return _("Chỉ có %(there)s trên %(total)s thành viên dự họp, cho ý kiến; cần ít nhất %(percent)s %%.") % {
        "there": there,
        "total": grouped(total),
        "percent": percent,
    }


def _cannot_open_in_secret(sitting: Sitting) -> Iterator[Any]:
    yield from _cannot_open(sitting)
    held = {part.place for part in sitting.key_parts.all()}
    for place, duty in enumerate(HOLDING, start=1):
        if place not in held:
            yield _("%s chưa đặt cụm mật khẩu giữ khóa hòm phiếu.") % Duty(duty).label
    for item in agenda.with_bases(sitting):
        if item.base and item.base < FEWEST_IN_SECRET:
            yield _("%(item)s: chỉ %(base)s thành viên được biểu quyết nên bỏ phiếu kín không giữ được bí mật.") % {
                "item": item.nomination.subject_name,
                "base": item.base,
            }


def _cannot_open_in_public(sitting: Sitting) -> Iterator[Any]:
    yield from _cannot_open(sitting)
    for item in sitting.items.select_related("nomination__person", "nomination__collective", "nomination__whole_unit"):
        vote = item.vote_by_law
        if vote and vote.ballot:
            yield _("%(item)s: danh hiệu này phải bỏ phiếu kín (%(article)s).") % {
                "item": item.nomination.subject_name,
                "article": vote.article,
            }


def _cannot_enter(sitting: Sitting) -> Iterator[Any]:
    yield from _cannot_open(sitting)
    if not sitting.files.filter(removed_at=None).exists():
        yield _("Hãy đính kèm biên bản có chữ ký.")


# --- what the steps do ---


def _open(sitting: Sitting, ballot: str) -> None:
    sitting.ballot, sitting.opened_at = ballot, timezone.now()


def _open_in_secret(sitting: Sitting, by: User, note: str) -> None:
    """Draw the key, hand its shares to their holders and forget it; the urn begins with encrypted noughts."""
    _open(sitting, Ballot.SECRET)
    secret = encryption.random_scalar()
    key = encryption.public(secret)
    shares = encryption.split(secret)
    for part in sitting.key_parts.all():
        share = shares[part.place - 1]
        part.share_point = encryption.public(share)
        part.sealed_share = keys.seal(share, bytes(part.public))
        part.save(update_fields=["share_point", "sealed_share"])
    Urn.objects.create(sitting=sitting, key=key, sums=encryption.zeros(3 * sitting.items.count(), key))


def _open_in_public(sitting: Sitting, by: User, note: str) -> None:
    _open(sitting, Ballot.OPEN)
    forget_keys(sitting)


def _close(sitting: Sitting, by: User, note: str) -> None:
    sitting.closed_at = timezone.now()


def _close_in_public(sitting: Sitting, by: User, note: str) -> None:
    _close(sitting, by, note)
    choices = {name: Count("votes", filter=Q(votes__choice=name)) for name in ("yes", "no", "none")}
    counted = sitting.items.order_by().values("pk").annotate(**{f"n_{name}": n for name, n in choices.items()})
    for row in counted:
        AgendaItem.objects.filter(pk=row["pk"]).update(**{name: row[f"n_{name}"] for name in choices})


def _enter(sitting: Sitting, by: User, note: str) -> None:
    _open(sitting, Ballot.PAPER)
    _close(sitting, by, note)
    forget_keys(sitting)


def _count(sitting: Sitting, by: User, note: str) -> None:
    erase_keys(sitting)


def _break_off(sitting: Sitting, by: User, note: str) -> None:
    erase_keys(sitting)
    Urn.objects.filter(sitting=sitting).delete()


def erase_keys(sitting: Sitting) -> None:
    """What could open the ballot is no more; what proves the count stays."""
    sitting.key_parts.update(salt=b"", locked=b"", sealed_share=b"")


def forget_keys(sitting: Sitting) -> None:
    """No secret ballot, no keys."""
    KeyPart.objects.filter(sitting=sitting).delete()


def _counted(sitting: Sitting) -> bool:
    return not sitting.items.filter(yes=None).exists()


ONCE = _("Cách bỏ phiếu không đổi được sau khi mở. Chương trình và thành viên cũng được chốt lúc này.")

SITTING = Flow(
    (
        Step("call", _("Mời họp"), (S.DRAFT,), S.INVITED, "prepare_sittings", objections=not_ready),
        PresidingStep(
            "open_secret",
            _("Mở bỏ phiếu kín"),
            (S.INVITED,),
            S.OPEN,
            "sit_in_council",
            objections=_cannot_open_in_secret,
            effect=_open_in_secret,
            asks=ONCE,
        ),
        PresidingStep(
            "open_public",
            _("Mở biểu quyết công khai"),
            (S.INVITED,),
            S.OPEN,
            "sit_in_council",
            objections=_cannot_open_in_public,
            effect=_open_in_public,
            tone="secondary",
            asks=ONCE,
        ),
        Step(
            "enter_counts",
            _("Ghi kết quả bỏ phiếu trên giấy"),
            (S.INVITED,),
            S.CLOSED,
            "prepare_sittings",
            objections=_cannot_enter,
            effect=_enter,
            open_if=_counted,
        ),
        PresidingStep(
            "close",
            _("Khép bỏ phiếu"),
            (S.OPEN,),
            S.COUNTING,
            "sit_in_council",
            effect=_close,
            open_if=lambda sitting: sitting.secret,
            asks=_("Sau khi khép, không ai bỏ phiếu được nữa. Việc này chỉ làm một lần."),
        ),
        PresidingStep(
            "close_public",
            _("Kết thúc biểu quyết"),
            (S.OPEN,),
            S.CLOSED,
            "sit_in_council",
            effect=_close_in_public,
            open_if=lambda sitting: not sitting.secret,
            asks=_("Sau khi kết thúc, không ai biểu quyết được nữa; kết quả được công bố theo tên."),
        ),
        Step(
            "count",
            _("Kiểm phiếu"),
            (S.COUNTING,),
            S.CLOSED,
            "sit_in_council",
            effect=_count,
            open_if=_counted,
        ),
        Step(
            "cancel",
            _("Hủy phiên họp"),
            (S.DRAFT, S.INVITED),
            S.CANCELLED,
            "prepare_sittings",
            effect=_break_off,
            needs_note=True,
            tone="danger",
        ),
        PresidingStep(
            "break_off",
            _("Kết thúc không có kết quả"),
            (S.OPEN, S.COUNTING),
            S.CANCELLED,
            "sit_in_council",
            effect=_break_off,
            needs_note=True,
            tone="danger",
        ),
    )
)
BY_FORM = ("enter_counts", "count")  # taken by a form of their own, not by a button
