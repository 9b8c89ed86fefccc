"""Writes the table of numbers, a line for the city and for each unit, as a workbook that prints on A4."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO

from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from .annex import safe_text
from .annex_layout import MAX_ROW, height
from .printed_sheet import BODY, BOLD, CENTRE, FRAME, LEFT, new_book, put_text, set_page

# {heading: width in characters}
COLUMNS = {
    "指标": 30, "计量单位": 9, "单位": 14, "目标（份额）": 16, "上期": 12, "本期": 12, "预计至期末": 12,
    "数据截至": 12, "数据来源": 20, "序时": 10, "说明": 28,
}  # fmt: skip
HEADING_ROW = 3
RIGHT = Alignment(horizontal="right", vertical="center")


@dataclass(frozen=True, slots=True)
class NumberLine:
    """One line, in the order of COLUMNS; a number is written as one, so that it can be worked with."""

    indicator: str
    measure: str
    unit: str
    target: str | Decimal
    last: Decimal | None
    now: Decimal | None
    forecast: Decimal | None
    as_of: str
    source: str
    mark: str
    remark: str

    @property
    def cells(self) -> list[str | Decimal | None]:
        """Return what stands in the columns."""
        numbers = (self.target, self.last, self.now, self.forecast)
        return [
            self.indicator,
            self.measure,
            self.unit,
            *numbers,
            self.as_of,
            self.source,
            self.mark,
            self.remark,
        ]


@dataclass(frozen=True, slots=True)
class NumberSheet:
    """What the sheet says."""

    title: str
    note: str
    lines: Sequence[NumberLine]


def number_workbook(table: NumberSheet) -> bytes:
    """Return the workbook; texts that begin like a formula are kept as texts."""
    book = new_book()
    sheet = book.active
    sheet.title = "量化指标汇总"
    for row, text in ((1, table.title), (2, table.note)):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(COLUMNS))
        put_text(sheet.cell(row, 1), safe_text(text), CENTRE if row == 1 else LEFT)
    sheet["A1"].font = Font(name="方正小标宋简体", size=18)
    sheet.row_dimensions[1].height = 32
    _write(sheet, HEADING_ROW, list(COLUMNS))
    for cell in sheet[HEADING_ROW]:
        cell.font, cell.alignment = BOLD, CENTRE
    for row, line in enumerate(table.lines, start=HEADING_ROW + 1):
        _write(sheet, row, line.cells)
    for cell, width in zip(sheet[HEADING_ROW], COLUMNS.values(), strict=True):
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.freeze_panes = f"A{HEADING_ROW + 1}"
    sheet.auto_filter.ref = (
        f"A{HEADING_ROW}:{sheet.cell(HEADING_ROW, len(COLUMNS)).column_letter}{sheet.max_row}"
    )
    set_page(sheet, heading_row=HEADING_ROW)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _write(sheet: Worksheet, row: int, values: Sequence[str | Decimal | None]) -> None:
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(row, column)
        if isinstance(value, Decimal):
            cell.value, cell.alignment, cell.font = value, RIGHT, BODY
        else:
            put_text(cell, safe_text(value or ""), LEFT)
        cell.border = FRAME
    texts = [value if isinstance(value, str) else "" for value in values]
    sheet.row_dimensions[row].height = min(max(map(height, texts, COLUMNS.values())), MAX_ROW)
