"""The program's own templates read back: the measures of GB/T 9704-2012, fonts and sizes, the mark of a draft."""

from io import BytesIO

import pytest
from docx import Document
from docx.document import Document as Docx
from docx.oxml.ns import qn

from tasks_app.choices import DocumentKind
from tasks_app.documents.official_drafts import fill_template
from tasks_app.documents.official_templates import own_template
from tasks_app.domain.drafts.placeholders import OFFICE, sample_values

pytestmark = pytest.mark.once
K = DocumentKind
DOCUMENTS = (K.CALL, K.NOTICE, K.INTERVIEW_NOTICE)


@pytest.fixture(scope="module")
def filled() -> dict[DocumentKind, Docx]:
    """The six documents with sample values."""
    return {
        kind: Document(BytesIO(fill_template(own_template(kind, organ=OFFICE), sample_values(kind))))
        for kind in DocumentKind
    }


def attributes(document: Docx, name: str) -> dict[str, str]:
    """The attributes of one element of the page's description."""
    element = document.sections[0]._sectPr.find(qn(name))
    return {key.rpartition("}")[2]: value for key, value in element.items()}


def style(document: Docx, name: str) -> dict[str, object]:
    """Font, size in points, line, indents of a named style."""
    element = document.styles[name].element
    fonts = element.rPr.find(qn("w:rFonts"))
    found = {
        "font": fonts.get(qn("w:eastAsia")),
        "size": int(element.rPr.find(qn("w:sz")).get(qn("w:val"))) / 2,
    }
    for tag in ("w:ind", "w:spacing"):
        found |= {key.rpartition("}")[2]: value for key, value in element.pPr.find(qn(tag)).items()}
    return found


@pytest.mark.parametrize("kind", DocumentKind)
def test_the_page_is_that_of_the_standard(filled, kind):
    document = filled[kind]
    assert attributes(document, "w:pgSz") == {"w": "11906", "h": "16838"}
    margins = attributes(document, "w:pgMar")
    in_mm = {side: round(int(margins[side]) * 25.4 / 1440) for side in ("top", "bottom", "left", "right")}
    assert in_mm == {"top": 37, "bottom": 35, "left": 28, "right": 26}


@pytest.mark.parametrize("kind", DocumentKind)
def test_the_grid_holds_22_lines_of_28_characters(filled, kind):
    document = filled[kind]
    grid, margins = attributes(document, "w:docGrid"), attributes(document, "w:pgMar")
    assert grid["type"] == "linesAndChars"
    height = 16838 - int(margins["top"]) - int(margins["bottom"])
    width = 11906 - int(margins["left"]) - int(margins["right"])
    normal = int(document.styles["Normal"].element.rPr.find(qn("w:sz")).get(qn("w:val"))) * 10  # twips
    character = normal + int(grid["charSpace"]) * 20 / 4096
    assert height // int(grid["linePitch"]) == 22
    assert int(width / character) == 28
    body = style(document, "公文正文")
    assert (body["line"], body["lineRule"]) == (grid["linePitch"], "exact")


@pytest.mark.parametrize(
    ("name", "font", "size"),
    [
        ("公文标题", "方正小标宋简体", 22),
        ("公文正文", "仿宋_GB2312", 16),
        ("主送机关", "仿宋_GB2312", 16),
        ("一级标题", "黑体", 16),
        ("二级标题", "楷体_GB2312", 16),
        ("发文字号", "仿宋_GB2312", 16),
        ("成文日期", "仿宋_GB2312", 16),
        ("代拟稿", "黑体", 16),
        ("版记", "仿宋_GB2312", 14),
        ("页码", "宋体", 14),
    ],
)
def test_fonts_are_named_with_their_sizes(filled, name, font, size):
    for document in filled.values():
        assert (style(document, name)["font"], style(document, name)["size"]) == (font, size)


def test_no_font_travels_with_the_file(filled):
    for document in filled.values():
        assert not [part for part in document.part.package.iter_parts() if "font" in part.content_type.lower()
                    and not part.content_type.endswith("fontTable+xml")]  # fmt: skip


def test_indents_are_two_and_four_characters(filled):
    for document in filled.values():
        assert style(document, "公文正文")["firstLineChars"] == "200"
        assert int(style(document, "成文日期")["right"]) == 4 * 315


@pytest.mark.parametrize("kind", DocumentKind)
def test_page_1_says_that_it_is_a_draft(filled, kind):
    first = next(p for p in filled[kind].paragraphs if p.text.strip())
    assert first.text.split("\t")[0] == "代拟稿"
    assert first.style.name == "代拟稿"


