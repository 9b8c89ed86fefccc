"""The offline form: what is put into a box comes back the same, through LibreOffice as well; only boxes are open."""

import io
import subprocess
import sys
from collections.abc import Callable

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks_app.documents.errors import UnreadableDocument
from tasks_app.documents.grid import CellFault
from tasks_app.documents.offline_form import (
    BOXES,
    HEADER_BOXES,
    OfflineForm,
    OfflineRow,
    guarded,
    offline_form,
    unguarded,
)
from tasks_app.documents.offline_reading import FilledForm, read_offline_form
from tasks_app.documents.reading import read_document
from tests.cast import AT

pytestmark = pytest.mark.once
CHOICES = {
    "status": ["已完成", "达到序时", "未达序时", "未启动"],
    "cause": ["资金", "其他"],
    "outlook": ["能完成", "有困难", "完不成"],
}
CHOSEN = {"status": "达到序时", "cause": "", "outlook": "有困难"}
HARD = {
    "formula": "=1+1",
    "plus": "+5％以上",
    "minus": "-3",
    "at": "@市卫健委",
    "full width": "＝甲",
    "lines": "第一行\n\n第三行\n",
    "spaces": "  前后都有空格  ",
    "emoji": "已完成👨‍👩‍👧😀",
    "long": "很长。" * 3333,
    "tab": "甲\t乙",
    "looks escaped": "代码 _x0041_ 不变",
    "number": "0012",
    "date": "2024-07-15",
    "mark": "\u200b=不是公式",
    "xml": '<a href="x">&amp;</a>]]>',
    "mark of a row": "任务:甲",
}


def form(texts: list[str], **header: str) -> bytes:
    """A form with one task for each text, which stands in each of its written boxes."""
    rows = [
        OfflineRow(
            mark=f"m{number}",
            number=number,
            section="一、加强组织领导",
            task=f"{number}. 任务",
            measures="①甲。\n②乙。",
            previous="上期的话",
            boxes={"progress": text, "forecast": text, "remarks": text, **CHOSEN},
        )
        for number, text in enumerate(texts, start=1)
    ]
    return offline_form(
        OfflineForm(
            mark="表的标识",
            title="任务分解表",
            place="填报单位：将乐县",
            header={"filler_name": "林晓燕", "filler_phone": "0598-1", "filled_on": "2024-07-15"} | header,
            rows=rows,
            choices=CHOICES,
            limit=10_000,
        ),
        at=AT,
    )


