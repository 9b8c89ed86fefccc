"""Looks: what may be drawn, the samples of the city, and what became of each entry that was drawn."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from tasks_app.choices import VerdictBasis
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.domain.review.queries import Verdict, verdicts
from tasks_app.domain.standing.queries import filed_standings
from tasks_app.domain.standing.rules import Standing
from tasks_app.models import ProgressEntry, ReportingPeriod, Sample, User
from tasks_app.models.report import FILED_STATES

from .rules import Lot


@dataclass(frozen=True)
class Drawn:
    """One entry of a sample, where it stands now, and what its verdict rests on ("" without one)."""

    entry: ProgressEntry
    standing: Standing
    basis: str


def visible_samples(user: User) -> QuerySet[Sample]:
    """Return the samples of the city of `user`, who reads every unit's reports."""
    return Sample.objects.filter(period__plan__issuer=user.unit).select_related("period__plan", "drawn_by")


def lots(period: ReportingPeriod) -> list[Lot]:
    """Return what may be drawn of `period`: every entry that is with the office. One statement."""
    entries = ProgressEntry.objects.filter(report__period=period, report__state__in=FILED_STATES)
    rows = entries.order_by().values_list("report__unit__code", "task__number", "pk")
    return [Lot(*row) for row in rows]


def drawn_of(sample: Sample, *, at: datetime, calendar: WorkingCalendar) -> list[Drawn]:
    """Return the entries of `sample` in the order of the drawing. Five statements at most."""
    rows = sample.drawn.select_related("entry__task", "entry__report__unit", "entry__report__period__plan")
    entries = [row.entry for row in rows]
    reports = list({entry.report_id: entry.report for entry in entries}.values())
    stands = {unit.report.pk: unit.tasks for unit in filed_standings(reports, at=at, calendar=calendar)}
    given = verdicts(reports)
    return [
        Drawn(
            entry, stands[entry.report_id][entry.task_id], _basis(given.get((entry.report_id, entry.task_id)))
        )
        for entry in entries
    ]


def _basis(verdict: Verdict | None) -> str:
    if verdict is None or not verdict.counts:
        return ""
    return str(VerdictBasis(verdict.basis).label) if verdict.basis else "未注明"
