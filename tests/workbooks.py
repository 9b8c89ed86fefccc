"""Workbooks for the tests of the import, good and bad, built by code."""

import io
import zipfile
from collections.abc import Callable

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from tests.cast import REAL_TABLE

HEADINGS = ["工作任务", "主要目标要求", "细化措施", "责任单位", "工作进展", "备注"]
SECTION = "一、加强组织领导"
OLE_HEAD = bytes.fromhex("d0cf11e0a1b11ae1")


def saved(workbook: openpyxl.Workbook) -> bytes:
    """Return a workbook as the bytes of its file."""
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def table(
    *rows: list[str | None], headings: list[str] | None = None, title: str = "2024年重点任务分解表"
) -> bytes:
    """Return a workbook of one sheet "分解表": title in row 1, headings in row 2, `rows` from row 3."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "分解表"
    sheet.append([title])
    sheet.append(headings or HEADINGS)
    for row in rows:
        sheet.append(row)
    return saved(workbook)


def row(
    number: int, units: str | None = "市卫健委", measures: str = "① 甲。\n② 乙。", **cells: str
) -> list[str | None]:
    """Return the cells of one well-formed task."""
    section, title = cells.get("section", SECTION), cells.get("title", f"{number}. 任务{number}。")
    return [section, title, measures, units]


def real_table(change: Callable[[Worksheet], None] = lambda sheet: None) -> bytes:
    """Return the real table of 2024, with `change` made to its sheet."""
    workbook = openpyxl.load_workbook(REAL_TABLE)
    change(workbook.active)
    return saved(workbook)


def with_part(name: str, content: bytes, data: bytes | None = None) -> bytes:
    """Return a workbook file (or a new zip) in which one part is replaced or added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        if data is not None:
            with zipfile.ZipFile(io.BytesIO(data)) as source:
                for entry in source.namelist():
                    if entry != name:
                        target.writestr(entry, source.read(entry))
        target.writestr(name, content)
    return buffer.getvalue()


def ole(stream: str) -> bytes:
    """Return what looks like an OLE container with one stream."""
    return OLE_HEAD + bytes(504) + stream.encode("utf-16-le") + bytes(512)


def sheet_xml(data: bytes) -> bytes:
    """Return the XML of the first sheet."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


def with_sheet_xml(old: bytes, new: bytes, data: bytes) -> bytes:
    """Return a workbook file whose first sheet has `new` in the place of `old`."""
    xml = sheet_xml(data)
    assert old in xml
    return with_part("xl/worksheets/sheet1.xml", xml.replace(old, new, 1), data)
