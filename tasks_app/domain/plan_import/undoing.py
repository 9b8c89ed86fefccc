"""Takes an applied import back as one step, as long as nobody has reported on the table it made."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError

from tasks_app.choices import AuditAction, ImportState
from tasks_app.domain import audit
from tasks_app.domain.amendments.actions import settle_reports
from tasks_app.domain.moves import Refused
from tasks_app.domain.reporting.actions import open_due_periods
from tasks_app.models import (
    Assignment,
    Matter,
    Plan,
    PlanImport,
    ProgressEntry,
    Reminder,
    Report,
    Submission,
    Task,
    User,
)

from .queries import latest_import
from .snapshot import KEPT, put_back


def why_not_undone(plan_import: PlanImport) -> str:
    """Return a sentence that says why an import cannot be undone now, "" if it can."""
    if plan_import.state != ImportState.APPLIED or plan_import.plan is None:
        return f"这次导入{plan_import.get_state_display()}，没有可以撤销的内容。"
    latest = latest_import(plan_import.plan)
    if latest is not None and latest.pk != plan_import.pk:
        return f"这之后又导入了“{latest.file_name}”，请先撤销后一次导入。"
    if plan_import.before is not None and KEPT.keys() - plan_import.before.keys():
        return "这次导入由旧版程序完成，没有留下撤销所需的全部内容，不能撤销。请重新导入原来的分解表。"
    typed = ProgressEntry.objects.filter(
        report__period__plan=plan_import.plan, saved_at__gte=plan_import.applied_at
    )
    sent = Submission.objects.filter(
        report__period__plan=plan_import.plan, submitted_at__gte=plan_import.applied_at
    )
    asked = Matter.objects.filter(plan=plan_import.plan, asked_at__gte=plan_import.applied_at)
    if asked.exists():
        return "已有按这份分解表提出的批示、核实、协调等事项，不能撤销。如表格有误，请改正后重新导入。"
    if typed.exists() or sent.exists():
        return "已有单位按这份分解表填报，不能撤销。如表格有误，请改正后重新导入，已填内容会保留。"
    return ""


@transaction.atomic
def undo_import(import_pk: int, *, by: User, at: datetime) -> PlanImport:
    """Bring the plan back to what it was before an import; raise Refused.

    A plan that the import made is taken away whole, with its periods and empty reports. Messages that went
    out meanwhile stay in the record; what waits to be sent finds nothing owed and is cancelled.
    """
    plan_import = PlanImport.objects.select_for_update(of=("self",)).get(pk=import_pk)
    Plan.objects.select_for_update().filter(pk=plan_import.plan_id or 0).first()
    if reason := why_not_undone(plan_import):
        raise Refused(reason)
    plan: Plan = plan_import.plan  # type: ignore[assignment]  # why_not_undone has seen to it
    label = str(plan)
    if plan_import.before is None:
        _take_away(plan)
        plan_import.plan = None
    else:
        _restore(plan, plan_import.before)
        since = {"report__period__plan": plan, "added_at__gte": plan_import.applied_at}
        ProgressEntry.objects.untouched().filter(**since).delete()
        open_due_periods(at=at, by=by)  # drafts follow the table of before
        settle_reports(plan, basis=f"撤销导入“{plan_import.file_name}”", by=by, at=at)
        _drop_reports_without_tasks(plan)
    plan_import.state, plan_import.undone_by, plan_import.undone_at = ImportState.UNDONE, by, at
    plan_import.save(update_fields=["state", "undone_by", "undone_at", "plan"])
    audit.record(AuditAction.PLAN_IMPORT_UNDO, plan_import, by=by, at=at, note=f"撤销对“{label}”的导入")
    return plan_import


def _restore(plan: Plan, before: dict[str, Any]) -> None:
    try:
        put_back(plan, before)
    except ProtectedError as stands_on_it:
        raise Refused(
            "这次导入新增的任务已有审阅意见、退回理由等记录，不能撤销。如表格有误，请改正后重新导入。"
        ) from stands_on_it


def _drop_reports_without_tasks(plan: Plan) -> None:
    """Take the reports away that were made for units which have no task now, with nothing in them."""
    has_task = Assignment.objects.in_use().filter(task__plan=plan, unit=OuterRef("unit"))
    empty = Report.objects.filter(~Exists(has_task), period__plan=plan, entries=None, submissions=None)
    untouched = empty.filter(header_version=0, extensions=None, entered_by=None)
    keys = list(untouched.values_list("pk", flat=True))
    Reminder.objects.filter(report__in=keys).delete()
    Report.objects.filter(pk__in=keys).delete()


def _take_away(plan: Plan) -> None:
    reports = Report.objects.filter(period__plan=plan)
    Reminder.objects.filter(report__in=reports).delete()
    reports.delete()
    Task.objects.filter(plan=plan).delete()
    plan.delete()
