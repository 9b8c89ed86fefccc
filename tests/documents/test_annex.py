"""The annex as a workbook: its layout, nothing cut, nothing run as a formula, printed by LibreOffice."""

import re
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tasks_app.clock import SHANGHAI
from tasks_app.documents.annex import (
    FORM_COLUMNS,
    HEADINGS,
    MERGED_COLUMNS,
    ZERO_WIDTH_SPACE,
    Annex,
    annex_workbook,
    safe_text,
)
from tasks_app.documents.annex_layout import MAX_ROW, AnnexBlock, AnnexItem, cut, height, wrap
from tests.surroundings import office

pytestmark = pytest.mark.once
AT = datetime(2024, 7, 20, 9, 0, tzinfo=SHANGHAI)
EXCEL_ROW_LIMIT, EXCEL_CELL_LIMIT = 409, 32767
SENTENCE = "推动总医院牵头成立检查检验、影像、心电、病理和消毒供应五大中心，检查结果互认率提高到86.5%。"
DANGEROUS = ['=HYPERLINK("http://x","点")', "+1+2", "-5%", "@SUM(A1)", "\t=1", "＝1+1", "\r\n=2+3"]


def distinct(start: int, length: int) -> str:
    """Return `length` characters no two of which are alike, so that a missing one is noticed."""
    return "".join(chr(0x4E00 + start + i) for i in range(length))


def block(
    section: str, number: int, *items: AnnexItem, measures: str = "①完善机制。", units: str = "各县"
) -> AnnexBlock:
    return AnnexBlock(section, f"{number}. 任务{number}", measures, units, items)


def write(folder: Path, *blocks: AnnexBlock, columns=FORM_COLUMNS) -> Path:
    annex = Annex(
        title="2024年深化医改重点任务分解表",
        header="填报单位：将乐县　　填报时间：2024年7月20日　　填表人：林晓燕　　联系电话：0598-8220000",
        note="2024年上半年 A&B",
        sheet="2024年上半年",
        blocks=blocks,
        columns=columns,
    )
    path = folder / "annex.xlsx"
    path.write_bytes(annex_workbook(annex, at=AT))
    return path


def rows_of(sheet: Worksheet) -> range:
    return range(4, sheet.max_row + 1)


def column(sheet: Worksheet, letter: str) -> str:
    return "".join(sheet[f"{letter}{row}"].value or "" for row in rows_of(sheet))


def test_the_sheet_is_laid_out_like_the_printed_annex(tmp_path):
    path = write(
        tmp_path,
        block("一、甲", 1, AnnexItem("进展")),
        block("一、甲", 2, AnnexItem("进展")),
        block("二、乙", 3, AnnexItem("")),
    )
    sheet = load_workbook(path).active
    assert sheet["A1"].value == "2024年深化医改重点任务分解表"
    assert (sheet["A1"].font.name, sheet["A1"].font.size) == ("方正小标宋简体", 20)
    assert sheet["A2"].value.startswith("填报单位：将乐县")
    assert tuple(cell.value for cell in sheet[3]) == HEADINGS
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert merged == {"A1:F1", "A2:F2", "A4:A5"}
    assert [sheet[f"A{row}"].value for row in (4, 6)] == ["一、甲", "二、乙"]
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.oddFooter.center.text == "第 &P 页 共 &N 页"
    for row in sheet["A3:F6"]:
        for cell in row:
            assert cell.border.left.style == cell.border.right.style == "thin"


def test_a_section_that_goes_over_a_page_is_named_again_on_the_next(tmp_path):
    path = write(tmp_path, *(block("一、甲", n, AnnexItem(SENTENCE * 8)) for n in range(1, 10)))
    sheet = load_workbook(path).active
    starts = [4, *(brk.id + 1 for brk in sheet.row_breaks.brk)]
    assert len(starts) > 2
    assert {sheet[f"A{row}"].value for row in starts} == {"一、甲"}


def test_a_long_text_goes_on_in_further_rows_and_stays_whole(tmp_path):
    text = distinct(0, 20000) + "\n" + SENTENCE * 400
    assert len(text) > EXCEL_CELL_LIMIT
    path = write(
        tmp_path, block("一、甲", 1, AnnexItem(text, SENTENCE * 10)), block("一、甲", 2, AnnexItem("短"))
    )
    sheet = load_workbook(path).active
    assert column(sheet, "E").replace("\n", "") == text.replace("\n", "") + "短"
    assert column(sheet, "F").replace("\n", "") == SENTENCE * 10
    assert max(sheet.row_dimensions[row].height for row in rows_of(sheet)) <= EXCEL_ROW_LIMIT


@pytest.mark.parametrize("text", ["http://" + "a" * 3000, "GDP 3.5% " * 400], ids=["one word", "many"])
def test_long_latin_text_makes_no_row_too_high_for_excel(tmp_path, text):
    sheet = load_workbook(write(tmp_path, block("一、甲", 1, AnnexItem(text)))).active
    assert max(sheet.row_dimensions[row].height for row in rows_of(sheet)) <= EXCEL_ROW_LIMIT
    assert column(sheet, "E").replace("\n", "") == text


