"""The task whose rows are being read: what its rows have said so far, and how that becomes measures and limits."""

from dataclasses import dataclass, field

from ..numbers.deadlines import Deadline, deadlines_in, read_deadline_cell
from ..problems import Place, Problem, warning
from .fields import Field
from .measures import split_measures
from .merged import Cell
from .parsed import ParsedMeasure, ParsedTask


@dataclass(slots=True)
class Block:
    """What one row says of measures, with the deadline of that row alone."""

    text: str
    deadline: Cell | None


@dataclass(slots=True)
class OpenTask:
    """The task whose rows are being read."""

    task: ParsedTask
    title_place: Place
    blocks: list[Block] = field(default_factory=list)
    deadlines: list[Cell] = field(default_factory=list)
    # The deadline of the task's own row where the measures stand in rows of theirs.
    own_deadline: Cell | None = None
    remarks: list[str] = field(default_factory=list)

    def close(self, year: int | None) -> list[Problem]:
        """Give the task its measures and deadlines, and return what is doubtful about them."""
        task = self.task
        measures, doubts = split_measures(block.text for block in self.blocks)
        place = task.place(Field.MEASURES)
        problems = [warning(place, f"{task.label}的{doubt}") for doubt in doubts]
        # A deadline that differs from row to row belongs to the measures of its row, else to the task.
        own, of_rows = self.own_deadline, len(self.deadlines) > 1
        if own is None and len(self.deadlines) == 1:
            own = self.deadlines[0]
        elif own is not None and self.deadlines:
            of_rows = True
        task.measures = _with_deadlines(measures, self.blocks if of_rows else [], year)
        if own is not None:
            task.deadlines = read_deadline_cell(own.text, year=year)
        task.remarks = "\n".join(self.remarks)
        return [*problems, *self._unclear()]

    def _unclear(self) -> list[Problem]:
        task = self.task
        deadlines = [*task.deadlines, *(d for measure in task.measures for d in measure.deadlines)]
        unclear = [d.text for d in deadlines if d.kind == "unclear"]
        if not unclear:
            return []
        place = self.deadlines[0].place if self.deadlines else task.place(Field.DEADLINE)
        text = f"{task.label}的完成时限“{'、'.join(unclear)[:60]}”没有读出日期，按原文保留。"
        return [warning(place, text)]


def _with_deadlines(
    measures: list[ParsedMeasure], blocks: list[Block], year: int | None
) -> list[ParsedMeasure]:
    """Return the measures with the deadlines of their rows, or those in their own words."""
    of_block: list[tuple[Deadline, ...]] = []
    for block in blocks:
        count = len(split_measures([block.text])[0])
        read = read_deadline_cell(block.deadline.text, year=year) if block.deadline else ()
        of_block += [read] * count
    of_block += [()] * (len(measures) - len(of_block))
    return [
        ParsedMeasure(m.number, m.text, m.is_numbered, own or deadlines_in(m.text, year=year))
        for m, own in zip(measures, of_block, strict=False)
    ]
