"""Reading Word files: tables, merges, the texts as Word shows them, and what stands around the tables."""

import io

import docx
import pytest

from tasks_app.documents.errors import UnreadableDocument
from tasks_app.documents.grid import CellFault, Merge, Sheet, SheetKind
from tasks_app.documents.reading import read_document
from tasks_app.documents.word_numbering import numeral
from tests.word_files import (
    MAIN,
    STRICT_MAIN,
    definition,
    list_of,
    numbered,
    p,
    r,
    tbl,
    tc,
    tr,
    word_file,
)
from tests.workbooks import with_part

pytestmark = pytest.mark.once


def only_table(body: str, **parts: str) -> Sheet:
    (sheet,) = read_document(word_file(body, **parts)).sheets
    return sheet


def cell_text(*content: str, **parts: str) -> str:
    return only_table(tbl(tr(tc(*content))), **parts).rows.get(1, {}).get(1, "")


def test_every_table_is_a_sheet_with_the_paragraphs_around_it():
    first, second = read_document(
        word_file(
            p("关于印发的通知")
            + p("")
            + p("附件")
            + tbl(tr("甲", "乙"), tr("1", "2"))
            + p("二、第二部分")
            + tbl(tr("丙", "丁"))
            + p("注：说明")
            + "<w:sectPr/>"
        )
    ).sheets
    assert (first.name, first.kind, first.rows) == (
        "表格1",
        SheetKind.WORD_TABLE,
        {1: {1: "甲", 2: "乙"}, 2: {1: "1", 2: "2"}},
    )
    assert (first.above, first.below) == (("关于印发的通知", "附件"), ())
    assert (second.name, second.rows) == ("表格2", {1: {1: "丙", 2: "丁"}})
    assert (second.above, second.below) == (("二、第二部分",), ("注：说明",))


def test_cells_merged_across_and_down_become_merges_and_later_cells_stand_right():
    sheet = only_table(
        tbl(
            tr(tc("板块", span=2), "任务", "单位"),
            tr(tc("一、甲", merge="restart"), "1", "任务一", tc("卫健委", merge="restart")),
            tr(tc("看不见", merge="continue"), "2", "任务二", tc(merge="continue")),
            tr(tc(merge="continue"), tc("2.1", span=2), "医保局"),
        )
    )
    assert sheet.rows == {
        1: {1: "板块", 3: "任务", 4: "单位"},
        2: {1: "一、甲", 2: "1", 3: "任务一", 4: "卫健委"},
        3: {2: "2", 3: "任务二"},
        4: {2: "2.1", 4: "医保局"},
    }
    assert set(sheet.merges) == {Merge(1, 1, 1, 2), Merge(2, 1, 4, 1), Merge(2, 4, 3, 4), Merge(4, 2, 4, 3)}


def test_a_cell_that_goes_on_under_another_shape_keeps_its_text():
    sheet = only_table(tbl(tr(tc("甲", span=2)), tr(tc("乙", merge="continue"), "丙")))
    assert sheet.rows == {1: {1: "甲"}, 2: {1: "乙", 2: "丙"}}
    assert sheet.merges == (Merge(1, 1, 1, 2),)


def test_old_merges_across_are_understood():
    sheet = only_table(
        tbl(
            tr(
                tc("甲", properties='<w:hMerge w:val="restart"/>'),
                tc(properties="<w:hMerge/>"),
                "丙",
            )
        )
    )
    assert (sheet.rows, sheet.merges) == ({1: {1: "甲", 3: "丙"}}, (Merge(1, 1, 1, 2),))


def test_a_row_that_starts_later_is_placed_right():
    sheet = only_table(tbl(tr("甲", "乙", "丙"), tr("2", "3", properties='<w:gridBefore w:val="1"/>')))
    assert sheet.rows[2] == {2: "2", 3: "3"}


def test_lines_that_hardly_miss_each_other_are_one():
    # Rows drawn by hand: the second line stands 40 twentieths of a point further right below the heading.
    sheet = only_table(
        tbl(
            tr("甲", tc("乙", span=2), "丙"),
            tr(tc("1", span=2), "2", "3"),
            widths=(2000, 40, 2000, 2000),
        )
    )
    assert sheet.rows == {1: {1: "甲", 2: "乙", 3: "丙"}, 2: {1: "1", 2: "2", 3: "3"}}
    assert sheet.merges == ()


