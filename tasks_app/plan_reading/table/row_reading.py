"""Reads the rows of a table into tasks: what begins one, what goes on with it, what stands above it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tasks_app.language.text import one_line, squash

from ..mends import RowKind
from ..problems import Place, warning
from ..units.inline import split_inline_units
from .fields import Field, says_first_leads
from .headings import is_note, split_count, title_level
from .joining import are_one_deadline, column_role, join_units
from .layout import Row
from .lone_titles import with_lone_titles
from .measures import CIRCLED, first_mark, join_pages, split_measures, starts_again
from .merged import Cell
from .numbering import numbered_title, read_number
from .open_task import Block, OpenTask
from .parsed import ParsedPlan, ParsedSection, ParsedTask, UnitsText

UNIT_FIELDS = (Field.LEAD, Field.UNITS, Field.SUPPORT)
ROWS_PER_PROGRESS = 200
# A title without a mark stands below one with a mark, and beside others without.
UNMARKED = 9


@dataclass(slots=True)
class _Reading:
    """Reads the rows one after the other into `plan`."""

    plan: ParsedPlan
    section: str = ""
    sections: dict[str, ParsedSection] = field(default_factory=dict)
    # The titles above the next task by level, and how many tasks each section says it has.
    titles: dict[int, str] = field(default_factory=dict)
    pending: list[Cell] = field(default_factory=list)
    counts: dict[str, tuple[int, Place]] = field(default_factory=dict)
    open: OpenTask | None = None
    numbered: bool = False
    first_leads: bool = False
    # Empty cells under a title are how this table writes one row for each measure.
    blanks_go_on: bool = False
    # ② beside no title: the column of numbers counts the measures of each task.
    counts_measures: bool = False
    has_progress: bool = False

    def read(self, row: Row) -> None:
        """Take one more row in."""
        if row.alone is not None:
            self._stand_alone(row.alone, is_section=None)
        elif row.kind is RowKind.SECTION:
            text = next((c.text for c in row.cells.values() if c.text), "")
            self._stand_alone(Cell(text, row.place), is_section=True)
        elif self.open is not None and self._continues(row, self.open):
            self._continue(row, self.open)
        else:
            self._begin(row)

    def finish(self) -> None:
        """Close the last task; what stands alone below it were notes."""
        self._close()
        for cell in self.pending:
            self._note(cell)
        self.plan.sections = list(self.sections.values())
        for title, (count, place) in self.counts.items():
            found = sum(task.section == title for task in self.plan.tasks)
            if found != count:
                text = f"“{title}”写明{count}项，读出{found}项。请核对是否有漏读或多读的行。"
                self.plan.problems.append(warning(place, text))

    # --- what stands alone --------------------------------------------------------------------------------

    def _stand_alone(self, cell: Cell, *, is_section: bool | None) -> None:
        """A full row is a section's title, or a note; without a mark only what follows tells."""
        if is_section is None and (is_note(cell.text) or len(cell.text) > 200):
            self._note(cell)
        else:
            self.pending.append(cell)

    def _note(self, cell: Cell) -> None:
        text = f"“{one_line(cell.text)[:20]}”不是任务，看作说明文字，未导入。"
        self.plan.problems.append(warning(cell.place, text))

    def _enter_pending(self) -> None:
        """A task follows: the rows alone above it were titles, each below the one before it or beside."""
        fresh = False
        for cell in self.pending:
            mark = title_level(cell.text)
            level = UNMARKED if mark is None else mark
            if fresh and level in self.titles:
                level += 1
            self.titles = {k: v for k, v in self.titles.items() if k < level}
            title, count = split_count(one_line(cell.text))
            self.titles[level] = title
            fresh = True
            self.section = "　".join(self.titles[k] for k in sorted(self.titles))
            if count is not None:
                self.counts[self.section] = (count, cell.place)
        if fresh:
            self._remember(self.section, self.pending[-1].place)
        self.pending = []

    def _remember(self, title: str, place: Place) -> str:
        section = self.sections.setdefault(squash(title), ParsedSection(title, place))
        return section.title

    def _enter(self, cell: Cell) -> str:
        """Return the section that a cell names; an empty cell keeps the one before."""
        if cell.text:
            title, count = split_count(one_line(cell.text))
            self.section = self._remember(title, cell.place)
            if count is not None:
                self.counts[self.section] = (count, cell.place)
        return self.section

    # --- what goes on -------------------------------------------------------------------------------------

    def _continues(self, row: Row, current: OpenTask) -> bool:
        """Tell whether a row goes on with the task of the row before."""
        if row.kind is not None:
            return row.kind is RowKind.CONTINUATION
        if self.pending:
            return False
        title = row.cells[Field.TITLE]
        if title.place == current.title_place:
            return True
        own_number = row.text(Field.NUMBER)
        if not title.text:
            if own_number and row.cells[Field.NUMBER].place != current.task.places.get(Field.NUMBER):
                return self._numbers_a_measure(own_number, row, current)
            return row.after_break or (
                not self._starts_again(row, current)
                and (
                    self.blanks_go_on
                    or not self._has_new_units(row, current.task)
                    or self._counts_on(row, current)
                )
            )
        number, printed, words = numbered_title(own_number, title.text)
        if row.after_break and self.numbered and not printed and not own_number:
            # A page ended within the title: tasks have numbers in this table, its rest has none.
            return True
        is_same = (number, printed) == (current.task.number, current.task.printed)
        is_same = is_same and squash(words) == squash(current.task.title)
        # Repeated on the next page, or beside each measure of the task, the measures go on.
        return is_same and not self._starts_again(row, current)

    @staticmethod
    def _numbers_a_measure(number: str, row: Row, current: OpenTask) -> bool:
        """1.1 below 1, （1）, or ② after ①: the column of numbers counts the measures too."""
        if not row.text(Field.MEASURES):
            return False
        task, printed = current.task, read_number(number)[1]
        if printed in CIRCLED:
            return CIRCLED[printed] == len(current.blocks) + 1
        is_below = printed.startswith((f"{task.printed}.", f"{task.printed}-", "("))
        return bool(task.printed and is_below) and task.printed != printed

    @staticmethod
    def _counts_on(row: Row, current: OpenTask) -> bool:
        """②, after a row that ended with ①."""
        mark = first_mark(row.text(Field.MEASURES))
        measures = split_measures(block.text for block in current.blocks)[0]
        return mark is not None and mark == len(measures) + 1 and any(m.is_numbered for m in measures)

    @staticmethod
    def _starts_again(row: Row, current: OpenTask) -> bool:
        text = row.text(Field.MEASURES)
        return bool(text) and starts_again("".join(block.text for block in current.blocks), text)

    @staticmethod
    def _has_new_units(row: Row, task: ParsedTask) -> bool:
        """A row without title, with units of its own, may be a task whose title was forgotten."""
        known = {squash(units.text) for units in task.units}
        return any(row.text(f) and squash(row.text(f)) not in known for f in UNIT_FIELDS)

    def _continue(self, row: Row, current: OpenTask) -> None:
        task = current.task
        task.rows.append((row.sheet, row.number))
        title = row.cells[Field.TITLE]
        if row.after_break and title.text and title.place != current.title_place:
            words = numbered_title(row.text(Field.NUMBER), title.text)[2]
            if squash(words) != squash(task.title):
                task.title += words
        self._continue_section(row, task)
        self._take_measures(row, current)
        for wanted in UNIT_FIELDS:
            cell = row.cells.get(wanted)
            if cell and cell.text and cell.place not in {units.place for units in task.units}:
                self._add_units(task, cell, wanted, after_break=row.after_break)
        self._take_rest(row, current)

    def _continue_section(self, row: Row, task: ParsedTask) -> None:
        cell = row.cells.get(Field.SECTION)
        if (
            cell is None
            or not cell.text
            or squash(split_count(one_line(cell.text))[0]) == squash(task.section)
        ):
            return
        title = self._enter(cell)
        text = (
            f"{task.label}跨页，前面写在“{task.section}”下，这里写在“{title}”下；按先出现的“{task.section}”导入。"
            "如不正确，请在导入后的分解表中调整。"
        )
        self.plan.problems.append(warning(cell.place, text))

    def _add_units(self, task: ParsedTask, cell: Cell, wanted: Field, *, after_break: bool) -> None:
        role = column_role(wanted.name)
        same = [i for i, units in enumerate(task.units) if units.role == role]
        if any(squash(task.units[i].text) == squash(cell.text) for i in same):
            return
        if after_break and same:
            last = task.units[same[-1]]
            task.units[same[-1]] = UnitsText(
                join_units(last.text, cell.text), last.place, role, last.first_leads
            )
            return
        if same and cell.place.column == task.place(wanted).column and task.title:
            text = f"{task.label}各行的责任单位不同，已合并：增加“{one_line(cell.text)[:60]}”。请核对。"
            self.plan.problems.append(warning(cell.place, text))
        task.units.append(self._units(cell, wanted))

    def _units(self, cell: Cell, wanted: Field) -> UnitsText:
        self.first_leads = self.first_leads or says_first_leads(cell.text)
        return UnitsText(cell.text, cell.place, column_role(wanted.name), self.first_leads)

    # --- what begins --------------------------------------------------------------------------------------

    def _begin(self, row: Row) -> None:
        self._close()
        self._enter_pending()
        section = self._enter(row.cells[Field.SECTION]) if Field.SECTION in row.cells else self.section
        if self.titles and Field.SECTION not in row.cells:
            section = self.section
        own_number = "" if self.counts_measures else row.text(Field.NUMBER)
        number, printed, title = numbered_title(own_number, row.text(Field.TITLE))
        self.numbered = self.numbered or bool(printed)
        title = split_count(title)[0]
        places = {f: cell.place for f, cell in row.cells.items()}
        task = ParsedTask(number, printed, title, section, places, rows=[(row.sheet, row.number)])
        self.open = OpenTask(task, row.cells[Field.TITLE].place)
        for wanted in UNIT_FIELDS:
            cell = row.cells.get(wanted)
            if cell and cell.text:
                task.units.append(self._units(cell, wanted))
        self._take_measures(row, self.open)
        self._take_rest(row, self.open)
        self.plan.tasks.append(task)

    def _take_measures(self, row: Row, current: OpenTask) -> None:
        cell = row.cells.get(Field.MEASURES)
        deadline = row.cells.get(Field.DEADLINE)
        if deadline is not None and deadline.text:
            # The measures of this task stand in rows of their own.
            of_task = cell is not None and not cell.text and not current.blocks
            self._take_deadline(deadline, current, after_break=row.after_break, of_task=of_task)
        if cell is None or not cell.text or cell.place.row not in (row.number, 0):
            return
        if row.after_break and current.blocks:
            current.blocks[-1].text = join_pages(current.blocks[-1].text, cell.text)
        else:
            current.blocks.append(Block(cell.text, deadline if deadline and deadline.text else None))

    def _take_deadline(self, cell: Cell, current: OpenTask, *, after_break: bool, of_task: bool) -> None:
        """Keep the cell of a deadline; what a page break cut in two is one again."""
        last = current.deadlines[-1] if current.deadlines else current.own_deadline
        if last is not None and squash(last.text) == squash(cell.text):
            return
        if last is not None and after_break and are_one_deadline(last.text, cell.text, self.plan.year):
            whole = Cell(last.text + cell.text, last.place)
            if current.deadlines:
                current.deadlines[-1] = whole
            else:
                current.own_deadline = whole
            for block in current.blocks:
                block.deadline = whole if block.deadline == last else block.deadline
        elif of_task and current.own_deadline is None:
            current.own_deadline = cell
        elif cell.place not in {deadline.place for deadline in current.deadlines}:
            current.deadlines.append(cell)

    def _take_rest(self, row: Row, current: OpenTask) -> None:
        task, target = current.task, row.cells.get(Field.TARGET)
        if target and target.text and squash(target.text) not in squash(task.target):
            task.target = "\n".join(filter(None, [task.target, target.text]))
        remarks = row.cells.get(Field.REMARKS)
        texts = [remarks.text] if remarks and remarks.text else []
        texts += [f"{one_line(heading)}：{cell.text}" for heading, cell in row.other]
        current.remarks += [text for text in texts if text not in current.remarks]
        progress = row.cells.get(Field.PROGRESS)
        if progress and progress.text and not self.has_progress:
            self.has_progress = True
            text = "“工作进展”列已有内容。进展由责任单位在填报期内填写，这里的内容不导入。"
            self.plan.problems.append(warning(progress.place, text))

    def _close(self) -> None:
        if self.open is None:
            return
        current, self.open = self.open, None
        if not current.task.units:
            self._take_inline_units(current.task, current)
        self.plan.problems += current.close(self.plan.year)

    def _take_inline_units(self, task: ParsedTask, current: OpenTask) -> None:
        """Units in brackets at the end of a text, in a table that has no column for them."""
        if self.plan.fields & {Field.UNITS, Field.LEAD, Field.SUPPORT}:
            return
        for block in current.blocks:
            block.text, units = split_inline_units(block.text)
            if units:
                task.units.append(self._units(Cell(units, task.place(Field.MEASURES)), Field.UNITS))
        title, units = split_inline_units(task.title)
        if units:
            task.title = title
            task.units.append(self._units(Cell(units, task.place(Field.TITLE)), Field.UNITS))


def _blanks_go_on(rows: list[Row]) -> bool:
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
    is_first = title is None or (bool(title.text) and title.place.row in (row.number, 0))
    has_mark = read_number(row.text(Field.NUMBER))[1] in CIRCLED
    return row.alone is None and has_mark and not is_first and bool(row.text(Field.MEASURES))


def read_rows(
    plan: ParsedPlan, rows: Iterable[Row], progress: Callable[[int, int], None], *, first_leads: bool
) -> None:
    """Read `rows` into `plan`: its tasks, sections and what was doubtful on the way.

    `first_leads`: the heading or a note says that of several units the first leads.
    """
    all_rows, doubts = with_lone_titles(list(rows))
    plan.problems += doubts
    first_leads = first_leads or any(row.alone and says_first_leads(row.alone.text) for row in all_rows)
    reading = _Reading(plan, first_leads=first_leads, blanks_go_on=_blanks_go_on(all_rows))
    reading.counts_measures = any(_counts_a_measure(row) for row in all_rows)
    for index, row in enumerate(all_rows):
        if index % ROWS_PER_PROGRESS == 0:
            progress(index, len(all_rows))
        reading.read(row)
    reading.finish()
    progress(len(all_rows), len(all_rows))
