"""Takes an applied import back as one step, as long as nobody has reported on the table it made."""

from datetime import datetime

from django.db import transaction

from tasks_app.choices import AuditAction, ImportState
from tasks_app.domain import audit
from tasks_app.models import (
    Plan,
    PlanImport,
    ProgressEntry,
    Reminder,
    Report,
    Section,
    Submission,
    Task,
    User,
)

from .actions import ImportRefusedError
from .queries import latest_import, stored_content
from .rules.content import PlanContent
from .rules.differences import Change, difference
from .writing import write_plan


def why_not_undone(plan_import: PlanImport) -> str:
    """Return a sentence that says why an import cannot be undone now, "" if it can."""
    if plan_import.state != ImportState.APPLIED or plan_import.plan is None:
        return f"这次导入{plan_import.get_state_display()}，没有可以撤销的内容。"
    latest = latest_import(plan_import.plan)
    if latest is not None and latest.pk != plan_import.pk:
        return f"这之后又导入了“{latest.file_name}”，请先撤销后一次导入。"
    typed = ProgressEntry.objects.filter(
        report__period__plan=plan_import.plan, saved_at__gte=plan_import.applied_at
    )
    sent = Submission.objects.filter(
        report__period__plan=plan_import.plan, submitted_at__gte=plan_import.applied_at
    )
    if typed.exists() or sent.exists():
        return "已有单位按这份分解表填报，不能撤销。如表格有误，请改正后重新导入，已填内容会保留。"
    return ""


@transaction.atomic
def undo_import(import_pk: int, *, by: User, at: datetime) -> PlanImport:
    """Bring the plan back to what it was before an import; raise ImportRefusedError.

    A plan that the import made is taken away whole, with its periods and empty reports. Messages that went
    out meanwhile stay in the record; what waits to be sent finds nothing owed and is cancelled.
    """
    plan_import = PlanImport.objects.select_for_update(of=("self",)).get(pk=import_pk)
    Plan.objects.select_for_update().filter(pk=plan_import.plan_id or 0).first()
    if reason := why_not_undone(plan_import):
        raise ImportRefusedError(reason)
    plan: Plan = plan_import.plan  # type: ignore[assignment]  # why_not_undone has seen to it
    label = str(plan)
    if plan_import.before is None:
        _take_away(plan)
        plan_import.plan = None
    else:
        _restore(plan, PlanContent.from_json(plan_import.before))
    plan_import.state, plan_import.undone_by, plan_import.undone_at = ImportState.UNDONE, by, at
    plan_import.save(update_fields=["state", "undone_by", "undone_at", "plan"])
    audit.record(AuditAction.PLAN_IMPORT_UNDO, plan_import, by=by, at=at, note=f"撤销对“{label}”的导入")
    return plan_import


def _restore(plan: Plan, before: PlanContent) -> None:
    wanted = PlanContent(
        before.title,
        before.year,
        before.document_number,
        before.issued_on,
        before.sections,
        before.active_tasks,
    )
    changes = difference(stored_content(plan), wanted)
    added_by_import = [change.task.pk for change in changes.of_kind(Change.REMOVED)]
    write_plan(plan, wanted, changes, stopped_by="")
    _delete_tasks(plan, added_by_import)
    stopped_before = [task.pk for task in before.tasks if not task.is_active]
    Task.objects.filter(pk__in=stopped_before, is_active=True).update(is_active=False)


def _delete_tasks(plan: Plan, keys: list[int]) -> None:
    ProgressEntry.objects.filter(task__in=keys, version=0).delete()
    Task.objects.filter(pk__in=keys).delete()
    Section.objects.filter(plan=plan, tasks__isnull=True).exclude(
        title__in=stored_content(plan).sections
    ).delete()


def _take_away(plan: Plan) -> None:
    reports = Report.objects.filter(period__plan=plan)
    Reminder.objects.filter(report__in=reports).delete()
    reports.delete()
    Task.objects.filter(plan=plan).delete()
    plan.delete()
