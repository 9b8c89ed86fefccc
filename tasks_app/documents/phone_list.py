"""Writes the office's call list as a workbook that prints on A4, with a column to note what was said."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from io import BytesIO

from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from .annex import safe_text
from .annex_layout import MAX_ROW, height
from .printed_sheet import BOLD, CENTRE, FRAME, LEFT, new_book, put_text, set_page

HEADS = ["序号", "单位", "联系人及电话", "事项", "时限情况", "办理状态", "最近提醒", "通话记录"]
WIDTHS = [5, 13, 24, 22, 24, 29, 24, 18]
HEADING_ROW = 2


@dataclass(frozen=True)
class PhoneRow:
    """One unit to telephone."""

    unit: str
    people: str
    matters: str
    left: str
    step: str
    last_reminder: str


def phone_list(title: str, rows: Sequence[PhoneRow]) -> bytes:
    """Return the workbook; texts that begin like a formula are kept as texts."""
    book = new_book()
    sheet = book.active
    sheet.title = "电话催办名单"
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(HEADS))
    put_text(sheet["A1"], title, CENTRE)
    sheet["A1"].font = Font(name="方正小标宋简体", size=18)
    sheet.row_dimensions[1].height = 32
    _write_row(sheet, HEADING_ROW, HEADS)
    for number, row in enumerate(rows, start=1):
        _write_row(sheet, HEADING_ROW + number, ["", *map(safe_text, astuple(row)), ""])
        sheet.cell(HEADING_ROW + number, 1).value = number
    for cell in sheet[HEADING_ROW]:
        cell.font, cell.alignment = BOLD, CENTRE
    for letter, width in zip("ABCDEFGH", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = f"A{HEADING_ROW + 1}"
    set_page(sheet, heading_row=HEADING_ROW)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _write_row(sheet: Worksheet, row: int, texts: Sequence[str]) -> None:
    for column, text in enumerate(texts, start=1):
        cell = sheet.cell(row, column)
        put_text(cell, text, CENTRE if column == 1 else LEFT)
        cell.border = FRAME
    # A program that opens the file need not fit the height of rows to their text, and LibreOffice does not.
    sheet.row_dimensions[row].height = min(max(map(height, texts, WIDTHS)), MAX_ROW)
