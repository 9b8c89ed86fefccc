"""Lays the annex out on pages: how many lines a text takes, where a long one is cut so that no row is.

A row of a spreadsheet may be 409 points high and no higher, and a row that meets the end of a page is torn.
So heights are worked out here, every page gets rows that fit, and what is longer goes on in further rows.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

# Points. A line is as high as the tallest of the fonts that may stand in for 宋体 10.
FONT, LINE, PADDING = 10.0, 14.5, 6.0
MAX_ROW = 400.0
MOST_LINES = 60  # nobody asks by how much a text exceeds a page: a huge one is not measured again and again
FEWEST_LINES = 4  # less room than this at the foot of a page is left empty
BREAKS = "\n。；！？"
NARROW, CAPITAL = 0.64, 0.85  # Latin letters and digits in the width of a Chinese character, amply


@dataclass(frozen=True)
class Item:
    """One piece of 工作进展 with its 备注: a unit's own in the merged table."""

    progress: str
    remarks: str = ""


@dataclass(frozen=True)
class Block:
    """One task of the table with all that was reported on it."""

    section: str
    task: str
    measures: str
    units: str
    items: Sequence[Item]


@dataclass(frozen=True)
class Row:
    """One physical row; `starts_item` is false where a piece that did not fit goes on."""

    progress: str
    remarks: str
    height: float
    starts_item: bool = True


@dataclass(frozen=True)
class Part:
    """What of one block stands on one page: the texts of the left side span all its rows."""

    section: str
    task: str
    measures: str
    units: str
    rows: list[Row]


@dataclass
class _Rest:
    """What of a block has not found its place yet."""

    measures: str
    units: str
    items: list[Item] = field(default_factory=list)
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
    room = (width_in_points(column) - PADDING) / FONT - 1
    ends: list[int] = []
    used, start_of_word = 0.0, 0
    for i, character in enumerate(text):
        if len(ends) >= most:
            return ends
        if character == "\n":
            ends.append(i)
            used, start_of_word = 0.0, i + 1
            continue
        width = _width(character)
        in_word = width < 1 and not character.isspace()
        if not in_word:
            start_of_word = i + 1
        if used + width > room and used:
            # A Latin word or a number goes to the next line whole, if it did not begin the line.
            end = start_of_word if in_word and (not ends or start_of_word > ends[-1] + 1) else i
            end = end if end > (ends[-1] if ends else 0) else i
            ends.append(end)
            used = sum(_width(each) for each in text[end:i])
        used += width
    return [*ends, len(text)]


def _width(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WFA":
        return 1.0
    return CAPITAL if character.isupper() else NARROW


def height(text: str, column: float) -> float:
    """Return how high a cell must be to show `text` whole, or the height of MOST_LINES."""
    ends = wrap(text, column)
    # Programs differ most in how they break Latin text.
    latin = sum(_width(character) < 1 for character in text[: ends[-1]])
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
    blocks: Sequence[Block], columns: Sequence[float], *, page: float, first_page: float
) -> list[list[Part]]:
    """Return the pages. `columns` are the six widths; `page` and `first_page` the heights for rows."""
    pages: list[list[Part]] = [[]]
    room = first_page
    for block in blocks:
        rest = _Rest(block.measures, block.units, list(block.items) or [Item("")])
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


def _item_height(item: Item, columns: Sequence[float]) -> float:
    return max(height(item.progress, columns[4]), height(item.remarks, columns[5]))


def _take(block: Block, rest: _Rest, columns: Sequence[float], room: float, least: float) -> Part:
    rows = _take_rows(rest, columns, room)
    used = sum(row.height for row in rows)
    lines = max(int((room - PADDING) / LINE), 1)
    measures, rest.measures = cut(rest.measures, columns[2], lines)
    units, rest.units = cut(rest.units, columns[3], lines)
    wanted = max(least, height(measures, columns[2]), height(units, columns[3]))
    return Part(block.section, block.task, measures, units, _stretch(rows, wanted - used))


def _take_rows(rest: _Rest, columns: Sequence[float], room: float) -> list[Row]:
    """Take from `rest` the items that fit into `room`, cutting the last one if that is worth while."""
    rows: list[Row] = []
    while rest.items:
        item = rest.items[0]
        needed, space = _item_height(item, columns), min(room, MAX_ROW)
        starts = not rest.mid_item
        if needed <= space:
            rows.append(Row(item.progress, item.remarks, needed, starts))
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
        taken = min(_item_height(Item(progress, remarks), columns), space)
        rows.append(Row(progress, remarks, taken, starts))
        rest.items[0], rest.mid_item = Item(more_progress, more_remarks), True
        room -= taken
    return rows


def _stretch(rows: list[Row], missing: float) -> list[Row]:
    """Make the rows higher by what the left side needs more, adding empty rows above the limit of one."""
    if rows and missing > 0:
        last = rows[-1]
        grown = min(last.height + missing, MAX_ROW)
        missing -= grown - last.height
        rows[-1] = Row(last.progress, last.remarks, grown, last.starts_item)
    while missing > 0.5:
        rows.append(Row("", "", max(min(missing, MAX_ROW), LINE + PADDING), starts_item=False))
        missing -= MAX_ROW
    return rows