def test_a_narrow_column_with_cells_of_its_own_is_kept():
    sheet = only_table(tbl(tr("甲", "乙", "丙"), widths=(2000, 40, 2000)))
    assert sheet.rows == {1: {1: "甲", 2: "乙", 3: "丙"}}


def test_lines_and_paragraphs_of_a_cell_are_lines():
    assert cell_text(p("①甲", "<w:r><w:br/></w:r>", "②乙"), p("③丙")) == "①甲\n②乙\n③丙"
    assert cell_text(p("推动", '<w:r><w:br w:type="page"/></w:r>', "落实")) == "推动落实"
    assert cell_text(p("5G", "<w:r><w:noBreakHyphen/></w:r>", "A", "<w:r><w:tab/></w:r>", "乙")) == "5G-A 乙"


def test_links_fields_controls_and_formulas_give_their_text():
    link = f"<w:hyperlink>{r('链接')}</w:hyperlink>"
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{r("7")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{r('控件')}</w:sdtContent></w:sdt>"
    prompt = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{r('单击此处输入')}</w:sdtContent></w:sdt>"
    formula = "<m:oMath><m:r><m:t>≥79.2</m:t></m:r></m:oMath>"
    ruby = f"<w:r><w:ruby><w:rt>{r('pīn')}</w:rt><w:rubyBase>{r('拼')}</w:rubyBase></w:ruby></w:r>"
    picture = f"<w:r><w:pict><w:txbxContent>{p('文本框')}</w:txbxContent></w:pict></w:r>"
    text = cell_text(p(link, field, control, prompt, formula, ruby, picture))
    assert text == "链接7控件≥79.2拼"


def test_signs_from_a_list_of_signs_are_read():
    signs = [f'<w:r><w:sym w:font="Symbol" w:char="{c}"/></w:r>' for c in ("F0B3", "F0FC", "2460", "x", "")]
    assert cell_text(p(signs[0], "79.2", *signs[1:])) == "≥79.2①"


@pytest.mark.parametrize(
    ("font", "codes", "text"),
    [
        ("Wingdings 2", ("F06A", "F06B", "F073"), "①甲②甲⑩甲"),
        ("Wingdings", ("F081", "008A", "F08C"), "①甲⑩甲❶甲"),
        ("Wingdings", ("F0FC", "F0FE", "F0D8"), "✓甲☑甲➢甲"),
        ("Wingdings 2", ("F050", "F052", "F0A3"), "✓甲☑甲□甲"),
    ],
)
def test_signs_of_a_font_are_the_characters_they_look_like(font: str, codes: tuple[str, ...], text: str):
    signs = [f'<w:sym w:font="{font}" w:char="{code}"/><w:t>甲</w:t>' for code in codes]
    assert cell_text(p(f"<w:r>{''.join(signs)}</w:r>")) == text
    typed = "".join(f"{chr(0xF000 | int(code, 16) & 0xFF)}甲" for code in codes)
    fonts = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}"/>'
    assert cell_text(p(r(typed, fonts))) == text


def test_what_is_left_out_of_a_word_file_is_said():
    box = f"<w:r><w:pict><w:txbxContent>{p('2025年任务分解表')}</w:txbxContent></w:pict></w:r>"
    picture = "<w:r><w:drawing><a:blip xmlns:a='urn:a'/></w:drawing></w:r>"
    strange = '<w:r><w:sym w:font="Wingdings" w:char="F04A"/></w:r>'
    workbook = read_document(
        word_file(p(box) + tbl(tr("甲", tc(p(picture))), tr(tc(p("乙", picture, strange)), "丙")))
    )
    assert [remark[:10] for remark in workbook.remarks] == ["文件中有文本框，文本", "文件中有用符号字体插"]
    assert workbook.sheets[0].rows == {1: {1: "甲"}, 2: {1: "乙", 2: "丙"}}
    assert workbook.sheets[0].faults == {(1, 2): CellFault.PICTURE, (2, 1): CellFault.PICTURE}
    with pytest.raises(UnreadableDocument, match="文本框里的表格不能读取"):
        read_document(
            word_file(p(f"<w:r><w:pict><w:txbxContent>{tbl(tr('甲'))}</w:txbxContent></w:pict></w:r>"))
        )


