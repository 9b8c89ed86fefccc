"""Periods open: the reports of those who must report, and their entries."""

from collections import defaultdict
from datetime import datetime

from django.db import transaction

from tasks_app.choices import AuditAction
from tasks_app.clock import local_date
from tasks_app.domain import audit
from tasks_app.models import Assignment, ProgressEntry, Report, ReportingPeriod, User

from ..trail import state_change


def open_due_periods(*, at: datetime, by: User | None = None) -> int:
    """Open every period whose day has come, complete those already open, and return the reports made.

    A table imported again while a period is open adds reports and entries to drafts and takes back entries
    nobody has typed in; what was typed stays. Safe to run at any time, by several at once.
    """
    periods = ReportingPeriod.objects.due_to_be_open(local_date(at)).order_by("due_on")
    return sum(_open(period.pk, at=at, by=by) for period in periods)


@transaction.atomic
def _open(period_pk: int, *, at: datetime, by: User | None) -> int:
    period = ReportingPeriod.objects.select_for_update(of=("self",)).select_related("plan").get(pk=period_pk)
    tasks_by_unit: dict[int, set[int]] = defaultdict(set)
    assignments = Assignment.objects.asked().filter(task__plan=period.plan)
    for unit, task in assignments.values_list("unit_id", "task_id"):
        tasks_by_unit[unit].add(task)
    made = _make_reports(period, set(tasks_by_unit))
    _make_entries(period, tasks_by_unit)
    if period.opened_at is None and tasks_by_unit:
        period.opened_at = at
        period.save(update_fields=["opened_at"])
        audit.record(AuditAction.PERIOD_OPEN, period, by=by, at=at, note=f"应报单位 {len(made)} 个")
    elif made:
        _record_added(made, by=by, at=at)
    return len(made)


def _make_reports(period: ReportingPeriod, units: set[int]) -> list[Report]:
    missing = units - set(period.reports.values_list("unit_id", flat=True))
    return Report.objects.bulk_create(
        Report(period=period, unit_id=unit, due_on=period.due_on) for unit in sorted(missing)
    )


def _record_added(made: list[Report], *, by: User | None, at: datetime) -> None:
    """Keep when a report was added to a period open already; the others were made with the period's opening."""
    added = Report.objects.filter(pk__in=[report.pk for report in made])
    for report in added.select_related("unit", "period__plan").order_by("pk"):
        note = "分解表调整后新增的应报单位"
        changes = state_change("", report)
        audit.record(
            AuditAction.PERIOD_OPEN, report, by=by, at=at, unit=report.unit, changes=changes, note=note
        )


def _make_entries(period: ReportingPeriod, tasks_by_unit: dict[int, set[int]]) -> None:
    drafts = dict(period.reports.drafts().values_list("pk", "unit_id"))
    wanted = {(report, task) for report, unit in drafts.items() for task in tasks_by_unit.get(unit, ())}
    entries = ProgressEntry.objects.filter(report__in=drafts)
    there = {(report, task): pk for report, task, pk in entries.values_list("report_id", "task_id", "pk")}
    unwanted = [pk for key, pk in there.items() if key not in wanted]
    ProgressEntry.objects.untouched().filter(pk__in=unwanted).delete()
    ProgressEntry.objects.bulk_create(
        ProgressEntry(report_id=report, task_id=task) for report, task in sorted(wanted - set(there))
    )
