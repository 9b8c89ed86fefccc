"""Looks through a template that somebody handed in; runs in the process of its own.

A template may hold text, pictures and placeholders: nothing that runs, nothing that lies outside the file.
"""

import difflib
import re
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from docx import Document
from docxtpl import DocxTemplate
from jinja2 import TemplateError, nodes
from lxml import etree

from .archive import Archive
from .errors import UnreadableDocument
from .file_kind import FileKind, file_kind
from .office_package import main_part, parsed
from .official_filling import FILTERS, environment, fill, opened, why

DRAFT_MARK = "代拟稿"
NOT_WORD = "这不是 Word 文档（.docx）。请用 WPS 或 Word 打开模板，另存为 .docx 后再上传。"
INSTEAD = {
    FileKind.EMPTY: "文件是空的，请检查后重新选择。",
    FileKind.OLD_WORD: "这是旧格式的 Word 文件（.doc），请另存为 .docx 后再上传。",
    FileKind.ENCRYPTED: "文件设有打开密码，请去掉密码后再上传。",
}
LARGEST_UNPACKED = 20 * 1024 * 1024
MACROS = "文件带有宏或控件，请另存为不带宏的 .docx 后再上传。"
EMBEDDED = "文件里嵌有其他文件或对象（例如表格、公式对象），请删除，或改成文字、图片后再上传。"
OUTSIDE = "文件引用了自身以外的内容（超链接、链接的图片或附加的模板），请删除或改为嵌入后再上传。"
FIELDS = "文件里有会读取其他内容的域（{name}），请删除，只保留页码等域后再上传。"
BROKEN = "文件已损坏或没有传完整，请重新打开确认后再上传。"
HUGE = "模板解开后超过 20 MB，请删去或压缩其中的图片后再上传。"
HOW = "只能用填写项“{{ }}”、循环“{% for %}”和判断“{% if %}”，请对照填写项说明，或从系统自带的模板改起。"
CROSSED = (
    "模板中循环或判断的开头和结尾不在同一层，请让它们各占一段（写作“{%p %}”）或各占一行表格（“{%tr %}”）。"
)
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
RELATIONS = frozenset(
    {
        "officeDocument",
        "core-properties",
        "extended-properties",
        "custom-properties",
        "thumbnail",
        "styles",
        "stylesWithEffects",
        "settings",
        "webSettings",
        "fontTable",
        "font",
        "theme",
        "numbering",
        "header",
        "footer",
        "footnotes",
        "endnotes",
        "comments",
        "commentsExtended",
        "commentsIds",
        "people",
        "image",
        "customXml",
        "customXmlProps",
        "glossaryDocument",
    }
)
# Elements that run something or take it from elsewhere even without a relation.
ELEMENTS = {"mailMerge": OUTSIDE, "attachedTemplate": OUTSIDE, "subDoc": OUTSIDE, "altChunk": EMBEDDED,
            "object": EMBEDDED, "OLEObject": EMBEDDED, "control": MACROS}  # fmt: skip
ADDRESS = re.compile(r"\s*([a-z][a-z0-9+.-]*:|[/\\]{2})", re.IGNORECASE)
HARMLESS_FIELDS = frozenset(
    {"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "SEQ", "REF", "PAGEREF", "STYLEREF"}
)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# All that a template may say: fill in, repeat, ask. Whatever computes, calls or defines is none of it.
ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.If,
    nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Const,
)  # fmt: skip
LOOP = frozenset({"index", "index0", "first", "last", "length"})
DEEPEST_LOOP = 2
MANY = 8  # problems shown; more say nothing new


