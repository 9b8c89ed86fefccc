"""The text of Word paragraphs as a person reads them: numbers before them, changes accepted, nothing hidden."""

from collections.abc import Iterator
from typing import Any

from .word_names import qn
from .word_numbering import Numbering
from .word_signs import PRIVATE, read_signs, sign

# What only stands around what it holds.
WRAPPERS = frozenset(
    qn(f"w:{name}")
    for name in ("sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml", "hyperlink", "fldSimple")
) | {qn("w:bdo"), qn("w:dir"), qn("w:ruby"), qn("w:rubyBase"), qn("m:oMath"), qn("m:oMathPara")}
CHANGES = frozenset(qn(f"w:{name}") for name in ("del", "moveFrom"))
RUNS = frozenset((qn("w:r"), qn("m:r")))
# Everything else in a run shows nothing: pictures, text boxes, notes, the codes of fields.
SIGNS = {
    qn("w:tab"): " ",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
}
FONTS_OF_A_RUN = tuple(qn(f"w:{name}") for name in ("ascii", "hAnsi", "eastAsia", "cs"))
OFF = ("0", "false", "off", "none")
MANY_STYLES = 20


def children(parent: Any, *names: str) -> Iterator[Any]:
    """Yield the children of these names ("w:p"), also from inside content controls and the like."""
    wanted = {qn(name) for name in names}
    for child in parent:
        if child.tag in wanted:
            yield child
        elif child.tag in WRAPPERS and not _is_prompt(child):
            yield from children(child, *names)


def is_on(parent: Any | None, name: str) -> bool:
    """Tell whether a property like <w:vanish/> is there and not switched off."""
    found = None if parent is None else parent.find(qn(name))
    return found is not None and found.get(qn("w:val"), "1").lower() not in OFF


