"""Finds the heading rows of a sheet by what the headings mean, in any order, in one row or several."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tasks_app.documents.grid import Sheet, Workbook, column_letter
from tasks_app.language.text import one_line, squash

from .cells import MergedCells
from .fields import WHAT, WHO, Field, heading_key, likely_meaning, meaning

# Half of a heading row must be headings: a row of the table may hold the word 备注 or 措施 alone in a cell.
LONGEST_PART = 24
MOST_ROWS = 4
# Lower headings that mean nothing by themselves: the span of time that a part of the column is for.
SPAN_OF_TIME = re.compile(
    r"^(20\d\d年?度?|第?[1-4一二三四]季度|[上下]半年|全年|\d{1,2}(-\d{1,2})?月(份|底)?|[一二三四五六七八九十]{1,2}月份?)$"
)


@dataclass(frozen=True, slots=True)
class Column:
    """One heading with the columns it spans; `field` None: nobody knows what it means.

    `parts` are the lower headings of its columns where these are only spans of time, else none.
    """

    name: str
    heading: str
    columns: tuple[int, ...]
    field: Field | None
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Header:
    """The heading of a table, in the rows `top` to `bottom`."""

    top: int
    bottom: int
    columns: tuple[Column, ...]

    @property
    def fields(self) -> dict[Field, tuple[int, ...]]:
        """{field: columns} of what is read; of a field that is named twice, the first heading's columns."""
        found: dict[Field, tuple[int, ...]] = {}
        for column in self.columns:
            if column.field is not None and column.field is not Field.IGNORED:
                found.setdefault(column.field, column.columns)
        return found

    @property
    def names_tasks(self) -> bool:
        """Tell whether a column is about what is to be done."""
        return any(column.field in WHAT for column in self.columns)


