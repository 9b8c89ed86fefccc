"""Reading text files: encodings, separators, quoted line breaks, and what is no table."""

import pytest

from tasks_app.documents.errors import UnreadableDocument
from tasks_app.documents.grid import SheetKind
from tasks_app.documents.reading import read_document

pytestmark = pytest.mark.once
TABLE = '2024年任务,,\n序号,任务,单位\n1,"①甲，乙。\n②丙",市卫健委\n\n3,"引号“”和""二""",、\n'
ROWS = {
    1: {1: "2024年任务"},
    2: {1: "序号", 2: "任务", 3: "单位"},
    3: {1: "1", 2: "①甲，乙。\n②丙", 3: "市卫健委"},
    5: {1: "3", 2: '引号“”和"二"', 3: "、"},
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_the_encodings_of_chinese_programs(encoding: str):
    (sheet,) = read_document(TABLE.encode(encoding)).sheets
    assert (sheet.name, sheet.kind, sheet.rows) == ("", SheetKind.TEXT, ROWS)


@pytest.mark.parametrize("separator", ["\t", ";", "|"])
def test_other_separators(separator: str):
    assert read_document(TABLE.replace(",", separator).encode()).sheets[0].rows == ROWS


def test_line_ends_of_windows():
    assert read_document(TABLE.replace("\n", "\r\n").encode()).sheets[0].rows == ROWS


def test_commas_of_prose_do_not_part_cells_where_others_do():
    text = "序号\t任务\n1\t甲，乙，丙\n2\t丁，戊，己\n"
    assert read_document(text.encode()).sheets[0].rows[2] == {1: "1", 2: "甲，乙，丙"}


def test_full_width_commas_part_cells_where_nothing_else_does():
    text = "序号，任务，单位\n1，甲，卫健委\n2，乙，医保局\n"
    assert read_document(text.encode()).sheets[0].rows[3] == {1: "2", 2: "乙", 3: "医保局"}


def test_the_title_and_notes_may_have_no_separators():
    text = "2024年任务\n填报单位：\n" + "1,甲,乙\n" * 5 + "注：说明\n"
    rows = read_document(text.encode()).sheets[0].rows
    assert (rows[1], rows[3], rows[8]) == ({1: "2024年任务"}, {1: "1", 2: "甲", 3: "乙"}, {1: "注：说明"})


def test_one_column_is_a_table_only_under_the_name_of_one():
    text = "重点任务\n甲\n乙\n".encode()
    assert read_document(text, file_name="任务.csv").sheets[0].rows == {
        1: {1: "重点任务"},
        2: {1: "甲"},
        3: {1: "乙"},
    }
    with pytest.raises(UnreadableDocument, match="没有用逗号或制表符分开的表格"):
        read_document(text, file_name="任务.txt")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("1,甲\n".encode() * 59 + b"2,\xff\n" + "1,甲\n".encode() * 300, "第60行附近有乱码"),
        (TABLE.encode("utf-8-sig") + b"\xe5\x8d", "有乱码"),
        (b"a,b\n" * 9 + b'1,"' + "甲".encode() * 300_000, "双引号不成对"),
    ],
)
def test_damaged_text_gets_a_sentence(data: bytes, words: str):
    with pytest.raises(UnreadableDocument, match=words):
        read_document(data)
