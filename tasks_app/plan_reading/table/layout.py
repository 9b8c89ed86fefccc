"""Finds the table on a sheet and walks its rows: merged cells filled in, repeated heading rows taken out."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from tasks_app.documents.grid import CellFault, Sheet, SheetKind, Workbook, column_letter
from tasks_app.language.text import squash, year_in

from ..mends import Mends, RowKind
from ..problems import NOWHERE, Place, Problem, error, warning
from .by_contents import Below, with_indicators, with_sections
from .cells import Cell, MergedCells, Row
from .fields import WHAT, WHO, Field
from .headers import Column, Header, find_headers, headless_column, likely_headings
from .headings import is_note, is_numeral, is_page_line, numbered_title, title_level, without_going_on
from .settling import right_half, settle

NO_CELL = Cell("", NOWHERE)
DITTO = frozenset({"同上", "同前", "〃", "″", "同上行"})
PLAIN_NUMBER = re.compile(r"\s*\d{1,4}\s*[.、．]?\s*")
# Fields whose texts stand in several columns under one heading: what goes between them.
JOINTS = dict.fromkeys(WHO, "、") | {Field.DEADLINE: "；", Field.MEASURES: "\n", Field.REMARKS: "；"}
FAULTS: Mapping[CellFault | None, str] = {
    CellFault.ERROR_VALUE: "公式出错，显示为“{}”。请在页面上“修改这一行”直接填写，也可改正公式后重新上传。",
    CellFault.NO_VALUE: "是公式，但文件里没有计算结果。请用 Excel 或 WPS 打开并保存一次后重新上传，"
    "也可在页面上“修改这一行”直接填写。",
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table found on a sheet: `above` are the texts over it, `below` those under it."""

    sheet: Sheet
    headers: tuple[Header, ...]
    fields: Mapping[Field, tuple[int, ...]]
    above: tuple[Cell, ...]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    headless: tuple[Column, ...] = ()

    @property
    def header(self) -> Header:
        """The first heading: what the table is understood by."""
        return self.headers[0]

    @property
    def year(self) -> int | None:
        """The year that a line above the table, or the sheet's name, gives."""
        texts = [*(cell.text for cell in self.above), self.sheet.name]
        return next((year for text in texts if (year := year_in(text)) is not None), None)


def find_tables(
    workbook: Workbook, known: dict[str, Field], mends: Mends
) -> tuple[list[Table], dict[str, Field]]:
    """Return the tables of a file, and what its headings mean: if there is no table, unusual ones are guessed."""
    tables: list[Table] = []
    for sheet in workbook.sheets:
        table = _find_table(sheet, known, mends)
        if table is None and tables:
            table = _continue_table(sheet, tables[-1], mends)
        tables += [table] if table is not None else []
    likely = {} if tables else likely_headings(workbook, known)
    return find_tables(workbook, likely | known, mends) if likely.keys() - known.keys() else (tables, known)


def _find_table(sheet: Sheet, learned: Mapping[str, Field], mends: Mends) -> Table | None:
    merged = MergedCells(sheet)
    found = find_headers(sheet, merged, learned)
    problems = [_two_halves(header, sheet) for header in found[:1] if right_half(header.columns)]
    headers = [_settled(header, sheet, merged) for header in found]
    if not headers:
        return None
    first = headers[0]
    other = next((header for header in headers if not _tells_tasks_as(first, header)), None)
    if other is not None:
        headers = headers[: headers.index(other)]
        text = "从这一行起列名不同，像是另一张表，没有导入。如要导入，请把它移到单独的工作表，或另存为一个文件再上传。"
        problems.append(warning(Place(sheet.name, other.top, kind=sheet.kind), text))
    above = [Cell(text, Place(sheet.name, 0, 0, sheet.kind)) for text in sheet.above]
    above += [
        merged.cell(row, column) for row, cells in sheet.rows.items() if row < first.top for column in cells
    ]
    end = other.top if other else None
    table = _read(sheet, merged, headers, tuple(above), mends, end=end)
    return replace(table, problems=(*problems, *table.problems))


def _settled(header: Header, sheet: Sheet, merged: MergedCells) -> Header:
    """Return `header` with the fields that its headings, and what stands below them, give its columns."""
    below = Below(sheet, merged, header.bottom)
    columns = settle(with_indicators(_left_half(header.columns), below))
    return _with_numbers(replace(header, columns=tuple(with_sections(columns, below))), sheet)


