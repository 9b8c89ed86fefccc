"""What LibreOffice saves anew reads the same; old workbooks are made by it, for no library writes them well."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tasks_app.documents.errors import UnreadableDocument
from tasks_app.documents.grid import CellFault, Merge, Sheet, SheetKind, Workbook
from tasks_app.documents.reading import read_document
from tests.cast import REAL_TABLE
from tests.surroundings import office
from tests.word_files import definition, list_of, numbered, p, tbl, tc, tr, word_file

pytestmark = pytest.mark.once
CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("resaved")


@pytest.fixture(scope="module")
def made(folder) -> Path:
    """A workbook of all that is hard: merges, what is hidden, formats, formulas with and without error."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "分解表"
    sheet.append(["2024年重点任务分解表"])
    sheet.append(["序号", "任务", "目标值", "完成时限", "备注", "隐藏列"])
    for number in range(1, 7):
        sheet.append([number, f"任务{number}\n①甲。", 0.475, date(2024, 12, 31), None, "藏"])
    sheet["C3"].number_format, sheet["C4"].number_format, sheet["C5"].number_format = (
        "0.0%",
        '0.0"元"',
        "0.00",
    )
    for row in range(3, 9):
        sheet[f"D{row}"].number_format = 'yyyy"年"m"月"' if row == 3 else "yyyy-mm-dd"
    sheet["E3"], sheet["E4"], sheet["E5"], sheet["E6"] = "=A3+1", "=1/0", '=IF(A3=1,"","x")', True
    sheet.merge_cells("A1:F1")
    sheet.merge_cells("B3:B4")
    sheet.row_dimensions[6].hidden = True
    sheet.column_dimensions["F"].hidden = True
    hidden = book.create_sheet("旧表")
    hidden["B2"] = "旧"
    hidden.sheet_state = "hidden"
    path = folder / "hard.xlsx"
    book.save(path)
    return path


EXPECTED_ROWS = {
    1: {1: "2024年重点任务分解表"},
    2: {1: "序号", 2: "任务", 3: "目标值", 4: "完成时限", 5: "备注", 6: "隐藏列"},
    3: {1: "1", 2: "任务1\n①甲。", 3: "47.5%", 4: "2024年12月", 5: "2", 6: "藏"},
    4: {1: "2", 3: "0.475元", 4: "2024-12-31", 5: "#DIV/0!", 6: "藏"},
    5: {1: "3", 2: "任务3\n①甲。", 3: "0.475", 4: "2024-12-31", 6: "藏"},
    6: {1: "4", 2: "任务4\n①甲。", 3: "0.475", 4: "2024-12-31", 5: "TRUE", 6: "藏"},
    7: {1: "5", 2: "任务5\n①甲。", 3: "0.475", 4: "2024-12-31", 6: "藏"},
    8: {1: "6", 2: "任务6\n①甲。", 3: "0.475", 4: "2024-12-31", 6: "藏"},
}


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_a_hard_workbook_reads_the_same_through_every_format(made, tmp_path, kind: str):
    data = office.convert(made, kind, tmp_path).read_bytes()
    sheet, hidden = read_document(data, file_name="随便.et").sheets
    assert sheet.rows == EXPECTED_ROWS
    assert (sheet.name, sheet.kind, sheet.is_hidden) == ("分解表", SheetKind.WORKSHEET, False)
    assert set(sheet.merges) == {Merge(1, 1, 1, 6), Merge(3, 2, 4, 2)}
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({6}, {6})
    assert sheet.faults == {(4, 5): CellFault.ERROR_VALUE}
    assert (hidden.name, hidden.is_hidden, hidden.rows) == ("旧表", True, {2: {2: "旧"}})


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_the_real_table_saved_anew_reads_the_same(tmp_path, kind: str):
    original = read_document(REAL_TABLE.read_bytes())
    assert _content(read_document(office.convert(REAL_TABLE, kind, tmp_path).read_bytes())) == _content(
        original
    )


