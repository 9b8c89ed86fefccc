"""Sets what was understood beside what the file says: every row of the file stands in one place, with its doubts."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tasks_app.documents.grid import Sheet, Workbook, column_letter
from tasks_app.language.marking import Marked, marked
from tasks_app.language.text import one_line, squash
from tasks_app.plan_reading.content import DeadlineContent, IndicatorContent
from tasks_app.plan_reading.mends import Mends, UnitChoice
from tasks_app.plan_reading.table.fields import LONGEST_HEADING, heading_key

from .content import TaskContent

PAGE = 50  # tasks
Problem = Mapping[str, Any]
Key = tuple[str, int]


class Part(StrEnum):
    """What a row of the file became; the value is what the page calls it."""

    TASK = "任务"
    ABOVE = "表头以上"
    HEADING = "表头"
    SECTION = "板块标题"
    LEFT_OUT = "已改为不导入"
    OTHER = "没有作为任务读入"


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row as the file has it: `cells` are (heading or letter of the column, text).

    A row that was split stands beside both tasks; beside the second one `is_repeated`, without its problems.
    """

    sheet: str
    sheet_index: int
    number: int
    cells: tuple[tuple[str, str], ...]
    part: Part
    is_mended: bool
    problems: tuple[Problem, ...] = ()
    is_repeated: bool = False

    @property
    def anchor(self) -> str:
        """The name of the row within the page."""
        return f"row-{self.sheet_index}-{self.number}"

    @property
    def may_be_mended(self) -> bool:
        """Only what stands below the headings is read as rows."""
        return self.part not in (Part.ABOVE, Part.HEADING)


@dataclass(frozen=True, slots=True)
class ShownMeasure:
    """A measure with the words marked that numbers were read from."""

    number: int
    is_numbered: bool
    pieces: list[Marked]
    deadlines: tuple[DeadlineContent, ...]


@dataclass(frozen=True, slots=True)
class ShownUnit:
    """A unit of a task; `mark` says 推定, 新建 or 未登记 where that is so."""

    name: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class TaskBlock:
    """One task beside its rows, or rows that are no task: then `task` is None.

    `section` is the title to print above it, None where the section of the task before goes on.
    """

    task: TaskContent | None
    rows: tuple[FileRow, ...]
    measures: tuple[ShownMeasure, ...] = ()
    target: tuple[Marked, ...] = ()
    units: tuple[tuple[str, tuple[ShownUnit, ...]], ...] = ()
    section: str | None = None

    @property
    def problems(self) -> list[Problem]:
        """The problems of all its rows, errors first."""
        found = [problem for row in self.rows for problem in row.problems]
        return sorted(found, key=lambda problem: str(problem["severity"]))

    @property
    def proposals(self) -> tuple[IndicatorContent, ...]:
        """The numbers that are proposed as indicators."""
        return self.task.indicators if self.task else ()


