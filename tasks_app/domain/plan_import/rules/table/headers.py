"""Finds the heading rows of a sheet by what the headings mean, in any order, in one row or two."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from tasks_app.documents.grid import Sheet, column_letter

from ..text import one_line, squash
from .fields import WHAT, WHO, Field, heading_key, meaning
from .merged import MergedCells

# Half of a heading row must be headings: a row of the table may hold the word 备注 or 措施 alone in a cell.
LONGEST_PART = 24
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
    def names_tasks(self) -> bool:
        """Tell whether a column is about what is to be done."""
        return any(column.field in WHAT for column in self.columns)

    @property
    def layout(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """What makes two headings the same."""
        return tuple((column.name, column.columns) for column in self.columns)


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
    has_second = _is_second_row(below, spans, learned)
    columns: list[Column] = []
    seen: Counter[str] = Counter()
    for first, last in spans:
        parts = {c: below[c] for c in range(first, last + 1) if has_second and c in below}
        for heading, part_columns, spans_of_time in _parts(cells[first], first, last, parts, learned):
            key = heading_key(heading)
            seen[key] += 1
            name = key if seen[key] == 1 else f"{key}({seen[key]})"
            field = meaning(name, learned) or meaning(heading, learned)
            columns.append(Column(name, one_line(heading), part_columns, field, spans_of_time))
    return Header(row, row + has_second, tuple(columns))


def _spans(merged: MergedCells, row: int, cells: dict[int, str], last: int) -> list[tuple[int, int]]:
    """Return (first, last) column of each heading; an empty cell to its right is part of its span.

    `last` is the last column of the row below.
    """
    starts = sorted(cells)
    ends = [merged.right_of(row, start) for start in starts]
    following = [start - 1 for start in starts[1:]]
    return [
        (start, max(end, after) if end == start else min(end, after))
        for start, end, after in zip(starts, ends, [*following, max(last, ends[-1])], strict=True)
    ]


def _is_second_row(below: dict[int, str], spans: list[tuple[int, int]], learned: Mapping[str, Field]) -> bool:
    """Tell whether the row below is the lower half of the heading: it only fills wide headings."""
    if not below or any(len(text) > LONGEST_PART for text in below.values()):
        return False
    wide = {column for first, last in spans if last > first for column in range(first, last + 1)}
    if not below.keys() <= wide:
        return False
    return any(meaning(text, learned) or SPAN_OF_TIME.match(squash(text)) for text in below.values())


def _parts(
    heading: str, first: int, last: int, parts: dict[int, str], learned: Mapping[str, Field]
) -> list[tuple[str, tuple[int, ...], tuple[str, ...]]]:
    """Return [(heading, its columns, their spans of time)] of one heading over one or several lower ones."""
    if not parts:
        return [(heading, tuple(range(first, last + 1)), ())]
    found: list[tuple[str, tuple[int, ...], tuple[str, ...]]] = []
    rest = tuple(c for c in range(first, last + 1) if c not in parts)
    same = tuple(c for c, text in parts.items() if meaning(text, learned) is None)
    if meaning(heading, learned) and (same or rest):
        # Lower headings that mean nothing by themselves, such as years, are all of what stands above them.
        columns = tuple(sorted(same + rest))
        are_spans = not rest and all(SPAN_OF_TIME.match(squash(parts[c])) for c in same)
        found.append((heading, columns, tuple(one_line(parts[c]) for c in columns) if are_spans else ()))
    else:
        found += [(f"{heading}{parts[c]}", (c,), ()) for c in same]
    return found + [(text, (c,), ()) for c, text in parts.items() if c not in same]


def headless_column(column: int) -> Column:
    """Return the column that has contents but no heading."""
    name = f"{column_letter(column)}列"
    return Column(name, f"（{name}没有列名）", (column,), None)
