"""Looks: the review queue, and what all units had written on one task, as they were at a past moment."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from tasks_app.domain.access.queries import visible_reports
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.reporting.content import entry_of
from tasks_app.domain.review.across import UnitEntry, in_order
from tasks_app.domain.review.queries import Queue, queue_of, verdicts
from tasks_app.models import Report, ReportingPeriod, Task, Unit, User

from .queries import pictures


@dataclass(frozen=True)
class PastQueue:
    """What was under way, and what was accepted, newest first. The reports are pictures, never to be saved."""

    queue: Queue
    accepted: list[Report]


def queue_then(
    user: User, periods: Collection[ReportingPeriod], *, at: datetime, unit: Unit | None = None
) -> PastQueue:
    """Return what `user` would have seen under way at `at` in `periods`, of one unit if given.

    Four statements, however many the periods. The days are counted on the calendar as it is now.
    """
    reports = visible_reports(user)
    if unit is not None:
        reports = reports.filter(unit=unit)
    found = [past.report for past in pictures(periods, reports, at=at, words=False)]
    accepted = [(report.accepted_at, report) for report in found if report.accepted_at is not None]
    newest_first = sorted(accepted, key=lambda pair: pair[0], reverse=True)
    return PastQueue(queue_of(found, at, working_calendar()), [report for _, report in newest_first])


def entries_then(task: Task, period: ReportingPeriod, user: User, *, at: datetime) -> list[UnitEntry]:
    """Return what `user` would have read of `period` on `task` at `at`. Four statements.

    In the order of review.across.entries_on.
    """
    found = pictures([period], visible_reports(user), at=at)
    said = [
        (past.report, entry_of(past.submission, task.pk)) for past in found if past.submission is not None
    ]
    return in_order(task, said, verdicts([report for report, _ in said], until=at))
