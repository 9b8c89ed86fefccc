"""Sets what was understood beside what the file says: every row of the file stands in one place, with its doubts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tasks_app.documents.grid import Sheet, Workbook, column_letter
from tasks_app.language.marking import Piece, marked
from tasks_app.language.text import one_line, squash
from tasks_app.plan_reading.mends import Mends, UnitChoice
from tasks_app.plan_reading.table.fields import LONGEST_HEADING, heading_key

from .content import DeadlineContent, IndicatorContent, TaskContent
from .locating import Locations

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
    pieces: list[Piece]
    deadlines: tuple[DeadlineContent, ...]


@dataclass(frozen=True, slots=True)
class ShownUnit:
    """A unit of a task; `mark` says 推定, 新建 or 未登记 where that is so."""

    name: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One task beside its rows, or rows that are no task: then `task` is None.

    `section` is the title to print above it, None where the section of the task before goes on.
    """

    task: TaskContent | None
    rows: tuple[FileRow, ...]
    measures: tuple[ShownMeasure, ...] = ()
    target: tuple[Piece, ...] = ()
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

    def blocks(self, tasks: Sequence[TaskContent], start: int, total: int) -> list[Block]:
        """Return the blocks of `tasks`, which begin at `start` of `total`, with all rows between them."""
        wanted = self._range(start, start + len(tasks), total)
        shown: list[Block] = []
        between: list[FileRow] = []
        drawn: set[int] = set()

        def draw_to(index: int) -> None:
            """Tasks that no row leads to (they cannot be found in the file) come in their order too."""
            for i in range(start, index + 1):
                if i not in drawn:
                    task, before = tasks[i - start], tasks[i - start - 1] if i > start else None
                    drawn.add(i)
                    shown.append(
                        self._block(task, None if before and before.section == task.section else task.section)
                    )

        for sheet, row in wanted:
            key = self.locations.key(sheet, row)
            owner = self.locations.owners.get(key)
            if owner is None:
                between.append(self._file_row(sheet, row))
            elif start <= owner < start + len(tasks) and owner not in drawn:
                if between:
                    shown.append(Block(None, tuple(between)))
                    between = []
                draw_to(min(self.locations.last_owners[key], start + len(tasks) - 1))
        if between:
            shown.append(Block(None, tuple(between)))
        draw_to(start + len(tasks) - 1)
        return shown

    def _range(self, start: int, end: int, total: int) -> Iterator[Key]:
        """Yield the rows of a page: from behind the last task of the page before to the page's last task."""
        order = [(sheet.name, row) for sheet in self.read for row in sheet.rows]
        owner_of = self.locations.owners
        owned = [owner_of.get(self.locations.key(*key)) for key in order]
        begin = 1 + max((i for i, o in enumerate(owned) if o is not None and o < start), default=-1)
        stop = 1 + max((i for i, o in enumerate(owned) if o is not None and o < end), default=-1)
        yield from order[begin : None if end >= total else stop]

    def _block(self, task: TaskContent, section: str | None) -> Block:
        words = defaultdict(list)
        for indicator in task.indicators:
            words[indicator.measure].append(indicator.words)
        return Block(
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
        index, number = self.locations.key(sheet, row)
        return FileRow(
            sheet,
            index,
            number,
            cells,
            self.part(sheet, row),
            self.mends.rows_for(sheet, row) is not None,
            () if is_repeated else tuple(self.problems.get((sheet, row), ())),
            is_repeated,
        )

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
