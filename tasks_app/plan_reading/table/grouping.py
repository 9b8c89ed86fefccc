"""Puts the rows of a table together that tell of one task, each limit with its measures, titles alone above it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from tasks_app.language.text import squash

from ..content import DeadlineContent
from ..mends import RowKind
from ..numbers.deadlines import deadlines_in, read_deadline_cell
from ..problems import Problem, warning
from .cells import Cell, Row
from .fields import Field
from .headings import is_note, split_count
from .measures import CIRCLED, first_mark, join_pages, split_measures, starts_again
from .numbering import numbered_title, read_number
from .parsed import ParsedTask

UNIT_FIELDS = (Field.LEAD, Field.UNITS, Field.SUPPORT)
ROWS_PER_PROGRESS = 200
LONGEST_TITLE = 200


@dataclass(slots=True)
class Block:
    """What one cell says of measures, with the deadlines beside it."""

    text: str
    deadlines: list[Cell] = field(default_factory=list)


@dataclass(slots=True)
class Limits:
    """The blocks of a task, the deadlines beside none of them, and all of them once."""

    blocks: list[Block] = field(default_factory=list)
    own: list[Cell] = field(default_factory=list)
    all: list[Cell] = field(default_factory=list)

    def take(self, row: Row) -> None:
        """Take in what one more row of the task says of measures and of deadlines."""
        if row.has_own(Field.MEASURES):
            text = row.text(Field.MEASURES)
            if row.after_break and self.blocks:
                self.blocks[-1].text = join_pages(self.blocks[-1].text, text)
            else:
                self.blocks.append(Block(text))
        if row.text(Field.DEADLINE):
            self._take_deadline(row.cells[Field.DEADLINE], after_break=row.after_break)

    def _take_deadline(self, cell: Cell, *, after_break: bool) -> None:
        last = self.all[-1] if self.all else None
        if last is not None and after_break and _are_one(last, cell):
            # What a page break cut in two is one again.
            self._replace(last, Cell(last.text + cell.text, last.place))
            return
        if last is None or squash(last.text) != squash(cell.text):
            self.all += [cell] if cell not in self.all else []
        beside = self.blocks[-1].deadlines if self.blocks else self.own
        beside += [cell] if all(squash(cell.text) != squash(other.text) for other in beside) else []

    def _replace(self, old: Cell, new: Cell) -> None:
        for cells in (self.all, self.own, *(block.deadlines for block in self.blocks)):
            cells[:] = [new if cell == old else cell for cell in cells]

    def give_to(self, task: ParsedTask, year: int | None) -> list[Problem]:
        """Give the task its measures and deadlines, and return what is doubtful about them."""
        measures, doubts = split_measures(block.text for block in self.blocks)
        problems = [warning(task.place(Field.MEASURES), f"{task.label}的{doubt}") for doubt in doubts]
        # One deadline is the task's; those that differ from row to row belong to the measures of their rows.
        several = [cell for block in self.blocks if len(block.deadlines) > 1 for cell in block.deadlines]
        is_shared = len(self.all) < 2
        of_measures: list[tuple[DeadlineContent, ...]] = []
        for block in self.blocks:
            beside = _read(block.deadlines, year) if len(block.deadlines) == 1 and not is_shared else ()
            of_measures += [beside] * len(split_measures([block.text])[0])
        of_measures += [()] * (len(measures) - len(of_measures))
        task.measures = [
            replace(measure, deadlines=beside or deadlines_in(measure.text, year=year))
            for measure, beside in zip(measures, of_measures, strict=False)
        ]
        of_task = self.all if is_shared else [*self.own, *several]
        task.deadlines = _read(of_task, year)
        if len(several) > 1 or len(self.own) > 1:
            said = "、".join(cell.text for cell in of_task)[:60]
            text = f"{task.label}的各行时限不同（{said}），都记在这项任务上，请核对。"
            problems.append(warning(of_task[0].place, text))
        return [*problems, *self._unclear(task)]

    def _unclear(self, task: ParsedTask) -> list[Problem]:
        deadlines = [*task.deadlines, *(d for measure in task.measures for d in measure.deadlines)]
        unclear = [d.text for d in deadlines if d.kind == "unclear"]
        if not unclear:
            return []
        place = self.all[0].place if self.all else task.place(Field.DEADLINE)
        text = f"{task.label}的完成时限“{'、'.join(unclear)[:60]}”没有读出日期，按原文保留。"
        return [warning(place, text)]


def _are_one(before: Cell, after: Cell) -> bool:
    """Tell whether a page break cut one deadline: two put together would read as two."""
    if squash(before.text) == squash(after.text):
        return False
    return len(read_deadline_cell(before.text + after.text, year=None)) == 1


def _read(cells: Sequence[Cell], year: int | None) -> tuple[DeadlineContent, ...]:
    return tuple(dict.fromkeys(d for cell in cells for d in read_deadline_cell(cell.text, year=year)))


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
    # What its rows have said of units, measures and deadlines so far.
    units: set[str] = field(default_factory=set)
    limits: Limits = field(default_factory=Limits)

    @property
    def first(self) -> Row:
        return self.rows[0]

    @property
    def measures(self) -> list[str]:
        return [block.text for block in self.limits.blocks]

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
        self.limits.take(row)

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