class Locations:
    """The rows of a stored preview, as (place of the sheet among the file's sheets, row).

    `owners` has the task of each row, `last_owners` the last one of a row that was split. A row of no task
    stands before the task that follows it, or behind the last one.
    """

    def __init__(self, tasks: Sequence[Mapping[str, Any]], sheets: Iterable[str]) -> None:
        self.sheets = {name: index for index, name in enumerate(sheets)}
        self.count = len(tasks)
        self.owners: dict[tuple[int, int], int] = {}
        self.last_owners: dict[tuple[int, int], int] = {}
        self.firsts: list[tuple[int, int]] = []
        for index, task in enumerate(tasks):
            keys = [self.key(sheet, row) for sheet, row in task.get("rows", ())]
            for key in keys:
                self.owners.setdefault(key, index)
                self.last_owners[key] = index
            reached = self.firsts[-1] if self.firsts else (0, 0)
            self.firsts.append(max(reached, keys[0]) if keys else reached)

    @property
    def pages(self) -> int:
        """How many pages the preview has; one without a task is a page too."""
        return max(1, -(-self.count // PAGE))

    def key(self, sheet: str, row: int) -> tuple[int, int]:
        """Return what names a row."""
        return self.sheets.get(sheet, 0), row

    def anchor(self, sheet: str, row: int) -> str:
        """Return the name of a row within its page."""
        return "row-{}-{}".format(*self.key(sheet, row))

    def page(self, sheet: str, row: int) -> int:
        """Return the page on which a row stands."""
        key = self.key(sheet, row)
        index = self.owners.get(key)
        if index is None:
            index = min(bisect_right(self.firsts, key), max(0, self.count - 1))
        return index // PAGE + 1

    def place(self, sheet: str, row: int) -> tuple[int, str]:
        """Return (page, anchor) of a row."""
        return self.page(sheet, row), self.anchor(sheet, row)

    def before(self, sheet: str, row: int) -> int | None:
        """Return which task a row would go on with if it began none itself; None above the first."""
        key = self.key(sheet, row)
        index = self.owners.get(key)
        if index is None:
            index = bisect_right(self.firsts, key)
        elif self.firsts[index] != key:
            return index
        return index - 1 if index > 0 else None


class SideBySide:
    """The file's rows beside the tasks of one page."""

    def __init__(
        self,
        workbook: Workbook,
        outline: Mapping[str, Any],
        sections: Iterable[str],
        problems: Iterable[Problem],
        mends: Mends,
        locations: Locations,
    ) -> None:
        self.read = [sheet for sheet in workbook.sheets if [sheet.name, True] in outline["sheets"]]
        self.mends = mends
        self.locations = locations
        self.sections = {squash(title) for title in sections}
        self.problems: dict[Key, list[Problem]] = defaultdict(list)
        for problem in problems:
            if problem["row"]:
                self.problems[problem["sheet"], problem["row"]].append(problem)
        names = {column["name"] for column in outline["columns"]}
        self.headings = {sheet.name: set(self._heading_rows(sheet, names)) for sheet in self.read}
        self.columns = {sheet.name: self._columns(sheet) for sheet in self.read}
        if self.read:
            first = self.columns[self.read[0].name]
            first |= {column["letter"]: column["heading"] for column in outline["columns"]}
        self.rows = {sheet.name: sheet.rows for sheet in self.read}
        self.drawn: set[Key] = set()

    def is_heading(self, sheet: str, row: int) -> bool:
        """Tell whether a row holds the headings of the table."""
        return row in self.headings.get(sheet, ())

    def is_below_headings(self, sheet: str, row: int) -> bool:
        """Tell whether a row is one of the table's own."""
        return row > min(self.headings.get(sheet, ()), default=0) and not self.is_heading(sheet, row)

    def blocks(self, tasks: Sequence[TaskContent], start: int, total: int) -> list[TaskBlock]:
        """Return the blocks of `tasks`, which begin at `start` of `total`, with all rows between them."""
        end, reached = start + len(tasks), start
        shown: list[TaskBlock] = []
        between: list[FileRow] = []
        for sheet, row in self._range(start, end, total):
            key = self.locations.key(sheet, row)
            owner = self.locations.owners.get(key)
            if owner is None:
                between.append(self._file_row(sheet, row))
            elif reached <= owner < end:
                shown += [TaskBlock(None, tuple(between))] if between else []
                after = min(self.locations.last_owners[key] + 1, end)
                shown += self._blocks(tasks, reached - start, after - start)
                between, reached = [], after
        shown += [TaskBlock(None, tuple(between))] if between else []
        # Tasks that no row leads to (they cannot be found in the file) come last.
        return [*shown, *self._blocks(tasks, reached - start, len(tasks))]

    def _blocks(self, tasks: Sequence[TaskContent], first: int, end: int) -> Iterator[TaskBlock]:
        for i in range(first, end):
            goes_on = i > 0 and tasks[i - 1].section == tasks[i].section
            yield self._block(tasks[i], None if goes_on else tasks[i].section)

    def _range(self, start: int, end: int, total: int) -> Iterator[Key]:
        """Yield the rows of a page: from behind the last task of the page before to the page's last task."""
        order = [(sheet.name, row) for sheet in self.read for row in sheet.rows]
        owner_of = self.locations.owners
        owned = [owner_of.get(self.locations.key(*key)) for key in order]
        begin = 1 + max((i for i, o in enumerate(owned) if o is not None and o < start), default=-1)
        stop = 1 + max((i for i, o in enumerate(owned) if o is not None and o < end), default=-1)
        yield from order[begin : None if end >= total else stop]

    def _block(self, task: TaskContent, section: str | None) -> TaskBlock:
        words = defaultdict(list)
        for indicator in task.indicators:
            words[indicator.measure].append(indicator.words)
        return TaskBlock(
            task,
            tuple(self._file_row(sheet, row) for sheet, row in task.rows),
            tuple(
                ShownMeasure(m.number, m.is_numbered, marked(m.text, words[m.number]), m.deadlines)
                for m in task.measures
            ),
            tuple(marked(task.target, words[0])),
            tuple(
                (label, tuple(ShownUnit(a.name, self._mark(a.name, a.unit, a.is_assumed)) for a in units))
                for label, units in task.units_by_role()
            ),
            section,
        )

    def _mark(self, name: str, unit: int, is_assumed: bool) -> str:
        if unit:
            return "推定" if is_assumed else ""
        decision = self.mends.units.get(squash(name))
        return "新建" if decision and decision.choice is UnitChoice.CREATE else "未登记"

    def cells(self, sheet: str, row: int) -> tuple[tuple[str, str], ...]:
        """Return the cells of a row as the file has them: (heading or letter of the column, text)."""
        columns = self.columns.get(sheet, {})
        own = self.rows.get(sheet, {}).get(row, {})
        letters = ((column_letter(column), text) for column, text in own.items())
        return tuple((columns.get(letter, f"{letter}列"), text) for letter, text in letters)

    def _file_row(self, sheet: str, row: int) -> FileRow:
        cells = self.cells(sheet, row)
        is_repeated = (sheet, row) in self.drawn
        self.drawn.add((sheet, row))
        problems = () if is_repeated else tuple(self.problems.get((sheet, row), ()))
        part, is_mended = self.part(sheet, row), self.mends.rows_for(sheet, row) is not None
        return FileRow(sheet, *self.locations.key(sheet, row), cells, part, is_mended, problems, is_repeated)

    def part(self, sheet: str, row: int) -> Part:
        """Return what a row of the file became."""
        if self.locations.key(sheet, row) in self.locations.owners:
            return Part.TASK
        if self.mends.rows_for(sheet, row) == ():
            return Part.LEFT_OUT
        if self.is_heading(sheet, row):
            return Part.HEADING
        if not self.is_below_headings(sheet, row):
            return Part.ABOVE
        whole = squash("".join(self.rows.get(sheet, {}).get(row, {}).values()))
        if len(whole) > 1 and any(whole in title or title in whole for title in self.sections if title):
            return Part.SECTION
        return Part.OTHER

    def _columns(self, sheet: Sheet) -> dict[str, str]:
        """Return {letter: heading} by the first heading row of a sheet."""
        first = min(self.headings[sheet.name], default=0)
        return {column_letter(c): one_line(text) for c, text in sheet.rows.get(first, {}).items()}

    def _heading_rows(self, sheet: Sheet, names: set[str]) -> Iterator[int]:
        """Yield the rows of no task of which most cells are headings of the table."""
        for row, cells in sheet.rows.items():
            if self.locations.key(sheet.name, row) in self.locations.owners:
                continue
            headings = sum(
                heading_key(text) in names for text in cells.values() if len(text) < LONGEST_HEADING
            )
            if headings >= 2 and headings * 2 >= len(cells):
                yield row
