"""Decides: what becomes of a report when its unit is given a task that it was not made with."""

from dataclasses import dataclass
from datetime import date

from tasks_app.domain.reporting.rules import FILED_STATES
from tasks_app.models import Report, Task, Unit


@dataclass(frozen=True, slots=True)
class Consequence:
    """What becomes of one unit's report: the tasks it is asked for besides, and until when.

    `comes_back`: it has left the unit already and goes back for these tasks alone. Without a report
    (`report` is None) the unit gets one of its own, by the period's limit.
    """

    unit: Unit
    report: Report | None
    tasks: tuple[str, ...]
    due_on: date

    @property
    def comes_back(self) -> bool:
        """Tell whether the report has been filed."""
        return self.report is not None and self.report.state in FILED_STATES


def label_of(task: Task) -> str:
    """Return what a task is called where only its number and its words count."""
    return f"{task.number}. {task.title}"
