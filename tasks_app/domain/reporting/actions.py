"""Changes: opening periods, saving drafts, sign-off, submission. Each locks, checks, changes and records."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from tasks_app.choices import AuditAction, CarriedText, PeriodKind, ReportState
from tasks_app.clock import day_in_words, local_date
from tasks_app.domain import audit
from tasks_app.domain.access.queries import acting_roles
from tasks_app.models import Assignment, ProgressEntry, Report, ReportingPeriod, Submission, User

from .content import fingerprint
from .entry_rows import settle_figures, settle_ticks, write_rows
from .entry_values import FigureGiven, TickGiven, reasons
from .queries import content_now, has_signer, previous_entries, required_entries
from .rules import (
    OWED_STATES,
    Gap,
    Move,
    carried_after,
    gaps,
    in_whose_place,
    is_closed,
    is_late,
    is_locked,
    may_move,
)
from .trail import HEADER_FIELDS, state_change

# What a person types into one entry beside its ticks and figures.
ENTRY_FIELDS = (
    "progress",
    "forecast",
    "status",
    "remarks",
    "no_news",
    "no_news_reason",
    "status_note",
    "evidence_number",
    "answers",
)


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


class StaleHeaderError(Exception):
    """Somebody else saved the form's header meanwhile; nothing was overwritten."""

    def __init__(self) -> None:
        super().__init__("表头刚刚被他人修改过，您的修改还没有保存。")


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
    today = local_date(at)
    # What the office enters for a unit always needs a second person of the office (代填).
    signer = report.entered_by_id is not None or has_signer(report.unit, today)
    roles = acting_roles(by, report, today)
    if not any(may_move(move, report.state, role, unit_has_signer=signer) for role in roles):
        raise MoveRefusedError(_why_not(report, move, signer))
    # What the office gave back has its own limit, even after the period closed.
    is_open = report.returned_at is not None or not is_closed(report.period, today)
    closed_on = report.period.closes_on
    if move in (Move.SAVE, Move.REQUEST_SIGNATURE, Move.SUBMIT) and closed_on and not is_open:
        raise MoveRefusedError(f"本填报期已于 {day_in_words(closed_on)} 关闭，请联系市医改办。")
    return report


def demand_unlocked(report: Report, entry: ProgressEntry) -> None:
    """Refuse to change what was filed while the report is back for added tasks alone (MoveRefusedError)."""
    if is_locked(report, entry):
        raise MoveRefusedError(
            "这项任务已经报送，本次只需填报新增任务。已报内容确需修改的，请联系市医改办退回。"
        )


def _why_not(report: Report, move: Move, signer: bool) -> str:
    if report.entered_by_id is not None and report.state in OWED_STATES:
        return "这份填报正由市医改办代填，由另一名市医改办人员复核后报送。本单位要自行填报的，请先收回。"
    if move is Move.SUBMIT and signer and report.state != ReportState.SIGNING:
        return "本单位设有审签人，请先提交审签，由审签人报送。"
    if move is Move.REQUEST_SIGNATURE and not signer:
        return "本单位没有审签人，可以直接报送。"
    return f"填报目前是“{report.get_state_display()}”，不能进行这一步。请刷新页面看最新状态。"


@transaction.atomic
def save_entry(
    report_pk: int,
    entry_pk: int,
    *,
    values: Mapping[str, Any],
    version: int,
    by: User,
    at: datetime,
    ticks: Mapping[int, TickGiven] | None = None,
    figures: Mapping[int, FigureGiven] | None = None,
    carry: bool = False,
) -> ProgressEntry:
    """Save one entry as draft, complete or not, and return it: one version for all that stands in it.

    `values` are {field of ENTRY_FIELDS: what was typed}, `ticks` {measure: tick}, `figures` {indicator:
    figure}; what is not given stays as it is, what cannot be read is kept as typed. `carry` brings the last
    period's words into an empty box. `version` is the one the form was drawn from. Raises StaleEntryError
    when it was saved meanwhile with other words, MoveRefusedError when the report is locked. Saving the same
    again changes nothing.
    """
    report = lock_report(report_pk, Move.SAVE, by=by, at=at)
    entry = report.entries.select_for_update(of=("self",)).select_related("task", "saved_by").get(pk=entry_pk)
    demand_unlocked(report, entry)
    before = {name: getattr(entry, name) for name in (*ENTRY_FIELDS, "carried")}
    after = _fields_after(report, entry, values, carry=carry)
    tick_rows = settle_ticks(entry, ticks or {}, after["answers"])
    figure_rows = settle_figures(entry, figures or {}, after["answers"])
    changes = audit.diff(_in_words(before), _in_words(after)) | tick_rows.words | figure_rows.words
    if not changes and after == before:
        return entry
    if version != entry.version:
        raise StaleEntryError(entry)
    for name, value in after.items():
        setattr(entry, name, value)
    entry.version += 1
    entry.saved_at, entry.saved_by = at, by
    entry.save(update_fields=[*after, "version", "saved_at", "saved_by"])
    write_rows(tick_rows, figure_rows)
    _introduce_filler(report, by)
    _record(AuditAction.REPORT_SAVE, report, by=by, at=at, changes=changes, note=str(entry.task))
    return entry


