"""Reading .xlsx: values as a person reads them, merges, what is hidden, formulas, faults and number formats."""

import io
import zipfile
from datetime import date, datetime, time

import openpyxl
import pytest
from openpyxl.workbook.workbook import Workbook

from tasks_app.documents.grid import CellFault, Merge, Sheet, SheetKind
from tasks_app.documents.reading import read_document
from tests.cast import REAL_TABLE
from tests.workbooks import real_table, saved, with_part, with_sheet_xml

pytestmark = pytest.mark.once
REAL = REAL_TABLE.read_bytes()
STRICT = (
    (
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    ),
    (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    ),
)


def first_sheet(workbook: Workbook) -> Sheet:
    return read_document(saved(workbook)).sheets[0]


def test_values_are_read_as_a_person_would_read_them():
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet["B2"], sheet["C2"], sheet["D2"], sheet["E2"] = 3.0, 47.5, True, 0.1 + 0.2
    sheet["B5"], sheet["C5"] = date(2024, 7, 25), " 甲\r\n乙\x7f\u200b "
    sheet["B6"], sheet["C6"] = datetime(2024, 7, 25, 9, 30), time(9, 30)  # noqa: DTZ001 (a cell knows no zone)
    read = first_sheet(workbook)
    assert read.rows == {
        2: {2: "3", 3: "47.5", 4: "TRUE", 5: "0.3"},
        5: {2: "2024-07-25", 3: "甲\n乙"},
        6: {2: "2024-07-25 09:30", 3: "09:30"},
    }
    assert read.kind is SheetKind.WORKSHEET


@pytest.mark.parametrize("from_1904", [False, True])
def test_a_number_is_read_with_what_its_format_shows(from_1904: bool):
    workbook = openpyxl.Workbook()
    workbook.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904 if from_1904 else workbook.epoch
    formats = {
        "0.0%": 0.475,
        '0"台"': 300,
        '"≥"0.0': 79.2,
        'yyyy"年"m"月"': date(2024, 6, 1),
        'yyyy"年"m"月"d"日"': date(2024, 6, 1),
        "0_ ": 12,
        "#,##0.00": 3.3,
    }
    for row, (code, value) in enumerate(formats.items(), start=1):
        cell = workbook.active.cell(row, 1, value)
        cell.number_format = code
    shown = [cells[1] for cells in first_sheet(workbook).rows.values()]
    assert shown == ["47.5%", "300台", "≥79.2", "2024年6月", "2024-06-01", "12", "3.3"]


def test_dates_in_the_formats_of_chinese_excel_are_dates():
    workbook = openpyxl.Workbook()
    workbook.active["A1"], workbook.active["B1"] = 45657, 45657
    workbook.active["A1"].number_format, workbook.active["B1"].number_format = "0.000", "0.0000"
    data = saved(workbook)
    styles = _part(data, "xl/styles.xml")
    for own, chinese in (
        (b'numFmtId="164" fontId', b'numFmtId="31" fontId'),
        (b'numFmtId="165" fontId', b'numFmtId="57" fontId'),
    ):
        assert own in styles
        styles = styles.replace(own, chinese)
    rows = read_document(with_part("xl/styles.xml", styles, data)).sheets[0].rows
    assert rows == {1: {1: "2024-12-31", 2: "2024年12月"}}


def test_merges_and_hidden_sheets_rows_and_columns_are_told():
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in range(1, 6):
        sheet.append([f"{column}{row}" for column in "ABCD"])
    sheet.merge_cells("A1:C2")
    sheet.row_dimensions[3].hidden = True
    sheet.row_dimensions[4].height = 77
    sheet.row_dimensions[99].hidden = True  # nothing in it
    sheet.column_dimensions["B"].hidden = True
    sheet.column_dimensions.group("D", "XFD", hidden=True)
    workbook.create_sheet("藏").sheet_state = "hidden"
    data = with_sheet_xml(b'ht="77"', b'ht="0"', saved(workbook))
    first, second = read_document(data).sheets
    assert first.merges == (Merge(1, 1, 2, 3),)
    assert (first.hidden_rows, first.hidden_columns) == ({3, 4}, {2, 4})
    assert (first.is_hidden, second.is_hidden) == (False, True)
    assert (second.hidden_rows, second.hidden_columns) == (frozenset(), frozenset())


