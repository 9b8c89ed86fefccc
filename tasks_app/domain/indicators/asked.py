"""Looks: which numbers a unit is asked for in its tasks, and what of each target falls to it. The one answer."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tasks_app.choices import Total
from tasks_app.models import Indicator

from .rules import Goal, requirement


@dataclass(frozen=True, slots=True)
class AskedFigure:
    """A number that a unit is asked for. `target` is the unit's own, None where only the city's is known."""

    indicator: Indicator
    target: Decimal | None

    @property
    def requirement(self) -> str:
        """The target in words: the unit's own, or the city's, named as such."""
        indicator = self.indicator
        value = indicator.value if self.target is None else self.target
        words = requirement(indicator.kind, indicator.comparator, value, indicator.unit)
        return f"全市{words}" if self.target is None else words

    def goal(self, year: int) -> Goal | None:
        """The unit's own target and the days of `year` in which it is to be reached; None without one."""
        if self.target is None:
            return None
        indicator = self.indicator
        return goal_of(indicator, self.target, year)


def goal_of(indicator: Indicator, target: Decimal, year: int) -> Goal:
    """Return `target` of an indicator of the table of `year`; without a day of its own it is due at the year's end."""
    due_on = indicator.due_on or date(year, 12, 31)
    return Goal(indicator.kind, indicator.comparator, target, indicator.unit, date(year, 1, 1), due_on)


def asked_figures(unit: int, tasks: Collection[int]) -> dict[int, list[AskedFigure]]:
    """Return {task: the numbers that `unit` is asked for in it}. One statement."""
    found: dict[int, list[AskedFigure]] = {}
    for indicator in Indicator.objects.asked(of=unit).filter(task__in=tasks).order_by("position"):
        figure = AskedFigure(indicator, _own_target(indicator))
        found.setdefault(indicator.task_id, []).append(figure)
    return found


def _own_target(indicator: Indicator) -> Decimal | None:
    """Return what falls to the unit that `indicator` was asked of; nobody is held against what is all units'."""
    share: Decimal | None = indicator.share_target  # type: ignore[attr-defined]
    if share is not None:
        return share
    is_its_own = indicator.total == Total.EACH or indicator.is_owner  # type: ignore[attr-defined]
    return indicator.value if is_its_own else None
