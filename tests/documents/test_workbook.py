"""Reading workbooks: values, merges and faults; whatever is no workbook ends in a sentence."""

import contextlib
import io
import os
import struct
import zipfile
from datetime import date

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks_app.documents import archive
from tasks_app.documents.errors import UnreadableDocument
from tasks_app.documents.grid import CellFault, Merge, column_letter, column_number
from tasks_app.documents.workbook import read_workbook
from tests.cast import REAL_TABLE
from tests.workbooks import ole, real_table, saved, sheet_xml, table, with_part, with_sheet_xml

pytestmark = pytest.mark.once
REAL = REAL_TABLE.read_bytes()


def test_values_are_read_as_a_person_would_read_them():
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet["B2"], sheet["C2"], sheet["D2"] = 3.0, 47.5, True
    sheet["B5"], sheet["C5"] = date(2024, 7, 25), " 甲\r\n乙\x7f\u200b "
    read = read_workbook(saved(workbook)).sheets[0]
    assert read.rows == {2: {2: "3", 3: "47.5", 4: "TRUE"}, 5: {2: "2024-07-25", 3: "甲\n乙"}}


def test_merges_and_hidden_sheets_are_told():
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "甲"
    workbook.active.merge_cells("A1:C2")
    workbook.create_sheet("藏").sheet_state = "hidden"
    first, second = read_workbook(saved(workbook)).sheets
    assert first.merges == (Merge(1, 1, 2, 3),)
    assert (first.is_hidden, second.is_hidden) == (False, True)


