"""Reads the numbers of tasks as they are printed, and gives every task a number of its own in the plan."""

import re
from collections.abc import Sequence
from itertools import pairwise

from tasks_app.language.numerals import half_width, whole_number
from tasks_app.language.text import one_line, squash

from ..problems import Problem, warning
from .fields import Field
from .measures import CIRCLED
from .parsed import ParsedTask

CHINESE = "一二三四五六七八九十百"
BEFORE_TITLE = re.compile(r"^\s*(\d{1,9})\s*(?:[.．、)）:：]\s*(?!\d)|\s+(?=\D)|$)")
IN_BRACKETS = re.compile(r"^\s*[（(]\s*(\d{1,3})\s*[）)]\s*")
DOTTED = re.compile(r"^\s*(\d{1,3}(?:[.．\-—－]\d{1,3})+)(?![\d%％万亿个元人户台张家所名年月])[\s、.．]*")
# One heading 序号 over two columns: that of the section, then that of the task.
BELOW_NUMERAL = re.compile(rf"[（(]?[{CHINESE}]{{1,3}}[）)]?[、.．]?\s+(\d{{1,4}}[、.．]?)")
IN_CHINESE = re.compile(rf"^\s*(?:[（(]([{CHINESE}]{{1,3}})[）)]|([{CHINESE}]{{1,3}})[、.．])\s*")


def read_number(text: str) -> tuple[int | None, str]:
    """Return what a cell of numbers says: (the number or None where it is none, the text as printed)."""
    if found := BELOW_NUMERAL.fullmatch(text):
        text = found[1]
    printed = re.sub(r"\s", "", text).strip("、.．")
    bare = squash(printed).strip("()")
    if bare.isdecimal() and len(bare) <= 9:
        return int(bare), printed
    if bare in CIRCLED:
        return CIRCLED[bare], printed
    return whole_number(bare) if set(bare) <= set(CHINESE) else None, printed


def numbered_title(own: str, text: str) -> tuple[int | None, str, str]:
    """Return (number, as printed, title) of a task from its cell of numbers and that of its title."""
    title = one_line(text)
    number, printed, rest = _before(title)
    if own:
        own_number, own_printed = read_number(own)
        is_same = number is not None and number == own_number
        return own_number, own_printed, rest if is_same else title
    return number, printed, rest


def _before(title: str) -> tuple[int | None, str, str]:
    plain = half_width(title)
    if found := DOTTED.match(plain):
        return None, found[1], title[found.end() :].strip()
    if found := BEFORE_TITLE.match(plain) or IN_BRACKETS.match(plain):
        return int(found[1]), found[0].strip().rstrip("、.．:："), title[found.end() :].strip()
    if found := IN_CHINESE.match(title):
        printed = found[0].strip().rstrip("、.．")
        return whole_number(found[1] or found[2]), printed, title[found.end() :].strip()
    return None, "", title


def give_numbers(tasks: Sequence[ParsedTask], *, are_titles: bool) -> list[Problem]:
    """Number the tasks through where the table does not: without numbers, numbered anew in each section,
    or numbered by section. Returns the doubts. What remains missing or double is for the checks to say.

    Unless the column holds titles (`are_titles`), the marks in its texts need not count the tasks.
    """
    if not tasks:
        return []
    problems: list[Problem] = []
    if _restarts(tasks):
        first = next(b for a, b in pairwise(tasks) if b.number == 1 and a.number is not None)
        text = "序号从这里重新开始，系统另按全表顺序统一编号，原序号保留。请核对。"
        problems.append(warning(first.place(Field.NUMBER, Field.TITLE), text))
    elif not (
        all(task.number is None for task in tasks)
        or _only_sections_are_numbered(tasks)
        or (not are_titles and _has_gaps(tasks))
    ):
        return []
    for number, task in enumerate(tasks, start=1):
        task.number = number
    return problems


def _has_gaps(tasks: Sequence[ParsedTask]) -> bool:
    numbers = [task.number for task in tasks]
    return Field.NUMBER not in tasks[0].places and (None in numbers or len(set(numbers)) < len(numbers))


def _only_sections_are_numbered(tasks: Sequence[ParsedTask]) -> bool:
    """The column of numbers counts the sections: each has one, at its first task or merged over all."""
    for a, b in pairwise(tasks):
        place = a.places.get(Field.NUMBER)
        if a.number is not None and place is not None and place == b.places.get(Field.NUMBER):
            return True
    firsts = [task for i, task in enumerate(tasks) if i == 0 or task.section != tasks[i - 1].section]
    numbered = [task for task in tasks if task.number is not None]
    return len(firsts) < len(tasks) and len(firsts) > 1 and numbered == firsts


def _restarts(tasks: Sequence[ParsedTask]) -> bool:
    """Tell whether each section, or each sheet, numbers its tasks anew."""
    numbers = [task.number for task in tasks]
    if None in numbers or len(set(numbers)) == len(numbers):
        return False
    for a, b in pairwise(tasks):
        is_next = a.number is not None and b.number is not None and b.number > a.number
        is_new = b.number == 1 and (a.section != b.section or a.rows[-1][0] != b.rows[0][0])
        if not (is_next or is_new):
            return False
    return True
