"""Settles what headings leave open: which column holds the tasks when none is called so, or two are."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from .cells import Cell
from .fields import ONLY_SECTIONS, WHO, Field, heading_key, likely_meaning
from .headers import Column
from .measures import first_mark

# The first field named twice gives one of its columns to the second, if no column has that yet:
# 重点任务 beside 工作事项 are a section and its tasks, 工作内容 beside 主要举措 are tasks and their measures.
HEIRS = (
    (Field.TITLE, 0, Field.SECTION),
    (Field.TITLE, 1, Field.MEASURES),
    (Field.MEASURES, 0, Field.TITLE),
    (Field.SECTION, 1, Field.TITLE),
    (Field.UNITS, 0, Field.LEAD),
)


# Beside a column of responsible units these say something else: 单位 of what is counted, 责任科室 of a unit.
NO_UNITS_BESIDE_UNITS = re.compile(r"单位|部门|.*[科处].?室")


def settle(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Return `columns` as the rest of the heading tells them: no units, told apart, or what is most likely."""
    return _most_likely(settle_twice(_without_no_units(columns)))


def _without_no_units(columns: Sequence[Column]) -> list[Column]:
    units = [column for column in columns if column.field in WHO]
    doubtful = [column for column in units if NO_UNITS_BESIDE_UNITS.fullmatch(heading_key(column.heading))]
    if len(doubtful) == len(units):
        return list(columns)
    return [replace(column, field=None) if column in doubtful else column for column in columns]


