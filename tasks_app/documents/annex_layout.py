"""Lays the annex out on pages: how many lines a text takes, where a long one is cut so that no row is.

A row of a spreadsheet may be 409 points high and no higher, and a row that meets the end of a page is torn.
So heights are worked out here, every page gets rows that fit, and what is longer goes on in further rows.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate

# Points. A line is as high as the tallest of the fonts that may stand in for 宋体 10.
FONT, LINE, PADDING = 10.0, 14.5, 6.0
MAX_ROW = 400.0
MOST_LINES = 60  # nobody asks by how much a text exceeds a page: a huge one is not measured again and again
FEWEST_LINES = 4  # less room than this at the foot of a page is left empty
BREAKS = "\n。；！？"
# Hundredths of the width of a Chinese character; those of Latin letters and digits are ample.
WIDE, NARROW, CAPITAL = 100, 64, 85


@dataclass(frozen=True)
class AnnexItem:
    """One piece of 工作进展 with its 备注: a unit's own in the merged table."""

    progress: str
    remarks: str = ""


@dataclass(frozen=True)
class AnnexBlock:
    """One task of the table with all that was reported on it."""

    section: str
    task: str
    measures: str
    units: str
    items: Sequence[AnnexItem]


@dataclass(frozen=True)
class AnnexRow:
    """One physical row; `starts_item` is false where a piece that did not fit goes on."""

    progress: str
    remarks: str
    height: float
    starts_item: bool = True


@dataclass(frozen=True)
class AnnexPart:
    """What of one block stands on one page: the texts of the left side span all its rows."""

    section: str
    task: str
    measures: str
    units: str
    rows: list[AnnexRow]


@dataclass
class _Rest:
    """What of a block has not found its place yet."""

    measures: str
    units: str
    items: list[AnnexItem] = field(default_factory=list)
    mid_item: bool = False

    def __bool__(self) -> bool:
        return bool(self.items or self.measures or self.units)


def width_in_points(characters: float) -> float:
    """Return the width of a column that is `characters` wide, in the default font of workbooks."""
    return (characters * 7 + 5) * 0.75


def wrap(text: str, column: float, most: int = MOST_LINES) -> list[int]:
    """Return the offsets in `text` at which its lines end, in a column `column` characters wide.

    Stops behind line `most`.
    """
    room = int(((width_in_points(column) - PADDING) / FONT - 1) * WIDE)
    widths = list(map(WIDTHS.__getitem__, text))
    total = list(accumulate(widths, initial=0))  # how wide the text is before each character
    ends: list[int] = []
    begin = 0
    while len(ends) < most:
        newline = text.find("\n", begin)
        stop = len(text) if newline < 0 else newline
        _wrap_paragraph(text, widths, total, room, begin, stop, most, ends)
        if newline < 0 or len(ends) >= most:
            break
        ends.append(newline)
        begin = newline + 1
    return ends if len(ends) >= most else [*ends, len(text)]


def _wrap_paragraph(
    text: str,
    widths: Sequence[int],
    total: Sequence[int],
    room: int,
    begin: int,
    stop: int,
    most: int,
    ends: list[int],
) -> None:
    """Add to `ends` where the lines of text[begin:stop] end, but for the last one."""
    line = begin
    while len(ends) < most:
        i = bisect_right(total, total[line] + room, line, stop + 1) - 1
        if i >= stop:
            return
        i = end = max(i, line + 1)
        # A Latin word or a number goes to the next line whole, if it did not begin the line.
        while (
            end > line and _is_in_word(text[end], widths[end]) and _is_in_word(text[end - 1], widths[end - 1])
        ):
            end -= 1
        line = end if end > line else i
        ends.append(line)


def _is_in_word(character: str, width: int) -> bool:
    return width < WIDE and not character.isspace()


class _Widths(dict[str, int]):
    """{character: its width in hundredths of a Chinese one}, worked out once for each that is met."""

    def __missing__(self, character: str) -> int:
        is_wide = unicodedata.east_asian_width(character) in "WFA"
        width = self[character] = WIDE if is_wide else CAPITAL if character.isupper() else NARROW
        return width


WIDTHS = _Widths()


@lru_cache(maxsize=4096)
def height(text: str, column: float) -> float:
    """Return how high a cell must be to show `text` whole, or the height of MOST_LINES."""
    ends = wrap(text, column)
    # Programs differ most in how they break Latin text.
    latin = ends[-1] - list(map(WIDTHS.__getitem__, text[: ends[-1]])).count(WIDE)
    spare = 1 if latin * 3 > ends[-1] > 20 else 0
    return (len(ends) + spare) * LINE + PADDING


