"""Writes the form that a unit fills in without network: its boxes open, all else locked, its marks hidden."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.worksheet import Worksheet

from .annex import FORMULA_STARTS
from .annex_layout import MAX_ROW, height
from .budget import ILLEGAL
from .grid import column_letter
from .printed_sheet import BOLD, CENTRE, FRAME, ZERO_WIDTH_SPACE, new_book, put_text, set_page, write_guide

SHEET, GUIDE = "填报表", "填写说明"
# Column A is hidden: the form's mark in its first cell, each task's beside its boxes.
FORM_MARK, ROW_MARK = "离线表:", "任务:"
# {what a box is called in the code: its heading}
BOXES = {
    "progress": "工作进展",
    "status": "状态",
    "cause": "滞后原因",
    "outlook": "能否完成",
    "forecast": "预计至期末",
    "remarks": "备注",
}
CHOSEN = ("status", "cause", "outlook")
HEADER_BOXES = {"filler_name": "填表人", "filler_phone": "联系电话", "filled_on": "填报时间"}
# {heading: width in characters}, from column B on
COLUMNS = {
    "序号": 5,
    "工作任务": 12,
    "主要目标要求": 18,
    "细化措施": 40,
    "上期填报": 28,
    BOXES["progress"]: 42,
    BOXES["status"]: 10,
    BOXES["cause"]: 11,
    BOXES["outlook"]: 9,
    BOXES["forecast"]: 20,
    BOXES["remarks"]: 12,
}
FIRST_COLUMN = 2
PLACES = {heading: column for column, heading in enumerate(COLUMNS, start=FIRST_COLUMN)}
LAST_COLUMN = FIRST_COLUMN + len(COLUMNS) - 1
HEADER_ROW, HEADING_ROW = 3, 4
LOWEST_ROW = 75.0  # points: room to write in, also on paper
# Where the three boxes of the form's head stand, each behind its label.
HEADER_PLACES = {"filler_name": "D", "filler_phone": "F", "filled_on": "H"}
HOW_TO = (
    "怎样填写",
    "一、只填白色的格子：{boxes}，以及上方的填表人、联系电话、填报时间。灰色的内容供对照，已锁定。",
    "二、格内换行按 Alt+Enter。每格最多 {limit:,} 字。“状态”“滞后原因”“能否完成”请从下拉列表中选择。"
    "“滞后原因”只有未达序时、未启动的才填；预计至期末的情况可以不写文字。",
    "三、“上期填报”是本单位上一次填的内容，仅供参考；本期请写新的进展。",
    "四、请不要改动表头文字，不要删除隐藏的 A 列，系统靠它认出每一行。行的先后可以调整；不填的行请留空，不必删除。",
    "五、措施完成情况、量化指标、佐证材料、需协调事项不在本表中，请联网后在填报页填写。",
    "六、填好后保存为 .xlsx（WPS 的 .et、.xls 也可以），在填报页点“上传离线表”。上传后先逐项核对，确认后才写入；"
    "其间他人在网上改过的，会并排列出，由您选择。",
    "七、上传后仍是草稿，请在填报页检查后报送。",
    "严禁填写涉密信息。",
)

QUIET = Font(name="宋体", size=10, color="595959")
LOCKED = PatternFill("solid", fgColor="EDEFF2")
HEAD = PatternFill("solid", fgColor="DDE7F0")
MIDDLE = Alignment(horizontal="left", vertical="center")
RIGHT = Alignment(horizontal="right", vertical="center")
TOP = Alignment(horizontal="left", vertical="top", wrap_text=True)


@dataclass(frozen=True, slots=True)
class OfflineRow:
    """One task: what it asks, what was said last time, and its boxes by BOXES; `mark` says which it is."""

    mark: str
    number: int
    section: str
    task: str
    measures: str
    previous: str
    boxes: dict[str, str]


@dataclass(frozen=True, slots=True)
class OfflineForm:
    """The form of one unit and period; `place` is the line that names them, `header` is by HEADER_BOXES."""

    mark: str
    title: str
    place: str
    header: dict[str, str]
    rows: Sequence[OfflineRow]
    choices: Mapping[str, Sequence[str]]  # of the boxes in which one chooses
    limit: int


class _GrowingRow(RowDimension):
    """A row whose height is a start: a spreadsheet makes it higher while somebody types."""

    @property
    def customHeight(self) -> bool:
        return False


def offline_form(form: OfflineForm, *, at: datetime) -> bytes:
    """Return the workbook's file, as of the moment `at`."""
    book = new_book()
    sheet = book.active
    sheet.title = SHEET
    book.properties.creator, book.properties.title = "深化医改任务跟踪", form.title
    book.properties.created = book.properties.modified = at.astimezone(UTC).replace(tzinfo=None)
    _set_page(sheet)
    _write_head(sheet, form)
    for row, task in enumerate(form.rows, start=HEADING_ROW + 1):
        _write_row(sheet, row, task)
    _add_checks(sheet, form)
    _protect(sheet)
    told = {"limit": form.limit, "boxes": "、".join(BOXES.values())}
    write_guide(book.create_sheet(GUIDE), [line.format(**told) for line in HOW_TO])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def guarded(text: str) -> str:
    """Return `text` as a cell may hold it: a mark that is not seen keeps it from being a formula.

    `unguarded` gives back what was put in, but for characters that no workbook can hold.
    """
    text = ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return ZERO_WIDTH_SPACE + text if text.startswith((*FORMULA_STARTS, ZERO_WIDTH_SPACE)) else text


