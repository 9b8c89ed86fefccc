"""Tells apart what fills a row alone, or beside its number: a section's title with its level, or a note."""

import re
from collections.abc import Sequence
from dataclasses import replace

from tasks_app.language.numerals import half_width
from tasks_app.language.text import one_line, squash

from ..problems import Problem, warning
from .cells import Cell, Row
from .fields import Field
from .numbering import CHINESE, read_number

NOTE = re.compile(
    r"^[（(]?(注|备注|说明|附注|附|填表说明|填报说明|联系人|联系电话|填表人|填报人|审核人|复核人|经办人|签发人|签字|签名|盖章|负责人|制表|制表人|单位负责人|合计|总计|小计)[）)]?\s*([:：\d]|$)"
)
# The level of a title by the mark before it: smaller is higher.
LEVELS = (
    re.compile(rf"^第[{CHINESE}\d]+[章篇编]"),
    re.compile(rf"^第[{CHINESE}\d]+[部节]分?|^专项[{CHINESE}\d]+"),
    re.compile(rf"^[{CHINESE}]{{1,3}}\s*[、.．，,]"),
    re.compile(rf"^[（(][{CHINESE}]{{1,3}}[）)]"),
)
COUNT = re.compile(r"\s*[（(]\s*共?\s*(\d{1,4})\s*[项条个件]\s*(?:任务|措施|工作)?\s*[）)]\s*[:：]?$")
# 一、强基层（续） at the head of a page is the section of the page before.
GOES_ON = re.compile(r"\s*[（(]\s*(?:续表?[一二三四五六七八九十\d]{0,2}|接上页|续上页|续前)\s*[）)]$")
# What a printed page has around its part of the table.
PAGE_LINE = re.compile(
    r"[（(]?(?:续表|续上表|接上表|接上页|续上页|转下页|接下页)\d*[）)]?|[-—–~－]*第?\d{1,3}页?[-—–~－]+"
    r"|第\d{1,3}页[,，/]?(?:共\d{1,3}页)?|\d{1,3}/\d{1,3}页?"
)
NUMERAL = re.compile(rf"^[（(]?[{CHINESE}]{{1,3}}[）)]?[、.．]?$")
WORDS = re.compile(r"[\u4e00-\u9fff]{2}")
# What a title does not have: these are of tasks.
OF_TASKS = frozenset(Field) - {Field.NUMBER, Field.TITLE, Field.SECTION}


def is_note(text: str) -> bool:
    """Tell whether a text is a note below the table or a line for signatures."""
    return bool(NOTE.match(text.strip()))


def is_page_line(text: str) -> bool:
    """Tell whether a text only belongs to a printed page: 续表, 第 2 页 共 3 页, — 2 —."""
    return bool(PAGE_LINE.fullmatch(squash(text)))


def title_level(text: str) -> int | None:
    """Return how high a section's title stands by its mark (0 highest), None if it has no mark."""
    start = text.strip()
    return next((level for level, mark in enumerate(LEVELS) if mark.match(start)), None)


def is_numeral(text: str) -> bool:
    """Tell whether a number is written as sections are numbered: 一, （二）, 三、."""
    return bool(NUMERAL.match(squash(text)))


def numbered_title(numeral: str, title: str) -> str:
    """Return a section's title from its two cells."""
    bare = one_line(numeral)
    return f"{bare}{title}" if bare.endswith(("、", ".", "．", "）", ")")) else f"{bare}、{title}"


def without_going_on(title: str) -> str:
    """Return a title without the （续） that it has at the head of a page."""
    return GOES_ON.sub("", title)


def split_count(title: str) -> tuple[str, int | None]:
    """Return a heading without the count behind it, and the count: 一、加强领导（6项） → 6."""
    title = without_going_on(title)
    found = COUNT.search(half_width(title))
    return (title[: found.start()].rstrip(), int(found[1])) if found else (title, None)


def with_lone_titles(rows: Sequence[Row]) -> tuple[list[Row], list[Problem]]:
    """Return the rows, those that are titles or notes standing alone, and what is doubtful about it."""
    found: list[Row] = []
    problems: list[Problem] = []
    has_numbers = any(row.text(Field.NUMBER) for row in rows)
    for row, after in zip(rows, [*rows[1:], None], strict=False):
        cell = _only_cell(row)
        if cell is None:
            found.append(row)
        elif _is_no_number(row, cell) or _goes_on_with_notes(found, cell):
            found.append(replace(row, alone=cell))
        elif row.text(Field.NUMBER) and _counts_below(row, after):
            title = numbered_title(row.text(Field.NUMBER), one_line(cell.text))
            found.append(replace(row, alone=Cell(title, cell.place)))
        elif has_numbers and not row.text(Field.NUMBER) and not row.after_break and _is_numbered(after):
            found.append(replace(row, alone=cell))
            text = (
                f"“{one_line(cell.text)[:20]}”单独占一行，看作板块标题。如果是任务，请在页面上“修改这一行”。"
            )
            problems.append(warning(cell.place, text))
        else:
            found.append(row)
    return found, problems


def _only_cell(row: Row) -> Cell | None:
    """Return the one text of a row, beside which there may be a number; None if the row has more."""
    if row.alone is not None or row.kind is not None:
        return None
    if any(cell.place.row == row.number for _, cell in row.other):
        return None
    texts = {f: cell for f, cell in row.cells.items() if cell.text}
    if texts.keys() & OF_TASKS:
        return None
    places = {cell.place: cell for f, cell in texts.items() if f is not Field.NUMBER} or {
        cell.place: cell for cell in texts.values()
    }
    if len(places) != 1:
        return None
    (cell,) = places.values()
    return cell if cell.place.row == row.number else None


def _is_no_number(row: Row, cell: Cell) -> bool:
    """Words in the column of numbers."""
    number = row.cells.get(Field.NUMBER)
    return number == cell and bool(WORDS.search(cell.text)) and read_number(cell.text)[0] is None


def _goes_on_with_notes(before: Sequence[Row], cell: Cell) -> bool:
    """2. below 注：1."""
    note = before[-1].alone if before else None
    return note is not None and is_note(note.text) and note.place.column == cell.place.column


def _counts_below(row: Row, after: Row | None) -> bool:
    """Tell whether 1 is followed by 1.1: then it is the title of those, whoever answers for them."""
    printed = read_number(row.text(Field.NUMBER))[1]
    below = read_number(after.text(Field.NUMBER))[1] if after is not None and after.alone is None else ""
    return bool(printed) and below.startswith(tuple(f"{printed}{point}" for point in ".．-—"))


def _is_numbered(row: Row | None) -> bool:
    return row is not None and row.alone is None and bool(row.text(Field.NUMBER) and row.text(Field.TITLE))
