"""Changes: take an upload in, read it, mend it, apply it whole or not at all, discard it."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from time import monotonic
from typing import Any

from django.db import transaction
from django.db.models import Q

from tasks_app.choices import AuditAction, ImportState, Severity
from tasks_app.documents.errors import UnreadableDocument
from tasks_app.documents.grid import Workbook
from tasks_app.documents.reading import read_document
from tasks_app.documents.stored_grid import pack, unpack
from tasks_app.domain import audit
from tasks_app.domain.amendments.actions import settle_reports
from tasks_app.domain.moves import Refused
from tasks_app.domain.plan.actions import create_default_periods
from tasks_app.models import ImportSource, Plan, PlanImport, Unit, User
from tasks_app.plan_reading.mends import Mends
from tasks_app.plan_reading.plain import as_plain
from tasks_app.plan_reading.problems import NOWHERE, error
from tasks_app.plan_reading.table.understanding import Progress, understand

from .learning import create_units, learn
from .queries import (
    Examination,
    examine,
    learned_headings,
    plan_of,
    revision_of,
    stored_content,
    years_compared,
)
from .rules.content import PlanContent, figures_of
from .rules.differences import Change, Difference, difference, summary_of
from .snapshot import snapshot
from .writing import create_plan, write_plan, write_predecessors

# Whoever reads a file says again within this time that it still does; else somebody else may begin anew.
CLAIM = timedelta(minutes=2)
MOST_OPEN_NAMES = 500


@dataclass(frozen=True, slots=True)
class Given:
    """What the admin says of a table besides the file; empty is left to the file."""

    year: int | None = None
    document_number: str = ""
    issued_on: date | None = None


@transaction.atomic
def store_upload(
    data: bytes, *, issuer: Unit, file_name: str, given: Given, by: User | None, at: datetime
) -> PlanImport:
    """Keep a file to be read: from here on it cannot get lost, whatever becomes of browser or server."""
    plan_import = PlanImport.objects.create(
        issuer=issuer,
        file_name=file_name[-200:],
        file_sha256=hashlib.sha256(data).hexdigest(),
        given_year=given.year,
        given_document_number=given.document_number,
        given_issued_on=given.issued_on,
        uploaded_by=by,
        uploaded_at=at,
    )
    ImportSource.objects.create(plan_import=plan_import, upload=data)
    return plan_import


def read_import(import_pk: int, *, at: datetime) -> PlanImport:
    """Read and understand a stored upload and return it; somebody who reads it already is left alone.

    Its progress can be followed in `rows_read` and `rows_total`. A reader that died is taken over after CLAIM.
    """
    free = Q(read_until__isnull=True) | Q(read_until__lt=at)
    waiting = PlanImport.objects.reading().filter(free, pk=import_pk)
    if not waiting.update(read_until=at + CLAIM):
        return PlanImport.objects.get(pk=import_pk)
    began = monotonic()
    plan_import = PlanImport.objects.select_related("issuer", "source").get(pk=import_pk)
    try:
        workbook = read_document(bytes(plan_import.source.upload or b""), file_name=plan_import.file_name)
    except UnreadableDocument as failure:
        return _fail(plan_import, as_plain([error(NOWHERE, str(failure))]))

    def tell(done: int, total: int) -> None:
        # The machine's own time runs on while a request's stands still.
        until = at + CLAIM + timedelta(seconds=monotonic() - began)
        PlanImport.objects.filter(pk=import_pk).update(rows_read=done, rows_total=total, read_until=until)

    examination = _examine(plan_import, workbook, Mends(), tell)
    if examination.content is None:
        return _fail(plan_import, as_plain(examination.problems))
    with transaction.atomic():
        plan_import = PlanImport.objects.select_for_update(of=("self",)).get(pk=import_pk)
        if plan_import.state == ImportState.READING:
            _keep(plan_import, examination)
            plan_import.state, plan_import.read_until = ImportState.PREVIEWED, None
            plan_import.save()
            ImportSource.objects.filter(plan_import=plan_import).update(upload=None, grid=pack(workbook))
    return plan_import


@transaction.atomic
def mend_import(
    import_pk: int, *, mends: Mends, given: Given, version: int, by: User | None, at: datetime
) -> PlanImport:
    """Understand a preview anew with what an admin has mended; raise Refused.

    `version` is the one the page was drawn from: who mends what somebody else has mended meanwhile is refused.
    """
    plan_import = _lock(import_pk, ImportState.PREVIEWED)
    if plan_import.version != version:
        raise Refused("这份预览刚刚被他人修改过，您的修改没有保存。请核对现在的内容后再改。")
    plan_import.given_year = given.year
    plan_import.given_document_number, plan_import.given_issued_on = given.document_number, given.issued_on
    examination = _examine(plan_import, source_of(plan_import), mends)
    if examination.content is None:
        raise Refused("这样修改后就没有可以导入的表格了，修改没有保存。")
    before = plan_import.mends
    _keep(plan_import, examination)
    plan_import.mends = mends.as_json()
    plan_import.version += 1
    plan_import.save()
    changes = audit.diff({"修补": before}, {"修补": plan_import.mends})
    audit.record(AuditAction.PLAN_IMPORT, plan_import, by=by, at=at, changes=changes, note="修补预览")
    return plan_import


def refresh_import(import_pk: int, *, by: User | None, at: datetime) -> PlanImport:
    """Compare a preview anew with the plan as it is now, with all that was mended; raise Refused."""
    found = PlanImport.objects.get(pk=import_pk)
    mends = Mends.from_json(found.mends)
    return mend_import(import_pk, mends=mends, given=given_of(found), version=found.version, by=by, at=at)


def given_of(plan_import: PlanImport) -> Given:
    """Return what the admin has said of the table besides the file."""
    return Given(plan_import.given_year, plan_import.given_document_number, plan_import.given_issued_on)


def source_of(plan_import: PlanImport) -> Workbook:
    """Return the cells of the file as they were read."""
    return unpack(bytes(ImportSource.objects.get(plan_import=plan_import).grid or b""))


@transaction.atomic
def apply_import(import_pk: int, *, stopped_by: str = "", by: User | None, at: datetime) -> Plan:
    """Bring the stored plan to what the preview showed; raise Refused.

    What has changed since the preview refuses it: nobody applies over what they have not seen. Tasks that the
    table no longer has are stopped by the document `stopped_by`, else by the new table's own number or title.
    """
    plan_import = _lock(import_pk, ImportState.PREVIEWED)
    if any(problem["severity"] == Severity.ERROR for problem in plan_import.problems):
        raise Refused("表格还有错误，不能导入。请在页面上改正，或改正文件后重新上传。")
    # The issuer's row stands for a plan that may not exist yet.
    issuer = Unit.objects.select_for_update().get(pk=plan_import.issuer_id)
    plan = plan_of(plan_import)
    if revision_of(plan) != plan_import.base:
        raise Refused(
            "预览之后，分解表已被改动（可能有人导入了另一份文件或调整了任务），这次导入没有执行。请重新比对，核对后再确认。"
        )
    stored, before = (stored_content(plan), snapshot(plan)) if plan else (None, None)
    content = PlanContent.from_json(plan_import.content or {})
    _refuse_missing_units(content)
    mends = Mends.from_json(plan_import.mends)
    learn(mends, issuer=issuer, by=by, at=at)
    try:
        content = create_units(content, issuer=issuer, by=by, at=at)
    except Refused as rejected:
        raise Refused(f"新建责任单位没有成功，这次导入没有执行。{rejected}") from rejected
    changes = difference(stored, content)
    if plan is None:
        plan = create_plan(issuer, content)
        create_default_periods(plan, by=by, at=at)
    if not changes.is_empty:
        reason = stopped_by.strip() or content.document_number or f"《{content.title}》"
        write_plan(plan, content, changes, stopped_by=reason[:120])
        _link_years(plan, content)
        _record(plan, plan_import, content, changes, by=by, at=at)
        settle_reports(plan, basis=reason, by=by, at=at)
    plan_import.content = content.as_json()
    plan_import.state, plan_import.plan = ImportState.APPLIED, plan
    plan_import.before = before
    plan_import.applied_by, plan_import.applied_at = by, at
    plan_import.after = revision_of(plan)
    plan_import.save()
    return plan


@transaction.atomic
def discard_import(import_pk: int, *, by: User, at: datetime) -> PlanImport:
    """Put a preview aside for good; raise Refused when it was dealt with already."""
    plan_import = _lock(import_pk, ImportState.PREVIEWED, ImportState.READING, ImportState.FAILED)
    plan_import.state = ImportState.DISCARDED
    plan_import.save(update_fields=["state"])
    audit.record(AuditAction.PLAN_IMPORT, plan_import, by=by, at=at, note="放弃导入")
    return plan_import


def _lock(import_pk: int, *states: ImportState) -> PlanImport:
    plan_import = (
        PlanImport.objects.select_for_update(of=("self",)).select_related("issuer").get(pk=import_pk)
    )
    if plan_import.state not in states:
        raise Refused(f"这次导入{plan_import.get_state_display()}，不能再次处理。")
    return plan_import


def _fail(plan_import: PlanImport, problems: list[dict[str, Any]]) -> PlanImport:
    plan_import.state, plan_import.problems, plan_import.read_until = ImportState.FAILED, problems, None
    plan_import.save(update_fields=["state", "problems", "read_until"])
    ImportSource.objects.filter(plan_import=plan_import).update(upload=None)
    return plan_import


def _examine(
    plan_import: PlanImport, workbook: Workbook, mends: Mends, tell: Progress = lambda done, total: None
) -> Examination:
    understanding = understand(
        workbook,
        year=plan_import.given_year,
        file_name=plan_import.file_name,
        learned=learned_headings(plan_import.issuer),
        mends=mends,
        progress=tell,
    )
    return examine(
        understanding,
        issuer=plan_import.issuer,
        decisions=mends.units,
        document_number=plan_import.given_document_number,
        issued_on=plan_import.given_issued_on,
    )


def _keep(plan_import: PlanImport, examination: Examination) -> None:
    """Put what was understood into the import's row."""
    content, understanding = examination.content, examination.understanding
    if content is None or understanding.plan is None:
        raise Refused("文件里没有可以预览的表格。")
    plan_import.year = content.year if examination.has_known_year else None
    plan_import.content = content.as_json()
    plan_import.problems = as_plain(examination.problems)
    plan_import.summary = summary_of(examination.difference).as_json()
    plan_import.base = examination.base
    plan_import.outline = {
        "columns": as_plain(understanding.plan.columns),
        "sheets": as_plain(understanding.sheets),
        "names": [
            {
                "name": n.name,
                "written": n.written,
                "kind": n.kind.name,
                "likely": [unit.pk for unit in n.likely],
                "places": [
                    {"label": label, "sheet": place.sheet, "row": place.row}
                    for label, place in zip(n.tasks[:3], n.places, strict=False)
                ],
                "count": len(n.tasks),
            }
            for n in examination.open_names[:MOST_OPEN_NAMES]
        ],
    }


