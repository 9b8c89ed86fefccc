"""Changes: opening periods, saving drafts, sign-off, submission. Each locks, checks, changes and records."""

import hashlib
import json
from collections import defaultdict
from datetime import datetime

from django.db import transaction

from tasks_app.choices import AuditAction, PeriodKind, ReportState
from tasks_app.clock import local_date
from tasks_app.domain import audit
from tasks_app.models import Assignment, ProgressEntry, Report, ReportingPeriod, Submission, User

from .queries import content_of, has_signer, required_entries
from .rules import Gap, Move, gaps, is_closed, is_late, may_move

ENTRY_FIELDS = ("progress", "forecast", "status", "remarks")
HEADER_FIELDS = ("filler_name", "filler_phone", "filled_on")


class MoveRefusedError(Exception):
    """The report does not allow this step now; the text says why, for the user."""


class IncompleteError(Exception):
    """The report lacks something; `gaps` lists it."""

    def __init__(self, gaps: list[Gap]) -> None:
        super().__init__(f"还有 {len(gaps)} 处没有填好，补齐后才能报送。")
        self.gaps = gaps


class StaleEntryError(Exception):
    """Somebody else saved this entry meanwhile; `entry` is as it is now, nothing was overwritten."""

    def __init__(self, entry: ProgressEntry) -> None:
        super().__init__("这一项刚刚被他人修改过，您的内容还没有保存。")
        self.entry = entry


def open_due_periods(*, at: datetime, by: User | None = None) -> int:
    """Open every period whose day has come, complete those already open, and return the reports made.

    A table imported again while a period is open adds reports and entries to drafts and takes back entries
    nobody has typed in; what was typed stays. Safe to run at any time, by several at once.
    """
    today = local_date(at)
    periods = ReportingPeriod.objects.filter(opens_on__lte=today).order_by("due_on")
    return sum(_open(period.pk, at=at, by=by) for period in periods if not is_closed(period, today))


@transaction.atomic
def _open(period_pk: int, *, at: datetime, by: User | None) -> int:
    period = ReportingPeriod.objects.select_for_update(of=("self",)).select_related("plan").get(pk=period_pk)
    tasks_by_unit: dict[int, set[int]] = defaultdict(set)
    assignments = Assignment.objects.filter(
        task__plan=period.plan, task__is_active=True, unit__is_active=True
    )
    for unit, task in assignments.values_list("unit_id", "task_id"):
        tasks_by_unit[unit].add(task)
    made = _make_reports(period, set(tasks_by_unit))
    _make_entries(period, tasks_by_unit)
    if period.opened_at is None and tasks_by_unit:
        period.opened_at = at
        period.save(update_fields=["opened_at"])
        audit.record(AuditAction.PERIOD_OPEN, period, by=by, at=at, note=f"应报单位 {made} 个")
    return made


def _make_reports(period: ReportingPeriod, units: set[int]) -> int:
    missing = units - set(period.reports.values_list("unit_id", flat=True))
    Report.objects.bulk_create(
        Report(period=period, unit_id=unit, due_on=period.due_on) for unit in sorted(missing)
    )
    return len(missing)


def _make_entries(period: ReportingPeriod, tasks_by_unit: dict[int, set[int]]) -> None:
    drafts = dict(period.reports.filter(state=ReportState.DRAFT).values_list("pk", "unit_id"))
    wanted = {(report, task) for report, unit in drafts.items() for task in tasks_by_unit.get(unit, ())}
    entries = ProgressEntry.objects.filter(report__in=drafts)
    there = {
        (report, task): (pk, version)
        for report, task, pk, version in entries.values_list("report_id", "task_id", "pk", "version")
    }
    untouched = [pk for key, (pk, version) in there.items() if key not in wanted and version == 0]
    ProgressEntry.objects.filter(pk__in=untouched, version=0).delete()
    ProgressEntry.objects.bulk_create(
        ProgressEntry(report_id=report, task_id=task) for report, task in sorted(wanted - set(there))
    )


def lock_report(pk: int, move: Move, *, by: User, at: datetime) -> Report:
    """Return the report `pk` under lock, ready for `move`. Raises MoveRefusedError with the reason.

    Must be called inside a transaction; the unit's own limits are checked here, access by the caller.
    """
    report = Report.objects.select_for_update(of=("self",)).select_related("unit", "period__plan").get(pk=pk)
    signer = has_signer(report.unit)
    if not may_move(move, report.state, by.role, unit_has_signer=signer):
        raise MoveRefusedError(_why_not(report, move, signer))
    if move in (Move.SAVE, Move.REQUEST_SIGNATURE, Move.SUBMIT) and is_closed(report.period, local_date(at)):
        raise MoveRefusedError(f"本填报期已于 {report.period.closes_on:%Y年%m月%d日} 关闭，请联系市医改办。")
    return report


def _why_not(report: Report, move: Move, signer: bool) -> str:
    if move is Move.SUBMIT and signer and report.state != ReportState.SIGNING:
        return "本单位设有审签人，请先提交审签，由审签人报送。"
    if move is Move.REQUEST_SIGNATURE and not signer:
        return "本单位没有审签人，可以直接报送。"
    return f"填报目前是“{report.get_state_display()}”，不能进行这一步。请刷新页面看最新状态。"


