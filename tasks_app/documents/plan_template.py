"""Writes the empty breakdown table that people download, fill in and import: example, checks, explanations."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from .annex import safe_text
from .annex_layout import height
from .printed_sheet import BODY, BOLD, CENTRE, FRAME, LEFT, new_book, put_text, set_page, write_guide

TABLE, GUIDE, UNITS = "任务分解表", "填写说明", "单位"
HEADER = "填报单位：_____ 填报时间：_____ 填表人：_____ 联系电话：_____"
# {heading: (width in characters, how to fill in)}
COLUMNS = {
    "序号": (6, "填写整数，从1起编，全表不重复。一行是一项任务。"),
    "工作任务": (
        16,
        "填写任务所属的板块，以“一、”“二、”开头；同一板块的各行可以合并单元格，也可以只写在第一行或逐行重复。",
    ),
    "主要目标要求": (22, "填写任务名称，一项任务一句话，例如“加强急救体系建设。”"),
    "细化措施": (46, "填写具体措施，每条以①②③开头，一条一行（在单元格中换行按 Alt+Enter）。"),
    "牵头单位": (14, "填写一个单位，可从下拉列表中选择；名单见“单位”工作表。"),
    "配合单位": (18, "可以填写多个单位，用顿号分开；没有的留空。"),
    "完成时限": (14, "例如“2024年12月底前”“6月底前”“持续推进”；没有的留空。"),
    "目标值": (14, "有量化目标的填写数值和计量单位，例如“300台”“47.5%以上”；没有的留空。"),
    "备注": (12, "其他需要说明的事项，可以留空。"),
}
GUIDE_LINES = (
    "怎样填写",
    "一、在“任务分解表”工作表中填写。表里的几行是示例，请改成自己的内容，或删去后从表头下面第一行填起。",
    "二、请不要改动表头的文字；不需要的列可以留空，列的先后可以调整。",
    "三、各列的填法：",
    *(f"{heading}——{how}" for heading, (_, how) in COLUMNS.items()),
    "四、标题中要有年度，例如“2024年深化医改重点任务分解表”。标题下面一行可以不填。",
    "五、保存后在系统的“导入分解表”页面上传，核对无误再确认导入。严禁填写涉密信息。",
)
HEADING_ROW = 3
FIRST_ROW, LAST_ROW = HEADING_ROW + 1, 500
SPARE_ROWS = 10  # framed, below the example
TEXT_COLUMNS = (7, 8)  # spreadsheets make dates and fractions of what looks like one

SHADE = PatternFill("solid", fgColor="DDE7F0")


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """One task of the example; `measures` are numbered when they are written."""

    section: str
    task: str
    measures: Sequence[str]
    lead: str
    support: Sequence[str] = ()
    deadline: str = ""
    target: str = ""
    remarks: str = ""


def example_rows(units: Sequence[str]) -> list[TemplateRow]:
    """Return two sections and three tasks for units that are there: the first three of `units`."""
    first, second, third = [*units, "市卫健委", "市医保局", "市财政局"][:3]
    return [
        TemplateRow(
            section="一、健全公共卫生体系",
            task="加强急救体系建设。",
            measures=(
                "完善院前医疗急救网络。",
                "在公共场所配备自动体外除颤仪（AED）达300台。",
            ),
            lead=first,
            support=(second, third),
            deadline="12月底前",
            target="300台",
        ),
        TemplateRow(
            section="一、健全公共卫生体系",
            task="做好重点人群健康服务。",
            measures=("开展老年人健康体检。", "规范慢性病随访管理。"),
            lead=first,
            support=(second,),
            deadline="持续推进",
        ),
        TemplateRow(
            section="二、深化支付方式改革",
            task="完善医保支付机制。",
            measures=("出台年度支付方案。", "开展方案执行情况评估。"),
            lead=second,
            support=(first,),
            deadline="6月底前",
        ),
    ]


def plan_template(title: str, units: Sequence[str], rows: Sequence[TemplateRow] | None = None) -> bytes:
    """Return the template's file (.xlsx).

    `title` stands above the table and should name the year; `units` are offered in the column 牵头单位;
    `rows` are the filled example, by default `example_rows(units)`.
    """
    book = new_book()
    sheet = book.active
    sheet.title = TABLE
    _set_page(sheet)
    _write_head(sheet, title)
    _write_rows(sheet, example_rows(units) if rows is None else rows)
    write_guide(book.create_sheet(GUIDE), GUIDE_LINES)
    _write_units(book.create_sheet(UNITS), units)
    _add_checks(sheet, len(units))
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _set_page(sheet: Worksheet) -> None:
    set_page(sheet, heading_row=HEADING_ROW)
    sheet.freeze_panes = f"A{FIRST_ROW}"
    for letter, (width, _) in zip("ABCDEFGHI", COLUMNS.values(), strict=True):
        sheet.column_dimensions[letter].width = width


def _write_head(sheet: Worksheet, title: str) -> None:
    for row, text, high, alignment in ((1, title, 36, CENTRE), (2, HEADER, 24, LEFT)):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(COLUMNS))
        sheet.row_dimensions[row].height = high
        _put(sheet.cell(row, 1), text, alignment)
    sheet["A1"].font = Font(name="方正小标宋简体", size=20)
    sheet.row_dimensions[HEADING_ROW].height = 24
    for column, heading in enumerate(COLUMNS, start=1):
        cell = sheet.cell(HEADING_ROW, column)
        _put(cell, heading, CENTRE)
        cell.font, cell.fill, cell.border = BOLD, SHADE, FRAME


def _write_rows(sheet: Worksheet, rows: Sequence[TemplateRow]) -> None:
    number = 0
    for section, group in groupby(rows, lambda row: row.section):
        first = FIRST_ROW + number
        for task in group:
            number += 1
            _write_row(sheet, FIRST_ROW + number - 1, number, task)
        last = FIRST_ROW + number - 1
        _put(sheet.cell(first, 2), section, LEFT)
        if last > first:
            sheet.merge_cells(start_row=first, end_row=last, start_column=2, end_column=2)
    for row in range(FIRST_ROW, LAST_ROW + 1):
        for column in range(1, len(COLUMNS) + 1):
            cell = sheet.cell(row, column)
            cell.font, cell.alignment = BODY, CENTRE if column == 1 else LEFT
            if row < FIRST_ROW + number + SPARE_ROWS:
                cell.border = FRAME
            if column in TEXT_COLUMNS:
                cell.number_format = "@"


def _write_row(sheet: Worksheet, row: int, number: int, task: TemplateRow) -> None:
    measures = "\n".join(f"{chr(ord('①') + i)}{text}" for i, text in enumerate(task.measures))
    texts = (
        task.task,
        measures,
        task.lead,
        "、".join(task.support),
        task.deadline,
        task.target,
        task.remarks,
    )
    sheet.cell(row, 1).value = number
    for column, text in enumerate(texts, start=3):
        _put(sheet.cell(row, column), text, LEFT)
    widths = [width for width, _ in COLUMNS.values()][2:]
    sheet.row_dimensions[row].height = max(map(height, texts, widths))


def _write_units(sheet: Worksheet, units: Sequence[str]) -> None:
    set_page(sheet, heading_row=1, lies=False)
    sheet.column_dimensions["A"].width = 40
    _put(sheet["A1"], "以下名称供“任务分解表”的下拉列表使用", LEFT)
    sheet["A1"].font = BOLD
    for row, unit in enumerate(units, start=2):
        _put(sheet.cell(row, 1), unit, LEFT)


def _add_checks(sheet: Worksheet, unit_count: int) -> None:
    """Add to each column what to fill in; wrong numbers are refused, unknown units asked about."""
    for letter, (heading, (_, how)) in zip("ABCDEFGHI", COLUMNS.items(), strict=True):
        check = DataValidation(allow_blank=True, showInputMessage=True, promptTitle=heading, prompt=how)
        if heading == "序号":
            check.type, check.operator, check.formula1, check.formula2 = "whole", "between", "1", "9999"
            check.showErrorMessage, check.errorTitle, check.error = True, heading, "序号应是1到9999的整数。"
        elif heading == "牵头单位" and unit_count:
            check.type, check.formula1 = "list", f"{UNITS}!$A$2:$A${unit_count + 1}"
            check.showErrorMessage, check.errorStyle, check.errorTitle = True, "warning", heading
            check.error = "这个单位不在名单中。请核对名称；确需新增的，可以继续，导入时再确认。"
        check.add(f"{letter}{FIRST_ROW}:{letter}{LAST_ROW}")
        sheet.add_data_validation(check)


def _put(cell: Cell, text: str, alignment: Alignment) -> None:
    """Write `text` as text, whatever it looks like."""
    put_text(cell, safe_text(text), alignment)
