"""Puts the rows of a table together that tell of one task, with the titles that stand alone above it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tasks_app.language.text import squash

from ..mends import RowKind
from .fields import Field
from .headings import is_note, split_count
from .measures import CIRCLED, first_mark, join_pages, split_measures, starts_again
from .merged import Cell
from .numbering import numbered_title, read_number
from .row import Row

UNIT_FIELDS = (Field.LEAD, Field.UNITS, Field.SUPPORT)
ROWS_PER_PROGRESS = 200
LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Manner:
    """How this table writes a task of several rows.

    `blanks_go_on`: empty cells under a title are its way of one row for each measure. `counts_measures`: ② beside
    no title, the column of numbers counts the measures of each task.
    """

    blanks_go_on: bool
    counts_measures: bool

    @classmethod
    def of(cls, rows: Sequence[Row]) -> "Manner":
        """Return the manner of the whole table."""
        return cls(_blanks_go_on(rows), any(map(_counts_a_measure, rows)))


@dataclass(slots=True)
class TaskRows:
    """The rows of one task, the first of which began it; `above` are the texts alone in their rows before it."""

    rows: list[Row]
    above: list[Cell]
    number: int | None
    printed: str
    title: str
    # What its rows have said of units and of measures so far.
    units: set[str] = field(default_factory=set)
    measures: list[str] = field(default_factory=list)

    @property
    def first(self) -> Row:
        return self.rows[0]

    @classmethod
    def begun_by(cls, row: Row, above: list[Cell], manner: Manner) -> "TaskRows":
        """Return the task that a row begins."""
        number, printed, title = _numbered(row, manner)
        made = cls([], above, number, printed, split_count(title)[0])
        made.add(row)
        return made

    def add(self, row: Row) -> None:
        """Take one more row in; behind the end of a page its title may go on."""
        if self.rows and row.after_break and row.text(Field.TITLE) and not self.has_title_of(row):
            words = numbered_title(row.text(Field.NUMBER), row.text(Field.TITLE))[2]
            self.title += words if squash(words) != squash(self.title) else ""
        self.rows.append(row)
        self.units |= {squash(row.text(f)) for f in UNIT_FIELDS}
        if row.has_own(Field.MEASURES):
            text = row.text(Field.MEASURES)
            goes_on = row.after_break and self.measures
            self.measures[-1:] = (
                [join_pages(self.measures[-1], text)] if goes_on else [*self.measures[-1:], text]
            )

    def has_title_of(self, row: Row) -> bool:
        """Tell whether a row stands beside the very cell of the title."""
        return row.cells[Field.TITLE].place == self.first.cells[Field.TITLE].place


def group_rows(
    rows: Sequence[Row], manner: Manner, progress: Callable[[int, int], None]
) -> tuple[list[TaskRows], list[Cell]]:
    """Return the tasks in their order, and the texts standing alone that are notes."""
    groups: list[TaskRows] = []
    alone: list[Cell] = []
    notes: list[Cell] = []
    has_numbers = False
    for index, row in enumerate(rows):
        if index % ROWS_PER_PROGRESS == 0:
            progress(index, len(rows))
        cell = _alone(row)
        if cell is not None:
            is_title = row.alone is None or not (is_note(cell.text) or len(cell.text) > LONGEST_TITLE)
            (alone if is_title else notes).append(cell)
        elif groups and _goes_on(row, groups[-1], manner, bool(alone), has_numbers):
            groups[-1].add(row)
        else:
            groups.append(TaskRows.begun_by(row, alone, manner))
            alone = []
            has_numbers = has_numbers or bool(groups[-1].printed)
    progress(len(rows), len(rows))
    return groups, [*notes, *alone]


def _alone(row: Row) -> Cell | None:
    """Return the text that is no part of a task: alone in its row, or said by an admin to be a section's title."""
    if row.kind is RowKind.SECTION:
        return Cell(next((c.text for c in row.cells.values() if c.text), ""), row.place)
    return row.alone