@transaction.atomic
def save_entry(
    report_pk: int, entry_pk: int, *, values: dict[str, str], version: int, by: User, at: datetime
) -> ProgressEntry:
    """Save one entry's `values` ({field: text}) as draft, complete or not, and return it.

    `version` is the one the form was drawn from. Raises StaleEntryError when it was saved meanwhile with
    other words, MoveRefusedError when the report is locked. Saving the same words again changes nothing.
    """
    report = lock_report(report_pk, Move.SAVE, by=by, at=at)
    entry = report.entries.select_for_update(of=("self",)).select_related("task", "saved_by").get(pk=entry_pk)
    before = {field: getattr(entry, field) for field in ENTRY_FIELDS}
    changes = audit.diff(before, {field: values[field] for field in ENTRY_FIELDS})
    if not changes:
        return entry
    if version != entry.version:
        raise StaleEntryError(entry)
    for field in ENTRY_FIELDS:
        setattr(entry, field, values[field])
    entry.version += 1
    entry.saved_at, entry.saved_by = at, by
    entry.save(update_fields=[*ENTRY_FIELDS, "version", "saved_at", "saved_by"])
    _introduce_filler(report, by)
    audit.record(
        AuditAction.REPORT_SAVE, report, by=by, at=at, unit=report.unit, changes=changes, note=str(entry.task)
    )
    return entry


def _introduce_filler(report: Report, by: User) -> None:
    """Whoever types first is the form's 填表人 until the header says otherwise."""
    if not report.filler_name and not report.filler_phone:
        report.filler_name, report.filler_phone = by.name, by.phone
        report.save(update_fields=["filler_name", "filler_phone"])


@transaction.atomic
def save_header(
    report_pk: int, *, filler_name: str, filler_phone: str, filled_on: object, by: User, at: datetime
) -> Report:
    """Save the form's header as draft and return the report. Raises MoveRefusedError when it is locked."""
    report = lock_report(report_pk, Move.SAVE, by=by, at=at)
    values = {"filler_name": filler_name, "filler_phone": filler_phone, "filled_on": filled_on}
    changes = audit.diff({field: getattr(report, field) for field in HEADER_FIELDS}, values)
    if changes:
        for field, value in values.items():
            setattr(report, field, value)
        report.save(update_fields=HEADER_FIELDS)
        audit.record(
            AuditAction.REPORT_SAVE, report, by=by, at=at, unit=report.unit, changes=changes, note="表头"
        )
    return report


@transaction.atomic
def request_signature(report_pk: int, *, by: User, at: datetime) -> Report:
    """Hand a complete report to the unit's signer. Raises IncompleteError, MoveRefusedError."""
    report = lock_report(report_pk, Move.REQUEST_SIGNATURE, by=by, at=at)
    _demand_complete(report)
    _change_state(report, ReportState.SIGNING, AuditAction.REPORT_SIGN_REQUEST, by=by, at=at)
    return report


@transaction.atomic
def recall_report(report_pk: int, *, by: User, at: datetime) -> Report:
    """Take a report back from the signer to go on editing. Raises MoveRefusedError."""
    report = lock_report(report_pk, Move.RECALL, by=by, at=at)
    _change_state(report, _unsigned_state(report), AuditAction.REPORT_RECALL, by=by, at=at)
    return report


@transaction.atomic
def refuse_signature(report_pk: int, *, reason: str, by: User, at: datetime) -> Report:
    """The signer gives the report back to the filler, with a reason. Raises MoveRefusedError."""
    report = lock_report(report_pk, Move.REFUSE_SIGNATURE, by=by, at=at)
    if not reason.strip():
        raise MoveRefusedError("请写明退回填报员修改的理由。")
    _change_state(
        report, _unsigned_state(report), AuditAction.REPORT_SIGN_REFUSE, by=by, at=at, note=reason.strip()
    )
    return report


@transaction.atomic
def submit_report(report_pk: int, *, by: User, at: datetime) -> Submission:
    """Submit: lock the report, keep it whole as a submission and return that with its receipt number.

    Raises IncompleteError with what is missing, MoveRefusedError when it is not the moment or the person.
    """
    report = lock_report(report_pk, Move.SUBMIT, by=by, at=at)
    if report.filled_on is None:
        report.filled_on = local_date(at)
    _demand_complete(report)
    report.is_late = is_late(report, local_date(at))
    report.first_submitted_at = report.first_submitted_at or at
    report.submitted_at, report.submitted_by, report.returned_at = at, by, None
    before, report.state = report.get_state_display(), ReportState.SUBMITTED
    report.save()
    submission = _keep_submission(report, by=by, at=at)
    audit.record(
        AuditAction.REPORT_SUBMIT,
        report,
        by=by,
        at=at,
        unit=report.unit,
        changes={"state": [before, report.get_state_display()]},
        note=f"回执号 {submission.receipt}{'（补报）' if report.is_late else ''}",
    )
    return submission


def _keep_submission(report: Report, *, by: User, at: datetime) -> Submission:
    content = content_of(report)
    number = report.submissions.count() + 1
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    order = PeriodKind.values.index(report.period.kind) + 1
    return Submission.objects.create(
        report=report,
        number=number,
        receipt=f"{report.period.plan.year}-{order}-{report.unit.code}-{number:02d}",
        content=content,
        fingerprint=hashlib.sha256(canonical.encode()).hexdigest(),
        is_late=report.is_late,
        submitted_at=at,
        submitted_by=by,
    )


def _demand_complete(report: Report) -> None:
    missing = gaps(report, required_entries(report))
    if missing:
        raise IncompleteError(missing)


def _unsigned_state(report: Report) -> ReportState:
    """A report that the office returned stays returned until it is submitted again."""
    return ReportState.RETURNED if report.returned_at else ReportState.DRAFT


def _change_state(
    report: Report, state: ReportState, action: AuditAction, *, by: User, at: datetime, note: str = ""
) -> None:
    before = report.get_state_display()
    report.state = state
    report.save(update_fields=["state"])
    changes = {"state": [before, report.get_state_display()]}
    audit.record(action, report, by=by, at=at, unit=report.unit, changes=changes, note=note)