def _fields_after(
    report: Report, entry: ProgressEntry, values: Mapping[str, Any], *, carry: bool
) -> dict[str, Any]:
    """Return every field of the entry as `values` leave it; answers are taken one by one, blank ones go."""
    after = {name: values.get(name, getattr(entry, name)) for name in ENTRY_FIELDS}
    given = entry.answers | values.get("answers", {})
    after["answers"] = {key: text for key, text in given.items() if text.strip()}
    if carry:
        after["progress"], after["carried"] = _words_to_carry(report, entry, after["progress"])
    else:
        after["carried"] = carried_after(entry.carried, entry.progress, after["progress"])
    return after


def _words_to_carry(report: Report, entry: ProgressEntry, typed: str) -> tuple[str, str]:
    previous = previous_entries(report, {entry.task_id: entry.task.predecessor_id}).get(entry.task_id)
    if previous is None:
        raise MoveRefusedError("没有可以沿用的上期文字。")
    if typed.strip():
        raise MoveRefusedError("框里已经有文字，没有沿用上期。如要沿用，请先清空工作进展。")
    return previous.progress, CarriedText.UNTOUCHED


def _in_words(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields as the audit trail keeps them: of the answers only the words."""
    return {**fields, "answers": "；".join(reasons(fields["answers"]).values())}


def _introduce_filler(report: Report, by: User) -> None:
    """Whoever types first is the form's 填表人 until the header says otherwise.

    The header keeps its version: this takes the place of nothing that anybody typed into it.
    """
    if not report.filler_name and not report.filler_phone:
        report.filler_name, report.filler_phone = by.name, by.phone
        report.save(update_fields=["filler_name", "filler_phone"])


@transaction.atomic
def save_header(
    report_pk: int,
    *,
    filler_name: str,
    filler_phone: str,
    filled_on: object,
    version: int,
    by: User,
    at: datetime,
) -> Report:
    """Save the form's header as draft and return the report; `version` is the one the form was drawn from.

    Raises StaleHeaderError when it was saved meanwhile with other words, MoveRefusedError when the report is
    locked. Saving the same again changes nothing.
    """
    report = lock_report(report_pk, Move.SAVE, by=by, at=at)
    values = {"filler_name": filler_name, "filler_phone": filler_phone, "filled_on": filled_on}
    changes = audit.diff({field: getattr(report, field) for field in HEADER_FIELDS}, values)
    if not changes:
        return report
    if version != report.header_version:
        raise StaleHeaderError
    for field, value in values.items():
        setattr(report, field, value)
    report.header_version += 1
    report.save(update_fields=[*HEADER_FIELDS, "header_version"])
    _record(AuditAction.REPORT_SAVE, report, by=by, at=at, changes=changes, note="表头")
    return report


@transaction.atomic
def request_signature(report_pk: int, *, by: User, at: datetime) -> Report:
    """Hand a complete report to the unit's signer. Raises IncompleteError, MoveRefusedError."""
    report = lock_report(report_pk, Move.REQUEST_SIGNATURE, by=by, at=at)
    _demand_complete(report)
    report.sign_requested_at = at
    report.save(update_fields=["sign_requested_at"])
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
    before, report.state = report.state, ReportState.SUBMITTED
    report.save()
    submission = _keep_submission(report, by=by, at=at)
    note = f"回执号 {submission.receipt}{'（补报）' if report.is_late else ''}"
    _record(AuditAction.REPORT_SUBMIT, report, before=before, by=by, at=at, note=note)
    return submission


def _keep_submission(report: Report, *, by: User, at: datetime) -> Submission:
    content = content_now(report).as_json()
    number = report.submissions.count() + 1
    order = PeriodKind.values.index(report.period.kind) + 1
    return Submission.objects.create(
        report=report,
        number=number,
        receipt=f"{report.period.plan.year}-{order}-{report.unit.code}-{number:02d}",
        content=content,
        fingerprint=fingerprint(content),
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
    before = report.state
    report.state = state
    report.save(update_fields=["state"])
    _record(action, report, before=before, by=by, at=at, note=note)


def _record(
    action: AuditAction,
    report: Report,
    *,
    by: User,
    at: datetime,
    before: str = "",
    changes: Mapping[str, list[Any]] | None = None,
    note: str = "",
) -> None:
    """Write a unit's step to the trail; `before` is the state that it changed, "" when it changed none."""
    is_entered = report.entered_by_id is not None
    audit.record(
        action,
        report,
        by=by,
        at=at,
        unit=report.unit,
        changes=state_change(before, report) if before else changes,
        note=note,
        in_place=in_whose_place(action, before or report.state, by.role, is_entered=is_entered),
    )
