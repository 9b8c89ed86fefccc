"""What all sheets have in common: a page of guidance prints whole, a text stays what it is."""

from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from tasks_app.documents.annex_layout import height
from tasks_app.documents.printed_sheet import GUIDE_WIDTH, LEFT, put_text, write_guide
from tests.surroundings import office

pytestmark = pytest.mark.once
PAGE_WIDTH = (210 - 2 * 15) / 25.4 * 72  # points; a character has 10
LONG = "".join(chr(0x4E00 + n) for n in range(200))


def saved(book: Workbook) -> Workbook:
    file = BytesIO()
    book.save(file)
    return load_workbook(file)


def test_guidance_prints_whole_on_one_upright_page(soffice, tmp_path):
    book = Workbook()
    write_guide(book.active, ["怎样填写", f"一、{LONG}", "二、短的。"])
    book.save(tmp_path / "guide.xlsx")
    pages = office.printed_text(soffice(tmp_path / "guide.xlsx", "pdf")).strip("\f\n").split("\f")
    assert len(pages) == 1
    lines = pages[0].split()
    assert LONG in "".join(lines)
    assert max(map(len, lines)) <= PAGE_WIDTH / 10  # no line reaches into the margin


def test_each_line_of_guidance_is_as_high_as_its_text():
    book = Workbook()
    write_guide(book.active, ["怎样填写", LONG])
    sheet = saved(book).active
    assert sheet.row_dimensions[2].height == height(LONG, GUIDE_WIDTH) > sheet.row_dimensions[1].height
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth) == ("portrait", 1)


def test_excel_is_kept_from_reading_an_escape_into_a_text():
    book = Workbook()
    put_text(book.active["A1"], "文号_x0041_", LEFT)
    assert saved(book).active["A1"].value == "文号_x005F_x0041_"