def test_rows_and_cells_in_controls_are_read():
    def control(inner: str) -> str:
        return f"<w:sdt><w:sdtContent>{inner}</w:sdtContent></w:sdt>"

    table = tbl(tr("甲"), control(tr("乙", control(tc("丙")))))
    assert only_table(control(table)).rows == {1: {1: "甲"}, 2: {1: "乙", 2: "丙"}}


def test_the_text_of_a_table_in_a_cell_stays_in_the_cell():
    assert cell_text(p("前"), tbl(tr("甲", "乙"), tr("丙", "丁")), p("后")) == "前\n甲 乙\n丙 丁\n后"


def test_changes_are_read_as_accepted_and_said():
    deleted = f"<w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:moveFrom>{r('移走')}</w:moveFrom>"
    inserted = f"<w:ins>{r('新')}</w:ins><w:moveTo>{r('移来')}</w:moveTo>"
    mark_deleted = "<w:rPr><w:del/></w:rPr>"
    workbook = read_document(
        word_file(
            tbl(
                tr(tc(p("前", deleted, inserted), p("上半", properties=mark_deleted), p("下半"))),
                tr("删去的行", properties="<w:del/>"),
                tr("末行"),
            )
        )
    )
    assert workbook.sheets[0].rows == {1: {1: "前新移来\n上半下半"}, 2: {1: "末行"}}
    assert [("修订" in remark) for remark in workbook.remarks] == [True]


def test_hidden_text_is_left_out_and_said():
    style = '<w:style w:styleId="base"><w:rPr><w:vanish/></w:rPr></w:style>'
    style += '<w:style w:styleId="mine"><w:basedOn w:val="base"/></w:style>'
    workbook = read_document(
        word_file(
            tbl(
                tr(
                    tc(
                        p(
                            "看得见",
                            r("看不见", "<w:vanish/>"),
                            r("也看不见", '<w:rStyle w:val="mine"/>'),
                            r("又看得见", '<w:rStyle w:val="mine"/><w:vanish w:val="0"/>'),
                        )
                    )
                )
            ),
            styles=style,
        )
    )
    assert workbook.sheets[0].rows == {1: {1: "看得见又看得见"}}
    assert [("隐藏文字" in remark) for remark in workbook.remarks] == [True]


def test_hidden_rows_are_told():
    assert only_table(tbl(tr("甲"), tr("乙", properties="<w:hidden/>"))).hidden_rows == {2}


def test_a_file_without_changes_macros_and_hidden_text_gets_no_remark():
    assert read_document(word_file(tbl(tr("甲")))).remarks == ()


NUMBERING = (
    definition(0, ("chineseCounting", "%1、"), ("decimal", "%2."), ("decimalEnclosedCircleChinese", "%3"))
    + definition(1, ("decimal", "%1"))
    + definition(2, ("decimal", "%1."), ("decimal", "%1.%2"))
    + definition(3, ("bullet", "\uf0b7"), ("none", ""))
    + "".join(list_of(i + 1, i) for i in range(4))
    + list_of(9, 2, start_again_at=1)
)


def test_numbers_that_word_writes_by_itself_are_part_of_the_text():
    sheet = only_table(
        numbered("总体要求", 1)
        + tbl(
            tr("序号", "任务"),
            tr(tc(numbered("", 2)), tc(numbered("甲", 1, 1), numbered("子一", 1, 2), numbered("子二", 1, 2))),
            tr(tc(numbered("", 2)), tc(numbered("乙", 1, 1), numbered("子一", 1, 2))),
        )
        + numbered("保障措施", 1)
        + numbered("丙", 1, 1),
        numbering=NUMBERING,
    )
    assert sheet.above == ("一、总体要求",)
    assert sheet.rows[2] == {1: "1", 2: "1. 甲\n①子一\n②子二"}
    assert sheet.rows[3] == {1: "2", 2: "2. 乙\n①子一"}
    assert sheet.below == ("二、保障措施", "1. 丙")


def test_lists_of_one_definition_count_on_unless_one_starts_again():
    lines = cell_text(
        numbered("甲", 3),
        numbered("乙", 3, 1),
        numbered("丙", 3),
        numbered("丁", 9),
        numbered("戊", 9),
        numbered("己", 4),
        numbered("庚", 77),
        numbered("辛", 0),
        numbering=NUMBERING,
    )
    assert lines.split("\n") == ["1. 甲", "1.1 乙", "2. 丙", "1. 丁", "2. 戊", "己", "庚", "辛"]