def _most_likely(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Give columns that nobody knows the field that their words suggest, where no other column has it."""
    taken = {column.field for column in columns}
    settled = []
    for column in columns:
        likely = likely_meaning(column.heading) if column.field is None else None
        settled.append(column if likely is None or likely in taken else replace(column, field=likely))
        taken.add(settled[-1].field)
    return tuple(settled)


def right_half(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Return the columns on the right that say the same again, of a table laid out in two halves to save paper."""
    middle, odd = divmod(len(columns), 2)
    left, right = columns[:middle], columns[middle:]
    if odd or [heading_key(c.heading) for c in left] != [heading_key(c.heading) for c in right]:
        return ()
    return tuple(right) if any(column.field in WHO for column in left) and middle > 1 else ()


def settle_twice(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Return `columns` with fields named twice told apart, where the rest of the heading says how."""
    settled = list(columns)
    for field, which, heir in HEIRS:
        having = [i for i, column in enumerate(settled) if column.field is field]
        if len(having) != 2 or any(column.field is heir for column in settled):
            continue
        if field is Field.UNITS and not _names_differ(settled[having[0]], settled[having[1]]):
            continue
        settled[having[which]] = replace(settled[having[which]], field=heir)
        if field is Field.UNITS:
            settled[having[1]] = replace(settled[having[1]], field=Field.SUPPORT)
    return tuple(_one_number(_one_section(settled)))


def _one_section(columns: list[Column]) -> list[Column]:
    """Two columns of sections beside the tasks are two levels of one title."""
    levels = [column for column in columns if column.field is Field.SECTION]
    if len(levels) != 2 or not any(column.field is Field.TITLE for column in columns):
        return columns
    both = replace(levels[0], columns=levels[0].columns + levels[1].columns)
    return [both if column is levels[0] else column for column in columns if column is not levels[1]]


def _names_differ(one: Column, other: Column) -> bool:
    """责任单位 twice by the same name is a mistake; 主办单位 beside 责任单位 are two things."""
    return one.heading != other.heading and any(
        "主" in c.heading or "承办" in c.heading for c in (one, other)
    )


def _one_number(columns: list[Column]) -> list[Column]:
    """Of several columns of numbers keep the one that stands before the tasks; the others number other things."""
    numbers = [i for i, column in enumerate(columns) if column.field is Field.NUMBER]
    if len(numbers) < 2:
        return columns
    beside = {
        i for i, (a, b) in enumerate(pairwise(columns)) if a.field is Field.NUMBER and b.field is Field.TITLE
    }
    kept = min(beside, default=numbers[-1])
    return [
        replace(column, field=Field.IGNORED) if i in numbers and i != kept else column
        for i, column in enumerate(columns)
    ]


# A heading that says what is to be reached, beside one that says what is to be done.
AIM = re.compile("目标|要求")


def task_field(
    fields: Iterable[Field], section_heading: str, rows: Sequence[Mapping[Field, Cell]]
) -> Field | None:
    """Return the field that holds the tasks where no column is called so; None if there is none.

    工作任务 beside 工作措施 may be the task of several measures or the section of several tasks: it is the
    section where each row has a number or units of its own.
    """
    there = set(fields)
    if Field.SECTION not in there or Field.MEASURES not in there:
        return next((f for f in (Field.SECTION, Field.MEASURES, Field.TARGET) if f in there), None)
    if section_heading in ONLY_SECTIONS:
        return Field.MEASURES
    groups = _groups(rows)
    if all(len(group) == 1 for group in groups):
        return Field.SECTION
    if Field.NUMBER not in there and _counts_measures(groups):
        return Field.SECTION
    for wanted in (Field.NUMBER, Field.UNITS, Field.LEAD):
        if wanted in there:
            return Field.MEASURES if _each_has_its_own(wanted, groups) else Field.SECTION
    return Field.SECTION


def sections_are_tasks(
    columns: Sequence[Column], fields: Iterable[Field], rows: Sequence[Mapping[Field, Cell]]
) -> dict[Field, Field]:
    """Return how to read 工作任务 beside 目标要求 below sections that stand in rows of their own.

    Where each row has a 工作任务 of its own, that is the task and the other its target. `columns` are those so called.
    """
    section = next(column for column in columns if column.field is Field.SECTION)
    title = next(column for column in columns if column.field is Field.TITLE)
    aims = Field.TARGET if Field.TARGET not in fields else Field.MEASURES
    are_other = heading_key(section.heading) in ONLY_SECTIONS or not AIM.search(title.heading)
    if are_other or aims in fields:
        return {}
    if any(len(group) > 1 or not group[0][Field.SECTION].text for group in _groups(rows)):
        return {}
    return {Field.SECTION: Field.TITLE, Field.TITLE: aims}


PROJECTS = re.compile(r".{0,4}项目(名称)?|内容")
IN_BRACKETS = re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,3}[.．、]")


def rows_are_tasks(heading: str, rows: Sequence[Mapping[Field, Cell]]) -> bool:
    """Tell whether what is called a task is a section: each of the rows beside it has a number of its own.

    A 项目 in which each row has units of its own and a number in its text is one too.
    """
    if not rows or not {Field.TITLE, Field.MEASURES} <= rows[0].keys():
        return False
    groups = _groups(rows, Field.TITLE)
    several = [group for group in groups if len(group) > 1]
    if Field.NUMBER in rows[0]:
        # Merged down over its rows: repeated or empty, a title may be that of one task, or forgotten.
        is_merged = any(group[0][Field.TITLE].place == group[-1][Field.TITLE].place for group in several)
        return is_merged and _each_has_its_own(Field.NUMBER, groups, of_whole_numbers=True)
    who = next((field for field in (Field.UNITS, Field.LEAD) if field in rows[0]), None)
    if (
        who is None
        or not PROJECTS.fullmatch(heading)
        or not any(group[-1][Field.TITLE].text for group in several)
    ):
        return False
    are_numbered = all(IN_BRACKETS.match(row[Field.MEASURES].text) for row in rows)
    return are_numbered and _each_has_its_own(who, groups)


def _groups(
    rows: Sequence[Mapping[Field, Cell]], by: Field = Field.SECTION
) -> list[list[Mapping[Field, Cell]]]:
    """Return the rows by the cell of one field they stand beside; an empty one goes on with the one before."""
    groups: list[list[Mapping[Field, Cell]]] = []
    last = ""
    for row in rows:
        text = row[by].text
        if not groups or (text and text != last):
            groups.append([])
            last = text
        groups[-1].append(row)
    return groups


def _counts_measures(groups: list[list[Mapping[Field, Cell]]]) -> bool:
    """Tell whether the texts are numbered anew in each group: ①② or （1）（2） are measures of one task."""
    several = [group for group in groups if len(group) > 1]
    return all(
        [first_mark(row[Field.MEASURES].text) for row in group] == list(range(1, len(group) + 1))
        for group in several
    )


def _each_has_its_own(
    wanted: Field, groups: list[list[Mapping[Field, Cell]]], *, of_whole_numbers: bool = False
) -> bool:
    """Tell whether most rows of groups with several have a cell of `wanted` that no other row shares."""
    having = total = 0
    for group in groups:
        if len(group) < 2:
            continue
        shared: dict[object, int] = defaultdict(int)
        for row in group:
            shared[row[wanted].place] += 1
        total += len(group)
        having += sum(
            bool(row[wanted].text)
            and shared[row[wanted].place] == 1
            and (not of_whole_numbers or row[wanted].text.strip(" .、．").isdecimal())
            for row in group
        )
    return having * 2 > total
