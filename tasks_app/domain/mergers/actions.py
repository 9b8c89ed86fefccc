"""Changes: a unit is merged into another, which goes on with everything that it had under way."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F

from tasks_app.choices import AssignmentRole, AuditAction
from tasks_app.clock import local_date
from tasks_app.domain import audit
from tasks_app.domain.access.rules import REPORTING_KINDS, REPORTING_ROLES
from tasks_app.domain.amendments.actions import settle_reports
from tasks_app.domain.matters.actions import hand_over
from tasks_app.domain.moves import Refused
from tasks_app.domain.reporting.actions import open_due_periods
from tasks_app.domain.units.actions import set_active
from tasks_app.models import Assignment, Plan, ProgressEntry, Report, Unit, User


@transaction.atomic
def merge_unit(
    unit_pk: int, successor: Unit, *, basis: str, with_people: bool, by: User, at: datetime
) -> Unit:
    """Close a unit and let `successor` go on with its tasks, words, numbers and open matters. Raises Refused.

    What was filed stays under the old name, and the successor's people read it and answer for it; a form that
    never left the unit goes over with all that was typed. `with_people` moves the accounts too.
    """
    units = {
        unit.pk: unit for unit in Unit.objects.select_for_update().filter(pk__in=[unit_pk, successor.pk])
    }
    unit, into = units[unit_pk], units[successor.pk]
    _demand_possible(unit, into, basis)
    # Names of units merged earlier lead to the last of the line.
    Unit.objects.filter(successor=unit).update(successor=into)
    set_active(unit, False, by=by, at=at)
    unit.is_active, unit.closed_on, unit.successor = False, local_date(at), into
    unit.save(update_fields=["successor"])
    plans = list(Plan.objects.running().filter(tasks__assignments__unit=unit).distinct())
    _hand_tasks_over(unit, into, plans)
    _hand_forms_over(unit, into, by=by, at=at)
    hand_over(unit, into, by=by, at=at)
    moved = list(unit.people.in_use().filter(role__in=REPORTING_ROLES)) if with_people else []
    for person in moved:
        person.unit = into
        person.save(update_fields=["unit"])
        changes = {"unit": [unit.name, into.name]}
        audit.record(
            AuditAction.PERSON_EDIT, person, by=by, at=at, unit=into, changes=changes, note="单位合并"
        )
    changes = audit.diff({"successor": None}, {"successor": into.name})
    note = f"并入{into.name}；依据：{basis.strip()}"
    audit.record(AuditAction.UNIT_EDIT, unit, by=by, at=at, unit=unit, changes=changes, note=note)
    open_due_periods(at=at, by=by)
    for plan in plans:
        settle_reports(plan, basis=basis, by=by, at=at)
    return unit


def _demand_possible(unit: Unit, into: Unit, basis: str) -> None:
    if unit.kind not in REPORTING_KINDS or not unit.is_active:
        raise Refused(f"“{unit}”已停用或不是责任单位，不能并入别的单位。")
    if into.pk == unit.pk or into.parent_id != unit.parent_id or not into.is_active:
        raise Refused("请选择本市一个在用的单位作为接续单位。")
    if not basis.strip():
        raise Refused("请填写依据，如机构改革方案的文号。")


def _hand_tasks_over(unit: Unit, into: Unit, plans: Iterable[Plan]) -> None:
    """Give the successor every task of the running years; where both had one, the weightier role stays."""
    for plan in plans:
        old = Assignment.objects.filter(unit=unit, task__plan=plan)
        there = {a.task_id: a for a in Assignment.objects.filter(unit=into, task__plan=plan)}
        for assignment in old:
            both = there.get(assignment.task_id)
            if both is None:
                assignment.unit = into
                assignment.save(update_fields=["unit"])
                continue
            if assignment.role == AssignmentRole.LEAD and both.role != AssignmentRole.LEAD:
                both.role, both.role_is_assumed = assignment.role, assignment.role_is_assumed
                both.save(update_fields=["role", "role_is_assumed"])
            assignment.delete()
        Plan.objects.filter(pk=plan.pk).update(revision=F("revision") + 1)


def _hand_forms_over(unit: Unit, into: Unit, *, by: User, at: datetime) -> None:
    """Let forms that never left the unit go on under the successor, with all that was typed.

    Where the successor has a form of its own, it gets the tasks that it does not have yet; words that both
    wrote, or that come after it filed, stand beside its box (reporting.fillings.previous_entries).
    """
    drafts = Report.objects.select_for_update(of=("self",)).filter(
        unit=unit, first_submitted_at=None, period__plan__closed_at=None
    )
    for report in drafts.select_related("period"):
        own = Report.objects.select_for_update().filter(period=report.period_id, unit=into).first()
        if own is None:
            report.unit = into
            report.save(update_fields=["unit"])
            note = f"由{unit.name}并入{into.name}"
            audit.record(AuditAction.REPORT_ADD, report, by=by, at=at, unit=into, note=note)
        elif own.first_submitted_at is None:
            _hand_entries_over(report, own)


def _hand_entries_over(report: Report, own: Report) -> None:
    typed = {entry.task_id for entry in own.entries.exclude(version=0)}
    mine = report.entries.exclude(version=0).exclude(task__in=typed)
    tasks = list(mine.values_list("task", flat=True))
    ProgressEntry.objects.untouched().filter(report=own, task__in=tasks).delete()
    taken = set(own.entries.values_list("task", flat=True))
    mine.exclude(task__in=taken).update(report=own)