def _refuse_missing_units(content: PlanContent) -> None:
    wanted = {a.unit: a.name for task in content.tasks for a in task.assignments if a.unit}
    there = set(Unit.objects.in_use().filter(pk__in=wanted).values_list("pk", flat=True))
    gone = "、".join(name for pk, name in wanted.items() if pk not in there)
    if gone:
        raise Refused(f"预览之后，责任单位“{gone}”已停用，这次导入没有执行。请重新比对后再确认。")


def _link_years(plan: Plan, content: PlanContent) -> None:
    """Link each task to the one it continues from last year's table, if there is one."""
    compared = years_compared(content, plan.issuer)
    if compared is not None:
        pairs = compared.continued | compared.changed
        write_predecessors(plan, {number: task.pk for number, task in pairs.items()})


def _record(
    plan: Plan,
    plan_import: PlanImport,
    content: PlanContent,
    changes: Difference,
    *,
    by: User | None,
    at: datetime,
) -> None:
    counts = changes.counts()
    note = (
        f"文件“{plan_import.file_name}”；{figures_of(content)}；"
        f"新增{counts['added']}项、修改{counts['changed']}项、停办{counts['removed']}项、未变{counts['unchanged']}项任务"
    )
    details: dict[str, list[Any]] = {
        f"任务{change.task.number} {field.label}": [field.before, field.after]
        for change in changes.of_kind(Change.CHANGED)
        for field in change.fields
    }
    details |= {field.label: [field.before, field.after] for field in changes.plan}
    details |= {f"任务{c.task.number}": [c.task.title, "停办"] for c in changes.of_kind(Change.REMOVED)}
    audit.record(AuditAction.PLAN_IMPORT, plan, by=by, at=at, changes=details, note=note)
