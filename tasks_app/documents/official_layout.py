"""The page of an official document by GB/T 9704-2012: sizes, grid, styles, red head, page numbers, imprint."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as Docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement

TWIPS_PER_MM = 1440 / 25.4


def mm(length: float) -> int:
    """Return millimetres in twips, the twentieths of a point in which Word measures a page."""
    return round(length * TWIPS_PER_MM)


# 5.1: A4; 5.2.1: head 37 mm, binding side 28 mm, type area 156 × 225 mm, which leaves 26 mm and 35 mm.
PAGE_WIDTH, PAGE_HEIGHT = mm(210), mm(297)
TOP, BOTTOM, LEFT, RIGHT = mm(37), mm(35), mm(28), mm(26)
TYPE_WIDTH, TYPE_HEIGHT = PAGE_WIDTH - LEFT - RIGHT, PAGE_HEIGHT - TOP - BOTTOM
# 5.2.3: 22 lines of 28 characters fill the type area; 5.2.2: in 仿宋 3号, which Word knows as 16 points.
LINES, CHARACTERS = 22, 28
BODY_SIZE = 16
# 225 mm are 12756 twips, 12756 / 22 = 579.8; rounded down, or the 22nd line would go to the next page.
LINE = TYPE_HEIGHT // LINES
# 156 mm are 8845 twips, 8845 / 28 = 315.9 a character, 4.1 fewer than the 320 of 16 points. Word wants the
# difference in 4096ths of a point: (8845 / 28 / 20 − 16) × 4096 = −841.1; rounded down for the 28th.
CHARACTER = TYPE_WIDTH // CHARACTERS
CHARACTER_SPACE = (TYPE_WIDTH * 4096 - BODY_SIZE * 20 * CHARACTERS * 4096) // (20 * CHARACTERS)
# 3.2: a line is the height of a character and 7/8 of one of 3号; what is not 3号 has another line.
LEADING = BODY_SIZE * 20 * 7 // 8
TITLE_SIZE, SMALL_SIZE, HEAD_SIZE = 22, 14, 30  # 2号; 4号; the head's is left to the office (7.2.4)
SMALL = SMALL_SIZE * 20
TITLE_LINE = TITLE_SIZE * 20 + LEADING
# 7.2.4: the head's upper edge lies 35 mm below that of the type area; 10.1: in a letter 30 mm below the page's.
HEAD_BELOW_TYPE_AREA, LETTER_HEAD = mm(35), mm(30)
HEAD_LINE = HEAD_SIZE * 20 + 120  # 3 points of air above and below
# 7.2.7 and 10.1: the red rules lie 4 mm below number and head; a letter's are 170 mm long, the lower one
# 20 mm above the page's edge.
RULE_GAP, LETTER_RULE, LETTER_RULE_ABOVE_EDGE = mm(4), mm(170), mm(20)
# The rules are centred on the page and reach beyond the type area at either side.
LETTER_RULE_LEFT, LETTER_RULE_RIGHT = (
    (PAGE_WIDTH - LETTER_RULE) // 2 - LEFT,
    (PAGE_WIDTH - LETTER_RULE) // 2 - RIGHT,
)
# 7.5: the dash of a page number lies 7 mm below the type area; its middle is half a line of 4号 lower than its top.
FOOTER_AFTER = BOTTOM - mm(7) - SMALL_SIZE * 10 - LETTER_RULE_ABOVE_EDGE
RED = "FF0000"
COLOURS = {"蓝色": "0070C0", "橙色": "ED7D31", "红色": "C00000"}

SONG, FANG, HEI, KAI, PLAIN = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"


class Head(Enum):
    """What page 1 begins with: 文件格式 (7.2), 信函格式 (10.1), or only the title as of an enclosure."""

    DOCUMENT = auto()
    LETTER = auto()
    NONE = auto()


@dataclass(frozen=True)
class ParagraphStyle:
    """One named style of a template; lengths in twips, `first` in characters, `right` from the right edge."""

    name: str
    font: str = FANG
    size: int = BODY_SIZE
    align: str = "both"
    first: int = 0
    hanging: int = 0
    left: int = 0
    right: int = 0
    line: int = LINE
    before: int = 0
    after: int = 0
    colour: str = ""
    keeps_next: bool = False
    rule: str = ""  # a red one
    tab: int = 0
    width: int = 100  # of the characters, in hundredths

    def element(self) -> BaseOxmlElement:
        """Return the style's XML."""
        keep = "<w:keepNext/>" if self.keeps_next else ""
        tabs = f'<w:tabs><w:tab w:val="right" w:pos="{self.tab}"/></w:tabs>' if self.tab else ""
        first = f' w:firstLineChars="{self.first * 100}" w:firstLine="{self.first * CHARACTER}"'
        if self.hanging:
            first = f' w:hanging="{self.hanging}"'
        narrow = f'<w:w w:val="{self.width}"/>' if self.width != 100 else ""
        colour = f'<w:color w:val="{self.colour}"/>' if self.colour else ""
        spacing = "" if self.size == BODY_SIZE else '<w:spacing w:val="0"/>'
        return parse_xml(
            f'<w:style {nsdecls("w")} w:type="paragraph" w:customStyle="1" w:styleId="{self.name}">'
            f'<w:name w:val="{self.name}"/><w:basedOn w:val="Normal"/><w:qFormat/>'
            f"<w:pPr>{keep}{self.rule}{tabs}"
            f'<w:spacing w:before="{self.before}" w:after="{self.after}" w:line="{self.line}" w:lineRule="exact"/>'
            f'<w:ind w:left="{self.left}" w:right="{self.right}"{first}/><w:jc w:val="{self.align}"/></w:pPr>'
            f'<w:rPr>{fonts(self.font)}{colour}{spacing}{narrow}<w:sz w:val="{self.size * 2}"/>'
            f'<w:szCs w:val="{self.size * 2}"/></w:rPr></w:style>'
        )


