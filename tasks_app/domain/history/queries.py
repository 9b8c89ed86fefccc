"""Looks: the limits of a period and how its reports stood at a past moment, with which words.

What is not kept is taken as it is now: names and texts of the year's table, the people of a unit, the calendar
of working days, and which tasks a unit had before its report first left it. A report added to an open period
before its making was kept in the trail counts as made with its period.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, Q, QuerySet

from tasks_app.choices import AuditAction
from tasks_app.domain.review.queries import verdicts
from tasks_app.models import AuditEvent, Report, ReportingPeriod, ReturnReason, Submission

from .rules import Stand, TrailStep, made_by, replay, wound_back

LIMITS = ("opens_on", "due_on", "closes_on")
PERIOD, REPORT = ReportingPeriod._meta.model_name, Report._meta.model_name


@dataclass(frozen=True)
class PastReport:
    """A report as it stood. `report` is a picture, never to be saved; no submission: it had not left the unit."""

    report: Report
    submission: Submission | None


@dataclass(frozen=True)
class Judgement:
    """What the office had said, by task id: its open return (None for the whole) and its verdicts."""

    reasons: dict[int | None, ReturnReason]
    ratings: dict[int, str]


def period_then(period: ReportingPeriod, *, at: datetime) -> ReportingPeriod:
    """Return a picture of `period` as it was at `at`, never to be saved; not yet opened: without `opened_at`."""
    past = copy(period)
    later = [step for step in _steps({period.pk: ()}, at=at)[period.pk] if step.at > at]
    for field, day in wound_back(_limits(period), later).items():
        setattr(past, field, day)
    if past.opened_at is not None and past.opened_at > at:
        past.opened_at = None
    return past


def reports_then(period: ReportingPeriod, *, at: datetime, only: Report | None = None) -> list[PastReport]:
    """Return how each report of `period` stood at `at`, in the city's order; before it was opened, none.

    Three statements, however many the reports and however long their history. `only` asks for one of them.
    """
    reports = period.reports.filter(pk=only.pk) if only else period.reports.all()
    return pictures([period], reports, at=at)


def pictures(
    periods: Iterable[ReportingPeriod], reports: QuerySet[Report], *, at: datetime, words: bool = True
) -> list[PastReport]:
    """Return how `reports` stood at `at`; those of periods not opened by then, or made later, are left out.

    `periods` are theirs. Without `words` the contents of the submissions are not fetched. Three statements.
    """
    opened = [each for each in periods if each.opened_at is not None and each.opened_at <= at]
    if not opened:
        return []
    found = reports.filter(period__in=opened).select_related("unit").order_by("unit__position", "unit__code")
    there = list(found)
    stands = _stands(opened, there, at)
    there = [report for report in there if report.pk in stands]
    in_force = _submissions_in_force(there, at, words=words)
    return [_picture(report, stands[report.pk], in_force.get(report.pk)) for report in there]


def judgement_then(past: PastReport, *, at: datetime) -> Judgement:
    """Return what the office had said at `at` of a report as it stood then."""
    reasons = ReturnReason.objects.none()
    if past.report.returned_at is not None:
        reasons = ReturnReason.objects.filter(submission=past.submission, returned_at=past.report.returned_at)
    given = verdicts([past.report], until=at)
    own = {task: verdict.rating for (_, task), verdict in given.items() if verdict.counts}
    return Judgement({reason.task_id: reason for reason in reasons}, own)


def deliveries_decided_after(at: datetime) -> frozenset[int]:
    """Return the deliveries on which a person decided after `at`: how they stood before is not stored."""
    decided = AuditEvent.objects.filter(action=AuditAction.DELIVERY_DECIDE, at__gt=at)
    return frozenset(pk for pk in decided.values_list("target_id", flat=True) if pk is not None)


def _stands(
    periods: Iterable[ReportingPeriod], reports: Collection[Report], at: datetime
) -> dict[int, Stand]:
    """Return {report: how it stood} for those that were there at `at`."""
    members: dict[int, list[int]] = defaultdict(list)
    for report in reports:
        members[report.period_id].append(report.pk)
    found = _steps(members, at=at)
    stands: dict[int, Stand] = {}
    for period in periods:
        steps = found[period.pk]
        first = wound_back(_limits(period), [step for step in steps if step.report is None])["due_on"]
        assert first is not None, "the database demands a limit of every period"  # noqa: S101
        there = made_by(members[period.pk], steps, at=at)
        stands |= replay(there, [step for step in steps if step.at <= at], due_on=first)
    return stands


def _limits(period: ReportingPeriod) -> dict[str, date | None]:
    return {field: getattr(period, field) for field in LIMITS}


def _steps(members: Mapping[int, Collection[int]], *, at: datetime) -> dict[int, list[TrailStep]]:
    """Return {period: its steps, and those of its reports until `at`}; `members` are {period: its reports}.

    What made a report is there also when it came later. By number, not by time: two requests may read the
    clock in one order and get the lock in the other.
    """
    # {what an event is of: the period that it belongs to}
    period_of: dict[tuple[str | None, int | None], int] = {(PERIOD, period): period for period in members}
    for period, reports in members.items():
        period_of |= {(REPORT, report): period for report in reports}
    of_periods = Q(target_kind=PERIOD, target_id__in=list(members))
    until = Q(at__lte=at) | Q(action=AuditAction.PERIOD_OPEN)
    of_reports = until & Q(target_kind=REPORT, target_id__in=[pk for pks in members.values() for pk in pks])
    events = AuditEvent.objects.filter(of_periods | of_reports)
    # What was typed moves nothing, and there is much of it.
    moves = events.exclude(action=AuditAction.REPORT_SAVE).order_by("pk")
    columns = ("target_kind", "target_id", "at", "actor", "changes", "action")
    found: dict[int, list[TrailStep]] = defaultdict(list)
    for kind, target, *values in moves.values_list(*columns):
        found[period_of[kind, target]].append(TrailStep(target if kind == REPORT else None, *values))
    return found


def _submissions_in_force(
    reports: Collection[Report], at: datetime, *, words: bool = True
) -> dict[int, Submission]:
    """Return {report: its latest submission until `at`}; the texts of earlier ones are not fetched."""
    until = Submission.objects.filter(report=OuterRef("report"), submitted_at__lte=at).order_by("-number")
    found = Submission.objects.filter(report__in=reports, pk=until.values("pk")[:1])
    if not words:
        found = found.defer("content")
    return {submission.report_id: submission for submission in found.select_related("submitted_by")}


def _picture(report: Report, stand: Stand, submission: Submission | None) -> PastReport:
    report.state, report.due_on, report.returned_at = stand.state, stand.due_on, stand.returned_at
    report.added_since = stand.added_since
    report.accepted_at, report.accepted_by_id = stand.accepted_at, stand.accepted_by
    report.entered_by_id, report.entered_because = stand.entered_by, ""  # the reason stands in the submission
    report.is_late = submission is not None and submission.is_late
    report.submitted_at = submission.submitted_at if submission else None
    report.submitted_by = submission.submitted_by if submission else None
    if submission is None:
        report.first_submitted_at = None
    return PastReport(report, submission)
