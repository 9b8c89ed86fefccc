"""Writes a described table as .xlsx, .docx, .csv or, through LibreOffice, .xls."""

import csv
import io
import re
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import openpyxl
from openpyxl.styles import Border, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tasks_app.documents.grid import Merge, Sheet
from tests.surroundings import office
from tests.word_files import p, tbl, tc, tr, word_file

from .description import LEFT, UP, Case, Grid, Row

# A zip of the same content is the same file at any time.
ANY_TIME = (2024, 1, 1, 0, 0, 0)
DAY = re.compile(r"\d{4}-\d\d-\d\d")
SAVED_AT = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
ENCODINGS = {"csv": "utf-8", "gb.csv": "gb18030", "bom.csv": "utf-8-sig", "tab.csv": "utf-16"}


def write(case: Case, kind: str) -> bytes:
    """Return `case` as a file of `kind`."""
    if kind in ("xlsx", "xlsm"):
        return _workbook(case, has_macros=kind == "xlsm")
    if kind in ("xls", "et"):
        return _old_workbook(case)
    if kind == "docx":
        return _word(case)
    return _text(case, ENCODINGS[kind], "\t" if kind == "tab.csv" else ",")


# --- what all formats share -------------------------------------------------------------------------------


def _rows(rows: Sequence[Row], width: int) -> list[list[str]]:
    """Return rows of cells all as wide as the table."""
    full = [[row, *[LEFT] * (width - 1)] if isinstance(row, str) else list(row) for row in rows]
    return [row + [""] * (width - len(row)) for row in full]


def _sheet_rows(grid: Grid) -> list[list[str]]:
    return _rows([*grid.above, *grid.rows, *grid.below], grid.width)


def _merges(rows: list[list[str]]) -> Iterator[tuple[int, int, int, int]]:
    """Yield (top, left, bottom, right) of the merged cells, counted from 0."""
    for top, row in enumerate(rows):
        for left, text in enumerate(row):
            if text in (LEFT, UP):
                continue
            right = left
            while right + 1 < len(row) and row[right + 1] == LEFT:
                right += 1
            bottom = top
            while bottom + 1 < len(rows) and rows[bottom + 1][left] == UP:
                bottom += 1
            if (top, left) != (bottom, right):
                yield top, left, bottom, right


def _text_of(cell: str) -> str:
    return "" if cell in (LEFT, UP) else cell


def as_sheet(grid: Grid) -> Sheet:
    """Return a table as what every reader of files makes of it."""
    rows = _sheet_rows(grid)
    cells = {
        number: {column: text for column, cell in enumerate(row, start=1) if (text := _text_of(cell))}
        for number, row in enumerate(rows, start=1)
    }
    merges = (Merge(top + 1, left + 1, bottom + 1, right + 1) for top, left, bottom, right in _merges(rows))
    return Sheet(grid.name, {number: row for number, row in cells.items() if row}, tuple(merges))


# --- .xlsx, .xls ------------------------------------------------------------------------------------------


def _workbook(case: Case, *, has_macros: bool = False) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for grid in case.parts:
        if isinstance(grid, Grid):
            _fill(book.create_sheet(grid.name), grid)
    buffer = io.BytesIO()
    book.save(buffer)
    return _repacked(buffer.getvalue(), has_macros=has_macros)


def _fill(sheet: Worksheet, grid: Grid) -> None:
    rows = _sheet_rows(grid)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row, start=1):
            if text := _text_of(cell):
                _write(sheet, number, column, text)
    for top, left, bottom, right in _merges(rows):
        sheet.merge_cells(None, top + 1, left + 1, bottom + 1, right + 1)
    for number in grid.hidden_rows:
        sheet.row_dimensions[number].hidden = True
    for number in grid.hidden_columns:
        sheet.column_dimensions[get_column_letter(number)].hidden = True
    line = Border(bottom=Side(style="thin"))
    for number in range(len(rows) + 1, len(rows) + 1 + grid.empty_formatted_rows):
        sheet.cell(number, 1).border = line
    if grid.is_hidden:
        sheet.sheet_state = "hidden"


def _write(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """Write a cell as somebody's typing would make it: numbers and dates are none of text."""
    value: str | int | date = text
    if text.isascii() and text.isdigit():
        value = int(text)
    elif DAY.fullmatch(text):
        value = date.fromisoformat(text)
    cell = sheet.cell(row, column, value)
    if isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    if text.startswith("="):
        cell.data_type = "f"


def _repacked(data: bytes, *, has_macros: bool) -> bytes:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = SAVED_AT.sub(rb"\g<1>2024-01-01T00:00:00Z", source.read(name))
            if has_macros and name == "[Content_Types].xml":
                content = content.replace(
                    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
                )
            target.writestr(zipfile.ZipInfo(name, ANY_TIME), content, zipfile.ZIP_DEFLATED)
        if has_macros:
            target.writestr(zipfile.ZipInfo("xl/vbaProject.bin", ANY_TIME), b"Attribute VB_Name")
    return buffer.getvalue()


def _old_workbook(case: Case) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "table.xlsx"
        source.write_bytes(_workbook(case))
        return office.convert(source, "xls", Path(folder)).read_bytes()


# --- .docx ------------------------------------------------------------------------------------------------


def _word(case: Case) -> bytes:
    body = "".join(
        p(part)
        if isinstance(part, str)
        # Word takes two tables without a paragraph between them for one.
        else "".join(map(p, part.above)) + _word_table(part) + "".join(map(p, _lines(part.below))) + p("")
        for part in case.parts
    )
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(word_file(body))) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, ANY_TIME), source.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _lines(rows: Sequence[Row]) -> list[str]:
    """Below a table Word has lines of text, where a sheet has cells."""
    return [row if isinstance(row, str) else "　".join(filter(None, row)) for row in rows]


def _word_table(grid: Grid) -> str:
    rows = _rows(grid.rows, grid.width)
    return tbl(*(_word_row(rows, number) for number in range(len(rows))), widths=(1600,) * grid.width)


def _word_row(rows: list[list[str]], number: int) -> str:
    cells, row = [], rows[number]
    for left, cell in enumerate(row):
        if cell == LEFT:
            continue
        span = 1
        while left + span < len(row) and row[left + span] == LEFT:
            span += 1
        goes_on = number + 1 < len(rows) and rows[number + 1][left] == UP
        merge = "continue" if cell == UP else "restart" if goes_on else ""
        lines = [""] if cell == UP else cell.split("\n")
        cells.append(tc(*map(p, lines), span=span, merge=merge))
    return tr(*cells)


# --- .csv -------------------------------------------------------------------------------------------------


def _text(case: Case, encoding: str, separator: str) -> bytes:
    (grid,) = (part for part in case.parts if isinstance(part, Grid))
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=separator)
    for row in _sheet_rows(grid):
        writer.writerow(map(_text_of, row))
    return buffer.getvalue().encode(encoding)
