"""Changes: the office returns or accepts a submitted report."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from tasks_app.choices import AuditAction, ReportState
from tasks_app.clock import local_date
from tasks_app.domain import audit
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.reporting.actions import MoveRefusedError, lock_report
from tasks_app.domain.reporting.queries import latest_submission
from tasks_app.domain.reporting.rules import Move
from tasks_app.models import Report, ReturnReason, Submission, User

from .rules import return_limit


class ReasonMissingError(Exception):
    """A return needs a reason, for a task or for the whole."""

    def __init__(self) -> None:
        super().__init__("退回必须写明理由：请在需要修改的任务下填写，或填写总体意见。")


@transaction.atomic
def return_report(
    report_pk: int, *, submission: int, reasons: Mapping[int | None, str], by: User, at: datetime
) -> Report:
    """Return a submitted report with `reasons` {task id, or None for the whole: words} and a new limit.

    `submission` is the number of the submission that was read: a newer one is not returned unseen.
    Raises ReasonMissingError, MoveRefusedError.
    """
    report = lock_report(report_pk, Move.RETURN, by=by, at=at)
    read = _demand_latest(report, submission)
    known = {entry["task"] for entry in read.content["entries"]} | {None}
    given = {task: text.strip() for task, text in reasons.items() if text.strip() and task in known}
    if not given:
        raise ReasonMissingError
    ReturnReason.objects.bulk_create(
        ReturnReason(submission=read, task_id=task, text=text, returned_at=at, returned_by=by)
        for task, text in given.items()
    )
    before, due_before = report.get_state_display(), report.due_on
    report.state, report.returned_at = ReportState.RETURNED, at
    report.due_on = return_limit(local_date(at), report.period.due_on, working_calendar())
    report.save(update_fields=["state", "returned_at", "due_on"])
    changes = {"state": [before, report.get_state_display()]}
    changes |= audit.diff({"due_on": due_before}, {"due_on": report.due_on})
    note = f"退回 {len([task for task in given if task])} 项" + (f"；{given[None]}" if None in given else "")
    audit.record(
        AuditAction.REPORT_RETURN, report, by=by, at=at, unit=report.unit, changes=changes, note=note
    )
    return report


@transaction.atomic
def accept_report(report_pk: int, *, submission: int, by: User, at: datetime) -> Report:
    """Accept a submitted report, which closes it. Raises MoveRefusedError, also for a newer submission."""
    report = lock_report(report_pk, Move.ACCEPT, by=by, at=at)
    _demand_latest(report, submission)
    before = report.get_state_display()
    report.state, report.accepted_at, report.accepted_by = ReportState.ACCEPTED, at, by
    report.save(update_fields=["state", "accepted_at", "accepted_by"])
    changes = {"state": [before, report.get_state_display()]}
    audit.record(AuditAction.REPORT_ACCEPT, report, by=by, at=at, unit=report.unit, changes=changes)
    return report


def _demand_latest(report: Report, number: int) -> Submission:
    latest = latest_submission(report)
    if latest is None or latest.number != number:
        raise MoveRefusedError("该单位已重新报送，请刷新页面，看过最新内容后再处理。")
    return latest
