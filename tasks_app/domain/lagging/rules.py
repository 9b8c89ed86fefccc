"""Decides: the lamp of a task, the band of a unit, how many days late, and what a period adds up to."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tasks_app.choices import (
    FilingGroup,
    FilingLamp,
    ProgressBand,
    ProgressLamp,
    ProgressStatus,
    ReportState,
    UnitKind,
)
from tasks_app.clock import local_date
from tasks_app.domain.reporting.rules import OWED_STATES
from tasks_app.models import Report

LAGGING_STATUSES = frozenset({ProgressStatus.BEHIND, ProgressStatus.NOT_STARTED})
LAMPS = {
    ProgressStatus.DONE: ProgressLamp.NORMAL,
    ProgressStatus.ON_TRACK: ProgressLamp.NORMAL,
    ProgressStatus.BEHIND: ProgressLamp.LAGGING,
    ProgressStatus.NOT_STARTED: ProgressLamp.SEVERE,
}
# A unit lags in many tasks rather than in some from this share on; one task alone is never many.
MANY_SHARE, MANY_LEAST = 0.2, 2
UNFILLED = ""


class Cell(NamedTuple):
    """One task of one unit as the office may see it: empty until the report has left the unit."""

    status: str = UNFILLED
    progress: str = ""
    forecast: str = ""
    remarks: str = ""


@dataclass(frozen=True)
class Standing:
    """One unit in one period. `days` are working days left, or, when negative, days gone since the limit."""

    report: Report
    lamp: FilingLamp
    days: int
    cells: dict[int, Cell]  # by task id: exactly the tasks that the unit must report on

    @property
    def left_the_unit(self) -> bool:
        """Tell whether the office may read the report (access.queries.visible_reports)."""
        return self.report.first_submitted_at is not None

    @property
    def is_owed(self) -> bool:
        """Tell whether the unit has still, or again, to file."""
        return self.report.state in OWED_STATES

    @property
    def lagging(self) -> int:
        """Return how many tasks lag."""
        return sum(cell.status in LAGGING_STATUSES for cell in self.cells.values())

    @property
    def band(self) -> ProgressBand:
        """Return the band of the unit."""
        return band([cell.status for cell in self.cells.values()])


@dataclass(frozen=True)
class Figures:
    """What a period adds up to: units by filing, tasks by status. The two are kept apart."""

    expected: int
    filing: dict[FilingGroup, int]
    tasks: int
    statuses: dict[str, int]


def progress_lamp(status: str) -> ProgressLamp:
    """Return 进度灯 of a task by the status that the unit declared; `status` may be empty."""
    return LAMPS[ProgressStatus(status)] if status else ProgressLamp.UNKNOWN


def band(statuses: Collection[str]) -> ProgressBand:
    """Return the band of a unit whose tasks have these `statuses`."""
    if not any(statuses):
        return ProgressBand.UNKNOWN
    lagging = sum(status in LAGGING_STATUSES for status in statuses)
    if not lagging:
        return ProgressBand.STEADY
    many = lagging >= max(MANY_LEAST, MANY_SHARE * len(statuses))
    return ProgressBand.MANY if many else ProgressBand.SOME


def status_counts(cells: Iterable[Cell]) -> dict[str, int]:
    """Return {status: how many}, every status in order and last "" for 未填."""
    counts = Counter(cell.status for cell in cells)
    return {status: counts[status] for status in (*ProgressStatus.values, UNFILLED)}


def stands_in(standing: Standing, group: FilingGroup) -> bool:
    """Tell whether a unit belongs to `group`: the one place that says what a figure counts."""
    report, lamp = standing.report, standing.lamp
    return {
        FilingGroup.ON_TIME: lamp == FilingLamp.ON_TIME,
        FilingGroup.LATE: lamp == FilingLamp.LATE,
        FilingGroup.OWED: standing.is_owed,
        FilingGroup.OVERDUE: lamp == FilingLamp.OVERDUE,
        FilingGroup.WAITING: report.state == ReportState.SUBMITTED,
        FilingGroup.RETURNED: standing.is_owed and report.returned_at is not None,
        FilingGroup.ACCEPTED: report.state == ReportState.ACCEPTED,
    }[group]


def figures(standings: Collection[Standing]) -> Figures:
    """Add up a period."""
    cells = [cell for standing in standings for cell in standing.cells.values()]
    return Figures(
        expected=len(standings),
        filing={group: sum(stands_in(s, group) for s in standings) for group in FilingGroup},
        tasks=len(cells),
        statuses=status_counts(cells),
    )


def bands(standings: Collection[Standing], kind: UnitKind) -> list[tuple[ProgressBand, list[Standing]]]:
    """Return the units of `kind` by band, the worst first, in the city's fixed order within each."""
    order = (ProgressBand.MANY, ProgressBand.SOME, ProgressBand.STEADY, ProgressBand.UNKNOWN)
    chosen = [standing for standing in standings if standing.report.unit.kind == kind]
    return [(name, [standing for standing in chosen if standing.band == name]) for name in order]


def days_late(report: Report, period_due_on: date, today: date) -> int:
    """Return by how many days a report came, or still is, late; 0 when it is not.

    The first submission is held against the period's limit, one after a return against the return's.
    """
    if report.state in OWED_STATES and today > report.due_on:
        return (today - report.due_on).days
    if not report.is_late or report.first_submitted_at is None or report.submitted_at is None:
        return 0
    first = (local_date(report.first_submitted_at) - period_due_on).days
    return first if first > 0 else max((local_date(report.submitted_at) - report.due_on).days, 0)
