"""The clock. Only entry points (views, jobs, commands) read it; everything below takes `at=`."""

from datetime import date, datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEKDAYS = "一二三四五六日"


def now() -> datetime:
    """Return the present moment, aware; in a demonstration as `set_demo_moment` has moved it."""
    return timezone.now() + demo_offset()


def local_date(at: datetime) -> date:
    """Return the day in Asia/Shanghai on which the aware moment `at` falls."""
    return at.astimezone(SHANGHAI).date()


def day_in_words(day: date) -> str:
    """Return a day as documents write it, without zeros in front: 2024年7月5日."""
    return f"{day.year}年{day.month}月{day.day}日"


def day_and_weekday(day: date) -> str:
    """Return a day with its weekday: 2024年7月5日（周五）."""
    return f"{day_in_words(day)}（周{WEEKDAYS[day.weekday()]}）"


def short_day(day: date) -> str:
    """Return a day of a year that is known, with its weekday: 7月5日（周五）."""
    return f"{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


def short_moment(at: datetime) -> str:
    """Return a moment of a year that is known: 7月5日 08:30."""
    return f"{at.astimezone(SHANGHAI):%-m月%-d日 %H:%M}"


def demo_offset() -> timedelta:
    """Return by how much the demonstration's clock differs from the machine's; zero in production."""
    if settings.DEMO_CLOCK_FILE is None:
        return timedelta(0)
    try:
        return timedelta(seconds=int(settings.DEMO_CLOCK_FILE.read_text()))
    except FileNotFoundError:
        return timedelta(0)


def set_demo_moment(moment: datetime | None) -> None:
    """Make the demonstration's clock go on from the aware `moment`, or with None show the present again.

    Raises RuntimeError in production.
    """
    if settings.DEMO_CLOCK_FILE is None:
        raise RuntimeError("Production has no demonstration clock.")
    if moment is None:
        settings.DEMO_CLOCK_FILE.unlink(missing_ok=True)
        return
    # Rounded up: a moment earlier would be another minute.
    offset = ceil((moment - timezone.now()).total_seconds())
    # Written beside and moved: other processes read the file at any time and must never find it empty.
    draft = settings.DEMO_CLOCK_FILE.with_suffix(".new")
    draft.write_text(str(offset))
    draft.replace(settings.DEMO_CLOCK_FILE)
