"""Writes the printed annex (任务分解表 with 工作进展) as a workbook; knows nothing of plans or reports."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from itertools import groupby

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from .annex_layout import Block, Item, Part, lay_out
from .budget import ILLEGAL
from .printed_sheet import (
    BOLD,
    CENTRE,
    FRAME,
    LEFT,
    MARGIN_INCHES,
    THIN,
    ZERO_WIDTH_SPACE,
    new_book,
    put_text,
    set_page,
)

HEADINGS = ("工作任务", "主要目标要求", "细化措施", "责任单位", "工作进展", "备注")
HEADING_ROW = 3
# Characters; they add up to the width of A4 lying down. The city's table has more to say in 工作进展.
FORM_COLUMNS = (11, 15, 44, 15, 42, 12)
MERGED_COLUMNS = (10, 14, 34, 14, 55, 12)
# Points: what is above the rows, and the page between its margins of 20 and 18 mm.
TITLE, HEADER, HEADING = 36.0, 24.0, 24.0
PAGE = 595.0 - (MARGIN_INCHES["top"] + MARGIN_INCHES["bottom"]) * 72 - HEADING - 4

NONE = Side()
TOP = Alignment(horizontal="left", vertical="top", wrap_text=True)

# A cell that begins like this is run as a formula when a CSV made from it is opened, also in full width.
FORMULA_STARTS = tuple("=+-@\t\r＝＋－＠")
FORBIDDEN_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True)
class Annex:
    """The table to be written: title, the line of the form's header, a note for the top of each page."""

    title: str
    header: str
    note: str
    sheet: str
    blocks: Sequence[Block]
    columns: Sequence[float] = FORM_COLUMNS


def safe_text(text: str) -> str:
    """Return `text` as a cell may hold it: without illegal characters, and never the start of a formula.

    A zero-width space in front is not seen on the screen or on paper, and stays when the sheet is saved as
    CSV: there the mark that says "this is text" is lost.
    """
    clean = ILLEGAL.sub("", text.replace("\r\n", "\n")).replace("\r", "\n").strip("\n")
    return ZERO_WIDTH_SPACE + clean if clean.startswith(FORMULA_STARTS) else clean


def annex_workbook(annex: Annex, *, at: datetime) -> bytes:
    """Return the workbook's file: A4 lying down, heading and page number on every page, no row cut."""
    book = new_book()
    sheet = book.active
    sheet.title = FORBIDDEN_IN_SHEET_NAMES.sub("", annex.sheet)[:31] or "任务分解表"
    book.properties.creator, book.properties.title = "深化医改任务跟踪", annex.title
    book.properties.created = book.properties.modified = at.astimezone(UTC).replace(tzinfo=None)
    _set_page(sheet, annex)
    _write_head(sheet, annex)
    row = HEADING_ROW + 1
    pages = lay_out(
        [_safe(block) for block in annex.blocks], annex.columns, page=PAGE, first_page=PAGE - TITLE - HEADER
    )
    for number, parts in enumerate(pages, start=1):
        row = _write_page(sheet, row, parts)
        if number < len(pages):
            sheet.row_breaks.append(Break(id=row - 1))
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _safe(block: Block) -> Block:
    # Before anything is measured: what is measured is what is written.
    return Block(
        section=safe_text(block.section),
        task=safe_text(block.task),
        measures=safe_text(block.measures),
        units=safe_text(block.units),
        items=[Item(safe_text(item.progress), safe_text(item.remarks)) for item in block.items],
    )


def _set_page(sheet: Worksheet, annex: Annex) -> None:
    set_page(sheet, heading_row=HEADING_ROW)
    sheet.oddHeader.right.text = ILLEGAL.sub("", annex.note).replace("&", "&&")
    for letter, width in zip("ABCDEF", annex.columns, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = f"A{HEADING_ROW + 1}"


def _write_head(sheet: Worksheet, annex: Annex) -> None:
    for row, text, high in ((1, annex.title, TITLE), (2, annex.header, HEADER)):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(HEADINGS))
        sheet.row_dimensions[row].height = high
        _put(sheet.cell(row, 1), text, CENTRE if row == 1 else LEFT)
    sheet["A1"].font = Font(name="方正小标宋简体", size=20)
    sheet.row_dimensions[HEADING_ROW].height = HEADING
    for column, heading in enumerate(HEADINGS, start=1):
        cell = sheet.cell(HEADING_ROW, column)
        _put(cell, heading, CENTRE)
        cell.font, cell.border = BOLD, FRAME


def _write_page(sheet: Worksheet, row: int, parts: Sequence[Part]) -> int:
    """Write one page from `row` on and return the row behind it; the section spans its rows on the page."""
    for section, group in groupby(parts, lambda part: part.section):
        first = row
        for part in group:
            row = _write_part(sheet, row, part)
        _span(sheet, first, row - 1, 1, section, LEFT)
    return row


def _write_part(sheet: Worksheet, first: int, part: Part) -> int:
    for row, line in enumerate(part.rows, start=first):
        sheet.row_dimensions[row].height = line.height
        following = part.rows[row - first + 1 : row - first + 2]
        goes_on = bool(following) and not following[0].starts_item
        top = THIN if line.starts_item or row == first else NONE
        bottom = NONE if goes_on else THIN
        # A text cut into rows reads on without a gap.
        alignment = LEFT if line.starts_item and not goes_on else TOP
        for column, text in ((5, line.progress), (6, line.remarks)):
            cell = sheet.cell(row, column)
            _put(cell, text, alignment)
            cell.border = Border(left=THIN, right=THIN, top=top, bottom=bottom)
    last = first + len(part.rows) - 1
    for column, text in ((2, part.task), (3, part.measures), (4, part.units)):
        _span(sheet, first, last, column, text, LEFT)
    return last + 1


def _span(sheet: Worksheet, first: int, last: int, column: int, text: str, alignment: Alignment) -> None:
    # Borders first: once merged, the covered cells take none.
    for row in range(first, last + 1):
        sheet.cell(row, column).border = FRAME
    _put(sheet.cell(first, column), text, alignment)
    if last > first:
        sheet.merge_cells(start_row=first, end_row=last, start_column=column, end_column=column)


def _put(cell: Cell, text: str, alignment: Alignment) -> None:
    """Write `text` as text, whatever it looks like."""
    put_text(cell, safe_text(text), alignment)
