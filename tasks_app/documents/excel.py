"""Reads .xlsx and .xlsm with calamine, and what calamine does not tell from the sheets themselves."""

import io
import re
from datetime import date, time
from typing import Any

import python_calamine

from .archive import Archive
from .budget import Budget, clean
from .errors import UnreadableDocument
from .grid import Merge, Sheet, Workbook
from .number_format import date_text, plain_number
from .refusals import BROKEN, ENCRYPTED
from .sheet_details import SheetDetails, sheet_details

DIMENSION = (
    re.compile(r"xl/worksheets/[^/]+\.xml"),
    re.compile(rb"<(?:\w+:)?dimension\b[^>]*?(?:/>|>\s*</(?:\w+:)?dimension>)"),
)
MACROS_IGNORED = "文件带有宏，宏已忽略，只读取了表格内容。"


def read_excel(data: bytes, archive: Archive, main: str, budget: Budget) -> Workbook:
    """Return the worksheets of the workbook in `data`; `main` is the name of its main part."""
    try:
        sheets = _sheets(data, archive, main, budget)
    except python_calamine.PasswordError as error:
        raise UnreadableDocument(ENCRYPTED) from error
    except python_calamine.CalamineError as error:
        raise UnreadableDocument(BROKEN) from error
    has_macros = b"macroEnabled" in archive.part("[Content_Types].xml")
    return Workbook(sheets, remarks=(MACROS_IGNORED,) if has_macros else ())


def _sheets(data: bytes, archive: Archive, main: str, budget: Budget) -> tuple[Sheet, ...]:
    details = sheet_details(archive, main)
    try:
        return _read(data, details, budget)
    except python_calamine.CalamineError:
        # Some programs say of a sheet that it reaches over rows without columns ("1:40"): calamine stops at that.
        return _read(archive.rewritten(DIMENSION), details, budget)


def _read(data: bytes, details: dict[str, SheetDetails], budget: Budget) -> tuple[Sheet, ...]:
    workbook = python_calamine.load_workbook(io.BytesIO(data))
    return tuple(
        _sheet(workbook.get_sheet_by_index(index), metadata, details.get(metadata.name), budget)
        for index, metadata in enumerate(workbook.sheets_metadata)
        if metadata.typ == python_calamine.SheetTypeEnum.WorkSheet
    )


def _sheet(sheet: Any, metadata: Any, details: SheetDetails | None, budget: Budget) -> Sheet:
    details = details or SheetDetails()
    left = sheet.start[1] if sheet.start else 0
    own: dict[int, dict[int, str]] = {}
    for (row, column), text in details.texts.items():
        own.setdefault(row, {})[column] = text
    rows = {}
    # Rows are counted from the sheet's first, columns from the first that holds data.
    for number, values in enumerate(sheet.iter_rows(), start=1):
        cells = {column: value for column, value in enumerate(values, start=left + 1) if value != ""}
        cells |= own.pop(number, {})
        if cells and (texts := budget.row((column, _text(value)) for column, value in cells.items())):
            rows[number] = texts
    # Calamine ends a sheet with its last value; behind it there may be formulas that failed.
    for number, cells in sorted(own.items()):
        rows[number] = budget.row(cells.items())
    return Sheet(
        name=clean(metadata.name),
        rows=rows,
        merges=tuple(
            Merge(top + 1, left + 1, bottom + 1, right + 1)
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        ),
        is_hidden=metadata.visible != python_calamine.SheetVisibleEnum.Visible,
        faults=details.faults,
        hidden_rows=frozenset(details.hidden_rows & rows.keys()),
        hidden_columns=hidden_columns(details.hidden_columns, rows),
    )


def hidden_columns(ranges: list[tuple[int, int]], rows: dict[int, dict[int, str]]) -> frozenset[int]:
    """Return the columns in `ranges` that hold something: a range may reach to the last of all columns."""
    used = {column for cells in rows.values() for column in cells}
    return frozenset(column for column in used if any(low <= column <= high for low, high in ranges))


def _text(value: object) -> str:
    """Return a cell's value as a person would read it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return plain_number(float(value))
    if isinstance(value, date):
        return date_text(value)
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)