def cut(text: str, column: float, lines: int) -> tuple[str, str]:
    """Cut `text` after at most `lines` lines, behind a sentence if one ends near; return both pieces."""
    ends = wrap(text, column, lines + 1)
    if len(ends) <= lines:
        return text, ""
    limit = ends[lines - 1]
    earliest = ends[lines // 3]
    nearest = max((text.rfind(mark, earliest, limit) for mark in BREAKS), default=-1)
    at = nearest + 1 if nearest >= 0 else max(limit, 1)
    return text[:at].rstrip("\n"), text[at:].lstrip("\n")


def lay_out(
    blocks: Sequence[AnnexBlock], columns: Sequence[float], *, page: float, first_page: float
) -> list[list[AnnexPart]]:
    """Return the pages. `columns` are the six widths; `page` and `first_page` the heights for rows."""
    pages: list[list[AnnexPart]] = [[]]
    room = first_page
    for block in blocks:
        rest = _Rest(block.measures, block.units, list(block.items) or [AnnexItem("")])
        least = max(height(block.section, columns[0]), height(block.task, columns[1]))
        while rest:
            if pages[-1] and room < max(least, min(_height_of(rest, columns), FEWEST_LINES * 2 * LINE)):
                pages.append([])
                room = page
            part = _take(block, rest, columns, room, least)
            pages[-1].append(part)
            room -= sum(row.height for row in part.rows)
            if rest:
                pages.append([])
                room = page
    return pages


def _height_of(rest: _Rest, columns: Sequence[float]) -> float:
    items = sum(_item_height(item, columns) for item in rest.items)
    return max(items, height(rest.measures, columns[2]), height(rest.units, columns[3]))


def _item_height(item: AnnexItem, columns: Sequence[float]) -> float:
    return max(height(item.progress, columns[4]), height(item.remarks, columns[5]))


def _take(block: AnnexBlock, rest: _Rest, columns: Sequence[float], room: float, least: float) -> AnnexPart:
    rows = _take_rows(rest, columns, room)
    used = sum(row.height for row in rows)
    lines = max(int((room - PADDING) / LINE), 1)
    measures, rest.measures = cut(rest.measures, columns[2], lines)
    units, rest.units = cut(rest.units, columns[3], lines)
    wanted = max(least, height(measures, columns[2]), height(units, columns[3]))
    return AnnexPart(block.section, block.task, measures, units, _stretch(rows, wanted - used))


def _take_rows(rest: _Rest, columns: Sequence[float], room: float) -> list[AnnexRow]:
    """Take from `rest` the items that fit into `room`, cutting the last one if that is worth while."""
    rows: list[AnnexRow] = []
    while rest.items:
        item = rest.items[0]
        needed, space = _item_height(item, columns), min(room, MAX_ROW)
        starts = not rest.mid_item
        if needed <= space:
            rows.append(AnnexRow(item.progress, item.remarks, needed, starts))
            rest.items.pop(0)
            rest.mid_item = False
            room -= needed
            continue
        lines = int((space - PADDING) / LINE)
        if lines < FEWEST_LINES:
            break
        progress, more_progress = cut(item.progress, columns[4], lines)
        remarks, more_remarks = cut(item.remarks, columns[5], lines)
        # What is spared for Latin text may not lift the row over its limit: so many lines fit without it.
        taken = min(_item_height(AnnexItem(progress, remarks), columns), space)
        rows.append(AnnexRow(progress, remarks, taken, starts))
        rest.items[0], rest.mid_item = AnnexItem(more_progress, more_remarks), True
        room -= taken
    return rows


def _stretch(rows: list[AnnexRow], missing: float) -> list[AnnexRow]:
    """Make the rows higher by what the left side needs more, adding empty rows above the limit of one."""
    if rows and missing > 0:
        last = rows[-1]
        grown = min(last.height + missing, MAX_ROW)
        missing -= grown - last.height
        rows[-1] = AnnexRow(last.progress, last.remarks, grown, last.starts_item)
    while missing > 0.5:
        rows.append(AnnexRow("", "", max(min(missing, MAX_ROW), LINE + PADDING), starts_item=False))
        missing -= MAX_ROW
    return rows