def test_formulas_are_read_as_their_saved_values():
    data = with_sheet_xml(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>", _with_formula("=1+1"))
    sheet = read_document(data).sheets[0]
    assert (sheet.rows, sheet.faults) == ({1: {1: "2"}}, {})


def test_a_formula_that_gives_an_empty_text_is_empty_and_no_fault():
    data = with_sheet_xml(b'<c r="A1"><f>', b'<c r="A1" t="str"><f>', _with_formula('=IF(1,"","x")'))
    sheet = read_document(data).sheets[0]
    assert (sheet.rows, sheet.faults) == ({}, {})


def test_a_formula_without_a_saved_value_is_a_fault():
    sheet = read_document(_with_formula("=1+1")).sheets[0]
    assert sheet.faults == {(1, 1): CellFault.NO_VALUE}


def test_an_error_value_is_a_fault_and_keeps_its_text():
    workbook = openpyxl.Workbook()
    workbook.active["A1"], workbook.active["B3"] = "甲", "#REF!"
    sheet = first_sheet(workbook)
    assert sheet.faults == {(3, 2): CellFault.ERROR_VALUE}
    assert sheet.rows == {1: {1: "甲"}, 3: {2: "#REF!"}}


def test_macros_are_ignored_and_said():
    types = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    macro = b'<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/>'
    content = _part(REAL, "[Content_Types].xml")
    workbook = read_document(with_part("[Content_Types].xml", content.replace(types, types + macro), REAL))
    assert "宏" in workbook.remarks[0]
    assert workbook.sheets == read_document(REAL).sheets


def test_the_real_table_reads_whole():
    workbook = read_document(real_table())
    sheet = workbook.sheets[0]
    assert (sheet.name, max(sheet.rows), workbook.remarks) == ("任务分解表", 41, ())
    assert sheet.rows[41][2] == "24. 深入推进“一老一小”相关改革。"


def test_a_strict_workbook_and_one_with_foreign_paths_read_the_same():
    expected = read_document(REAL)
    strict, foreign = REAL, io.BytesIO()
    for name in (
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "_rels/.rels",
        "xl/worksheets/sheet1.xml",
        "xl/styles.xml",
    ):
        content = _part(REAL, name)
        for usual, other in STRICT:
            content = content.replace(usual, other)
        strict = with_part(name, content, strict)
    assert read_document(strict) == expected
    with zipfile.ZipFile(io.BytesIO(REAL)) as source, zipfile.ZipFile(foreign, "w") as target:
        for name in source.namelist():
            target.writestr(name.replace("/", "\\"), source.read(name))
    assert read_document(foreign.getvalue()) == expected


def _with_formula(formula: str) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = formula
    return saved(workbook)


def _part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return opened.read(name)


@pytest.mark.parametrize("reach", [b'ref="1:40"/>', b'ref="A:F"/>', b'ref=""/>', b'ref="1:40"></dimension>'])
def test_a_sheet_that_is_said_to_reach_over_rows_without_columns_is_read(reach: bytes):
    data = with_sheet_xml(b'<dimension ref="A1:B2"/>', b"<dimension " + reach, _two_by_two())
    assert read_document(data).sheets[0].rows == {1: {1: "甲", 2: "乙"}, 2: {1: "丙", 2: "丁"}}


def _two_by_two() -> bytes:
    workbook = openpyxl.Workbook()
    for cells in (("甲", "乙"), ("丙", "丁")):
        workbook.active.append(cells)
    return saved(workbook)


def test_what_stands_for_a_picture_is_a_picture_and_no_text():
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet["A1"], sheet["B1"], sheet["C1"] = "甲", '=DISPIMG("ID_5BA4",1)', "说明 DISPIMG(图)"
    sheet["A2"] = '=_xlfn.IMAGE("x")'
    sheet["B2"].value, sheet["B2"].data_type = '=DISPIMG("ID_5BA4",1)', "s"
    read = first_sheet(workbook)
    assert read.rows == {1: {1: "甲", 3: "说明 DISPIMG(图)"}}
    assert read.faults == dict.fromkeys([(1, 2), (2, 1), (2, 2)], CellFault.PICTURE)


def test_a_picture_that_lies_upon_a_sheet_is_noted_where_it_begins():
    drawing = b"""<d:wsDr xmlns:d="urn:d"><d:twoCellAnchor><d:from><d:col>2</d:col><d:row>4</d:row></d:from>
        <d:pic/></d:twoCellAnchor><d:twoCellAnchor><d:from><d:col>0</d:col><d:row>0</d:row></d:from><d:sp/>
        </d:twoCellAnchor></d:wsDr>"""
    relations = b"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
        <Relationship Id="r" Type="urn:x/drawing" Target="../drawings/drawing1.xml"/></Relationships>"""
    data = with_part("xl/drawings/drawing1.xml", drawing, _two_by_two())
    data = with_part("xl/worksheets/_rels/sheet1.xml.rels", relations, data)
    assert read_document(data).sheets[0].faults == {(5, 3): CellFault.PICTURE}
