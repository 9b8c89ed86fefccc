"""What a page of the office's figures speaks of: a period, as it is or as it was at a past moment."""

from dataclasses import dataclass
from typing import Any

from django.shortcuts import get_object_or_404

from tasks_app.clock import local_date
from tasks_app.domain.access.queries import visible_periods
from tasks_app.domain.history.queries import period_then
from tasks_app.domain.plan.rules import opened_last
from tasks_app.domain.standing.queries import standings
from tasks_app.domain.standing.rules import UnitStanding
from tasks_app.forms.as_of import AsOf, moments_offered, read_as_of
from tasks_app.forms.lagging import (
    PeriodFilter,
)
from tasks_app.models import ReportingPeriod, Section, Task

from .middleware import Request


@dataclass(frozen=True)
class Look:
    """What a page of this area speaks of: a period, as it was at a moment when the page looks back."""

    periods: list[ReportingPeriod]
    period: ReportingPeriod
    as_of: AsOf
    quick: list[tuple[str, str]]  # moments offered beside the box: (label, what the address takes)

    @property
    def choices(self) -> tuple[list[ReportingPeriod], ReportingPeriod, AsOf]:
        """Return what the filter above the page needs."""
        return self.periods, self.period, self.as_of

    @property
    def is_newest(self) -> bool:
        """Tell whether it is the period opened last."""
        return self.period == opened_last(self.periods)

    def standings(self, **wanted: Any) -> list[UnitStanding]:
        """Return how each unit stands, or stood, with what is `wanted` (standing.queries.standings)."""
        return standings(self.period, at=self.as_of.at, past=self.as_of.is_past, **wanted)

    def context(self, form: PeriodFilter) -> dict[str, Any]:
        """Return what the frame of every page of this area shows."""
        today = local_date(self.as_of.at)
        return {
            "form": form,
            "period": self.period,
            "as_of": self.as_of,
            "quick": self.quick,
            "today": today,
            "overdue_by": (today - self.period.due_on).days,
        }


def look_at(request: Request) -> Look | None:
    """Return what was asked for: by default the present, and of the periods the one opened last by then."""
    as_of = as_of_asked(request)
    visible = visible_periods(request.user)
    periods = list(visible.order_by("-plan__year", "due_on"))
    if asked := request.GET.get("period", ""):
        period = get_object_or_404(visible, pk=asked if asked.isdecimal() else 0)
    elif not periods:
        return None
    else:
        period = opened_last(periods, until=as_of.at if as_of.is_past else None) or periods[0]
    quick = moments_offered(period, today=local_date(request.now))
    return Look(periods, period_then(period, at=as_of.at) if as_of.is_past else period, as_of, quick)


def as_of_asked(request: Request) -> AsOf:
    return read_as_of(request.GET.get("as_of", ""), now=request.now)


def sections_of(tasks: list[Task]) -> list[Section]:
    return list({task.section_id: task.section for task in tasks if task.section is not None}.values())
