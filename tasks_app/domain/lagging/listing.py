"""Decides: which unit-tasks a list holds, by what one narrows it, and in what order they are read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tasks_app.choices import Movement
from tasks_app.domain.standing.course import lag_periods, lasts, movement
from tasks_app.domain.standing.rules import Standing, UnitStanding
from tasks_app.models import Task


@dataclass(frozen=True)
class LaggingTask:
    """One task of one unit: where it stands, and where it stood in the periods before, the last first."""

    unit: UnitStanding
    task: Task
    standing: Standing
    before: Sequence[Standing] = ()

    @property
    def key(self) -> tuple[int, int]:
        """Return (unit, task)."""
        return self.unit.report.unit_id, self.task.pk

    @property
    def lag_periods(self) -> int:
        """Return in how many periods on end it lags."""
        return lag_periods(self.standing, self.before)

    @property
    def lasts(self) -> bool:
        """Tell whether its lag lasts."""
        return lasts(self.standing, self.before)

    @property
    def movement(self) -> Movement | None:
        """Return how it moved since it was filed last."""
        return movement(self.standing, self.before)


@dataclass(frozen=True)
class Narrowing:
    """By what a list is narrowed; what is empty narrows nothing, but for `statuses`, which are always meant."""

    statuses: Collection[str]
    section: int | None = None
    unit: int | None = None
    kind: str = ""
    cause: str = ""
    voice: str = ""
    movement: str = ""
    agreements: Collection[str] = ()
    in_doubt: bool = False
    lasting: bool = False

    def holds(self, item: LaggingTask) -> bool:
        """Tell whether `item` is listed."""
        unit, standing = item.unit.report.unit, item.standing
        return (
            standing.status in self.statuses
            and self.section in (None, item.task.section_id)
            and self.unit in (None, unit.pk)
            and self.kind in ("", unit.kind)
            and self.cause in ("", standing.cause)
            and self.voice in ("", standing.voice)
            and (not self.agreements or standing.agreement in self.agreements)
            and (not self.in_doubt or standing.in_doubt)
            and (not self.lasting or item.lasts)
            and (not self.movement or item.movement == self.movement)
        )


def by_task(items: Sequence[LaggingTask]) -> list[LaggingTask]:
    """Return `items` in the table's order, of each task its units in the city's."""
    return sorted(items, key=lambda item: (item.task.number, item.unit.report.unit.position))


def by_unit(items: Sequence[LaggingTask]) -> list[LaggingTask]:
    """Return `items` unit by unit, of each its tasks in the table's order."""
    return sorted(items, key=lambda item: (item.unit.report.unit.position, item.task.number))
