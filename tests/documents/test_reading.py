"""Reading a file of any kind: what each is taken for, what is refused, and the limits of the reader."""

import io
import os
import struct
import zipfile

import openpyxl
import pytest

from tasks_app.documents import archive, reading
from tasks_app.documents.errors import UnreadableDocument
from tasks_app.documents.file_kind import ROOT, WORD_CLASS
from tasks_app.documents.grid import column_letter, column_number
from tasks_app.documents.reading import read_document
from tests.cast import REAL_TABLE
from tests.word_files import p, tbl, tr, word_file
from tests.workbooks import OLE_HEAD, ole, saved, sheet_xml, table, with_part, with_sheet_xml

pytestmark = pytest.mark.once
REAL = REAL_TABLE.read_bytes()
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."
SPREADSHEET_2003 = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
MAIL_PAGE = b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<html>"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "文件是空的"),
        (b"\x00" * 100, "文件是空的"),
        (b"hello", "文本文件"),
        ("关于印发《方案》的通知，请认真贯彻执行。\n各县（市、区）：".encode(), "文本文件"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"{\\rtf1 ...", "RTF"),
        (b"\x89PNG\r\n\x1a\n...", "图片"),
        (b"\xff\xd8\xff\xe0...", "图片"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        (MAIL_PAGE, "网页"),
        (SPREADSHEET_2003, "XML"),
        (bytes(range(256)) * 20, "无法识别"),
        ("序号\t任务".encode("utf-16-le"), "无法识别"),
        (ole("EncryptedPackage"), "打开密码"),
        (ole("Workbook"), "损坏"),
        (ole("WordDocument"), "旧格式的 Word 文件（.doc 或 .wps）"),
        (ole("Nothing"), "旧格式的文件"),
        (with_part("xl/workbook.bin", b"x"), ".xlsb"),
        (with_part("mimetype", OPEN_DOCUMENT + b"spreadsheet"), ".ods"),
        (with_part("mimetype", OPEN_DOCUMENT + b"text"), ".odt"),
        (with_part("ppt/presentation.xml", b"<p/>"), "演示文稿"),
        (with_part("读我.txt", b"x"), "压缩包"),
        (with_part("../../xl/workbook.xml", b"<workbook/>"), "压缩包"),
        (REAL[:9000], "损坏"),
        (b"PK\x03\x04" + os.urandom(400), "损坏"),
        (with_part("xl/workbook.xml", b"<workbook><sheets><shee", REAL), "损坏"),
        (with_part("xl/worksheets/sheet1.xml", b"\x00\x01garbage<<<", REAL), "损坏"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence(data: bytes, words: str):
    with pytest.raises(UnreadableDocument, match=words) as refusal:
        read_document(data)
    assert str(refusal.value).endswith("。")


def test_the_name_of_a_file_does_not_decide_what_it_is():
    assert read_document(REAL, file_name="分解表.doc").sheets[0].name == "任务分解表"
    assert read_document(word_file(tbl(tr("甲"))), file_name="分解表.xlsx").sheets[0].name == "表格1"


def test_a_word_file_that_holds_a_workbook_is_a_word_file():
    root = ROOT.ljust(80, b"\x00") + WORD_CLASS
    data = OLE_HEAD + bytes(504) + root + "Workbook".encode("utf-16-le") + bytes(64)
    with pytest.raises(UnreadableDocument, match="Word 文件"):
        read_document(data)


def test_a_file_that_unpacks_to_something_huge_is_refused_before_it_is_read():
    huge = with_part("xl/worksheets/sheet2.xml", b" " * (archive.MAX_UNPACKED_BYTES + 1), REAL)
    with pytest.raises(UnreadableDocument, match="展开后过大"):
        read_document(huge)


def test_a_part_that_shrinks_beyond_belief_is_refused():
    bomb = with_part("xl/worksheets/sheet2.xml", b" " * (archive.RATIO_MATTERS_FROM_BYTES + 1), REAL)
    with pytest.raises(UnreadableDocument, match="展开后过大"):
        read_document(bomb)


def test_a_file_of_too_many_parts_is_refused():
    with pytest.raises(UnreadableDocument, match="展开后过大"):
        read_document(_with_many_parts(archive.MAX_ENTRIES + 1))


def test_two_parts_of_one_name_are_refused():
    with pytest.raises(UnreadableDocument, match="损坏"):
        read_document(with_part("XL\\Workbook.xml", b"<other/>", REAL))


def test_a_list_of_contents_that_lies_about_sizes_is_stopped_by_the_readers_limits():
    bomb = bytearray(with_part("xl/sharedStrings.xml", b"<sst>" + b" " * 15_000_000, REAL))
    start = bomb.rindex(b"xl/sharedStrings.xml") - 46
    struct.pack_into("<I", bomb, start + 24, 100)  # the size when unpacked, in the list of contents
    with pytest.raises(UnreadableDocument):
        read_document(bytes(bomb))


@pytest.mark.parametrize("cell", ["XFD1048576", "A1048576", "XFD1"])
def test_a_table_that_claims_a_million_rows_kills_neither_memory_nor_process(cell: str):
    workbook = openpyxl.Workbook()
    workbook.active["A1"], workbook.active[cell] = "甲", "乙"
    try:
        assert read_document(saved(workbook)).sheets[0].rows[1][1] == "甲"
    except UnreadableDocument as refusal:
        assert "范围过大" in str(refusal)


def test_thousands_of_empty_formatted_rows_are_nothing():
    xml = sheet_xml(REAL)
    empty = b"".join(
        b'<row r="%d" spans="1:6"><c r="A%d" s="1"/><c r="F%d" s="1"/></row>' % (n, n, n)
        for n in range(42, 60_000)
    )
    data = with_part("xl/worksheets/sheet1.xml", xml.replace(b"</sheetData>", empty + b"</sheetData>"), REAL)
    assert read_document(data).sheets == read_document(REAL).sheets


@pytest.mark.parametrize("limit", ["MAX_ROWS", "MAX_CELLS", "MAX_CHARACTERS"])
def test_too_much_is_refused(monkeypatch, limit: str):
    monkeypatch.setattr(reading, limit, 40)
    with pytest.raises(UnreadableDocument, match="范围过大"):
        read_document(REAL)
    with pytest.raises(UnreadableDocument, match="范围过大"):
        read_document(word_file(tbl(*[tr("任务")] * 41)))
    with pytest.raises(UnreadableDocument, match="范围过大"):
        read_document(b"1,2\n" * 41)


def test_a_reader_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(reading, "PATIENCE_SECONDS", 0.001)
    with pytest.raises(UnreadableDocument, match="没有完成"):
        read_document(REAL)


def test_a_reader_that_wants_too_much_memory_is_stopped(monkeypatch):
    monkeypatch.setattr(reading, "MEMORY_BYTES", 60 * 1024 * 1024)
    with pytest.raises(UnreadableDocument, match="范围过大"):
        read_document(word_file(p("字" * 2_000_000) * 3))


def test_an_entity_bomb_expands_to_nothing():
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    data = with_sheet_xml(b"<worksheet", entities + b"<worksheet", table(["甲"]))
    with pytest.raises(UnreadableDocument, match="损坏"):
        read_document(data)


def test_columns_have_letters():
    assert [column_letter(n) for n in (1, 26, 27, 16384)] == ["A", "Z", "AA", "XFD"]
    assert [column_number(letters) for letters in ("A", "z", "AA", "XFD")] == [1, 26, 27, 16384]


def _with_many_parts(many: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for number in range(many):
            target.writestr(f"x/{number}", b"")
    return buffer.getvalue()