def _numbered(row: Row, manner: Manner) -> tuple[int | None, str, str]:
    own_number = "" if manner.counts_measures else row.text(Field.NUMBER)
    return numbered_title(own_number, row.text(Field.TITLE))


def _goes_on(row: Row, task: TaskRows, manner: Manner, is_below_title: bool, has_numbers: bool) -> bool:
    """Tell whether a row goes on with the task of the row before."""
    if row.kind is not None:
        return row.kind is RowKind.CONTINUATION
    if is_below_title:
        return False
    if task.has_title_of(row):
        return True
    if not row.text(Field.TITLE):
        return _goes_on_without_title(row, task, manner)
    number, printed, words = numbered_title(row.text(Field.NUMBER), row.text(Field.TITLE))
    if row.after_break and has_numbers and not printed and not row.text(Field.NUMBER):
        # A page ended within the title: tasks have numbers in this table, its rest has none.
        return True
    is_same = (number, printed) == (task.number, task.printed) and squash(words) == squash(task.title)
    # Repeated on the next page, or beside each measure of the task, the measures go on.
    return is_same and not _starts_again(row, task)


def _goes_on_without_title(row: Row, task: TaskRows, manner: Manner) -> bool:
    number = row.cells.get(Field.NUMBER)
    first = task.first.cells.get(Field.NUMBER)
    if number and number.text and (first is None or number.place != first.place):
        return _numbers_a_measure(number.text, row, task)
    if row.after_break:
        return True
    goes_on = manner.blanks_go_on or not _has_new_units(row, task) or _counts_on(row, task)
    return goes_on and not _starts_again(row, task)


def _numbers_a_measure(number: str, row: Row, task: TaskRows) -> bool:
    """1.1 below 1, （1）, or ② after ①: the column of numbers counts the measures too."""
    if not row.text(Field.MEASURES):
        return False
    printed = read_number(number)[1]
    if printed in CIRCLED:
        return CIRCLED[printed] == len(task.measures) + 1
    is_below = printed.startswith((f"{task.printed}.", f"{task.printed}-", "("))
    return bool(task.printed and is_below) and task.printed != printed


def _counts_on(row: Row, task: TaskRows) -> bool:
    """②, after a row that ended with ①."""
    mark = first_mark(row.text(Field.MEASURES))
    if mark is None:
        return False
    measures = split_measures(task.measures)[0]
    return mark == len(measures) + 1 and any(measure.is_numbered for measure in measures)


def _starts_again(row: Row, task: TaskRows) -> bool:
    text = row.text(Field.MEASURES)
    return bool(text) and starts_again("".join(task.measures), text)


def _has_new_units(row: Row, task: TaskRows) -> bool:
    """A row without title, with units of its own, may be a task whose title was forgotten."""
    return any(squash(row.text(f)) not in task.units | {""} for f in UNIT_FIELDS)


def _blanks_go_on(rows: Sequence[Row]) -> bool:
    """One empty title may have been forgotten; several, or one where a number is missing too, are a manner."""
    blank = [
        row
        for row in rows
        if row.alone is None and row.kind is None and not row.text(Field.TITLE) and row.text(Field.MEASURES)
    ]
    has_numbers = any(row.text(Field.NUMBER) for row in rows)
    return len(blank) > 1 or (has_numbers and any(not row.text(Field.NUMBER) for row in blank))


def _counts_a_measure(row: Row) -> bool:
    """Tell whether a row goes on with a task and has ② in the column of numbers."""
    title = row.cells.get(Field.TITLE)
    is_first = title is None or (bool(title.text) and row.has_own(Field.TITLE))
    has_mark = read_number(row.text(Field.NUMBER))[1] in CIRCLED
    return row.alone is None and has_mark and not is_first and bool(row.text(Field.MEASURES))
