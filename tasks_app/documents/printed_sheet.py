"""What all sheets that we write have in common: the page they print on, texts that stay texts, a page of guidance."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from .annex_layout import height

MARGIN_INCHES = {"left": 0.59, "right": 0.59, "top": 0.79, "bottom": 0.71, "header": 0.35, "footer": 0.35}
A4 = 9
PAGE_NUMBER = "第 &P 页 共 &N 页"
# A column that is wider than the page is not made narrower by LibreOffice; this one fits in wide fonts too.
GUIDE_WIDTH = 72

BODY = Font(name="宋体", size=10)
BOLD = Font(name="黑体", size=10.5, bold=True)
THIN = Side(style="thin")
FRAME = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)

ZERO_WIDTH_SPACE = "\u200b"
# Excel reads "_x0041_" as "A"; with the underscore written in the same way it reads what was meant.
LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def new_book(*, streamed: bool = False) -> Workbook:
    """Return a workbook whose columns are measured in digits of a font that is as wide everywhere.

    One that is `streamed` takes its rows one after another and keeps none.
    """
    book = Workbook(write_only=streamed)
    book._named_styles["Normal"].font = Font(name="Arial", size=10)
    return book


def set_page(sheet: Worksheet, *, heading_row: int | None = None, lies: bool = True) -> None:
    """Make `sheet` print on A4, as wide as the page, with page numbers and its heading row on every page."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape" if lies else "portrait", A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    for side, inches in MARGIN_INCHES.items():
        setattr(sheet.page_margins, side, inches)
    sheet.print_options.horizontalCentered = True
    sheet.oddFooter.center.text = PAGE_NUMBER
    if heading_row is not None:
        sheet.print_title_rows = f"{heading_row}:{heading_row}"


@dataclass(frozen=True)
class CellLook:
    """How a cell looks. Compared by identity: what looks the same is the same object."""

    alignment: Alignment
    border: Border | None = None
    font: Font = BODY

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


def dress(cell: Cell, look: CellLook, *, quoted: bool = False) -> None:
    """Let `cell` look like `look`; `quoted` marks text that looks like a formula."""
    cell.font, cell.alignment, cell.quotePrefix = look.font, look.alignment, quoted
    if look.border is not None:
        cell.border = look.border


def merge(sheet: Worksheet, first: int, last: int, column: int, last_column: int | None = None) -> None:
    """Merge cells that nobody merged yet, each with the border it has: the library compares with all merged ones."""
    sheet.merged_cells.ranges.add(CellRange(None, column, first, last_column or column, last))


def write_text(cell: Cell, text: str) -> None:
    """Let `cell` hold `text` as text, whatever it looks like."""
    cell.value = LOOKS_ESCAPED.sub("_x005F_", text) or None
    if text:
        cell.data_type = "s"


def put_text(cell: Cell, text: str, alignment: Alignment) -> None:
    """Write `text`, which begins with ZERO_WIDTH_SPACE where it looks like a formula, as text."""
    write_text(cell, text)
    if text:
        cell.quotePrefix = text.startswith(ZERO_WIDTH_SPACE)
    cell.font, cell.alignment = BODY, alignment


def write_guide(sheet: Worksheet, lines: Sequence[str]) -> None:
    """Write `lines` below each other on an upright page, each as high as its text; the first is the heading."""
    set_page(sheet, lies=False)
    sheet.column_dimensions["A"].width = GUIDE_WIDTH
    for row, line in enumerate(lines, start=1):
        put_text(sheet.cell(row, 1), line, LEFT)
        sheet.row_dimensions[row].height = height(line, GUIDE_WIDTH)
    sheet["A1"].font = BOLD
