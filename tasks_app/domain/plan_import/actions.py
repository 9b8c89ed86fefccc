"""Changes: store a preview, apply it whole or not at all, discard it."""

from datetime import datetime
from typing import Any

from django.db import transaction

from tasks_app.choices import AuditAction, ImportState
from tasks_app.domain import audit
from tasks_app.domain.plan.actions import create_default_periods
from tasks_app.models import Plan, PlanImport, Unit, User

from .queries import Examination, stored_content
from .rules.content import PlanContent, TaskContent, figures_of, fingerprint
from .rules.differences import Change, Difference, difference
from .rules.problems import Severity
from .writing import create_plan, write_plan


class ImportRefusedError(Exception):
    """The import cannot be applied or discarded now; the text says why and what to do."""


@transaction.atomic
def preview_import(
    examination: Examination,
    *,
    issuer: Unit,
    file_name: str,
    file_sha256: str,
    by: User | None,
    at: datetime,
) -> PlanImport:
    """Store what was understood of a file, so that it can be looked at and confirmed later."""
    content = examination.content
    if content is None or not content.year:
        raise ImportRefusedError("文件里没有可以预览的表格。")
    return PlanImport.objects.create(
        issuer=issuer,
        year=content.year,
        file_name=file_name[-200:],
        file_sha256=file_sha256,
        content=content.as_json(),
        problems=[problem.as_dict() for problem in examination.problems],
        base_fingerprint=examination.base_fingerprint,
        uploaded_by=by,
        uploaded_at=at,
    )


@transaction.atomic
def apply_import(import_pk: int, *, by: User | None, at: datetime) -> Plan:
    """Bring the stored plan to what the preview showed; raise ImportRefusedError.

    What has changed since the preview refuses it: nobody applies over what they have not seen.
    """
    plan_import = _lock_pending(import_pk)
    if any(problem["severity"] == Severity.ERROR for problem in plan_import.problems):
        raise ImportRefusedError("表格还有错误，不能导入。请按提示改正文件后重新上传。")
    # The issuer's row stands for a plan that may not exist yet.
    issuer = Unit.objects.select_for_update().get(pk=plan_import.issuer_id)
    plan = Plan.objects.filter(issuer=issuer, year=plan_import.year).first()
    stored = stored_content(plan) if plan else None
    if fingerprint(stored) != plan_import.base_fingerprint:
        raise ImportRefusedError(
            "预览之后，分解表已被改动（可能有人导入了另一份文件或调整了任务），这次导入没有执行。请重新上传文件，核对新的预览。"
        )
    content = PlanContent.from_json(plan_import.content)
    _refuse_missing_units(content)
    changes = difference(stored, content)
    if plan is None:
        plan = create_plan(issuer, content)
        create_default_periods(plan, by=by, at=at)
    if not changes.is_empty:
        stopped = write_plan(plan, content, changes)
        _record(plan, plan_import, content, changes, stopped, by=by, at=at)
    plan_import.state, plan_import.plan = ImportState.APPLIED, plan
    plan_import.applied_by, plan_import.applied_at = by, at
    plan_import.save(update_fields=["state", "plan", "applied_by", "applied_at"])
    return plan


@transaction.atomic
def discard_import(import_pk: int, *, by: User, at: datetime) -> PlanImport:
    """Put a preview aside for good; raise ImportRefusedError when it was dealt with already."""
    plan_import = _lock_pending(import_pk)
    plan_import.state = ImportState.DISCARDED
    plan_import.save(update_fields=["state"])
    audit.record(AuditAction.PLAN_IMPORT, plan_import, by=by, at=at, note="放弃导入")
    return plan_import


def _lock_pending(import_pk: int) -> PlanImport:
    plan_import = PlanImport.objects.select_for_update().get(pk=import_pk)
    if plan_import.state != ImportState.PREVIEWED:
        raise ImportRefusedError(f"这次导入{plan_import.get_state_display()}，不能再次处理。")
    return plan_import


def _refuse_missing_units(content: PlanContent) -> None:
    wanted = {a.unit: a.name for task in content.tasks for a in task.assignments}
    there = set(Unit.objects.filter(pk__in=wanted, is_active=True).values_list("pk", flat=True))
    gone = "、".join(name for pk, name in wanted.items() if pk not in there)
    if gone:
        raise ImportRefusedError(f"预览之后，责任单位“{gone}”已停用，这次导入没有执行。请重新上传文件。")


def _record(
    plan: Plan,
    plan_import: PlanImport,
    content: PlanContent,
    changes: Difference,
    stopped: list[TaskContent],
    *,
    by: User | None,
    at: datetime,
) -> None:
    counts = changes.counts()
    note = (
        f"文件“{plan_import.file_name}”；{figures_of(content)}；"
        f"新增{counts['added']}项、修改{counts['changed']}项、删除{counts['removed'] - len(stopped)}项、"
        f"停办{len(stopped)}项、未变{counts['unchanged']}项任务"
    )
    details: dict[str, list[Any]] = {
        f"任务{change.task.number} {field.label}": [field.before, field.after]
        for change in changes.of_kind(Change.CHANGED)
        for field in change.fields
    }
    details |= {field.label: [field.before, field.after] for field in changes.plan}
    stopped_pks = {task.pk for task in stopped}
    for change in changes.of_kind(Change.REMOVED):
        task = change.task
        details[f"任务{task.number}"] = [task.title, "停办" if task.pk in stopped_pks else None]
    audit.record(AuditAction.PLAN_IMPORT, plan, by=by, at=at, changes=details, note=note)
