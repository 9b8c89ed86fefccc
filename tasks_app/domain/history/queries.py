"""Looks: the limits of a period and how its reports stood at a past moment, with which words.

What is not kept is taken as it is now: names and texts of the year's table, the people of a unit, the calendar
of working days, and which tasks a unit had before its report first left it.
"""

from collections.abc import Collection
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, Q

from tasks_app.choices import AuditAction
from tasks_app.domain.review.queries import ratings
from tasks_app.models import AuditEvent, Report, ReportingPeriod, ReturnReason, Submission

from .rules import Stand, Step, replay, wound_back

LIMITS = ("opens_on", "due_on", "closes_on")


@dataclass(frozen=True)
class PastReport:
    """A report as it stood. `report` is a picture, never to be saved; no submission: it had not left the unit."""

    report: Report
    submission: Submission | None


@dataclass(frozen=True)
class Judgement:
    """What the office had said, by task id: its open return (None for the whole) and its own ratings."""

    reasons: dict[int | None, ReturnReason]
    ratings: dict[int, str]


def period_then(period: ReportingPeriod, *, at: datetime) -> ReportingPeriod:
    """Return a picture of `period` as it was at `at`, never to be saved; not yet opened: without `opened_at`."""
    past = copy(period)
    later = [step for step in _steps(period, [], at=at) if step.at > at]
    for field, day in wound_back(_limits(period), later).items():
        setattr(past, field, day)
    if past.opened_at is not None and past.opened_at > at:
        past.opened_at = None
    return past


def reports_then(period: ReportingPeriod, *, at: datetime, only: Report | None = None) -> list[PastReport]:
    """Return how each report of `period` stood at `at`, in the city's order; before it was opened, none.

    Three statements, however many the reports and however long their history. `only` asks for one of them.
    """
    if period.opened_at is None or period.opened_at > at:
        return []
    found = period.reports.select_related("unit").order_by("unit__position", "unit__code")
    reports = list(found.filter(pk=only.pk) if only else found)
    stands = _stands(period, [report.pk for report in reports], at)
    in_force = _submissions_in_force(reports, at)
    return [_picture(report, stands[report.pk], in_force.get(report.pk)) for report in reports]


def judgement_then(past: PastReport, *, at: datetime) -> Judgement:
    """Return what the office had said at `at` of a report as it stood then."""
    reasons = ReturnReason.objects.none()
    if past.report.returned_at is not None:
        reasons = ReturnReason.objects.filter(submission=past.submission, returned_at=past.report.returned_at)
    rated = ratings(past.report.period, at=at).items()
    own = {task: rating for (report, task), rating in rated if report == past.report.pk}
    return Judgement({reason.task_id: reason for reason in reasons}, own)


def _stands(period: ReportingPeriod, reports: list[int], at: datetime) -> dict[int, Stand]:
    steps = _steps(period, reports, at=at)
    first = wound_back(_limits(period), [step for step in steps if step.report is None])["due_on"]
    assert first is not None, "the database demands a limit of every period"  # noqa: S101
    return replay(reports, [step for step in steps if step.at <= at], due_on=first)


def _limits(period: ReportingPeriod) -> dict[str, date | None]:
    return {field: getattr(period, field) for field in LIMITS}


def _steps(period: ReportingPeriod, reports: Collection[int], *, at: datetime) -> list[Step]:
    """Return every step of `period` and those of `reports` until `at`.

    By number, not by time: two requests may read the clock in one order and get the lock in the other.
    """
    of_period = Q(target_kind=ReportingPeriod._meta.model_name, target_id=period.pk)
    of_reports = Q(target_kind=Report._meta.model_name, target_id__in=reports, at__lte=at)
    events = AuditEvent.objects.filter(of_period | of_reports)
    # What was typed moves nothing, and there is much of it.
    moves = events.exclude(action=AuditAction.REPORT_SAVE).order_by("pk")
    return [
        Step(target if kind == Report._meta.model_name else None, *values)
        for kind, target, *values in moves.values_list("target_kind", "target_id", "at", "actor", "changes")
    ]


def _submissions_in_force(reports: Collection[Report], at: datetime) -> dict[int, Submission]:
    """Return {report: its latest submission until `at`}; the texts of earlier ones are not fetched."""
    until = Submission.objects.filter(report=OuterRef("report"), submitted_at__lte=at).order_by("-number")
    found = Submission.objects.filter(report__in=reports, pk=until.values("pk")[:1])
    return {submission.report_id: submission for submission in found.select_related("submitted_by")}


def _picture(report: Report, stand: Stand, submission: Submission | None) -> PastReport:
    report.state, report.due_on, report.returned_at = stand.state, stand.due_on, stand.returned_at
    report.accepted_at, report.accepted_by_id = stand.accepted_at, stand.accepted_by
    report.is_late = submission is not None and submission.is_late
    report.submitted_at = submission.submitted_at if submission else None
    report.submitted_by = submission.submitted_by if submission else None
    if submission is None:
        report.first_submitted_at = None
    return PastReport(report, submission)