@pytest.mark.parametrize("kind", [*DOCUMENTS, K.LETTER])
def test_the_year_of_the_number_stands_in_its_own_brackets(filled, kind):
    texts = [paragraph.text for paragraph in filled[kind].paragraphs]
    assert any("明医改办〔2024〕" in text for text in texts)
    assert not any(mark in text for text in texts for mark in ("[2024]", "【2024】", "（2024）"))


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_document_has_a_red_head_on_one_line(filled, kind):
    head = next(p for p in filled[kind].paragraphs if p.style.name == "发文机关标志")
    assert head.text == f"{OFFICE}文件"
    element = head.style.element
    assert element.rPr.find(qn("w:color")).get(qn("w:val")) == "FF0000"
    narrowed = int(element.rPr.find(qn("w:w")).get(qn("w:val"))) / 100
    size = int(element.rPr.find(qn("w:sz")).get(qn("w:val"))) / 2
    assert len(head.text) * size * narrowed <= 8845 / 20


def test_a_short_name_is_not_narrowed():
    template = Document(BytesIO(own_template(K.CALL, organ="市医改办")))
    assert template.styles["发文机关标志"].element.rPr.find(qn("w:w")) is None


def test_a_letter_has_the_letter_form(filled):
    section = filled[K.LETTER].sections[0]
    assert section.different_first_page_header_footer
    (head,) = section.first_page_header.paragraphs
    assert head.text == OFFICE
    rule = head.style.element.pPr.find(qn("w:pBdr")).find(qn("w:bottom"))
    assert (rule.get(qn("w:val")), rule.get(qn("w:color"))) == ("thickThinSmallGap", "FF0000")
    (foot,) = section.first_page_footer.paragraphs
    lower = foot._p.pPr.find(qn("w:pBdr")).find(qn("w:bottom"))
    assert (lower.get(qn("w:val")), foot.text) == ("thinThickSmallGap", "")
    for indent in (head.style.element.pPr.find(qn("w:ind")), foot._p.pPr.find(qn("w:ind"))):
        width = 8845 - int(indent.get(qn("w:left"))) - int(indent.get(qn("w:right")))
        assert round(width * 25.4 / 1440) == 170
    assert not any(p.style.name in ("发文机关标志", "发文字号") for p in filled[K.LETTER].paragraphs)


@pytest.mark.parametrize("kind", DocumentKind)
def test_page_numbers_stand_outside(filled, kind):
    section = filled[kind].sections[0]
    assert filled[kind].settings.odd_and_even_pages_header_footer
    for part, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        (number,) = part.paragraphs
        assert number._p.pPr.find(qn("w:jc")).get(qn("w:val")) == side
        assert "PAGE" in "".join(each.text for each in number._p.iter(qn("w:instrText")))
        assert number.text.startswith("— ")
        assert number.text.endswith(" —")


@pytest.mark.parametrize(
    ("kind", "rows"), [(K.CALL, 2), (K.NOTICE, 2), (K.INTERVIEW_NOTICE, 2), (K.LETTER, 1)]
)
def test_the_imprint_stands_at_the_foot(filled, kind, rows):
    table = filled[kind].tables[-1]
    assert len(table.rows) == rows
    assert table.rows[0].cells[0].text.strip() == "抄送：三明市深化医药卫生体制改革领导小组。"
    place = table._tbl.tblPr.find(qn("w:tblpPr"))
    assert (place.get(qn("w:vertAnchor")), place.get(qn("w:tblpYSpec"))) == ("margin", "bottom")
    has_rules = len(table._tbl.tblPr.find(qn("w:tblBorders"))) > 0
    assert has_rules == (kind is not K.LETTER)  # 10.1


def test_the_imprint_without_a_copy_is_one_line():
    values = sample_values(K.CALL) | {"抄送": ""}
    document = Document(BytesIO(fill_template(own_template(K.CALL, organ=OFFICE), values)))
    assert [row.cells[0].text for row in document.tables[-1].rows] == [
        "　三明市医改领导小组办公室\t2024年7月29日印发　"
    ]


@pytest.mark.parametrize(("colour", "rgb"), [("蓝色", "0070C0"), ("橙色", "ED7D31"), ("红色", "C00000")])
def test_a_notice_shows_its_colour_in_words_too(colour, rgb):
    values = sample_values(K.NOTICE) | {"颜色": colour}
    document = Document(BytesIO(fill_template(own_template(K.NOTICE, organ=OFFICE), values)))
    marks = [p for p in document.paragraphs if p.style.name == "代拟稿"]
    assert [p.text for p in marks] == [f"代拟稿\t■ {colour}督查单"]
    assert marks[0].runs[-1]._r.rPr.find(qn("w:color")).get(qn("w:val")) == rgb


def test_corrections_stand_in_a_table(filled):
    rows = [[cell.text for cell in row.cells] for row in filled[K.CORRECTIONS].tables[0].rows]
    assert rows == [
        ["序号", "整改事项", "整改时限", "整改情况", "核验销号"],
        ["1", "制定县域医共体人财物统一管理实施方案。", "2024年8月31日", "方案已印发。", "2024年8月30日核验"],
        ["2", "完成财务统一核算。", "2024年9月30日", "", ""],
    ]