def edited(data: bytes, edit: Callable) -> bytes:
    """The file after somebody opened it, did `edit` to its sheet and saved."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    edit(book["填报表"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def boxes(read: FilledForm) -> list[dict[str, str]]:
    return [row.boxes for row in read.rows]


def test_every_text_comes_back_as_it_was():
    read = read_offline_form(form(list(HARD.values())))
    assert read.mark == "表的标识"
    assert [row.mark for row in read.rows] == [f"m{number}" for number in range(1, len(HARD) + 1)]
    for row, text in zip(read.rows, HARD.values(), strict=True):
        assert row.boxes == {"progress": text, "forecast": text, "remarks": text, **CHOSEN}
    assert read.header == {"filler_name": "林晓燕", "filler_phone": "0598-1", "filled_on": "2024-07-15"}


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_libreoffice_saves_it_and_every_text_comes_back(soffice, tmp_path, kind):
    path = tmp_path / "form" / "离线表.xlsx"
    path.parent.mkdir()
    path.write_bytes(form(list(HARD.values()), filler_name="=甲"))
    read = read_offline_form(soffice(path, kind).read_bytes(), file_name="离线表.et")
    assert [row.mark for row in read.rows] == [f"m{number}" for number in range(1, len(HARD) + 1)]
    assert [row.boxes["progress"] for row in read.rows] == list(HARD.values())
    assert read.header["filler_name"] == "=甲"


def test_no_text_is_a_formula_in_the_file():
    sheet = openpyxl.load_workbook(io.BytesIO(form(list(HARD.values())))).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t=+-@\u200b"), max_size=40)
)
def test_what_guards_a_text_is_taken_off_again(text):
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@"))


@settings(max_examples=5, deadline=None)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n=_x0041"), min_size=1),
        min_size=1,
        max_size=5,
    )
)
def test_any_texts_come_back_through_a_real_file(texts):
    assert [row["remarks"] for row in boxes(read_offline_form(form(texts)))] == texts


def test_only_the_boxes_are_open_and_the_sheet_needs_no_password():
    sheet = openpyxl.load_workbook(io.BytesIO(form(["甲", "乙"]))).worksheets[0]
    assert sheet.protection.sheet
    assert not sheet.protection.password
    open_cells = {c.coordinate for row in sheet.iter_rows() for c in row if not c.protection.locked}
    expected = {"E3", "G3", "I3"} | {f"{letter}{row}" for row in (5, 6) for letter in "GHIJKL"}
    assert open_cells == expected
    assert sheet.column_dimensions["A"].hidden


def test_it_prints_on_a4_lying_down_with_its_headings_on_every_page():
    sheet = openpyxl.load_workbook(io.BytesIO(form(["甲"]))).worksheets[0]
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.freeze_panes == "E5"


def test_what_is_chosen_is_chosen_from_a_list():
    sheet = openpyxl.load_workbook(io.BytesIO(form(["甲", "乙"]))).worksheets[0]
    checks = {str(check.sqref): check for check in sheet.data_validations.dataValidation}
    assert checks["H5:H6"].formula1 == '"已完成,达到序时,未达序时,未启动"'
    assert checks["I5:I6"].formula1 == '"资金,其他"'
    assert checks["J5:J6"].formula1 == '"能完成,有困难,完不成"'
    assert checks["G5:G6"].formula1 == "10000"


def test_it_is_explained_on_a_sheet_of_its_own():
    book = openpyxl.load_workbook(io.BytesIO(form(["甲"])))
    assert book.sheetnames == ["填报表", "填写说明"]
    words = "".join(cell.value for (cell,) in book["填写说明"].iter_rows())
    for expected in ("10,000 字", "工作进展、状态、滞后原因", "严禁填写涉密信息"):
        assert expected in words


def test_rows_are_known_by_their_mark_wherever_they_stand():
    def edit(sheet):
        sheet.move_range("A5:L5", rows=9)
        sheet["G8"] = "没有标识的一行"

    read = read_offline_form(edited(form(["甲", "乙"]), edit))
    assert [(row.line, row.mark, row.boxes["progress"]) for row in read.rows] == [
        (6, "m2", "乙"),
        (8, "", "没有标识的一行"),
        (14, "m1", "甲"),
    ]


def test_columns_are_known_by_their_heading():
    def edit(sheet):
        sheet.insert_cols(7)
        sheet["G4"] = "我的备忘"

    assert boxes(read_offline_form(edited(form(["甲"]), edit)))[0]["progress"] == "甲"


def test_a_form_taken_away_before_causes_were_asked_is_still_read():
    def edit(sheet):
        sheet.delete_cols(9, 2)

    (row,) = boxes(read_offline_form(edited(form(["甲"]), edit)))
    assert row == {"progress": "甲", "status": "达到序时", "forecast": "甲", "remarks": "甲"}


def test_a_number_or_a_day_is_read_as_a_person_reads_it():
    def edit(sheet):
        sheet["G5"], sheet["K5"] = 95.5, AT.date()
        sheet["G5"].number_format, sheet["K5"].number_format = "General", "yyyy-mm-dd"

    read = boxes(read_offline_form(edited(form(["甲"]), edit)))[0]
    assert (read["progress"], read["forecast"]) == ("95.5", "2024-07-15")


def test_a_formula_without_a_value_is_told_apart():
    (row,) = read_offline_form(edited(form(["甲"]), lambda sheet: sheet.__setitem__("G5", '="共"&5'))).rows
    assert row.faults == {"progress": CellFault.NO_VALUE}


def test_a_file_that_is_none_of_ours_is_refused_with_what_to_do():
    def lose_headings(sheet):
        sheet["G4"] = "进展"

    book = openpyxl.Workbook()
    book.active["A1"] = "别的表"
    other = io.BytesIO()
    book.save(other)
    for data, words in (
        (other.getvalue(), "请上传从本页“下载离线表”得到"),
        (edited(form(["甲"]), lambda sheet: sheet.delete_cols(1)), "隐藏的 A 列"),
        (edited(form(["甲"]), lose_headings), "工作进展、预计至期末、状态、备注"),
        (b"%PDF-1.7", "PDF"),
        (form(["甲"])[:2000], "损坏"),
    ):
        with pytest.raises(UnreadableDocument, match=words):
            read_offline_form(data)


def test_the_names_of_boxes_are_their_headings():
    sheet = openpyxl.load_workbook(io.BytesIO(form(["甲"]))).worksheets[0]
    assert [sheet[f"{letter}4"].value for letter in "GHIJKL"] == list(BOXES.values())
    assert [sheet[f"{letter}3"].value for letter in "DFH"] == list(HEADER_BOXES.values())


def test_it_is_read_in_a_process_of_its_own_alone(tmp_path):
    """Whoever uploads it never has the server's own process open it."""
    path = tmp_path / "form.xlsx"
    path.write_bytes(form(["甲"]))
    code = f"""
import sys
from pathlib import Path
from tasks_app.documents.offline_reading import read_offline_form
print(len(read_offline_form(Path({str(path)!r}).read_bytes()).rows))
print(sorted({{"tasks_app.documents.dispatch", "tasks_app.documents.excel", "python_calamine"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["1", "[]"]


def test_only_as_typed_keeps_the_spaces_at_the_ends():
    texts = {as_typed: set() for as_typed in (True, False)}
    for as_typed, found in texts.items():
        for sheet in read_document(form([HARD["spaces"]]), as_typed=as_typed).sheets:
            found.update(text for cells in sheet.rows.values() for text in cells.values())
    assert HARD["spaces"] in texts[True]
    assert HARD["spaces"] not in texts[False]
    assert HARD["spaces"].strip() in texts[False]
