"""Changes to a stored plan: its reporting periods, the section of a task, the roles of its units."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from tasks_app.choices import AssignmentRole, AuditAction, ReportState
from tasks_app.domain import audit
from tasks_app.domain.moves import Refused
from tasks_app.models import Assignment, Plan, Report, ReportingPeriod, Section, Task, User

from .rules import PeriodDates, default_periods, period_faults, possible_roles

# Reports still in the unit follow the period's limit; a returned one has its own.
STILL_OWED = (ReportState.DRAFT, ReportState.SIGNING)


@transaction.atomic
def create_default_periods(plan: Plan, *, by: User | None, at: datetime) -> list[ReportingPeriod]:
    """Give a new plan its three reporting periods."""
    periods = [
        ReportingPeriod(plan=plan, kind=kind, **asdict(dates))
        for kind, dates in default_periods(plan.year).items()
    ]
    created = ReportingPeriod.objects.bulk_create(periods)
    changes = audit.diff({}, {period.get_kind_display(): period.due_on for period in created})
    audit.record(AuditAction.PERIOD_EDIT, plan, by=by, at=at, changes=changes, note="新建填报期")
    return created


@transaction.atomic
def set_period(
    period_pk: int, dates: PeriodDates, *, today: date, by: User, at: datetime
) -> tuple[ReportingPeriod, int]:
    """Set the days of a period; raise Refused. Returns it and the number of reports moved."""
    period = ReportingPeriod.objects.select_for_update(of=("self",)).select_related("plan").get(pk=period_pk)
    was = PeriodDates(period.opens_on, period.due_on, period.closes_on)
    faults = period_faults(dates, is_open=period.opened_at is not None, was=was, today=today)
    if faults:
        raise Refused(" ".join(faults.values()), faults=faults)
    changes = audit.diff(asdict(was), asdict(dates))
    if not changes:
        return period, 0
    period.opens_on, period.due_on, period.closes_on = dates.opens_on, dates.due_on, dates.closes_on
    if dates.due_on != was.due_on and period.opened_at is not None:
        period.moved_on = today
    period.save(update_fields=["opens_on", "due_on", "closes_on", "moved_on"])
    carried = 0
    if dates.due_on != was.due_on:
        carried = Report.objects.filter(period=period, state__in=STILL_OWED, due_on=was.due_on).update(
            due_on=dates.due_on
        )
    note = f"{carried}个单位未报的填报改按新的截止日" if carried else ""
    audit.record(AuditAction.PERIOD_EDIT, period, by=by, at=at, changes=changes, note=note)
    return period, carried


@transaction.atomic
def edit_task(
    task_pk: int, *, section: Section | None, roles: Mapping[int, str], by: User, at: datetime
) -> Task:
    """Move a task to `section` and confirm the roles of its units ({assignment key: role}).

    A role given is confirmed, no longer assumed; one not given stays as it is. Raises Refused.
    """
    task = Task.objects.select_for_update(of=("self",)).select_related("plan", "section").get(pk=task_pk)
    if section is not None and section.plan_id != task.plan_id:
        raise Refused("所选工作任务不属于这份分解表。")
    assignments = list(task.assignments.select_for_update(of=("self",)).select_related("unit"))
    before, after = _roles(assignments), dict[str, str]()
    for assignment in assignments:
        role = roles.get(assignment.pk)
        if role is None:
            continue
        if role not in possible_roles(assignment.unit.kind):
            label = AssignmentRole(role).label
            raise Refused(f"“{assignment.unit}”不能是“{label}”。")
        assignment.role, assignment.role_is_assumed = role, False
    after = _roles(assignments)
    changes = audit.diff({"工作任务": task.section, **before}, {"工作任务": section, **after})
    if not changes:
        return task
    task.section = section
    task.save(update_fields=["section"])
    Assignment.objects.bulk_update(assignments, ["role", "role_is_assumed"])
    Plan.objects.filter(pk=task.plan_id).update(revision=F("revision") + 1)
    audit.record(AuditAction.PLAN_EDIT, task, by=by, at=at, changes=changes)
    return task


def _roles(assignments: list[Assignment]) -> dict[str, str]:
    return {
        assignment.unit.name: assignment.get_role_display()
        + ("（推定）" if assignment.role_is_assumed else "")
        for assignment in assignments
    }
