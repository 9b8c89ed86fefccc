"""Describes the columns of a table, and says what its headings lack, repeat, or leave in doubt."""

from collections.abc import Mapping, Sequence

from tasks_app.documents.grid import column_letter

from ..problems import Place, Problem, error, warning
from .fields import WHAT, WHO, Field, meaning
from .headers import Column
from .layout import Table
from .parsed import ParsedColumn


def described_columns(table: Table, rename: Mapping[Field, Field]) -> list[ParsedColumn]:
    """Return the columns of `table` as the preview shows them; `rename` is {field: TITLE} where that was settled."""
    return [
        ParsedColumn(
            name=column.name,
            heading=column.heading,
            letter=column_letter(column.columns[0]),
            field=rename.get(column.field, column.field)
            if column.field and not _is_repeated(column, table)
            else Field.REMARKS,
            is_known=column.field is not None,
        )
        for column in (*table.header.columns, *table.headless)
    ]


def _is_repeated(column: Column, table: Table) -> bool:
    """Tell whether a column to its left has the same field."""
    field = column.field
    return field is not None and table.fields.get(field, column.columns) != column.columns


def check_columns(
    tables: Sequence[Table],
    fields: frozenset[Field],
    rename: Mapping[Field, Field],
    known: Mapping[str, Field],
) -> list[Problem]:
    """Return what the headings lack, repeat, or have that nobody knows."""
    first = tables[0]
    row = Place(first.sheet.name, first.header.bottom, kind=first.sheet.kind)
    problems = []
    if Field.TITLE not in fields:
        text = (
            "表头缺少写任务的列（“重点任务”“工作内容”等）。请在页面上指定哪一列是任务，或改好列名后重新上传。"
        )
        problems.append(error(row, text))
    for old in (old for old, new in rename.items() if new is Field.TITLE):
        column = next(c for c in first.header.columns if c.field is old)
        place = Place(first.sheet.name, first.header.bottom, column.columns[0], first.sheet.kind)
        problems.append(warning(place, f"把“{column.heading}”列作为任务读入。如不对，请在页面上改列的含义。"))
    for column in (*first.header.columns, *first.headless):
        place = Place(first.sheet.name, first.header.bottom, column.columns[0], first.sheet.kind)
        if column.field is None:
            text = f"不认识列名“{column.heading[:20]}”，内容暂并入备注。请在页面上指定它的含义，下次会记住。"
            problems.append(warning(place, text))
        elif _is_only_likely(column, known):
            text = f"列名“{column.heading[:20]}”按“{column.field.value}”读入。如不对，请在页面上改列的含义。"
            problems.append(warning(place, text))
        elif column.field is not Field.REMARKS and _is_repeated(column, first):
            problems.append(_repeated(column.field, first.fields[column.field][0], place))
    return problems


def _is_only_likely(column: Column, known: Mapping[str, Field]) -> bool:
    """Tell whether only the words of a heading suggest what it means."""
    return column.field is not Field.NUMBER and not (
        meaning(column.name, known) or meaning(column.heading, known)
    )


def _repeated(field: Field, first: int, place: Place) -> Problem:
    letter = column_letter(first)
    text = f"“{field.value}”列与{letter}列重复"
    if field in WHAT | WHO:
        return error(
            place, f"{text}，无法确定以哪一列为准。请在页面上改其中一列的含义，或删去一列后重新上传。"
        )
    return warning(place, f"{text}，以{letter}列为准，这一列的内容并入备注。")