def fonts(name: str) -> str:
    """Return the element that names a font for Chinese and for digits; it is named, never shipped."""
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}"/>'


def red_rule(side: str, kind: str, *, eighths: int, gap: int = 0) -> str:
    """Return a red rule at the "top" or "bottom" of a paragraph, `gap` twips away."""
    line = f'<w:{side} w:val="{kind}" w:sz="{eighths}" w:space="{gap // 20}" w:color="{RED}"/>'
    return f"<w:pBdr>{line}</w:pBdr>"


TEXT_STYLES = [
    ParagraphStyle("代拟稿", HEI, align="left", tab=TYPE_WIDTH),
    # 7.3.1: two lines below what stands above; 7.3.2: one line below the title.
    ParagraphStyle("公文标题", SONG, TITLE_SIZE, "center", line=TITLE_LINE, before=2 * LINE),
    ParagraphStyle("主送机关", align="left", before=LINE),
    ParagraphStyle("主送机关续", align="left"),
    # 7.3.3: two characters in; 一、 in 黑体, （一） in 楷体.
    ParagraphStyle("公文正文", first=2),
    ParagraphStyle("一级标题", HEI, first=2, keeps_next=True),
    ParagraphStyle("二级标题", KAI, first=2, keeps_next=True),
    ParagraphStyle(
        "公文末段", first=2, keeps_next=True
    ),  # 7.3.5.5: the signature never stands alone on a page
    ParagraphStyle("附件说明", first=2, before=LINE, keeps_next=True),  # 7.3.4
    ParagraphStyle("成文日期", align="right", right=4 * CHARACTER),  # 7.3.5.1
    ParagraphStyle("签字", align="left", before=LINE, tab=TYPE_WIDTH, keeps_next=True),
    ParagraphStyle("页码", PLAIN, SMALL_SIZE, "left", line=SMALL, after=FOOTER_AFTER),  # 7.5
    # 7.4.2: one character of 4号 at either side; a further line begins below the first after "抄送：".
    ParagraphStyle("版记", size=SMALL_SIZE, align="left", left=4 * SMALL, hanging=4 * SMALL, tab=TYPE_WIDTH),
    ParagraphStyle("页尾", line=20),
    ParagraphStyle("表前", line=200),
    ParagraphStyle("表头", HEI, SMALL_SIZE, "center", line=22 * 20),
    ParagraphStyle("表格", size=SMALL_SIZE, align="left", line=22 * 20),
]


