"""Changes: other units for a task, and what that asks of reports already made."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from tasks_app.choices import AssignmentRole, AuditAction, ReportState
from tasks_app.domain import audit
from tasks_app.domain.moves import Refused
from tasks_app.domain.plan.rules import possible_roles
from tasks_app.domain.reporting.rules import FILED_STATES
from tasks_app.domain.reporting.trail import state_change
from tasks_app.domain.review.actions import give_back
from tasks_app.models import (
    Assignment,
    AuditEvent,
    Plan,
    ProgressEntry,
    Report,
    ReportingPeriod,
    Task,
    Unit,
    User,
)

from .queries import current_period, reports_back_for_nothing, tasks_not_asked
from .rules import label_of


@transaction.atomic
def change_units(
    task_pk: int, roles: Mapping[int, str], *, basis: str, by: User, at: datetime
) -> list[Report]:
    """Make `roles` {unit: AssignmentRole} the units of a task, by the document `basis`.

    Returns the reports that went back for it. Units that no longer have it keep what they filed on it.
    Raises Refused.
    """
    task = Task.objects.select_for_update(of=("self",)).select_related("plan").get(pk=task_pk)
    assignments = {
        assignment.unit_id: assignment
        for assignment in task.assignments.select_for_update(of=("self",)).select_related("unit")
    }
    units = _units(task, roles, known=set(assignments))
    before = {a.unit.name: _words(a.role, a.role_is_assumed) for a in assignments.values()}
    after = {units[pk].name: _words(role, False) for pk, role in roles.items()}
    for pk, role in roles.items():
        if pk in assignments and assignments[pk].role == role:  # whom nobody spoke of stays as it was
            after[units[pk].name] = before[units[pk].name]
    changes = {
        name: [before.get(name), after.get(name)]
        for name in (*before, *(name for name in after if name not in before))
        if before.get(name) != after.get(name)
    }
    if not changes:
        return []
    if not basis.strip():
        raise Refused("请填写依据，如文号“明医改组〔2024〕7号”，或说明是谁同意的。")
    _write(task, assignments, roles)
    Plan.objects.filter(pk=task.plan_id).update(revision=F("revision") + 1)
    note = f"调整责任单位；依据：{basis.strip()}"
    audit.record(AuditAction.PLAN_EDIT, task, by=by, at=at, changes=changes, note=note)
    return settle_reports(task.plan, basis=basis, by=by, at=at)


@transaction.atomic
def settle_reports(plan: Plan, *, basis: str, by: User | None, at: datetime) -> list[Report]:
    """Ask in the current period for what the table has given to units since their reports were made.

    A report that is still with its unit gets the entries; one that has been filed goes back for them alone,
    and comes to rest again when they are withdrawn. Returns those that went back. Doing it again changes nothing.
    """
    period = current_period(plan, at)
    if period is None:
        return []
    for report in reports_back_for_nothing(period):
        _put_to_rest(report, by=by, at=at)
    missing = tasks_not_asked(period)
    if not missing:
        return []
    reports = Report.objects.select_for_update(of=("self",)).filter(pk__in=missing)
    reports = reports.select_related("unit", "period__plan").order_by("pk")
    tasks = Task.objects.in_bulk([task for found in missing.values() for task in found])
    went_back = []
    for report in reports:
        added = [tasks[pk] for pk in missing[report.pk]]
        ProgressEntry.objects.bulk_create(
            ProgressEntry(report=report, task=task, added_at=at) for task in added
        )
        note = f"{'；'.join(map(label_of, added))}（依据：{basis.strip() or plan.title}）"
        if report.state in FILED_STATES:
            report.accepted_at = report.accepted_by = None
            give_back(report, AuditAction.REPORT_ADD, note=note, by=by, at=at, added_since=at)
            went_back.append(report)
        else:
            audit.record(AuditAction.REPORT_ADD, report, by=by, at=at, unit=report.unit, note=note)
    return went_back


def _units(task: Task, roles: Mapping[int, str], *, known: set[int]) -> dict[int, Unit]:
    if not roles:
        raise Refused("一项任务至少要有一个责任单位。任务不再办理的，请在新的分解表中去掉后导入。")
    units = Unit.objects.filter(parent=task.plan.issuer_id).in_bulk(list(roles))
    for pk, role in roles.items():
        unit = units.get(pk)
        if unit is None:
            raise Refused("所选单位不是本市的责任单位，请刷新页面后重新选择。")
        if not unit.is_active and pk not in known:
            raise Refused(f"“{unit}”已停用，不能承担新的任务。")
        if role not in possible_roles(unit.kind):
            raise Refused(f"“{unit}”不能是“{AssignmentRole(role).label}”。")
    return units


def _write(task: Task, assignments: Mapping[int, Assignment], roles: Mapping[int, str]) -> None:
    gone = [assignment.pk for unit, assignment in assignments.items() if unit not in roles]
    Assignment.objects.filter(pk__in=gone).delete()
    last = max((assignment.position for assignment in assignments.values()), default=0)
    for unit, role in roles.items():
        assignment = assignments.get(unit)
        if assignment is None:
            last += 1
            Assignment.objects.create(task=task, unit_id=unit, role=role, position=last)
        elif assignment.role != role:
            assignment.role, assignment.role_is_assumed = role, False
            assignment.save(update_fields=["role", "role_is_assumed"])


def _put_to_rest(report: Report, *, by: User | None, at: datetime) -> None:
    """Let a report be as it was filed: the tasks for which it went back are the unit's no more."""
    report = (
        Report.objects.select_for_update(of=("self",))
        .select_related("unit", "period__plan")
        .get(pk=report.pk)
    )
    report.entries.untouched().filter(added_at__gte=report.added_since).delete()
    steps = audit.events_of(report)
    sent_back = steps.filter(action=AuditAction.REPORT_ADD, at__gte=report.added_since).first()
    accepted = steps.filter(action=AuditAction.REPORT_ACCEPT, at__gte=report.submitted_at).last()
    before, due_before = report.state, report.due_on
    report.added_since = report.returned_at = None
    report.state = ReportState.ACCEPTED if accepted else ReportState.SUBMITTED
    if accepted:
        report.accepted_at, report.accepted_by = accepted.at, accepted.actor
    report.due_on = _limit_before(sent_back, report.period)
    report.save()
    changes = state_change(before, report)
    changes |= audit.diff({"due_on": due_before}, {"due_on": report.due_on})
    if accepted:  # it was accepted then and by that person, not now
        changes |= {"accepted_at": [None, accepted.at.isoformat()], "accepted_by": [None, accepted.actor_id]}
    note = "新增任务已取消，恢复为已报送的内容"
    audit.record(AuditAction.REPORT_ADD, report, by=by, at=at, unit=report.unit, changes=changes, note=note)


def _limit_before(sent_back: AuditEvent | None, period: ReportingPeriod) -> date:
    moved = sent_back.changes.get("due_on") if sent_back else None
    return date.fromisoformat(moved[0]) if moved else period.due_on


def _words(role: str, is_assumed: bool) -> str:
    return f"{AssignmentRole(role).label}{'（推定）' if is_assumed else ''}"
