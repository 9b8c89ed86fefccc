"""Writes and reads the workbook in which an admin decides how numbers are gathered (填报口径); knows no rules of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from .annex_layout import MAX_ROW, height
from .errors import UnreadableDocument
from .grid import Sheet, column_letter
from .offline_form import guarded, unguarded
from .printed_sheet import BOLD, CENTRE, FRAME, LEFT, new_book, put_text, set_page, write_guide
from .reading import read_document

NUMBERS, PARTS, GUIDE = "填报口径", "份额", "填写说明"
KEY = "编号"
# {sheet: {heading: width in characters}}; what stands for comparison only is shaded.
COLUMNS = {
    NUMBERS: {
        KEY: 7, "任务": 26, "指标": 30, "目标": 16, "谁报": 20, "怎样汇总": 20, "报数单位": 16, "基数": 10,
        "数据来源": 22,
    },
    PARTS: {KEY: 7, "指标": 30, "单位": 16, "选定": 8, "份额": 12, "分母": 12},
}  # fmt: skip
SHOWN = {KEY, "任务", "指标", "目标"}
CHOSEN = "是"
GUIDE_LINES = (
    "怎样填写",
    "一、“填报口径”一行一项指标：谁报、怎样汇总从下拉列表中选；没有定的留空，不要求任何单位填报。",
    "二、选“一家单位”的，在“报数单位”写明单位，它报的就是全市数；选“由一家单位报全市数”的也要写明。",
    "三、“份额”一行是一项指标的一个单位：份额是该单位的目标，分母只在“按分母加权”时用；“选定”写“是”的，"
    "在谁报选“选定的单位”时由它填报。一项指标在这张表里的各行，就是它的全部份额，删去的行视为没有份额。",
    "四、请不要改动“编号”和表头；灰色的内容供对照。数可以写 2.1万、46.8%。",
    "五、填好后在“填报口径”页上传，先看会改什么，确认后才写入；有一行不对，就都不写入。",
)
SHADE, HEAD = PatternFill("solid", fgColor="EDEFF2"), PatternFill("solid", fgColor="DDE7F0")
NO_SHEET = (
    "没有在文件中找到“{sheet}”表的表头（{headings}）。请上传从本页下载、填好后保存的文件，不要改动表头。"
)

Cells = Mapping[str, str]  # {heading: text}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row that came back: where it stands, and what is in it by heading."""

    place: str
    cells: Cells


def gathering_workbook(
    numbers: Sequence[Cells], parts: Sequence[Cells], choices: Mapping[str, Sequence[str]]
) -> bytes:
    """Return the workbook's file; `choices` are {heading: what may be chosen}."""
    book = new_book()
    first = book.active
    first.title = NUMBERS
    for sheet, rows in ((first, numbers), (book.create_sheet(PARTS), parts)):
        _write(sheet, rows)
        _add_checks(sheet, len(rows), {**choices, "选定": [CHOSEN]})
    write_guide(book.create_sheet(GUIDE), GUIDE_LINES)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def read_gathering_workbook(data: bytes, *, file_name: str = "") -> tuple[list[SheetRow], list[SheetRow]]:
    """Return the rows of both sheets; raise UnreadableDocument with a sentence for the user."""
    book = read_document(data, file_name=file_name, as_typed=True)
    sheets = {sheet.name.strip(): sheet for sheet in book.sheets}
    return _rows(sheets.get(NUMBERS), NUMBERS), _rows(sheets.get(PARTS), PARTS)


def _rows(sheet: Sheet | None, name: str) -> list[SheetRow]:
    wanted = COLUMNS[name]
    for number, cells in sheet.rows.items() if sheet else ():
        columns = {"".join(text.split()): column for column, text in cells.items()}
        if wanted.keys() <= columns.keys():
            return [
                SheetRow(
                    f"“{name}”第{line}行", {each: _text(found.get(columns[each], "")) for each in wanted}
                )
                for line, found in (sheet.rows.items() if sheet else ())
                if line > number and any(text.strip() for text in found.values())
            ]
    raise UnreadableDocument(NO_SHEET.format(sheet=name, headings="、".join(wanted)))


def _text(cell: str) -> str:
    return unguarded(cell).strip()


def _write(sheet: Worksheet, rows: Sequence[Cells]) -> None:
    columns = COLUMNS[sheet.title]
    for column, (heading, width) in enumerate(columns.items(), start=1):
        cell = sheet.cell(1, column)
        put_text(cell, heading, CENTRE)
        cell.font, cell.fill, cell.border = BOLD, HEAD, FRAME
        sheet.column_dimensions[column_letter(column)].width = width
    for line, row in enumerate(rows, start=2):
        for column, heading in enumerate(columns, start=1):
            cell = sheet.cell(line, column)
            put_text(cell, guarded(row.get(heading, "")), LEFT)
            cell.border, cell.number_format = FRAME, "@"
            if heading in SHOWN:
                cell.fill = SHADE
        needed = max(height(row.get(heading, ""), width) for heading, width in columns.items())
        sheet.row_dimensions[line].height = min(needed, MAX_ROW)
    sheet.freeze_panes = "D2"
    set_page(sheet, heading_row=1)


def _add_checks(sheet: Worksheet, rows: int, choices: Mapping[str, Sequence[str]]) -> None:
    for column, heading in enumerate(COLUMNS[sheet.title], start=1):
        if heading in choices and rows:
            check = DataValidation(type="list", formula1=f'"{",".join(choices[heading])}"', allow_blank=True)
            check.showErrorMessage, check.errorTitle = True, heading
            check.error = f"请从下拉列表中选择：{'、'.join(choices[heading])}。"
            letter = column_letter(column)
            check.add(f"{letter}2:{letter}{rows + 1}")
            sheet.add_data_validation(check)
