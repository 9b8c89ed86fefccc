"""Writes the office's call list as a workbook that prints on A4, with a column to note what was said."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side

from .annex import safe_text

HEADS = ["序号", "单位", "联系人及电话", "事项", "时限情况", "办理状态", "最近提醒", "通话记录"]
WIDTHS = [5, 12, 26, 26, 20, 22, 16, 22]
FRAME = Border(**dict.fromkeys(("left", "right", "top", "bottom"), Side(style="thin")))
MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
LEFT = Alignment(vertical="center", wrap_text=True)


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
    book = Workbook()
    sheet = book.active
    sheet.title = "电话催办名单"
    sheet.append([title])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEADS))
    sheet["A1"].font, sheet["A1"].alignment = Font(name="宋体", size=16, bold=True), MIDDLE
    sheet.append(HEADS)
    for number, row in enumerate(rows, start=1):
        sheet.append([number, *(safe_text(text) for text in astuple(row)), ""])
    for cells in sheet.iter_rows(min_row=2):
        for cell in cells:
            cell.border = FRAME
            cell.alignment = MIDDLE if cell.row == 2 or cell.column == 1 else LEFT
            cell.font = Font(name="宋体", size=10, bold=cell.row == 2)
    for letter, width in zip("ABCDEFGH", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A3"
    sheet.print_title_rows = "1:2"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    file = BytesIO()
    book.save(file)
    return file.getvalue()
