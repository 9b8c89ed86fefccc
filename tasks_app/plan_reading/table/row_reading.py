"""Reads the rows of a table into tasks, in stages: titles apart, rows of one task together, each task from its rows."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from tasks_app.choices import AssignmentRole
from tasks_app.language.text import one_line, squash

from ..numbers.target_cells import with_unit
from ..problems import warning
from ..units.clauses import unfolded
from ..units.inline import split_inline_units
from .cells import Cell, Row
from .fields import WHO, Field, says_first_leads
from .grouping import UNIT_FIELDS, Limits, Manner, TaskRows, group_rows
from .headings import with_lone_titles
from .parsed import ParsedPlan, ParsedTask, UnitsText
from .sections import Sections

ROLES = {Field.LEAD: AssignmentRole.LEAD, Field.SUPPORT: AssignmentRole.SUPPORT}


def read_rows(
    plan: ParsedPlan, rows: Iterable[Row], progress: Callable[[int, int], None], *, first_leads: bool
) -> None:
    """Read `rows` into `plan`: its tasks, sections and what was doubtful on the way.

    `first_leads`: the heading or a note says that of several units the first leads.
    """
    all_rows, doubts = with_lone_titles(list(rows))
    plan.problems += doubts
    first_leads = first_leads or any(row.alone and says_first_leads(row.alone.text) for row in all_rows)
    groups, notes = group_rows(all_rows, Manner.of(all_rows), progress)
    sections, reader = Sections(), _TaskReader(plan, first_leads)
    for group in groups:
        plan.tasks.append(reader.read(group, sections))
    for cell in notes:
        text = f"“{one_line(cell.text)[:20]}”不是任务，看作说明文字，未导入。"
        plan.problems.append(warning(cell.place, text))
    plan.sections = list(sections.met.values())
    plan.problems += sections.miscounted(plan.tasks)


@dataclass(slots=True)
class _TaskReader:
    """Reads the tasks one after the other; what one says of who leads goes for those that follow (下同)."""

    plan: ParsedPlan
    first_leads: bool
    has_progress: bool = False

    def read(self, group: TaskRows, sections: Sections) -> ParsedTask:
        """Return the task that its rows tell of."""
        section = sections.above(group)
        places = {f: cell.place for f, cell in group.first.cells.items()}
        task = ParsedTask(group.number, group.printed, group.title, section, places)
        task.rows = [(row.sheet, row.number) for row in group.rows]
        self.plan.problems += sections.after_pages(group, task)
        for row in group.rows:
            self._take_units(task, row, is_first=row is group.first)
            self._take_target(task, row)
        task.remarks = "\n".join(dict.fromkeys(text for row in group.rows for text in _remarks(row)))
        limits = group.limits
        if not task.units and not self.plan.fields & WHO:
            self._take_inline_units(task, limits)
        self.plan.problems += limits.give_to(task, self.plan.year)
        return task

    def _take_units(self, task: ParsedTask, row: Row, *, is_first: bool) -> None:
        for wanted in UNIT_FIELDS:
            cell = row.cells.get(wanted)
            if cell is None or not cell.text:
                continue
            if is_first:
                self._add_units(task, cell, ROLES.get(wanted))
            elif cell.place not in {units.place for units in task.units}:
                self._take_more_units(task, cell, wanted, after_break=row.after_break)

    def _take_more_units(self, task: ParsedTask, cell: Cell, wanted: Field, *, after_break: bool) -> None:
        role = ROLES.get(wanted)
        same = [i for i, units in enumerate(task.units) if units.role == role]
        if any(squash(task.units[i].text) == squash(cell.text) for i in same):
            return
        if after_break and same:
            last = task.units[same[-1]]
            # Whether the page ended between two names or within one, the reader of the cell knows.
            text = unfolded(f"{last.text}\n{cell.text.lstrip()}")
            task.units[same[-1]] = replace(last, text=text)
            return
        if same and cell.place.column == task.place(wanted).column and task.title:
            text = f"{task.label}各行的责任单位不同，已合并：增加“{one_line(cell.text)[:60]}”。请核对。"
            self.plan.problems.append(warning(cell.place, text))
        self._add_units(task, cell, role)

    def _add_units(self, task: ParsedTask, cell: Cell, role: AssignmentRole | None) -> None:
        self.first_leads = self.first_leads or says_first_leads(cell.text)
        task.units.append(UnitsText(cell.text, cell.place, role, self.first_leads))

    def _take_target(self, task: ParsedTask, row: Row) -> None:
        aim = with_unit(row.text(Field.TARGET), row.text(Field.MEASURED_IN))
        if aim and squash(aim) not in squash(task.target):
            task.target = "\n".join(filter(None, [task.target, aim]))
        if row.text(Field.PROGRESS) and not self.has_progress:
            self.has_progress = True
            text = "“工作进展”列已有内容。进展由责任单位在填报期内填写，这里的内容不导入。"
            self.plan.problems.append(warning(row.cells[Field.PROGRESS].place, text))

    def _take_inline_units(self, task: ParsedTask, limits: Limits) -> None:
        """Units in brackets at the end of a text, in a table that has no column for them."""
        for block in limits.blocks:
            block.text, units = split_inline_units(block.text)
            if units:
                self._add_units(task, Cell(units, task.place(Field.MEASURES)), None)
        title, units = split_inline_units(task.title)
        if units:
            task.title = title
            self._add_units(task, Cell(units, task.place(Field.TITLE)), None)


def _remarks(row: Row) -> Iterator[str]:
    """Yield what a row says besides: its remark, a unit that its target does not show, and columns nobody knows."""
    if row.text(Field.REMARKS):
        yield row.text(Field.REMARKS)
    unit = row.text(Field.MEASURED_IN)
    if unit not in with_unit(row.text(Field.TARGET), unit):
        yield f"{Field.MEASURED_IN.value}：{unit}"
    yield from (f"{one_line(heading)}：{cell.text}" for heading, cell in row.other)
