"""Gives the measures and the deadlines of a task's rows to each other: what no measure takes is the task's own."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tasks_app.language.text import squash

from ..numbers.deadlines import Deadline, deadlines_in, read_deadline_cell
from ..problems import Problem, warning
from .fields import Field
from .measures import join_pages, split_measures
from .merged import Cell
from .parsed import ParsedTask
from .row import Row


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

    @classmethod
    def of(cls, rows: Sequence[Row], year: int | None) -> "Limits":
        """Return what the rows of a task say of measures and of deadlines."""
        made = cls()
        for row in rows:
            made._take_measures(row)
            deadline = row.cells.get(Field.DEADLINE)
            if deadline is not None and deadline.text:
                made._take_deadline(deadline, row, year)
        return made

    def _take_measures(self, row: Row) -> None:
        if not row.has_own(Field.MEASURES):
            return
        text = row.text(Field.MEASURES)
        if row.after_break and self.blocks:
            self.blocks[-1].text = join_pages(self.blocks[-1].text, text)
        else:
            self.blocks.append(Block(text))

    def _take_deadline(self, cell: Cell, row: Row, year: int | None) -> None:
        last = self.all[-1] if self.all else None
        if last is not None and row.after_break and _are_one(last, cell, year):
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
        of_measures: list[tuple[Deadline, ...]] = []
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


def _are_one(before: Cell, after: Cell, year: int | None) -> bool:
    """Tell whether a page break cut one deadline: two put together would read as two."""
    if squash(before.text) == squash(after.text):
        return False
    return len(read_deadline_cell(before.text + after.text, year=year)) == 1


def _read(cells: Sequence[Cell], year: int | None) -> tuple[Deadline, ...]:
    return tuple(dict.fromkeys(d for cell in cells for d in read_deadline_cell(cell.text, year=year)))
