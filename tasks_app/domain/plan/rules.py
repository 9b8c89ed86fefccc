"""Decides about a plan: its usual reporting periods, and which roles an assignment may take."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter

from tasks_app.choices import AssignmentRole, PeriodKind, UnitKind
from tasks_app.clock import short_day
from tasks_app.models import ReportingPeriod


@dataclass(frozen=True, slots=True)
class PeriodDates:
    """The days of one reporting period."""

    opens_on: date
    due_on: date
    closes_on: date | None = None


def default_periods(year: int) -> dict[PeriodKind, PeriodDates]:
    """Return the three periods of the city's notice: on time until 25 July, September and November."""
    return {
        PeriodKind.FIRST_HALF: PeriodDates(date(year, 7, 1), date(year, 7, 25)),
        PeriodKind.THREE_QUARTERS: PeriodDates(date(year, 9, 1), date(year, 9, 25)),
        PeriodKind.FULL_YEAR: PeriodDates(date(year, 11, 1), date(year, 11, 25)),
    }


def opened_last(
    periods: Iterable[ReportingPeriod], *, until: datetime | None = None
) -> ReportingPeriod | None:
    """Return which of `periods` was opened last, by the moment `until`; of several opened at once the one due last.

    All that are due open together where a table is imported late in its year: the last of them is the one that runs.
    """
    opened = [
        period
        for period in periods
        if period.opened_at is not None and (until is None or period.opened_at <= until)
    ]
    return max(opened, key=attrgetter("opened_at", "due_on"), default=None)


def possible_roles(unit_kind: str) -> list[AssignmentRole]:
    """Return the roles a unit of this kind may have in a task: a county is local, or leads by exception."""
    if unit_kind == UnitKind.COUNTY:
        return [AssignmentRole.LOCAL, AssignmentRole.LEAD]
    return [AssignmentRole.LEAD, AssignmentRole.SUPPORT]


def period_faults(dates: PeriodDates, *, is_open: bool, was: PeriodDates, today: date) -> dict[str, str]:
    """Return {field: sentence} for what is wrong with the days of a period."""
    faults = {}
    if dates.due_on < dates.opens_on:
        faults["due_on"] = "按期截止日不能早于开放日。"
    if dates.closes_on is not None and dates.closes_on < dates.due_on:
        faults["closes_on"] = "关闭日不能早于按期截止日。"
    if is_open and dates.opens_on != was.opens_on and dates.opens_on > today:
        faults["opens_on"] = "填报期已经开放，开放日不能改到今天以后。"
    return faults


def days_off(
    period: ReportingPeriod, is_working_day: Callable[[date], bool], add: Callable[[date, int], date]
) -> list[str]:
    """Return a sentence for each limit of `period` that falls on a day off, with the nearest working days."""
    sentences = []
    for label, day in (("按期截止日", period.due_on), ("关闭日", period.closes_on)):
        if day is None or is_working_day(day):
            continue
        before, after = add(day, -1), add(day, 1)
        sentences.append(
            f"{label}{short_day(day)}不是工作日，可改为前一个工作日{short_day(before)}，或后一个工作日{short_day(after)}。"
        )
    return sentences


def measure_mark(number: int) -> str:
    """Return 1 as ①, up to ⑳ as Unicode has them, beyond as （21）."""
    return chr(0x245F + number) if 1 <= number <= 20 else f"（{number}）"
