"""Word files for the tests of reading, written element by element as Word writes them."""

import io
import zipfile
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT_MAIN = "http://purl.oclc.org/ooxml/wordprocessingml/main"
MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def word_file(body: str, *, styles: str = "", numbering: str = "", main: str = "word/document.xml") -> bytes:
    """Return a .docx with what stands in the body, the styles and the numbering."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="{WORD}.document.main+xml"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{WORD}.styles+xml"/>'
        f'<Override PartName="/word/numbering.xml" ContentType="{WORD}.numbering+xml"/></Types>',
        "_rels/.rels": _relations(("officeDocument", f"/{main}")),
        f"word/_rels/{main.rpartition('/')[2]}.rels": _relations(
            ("styles", "styles.xml"), ("numbering", "numbering.xml")
        ),
        main: f'<w:document xmlns:w="{MAIN}" xmlns:m="{MATH}"><w:body>{body}</w:body></w:document>',
        "word/styles.xml": f'<w:styles xmlns:w="{MAIN}">{styles}</w:styles>',
        "word/numbering.xml": f'<w:numbering xmlns:w="{MAIN}">{numbering}</w:numbering>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _relations(*targets: tuple[str, str]) -> str:
    entries = "".join(
        f'<Relationship Id="r{i}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(targets)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{entries}</Relationships>'


def r(text: str, properties: str = "") -> str:
    """Return a run of text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def p(*runs: str, properties: str = "") -> str:
    """Return a paragraph of runs; a plain text is a run as well."""
    inner = "".join(run if run.startswith("<") else r(run) for run in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def numbered(text: str, number: int, level: int = 0) -> str:
    """Return a paragraph of list `number`."""
    place = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return p(text, properties=place) if text else p(properties=place)


def tc(*content: str, span: int = 1, merge: str = "", properties: str = "") -> str:
    """Return a cell of paragraphs; `merge` is "restart" or "continue" (downwards)."""
    blocks = "".join(block if block.startswith("<w:") else p(block) for block in content or ("",))
    across = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    down = f'<w:vMerge w:val="{merge}"/>' if merge else ""
    return f"<w:tc><w:tcPr>{across}{down}{properties}</w:tcPr>{blocks}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    """Return a row of cells; a plain text is a cell as well."""
    inner = "".join(cell if cell.startswith("<w:") else tc(cell) for cell in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{inner}</w:tr>"


def tbl(*rows: str, widths: tuple[int, ...] = ()) -> str:
    """Return a table of rows; `widths` are the columns of its grid."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def definition(number: int, *levels: tuple[str, str]) -> str:
    """Return a definition of lists; a level is a format and a text like "（%1）"."""
    inner = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{name}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for i, (name, text) in enumerate(levels)
    )
    return f'<w:abstractNum w:abstractNumId="{number}">{inner}</w:abstractNum>'


def list_of(number: int, definition: int, start_again_at: int | None = None) -> str:
    """Return a list that paragraphs can belong to."""
    override = (
        ""
        if start_again_at is None
        else f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start_again_at}"/></w:lvlOverride>'
    )
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{definition}"/>{override}</w:num>'
