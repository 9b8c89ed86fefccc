"""Reads tables from text files: .csv and text copied out of a table, in the encodings that Chinese programs write."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

from .budget import MAX_COLUMNS, Budget
from .errors import UnreadableDocument
from .grid import Sheet, SheetKind, Workbook
from .refusals import GARBLED_TEXT, NO_TABLE_IN_TEXT, OPEN_QUOTE

# In the order in which they are believed; the last is a comma of Chinese prose as well.
SEPARATORS = (",", "\t", ";", "|", "，")
PROSE_SEPARATOR = "，"
LOOKED_AT_ROWS = 100
# So much of the rows must have the same number of cells.
MOST, NEARLY_ALL = 0.5, 0.9
BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# Damaged UTF-8 has few bad places; what is not UTF-8 at all is bad nearly everywhere.
FEW = 0.05
LONGEST_CELL = 200_000
LAST_LINE = "\x00end"  # no text has a line like it
CSV_NAMES = (".csv", ".tsv")


def read_text(data: bytes, file_name: str, budget: Budget) -> Workbook:
    """Return the table in a text file; its rows are numbered as a spreadsheet would show them."""
    text = _decoded(data)
    csv.field_size_limit(LONGEST_CELL)
    separator = _separator(text)
    # One column may be all there is, if its maker called it a table.
    if separator is None and not file_name.lower().endswith(CSV_NAMES):
        raise UnreadableDocument(NO_TABLE_IN_TEXT)
    rows = {}
    for number, cells in enumerate(_records(text, separator or ","), start=1):
        if found := budget.row(enumerate(cells[:MAX_COLUMNS], start=1)):
            rows[number] = found
    return Workbook((Sheet(name="", rows=rows, kind=SheetKind.TEXT),))


def _records(text: str, separator: str) -> Iterator[list[str]]:
    """Yield the rows; raise UnreadableDocument where a quoted cell is never closed."""
    # Such a cell takes in all that follows, so the last line too.
    reader = csv.reader(io.StringIO(f"{text}\n{LAST_LINE}", newline=""), delimiter=separator)
    line, record = 1, [""]
    try:
        for record in reader:
            if record != [LAST_LINE]:
                yield record
                line = reader.line_num + 1
    except csv.Error:
        record = []
    if record != [LAST_LINE]:
        raise UnreadableDocument(OPEN_QUOTE.format(line=line))


def _decoded(data: bytes) -> str:
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    foreign = sum(character > "\x7f" for character in text)
    return _strictly(data, "utf-8" if text.count("\ufffd") < FEW * foreign else "gb18030")


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UnreadableDocument(GARBLED_TEXT.format(line=line)) from error


def _separator(text: str) -> str | None:
    """Return what parts the cells: that with which most rows have equally many, at least two."""
    best, best_share = None, MOST
    for separator in SEPARATORS:
        share = _share_of_equal_rows(text, separator)
        if share > best_share and (separator != PROSE_SEPARATOR or share >= NEARLY_ALL):
            best, best_share = separator, share
    return best


def _share_of_equal_rows(text: str, separator: str) -> float:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[list[str]] = []
    with suppress(csv.Error):  # what stands before the error shows how cells are parted
        rows.extend(row for row in islice(reader, LOOKED_AT_ROWS) if any(cell.strip() for cell in row))
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return widths.most_common(1)[0][1] / len(rows) if widths else 0.0
