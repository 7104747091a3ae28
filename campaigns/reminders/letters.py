"""What a reminder says, in the reader's language."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.models import Campaign, Obligation
from portal.days import SOON_DAYS, distance
from portal.text import grouped

NAMES = 20  # a list in a letter is cut here; the rest stands on the portal


def offset_words(offset: int) -> str:
    """The policy's day in words."""
    if offset < 0:
        return ngettext("trước hạn %(count)s ngày", "trước hạn %(count)s ngày", -offset) % {"count": grouped(-offset)}
    if not offset:
        return _("đúng ngày đến hạn")
    return ngettext("sau hạn %(count)s ngày", "sau hạn %(count)s ngày", offset) % {"count": grouped(offset)}


def _shown(moment: datetime) -> str:
    return timezone.localtime(moment, timezone.get_default_timezone()).strftime("%d/%m/%Y %H:%M")


def _short(campaign: Campaign) -> str:
    return Truncator(campaign.title).chars(110)


@dataclass(frozen=True)
class Reminder:
    obligation: Obligation
    now: datetime

    def __call__(self) -> tuple[str, str]:
        obligation, milestone = self.obligation, self.obligation.milestone
        said = {
            "unit": obligation.unit.name,
            "short": obligation.unit.label,
            "milestone": milestone.get_kind_display(),
            "campaign": milestone.campaign.title,
            "title": _short(milestone.campaign),
            "due": _shown(obligation.known_due),
            "left": distance(obligation.known_due, self.now),
        }
        title = _("%(short)s – %(milestone)s: %(left)s – %(title)s") % said
        state = _("Đã quá hạn") if obligation.known_due < self.now else _("Sắp đến hạn")
        lines = [
            state + ".",
            "",
            _("Đơn vị: %(unit)s") % said,
            _("Phong trào: %(campaign)s") % said,
            _("Việc phải làm: %(milestone)s") % said,
            _("Hạn: %(due)s (%(left)s)") % said,
            "",
        ]
        lines.append(_("Cách gửi: %s.") % milestone.way)
        return title, "\n".join(lines)


def _line(obligation: Obligation, now: datetime) -> str:
    return _("- %(unit)s: %(milestone)s, hạn %(due)s (%(left)s)") % {
        "unit": obligation.unit.label,
        "milestone": obligation.milestone.get_kind_display(),
        "due": _shown(obligation.known_due),
        "left": distance(obligation.known_due, now),
    }


def _lines(obligations: list[Obligation], now: datetime) -> list[str]:
    rest = len(obligations) - NAMES
    lines = [_line(o, now) for o in obligations[:NAMES]]
    if rest > 0:
        lines.append(
            ngettext("… và %(count)s đơn vị nữa", "… và %(count)s đơn vị nữa", rest) % {"count": grouped(rest)}
        )
    return lines


@dataclass(frozen=True)
class LateBelow:
    late: list[Obligation]
    now: datetime

    def __call__(self) -> tuple[str, str]:
        units = len({o.unit_id for o in self.late})
        title = ngettext("%(count)s đơn vị cấp dưới quá hạn", "%(count)s đơn vị cấp dưới quá hạn", units) % {
            "count": grouped(units)
        }
        campaigns: dict[int, list[Obligation]] = defaultdict(list)
        for obligation in self.late:
            campaigns[obligation.milestone.campaign_id].append(obligation)
        if len(campaigns) == 1:
            title += f" – {_short(self.late[0].milestone.campaign)}"
        lines = [_("Các đơn vị trực thuộc sau đây chưa hoàn thành việc đã đến hạn:")]
        for obligations in campaigns.values():
            lines += ["", obligations[0].milestone.campaign.title, *_lines(obligations, self.now)]
        lines += ["", _("Đề nghị đồng chí đôn đốc các đơn vị.")]
        return title, "\n".join(lines)


@dataclass
class Section:
    """What the day's list says of one campaign."""

    campaign: Campaign
    newly: list[Obligation] = field(default_factory=list)
    still: list[Obligation] = field(default_factory=list)
    soon: list[Obligation] = field(default_factory=list)
    waiting: int = 0

    def add(self, obligation: Obligation, previous: datetime, morning: datetime) -> None:
        due = obligation.known_due
        if due < previous:
            self.still.append(obligation)
        elif due < morning:
            self.newly.append(obligation)
        elif due <= morning + timedelta(days=SOON_DAYS):
            self.soon.append(obligation)

    def says_something(self) -> bool:
        return bool(self.newly or self.still or self.soon or self.waiting)

    def lines(self, now: datetime) -> list[str]:
        said: list[str] = [self.campaign.title]
        for label, obligations in (
            (_("Mới quá hạn"), self.newly),
            (_("Vẫn quá hạn"), self.still),
            (_("Đến hạn trong 7 ngày tới"), self.soon),
        ):
            if obligations:
                said += [f"{label}: {len(obligations)}", *_lines(obligations, now)]
        if self.waiting:
            said.append(_("Kế hoạch chờ duyệt: %(count)s") % {"count": self.waiting})
        return said


@dataclass(frozen=True)
class OfficeDigest:
    sections: list[Section]
    morning: datetime

    def __call__(self) -> tuple[str, str]:
        late = sum(len(s.newly) + len(s.still) for s in self.sections)
        title = _("Tình hình thi đua ngày %(day)s: %(late)s quá hạn, %(waiting)s chờ duyệt") % {
            "day": self.morning.strftime("%d/%m/%Y"),
            "late": late,
            "waiting": grouped(sum(s.waiting for s in self.sections)),
        }
        if len(self.sections) == 1:
            title += f" – {_short(self.sections[0].campaign)}"
        return title, "\n\n".join("\n".join(section.lines(self.morning)) for section in self.sections)