def test_a_number_comes_from_the_style_of_a_paragraph():
    styles = (
        '<w:style w:styleId="list"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="mine"><w:basedOn w:val="list"/></w:style>'
        '<w:style w:styleId="a"><w:basedOn w:val="b"/></w:style><w:style w:styleId="b"><w:basedOn w:val="a"/></w:style>'
    )
    styled = '<w:pStyle w:val="mine"/>'
    without = styled + '<w:numPr><w:numId w:val="0"/></w:numPr>'
    text = cell_text(
        p("甲", properties=styled),
        p("乙", properties=without),
        p("丙", properties=styled),
        p("丁", properties='<w:pStyle w:val="a"/>'),
        styles=styles,
        numbering=NUMBERING,
    )
    assert text == "一、甲\n乙\n二、丙\n丁"


def test_a_deleted_paragraph_takes_no_number():
    deleted = p(
        "<w:del><w:r><w:delText>删</w:delText></w:r></w:del>",
        properties='<w:numPr><w:numId w:val="3"/></w:numPr><w:rPr><w:del/></w:rPr>',
    )
    assert cell_text(numbered("甲", 3), deleted, numbered("乙", 3), numbering=NUMBERING) == "1. 甲\n2. 乙"


@pytest.mark.parametrize(
    ("name", "numbers", "texts"),
    [
        ("decimal", (1, 20), "1 20"),
        ("decimalZero", (1, 20), "01 20"),
        ("decimalEnclosedCircle", (1, 20, 21, 36, 51), "① ⑳ ㉑ ㊱ 51"),
        ("chineseCounting", (1, 10, 11, 20, 21, 101, 110), "一 十 十一 二十 二十一 一百零一 一百一十"),
        ("chineseLegalSimplified", (1, 10, 21), "壹 拾 贰拾壹"),
        ("ideographTraditional", (1, 10), "甲 癸"),
        ("ideographZodiac", (12,), "亥"),
        ("upperLetter", (1, 27), "A AA"),
        ("lowerRoman", (4, 9, 14, 42), "iv ix xiv xlii"),
        ("decimalEnclosedParen", (3,), "⑶"),
        ("unheardOf", (7,), "7"),
    ],
)
def test_the_numerals_of_word(name: str, numbers: tuple[int, ...], texts: str):
    assert " ".join(numeral(number, name) for number in numbers) == texts


def test_a_file_of_python_docx_reads_like_words_own():
    document = docx.Document()
    document.add_paragraph("2024年重点任务")
    table = document.add_table(2, 3)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "一、甲"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "1. 乙"
    table.cell(1, 1).paragraphs[0].style = "List Number"
    table.cell(1, 2).text = "a\nb"
    file = io.BytesIO()
    document.save(file)
    sheet = read_document(file.getvalue()).sheets[0]
    assert sheet.above == ("2024年重点任务",)
    assert sheet.rows == {1: {1: "一、甲", 2: "1. 乙"}, 2: {2: "1.", 3: "a\nb"}}
    assert set(sheet.merges) == {Merge(1, 1, 2, 1), Merge(1, 2, 1, 3)}


def test_the_document_is_found_under_another_name_and_as_a_strict_one():
    assert read_document(word_file(tbl(tr("甲")), main="word/document2.xml")).sheets[0].rows == {1: {1: "甲"}}
    strict = f'<w:document xmlns:w="{STRICT_MAIN}"><w:body>{tbl(tr("甲"))}</w:body></w:document>'
    data = with_part("word/document.xml", strict.encode(), word_file(""))
    assert read_document(data).sheets[0].rows == {1: {1: "甲"}}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (word_file(p("只有文字")), "没有表格"),
        (with_part("word/document.xml", b"<w:document", word_file("")), "损坏"),
        (
            with_part("word/document.xml", f'<w:document xmlns:w="{MAIN}"/>'.encode(), word_file("")),
            "没有表格",
        ),
        (word_file("<w:sdt><w:sdtContent>" * 400 + "</w:sdtContent></w:sdt>" * 400), "损坏"),
        (word_file(tbl(tr(tc("甲", span=999_999_999)))), "损坏"),
    ],
)
def test_what_has_no_table_gets_a_sentence(data: bytes, words: str):
    with pytest.raises(UnreadableDocument, match=words) as refusal:
        read_document(data)
    assert str(refusal.value).endswith("。")
