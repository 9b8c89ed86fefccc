"""Reads .xls and the .et of WPS (both BIFF) with xlrd, which knows merges, formats and what is hidden."""

import os
from collections.abc import Iterator
from typing import Any

import xlrd

from .budget import Budget, clean
from .errors import UnreadableDocument
from .excel import MACROS_IGNORED, hidden_columns
from .grid import CellFault, Merge, Sheet, Workbook
from .number_format import NumberFormat, number_format, plain_number
from .refusals import BROKEN, ENCRYPTED

MACROS = "_VBA_PROJECT".encode("utf-16-le")


def read_old_excel(data: bytes, budget: Budget) -> Workbook:
    """Return the worksheets of the workbook in `data`."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        try:
            book = xlrd.open_workbook(
                file_contents=data, formatting_info=True, ragged_rows=True, logfile=nowhere
            )
        except xlrd.XLRDError as error:
            raise UnreadableDocument(ENCRYPTED if "encrypted" in str(error) else BROKEN) from error
        except MemoryError:
            raise
        except Exception as error:  # a damaged workbook breaks xlrd in a hundred ways
            raise UnreadableDocument(BROKEN) from error
    formats = [_format(book, style) for style in book.xf_list]
    sheets = tuple(_sheet(sheet, formats, budget) for sheet in book.sheets())
    return Workbook(sheets, remarks=(MACROS_IGNORED,) if MACROS in data else ())


def _format(book: Any, style: Any) -> NumberFormat | None:
    found = book.format_map.get(style.format_key)
    return number_format(style.format_key, found.format_str if found else "")


def _sheet(sheet: Any, formats: list[NumberFormat | None], budget: Budget) -> Sheet:
    rows, faults = {}, {}
    for index in range(sheet.nrows):
        texts = budget.row(_cells(sheet, index, formats))
        if texts:
            rows[index + 1] = texts
            for column in texts:
                if sheet.cell_type(index, column - 1) == xlrd.XL_CELL_ERROR:
                    faults[index + 1, column] = CellFault.ERROR_VALUE
    hidden = {row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden or info.height == 0}
    columns = [(c + 1, c + 1) for c, info in sheet.colinfo_map.items() if info.hidden or info.width == 0]
    return Sheet(
        name=clean(sheet.name),
        rows=rows,
        merges=tuple(
            Merge(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells
        ),
        is_hidden=sheet.visibility != 0,
        faults=faults,
        hidden_rows=frozenset(hidden & rows.keys()),
        hidden_columns=hidden_columns(columns, rows),
    )


def _cells(sheet: Any, row: int, formats: list[NumberFormat | None]) -> Iterator[tuple[int, str]]:
    for column, cell in enumerate(sheet.row(row), start=1):
        if cell.ctype not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
            yield column, _text(cell, formats, from_1904=bool(sheet.book.datemode))


def _text(cell: Any, formats: list[NumberFormat | None], *, from_1904: bool) -> str:
    """Return a cell's value as a person would read it."""
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return str(cell.value)
    if number_format := formats[cell.xf_index]:
        return number_format.text(cell.value, from_1904=from_1904)
    return plain_number(cell.value)