@pytest.mark.parametrize("encoding", ["76", "GB18030"])
def test_the_real_table_saved_as_text_reads_the_same(tmp_path, encoding: str):
    """76 is LibreOffice's number of UTF-8; for GB18030 it has 85."""
    options = CSV.replace("76", "85" if encoding == "GB18030" else encoding)
    data = office.convert(REAL_TABLE, options, tmp_path).read_bytes()
    assert read_document(data).sheets[0].rows == read_document(REAL_TABLE.read_bytes()).sheets[0].rows


@pytest.mark.parametrize(
    ("kind", "words"), [("ods", ".ods"), ("pdf", "PDF"), ("html", "网页"), ("fods", "XML")]
)
def test_other_formats_are_refused_with_a_sentence(tmp_path, kind: str, words: str):
    with pytest.raises(UnreadableDocument, match=words):
        read_document(office.convert(REAL_TABLE, kind, tmp_path).read_bytes(), file_name="分解表.xls")


@pytest.fixture(scope="module")
def written(folder) -> Path:
    """A Word file as the annex of a notice: headings, numbers written by Word, merges, two tables."""
    path = folder / "annex.docx"
    head = tr("序号", "工作任务", tc("细化措施", span=2), "责任单位")
    path.write_bytes(
        word_file(
            p("2024年重点任务分解表")
            + numbered("总体要求", 1)
            + tbl(
                head,
                tr(
                    tc(numbered("", 2)),
                    tc("一、甲", merge="restart"),
                    tc(numbered("措施一。", 3), numbered("措施二。", 3), span=2),
                    "市卫健委",
                ),
                tr(tc(numbered("", 2)), tc(merge="continue"), "①措施", "续", "市医保局"),
                widths=(800, 1500, 3000, 1000, 1500),
            )
            + numbered("保障", 1)
            + tbl(tr("序号", "工作任务"), tr(tc(numbered("", 2)), "乙"), widths=(800, 1500))
            + p("注：说明"),
            numbering=definition(0, ("chineseCountingThousand", "%1、"))
            + definition(1, ("decimal", "%1"))
            + definition(2, ("decimalEnclosedCircle", "%1"))
            + "".join(list_of(i + 1, i) for i in range(3)),
        )
    )
    return path


def test_a_word_file_saved_anew_reads_the_same(written, tmp_path):
    original = read_document(written.read_bytes())
    assert original.sheets[0].rows[2] == {1: "1", 2: "一、甲", 3: "①措施一。\n②措施二。", 5: "市卫健委"}
    assert (original.sheets[0].above[-1], original.sheets[1].above) == ("一、总体要求", ("二、保障",))
    assert original.sheets[1].rows[2][1] == "3"
    assert original.sheets[1].below == ("注：说明",)
    assert _content(read_document(office.convert(written, "docx", tmp_path).read_bytes())) == _content(
        original
    )


def test_libreoffice_shows_the_numbers_that_are_read(written, tmp_path):
    printed = office.printed_text(office.convert(written, "pdf", tmp_path))
    for text in ("一、 总体要求", "二、 保障", "① 措施一。", "② 措施二。"):
        assert text.replace(" ", "") in printed.replace(" ", "")


@pytest.mark.parametrize(
    ("kind", "words"), [("doc", ".doc"), ("rtf", "RTF"), ("odt", ".odt"), ("pdf", "PDF")]
)
def test_other_formats_of_word_are_refused_with_a_sentence(written, tmp_path, kind: str, words: str):
    with pytest.raises(UnreadableDocument, match=words):
        read_document(office.convert(written, kind, tmp_path).read_bytes(), file_name="附件.docx")


def _content(workbook: Workbook) -> list[Sheet]:
    """Return the sheets as they compare: the order in which merges are written says nothing."""
    return [
        Sheet(s.name, s.rows, tuple(sorted(s.merges, key=str)), s.is_hidden, above=s.above, below=s.below)
        for s in workbook.sheets
    ]
