"""The template to download: what it shows, what it checks, and that nothing in it runs as a formula."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tasks_app.documents.annex import ZERO_WIDTH_SPACE
from tasks_app.documents.grid import Merge
from tasks_app.documents.plan_template import (
    COLUMNS,
    FIRST_ROW,
    GUIDE,
    TABLE,
    UNITS,
    TemplateRow,
    example_rows,
    plan_template,
)
from tasks_app.documents.reading import read_document
from tests.surroundings import office

pytestmark = pytest.mark.once
TITLE = "2025年深化医改重点任务分解表"
NAMES = ["市卫健委", "市医保局", "市财政局", "将乐县"]


def opened(data: bytes) -> Worksheet:
    return load_workbook(BytesIO(data))[TABLE]


def test_the_template_reads_as_a_table_with_a_filled_example():
    table, guide, units = read_document(plan_template(TITLE, NAMES)).sheets
    assert (table.name, guide.name, units.name) == (TABLE, GUIDE, UNITS)
    assert table.rows[1] == {1: TITLE}
    assert tuple(table.rows[3].values()) == tuple(COLUMNS)
    assert table.rows[4] == {
        1: "1",
        2: "一、健全公共卫生体系",
        3: "加强急救体系建设。",
        4: "①完善院前医疗急救网络。\n②在公共场所配备自动体外除颤仪（AED）达300台。",
        5: "市卫健委",
        6: "市医保局、市财政局",
        7: "12月底前",
        8: "300台",
    }
    assert [row for row in table.rows if row > 3] == [4, 5, 6]
    assert Merge(4, 2, 5, 2) in table.merges
    assert [cells[1] for row, cells in units.rows.items() if row > 1] == NAMES


def test_the_sheets_of_explanations_have_one_column():
    for sheet in read_document(plan_template(TITLE, NAMES)).sheets[1:]:
        assert {column for cells in sheet.rows.values() for column in cells} == {1}


def test_numbers_and_units_are_checked_while_people_type():
    sheet = opened(plan_template(TITLE, NAMES))
    checks = {check.promptTitle: check for check in sheet.data_validations.dataValidation}
    assert tuple(checks) == tuple(COLUMNS)
    number, lead = checks["序号"], checks["牵头单位"]
    assert (number.type, number.formula1, number.errorStyle, number.showErrorMessage) == (
        "whole",
        "1",
        None,
        True,
    )
    assert (lead.type, lead.formula1, lead.errorStyle) == ("list", "单位!$A$2:$A$5", "warning")
    assert str(lead.sqref) == f"E{FIRST_ROW}:E500"
    assert all(len(check.prompt) <= 255 for check in checks.values())
    assert sheet["G400"].number_format == sheet["H400"].number_format == "@"


def test_it_prints_on_a4_lying_down_with_its_heading_on_every_page(tmp_path):
    path = tmp_path / "template.xlsx"
    path.write_bytes(plan_template(TITLE, NAMES))
    sheet = opened(path.read_bytes())
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$3:$3", "A4")
    first, *_ = office.printed_text(office.convert(path, "pdf", tmp_path)).split("\f")
    for text in (TITLE, *COLUMNS, "②规范慢性病随访管理。"):
        assert text in first


def test_without_units_there_is_no_list_to_choose_from():
    sheet = opened(plan_template(TITLE, []))
    assert [check.type for check in sheet.data_validations.dataValidation if check.type == "list"] == []
    assert sheet["E4"].value == example_rows([])[0].lead == "市卫健委"


def test_what_looks_like_a_formula_is_text():
    row = TemplateRow("=1+1", "+2", ("-3",), "@4", ("=5",), "=6", "=7", "=8")
    book = load_workbook(BytesIO(plan_template("=9", ["=10"], [row])))
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.value]
    assert [cell for cell in cells if cell.data_type == "f"] == []
    assert book[UNITS]["A2"].value == ZERO_WIDTH_SPACE + "=10"
    assert book[TABLE]["B4"].value == ZERO_WIDTH_SPACE + "=1+1"
