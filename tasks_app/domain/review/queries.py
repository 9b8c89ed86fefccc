"""Looks: what waits for the office, and one report with everything needed to judge it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from tasks_app.choices import ReportState
from tasks_app.clock import local_date
from tasks_app.domain.access.queries import visible_reports
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.reporting.queries import previous_entries
from tasks_app.models import (
    ProgressEntry,
    Report,
    ReportingPeriod,
    ReturnReason,
    Submission,
    Task,
    User,
)

from .rules import REVIEW_WORKING_DAYS


@dataclass(frozen=True)
class Waiting:
    """One report in the queue: `days` are working days since it came, `is_overdue` is the office's lamp."""

    report: Report
    days: int
    is_overdue: bool


def review_queue(user: User, at: datetime) -> list[Waiting]:
    """Return the submitted reports that wait for the office, oldest first, with their ages."""
    calendar, today = working_calendar(), local_date(at)
    reports = visible_reports(user).filter(state=ReportState.SUBMITTED).order_by("submitted_at")
    ages = [(report, calendar.between(_day(report.submitted_at), today)) for report in reports]
    return [Waiting(report, days, days > REVIEW_WORKING_DAYS) for report, days in ages]


def returned_reports(user: User) -> QuerySet[Report]:
    """Return the reports that were returned and have not come back, oldest first."""
    return visible_reports(user).filter(state=ReportState.RETURNED).order_by("returned_at")


def accepted_reports(user: User, period: ReportingPeriod | None = None) -> QuerySet[Report]:
    """Return the accepted reports, newest first, of one period if given."""
    reports = visible_reports(user).filter(state=ReportState.ACCEPTED).order_by("-accepted_at")
    return reports.filter(period=period) if period else reports


@dataclass(frozen=True)
class Reading:
    """What stands beside a submission when it is read; all but `tasks` by task id, None for the whole."""

    tasks: dict[int, Task]
    previous: dict[int, ProgressEntry]
    reasons: dict[int | None, ReturnReason]
    changed: dict[int, bool]


def reading(report: Report, submission: Submission) -> Reading:
    """Return what helps to judge `submission`: measures, the last period, the last return and what changed.

    `changed` is empty for a first submission.
    """
    tasks = (
        Task.objects.filter(plan=report.period.plan).select_related("section").prefetch_related("measures")
    )
    before = report.submissions.filter(number=submission.number - 1).first()
    # Of a returned report the open reasons; of one that came back those that it answers.
    returned = submission if report.returned_at else before
    reasons = ReturnReason.objects.filter(submission=returned) if returned else ReturnReason.objects.none()
    return Reading(
        tasks={task.pk: task for task in tasks.prefetch_related("measures")},
        previous=previous_entries(report),
        reasons={reason.task_id: reason for reason in reasons.select_related("returned_by")},
        changed=_changes(before, submission) if before else {},
    )


def _changes(before: Submission, after: Submission) -> dict[int, bool]:
    old = {entry["task"]: entry for entry in before.content["entries"]}
    return {entry["task"]: entry != old.get(entry["task"]) for entry in after.content["entries"]}


def _day(moment: datetime | None) -> date:
    assert moment is not None, "the database demands a time of every submitted report"  # noqa: S101
    return local_date(moment)
