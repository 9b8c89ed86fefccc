"""The program's own templates of the six official documents, in words: what stands where, and what is filled in."""

from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.oxml.xmlchemy import BaseOxmlElement

from tasks_app.choices import DocumentKind

from .official_layout import CHARACTERS, COLOURS, LEFT, TYPE_WIDTH, Head, blank, paragraph, paragraph_xml

DRAFT_MARK = "代拟稿"


@dataclass(frozen=True)
class Grid:
    """A table with a row for each item of the list `rows`: [(heading, width in characters, text)] (8)."""

    rows: str
    columns: list[tuple[str, int, str]]

    def element(self) -> BaseOxmlElement:
        """Return the table's XML."""
        widths = [width * TYPE_WIDTH // CHARACTERS for _, width, _ in self.columns]
        empty = [""] * (len(widths) - 1)
        rows = [
            _row("表头", widths, [heading for heading, _, _ in self.columns], "<w:tblHeader/>"),
            _row("表格", widths, [f"{{%tr for 项 in {self.rows} %}}", *empty]),
            _row("表格", widths, [text for _, _, text in self.columns], "<w:cantSplit/>"),
            _row("表格", widths, ["{%tr endfor %}", *empty]),
        ]
        sides = ("top", "left", "bottom", "right", "insideH", "insideV")
        return _table(widths, rows, borders=dict.fromkeys(sides, 4))


@dataclass(frozen=True)
class Design:
    """One document: what page 1 begins with, its lines (style, text) and tables, whether 版记 ends it."""

    head: Head
    lines: list[tuple[str, str] | Grid]
    has_imprint: bool = False
    is_coloured: bool = False


SIGNATURE = [("署名", "{{ 发文机关 }}"), ("成文日期", "{{ 成文日期 }}")]
ADDRESSEE = ("主送机关", "{{ 受文单位 }}：")
CONTACT_WORDS = "联系人：{{ 联系人 }}{% if 联系电话 %}，联系电话：{{ 联系电话 }}{% endif %}。"
CONTACT = ("公文末段", CONTACT_WORDS)


def _each(name: str) -> list[tuple[str, str]]:
    """Return a paragraph for each text in the list `name`."""
    return [
        ("公文正文", f"{{%p for 段 in {name} %}}"),
        ("公文正文", "{{ 段 }}"),
        ("公文正文", "{%p endfor %}"),
    ]


def _each_to_the_end(name: str) -> list[tuple[str, str]]:
    """Return a paragraph for each text in the list `name`; the last one stays with what is signed below it."""
    marks = ["for 段 in " + name, "if loop.last", "", "else", "", "endif", "endfor"]
    texts = [f"{{%p {mark} %}}" if mark else "{{ 段 }}" for mark in marks]
    return [("公文末段" if number == 2 else "公文正文", text) for number, text in enumerate(texts)]


def _if(condition: str, *lines: tuple[str, str]) -> list[tuple[str, str]]:
    """Return `lines`, which are only there when `condition` holds."""
    return [("公文正文", f"{{%p if {condition} %}}"), *lines, ("公文正文", "{%p endif %}")]


DESIGNS: dict[DocumentKind, Design] = {
    DocumentKind.CALL: Design(
        Head.DOCUMENT,
        [
            ("公文标题", "{{ 发文机关 }}关于催报{{ 年度 }}年深化医改重点任务进展情况的通知"),
            ADDRESSEE,
            (
                "公文正文",
                "根据《{{ 分解表 }}》{% if 分解表文号 %}（{{ 分解表文号 }}）{% endif %}要求，各责任单位应按期报送"
                "深化医改重点任务进展情况。截至{{ 成文日期 }}，你单位尚有{{ 逾期件数 }}期未报送：",
            ),
            ("公文正文", "{%p for 项 in 逾期填报 %}"),
            (
                "公文正文",
                "{{ 项.序号 }}.{{ 项.填报期 }}：应于{{ 项.截止日 }}前报送，已逾期{{ 项.逾期工作日 }}个工作日"
                "{% if 项.说明 %}（{{ 项.说明 }}）{% endif %}。",
            ),
            ("公文正文", "{%p endfor %}"),
            (
                "公文正文",
                "请你单位于{{ 补报期限 }}前登录深化医改任务跟踪系统补报，经本单位审签后报送。确有困难不能按时补报的，"
                "请书面说明原因。逾期仍未补报的，将按规定予以督查。严禁填报涉密信息。",
            ),
            CONTACT,
            *SIGNATURE,
        ],
        has_imprint=True,
    ),
    DocumentKind.NOTICE: Design(
        Head.DOCUMENT,
        [
            ("公文标题", "{{ 标题 }}"),
            ADDRESSEE,
            ("一级标题", "一、督查事项"),
            ("公文正文", "{{ 事由 }}{% if 任务 %}（涉及任务：{{ 任务 }}）{% endif %}。"),
            *_if(
                "上一单",
                ("公文正文", "此前已就本事项发出{{ 上一单 }}，至今未办结。"),
            ),
            *_if("直接使用理由", ("公文正文", "本单直接使用{{ 颜色 }}，理由：{{ 直接使用理由 }}")),
            ("一级标题", "二、督查依据"),
            *_each("督查依据"),
            ("一级标题", "三、督办要求"),
            *_each("督办要求"),
            (
                "公文末段",
                "收到本单后请及时签收，并于{{ 回复期限 }}前回复办理情况。逾期未回复或者办理不到位的，{{ 后续措施 }}。",
            ),
            CONTACT,
            *SIGNATURE,
        ],
        has_imprint=True,
        is_coloured=True,
    ),
    DocumentKind.LETTER: Design(
        Head.LETTER,
        [
            ("公文标题", "{{ 标题 }}"),
            ADDRESSEE,
            *_each("提醒事项"),
            *_each("有关要求"),
            (
                "公文正文",
                f"请于{{{{ 回复期限 }}}}前将办理情况函复我办。{CONTACT_WORDS}",
            ),
            ("公文末段", "特此函告。"),
            *SIGNATURE,
        ],
        has_imprint=True,
    ),
    DocumentKind.INTERVIEW_NOTICE: Design(
        Head.DOCUMENT,
        [
            ("公文标题", "{{ 标题 }}"),
            ADDRESSEE,
            ("公文正文", "经研究，决定就{{ 事由 }}对你单位进行提醒约谈。现将有关事项通知如下："),
            ("一级标题", "一、约谈依据"),
            *_each("约谈依据"),
            ("一级标题", "二、约谈安排"),
            ("公文正文", "约谈时间：{{ 约谈时间 }}"),
            ("公文正文", "约谈地点：{{ 约谈地点 }}"),
            ("公文正文", "约谈人：{{ 约谈人 }}"),
            ("公文正文", "被约谈人：{{ 被约谈人 }}"),
            ("一级标题", "三、有关要求"),
            (
                "公文正文",
                "请被约谈人准时参加，并准备书面材料，说明有关工作进展情况、存在问题及原因、下一步措施和完成时限。"
                "确因特殊情况不能参加的，请提前书面说明并商定时间。",
            ),
            CONTACT,
            *SIGNATURE,
        ],
        has_imprint=True,
    ),
    DocumentKind.INTERVIEW_RECORD: Design(
        Head.NONE,
        [
            ("公文标题", "提醒约谈记录"),
            ("主送机关", "约谈事由：{{ 事由 }}"),
            ("主送机关续", "被约谈单位：{{ 受文单位 }}"),
            ("主送机关续", "约谈日期：{{ 约谈日期 }}"),
            ("主送机关续", "约谈地点：{{ 约谈地点 }}"),
            ("主送机关续", "约谈人：{{ 约谈人 }}"),
            ("主送机关续", "被约谈人：{{ 被约谈人 }}"),
            ("一级标题", "一、约谈依据"),
            *_each("约谈依据"),
            ("一级标题", "二、约谈记录"),
            *_each_to_the_end("约谈记录"),
            ("签字", "约谈人（签字）：\t被约谈人（签字）：　　　　　　"),
            ("签字", "记录人（签字）：\t　　年　　月　　日"),
        ],
    ),
    DocumentKind.CORRECTIONS: Design(
        Head.NONE,
        [
            ("公文标题", "提醒约谈整改清单"),
            ("主送机关", "整改单位：{{ 受文单位 }}"),
            ("主送机关续", "约谈事由：{{ 事由 }}"),
            ("主送机关续", "约谈日期：{{ 约谈日期 }}"),
            ("表前", ""),
            Grid(
                "整改事项",
                [
                    ("序号", 3, "{{ 项.序号 }}"),
                    ("整改事项", 9, "{{ 项.内容 }}"),
                    ("整改时限", 5, "{{ 项.时限 }}"),
                    ("整改情况", 6, "{{ 项.整改情况 }}"),
                    ("核验销号", 5, "{{ 项.核验 }}"),
                ],
            ),
            *SIGNATURE,
        ],
    ),
}


def own_template(kind: DocumentKind, *, organ: str) -> bytes:
    """Return the program's own template of `kind` as .docx; its red head is made to fit the name `organ`."""
    design = DESIGNS[kind]
    document = blank(design.head, organ=organ)
    body = document.element.body
    elements = [*_opening(design), *map(_element, design.lines)]
    if design.has_imprint:
        elements += _imprint(is_letter=design.head is Head.LETTER)
    for element in elements:
        body.insert(len(body) - 1, element)  # the page's measures stay last
    properties = document.core_properties
    properties.title, properties.author, properties.comments = f"{kind.label}（{DRAFT_MARK}）", "", ""
    properties.created = properties.modified = datetime(2024, 1, 1, tzinfo=UTC)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _element(line: tuple[str, str] | Grid) -> BaseOxmlElement:
    return line.element() if isinstance(line, Grid) else paragraph(*line)


def _opening(design: Design) -> list[BaseOxmlElement]:
    """Return what stands above the title."""
    if design.head is Head.LETTER:  # 10.1: the number at the right edge, 7/8 of a character below the rule
        return [paragraph("代拟稿", f"{DRAFT_MARK}\t{{{{ 文号 }}}}", before=280, boxed=True)]
    marks = [paragraph("代拟稿", DRAFT_MARK, boxed=True)]
    if design.is_coloured:  # 三色督查单: in its colour, and in words for whoever prints without colour
        marks = []
        for name, colour in COLOURS.items():
            marks.append(paragraph("代拟稿", f"{{%p if 颜色 == '{name}' %}}"))
            marks.append(paragraph("代拟稿", f"{DRAFT_MARK}\t■ {name}督查单", colour=colour, boxed=True))
            marks.append(paragraph("代拟稿", "{%p endif %}"))
    if design.head is Head.NONE:
        return marks
    return [*marks, paragraph("发文机关标志", "{{ 发文机关 }}文件"), paragraph("发文字号", "{{ 文号 }}")]


def _imprint(*, is_letter: bool) -> list[BaseOxmlElement]:
    """Return 版记, which lies at the foot of the last type area (7.4); a letter's has neither rules nor office."""
    texts = ["{%tr if 抄送 %}", "　抄送：{{ 抄送 }}。", "{%tr endif %}"]
    borders = {}
    if not is_letter:
        texts.append("　{{ 发文机关简称 }}\t{{ 成文日期 }}印发　")
        borders = {"top": 8, "bottom": 8, "insideH": 6}  # 7.4.1: 0.35 mm outside, 0.25 mm inside
    # Measured from the page's edge, for LibreOffice lets only such a table stand where it is told to.
    place = f'<w:tblpPr w:horzAnchor="page" w:vertAnchor="margin" w:tblpX="{LEFT}" w:tblpYSpec="bottom"/>'
    rows = [_row("版记", [TYPE_WIDTH], [text]) for text in texts]
    # It needs a line of text behind it, with which it goes from page to page.
    return [_table([TYPE_WIDTH], rows, borders=borders, place=place, margin=0), paragraph("页尾", "")]


def _row(style: str, widths: list[int], texts: list[str], properties: str = "") -> str:
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f"{paragraph_xml(style, text)}</w:tc>"
        for width, text in zip(widths, texts, strict=True)
    )
    return f"<w:tr><w:trPr>{properties}</w:trPr>{cells}</w:tr>"


def _table(
    widths: list[int], rows: list[str], *, borders: dict[str, int], place: str = "", margin: int = 80
) -> BaseOxmlElement:
    """Return a table; `borders` are {side: thickness in eighths of a point}, `margin` is that of its cells."""
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="{eighths}" w:space="0" w:color="auto"/>'
        for side, eighths in borders.items()
    )
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    sides = {"top": margin // 2, "left": margin, "bottom": margin // 2, "right": margin}
    margins = "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in sides.items())
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr>{place}<w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblInd w:w="{margin}" w:type="dxa"/><w:tblBorders>{lines}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )
