"""The parts of what a table says of a task, as they are read, compared and stored."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tasks_app.choices import Comparator, DeadlineKind, IndicatorKind


@dataclass(frozen=True, slots=True)
class DeadlineContent:
    """One limit: `text` as written without the line breaks of a narrow cell, `due_on` the last day in time.

    Only what is DATED has a day.
    """

    text: str
    due_on: date | None
    kind: DeadlineKind


@dataclass(frozen=True, slots=True)
class MeasureContent:
    """细化措施: `number` counts within the task, `is_numbered` tells whether the table prints ①②…."""

    number: int
    text: str
    is_numbered: bool
    deadlines: tuple[DeadlineContent, ...] = ()


@dataclass(frozen=True, slots=True)
class IndicatorContent:
    """A target proposed as indicator: `words` are those it was read from, `measure` is 0 for the task itself.

    3.3万人 has the value 33000 and the unit 人.
    """

    name: str
    kind: IndicatorKind
    comparator: Comparator
    value: Decimal
    unit: str
    due_on: date | None
    words: str
    measure: int = 0
