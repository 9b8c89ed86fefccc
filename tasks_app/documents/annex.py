"""Writes the printed annex (任务分解表 with 工作进展) as a workbook; knows nothing of plans or reports."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from itertools import groupby, product

from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.pagebreak import Break

from .annex_layout import AnnexBlock, AnnexItem, AnnexPart, lay_out
from .budget import ILLEGAL
from .printed_sheet import (
    BOLD,
    CENTRE,
    FRAME,
    LEFT,
    MARGIN_INCHES,
    THIN,
    ZERO_WIDTH_SPACE,
    CellLook,
    dress,
    merge,
    new_book,
    set_page,
    write_text,
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
TITLE_LOOK = CellLook(CENTRE, font=Font(name="方正小标宋简体", size=20))
HEADING_LOOK = CellLook(CENTRE, FRAME, BOLD)
PLAIN, FRAMED = CellLook(LEFT), CellLook(LEFT, FRAME)

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
    blocks: Sequence[AnnexBlock]
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
    book = new_book(streamed=True)
    sheet = book.create_sheet(FORBIDDEN_IN_SHEET_NAMES.sub("", annex.sheet)[:31] or "任务分解表")
    book.properties.creator, book.properties.title = "深化医改任务跟踪", annex.title
    book.properties.created = book.properties.modified = at.astimezone(UTC).replace(tzinfo=None)
    _set_page(sheet, annex)
    writer = _Writer(sheet)
    writer.head(annex)
    pages = lay_out(
        [_safe(block) for block in annex.blocks], annex.columns, page=PAGE, first_page=PAGE - TITLE - HEADER
    )
    breaks = []
    for parts in pages:
        writer.page(parts)
        breaks.append(Break(id=writer.row))
    # All at once: the library copies the list for each one that is appended.
    sheet.row_breaks.brk = breaks[:-1]
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _safe(block: AnnexBlock) -> AnnexBlock:
    # Before anything is measured: what is measured is what is written.
    return AnnexBlock(
        section=safe_text(block.section),
        task=safe_text(block.task),
        measures=safe_text(block.measures),
        units=safe_text(block.units),
        items=[AnnexItem(safe_text(item.progress), safe_text(item.remarks)) for item in block.items],
    )


def _set_page(sheet: WriteOnlyWorksheet, annex: Annex) -> None:
    set_page(sheet, heading_row=HEADING_ROW)
    sheet.oddHeader.right.text = ILLEGAL.sub("", annex.note).replace("&", "&&")
    for letter, width in zip("ABCDEF", annex.columns, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = f"A{HEADING_ROW + 1}"


class _Writer:
    """Writes one sheet row by row; its texts are safe already. `row` is the one written last.

    Each row is on its way when it was handed over: then its cells are free for the next one.
    """

    def __init__(self, sheet: WriteOnlyWorksheet) -> None:
        self.sheet, self.row = sheet, 0
        self.cells: dict[tuple[int, CellLook, bool], Cell] = {}

    def head(self, annex: Annex) -> None:
        for text, high, look in ((annex.title, TITLE, TITLE_LOOK), (annex.header, HEADER, PLAIN)):
            self._write(high, [(safe_text(text), look)])
            merge(self.sheet, self.row, self.row, 1, len(HEADINGS))
        self._write(HEADING, [(heading, HEADING_LOOK) for heading in HEADINGS])

    def page(self, parts: Sequence[AnnexPart]) -> None:
        """Write one page; the section spans its rows on the page, the left side of a part those of the part."""
        for section, group in groupby(parts, lambda part: part.section):
            first, text = self.row + 1, section
            for part in group:
                self._part(text, part)
                text = ""
            self._span(first, 1)

    def _part(self, section: str, part: AnnexPart) -> None:
        left = [(text, FRAMED) for text in (section, part.task, part.measures, part.units)]
        first = self.row + 1
        for place, line in enumerate(part.rows):
            following = part.rows[place + 1 : place + 2]
            goes_on = bool(following) and not following[0].starts_item
            look = LINE_LOOKS[line.starts_item, place == 0, goes_on]
            self._write(line.height, [*left, (line.progress, look), (line.remarks, look)])
            left = EMPTY_LEFT
        for column in (2, 3, 4):
            self._span(first, column)

    def _span(self, first: int, column: int) -> None:
        if self.row > first:
            merge(self.sheet, first, self.row, column)

    def _write(self, high: float, texts: Sequence[tuple[str, CellLook]]) -> None:
        self.row += 1
        self.sheet.row_dimensions[self.row].height = high
        self.sheet.append([self._cell(column, text, look) for column, (text, look) in enumerate(texts)])

    def _cell(self, column: int, text: str, look: CellLook) -> Cell:
        quoted = text.startswith(ZERO_WIDTH_SPACE)
        cell = self.cells.get((column, look, quoted))
        if cell is None:
            cell = self.cells[column, look, quoted] = WriteOnlyCell(self.sheet)
            dress(cell, look, quoted=quoted)
        write_text(cell, text)
        return cell


def _line_look(starts_item: bool, is_first: bool, goes_on: bool) -> CellLook:
    top = THIN if starts_item or is_first else NONE
    bottom = NONE if goes_on else THIN
    # A text cut into rows reads on without a gap.
    alignment = LEFT if starts_item and not goes_on else TOP
    return CellLook(alignment, Border(left=THIN, right=THIN, top=top, bottom=bottom))


EMPTY_LEFT = [("", FRAMED)] * 4
# {(begins a piece, is the first of its part, goes on in the next row): how such a row looks}
LINE_LOOKS = {flags: _line_look(*flags) for flags in product((False, True), repeat=3)}