def test_long_measures_are_never_shorter_than_their_rows(tmp_path):
    path = write(
        tmp_path, block("一、甲", 1, AnnexItem("短"), measures=distinct(0, 4000), units=SENTENCE * 9)
    )
    sheet = load_workbook(path).active
    assert column(sheet, "C") == distinct(0, 4000)
    assert column(sheet, "D") == SENTENCE * 9
    spans = {area.min_row: area.max_row for area in sheet.merged_cells.ranges if area.min_col == 3}
    for row in rows_of(sheet):
        if text := sheet[f"C{row}"].value:
            room = sum(sheet.row_dimensions[r].height for r in range(row, spans.get(row, row) + 1))
            assert room >= height(text, FORM_COLUMNS[2])


@pytest.mark.parametrize("lines", [4, 5, 10, 27])
def test_a_text_is_cut_behind_a_sentence_and_loses_nothing(lines):
    head, tail = cut(SENTENCE * 30, 42, lines)
    assert head + tail == SENTENCE * 30
    assert head.endswith("。")
    assert 1 < len(wrap(head, 42)) <= lines
    assert height(head, 42) <= MAX_ROW + 60


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_looks_like_a_formula_is_text(tmp_path, text):
    path = write(tmp_path, block(text, 1, AnnexItem(text, text), measures=text, units=text))
    sheet = load_workbook(path).active
    for row in sheet.iter_rows(min_row=4):
        for cell in row:
            if cell.value and cell.column_letter != "B":
                assert (cell.data_type, cell.quotePrefix) == ("s", True)
                assert cell.value == ZERO_WIDTH_SPACE + text.strip("\r\n")


def test_libreoffice_shows_formula_like_text_unharmed_and_keeps_it_text_through_csv(tmp_path):
    path = write(
        tmp_path, *(block("一、甲", n, AnnexItem(text)) for n, text in enumerate(DANGEROUS, start=1))
    )
    printed = office.printed_text(office.convert(path, "pdf", tmp_path))
    assert '=HYPERLINK("http://x","点")' in printed
    csv = office.convert(path, "csv:Text - txt - csv (StarCalc):44,34,76,1", tmp_path)
    assert "=HYPERLINK" in csv.read_text(encoding="utf-8")
    again = tmp_path / "again"
    again.mkdir()
    sheet = load_workbook(office.convert(csv, "xlsx", again)).active
    assert not [cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_characters_that_would_break_the_file_are_left_out(tmp_path):
    assert safe_text("甲\x00\x0b乙\ud800丙\ufffe丁\r\n戊\r己") == "甲乙丙丁\n戊\n己"
    path = write(tmp_path, block("一\x07、甲", 1, AnnexItem("进\x1f展", "备\x00注")))
    sheet = load_workbook(path).active
    assert (sheet["A4"].value, sheet["E4"].value, sheet["F4"].value) == ("一、甲", "进展", "备注")


def test_libreoffice_prints_heading_and_page_number_on_every_page_and_every_character(tmp_path):
    blocks = [
        block("一、甲", 1, AnnexItem(distinct(0, 900)), AnnexItem(distinct(900, 300), distinct(1200, 60))),
        block("一、甲", 2, *(AnnexItem(distinct(1300 + n * 100, 100)) for n in range(20))),
        block("二、乙", 3, AnnexItem(distinct(3300, 3000)), measures=distinct(6300, 1500)),
    ]
    path = write(tmp_path, *blocks, columns=MERGED_COLUMNS)
    pages = office.printed_text(office.convert(path, "pdf", tmp_path)).rstrip("\f").split("\f")
    assert len(pages) == len(load_workbook(path).active.row_breaks.brk) + 1 > 3
    for number, page in enumerate(pages, start=1):
        assert re.sub(r"\s", "", page).count("".join(HEADINGS)) == 1
        assert f"第{number}页共{len(pages)}页" in re.sub(r"\s", "", page)
        assert "2024年上半年A&B" in re.sub(r"\s", "", page)
    assert "2024年深化医改重点任务分解表" in re.sub(r"\s", "", pages[0])
    assert set(distinct(0, 7800)) - set("".join(pages)) - set(distinct(1260, 40)) == set()


def test_no_row_is_lower_than_libreoffice_would_make_it(tmp_path):
    texts = [SENTENCE[n:] * times for n in range(0, 24, 3) for times in (1, 2, 4, 9)]
    texts += [
        "DRG/DIP付费覆盖98.7%，PACS、LIS、HIS互联互通。" * 6,
        "甲\n乙\n\n丙",
        "https://example.gov.cn/a?b=1 " * 9,
    ]
    path = write(tmp_path, *(block("", n, AnnexItem(t), measures="", units="") for n, t in enumerate(texts)))
    given, best = _heights(path), _heights(_with_best_heights(path, tmp_path))
    cut_off = {row: (given[row], best[row]) for row in given if best[row] > given[row]}
    assert best[4] > 20  # LibreOffice did measure
    assert not cut_off


def _with_best_heights(path: Path, folder: Path) -> Path:
    """Return the same table with the row heights that LibreOffice works out by itself."""
    flat = office.convert(path, "fods", folder)
    text = re.sub(r'style:row-height="[^"]*"', "", flat.read_text(encoding="utf-8"))
    flat.write_text(text.replace('optimal-row-height="false"', 'optimal-row-height="true"'), encoding="utf-8")
    best = folder / "best"
    best.mkdir()
    return office.convert(flat, "xlsx", best)


def _heights(path: Path) -> dict[int, float]:
    sheet = load_workbook(BytesIO(path.read_bytes())).active
    return {row: sheet.row_dimensions[row].height or 0 for row in rows_of(sheet) if sheet[f"E{row}"].value}
