"""Looks: which period a change of the table falls into, and which reports do not ask for all that they should."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef

from tasks_app.clock import local_date
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.plan.rules import opened_last
from tasks_app.domain.reporting.rules import FILED_STATES, is_closed
from tasks_app.domain.review.rules.limits import return_limit
from tasks_app.models import Assignment, Plan, ProgressEntry, Report, ReportingPeriod, Unit

from .rules import Consequence


def current_period(plan: Plan, at: datetime) -> ReportingPeriod | None:
    """Return the period that was opened last; None before the first, after it closed, or of a settled year."""
    if plan.closed_at is not None:
        return None
    period = opened_last(plan.periods.opened().select_related("plan"))
    return None if period is None or is_closed(period, local_date(at)) else period


def tasks_not_asked(period: ReportingPeriod) -> dict[int, list[int]]:
    """Return {report: tasks of its unit in force that it has no entry for}."""
    asked = ProgressEntry.objects.filter(
        report__period=period, report__unit=OuterRef("unit"), task=OuterRef("task")
    )
    missing = Assignment.objects.asked().filter(
        ~Exists(asked), task__plan=period.plan_id, unit__reports__period=period
    )
    reports = dict(period.reports.values_list("unit_id", "pk"))
    found: dict[int, list[int]] = defaultdict(list)
    for unit, task in missing.order_by("task__number", "pk").values_list("unit_id", "task_id").distinct():
        found[reports[unit]].append(task)
    return dict(found)


def consequences(plan: Plan, given: Mapping[int, Sequence[str]], *, at: datetime) -> list[Consequence]:
    """Return what becomes of the reports of the current period if units are `given` {unit: tasks by name}.

    In the city's order, those that come back first; nothing where no period is open.
    """
    period = current_period(plan, at)
    if period is None or not given:
        return []
    reports = {report.unit_id: report for report in period.reports.filter(unit__in=given)}
    limit = return_limit(local_date(at), period.due_on, working_calendar())
    found = []
    for unit in Unit.objects.in_use().filter(pk__in=given).order_by("position", "code"):
        report = reports.get(unit.pk)
        is_filed = report is not None and report.state in FILED_STATES
        due_on = limit if is_filed else report.due_on if report else period.due_on
        found.append(Consequence(unit, report, tuple(given[unit.pk]), due_on))
    return sorted(found, key=lambda each: not each.comes_back)


def reports_back_for_nothing(period: ReportingPeriod) -> list[Report]:
    """Return the reports that are back for added tasks none of which is the unit's any more."""
    still = Assignment.objects.in_use().filter(task=OuterRef("task"), unit=OuterRef("report__unit"))
    owed = ProgressEntry.objects.filter(
        Exists(still), report=OuterRef("pk"), added_at__gte=OuterRef("added_since")
    )
    back = period.reports.not_filed().filter(~Exists(owed), added_since__isnull=False)
    return list(back.select_related("unit", "period__plan").order_by("pk"))
