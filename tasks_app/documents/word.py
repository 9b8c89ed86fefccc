"""Reads the tables of a Word file (.docx), and the paragraphs around them."""

from dataclasses import replace
from typing import Any

from docx.oxml.parser import parse_xml

from .archive import Archive
from .budget import Budget
from .errors import UnreadableDocument
from .excel import MACROS_IGNORED
from .grid import CellFault, Sheet, SheetKind, Workbook
from .office_package import parsed, relations
from .refusals import NO_TABLE_IN_WORD, TABLE_IN_TEXT_BOX
from .word_table import read_table
from .word_text import WordText, children

CHANGES_ACCEPTED = (
    "文件中有修订痕迹，已按接受全部修订后的内容读取；如有不同意见，请先在 Word 中处理好修订再上传。"
)
HIDDEN_TEXT_LEFT_OUT = "文件中有隐藏文字，隐藏文字没有读取。"
TEXT_BOX_LEFT_OUT = (
    "文件中有文本框，文本框里的文字没有读取。如其中有标题或任务，请移到正文或表格里后重新上传。"
)
SIGNS_LEFT_OUT = "文件中有用符号字体插入的图形，没有读取。如它们表示序号或打勾，请改成普通文字后重新上传。"


def read_word(archive: Archive, main: str, budget: Budget) -> Workbook:
    """Return the tables of the document; `main` is the name of its main part."""
    parts = dict(relations(archive, main).values())
    words = WordText(_root(archive, parts.get("styles", "")), _root(archive, parts.get("numbering", "")))
    document = _root(archive, main)
    sheets: list[Sheet] = []
    above: list[str] = []
    for block in () if document is None else _blocks(document):
        if block.tag.endswith("}p"):
            above += filter(None, [budget.paragraph(words.paragraph(block))])
            continue
        table = read_table(block, words, budget)
        sheets.append(
            Sheet(
                name=f"表格{len(sheets) + 1}",
                rows=table.rows,
                merges=tuple(table.merges),
                kind=SheetKind.WORD_TABLE,
                faults=dict.fromkeys(table.pictures, CellFault.PICTURE),
                hidden_rows=frozenset(table.hidden_rows),
                above=tuple(above),
            )
        )
        above = []
    if not sheets:
        raise UnreadableDocument(TABLE_IN_TEXT_BOX if words.has_text_box else NO_TABLE_IN_WORD)
    sheets[-1] = replace(sheets[-1], below=tuple(above))
    return Workbook(tuple(sheets), remarks=_remarks(archive, words))


def _blocks(document: Any) -> Any:
    body = document.find("{*}body")
    return () if body is None else children(body, "w:p", "w:tbl")


def _root(archive: Archive, part: str) -> Any | None:
    content = archive.part(part)
    return parsed(content, parse_xml) if content else None


def _remarks(archive: Archive, words: WordText) -> tuple[str, ...]:
    remarks = {
        MACROS_IGNORED: b"macroEnabled" in archive.part("[Content_Types].xml"),
        CHANGES_ACCEPTED: words.has_changes,
        HIDDEN_TEXT_LEFT_OUT: words.has_hidden_text,
        TEXT_BOX_LEFT_OUT: words.has_text_box,
        SIGNS_LEFT_OUT: words.has_unread_signs,
    }
    return tuple(sentence for sentence, is_so in remarks.items() if is_so)
