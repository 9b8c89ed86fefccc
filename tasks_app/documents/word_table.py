"""One table of a Word file as rows and merged ranges."""

from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from .budget import MAX_COLUMNS, Budget
from .errors import UnreadableDocument
from .grid import Merge
from .refusals import BROKEN
from .word_names import qn
from .word_text import WordText, children, is_on

# Twentieths of a point. Lines drawn by hand hardly ever meet: what lies closer (2.6 mm) is meant as one line.
NEAR = 150


@dataclass(slots=True)
class WordTable:
    """Rows and columns from 1, as in a sheet."""

    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    pictures: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class _Cell:
    """A cell between two lines of the table's grid (from 0); `goes_on`: it is the same as the one above."""

    element: Any
    left: int
    right: int
    goes_on: bool


@dataclass(slots=True)
class _Span:
    """A cell of the table while its rows are read, in columns from 1."""

    left: int
    right: int
    top: int
    bottom: int


def read_table(table: Any, words: WordText, budget: Budget) -> WordTable:
    """Return the table's cells with their texts; what `words` or `budget` finds out they keep."""
    rows = []
    for row in children(table, "w:tr"):
        properties = row.find(qn("w:trPr"))
        if properties is not None and properties.find(qn("w:del")) is not None:
            words.has_changes = True
        else:
            rows.append((_cells(row), is_on(properties, "w:hidden")))
    columns = _columns(table, [cells for cells, _ in rows])
    made = WordTable()
    open_spans: dict[int, _Span] = {}
    spans: list[_Span] = []
    for number, (cells, is_hidden) in enumerate(rows, start=1):
        texts = []
        above, open_spans = open_spans, {}
        for cell in cells:
            left, right = columns[cell.left] + 1, columns[cell.right]
            span = above.get(left) if cell.goes_on else None
            if span and span.right == right:
                span.bottom = number
            else:
                span = _Span(left, right, number, number)
                spans.append(span)
                seen = words.pictures
                texts.append((left, words.of(cell.element)))
                made.pictures += [(number, left)] if words.pictures > seen else []
            open_spans[left] = span
        if found := budget.row(texts):
            made.rows[number] = found
            if is_hidden:
                made.hidden_rows.add(number)
    made.merges = [
        Merge(span.top, span.left, span.bottom, span.right)
        for span in spans
        if span.bottom > span.top or span.right > span.left
    ]
    return made


def _cells(row: Any) -> list[_Cell]:
    cells: list[_Cell] = []
    line = row.grid_before
    for element in children(row, "w:tc"):
        properties = element.tcPr
        end = line + (1 if properties is None else max(properties.grid_span, 1))
        if end > MAX_COLUMNS:
            raise UnreadableDocument(BROKEN)
        joins = None if properties is None else properties.find(qn("w:hMerge"))
        if joins is not None and joins.get(qn("w:val"), "continue") == "continue" and cells:
            cells[-1].right = end
        else:
            goes_on = properties is not None and properties.vMerge_val == "continue"
            cells.append(_Cell(element, line, end, goes_on))
        line = end
    return cells


def _columns(table: Any, rows: list[list[_Cell]]) -> list[int]:
    """Return for each line of the grid how many columns lie left of it, lines that are meant as one taken so."""
    last = max((cell.right for cells in rows for cell in cells), default=0)
    each_its_own = list(range(last + 1))
    widths = [column.get(qn("w:w"), "") for column in table.iterfind(f"{qn('w:tblGrid')}/{qn('w:gridCol')}")]
    if len(widths) < last or not all(width.isdecimal() and len(width) < 9 for width in widths):
        return each_its_own
    places = [0, *accumulate(map(int, widths[:last]))]
    kept: list[int] = []
    for place in places:
        if not kept or place - kept[-1] >= NEAR:
            kept.append(place)
    columns = [bisect_left(kept, place + 1) - 1 for place in places]
    is_lost = any(columns[cell.left] == columns[cell.right] for cells in rows for cell in cells)
    return each_its_own if is_lost else columns