def organ_styles(length: int) -> list[ParagraphStyle]:
    """Return the styles that depend on how many characters the name of the office has."""
    # The head stays on one line: its characters grow narrower.
    width = min(100, TYPE_WIDTH * 95 // (HEAD_SIZE * 20 * (length + 2)))
    head: dict[str, Any] = {
        "font": SONG,
        "size": HEAD_SIZE,
        "align": "center",
        "line": HEAD_LINE,
        "colour": RED,
        "width": width,
    }
    above = HEAD_BELOW_TYPE_AREA - LINE - (HEAD_LINE - HEAD_SIZE * 20) // 2
    double = red_rule("bottom", "thickThinSmallGap", eighths=24, gap=RULE_GAP - 60)
    single = red_rule("bottom", "single", eighths=12, gap=RULE_GAP - 40)
    # 7.3.5.1: the name is centred on the date, which is 7½ characters wide; a long one ends at the edge.
    date_centre = 4 * CHARACTER + 15 * CHARACTER // 4
    beside = max(0, date_centre - length * CHARACTER // 2)
    return [
        ParagraphStyle("发文机关标志", before=above, **head),
        ParagraphStyle("信函机关标志", rule=double, left=LETTER_RULE_LEFT, right=LETTER_RULE_RIGHT, **head),
        # 7.2.5: two lines below the head; 7.2.7: the rule is as wide as the type area.
        ParagraphStyle("发文字号", align="center", line=BODY_SIZE * 20 + 80, before=2 * LINE, rule=single),
        ParagraphStyle("署名", align="right", before=2 * LINE, keeps_next=True, right=beside),
    ]


def blank(head: Head, *, organ: str) -> Docx:
    """Return a document without text in the layout that `head` asks for, for an office named `organ`."""
    document = Document()
    _set_defaults(document)
    for style in [*organ_styles(len(organ)), *TEXT_STYLES]:
        document.styles.element.append(style.element())
    _set_page(document, head)
    _set_headers(document, head)
    return document


def _set_defaults(document: Docx) -> None:
    """Make 仿宋 3号 the normal text: the grid counts its characters from the size of "Normal"."""
    size = f'{fonts(FANG)}<w:sz w:val="{BODY_SIZE * 2}"/><w:szCs w:val="{BODY_SIZE * 2}"/>'
    defaults = (
        f"<w:docDefaults {nsdecls('w')}><w:rPrDefault><w:rPr>{size}"
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/>'
        "</w:docDefaults>"
    )
    root = document.styles.element
    for old in root.findall(qn("w:docDefaults")):
        root.replace(old, parse_xml(defaults))
    normal = document.styles["Normal"].element
    for old in normal.findall(qn("w:rPr")) + normal.findall(qn("w:pPr")):
        normal.remove(old)
    # Word would widen the gap between digits and characters, and 28 would no longer fit. Lines and characters
    # keep their measure by themselves: LibreOffice gives a character that is wider than its cell two of them.
    normal.append(
        parse_xml(
            f'<w:pPr {nsdecls("w")}><w:widowControl w:val="0"/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'
            f'<w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0" w:line="{LINE}" w:lineRule="exact"/>'
            '<w:jc w:val="both"/></w:pPr>'
        )
    )
    # One twip to spare: LibreOffice makes the type area a whole number of its cells, which are as much smaller.
    narrow = f'<w:spacing w:val="{CHARACTER - 1 - BODY_SIZE * 20}"/>'
    normal.append(parse_xml(f"<w:rPr {nsdecls('w')}>{size.replace('<w:sz ', narrow + '<w:sz ', 1)}</w:rPr>"))


def _set_page(document: Docx, head: Head) -> None:
    section = document.sections[0]._sectPr
    for old in list(section):
        section.remove(old)
    header = LETTER_HEAD - (HEAD_LINE - HEAD_SIZE * 20) // 2 if head is Head.LETTER else mm(15)
    parts = [
        f'<w:pgSz {nsdecls("w")} w:w="{PAGE_WIDTH}" w:h="{PAGE_HEIGHT}"/>',
        f'<w:pgMar {nsdecls("w")} w:top="{TOP}" w:right="{RIGHT}" w:bottom="{BOTTOM}" w:left="{LEFT}" '
        f'w:header="{header}" w:footer="{LETTER_RULE_ABOVE_EDGE}" w:gutter="0"/>',
        f'<w:cols {nsdecls("w")} w:space="425"/>',
        f'<w:docGrid {nsdecls("w")} w:type="linesAndChars" w:linePitch="{LINE}" w:charSpace="{CHARACTER_SPACE}"/>',
    ]
    for part in parts:
        section.append(parse_xml(part))
    document.settings.odd_and_even_pages_header_footer = True
    document.sections[0].different_first_page_header_footer = head is Head.LETTER


def _set_headers(document: Docx, head: Head) -> None:
    section = document.sections[0]
    _fill(section.footer, [_page_number("right")])  # 7.5: one character from the outer edge
    _fill(section.even_page_footer, [_page_number("left")])
    if head is Head.LETTER:  # 10.1: page 1 has the rules and no number
        _fill(section.first_page_header, [paragraph("信函机关标志", "{{ 发文机关 }}")])
        lower = red_rule("bottom", "thinThickSmallGap", eighths=24)
        _fill(
            section.first_page_footer,
            [
                parse_xml(
                    f'<w:p {nsdecls("w")}><w:pPr>{lower}<w:spacing w:line="20" w:lineRule="exact"/>'
                    f'<w:ind w:left="{LETTER_RULE_LEFT}" w:right="{LETTER_RULE_RIGHT}"/></w:pPr></w:p>'
                )
            ],
        )


def _fill(part: object, paragraphs: list[BaseOxmlElement]) -> None:
    """Put `paragraphs` into a header or footer, instead of the empty one that a new part has."""
    part.is_linked_to_previous = False  # type: ignore[attr-defined]
    element = part._element  # type: ignore[attr-defined]
    for old in list(element):
        element.remove(old)
    element.extend(paragraphs)


def _page_number(side: str) -> BaseOxmlElement:
    field = "".join(
        f"<w:r>{content}</w:r>"
        for content in (
            '<w:t xml:space="preserve">— </w:t>',
            '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>1</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
            '<w:t xml:space="preserve"> —</w:t>',
        )
    )
    place = f'<w:ind w:{side}="{SMALL}"/><w:jc w:val="{side}"/>'
    return parse_xml(f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="页码"/>{place}</w:pPr>{field}</w:p>')


def paragraph(style: str, text: str, **options: Any) -> BaseOxmlElement:
    """Return a paragraph; the options are those of `paragraph_xml`."""
    return parse_xml(paragraph_xml(style, text, **options))


def paragraph_xml(
    style: str, text: str, *, colour: str = "", boxed: bool = False, before: int | None = None
) -> str:
    """Return the XML of a paragraph: a tab in `text` goes to the style's tab stop.

    `colour` is that of what follows the tab, `boxed` puts a frame around what stands before it, `before` is
    the space above in twips instead of the style's.
    """
    mark = f'<w:rPr><w:color w:val="{colour}"/></w:rPr>' if colour else ""
    box = '<w:rPr><w:bdr w:val="single" w:sz="6" w:space="0" w:color="auto"/></w:rPr>' if boxed else ""
    space = f'<w:spacing w:before="{before}"/>' if before is not None else ""
    first, tab, rest = text.partition("\t")
    runs = f'<w:r>{box}<w:t xml:space="preserve">{escape(first)}</w:t></w:r>'
    if tab:
        runs += f'<w:r>{mark}<w:tab/></w:r><w:r>{mark}<w:t xml:space="preserve">{escape(rest)}</w:t></w:r>'
    return f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="{style}"/>{space}</w:pPr>{runs}</w:p>'
