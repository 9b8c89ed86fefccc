"""Looks: the clashes of one plan with the calendar and the ladder as they are stored."""

from dataclasses import dataclass
from datetime import date

from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.plan.rules import PeriodDates
from tasks_app.domain.reminders.kinds import filing
from tasks_app.domain.reminders.queries import ladder_of
from tasks_app.models import Assignment, Plan, ReportingPeriod, SpecialDay

from .rules import Clash, Days, Period, clashes, years_of


@dataclass(frozen=True)
class Clashes:
    """What clashes in a plan, and the years of its days whose holidays nobody entered."""

    clashes: list[Clash]
    missing_years: list[int]


def clashes_of(plan: Plan, today: date) -> Clashes:
    """Return the clashes of `plan` that can still be mended on `today`. Four statements."""
    calendar = working_calendar()
    periods = _periods(plan)
    # A rung of anything else counts from a day that is not known before it happens.
    ladder = ladder_of(plan, filing.KIND)
    names = dict(SpecialDay.objects.values_list("day", "name"))
    return Clashes(
        clashes(periods, ladder, Days(calendar, names), today=today),
        [year for year in years_of(periods, ladder, calendar) if not calendar.covers(year)],
    )


def _periods(plan: Plan) -> list[Period]:
    """The plan's own periods, and those of other plans that some of its units have to report on as well."""
    units = Assignment.objects.in_use().filter(task__plan=plan).values("unit")
    others = Assignment.objects.in_use().filter(unit__in=units).values("task__plan")
    rows = ReportingPeriod.objects.filter(plan__in=others) | ReportingPeriod.objects.filter(plan=plan)
    return [
        Period(
            pk=row.pk,
            name=str(row),
            year=row.plan.year,
            dates=PeriodDates(row.opens_on, row.due_on, row.closes_on),
            is_open=row.opened_at is not None,
            is_own=row.plan_id == plan.pk,
        )
        for row in rows.select_related("plan").order_by("due_on", "pk")
    ]
