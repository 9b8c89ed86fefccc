"""Decides what a period adds up to: units by filing, tasks by status, units in bands, how many days late."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from tasks_app.choices import (
    Agreement,
    FilingGroup,
    FilingLamp,
    ProgressBand,
    ReportState,
    UnitKind,
    Voice,
)
from tasks_app.clock import local_date
from tasks_app.domain.reporting.rules import OWED_STATES
from tasks_app.domain.standing.rules import STATUSES, VOICES, Filing, Standing, UnitStanding
from tasks_app.models import Report


@dataclass(frozen=True)
class PeriodFigures:
    """What a period adds up to: units by filing, tasks by status; filing and progress are kept apart.

    `voices` tells whose word the statuses rest on, `agreement` how the words of units and office compare where
    both speak, `doubts` how many contradict themselves and wait for somebody to settle it.
    """

    expected: int
    filing: dict[FilingGroup, int]
    tasks: int
    statuses: dict[str, int]
    voices: dict[Voice, int]
    agreement: dict[Agreement, int]
    doubts: int


def status_counts(standings: Iterable[Standing]) -> dict[str, int]:
    """Return {status: how many}, every status in order (standing.rules.STATUSES)."""
    counts = dict.fromkeys(STATUSES, 0)
    for standing in standings:
        counts[standing.status] += 1
    return counts


def stands_in(filing: Filing, group: FilingGroup) -> bool:
    """Tell whether a unit belongs to `group`: the one place that says what a figure counts."""
    report, lamp = filing.report, filing.lamp
    return {
        FilingGroup.ON_TIME: lamp == FilingLamp.ON_TIME,
        FilingGroup.LATE: lamp == FilingLamp.LATE,
        FilingGroup.OWED: filing.is_owed,
        FilingGroup.OVERDUE: lamp == FilingLamp.OVERDUE,
        FilingGroup.WAITING: report.state == ReportState.SUBMITTED,
        FilingGroup.RETURNED: filing.is_owed and report.returned_at is not None,
        FilingGroup.ACCEPTED: report.state == ReportState.ACCEPTED,
    }[group]


def figures(units: Collection[UnitStanding]) -> PeriodFigures:
    """Add up a period."""
    tasks = [standing for unit in units for standing in unit.tasks.values()]
    return PeriodFigures(
        expected=len(units),
        filing={group: sum(stands_in(unit, group) for unit in units) for group in FilingGroup},
        tasks=len(tasks),
        statuses=status_counts(tasks),
        voices=voice_counts(tasks),
        agreement=agreement_counts(tasks),
        doubts=sum(standing.in_doubt for standing in tasks),
    )


def voice_counts(standings: Iterable[Standing]) -> dict[Voice, int]:
    """Return {核定, 自评: how many standings rest on it}."""
    counts = Counter(standing.voice for standing in standings)
    return {voice: counts[voice] for voice in VOICES}


def agreement_counts(standings: Iterable[Standing]) -> dict[Agreement, int]:
    """Return {一致, 偏高, 偏低: how many}; of what only one has judged nothing is said."""
    counts = Counter(standing.agreement for standing in standings)
    return {agreement: counts[agreement] for agreement in Agreement}


def bands(units: Collection[UnitStanding], kind: UnitKind) -> list[tuple[ProgressBand, list[UnitStanding]]]:
    """Return the units of `kind` by band, the worst first, in the city's fixed order within each."""
    order = (
        ProgressBand.MANY,
        ProgressBand.SOME,
        ProgressBand.STEADY,
        ProgressBand.SENT_BACK,
        ProgressBand.UNKNOWN,
    )
    found: dict[ProgressBand, list[UnitStanding]] = {name: [] for name in order}
    for unit in units:
        if unit.report.unit.kind == kind:
            found[unit.band].append(unit)
    return list(found.items())


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
