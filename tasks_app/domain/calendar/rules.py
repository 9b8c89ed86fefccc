"""Counting in working days. No database, no clock: the calendar is handed in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from tasks_app.choices import DayKind

ONE_DAY = timedelta(days=1)
SATURDAY = 5


def is_weekend(day: date) -> bool:
    """Tell whether `day` is a Saturday or a Sunday."""
    return day.weekday() >= SATURDAY


@dataclass(frozen=True)
class WorkingCalendar:
    """Monday to Friday, except for the `special` days; `years` are those that somebody entered.

    A year nobody entered is counted as plain Monday to Friday: ask `covers` before trusting it.
    """

    special: Mapping[date, DayKind] = field(default_factory=dict)
    years: frozenset[int] = frozenset()
    opens: time = time(8, 30)  # office hours, in Asia/Shanghai
    closes: time = time(17, 30)

    @property
    def hours(self) -> str:
        """Return the office hours in words: 8:30—17:30."""
        return f"{self.opens.hour}:{self.opens:%M}—{self.closes.hour}:{self.closes:%M}"

    def covers(self, year: int) -> bool:
        """Tell whether somebody entered the holidays of `year`."""
        return year in self.years

    def is_working_day(self, day: date) -> bool:
        """Tell whether offices work on `day`."""
        kind = self.special.get(day)
        return kind == DayKind.WORKDAY if kind else not is_weekend(day)

    def add(self, day: date, n: int) -> date:
        """Return the n-th working day after `day`, before it when n is negative; `day` itself for 0."""
        step = ONE_DAY if n > 0 else -ONE_DAY
        left = abs(n)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def between(self, start: date, end: date) -> int:
        """Return the number of working days in (start, end]; negative when `end` is the earlier one."""
        if end < start:
            return -self.between(end, start)
        return sum(self.is_working_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


def time_left(due_on: date, today: date, calendar: WorkingCalendar, ends: str = "截止") -> str:
    """Return in words how far the limit is away, in working and calendar days; `ends` is what happens then."""
    days = (due_on - today).days
    if days == 0:
        return f"今天{ends}"
    if days < 0:
        working = calendar.between(due_on, today)
        return f"已逾期{working}个工作日（{-days}天）" if working else f"已逾期{-days}天（均为休息日）"
    working = calendar.between(today, due_on)
    return f"还有{working}个工作日（{days}天）" if working else f"还有{days}天，其间没有工作日"