def _left_half(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    right = right_half(columns)
    return tuple(replace(c, field=Field.IGNORED) if c in right else c for c in columns)


def _two_halves(header: Header, sheet: Sheet) -> Problem:
    first = min(right_half(header.columns)[0].columns)
    text = (
        f"从{column_letter(first)}列起是又一组同样的列名，这半边没有读入。"
        "请把右半边的各行移到左半边下面，再重新上传。"
    )
    return error(Place(sheet.name, header.bottom, first, sheet.kind), text)


def _tells_tasks_as(first: Header, other: Header) -> bool:
    """Tell whether a later heading has the columns by which the first one tells what the tasks are."""
    ways = {Field.TITLE, Field.MEASURES} if Field.TITLE in first.fields else WHAT | {Field.TARGET}
    return first.fields.keys() & ways <= other.fields.keys()


def _with_numbers(header: Header, sheet: Sheet) -> Header:
    """Return `header` with the column of numbers that has no heading, if there is one left of the tasks."""
    if any(column.field is Field.NUMBER for column in header.columns):
        return header
    tasks = min((min(column.columns) for column in header.columns if column.field in WHAT), default=0)
    headed = {c for column in header.columns for c in column.columns}
    for place in set(range(1, tasks)) - headed:
        texts = [cells[place] for row, cells in sheet.rows.items() if row > header.bottom and place in cells]
        if len(texts) > 1 and all(PLAIN_NUMBER.fullmatch(text) for text in texts):
            number = replace(headless_column(place), field=Field.NUMBER)
            return replace(header, columns=(number, *header.columns))
    return header


def _continue_table(sheet: Sheet, table: Table, mends: Mends) -> Table | None:
    """Return what stands on `sheet` as more rows of `table`, whose heading it does not repeat; None if it cannot.

    A Word table that goes on after a page break is often a table of its own without a heading.
    """
    width = max(column for part in table.header.columns for column in part.columns)
    widest = max((max(cells) for cells in sheet.rows.values()), default=0)
    if sheet.kind is not SheetKind.WORD_TABLE or widest != width:
        return None
    header = Header(0, 0, table.header.columns)
    return _read(sheet, MergedCells(sheet), [header], (), mends)


def _read(
    sheet: Sheet,
    merged: MergedCells,
    headers: list[Header],
    above: tuple[Cell, ...],
    mends: Mends,
    *,
    end: int | None = None,
) -> Table:
    """Read the rows below `headers`, up to the row `end` where another table begins."""
    of_rows = {row: h for h in headers for row in range(h.top, h.bottom + 1)}
    titles = frozenset(squash(cell.text) for cell in above)
    reader = _Reader(sheet, merged, of_rows, mends, headers[0].fields, _Columns.of(headers[0]), titles)
    rows = tuple(reader.rows(headers[0].bottom, end))
    headless = tuple(map(headless_column, sorted(reader.headless)))
    return Table(sheet, tuple(headers), reader.first, above, rows, tuple(reader.problems), headless)


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of one heading: those of each field, those that nobody knows, the spans of time of some."""

    fields: Mapping[Field, tuple[int, ...]]
    other: tuple[Column, ...]
    headed: frozenset[int]
    ignored: frozenset[int]
    spans_of_time: Mapping[int, str]

    @classmethod
    def of(cls, header: Header) -> "_Columns":
        fields = header.fields
        taken = {column for columns in fields.values() for column in columns}
        return cls(
            fields,
            tuple(c for c in header.columns if c.field is not Field.IGNORED and taken.isdisjoint(c.columns)),
            frozenset(place for c in header.columns for place in c.columns),
            frozenset(place for c in header.columns if c.field is Field.IGNORED for place in c.columns),
            {place: part for c in header.columns for place, part in zip(c.columns, c.parts, strict=False)},
        )

    @property
    def read(self) -> frozenset[int]:
        """All columns whose field is read."""
        return frozenset(place for columns in self.fields.values() for place in columns)


@dataclass(slots=True)
class _Reader:
    """Reads the rows of one sheet from top to bottom."""

    sheet: Sheet
    merged: MergedCells
    headers: dict[int, Header]
    mends: Mends
    first: Mapping[Field, tuple[int, ...]]
    columns: _Columns
    # The lines above the table, which a printed page may show again.
    titles: frozenset[str]
    problems: list[Problem] = field(default_factory=list)
    headless: set[int] = field(default_factory=set)
    # Of a section that stands in two columns: the text of each level and where the last one stands.
    levels: dict[int, Cell] = field(default_factory=dict)
    above: dict[Field, str] = field(default_factory=dict)

    def rows(self, top: int, end: int | None) -> Iterator[Row]:
        """Yield the rows between two; a repeated heading begins a page, one of another layout is obeyed."""
        after_break = False
        for number, own in self.sheet.rows.items():
            if number <= top:
                continue
            if end is not None and number >= end:
                return
            if number in self.headers or self._is_page_furniture(own):
                after_break = True
                if number in self.headers:
                    self.columns = _Columns.of(self.headers[number])
                continue
            mended = self.mends.rows_for(self.sheet.name, number)
            if mended is not None:
                yield from (self._mended(part.kind, part.texts, number) for part in mended)
                after_break = False
            elif own.keys().isdisjoint(self.columns.read):
                self._leave_out(number, own)
            else:
                yield self._row(number, own, after_break=after_break)
                after_break = False

    def _place(self, row: int, column: int) -> Place:
        return Place(self.sheet.name, row, column, self.sheet.kind)

    def _row(self, number: int, own: dict[int, str], *, after_break: bool) -> Row:
        cells = {f: self._cell(f, number, columns) for f, columns in self.columns.fields.items()}
        self.problems.extend(self._faults(cells, number))
        headless = [column for column in own if column not in self.columns.headed]
        self.headless |= {*headless}
        other = [(c.heading, self._cell(Field.REMARKS, number, c.columns)) for c in self.columns.other]
        other += [(headless_column(c).heading, self.merged.cell(number, c)) for c in headless]
        return Row(
            self.sheet.name,
            number,
            cells | self._missing(number, cells),
            after_break,
            self._alone(own, cells),
            tuple((heading, cell) for heading, cell in other if cell.text),
        )

    def _leave_out(self, number: int, own: dict[int, str]) -> None:
        """Say what stands in a row that has nothing in any column that is read."""
        column = min(own.keys() - self.columns.ignored, default=None)
        if column is not None:
            text = f"这一行只在不认识的列里有内容（“{own[column][:20]}”），没有读入。如属于上一项任务，请并入上一行。"
            self.problems.append(warning(self._place(number, column), text))

    def _missing(self, number: int, fields: Collection[Field]) -> dict[Field, Cell]:
        """Return empty cells for what a heading further down has no column for: all rows have the same fields."""
        missing = ((f, columns[0]) for f, columns in self.first.items() if f not in fields)
        return {f: Cell("", self._place(number, column)) for f, column in missing}

    def _is_page_furniture(self, own: dict[int, str]) -> bool:
        """What each printed page shows again: the table's title, （续表）, a page number."""
        if len(own) != 1:
            return False
        (text,) = own.values()
        return is_page_line(text) or squash(without_going_on(text)) in self.titles

    def _mended(self, kind: RowKind, texts: Mapping[Field, str], number: int) -> Row:
        """Return a row as an admin wrote it; every cell stands in its own place, merged with none."""
        # A field may have got its name from what the rows hold: then the texts know it and the heading does not.
        places = {f: columns[0] for f, columns in self.columns.fields.items()}
        places |= {f: 1 for f in texts if f not in places}
        cells = {f: Cell(texts.get(f, ""), self._place(number, column)) for f, column in places.items()}
        # What follows may say 同上, or go on with the section.
        self.above |= {f: cell.text for f, cell in cells.items() if cell.text}
        section = cells.get(Field.SECTION, NO_CELL)
        if section.text:
            self.levels = {section.place.column: section}
        cells |= self._missing(number, cells)
        return Row(self.sheet.name, number, cells, after_break=False, kind=kind)

    def _cell(self, wanted: Field, row: int, columns: tuple[int, ...]) -> Cell:
        if len(columns) == 1:
            return self._not_ditto(wanted, self.merged.cell(row, columns[0]))
        if wanted is Field.SECTION:
            return self._levels(row, columns)
        parts = {
            (cell.place.row, cell.place.column): cell
            for c in columns
            if (cell := self.merged.cell(row, c)).text
        }
        if not parts:
            return self.merged.cell(row, columns[0])
        cells = list(parts.values())
        texts = [self._with_span(cell) for cell in cells]
        are_targets_of_years = wanted is Field.TARGET and columns[0] in self.columns.spans_of_time
        return Cell(("\n" if are_targets_of_years else JOINTS.get(wanted, " ")).join(texts), cells[0].place)

    def _not_ditto(self, wanted: Field, cell: Cell) -> Cell:
        """Return a cell that says 同上 with the words that stand above it."""
        if cell.text in DITTO and wanted in self.above:
            return Cell(self.above[wanted], cell.place)
        if cell.text:
            self.above[wanted] = cell.text
        return cell

    def _with_span(self, cell: Cell) -> str:
        span = self.columns.spans_of_time.get(cell.place.column)
        return f"{span}：{cell.text}" if span else cell.text

    def _levels(self, row: int, columns: tuple[int, ...]) -> Cell:
        """Return the section of a row from its columns, the higher first; an empty one goes on with the last."""
        for column in columns:
            cell = self.merged.cell(row, column)
            if cell.text and cell.text != self.levels.get(column, NO_CELL).text:
                self.levels = {c: level for c, level in self.levels.items() if c < column} | {column: cell}
        if not self.levels:
            return self.merged.cell(row, columns[0])
        last = self.levels[max(self.levels)]
        return Cell("　".join(self.levels[c].text for c in sorted(self.levels)), last.place)

    def _alone(self, own: dict[int, str], cells: dict[Field, Cell]) -> Cell | None:
        """Return the one text of a row that has no other, if it spans the row or can be no task."""
        texts = {f: cell for f, cell in cells.items() if cell.text and cell.place.column in own}
        distinct = {cell.place: cell for cell in texts.values()}
        if len(own) == 2 and len(distinct) == 2 and self._is_numbered_title(texts, cells):
            return self._numbered(texts)
        if self._is_line_of_notes(own, texts):
            first = min(distinct.values(), key=lambda cell: cell.place.column, default=NO_CELL)
            return Cell("　".join(own.values()), first.place)
        if len(own) != 1 or len(distinct) != 1:
            return None
        (cell,) = distinct.values()
        if len(texts) >= min(3, len(cells)) or is_note(cell.text):
            return cell
        stands_alone = not any(other.text and other.place != cell.place for other in cells.values())
        is_title = title_level(cell.text) is not None and Field.MEASURES not in texts
        return cell if stands_alone and is_title else None

    @staticmethod
    def _is_line_of_notes(own: dict[int, str], texts: dict[Field, Cell]) -> bool:
        """Signatures, each in a cell of its own, or a total: 合计 3项."""
        first, *others = own.values()
        if not others or not is_note(first):
            return False
        return not texts.keys() & WHO or all(is_note(text) for text in others)

    @staticmethod
    def _is_numbered_title(texts: dict[Field, Cell], cells: dict[Field, Cell]) -> bool:
        """Beside 一 a text alone is a title, beside any other number one that covers the columns of units too."""
        if Field.NUMBER not in texts or len(cells) < 3:
            return False
        return is_numeral(texts[Field.NUMBER].text) or bool(texts.keys() & WHO)

    @staticmethod
    def _numbered(texts: dict[Field, Cell]) -> Cell | None:
        """Return the title of a section whose numeral has the column of numbers to itself."""
        number = texts[Field.NUMBER]
        title = next((texts[f] for f in (Field.SECTION, Field.TITLE, Field.MEASURES) if f in texts), None)
        if title is None or title.place == number.place:
            return None
        return Cell(numbered_title(number.text, title.text), title.place)

    def _faults(self, cells: dict[Field, Cell], row: int) -> Iterator[Problem]:
        for wanted, cell in cells.items():
            fault = FAULTS.get(self.sheet.faults.get((cell.place.row, cell.place.column)))
            if fault and cell.place.row == row and wanted not in (Field.PROGRESS, Field.REMARKS):
                yield error(cell.place, fault.format(cell.text))
