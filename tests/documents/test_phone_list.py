"""The call list as a workbook: everything readable on paper, nothing run as a formula."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tasks_app.documents.annex_layout import MAX_ROW, height
from tasks_app.documents.phone_list import HEADS, WIDTHS, PhoneRow, phone_list
from tests.surroundings import office

pytestmark = pytest.mark.once
TITLE = "电话催办名单（2024年8月9日）"
PEOPLE = "黄丽萍 0598-8000000、王建国 0598-8000000"
STEP = "已被退回，请按退回理由修改后重新报送。"


def row(unit: str = "市卫健委", **changed: str) -> PhoneRow:
    given = {
        "people": PEOPLE,
        "matters": "2024年上半年填报",
        "left": "已逾期11个工作日（15天）",
        "step": STEP,
        "last_reminder": "8月9日 已发，站内未读",
    }
    return PhoneRow(unit, **given | changed)


def opened(*rows: PhoneRow) -> Worksheet:
    return load_workbook(BytesIO(phone_list(TITLE, rows))).active


def test_every_row_is_as_high_as_what_stands_in_it():
    sheet = opened(
        row(), row("将乐县", people="林晓燕", step="签收", last_reminder="未发过"), row(matters="一\n二")
    )
    for number in range(2, sheet.max_row + 1):
        needed = max(
            height(str(cell.value or ""), width) for cell, width in zip(sheet[number], WIDTHS, strict=True)
        )
        assert sheet.row_dimensions[number].height >= needed
    assert sheet.row_dimensions[3].height > sheet.row_dimensions[4].height


def test_no_row_is_higher_than_a_spreadsheet_allows():
    sheet = opened(row(matters="\n".join(f"督查单{n}" for n in range(100))))
    assert sheet.row_dimensions[3].height == MAX_ROW


def test_it_prints_on_a4_lying_down_with_heading_and_page_number_on_every_page(soffice, tmp_path):
    file = tmp_path / "名单.xlsx"
    file.write_bytes(phone_list(TITLE, [row(f"单位{n:03}") for n in range(60)]))
    pages = office.printed_text(soffice(file, "pdf")).strip("\f\n").split("\f")
    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        assert all(head in page for head in HEADS)
        assert f"第{number}页共{len(pages)}页" in page.replace(" ", "")
    for n in range(60):
        assert sum(f"单位{n:03}" in page for page in pages) == 1


def test_a_text_that_looks_like_a_formula_stays_a_text():
    sheet = opened(row("=1+1", people="+86 598", matters="@SUM(A1)", step="-1"))
    cells = [sheet[f"{letter}3"] for letter in "BCDF"]
    assert [cell.data_type for cell in cells] == ["s"] * 4
    assert all(cell.value.startswith("\u200b") and cell.quotePrefix for cell in cells)


def test_rows_are_numbered_with_numbers():
    sheet = opened(row(), row("将乐县"))
    assert [sheet[f"A{number}"].value for number in (3, 4)] == [1, 2]
    assert sheet.freeze_panes == "A3"
