"""The calendar as it is stored, and the years it lacks."""

from collections import defaultdict
from datetime import date

from django.conf import settings
from django.db.models import QuerySet

from tasks_app.choices import DayKind
from tasks_app.models import ReportingPeriod, SpecialDay

from .rules import WorkingCalendar

KINDS = {kind.value: kind for kind in DayKind}


def working_calendar() -> WorkingCalendar:
    """Return the whole calendar, in one statement, with the office hours of the settings."""
    special = {day: KINDS[kind] for day, kind in SpecialDay.objects.values_list("day", "kind").order_by()}
    years = frozenset(day.year for day in special)
    return WorkingCalendar(special, years, settings.OFFICE_OPENS, settings.OFFICE_CLOSES)


def office_hours() -> str:
    """Return the office hours of the settings in words: 8:30—17:30."""
    return WorkingCalendar(opens=settings.OFFICE_OPENS, closes=settings.OFFICE_CLOSES).hours


def special_days(year: int) -> QuerySet[SpecialDay]:
    """Return the days of `year` that differ from plain Monday to Friday, in order."""
    return SpecialDay.objects.filter(day__year=year).order_by("day")


def missing_years(today: date, calendar: WorkingCalendar) -> list[int]:
    """Return the years that `calendar` lacks but that matter: this one, the next, and those with a limit in them."""
    wanted = {today.year, today.year + 1}
    for limits in ReportingPeriod.objects.values_list("opens_on", "due_on", "closes_on").order_by():
        wanted.update(limit.year for limit in limits if limit and limit.year >= today.year)
    return sorted(wanted - calendar.years)


def limits_in(year: int) -> dict[date, str]:
    """Return {day: whose limit it is, in words} for the periods that are due in `year`."""
    words: dict[date, list[str]] = defaultdict(list)
    for period in ReportingPeriod.objects.filter(due_on__year=year).select_related("plan").order_by("due_on"):
        words[period.due_on].append(f"{period}截止")
    return {day: "、".join(labels) for day, labels in words.items()}
