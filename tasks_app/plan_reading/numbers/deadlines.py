"""Time limits: what a cell of the column 完成时限 says, and which limits a measure names in its sentences."""

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from tasks_app.choices import DeadlineKind
from tasks_app.language.dates import dates_in
from tasks_app.language.numerals import Plain

LINE_BREAK = re.compile(r"[ \t]*[\r\n]+[ \t]*")
NOTHING = re.compile(r"[\s/、\-–—―~.。·*]*|无|暂无|不涉及")
CONTINUOUS = re.compile(
    r"""
    (?:(?:20[0-9]{2}年度?)?(?:全年|起)?[,，]?)?
    (?:贯穿全年|(?:长期|持续|常态化?|不断|动态|滚动)(?:性)?(?:坚持|推进|实施|开展|落实|进行|抓好|执行|推动|任务|工作|管理|运行|巩固)*
      |经常性(?:工作)?|定期|不定期|日常工作|常规工作)
    |每(?:年|半年|个?季度?|个?月|周|日|天|学期)[^,，;；。]*
    """,
    re.VERBOSE,
)
# 按省上部署 gives no date either; beside a date it only says how.
AS_TOLD = re.compile(r"(?:根据|按照?)[^,，;；。0-9]{0,16}(?:要求|部署|安排|时序|序时进度)[^,，;；。0-9]{0,6}")
# Only in a column of dates are these dates: 2024, 12.31, 6/30前.
BARE_YEAR = re.compile(r"(20[0-9]{2})")
BARE_DAY = re.compile(r"(1[0-2]|0?[1-9])[./]([0-9]{1,2})(?:[之以]?前)?")
# 汛期前, 春节前, 开学前: known when the time comes, never a date of this table.
BEFORE_AN_EVENT = re.compile(r"(?:20[0-9]{2}年)?[^0-9年月日底末初旬,，;；。、]{1,8}前(?=[,，;；。]|$)")
SEPARATOR = re.compile(r"[;；。,，]")
LIGHT_SEPARATOR = re.compile(r"[、/]")
EDGES = " \t;；。,，、/"
LEFT_OVER = re.compile(r"^[并且和及]|[并且和及]$")


@dataclass(frozen=True, slots=True)
class Deadline:
    """One limit: `text` as written without the line breaks of a narrow cell, `due_on` the last day in time.

    Only what is DATED has a day.
    """

    text: str
    due_on: date | None
    kind: DeadlineKind


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    due_on: date | None
    kind: DeadlineKind


def read_deadline_cell(text: str, *, year: int | None) -> tuple[Deadline, ...]:
    """Return what a cell of the column 完成时限 says; `year` is the plan's and goes with a bare month.

    Several limits in one cell come each with their own words; what is not understood is kept as UNCLEAR.
    """
    plain = Plain.of(text)
    if NOTHING.fullmatch(plain.text):
        return ()
    if found := BARE_YEAR.fullmatch(plain.text):
        return (Deadline(text.strip(), date(int(found[1]), 12, 31), DeadlineKind.DATED),)
    if BEFORE_AN_EVENT.fullmatch(plain.text):
        return (Deadline(_one_line(text), None, DeadlineKind.UNCLEAR),)
    is_bare = BARE_DAY.fullmatch(plain.text)
    tokens = _tokens(BARE_DAY.sub(r"\1月\2日", plain.text) if is_bare else plain.text, year)
    if not tokens:
        return (Deadline(_one_line(text), None, DeadlineKind.UNCLEAR),)
    cuts = [0]
    for before, after in pairwise(tokens):
        cuts.append(_cut(plain, before.end, after.start))
    cuts.append(len(plain.text))
    return tuple(
        Deadline(_piece(plain, start, end), token.due_on, token.kind)
        for token, (start, end) in zip(tokens, pairwise(cuts), strict=True)
    )


def deadlines_in(text: str, *, year: int | None) -> tuple[Deadline, ...]:
    """Return the limits that a measure's sentences set, in their order.

    A date that only tells when something is or was (2024年, 2023年以来, a document's number) is none, nor is
    one before `year`, nor 持续推进.
    """
    plain = Plain.of(text)
    return tuple(
        Deadline(_one_line(plain.words(span.start, span.end)), span.due_on, DeadlineKind.DATED)
        for span in dates_in(plain.text, year)
        if span.is_limit and span.due_on and (year is None or span.due_on.year >= year)
    )


def _tokens(text: str, year: int | None) -> list[_Token]:
    """Return the expressions of time in a cell."""
    lasting = [
        _Token(found.start(), found.end(), None, DeadlineKind.CONTINUOUS)
        for found in CONTINUOUS.finditer(text)
    ]
    tokens = list(lasting)
    for span in dates_in(text, year):
        is_within = any(token.start <= span.start < token.end for token in lasting)
        if not is_within and not span.is_reference:
            kind = DeadlineKind.DATED if span.due_on else DeadlineKind.UNCLEAR
            tokens.append(_Token(span.start, span.end, span.due_on, kind))
    if not tokens and (found := AS_TOLD.search(text)):
        tokens.append(_Token(found.start(), found.end(), None, DeadlineKind.CONTINUOUS))
    return sorted(tokens, key=lambda token: token.start)


def _cut(plain: Plain, start: int, end: int) -> int:
    """Return where the words of one limit end and those of the next begin, between `start` and `end`."""
    for mark in (SEPARATOR, LIGHT_SEPARATOR):
        if marks := list(mark.finditer(plain.text, start, end)):
            return marks[-1].end()
    for place in range(end, start - 1, -1):
        if (
            0 < place < len(plain.text)
            and "\n" in plain.original[plain.places[place - 1] : plain.places[place]]
        ):
            return place
    return end


def _piece(plain: Plain, start: int, end: int) -> str:
    return LEFT_OVER.sub("", _one_line(plain.words(start, end)).strip(EDGES))


def _one_line(text: str) -> str:
    return LINE_BREAK.sub("", text).strip()