def inspect(data: bytes, *, known: frozenset[str], sample: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with a template, a sentence each; [] when it can be used."""
    kind = file_kind(data)
    if kind is not FileKind.ZIP:
        return [INSTEAD.get(kind, NOT_WORD)]
    try:
        archive = Archive(data)
        problems = _package_problems(archive, data)
        if problems:
            return problems
        template = _opened(data)
        problems = _placeholder_problems(template, known, sample)
        return problems or _trial_problems(data, sample)
    except UnreadableDocument as refusal:
        return [str(refusal)]


def _package_problems(archive: Archive, data: bytes) -> list[str]:
    """Return what the file holds beside text and pictures, or leads to outside of itself."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        entries = package.infolist()
    if sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        return [HUGE]
    main = main_part(archive)
    if not main.startswith("word/") or not main.endswith(".xml"):
        return [NOT_WORD]
    problems: list[str] = []
    for entry in entries:
        name = entry.filename.lower()
        if name.endswith(".rels"):
            problems += _relation_problems(parsed(archive.part(name)))
        elif name.endswith(".xml"):
            problems += _part_problems(parsed(archive.part(name)))
    types = parsed(archive.part("[Content_Types].xml"))
    overrides = {each.get("PartName", "").lstrip("/"): each.get("ContentType") for each in types}
    if overrides.get(main) != MAIN_TYPE:
        problems.append(MACROS if "macro" in str(overrides.get(main)) else NOT_WORD)
    return list(dict.fromkeys(problems))


def _relation_problems(relations: Any) -> Iterator[str]:
    for relation in relations.iter("{*}Relationship"):
        kind = relation.get("Type", "").rpartition("/")[2]
        if relation.get("TargetMode", "Internal") != "Internal":
            yield OUTSIDE
        elif kind not in RELATIONS:
            yield (
                MACROS
                if kind in ("vbaProject", "wordVbaData", "control", "activeXControlBinary")
                else EMBEDDED
            )


def _part_problems(root: Any) -> Iterator[str]:
    if root.getroottree().docinfo.doctype:
        yield BROKEN
    for element in root.iter("{*}*"):
        if (name := etree.QName(element).localname) in ELEMENTS:
            yield ELEMENTS[name]
        if any(ADDRESS.match(value) for key, value in element.items() if key in ("src", "href")):
            yield OUTSIDE
    for instruction in _field_instructions(root):
        name = instruction.split()[0].upper() if instruction.split() else ""
        if name not in HARMLESS_FIELDS:
            yield FIELDS.format(name=name[:20])


def _field_instructions(root: Any) -> Iterator[str]:
    """Yield what each field says; Word may have cut it into pieces, and a field may stand in another."""
    waiting: list[str] = []
    for element in root.iter(f"{W}fldChar", f"{W}instrText", f"{W}fldSimple"):
        if element.tag == f"{W}fldSimple":
            yield element.get(f"{W}instr", "")
        elif element.tag == f"{W}instrText":
            waiting = waiting or [""]
            waiting[-1] += element.text or ""
        elif element.get(f"{W}fldCharType") == "begin":
            waiting.append("")
        elif element.get(f"{W}fldCharType") == "end" and waiting:
            yield waiting.pop()
    yield from waiting


def _opened(data: bytes) -> DocxTemplate:
    try:
        return opened(data)
    except MemoryError:
        raise
    except Exception as error:  # whatever python-docx stumbles over
        raise UnreadableDocument(BROKEN) from error


def _sources(template: DocxTemplate) -> Iterator[str]:
    """Yield what Jinja will be given, a paragraph a line."""
    texts = [template.get_xml()]
    for address in (template.HEADER_URI, template.FOOTER_URI):
        texts += [template.get_part_xml(part) for _, part in template.get_headers_footers(address)]
    texts += [
        part.blob.decode()
        for part in template.docx.part.package.iter_parts()
        if "footnotes+xml" in part.content_type
    ]
    properties = template.docx.core_properties
    texts += [
        getattr(properties, name)
        for name in ("author", "comments", "identifier", "language", "subject", "title")
    ]
    for text in texts:
        yield re.sub(r"<w:p([ >])", r"\n<w:p\1", template.patch_xml(text))


def _placeholder_problems(
    template: DocxTemplate, known: frozenset[str], sample: Mapping[str, Any]
) -> list[str]:
    problems: list[str] = []
    used: set[str] = set()
    fields = frozenset(field for value in sample.values() for item in _items(value) for field in item)
    for source in _sources(template):
        lines = source.splitlines()
        try:
            tree = environment().parse(source)
        except TemplateError as error:
            near = _words(lines, getattr(error, "lineno", 0))
            problems.append(f"{why(error)}{f'（在“{near}”附近）' if near else ''}")
            continue
        for node in _forbidden(tree, known, sample):
            problems.append(f"模板中的“{_words(lines, _line(node))}”用了不支持的写法。{HOW}")
        names = _names(tree)
        used |= names
        problems += [_unknown(name, name, known) for name in sorted(names - known)]
        problems += [_unknown(whole, field, fields) for whole, field in _fields(tree) if field not in fields]
    if not used and not problems:
        problems.append("模板里没有任何填写项（例如“{{ 受文单位 }}”），可能选错了文件。")
    return list(dict.fromkeys(problems))[:MANY]


def _forbidden(
    tree: nodes.Template, known: frozenset[str], sample: Mapping[str, Any]
) -> Iterator[nodes.Node]:
    """Yield what is more than filling in, repeating and asking."""
    for node, depth in _walk(tree, 0):
        if depth > DEEPEST_LOOP or not _is_allowed(node, known, sample):
            yield node


def _is_allowed(node: nodes.Node, known: frozenset[str], sample: Mapping[str, Any]) -> bool:
    if isinstance(node, nodes.For):
        if not isinstance(node.iter, nodes.Name):
            return False
        # A list that there is not is told of by its name.
        return node.iter.name not in known or isinstance(sample.get(node.iter.name), list)
    if isinstance(node, nodes.Getattr):
        if not isinstance(node.node, nodes.Name):
            return False
        return node.attr in LOOP if node.node.name == "loop" else not node.attr.startswith("_")
    if isinstance(node, nodes.Filter):
        return node.name in FILTERS
    return isinstance(node, ALLOWED)


def _items(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _fields(tree: nodes.Template) -> list[tuple[str, str]]:
    """Return [(项.填报期, 填报期)] for what is filled in of the items of lists."""
    found = [each for each in tree.find_all(nodes.Getattr) if isinstance(each.node, nodes.Name)]
    pairs = [(each.node.name, each.attr) for each in found if isinstance(each.node, nodes.Name)]
    return [(f"{name}.{attr}", attr) for name, attr in pairs if name != "loop" and not attr.startswith("_")]


def _names(tree: nodes.Template) -> set[str]:
    """Return the names that are to be filled in. Jinja would work out the template to tell them."""
    found = list(tree.find_all(nodes.Name))
    return {node.name for node in found if node.ctx == "load"} - {
        "loop",
        *(node.name for node in found if node.ctx == "store"),
    }


def _walk(node: nodes.Node, depth: int) -> Iterator[tuple[nodes.Node, int]]:
    yield node, depth
    for child in node.iter_child_nodes():
        yield from _walk(child, depth + isinstance(child, nodes.For))


def _line(node: nodes.Node) -> int:
    """Return in which line `node` begins; what Jinja puts around a statement of several parts knows none itself."""
    return next((each.lineno for each, _ in _walk(node, 0) if each.lineno), 0)


def _unknown(whole: str, name: str, known: frozenset[str]) -> str:
    """Return that `whole`, of which `name` is the last part, is none of the `known` ones."""
    alike = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    instead = f"，是否应为“{whole.removesuffix(name)}{alike[0]}”" if alike else "，请对照填写项说明改正"
    return f"模板中的填写项“{whole[:30]}”不在本公文的填写项里{instead}。"


def _words(lines: list[str], number: int) -> str:
    """Return what a reader sees of line `number`."""
    line = lines[number - 1] if 0 < number <= len(lines) else ""
    return re.sub(r"<[^>]+>", "", line).strip()[:40]


def _trial_problems(data: bytes, sample: Mapping[str, Any]) -> list[str]:
    """Return what goes wrong when the template is filled with sample values."""
    try:
        # docxtpl mends what does not fit together by leaving some of it out.
        etree.fromstring(opened(data).build_xml(dict(sample), environment()))
        filled = Document(BytesIO(fill(data, sample)))
    except etree.XMLSyntaxError:
        return [CROSSED]
    except (UnreadableDocument, MemoryError):
        raise
    except Exception:  # whatever docxtpl and python-docx stumble over
        return [f"模板试填没有成功。{HOW}"]
    parts = [filled.element, *(s.first_page_header._element for s in filled.sections)]
    parts += [section.header._element for section in filled.sections]
    if not any(DRAFT_MARK in "".join(p.itertext(f"{W}t")) for part in parts for p in part.iter(f"{W}p")):
        return [f"模板里没有“{DRAFT_MARK}”字样。系统生成的都是代拟稿，请在首页标明后再上传。"]
    return []
