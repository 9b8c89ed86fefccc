"""Settles by what stands below them what headings leave open: sections merged over tasks, indicators beside values."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tasks_app.documents.grid import Sheet
from tasks_app.language.numerals import half_width
from tasks_app.language.text import squash

from ..numbers.target_cells import is_value
from .cells import Cell, MergedCells
from .fields import ONLY_SECTIONS, WHO, Field, heading_key
from .headers import Column
from .headings import title_level

LOOKED_AT = 300  # rows
LONGEST_SECTION = 60
# What is merged over several tasks under such a heading is said of each, and is no title above them.
SAID_OF_EACH = re.compile(
    r"领导|责任|负责|联系|依据|来源|文号|单位|部门|人员|电话|日期|时间|状态|是否|分值|权重"
)
INDICATOR = re.compile(r".{0,8}指标(名称|内容|项目|要素)?")
NO_INDICATOR = re.compile(r"(量化|目标|.*目标|预期)指标|.*指标(值|要求|任务|类别|类型|属性)")
AIMED_AT = re.compile(r"目标|值|标准|要求|任务|计划|20\d\d年?$")
# Numbers beside a target that are none.
NOT_AIMED_AT = re.compile(r"基期|基数|基准|基础|现状|上年|去年|完成值|实际|分值|权重|得分|分数|序号|编号")
YEAR = re.compile(r"20\d\d年?")


@dataclass(frozen=True, slots=True)
class Below:
    """The cells below a heading that ends in row `bottom`."""

    sheet: Sheet
    merged: MergedCells
    bottom: int

    def cells(self, column: Column) -> list[Cell]:
        """Return the cells of a column, row by row."""
        return [self.merged.cell(row, column.columns[0]) for row in self.rows()]

    def rows(self) -> Iterator[int]:
        """Yield the rows that have more than one cell: a title or a note stands alone."""
        rows = (row for row, own in self.sheet.rows.items() if row > self.bottom and len(own) > 1)
        yield from (row for row, _ in zip(rows, range(LOOKED_AT), strict=False))

    def are_values(self, column: Column) -> bool:
        """Tell whether most of what stands in a column is a number with or without its bound: ≥30, 79.8岁."""
        texts = [cell.text for cell in self.cells(column) if cell.text]
        return sum(map(is_value, texts)) * 2 > len(texts)


def with_sections(columns: Sequence[Column], below: Below) -> Sequence[Column]:
    """Take an unknown column left of the tasks, merged down over several of them, for their sections."""
    what = next(
        (c for f in (Field.TITLE, Field.SECTION, Field.MEASURES) for c in columns if c.field is f), None
    )
    has_sections = any(c.field is Field.SECTION and c is not what for c in columns)
    if what is None or has_sections or heading_key(what.heading) in ONLY_SECTIONS:
        return columns
    number = next((column for column in columns if column.field is Field.NUMBER), None)
    tasks = below.cells(what)
    numbers = [cell.text for cell in below.cells(number)] if number else []
    above = [
        column
        for column in columns
        if column.field is None
        and column.columns[0] < what.columns[0]
        and _stands_above(column, below.cells(column), tasks, numbers)
    ]
    if above and what.field is Field.SECTION:
        columns = [replace(column, field=Field.TITLE) if column is what else column for column in columns]
    return [replace(column, field=Field.SECTION) if column in above else column for column in columns]


def _stands_above(column: Column, cells: list[Cell], tasks: list[Cell], numbers: list[str]) -> bool:
    """Tell whether the texts of a column are titles above tasks: fewer than these, and each for those below it."""
    texts = [cell.text for cell in cells if cell.text]
    if not texts or not cells[0].text or max(map(len, texts)) > LONGEST_SECTION:
        return False
    of_several = {
        a.place.row
        for (a, b), (task, other) in zip(pairwise(cells), pairwise(tasks), strict=True)
        if task.text and other.text and task.place != other.place and (a.place == b.place or not b.text)
    }
    restarts = _restarts(cells, numbers)
    if not of_several or (SAID_OF_EACH.search(column.heading) and not restarts):
        return False
    is_merged = all(cell.text for cell in cells)
    return is_merged or restarts or all(title_level(text) is not None for text in texts)


def _restarts(cells: list[Cell], numbers: list[str]) -> bool:
    """Tell whether the numbers begin anew beside each text."""
    first = [squash(number) for cell, number in _firsts(cells, numbers)]
    return len(first) > 1 and all(number.strip("、.．") == "1" for number in first)


def _firsts(cells: list[Cell], numbers: list[str]) -> Iterator[tuple[Cell, str]]:
    seen = set()
    for cell, number in zip(cells, numbers, strict=False):
        if cell.text and cell.place not in seen:
            seen.add(cell.place)
            yield cell, number


def with_indicators(columns: Sequence[Column], below: Below) -> Sequence[Column]:
    """Read 指标 beside 目标值: the indicator is the task, its value the target; beside a task both are its target."""
    names = [column for column in columns if _names_indicators(column) and not below.are_values(column)]
    values = [c for c in columns if c not in names and _is_aimed_at(c, below)] if names else []
    if not values:
        return columns
    if any(_is_task(c, below) for c in columns if c not in [*names, *values]):
        first, *more = [*names[-1:], *values]
        made = {first.name: replace(first, field=Field.TARGET, columns=_places([first, *more]))}
    else:
        first, *more = values
        made = {column.name: replace(column, field=Field.SECTION) for column in names[:-1]}
        made |= {names[-1].name: replace(names[-1], field=Field.TITLE), first.name: _together(values)}
    dropped = [column.name for column in more]
    unit = next((c for c in columns if heading_key(c.heading) in ("单位", "计量单位", "指标单位")), None)
    if unit is not None and (unit.field not in WHO or any(c.field in WHO and c is not unit for c in columns)):
        made[unit.name] = replace(unit, field=Field.MEASURED_IN)
    return [made.get(column.name, column) for column in columns if column.name not in dropped]


def _is_task(column: Column, below: Below) -> bool:
    """Tell whether a column holds the tasks that indicators stand beside: 工作任务 may be their section instead."""
    if column.field is not Field.SECTION or heading_key(column.heading) in ONLY_SECTIONS:
        return column.field is Field.TITLE
    cells = below.cells(column)
    return all(cell.text for cell in cells) and len({cell.place for cell in cells}) == len(cells)


def _places(columns: Sequence[Column]) -> tuple[int, ...]:
    return tuple(place for column in columns for place in column.columns)


def _names_indicators(column: Column) -> bool:
    key = re.sub(r"\(.*?\)", "", heading_key(column.heading))
    is_open = column.field in (Field.TARGET, Field.TITLE, Field.SECTION, None)
    return is_open and bool(INDICATOR.fullmatch(key)) and not NO_INDICATOR.fullmatch(key)


def _is_aimed_at(column: Column, below: Below) -> bool:
    key = heading_key(column.heading)
    if NOT_AIMED_AT.search(key) or not AIMED_AT.search(key):
        return False
    return column.field is Field.TARGET or (
        column.field in (Field.TITLE, Field.MEASURES, None) and below.are_values(column)
    )


def _together(values: list[Column]) -> Column:
    """Return the columns of a target as one: 2025年目标值 beside 2030年目标值 are two spans of time of it."""
    if len(values) == 1:
        return replace(values[0], field=Field.TARGET)
    years = [YEAR.match(half_width(heading_key(column.heading))) for column in values]
    return replace(
        values[0],
        field=Field.TARGET,
        columns=_places(values),
        parts=tuple(year[0] if year else column.heading for year, column in zip(years, values, strict=True)),
    )
