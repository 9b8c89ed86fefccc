"""Finds the rows that are titles of sections though only one cell is filled, or one beside its number."""

import re
from collections.abc import Sequence
from dataclasses import replace

from tasks_app.language.text import one_line

from ..problems import Problem, warning
from .fields import Field
from .headings import is_note, numbered_title
from .merged import Cell
from .numbering import read_number
from .row import Row

WORDS = re.compile(r"[\u4e00-\u9fff]{2}")
# What a title does not have: these are of tasks.
OF_TASKS = frozenset(Field) - {Field.NUMBER, Field.TITLE, Field.SECTION}


def with_lone_titles(rows: Sequence[Row]) -> tuple[list[Row], list[Problem]]:
    """Return the rows, those that are titles or notes standing alone, and what is doubtful about it."""
    found: list[Row] = []
    problems: list[Problem] = []
    has_numbers = any(row.text(Field.NUMBER) for row in rows)
    for row, after in zip(rows, [*rows[1:], None], strict=False):
        cell = _only_cell(row)
        if cell is None:
            found.append(row)
        elif _is_no_number(row, cell) or _goes_on_with_notes(found, cell):
            found.append(replace(row, alone=cell))
        elif row.text(Field.NUMBER) and _counts_below(row, after):
            title = numbered_title(row.text(Field.NUMBER), one_line(cell.text))
            found.append(replace(row, alone=Cell(title, cell.place)))
        elif has_numbers and not row.text(Field.NUMBER) and not row.after_break and _is_numbered(after):
            found.append(replace(row, alone=cell))
            text = (
                f"“{one_line(cell.text)[:20]}”单独占一行，看作板块标题。如果是任务，请在页面上“修改这一行”。"
            )
            problems.append(warning(cell.place, text))
        else:
            found.append(row)
    return found, problems


def _only_cell(row: Row) -> Cell | None:
    """Return the one text of a row, beside which there may be a number; None if the row has more."""
    if row.alone is not None or row.kind is not None:
        return None
    if any(cell.place.row == row.number for _, cell in row.other):
        return None
    texts = {f: cell for f, cell in row.cells.items() if cell.text}
    if texts.keys() & OF_TASKS:
        return None
    places = {cell.place: cell for f, cell in texts.items() if f is not Field.NUMBER} or {
        cell.place: cell for cell in texts.values()
    }
    if len(places) != 1:
        return None
    (cell,) = places.values()
    return cell if cell.place.row == row.number else None


def _is_no_number(row: Row, cell: Cell) -> bool:
    """Words in the column of numbers."""
    number = row.cells.get(Field.NUMBER)
    return number == cell and bool(WORDS.search(cell.text)) and read_number(cell.text)[0] is None


def _goes_on_with_notes(before: Sequence[Row], cell: Cell) -> bool:
    """2. below 注：1."""
    note = before[-1].alone if before else None
    return note is not None and is_note(note.text) and note.place.column == cell.place.column


def _counts_below(row: Row, after: Row | None) -> bool:
    """Tell whether 1 is followed by 1.1: then it is the title of those, whoever answers for them."""
    printed = read_number(row.text(Field.NUMBER))[1]
    below = read_number(after.text(Field.NUMBER))[1] if after is not None and after.alone is None else ""
    return bool(printed) and below.startswith(tuple(f"{printed}{point}" for point in ".．-—"))


def _is_numbered(row: Row | None) -> bool:
    return row is not None and row.alone is None and bool(row.text(Field.NUMBER) and row.text(Field.TITLE))
