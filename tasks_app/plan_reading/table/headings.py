"""Tells apart what fills a row alone: a section's title with its level, or a note."""

import re

from tasks_app.language.text import half_width, one_line, squash

CHINESE = "一二三四五六七八九十百"
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
