"""Finds the table on a sheet and walks its rows: merged cells filled in, repeated heading rows taken out."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from tasks_app.documents.grid import CellFault, Merge, Sheet

from .columns import Header, header_in
from .parsed import Field
from .problems import Place, Problem, error

SECTION_TITLE = re.compile(r"^(第[一二三四五六七八九十]+[章部节]|[一二三四五六七八九十]+[、.．])")
NOTE = re.compile(r"^[（(]?(注|备注|说明|附注|填表说明|联系人|填表人)[）)]?\s*[:：\d]")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text; `place` is where it is written: for a merged cell its upper left corner."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Row:
    """One row below the headings. `after_break`: a repeated heading row stands before it."""

    number: int
    cells: dict[Field, Cell]
    after_break: bool
    # Text that fills the row alone: a section's title or a note.
    alone: Cell | None = None

    def text(self, wanted: Field) -> str:
        cell = self.cells.get(wanted)
        return cell.text if cell else ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table found on a sheet: `above` are the texts over it."""

    sheet: Sheet
    headers: tuple[Header, ...]
    above: tuple[Cell, ...]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


def find_table(sheet: Sheet) -> Table | None:
    """Return the table on `sheet`, None if it has none."""
    headers = {row: header for row, cells in sheet.rows.items() if (header := header_in(cells, row))}
    if not headers:
        return None
    first = min(headers)
    above = tuple(
        Cell(text, Place(sheet.name, row, column))
        for row, cells in sheet.rows.items()
        if row < first
        for column, text in cells.items()
    )
    problems: list[Problem] = []
    rows = tuple(_rows(sheet, headers, first, problems))
    distinct = {
        tuple(sorted((f.value, c) for f, c in h.columns.items())): h for h in reversed(headers.values())
    }
    ordered = tuple(sorted(distinct.values(), key=lambda header: header.row))
    return Table(sheet, ordered, above, rows, tuple(problems))


def _rows(sheet: Sheet, headers: dict[int, Header], first: int, problems: list[Problem]) -> Iterator[Row]:
    merges = _MergedColumns(sheet)
    header = headers[first]
    after_break = False
    for number, own in sheet.rows.items():
        if number <= first:
            continue
        if number in headers:
            header, after_break = headers[number], True
            continue
        if own.keys().isdisjoint(header.columns.values()):
            continue
        cells = {f: merges.cell(number, column) for f, column in header.columns.items()}
        problems.extend(_faults(sheet, cells, number))
        yield Row(number, cells, after_break, _alone(own, cells, merges))
        after_break = False


def _alone(own: dict[int, str], cells: dict[Field, Cell], merges: "_MergedColumns") -> Cell | None:
    """Return the one text of a row that has no other, if it spans the row or reads as a note."""
    if len(own) != 1:
        return None
    ((column, text),) = own.items()
    cell = next((cell for cell in cells.values() if cell.place.column == column and cell.text == text), None)
    if cell is None:
        return None
    spanned = sum(other.place == cell.place for other in cells.values())
    return cell if spanned >= min(3, len(cells)) or NOTE.match(text) else None


def _faults(sheet: Sheet, cells: dict[Field, Cell], row: int) -> Iterator[Problem]:
    for wanted, cell in cells.items():
        fault = sheet.faults.get((cell.place.row, cell.place.column))
        if fault is None or cell.place.row != row or wanted in (Field.PROGRESS, Field.REMARKS):
            continue
        if fault is CellFault.ERROR_VALUE:
            yield error(cell.place, f"公式出错，显示为“{cell.text}”。请改正公式或直接填写内容后重新上传。")
        else:
            yield error(
                cell.place,
                "是公式，但文件里没有计算结果。请用 Excel 或 WPS 打开并保存一次，或直接填写内容后重新上传。",
            )


@dataclass(slots=True)
class _MergedColumns:
    """Looks up merged ranges column by column: a range may claim a million rows."""

    sheet: Sheet
    by_column: dict[int, tuple[list[int], list[Merge]]] = field(default_factory=dict)

    def cell(self, row: int, column: int) -> Cell:
        merge = self._merge(row, column)
        top, left = (merge.top, merge.left) if merge else (row, column)
        return Cell(self.sheet.rows.get(top, {}).get(left, ""), Place(self.sheet.name, top, left))

    def _merge(self, row: int, column: int) -> Merge | None:
        if column not in self.by_column:
            found = sorted(
                (m for m in self.sheet.merges if m.left <= column <= m.right), key=lambda merge: merge.top
            )
            self.by_column[column] = ([merge.top for merge in found], found)
        tops, merges = self.by_column[column]
        index = bisect_right(tops, row) - 1
        return merges[index] if index >= 0 and row <= merges[index].bottom else None
