"""Looks: what waits for the office and since when, and what the office wrote to the entries."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import QuerySet

from tasks_app.choices import ReportState
from tasks_app.clock import local_date
from tasks_app.domain.access.queries import visible_reports
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.calendar.rules import WorkingCalendar, time_left
from tasks_app.domain.reporting.rules import is_returned
from tasks_app.models import ProgressEntry, Report, ReportingPeriod, ReviewNote, Submission, Unit, User
from tasks_app.models.report import ReportQuerySet
from tasks_app.models.unit import NAMED

from .rules.limits import waits_too_long
from .rules.verdicts import still_counts

# What the queue shows of a report, what tells where its tasks stand, and whose words it holds (rules.people).
QUEUED = (
    *("state", "due_on", "is_late", "first_submitted_at", "submitted_at", "submitted_by"),
    *("returned_at", "added_since", "accepted_at", "entered_by"),
    *("period__kind", "period__plan__year", "period__plan__closed_at"),
    *(f"unit__{name}" for name in NAMED),
)


@dataclass(frozen=True)
class Waiting:
    """One report in the queue: `days` are working days since it came, or went back to its unit.

    `is_late` is the office's own lateness, or that of a unit that does not send again; `left` says in words
    how long a unit still has.
    """

    report: Report
    days: int
    is_late: bool
    left: str = ""

    @property
    def is_signing(self) -> bool:
        """Tell whether the unit's signer has it."""
        return self.report.state == ReportState.SIGNING


@dataclass(frozen=True)
class Queue:
    """What is under way, the oldest first in each part."""

    first: list[Waiting]
    again: list[Waiting]
    returned: list[Waiting]

    @property
    def office_is_late(self) -> int:
        """Return how many reports wait for the office longer than they should."""
        return sum(waiting.is_late for waiting in (*self.first, *self.again))


class Verdict(NamedTuple):
    """The office's own rating of an entry (ProgressStatus), when it was given, and of which submission.

    One that `counts` judged what the unit says now; otherwise the unit has filed anew since.
    """

    rating: str
    at: datetime
    basis: str
    submission: int
    counts: bool


@dataclass
class Remarks:
    """What the office wrote to one entry, oldest first, and its newest rating; the unit sees no internal note."""

    notes: list[ReviewNote] = field(default_factory=list)
    rated: ReviewNote | None = None

    @property
    def rating(self) -> str:
        """The office's newest rating, of whichever submission, "" while there is none."""
        return self.rated.rating if self.rated else ""

    @property
    def comments(self) -> list[ReviewNote]:
        """What the unit may read."""
        return [note for note in self.notes if not note.is_internal]


def review_queue(
    user: User,
    at: datetime,
    *,
    period: ReportingPeriod | None = None,
    unit: Unit | None = None,
    calendar: WorkingCalendar | None = None,
) -> Queue:
    """Return what `user` sees under way at `at`, of one period or one unit if given.

    Two statements, one with the `calendar` given.
    """
    reports = _queued(user, period, unit)
    return queue_of(reports.under_way(), at, calendar or working_calendar())


def queue_of(reports: Iterable[Report], at: datetime, calendar: WorkingCalendar) -> Queue:
    """Return those of `reports` that are under way at `at`, the oldest first; whatever their states."""
    today, queue = local_date(at), Queue([], [], [])
    for report in reports:
        if report.state == ReportState.SUBMITTED:
            days = calendar.between(_day(report.submitted_at), today)
            part = queue.first if report.submitted_at == report.first_submitted_at else queue.again
            part.append(Waiting(report, days, waits_too_long(days)))
        elif is_returned(report):
            assert report.returned_at is not None  # noqa: S101
            days = calendar.between(_day(report.returned_at), today)
            left = time_left(report.due_on, today, calendar)
            queue.returned.append(Waiting(report, days, today > report.due_on, left))
    for part in (queue.first, queue.again):
        part.sort(key=lambda waiting: (waiting.report.submitted_at, waiting.report.pk))
    queue.returned.sort(key=lambda waiting: (waiting.report.returned_at, waiting.report.pk))
    return queue


def accepted_reports(
    user: User, *, period: ReportingPeriod | None = None, unit: Unit | None = None
) -> QuerySet[Report]:
    """Return the accepted reports, newest first, of one period or one unit if given."""
    return _queued(user, period, unit).accepted().order_by("-accepted_at", "pk")


def remarks_of(report: Report) -> dict[int, Remarks]:
    """Return {task id: what the office wrote to it}; a task without is missing. One statement.

    For a unit's own page show `comments` and `rating` only (templates/review/_comments.html does).
    """
    found: dict[int, Remarks] = defaultdict(Remarks)
    notes = report.notes.select_related("written_by", "submission").defer("submission__content")
    for note in notes.order_by("written_at", "pk"):
        if note.text:
            found[note.task_id].notes.append(note)
        if note.rating:
            found[note.task_id].rated = note
    return dict(found)


def verdicts(reports: Collection[Report], *, until: datetime | None = None) -> dict[tuple[int, int], Verdict]:
    """Return {(report id, task id): the office's newest verdict}, until a moment if given.

    A verdict belongs to the submission that it judged: whether it counts is held against `submitted_at` of
    `reports`, which may be pictures of that moment. One statement, and two more where one was filed again since.
    """
    notes = ReviewNote.objects.filter(report__in=reports).exclude(rating="")
    if until is not None:
        notes = notes.filter(written_at__lte=until)
    columns = ("rating", "written_at", "basis", "submission__number", "submission__submitted_at")
    rows = notes.order_by("written_at", "pk").values_list("report_id", "task_id", *columns)
    newest = {(report, task): rest for report, task, *rest in rows}
    filed = {report.pk: report.submitted_at for report in reports if report.submitted_at is not None}
    again = {report for (report, _), (*_, judged) in newest.items() if judged != filed.get(report)}
    later = _supplements(again) if again else {}

    def counts(report: int, task: int, judged: int) -> bool:
        if report not in again:
            return True
        found = later[report]
        since = [since for number, at, since in found.filed if number > judged and at <= filed[report]]
        return still_counts(since, found.added.get(task))

    return {
        (report, task): Verdict(rating, at, basis, number, counts(report, task, number))
        for (report, task), (rating, at, basis, number, _) in newest.items()
    }


class _Filed(NamedTuple):
    """The submissions of a report (number, time, supplement since) and when its tasks were added to it."""

    filed: list[tuple[int, datetime, datetime | None]]
    added: dict[int, datetime | None]


def _supplements(reports: Collection[int]) -> dict[int, _Filed]:
    found = {report: _Filed([], {}) for report in reports}
    submissions = Submission.objects.filter(report__in=reports)
    for report, number, at, since in submissions.values_list(
        "report_id", "number", "submitted_at", "added_since"
    ):
        found[report].filed.append((number, at, since))
    added = ProgressEntry.objects.filter(report__in=reports, added_at__isnull=False)
    for report, task, added_at in added.order_by().values_list("report_id", "task_id", "added_at"):
        found[report].added[task] = added_at
    return found


def _queued(user: User, period: ReportingPeriod | None, unit: Unit | None) -> ReportQuerySet:
    """Return what `user` sees, of one period or one unit if given, with what is shown of it."""
    reports = visible_reports(user).select_related(None).select_related("unit", "period__plan").only(*QUEUED)
    if period is not None:
        reports = reports.filter(period=period)
    if unit is not None:
        reports = reports.filter(unit=unit)
    return reports


def _day(moment: datetime | None) -> date:
    assert moment is not None, "the database demands a time of every submitted report"  # noqa: S101
    return local_date(moment)