class WordText:
    """Reads the texts of one document in their order; says afterwards what it left out."""

    def __init__(self, styles: Any | None, numbering: Any | None) -> None:
        """Take the roots of styles.xml and numbering.xml, where there are such."""
        found = () if styles is None else styles.iterfind(qn("w:style"))
        self._styles = {style.get(qn("w:styleId")): style for style in found}
        self._numbering = Numbering(numbering)
        self.has_changes = False
        self.has_hidden_text = False
        self.has_text_box = False
        self.has_unread_signs = False
        self.pictures = 0

    def of(self, container: Any) -> str:
        """Return the paragraphs in `container` (a cell), a line each; of a table inside, a line for each row."""
        lines: list[str] = []
        goes_on = False
        for block in children(container, "w:p", "w:tbl"):
            if block.tag == qn("w:tbl"):
                lines += self._inner_rows(block)
                goes_on = False
                continue
            text = self.paragraph(block)
            lines[-1:] = [lines[-1] + text] if goes_on and lines else [*lines[-1:], text]
            goes_on = self._ends_deleted(block)
        return "\n".join(lines)

    def paragraph(self, paragraph: Any) -> str:
        """Return the text of one paragraph with the number before it."""
        text = "".join(self._pieces(paragraph))
        if not text.strip() and self._ends_deleted(paragraph):
            return ""
        return self._label(paragraph) + text

    def _inner_rows(self, table: Any) -> Iterator[str]:
        for row in children(table, "w:tr"):
            yield " ".join(text for cell in children(row, "w:tc") if (text := self.of(cell)))

    def _pieces(self, parent: Any) -> Iterator[str]:
        for child in parent:
            if child.tag in RUNS:
                yield from self._run(child)
            elif child.tag in WRAPPERS and not _is_prompt(child):
                yield from self._pieces(child)
            elif child.tag in CHANGES:
                self.has_changes = True

    def _run(self, run: Any) -> Iterator[str]:
        if self._is_hidden(run.find(qn("w:rPr"))):
            self.has_hidden_text = self.has_hidden_text or any(run.itertext(qn("w:t")))
            return
        for piece in run:
            if piece.tag in (qn("w:t"), qn("m:t")):
                yield self._typed(run, piece.text or "")
            elif piece.tag == qn("w:br"):
                # A page broken by hand does not break the sentence.
                yield "\n" if piece.get(qn("w:type"), "textWrapping") == "textWrapping" else ""
            elif piece.tag == qn("w:sym"):
                yield self._sign(piece)
            elif piece.tag in WRAPPERS:
                yield from self._pieces(piece)
            else:
                self._look_inside(piece)
                yield SIGNS.get(piece.tag, "")

    def _typed(self, run: Any, text: str) -> str:
        """Return text of a run; typed in a font of signs, characters are the signs of that font."""
        fonts = run.find(f"{qn('w:rPr')}/{qn('w:rFonts')}") if any(ord(c) in PRIVATE for c in text) else None
        if fonts is not None:
            for name in FONTS_OF_A_RUN:
                text = read_signs(fonts.get(name, ""), text)
        return text

    def _sign(self, piece: Any) -> str:
        """Return a sign that was put in from a list of signs."""
        try:
            found = sign(piece.get(qn("w:font"), ""), int(piece.get(qn("w:char"), ""), 16))
        except ValueError:
            return ""
        self.has_unread_signs = self.has_unread_signs or found is None
        return found or ""

    def _look_inside(self, piece: Any) -> None:
        """Note what a drawing holds that is not read: a box with words of its own, or a picture."""
        if next(piece.iter(qn("w:txbxContent")), None) is not None:
            self.has_text_box = True
        elif next(piece.iter("{*}blip", "{*}imagedata"), None) is not None:
            self.pictures += 1

    def _is_hidden(self, properties: Any | None) -> bool:
        if properties is None:
            return False
        if properties.find(qn("w:vanish")) is not None:
            return is_on(properties, "w:vanish")
        named = properties.find(qn("w:rStyle"))
        styles = self._style_and_its_bases(None if named is None else named.get(qn("w:val")))
        return any(is_on(style.find(qn("w:rPr")), "w:vanish") for style in styles)

    def _ends_deleted(self, paragraph: Any) -> bool:
        """Tell whether the end of the paragraph is deleted, so that the next one goes on in its line."""
        mark = paragraph.find(f"{qn('w:pPr')}/{qn('w:rPr')}")
        return mark is not None and any(child.tag in CHANGES for child in mark)

    def _label(self, paragraph: Any) -> str:
        properties = paragraph.find(qn("w:pPr"))
        if properties is None:
            return ""
        named = properties.find(qn("w:pStyle"))
        style = "" if named is None else named.get(qn("w:val"), "")
        number, depth = _list_of(properties)
        for base in self._style_and_its_bases(style) if number is None else ():
            number, depth = _list_of(base.find(qn("w:pPr")))
            if number is not None:
                kept = self._numbering.level_of_style(number, base.get(qn("w:styleId")))
                depth = depth if kept is None else kept
                break
        return "" if number is None else self._numbering.label(number, depth)

    def _style_and_its_bases(self, name: str | None) -> Iterator[Any]:
        for _ in range(MANY_STYLES):  # styles that name each other in a circle would never end
            style = self._styles.get(name)
            if style is None:
                return
            yield style
            base = style.find(qn("w:basedOn"))
            name = None if base is None else base.get(qn("w:val"))


def _list_of(properties: Any | None) -> tuple[str | None, int]:
    """Return the number of the list a paragraph says it belongs to, and its level."""
    list_properties = None if properties is None else properties.find(qn("w:numPr"))
    if list_properties is None:
        return None, 0
    number, depth = list_properties.find(qn("w:numId")), list_properties.find(qn("w:ilvl"))
    text = "0" if depth is None else depth.get(qn("w:val"), "0")
    return None if number is None else number.get(qn("w:val")), int(text) if text.isdecimal() else 0


def _is_prompt(wrapper: Any) -> bool:
    """Tell whether a content control still shows what to fill in (单击此处输入文字)."""
    return is_on(wrapper.find(qn("w:sdtPr")), "w:showingPlcHdr")
