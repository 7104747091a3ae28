"""Days and moments as the offices count them: Asia/Ho_Chi_Minh, Vietnamese public holidays."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

import holidays
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.text import grouped

SOON_DAYS = 7  # from here on a deadline is shown as near


def today() -> date:
    """The day it is in Vietnam."""
    return timezone.localdate()


@lru_cache(maxsize=16)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("VN", years=year))


def is_working_day(day: date) -> bool:
    """Neither a weekend nor a Vietnamese public holiday (Tết and days in lieu as the `holidays` library knows them)."""
    return day.weekday() < 5 and day not in _holidays(day.year)


def working_day_before(day: date) -> date:
    """The day itself if it is a working day, else the nearest working day before it."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def working_day_after(day: date) -> date:
    """The day itself if it is a working day, else the nearest working day after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def working_days_later(day: date, count: int) -> date:
    """The day on which so many working days have passed since the day, which itself does not count."""
    while count > 0:
        day = working_day_after(day + timedelta(days=1))
        count -= 1
    return day


def years_before(day: date, count: int) -> date:
    """The same day of the calendar so many years earlier; of 29/02, the last of that February."""
    try:
        return day.replace(year=day.year - count)
    except ValueError:
        return day.replace(year=day.year - count, day=28)


def at_hour(day: date, hour: int) -> datetime:
    """The moment at which that hour strikes in Vietnam."""
    return datetime.combine(day, time(hour), tzinfo=timezone.get_default_timezone())


def end_of(day: date) -> datetime:
    """The last minute of the day in Vietnam: what people mean by «due on the 5th»."""
    return datetime.combine(day, time(23, 59), tzinfo=timezone.get_default_timezone())


def local_day(moment: datetime) -> date:
    """The Vietnamese day of a moment."""
    return timezone.localtime(moment, timezone.get_default_timezone()).date()


def span(start: date | None, end: date | None) -> str:
    """From when to when, in words; both days belong to the span."""
    first, last = (f"{day:%d/%m/%Y}" if day else "" for day in (start, end))
    if first and last:
        return f"{first} – {last}"
    if first:
        return _("từ %(day)s") % {"day": first}
    if last:
        return _("đến hết %(day)s") % {"day": last}
    return _("không định hạn")


def distance(due_at: datetime, now: datetime) -> str:
    """How far away the moment is, in days as people count them."""
    days = (local_day(due_at) - local_day(now)).days
    if due_at < now:
        if not days:
            return _("vừa quá hạn")
        return ngettext("quá hạn %(count)s ngày", "quá hạn %(count)s ngày", -days) % {"count": grouped(-days)}
    if not days:
        return _("hạn hôm nay")
    return ngettext("còn %(count)s ngày", "còn %(count)s ngày", days) % {"count": grouped(days)}


def due_tone(due_at: datetime, now: datetime) -> str:
    """The tone in which a deadline is shown: late, near, or far."""
    if due_at < now:
        return "late"
    return "waiting" if (local_day(due_at) - local_day(now)).days <= SOON_DAYS else "neutral"


def in_writing(day: date | None) -> str:
    """The day as official papers write it (Decree 30/2020/NĐ-CP, annex I); what is not known is left to be written.

    >>> in_writing(date(2026, 2, 5))
    'ngày 05 tháng 02 năm 2026'
    >>> in_writing(date(2026, 3, 15))
    'ngày 15 tháng 3 năm 2026'
    """
    if day is None:
        return "ngày …… tháng …… năm ……"
    month = f"{day.month:02}" if day.month < 3 else day.month
    return f"ngày {day.day:02} tháng {month} năm {day.year}"
