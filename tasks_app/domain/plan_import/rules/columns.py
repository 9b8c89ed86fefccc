"""Finds the heading row of a table by what the headings mean, in any order."""

import re
from dataclasses import dataclass

from tasks_app.documents.grid import Sheet, column_letter

from .parsed import Field, squash
from .problems import Place, Problem, error, warning

HEADINGS: dict[Field, tuple[str, ...]] = {
    Field.SECTION: ("工作任务", "章节", "领域", "板块", "工作领域", "任务类别"),
    Field.NUMBER: ("序号", "编号", "任务序号"),
    Field.TITLE: ("主要目标要求", "主要目标", "目标要求", "重点任务", "任务名称", "目标任务", "任务内容"),
    Field.MEASURES: ("细化措施", "具体举措", "工作措施", "具体措施", "实施路径", "工作内容", "推进举措"),
    Field.UNITS: ("责任单位", "责任部门", "责任单位(部门)"),
    Field.PROGRESS: ("工作进展", "进展情况", "工作进展情况"),
    Field.REMARKS: ("备注",),
}
MEANINGS = {heading: field for field, headings in HEADINGS.items() for heading in headings}
# Every cell of every row is asked; padded and folded headings are still far below this.
LONGEST_HEADING = 60
REQUIRED = (Field.SECTION, Field.TITLE, Field.MEASURES, Field.UNITS)


@dataclass(frozen=True, slots=True)
class Header:
    """One heading row: the column of each field, and what it has besides."""

    row: int
    columns: dict[Field, int]
    unknown: dict[int, str]
    repeated: dict[int, Field]


def header_in(cells: dict[int, str], row: int) -> Header | None:
    """Return the header if these cells of one row are headings, else None."""
    columns: dict[Field, int] = {}
    unknown: dict[int, str] = {}
    repeated: dict[int, Field] = {}
    for column, text in cells.items():
        field = meaning(text)
        if field is None:
            unknown[column] = text
        elif field in columns:
            repeated[column] = field
        else:
            columns[field] = column
    is_header = sum(field in columns for field in REQUIRED) >= 2
    return Header(row, columns, unknown, repeated) if is_header else None


def meaning(heading: str) -> Field | None:
    """Return what a heading means, whatever spaces, line breaks or colon it carries."""
    if len(heading) > LONGEST_HEADING:
        return None
    return MEANINGS.get(re.sub(r"[:：*]", "", squash(heading)))


def check_columns(sheet: Sheet, header: Header) -> list[Problem]:
    """Return what the headings lack, repeat, or have that nobody reads."""
    row = Place(sheet.name, header.row)
    problems = []
    for field in REQUIRED:
        if field not in header.columns:
            names = "、".join(HEADINGS[field])
            problems.append(
                error(row, f"表头缺少“{field.value}”列。请补上这一列，列名可写作：{names}；改好后重新上传。")
            )
    for column, field in header.repeated.items():
        first = column_letter(header.columns[field])
        place = Place(sheet.name, header.row, column)
        problems.append(
            error(
                place,
                f"“{field.value}”列与{first}列重复，无法确定以哪一列为准。请删去一列或改列名后重新上传。",
            )
        )
    for column, text in header.unknown.items():
        place = Place(sheet.name, header.row, column)
        problems.append(
            warning(place, f"无法识别列名“{text[:20]}”，这一列不会导入。如需导入请改用已知的列名。")
        )
    return problems