def test_formulas_are_read_as_their_saved_values():
    data = with_sheet_xml(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>", _with_formula("=1+1"))
    sheet = read_workbook(data).sheets[0]
    assert sheet.rows == {1: {1: "2"}}
    assert sheet.faults == {}


def test_a_formula_without_a_saved_value_is_a_fault():
    sheet = read_workbook(_with_formula("=1+1")).sheets[0]
    assert sheet.faults == {(1, 1): CellFault.NO_VALUE}


def test_an_error_value_is_a_fault_and_keeps_its_text():
    workbook = openpyxl.Workbook()
    workbook.active["B3"] = "#REF!"
    sheet = read_workbook(saved(workbook)).sheets[0]
    assert sheet.faults == {(3, 2): CellFault.ERROR_VALUE}
    assert sheet.rows[3][2] == "#REF!"


def test_macros_are_ignored_and_said():
    types = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    with_macros = with_sheet_xml(b"<sheetData>", b"<sheetData>", REAL)
    data = with_part(
        "[Content_Types].xml", _content_types(with_macros).replace(types, types + MACRO), with_macros
    )
    assert "宏" in read_workbook(data).remarks[0]


MACRO = b'<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/>'


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "文件是空的"),
        (b"\x00" * 100, "文件是空的"),
        (b"hello", "文本文件"),
        ("序号,任务\n1,甲\n".encode("gb18030"), "文本文件"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"{\\rtf1 ...", "RTF"),
        (b"\x89PNG\r\n\x1a\n...", "图片"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        (b'<?xml version="1.0"?><Workbook></Workbook>', "XML"),
        (bytes(range(256)) * 20, "不是工作簿"),
        (ole("EncryptedPackage"), "打开密码"),
        (ole("Workbook"), "旧格式的 Excel"),
        (ole("WordDocument"), "Word 文件"),
        (ole("Nothing"), "不是 .xlsx 工作簿"),
        (with_part("word/document.xml", b"<w/>"), "Word 文档"),
        (with_part("xl/workbook.bin", b"x"), ".xlsb"),
        (with_part("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), "OpenDocument"),
        (with_part("读我.txt", b"x"), "压缩包"),
        (REAL[:9000], "损坏"),
        (b"PK\x03\x04" + os.urandom(400), "损坏"),
        (with_part("xl/workbook.xml", b"<workbook><sheets><shee", REAL), "损坏"),
        (with_part("xl/worksheets/sheet1.xml", b"\x00\x01garbage<<<", REAL), "损坏"),
    ],
)
def test_what_is_no_workbook_gets_a_sentence(data: bytes, words: str):
    with pytest.raises(UnreadableDocument, match=words) as refusal:
        read_workbook(data)
    assert str(refusal.value).endswith("。")


def test_a_workbook_that_unpacks_to_something_huge_is_refused_before_it_is_read():
    huge = with_part("xl/worksheets/sheet2.xml", b" " * (archive.MAX_UNPACKED_BYTES + 1), REAL)
    with pytest.raises(UnreadableDocument, match="展开后过大"):
        read_workbook(huge)


def test_a_part_that_shrinks_beyond_belief_is_refused():
    bomb = with_part("xl/worksheets/sheet2.xml", b" " * (archive.RATIO_MATTERS_FROM_BYTES + 1), REAL)
    with pytest.raises(UnreadableDocument, match="展开后过大"):
        read_workbook(bomb)


def test_an_archive_of_too_many_parts_is_refused(monkeypatch):
    monkeypatch.setattr(archive, "MAX_ENTRIES", 5)
    with pytest.raises(UnreadableDocument, match="展开后过大"):
        read_workbook(REAL)


def test_a_directory_that_lies_about_sizes_is_stopped_by_the_readers_limits():
    bomb = bytearray(with_part("xl/sharedStrings.xml", b"<sst>" + b" " * 15_000_000, REAL))
    start = bomb.rindex(b"xl/sharedStrings.xml") - 46
    struct.pack_into("<I", bomb, start + 24, 100)  # the size when unpacked, in the list of contents
    with pytest.raises(UnreadableDocument):
        read_workbook(bytes(bomb))


@pytest.mark.parametrize("cell", ["XFD1048576", "A1048576", "XFD1"])
def test_a_table_that_claims_a_million_rows_kills_neither_memory_nor_process(cell: str):
    workbook = openpyxl.Workbook()
    workbook.active["A1"], workbook.active[cell] = "甲", "乙"
    try:
        assert read_workbook(saved(workbook)).sheets[0].rows[1][1] == "甲"
    except UnreadableDocument as refusal:
        assert "范围过大" in str(refusal)


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr("tasks_app.documents.workbook.MAX_ROWS", 40)
    with pytest.raises(UnreadableDocument, match="范围过大"):
        read_workbook(REAL)


def test_an_entity_bomb_expands_to_nothing():
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    data = with_sheet_xml(b"<worksheet", entities + b"<worksheet", table(["甲"]))
    with contextlib.suppress(UnreadableDocument):
        read_workbook(data)


def test_columns_have_letters():
    assert [column_letter(n) for n in (1, 26, 27, 16384)] == ["A", "Z", "AA", "XFD"]
    assert [column_number(letters) for letters in ("A", "z", "AA", "XFD")] == [1, 26, 27, 16384]


def _mutate_and_read(cuts: list[tuple[int, int]], end: int) -> None:
    data = bytearray(REAL)
    for place, byte in cuts:
        data[place] = byte
    try:
        read_workbook(bytes(data[: len(data) - end]))
    except UnreadableDocument as refusal:
        assert str(refusal)


MUTATIONS = {
    "cuts": st.lists(st.tuples(st.integers(0, len(REAL) - 1), st.integers(0, 255)), min_size=1, max_size=12),
    "end": st.one_of(st.just(0), st.integers(0, len(REAL) - 1)),
}


@given(**MUTATIONS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_flipped_bytes_end_in_a_table_or_a_sentence(cuts, end):
    _mutate_and_read(cuts, end)


@pytest.mark.soak
@given(**MUTATIONS)
@settings(max_examples=4000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_thousands_of_flipped_bytes_end_in_a_table_or_a_sentence(cuts, end):
    _mutate_and_read(cuts, end)


@pytest.mark.soak
@given(
    places=st.lists(
        st.tuples(st.integers(0, 60_000), st.binary(min_size=1, max_size=6)), min_size=1, max_size=8
    )
)
@settings(max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_broken_xml_ends_in_a_table_or_a_sentence(places):
    xml = bytearray(sheet_xml(REAL))
    for place, junk in places:
        place %= len(xml)
        xml[place : place + len(junk)] = junk
    try:
        read_workbook(with_part("xl/worksheets/sheet1.xml", bytes(xml), REAL))
    except UnreadableDocument as refusal:
        assert str(refusal)


def _with_formula(formula: str) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = formula
    return saved(workbook)


def _content_types(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return opened.read("[Content_Types].xml")


def test_the_real_table_reads_whole():
    sheet = read_workbook(real_table()).sheets[0]
    assert sheet.name == "任务分解表"
    assert max(sheet.rows) == 41
    assert sheet.rows[41][2] == "24. 深入推进“一老一小”相关改革。"