def unguarded(text: str) -> str:
    """Return the text of a cell as it was before `guarded`; what a person typed there is left as it is."""
    return text.removeprefix(ZERO_WIDTH_SPACE)


def _set_page(sheet: Worksheet) -> None:
    set_page(sheet, heading_row=HEADING_ROW)
    sheet.freeze_panes = sheet.cell(HEADING_ROW + 1, PLACES["细化措施"])
    sheet.column_dimensions["A"].hidden = True
    for column, width in enumerate(COLUMNS.values(), start=FIRST_COLUMN):
        sheet.column_dimensions[column_letter(column)].width = width


def _write_head(sheet: Worksheet, form: OfflineForm) -> None:
    _put(sheet["A1"], FORM_MARK + form.mark)
    for row, text, high in ((1, form.title, 36), (2, form.place, 22)):
        sheet.merge_cells(start_row=row, end_row=row, start_column=FIRST_COLUMN, end_column=LAST_COLUMN)
        sheet.row_dimensions[row].height = high
        _put(sheet.cell(row, FIRST_COLUMN), text, CENTRE)
    sheet.cell(1, FIRST_COLUMN).font = Font(name="方正小标宋简体", size=20)
    sheet.row_dimensions[HEADER_ROW].height = 22
    for field, letter in HEADER_PLACES.items():
        label = sheet[f"{letter}{HEADER_ROW}"]
        _put(label, HEADER_BOXES[field], RIGHT)
        box = sheet.cell(HEADER_ROW, label.column + 1)
        _put_box(box, form.header[field])
        box.alignment = MIDDLE
    for heading, column in PLACES.items():
        cell = sheet.cell(HEADING_ROW, column)
        _put(cell, heading, CENTRE)
        cell.font, cell.fill, cell.border = BOLD, HEAD, FRAME


def _write_row(sheet: Worksheet, row: int, task: OfflineRow) -> None:
    _put(sheet.cell(row, 1), ROW_MARK + task.mark)
    beside = (str(task.number), task.section, task.task, task.measures, task.previous)
    for column, text in enumerate(beside, start=FIRST_COLUMN):
        cell = sheet.cell(row, column)
        _put(cell, text, CENTRE if column == FIRST_COLUMN else TOP)
        cell.fill, cell.border = LOCKED, FRAME
    sheet.cell(row, PLACES["上期填报"]).font = QUIET
    for field, heading in BOXES.items():
        _put_box(sheet.cell(row, PLACES[heading]), task.boxes[field])
    for field in CHOSEN:
        sheet.cell(row, PLACES[BOXES[field]]).alignment = CENTRE
    texts = (*beside, *(task.boxes[field] for field in BOXES))
    needed = max(map(height, texts, COLUMNS.values()))
    sheet.row_dimensions[row] = _GrowingRow(sheet, index=row, ht=min(max(needed, LOWEST_ROW), MAX_ROW))


def _add_checks(sheet: Worksheet, form: OfflineForm) -> None:
    last = HEADING_ROW + max(len(form.rows), 1)
    for field, heading in BOXES.items():
        check = DataValidation(allow_blank=True, showErrorMessage=True, errorTitle=heading)
        if choices := form.choices.get(field):
            check.type, check.formula1 = "list", f'"{",".join(choices)}"'
            check.error = f"请从下拉列表中选择：{'、'.join(choices)}。"
        else:
            check.type, check.operator, check.formula1 = "textLength", "lessThanOrEqual", str(form.limit)
            check.error = f"最多 {form.limit:,} 字，请删减。"
        letter = column_letter(PLACES[heading])
        check.add(f"{letter}{HEADING_ROW + 1}:{letter}{last}")
        sheet.add_data_validation(check)


def _protect(sheet: Worksheet) -> None:
    # Without a password: it keeps the hand from slipping, it is no lock. Rows and columns may be stretched.
    sheet.protection.sheet = True
    sheet.protection.formatRows = sheet.protection.formatColumns = False
    sheet.protection.sort = sheet.protection.autoFilter = False


def _put_box(cell: Cell, text: str) -> None:
    _put(cell, text, TOP)
    cell.border, cell.protection = FRAME, Protection(locked=False)


def _put(cell: Cell, text: str, alignment: Alignment = TOP) -> None:
    """Write `text` as text, whatever it looks like, into a cell that takes what is typed there as text too."""
    put_text(cell, guarded(text), alignment)
    cell.number_format = "@"
