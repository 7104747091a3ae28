"""Why an edition or a figure cannot be put in force as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from awards.editions import tables
from awards.law import standards
from awards.law.standards import Unlawful, known
from awards.models import DraftLaw, LawEdition, LawFigure, Nomination
from portal.days import local_day


def objections(row: DraftLaw) -> Iterator[Any]:
    """In words, nothing where nothing stands against it."""
    return (
        _of_edition(row) if isinstance(row, LawEdition) else _of_figure(row) if isinstance(row, LawFigure) else iter(())
    )


def first_day() -> date:
    """From when an edition may rule at the earliest: a dossier that was decided is never judged anew."""
    decided = Nomination.objects.filter(state__in=Nomination.DECIDED, received_at__isnull=False)
    last = decided.aggregate(last=Max("received_at"))["last"]
    return local_day(last) + timedelta(days=1) if last else date.min


def _of_edition(row: LawEdition) -> Iterator[Any]:
    edition = tables.edition_in(row.text)
    if not edition.enabled:
        yield _("Bộ quy định chưa được đánh dấu «Đã đủ nội dung để xét hồ sơ» ở phần thông tin chung.")
    if not edition.awards:
        yield _("Bộ quy định chưa có danh hiệu, hình thức nào.")
    if edition.valid_to and edition.valid_to < edition.valid_from:
        yield _("Ngày cuối phải từ ngày có hiệu lực trở đi.")
    earliest = first_day()
    if edition.valid_from < earliest:
        yield _(
            "Đã có hồ sơ nhận đến ngày %(last)s được công bố kết quả theo quy định cũ; "
            "bộ quy định chỉ có hiệu lực được từ ngày %(first)s."
        ) % {"last": f"{earliest - timedelta(days=1):%d/%m/%Y}", "first": f"{earliest:%d/%m/%Y}"}
    yield from _order(edition)


def _order(edition: standards.Edition) -> Iterator[Any]:
    """An edition only follows: it begins after all that rule, and no day between is without one."""
    others = [one for one in known.anew().editions if one.code != edition.code]
    if any(one.code == edition.code and one.enabled for one in standards.editions()):
        yield _("Mã «%s» là của một bộ quy định đã có; hãy đặt mã khác.") % edition.code
    later = [one for one in others if one.enabled and one.valid_from >= edition.valid_from]
    if later:
        yield _("Bộ «%(other)s» có hiệu lực từ %(day)s; bộ mới phải bắt đầu sau ngày đó.") % {
            "other": later[-1].label,
            "day": f"{later[-1].valid_from:%d/%m/%Y}",
        }
        return
    try:
        standards.in_order([*others, edition])
    except Unlawful:
        yield _("Giữa bộ này và bộ liền trước có ngày không thuộc bộ nào, hoặc thuộc cả hai. Hãy xem lại các ngày.")


def _of_figure(row: LawFigure) -> Iterator[Any]:
    newest = max((one.valid_from for one in known.anew().figures if one.kind == row.kind), default=date.min)
    if row.valid_from <= newest:
        yield _("Số liệu đã có đến mức áp dụng từ %s; mức mới phải bắt đầu sau ngày đó.") % f"{newest:%d/%m/%Y}"