# All headings over some columns, the lowest last, each with the column it begins in.
Path = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of one heading, down to `bottom`."""

    sheet: Sheet
    merged: MergedCells
    bottom: int

    def cells(self, row: int) -> dict[int, str]:
        return self.sheet.rows.get(row, {})


def find_headers(sheet: Sheet, merged: MergedCells, learned: Mapping[str, Field]) -> list[Header]:
    """Return the headings on `sheet` from top to bottom; `learned` is what is known of headings besides."""
    headers: list[Header] = []
    for row, cells in sheet.rows.items():
        if headers and row <= headers[-1].bottom:
            continue
        header = _header_at(sheet, merged, row, cells, learned)
        # Below the first heading one that names no tasks is no heading: the words stand in a row of the table.
        if header is not None and (not headers or header.names_tasks or not headers[0].names_tasks):
            headers.append(header)
    return headers


def _header_at(
    sheet: Sheet, merged: MergedCells, row: int, cells: dict[int, str], learned: Mapping[str, Field]
) -> Header | None:
    fields = {field for text in cells.values() if (field := meaning(text, learned))}
    if len(fields) < 2 or not fields & (WHAT | WHO):
        return None
    if len(fields) * 2 < len(cells) and any(len(text) > LONGEST_PART for text in cells.values()):
        return None
    below = sheet.rows.get(row + 1, {})
    spans = _spans(merged, row, cells, max(below, default=0))
    bottom = _bottom(sheet, row, spans, learned)
    if bottom == row and _is_form_row(cells, below, learned):
        return None
    heading = _Rows(sheet, merged, bottom)
    columns: list[Column] = []
    seen: Counter[str] = Counter()
    for text, part_columns, spans_of_time in (
        found for span in spans for found in _columns_of(_leaves(heading, row, *span), learned)
    ):
        key = heading_key(text)
        seen[key] += 1
        name = key if seen[key] == 1 else f"{key}({seen[key]})"
        field = meaning(name, learned) or meaning(text, learned)
        columns.append(Column(name, one_line(text), part_columns, field, spans_of_time))
    return Header(row, bottom, tuple(columns))


def is_form(sheet: Sheet) -> bool:
    """Tell whether a sheet is a form for one task: names stand beside what is filled in."""
    return any(_is_form_row(cells, sheet.rows.get(row + 1, {}), {}) for row, cells in sheet.rows.items())


def likely_headings(workbook: Workbook, learned: Mapping[str, Field]) -> dict[str, Field]:
    """Return what unusual headings most likely mean, of the first row that with them is the heading of a table."""
    for sheet in workbook.sheets:
        for cells in sheet.rows.values():
            found = {text: meaning(text, learned) or likely_meaning(text) for text in cells.values()}
            fields = set(found.values()) - {None}
            if len(fields) > 1 and fields & (WHAT | WHO):
                return {heading_key(text): field for text, field in found.items() if field}
    return {}


def _is_form_row(cells: dict[int, str], below: dict[int, str], learned: Mapping[str, Field]) -> bool:
    """Tell whether a row has names beside what is filled in, as a form for one task has: 责任单位 | 市卫健委.

    In the row below other names stand right under all of these names.
    """
    named = {column: field for column, text in cells.items() if (field := meaning(text, learned))}
    named_below = {column: field for column, text in below.items() if (field := meaning(text, learned))}
    shared = named.keys() & below.keys()
    is_other = all(named_below.get(column, named[column]) is not named[column] for column in shared)
    return len(named) < len(cells) and bool(shared) and is_other


def _spans(merged: MergedCells, row: int, cells: dict[int, str], last: int) -> list[tuple[int, int]]:
    """Return (first, last) column of each heading; an empty cell to its right is part of its span.

    `last` is the last column that the row may reach to.
    """
    starts = sorted(cells)
    ends = [merged.right_of(row, start) for start in starts]
    following = [start - 1 for start in starts[1:]]
    return [
        (start, max(end, after) if end == start else min(end, after))
        for start, end, after in zip(starts, ends, [*following, max(last, ends[-1])], strict=True)
    ]


def _bottom(sheet: Sheet, top: int, spans: list[tuple[int, int]], learned: Mapping[str, Field]) -> int:
    """Return the last row of the heading: lower ones only fill wide headings, and the last says what is meant.

    牵头单位 may stand two rows below 责任分工, with 市直 between them that means nothing by itself.
    """
    wide = {column for first, last in spans if last > first for column in range(first, last + 1)}
    bottom = top
    for row in range(top + 1, top + MOST_ROWS):
        below = sheet.rows.get(row, {})
        if not below.keys() <= wide or any(len(text) > LONGEST_PART for text in below.values()):
            break
        is_second = row == top + 1
        if any(
            meaning(text, learned) or (is_second and SPAN_OF_TIME.match(squash(text)))
            for text in below.values()
        ):
            bottom = row
    return bottom


def _columns_of(
    leaves: Iterable[tuple[Path, range]], learned: Mapping[str, Field]
) -> list[tuple[str, tuple[int, ...], tuple[str, ...]]]:
    """Return [(heading, its columns, their spans of time)] of the lowest headings under one of the top row.

    Those that mean nothing by themselves, such as years, are all of what stands above them.
    """
    found: list[tuple[str, tuple[int, ...], tuple[str, ...]]] = []
    shared: dict[Path, list[tuple[str, int]]] = {}
    for path, columns in leaves:
        meant = [place for place, (text, _) in enumerate(path, start=1) if meaning(text, learned)]
        if not meant:
            found.append(("".join(text for text, _ in path), tuple(columns), ()))
        elif 1 < len(path) == meant[-1]:
            found.append((path[-1][0], tuple(columns), ()))
        else:
            lowest = path[-1][0] if len(path) > meant[-1] else ""
            shared.setdefault(path[: meant[-1]], []).extend((lowest, column) for column in columns)
    for path, parts in shared.items():
        are_spans = all(SPAN_OF_TIME.match(squash(text)) for text, _ in parts)
        texts, columns_of_all = zip(*sorted(parts, key=lambda part: part[1]), strict=True)
        found.append((path[-1][0], columns_of_all, tuple(map(one_line, texts)) if are_spans else ()))
    return sorted(found, key=lambda part: part[1])


def _leaves(
    heading: _Rows, row: int, first: int, last: int, above: Path = ()
) -> Iterator[tuple[Path, range]]:
    """Yield the lowest headings in the columns `first` to `last`, each with all that stand over it."""
    text = heading.cells(row).get(first, "")
    path = (*above, (text, first)) if text else above
    within = range(first, last + 1)
    lower = next((r for r in range(row + 1, heading.bottom + 1) if heading.cells(r).keys() & {*within}), None)
    if lower is None:
        yield path, within
        return
    below = {column: cell for column, cell in heading.cells(lower).items() if column in within}
    if first not in below:
        yield path, range(first, min(below))
    for start, end in _spans(heading.merged, lower, below, last):
        yield from _leaves(heading, lower, start, min(end, last), path)


def headless_column(column: int) -> Column:
    """Return the column that has contents but no heading."""
    name = f"{column_letter(column)}列"
    return Column(name, f"（{name}没有列名）", (column,), None)
