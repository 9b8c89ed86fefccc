"""Reads one row of a file by itself, field by field: what an admin finds in its form before mending it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tasks_app.documents.grid import Sheet, Workbook, column_letter

from .mends import MendedRow, Mends, RowKind
from .table.cells import Row
from .table.fields import Field
from .table.headings import with_lone_titles
from .table.layout import Table, find_tables

HEAD, NEAR, BELOW = 100, 500, 20  # rows


def row_as_read(
    workbook: Workbook,
    place: tuple[str, int],
    *,
    known: dict[str, Field],
    mends: Mends,
    columns: Sequence[Mapping[str, Any]],
    goes_on: bool,
) -> MendedRow:
    """Return the row at `place` (sheet, row) as the file has it, so that storing it unchanged changes nothing.

    `columns` are those of the stored preview; `goes_on` tells that the row belongs to the task above it.
    """
    sheet, number = place
    fields = [Field[column["field"]] for column in columns if column["field"] != Field.IGNORED.name]
    texts = dict.fromkeys(fields, "")
    unmended = mends.with_row(sheet, number, None)
    near = replace(
        workbook, sheets=tuple(_near(s, number) if s.name == sheet else s for s in workbook.sheets)
    )
    table = next((t for t in find_tables(near, known, unmended)[0] if t.sheet.name == sheet), None)
    rows = with_lone_titles(table.rows)[0] if table else []
    row = next((row for row in rows if row.number == number), None)
    if table is None or row is None:
        own = next((s.rows.get(number, {}) for s in workbook.sheets if s.name == sheet), {})
        return MendedRow(RowKind.TASK, texts | {Field.TITLE: "\n".join(own.values())})
    if row.alone is not None:
        return MendedRow(RowKind.SECTION, texts | {next(iter(texts), Field.TITLE): row.alone.text})
    read_as = _fields_read_as(table, columns)
    for field, cell in row.cells.items():
        # What a cell merged over several rows says, it says of each task that begins in one of them.
        is_own = cell.place.row == number or not (goes_on or field in (Field.TITLE, Field.MEASURES))
        if field in read_as and is_own:
            texts[read_as[field]] = cell.text
    remarks = [texts.get(Field.REMARKS, ""), *_others(row, goes_on=goes_on)]
    if any(remarks):
        texts[Field.REMARKS] = "\n".join(filter(None, remarks))
    return MendedRow(RowKind.CONTINUATION if goes_on else RowKind.TASK, texts)


def _near(sheet: Sheet, number: int) -> Sheet:
    """Return a sheet with its head and the rows near one: of a very long one, the others say nothing of it."""
    if len(sheet.rows) <= HEAD + NEAR:
        return sheet
    head = set(list(sheet.rows)[:HEAD])
    rows = {r: cells for r, cells in sheet.rows.items() if r in head or number - NEAR <= r <= number + BELOW}
    return replace(sheet, rows=rows)


def _fields_read_as(table: Table, columns: Sequence[Mapping[str, Any]]) -> dict[Field, Field]:
    """Return {field by its heading: field it is read as}: where no column is called so, another has the tasks."""
    by_letter = {column["letter"]: Field[column["field"]] for column in columns}
    by_letter = {letter: field for letter, field in by_letter.items() if field is not Field.IGNORED}
    return {field: by_letter.get(column_letter(places[0]), field) for field, places in table.fields.items()}


def _others(row: Row, *, goes_on: bool) -> list[str]:
    """Return what stands in columns that nobody knows, as it is kept among the remarks."""
    return [
        f"{heading}：{cell.text}"
        for heading, cell in row.other
        if not goes_on or cell.place.row == row.number
    ]
