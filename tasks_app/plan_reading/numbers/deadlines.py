"""Time limits: what a cell of the column 完成时限 says, and which limits a measure names in its sentences."""

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from tasks_app.choices import DeadlineKind
from tasks_app.language.dates import dates_in
from tasks_app.language.numerals import Plain

from ..content import DeadlineContent

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
# 每季度 opens a limit that goes on; these are limits too where they stand with units.
EACH = re.compile(r"每(?:年|半年|个?季度?|个?月|周|日|天|学期)(?:末|底)?")
SOON = re.compile(
    r"立行立改|即知即改|(?:立即|尽快|适时|及时|近期|随时)(?:完成|推进|实施|落实|开展|整改|办理)*|(?:贯穿)?(?:始终|全程)(?:推进|坚持)*"
)
WITHIN = re.compile(
    r"(?:自|印发|下发|批复|收到|接到|发布|方案|文件|通知|之日|起|后){0,5}(?:[0-9]{1,3}|[一二三四五六七八九十两]{1,3})个?(?:工作日|月|周|天|日|年)[之以]?内"
)
EVENT = re.compile(r"(?:春节|元旦|国庆|五一|中秋|汛期|开学|年终|两会)[之以]?前")
GOES_ON = re.compile(r"(?:完成|推进|坚持|实施|开展|落实|抓好|并|和)*(?=[,，;；。、(（)）】\s]|$)")
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
class _Token:
    start: int
    end: int
    due_on: date | None
    kind: DeadlineKind


def read_deadline_cell(text: str, *, year: int | None) -> tuple[DeadlineContent, ...]:
    """Return what a cell of the column 完成时限 says; `year` is the plan's and goes with a bare month.

    Several limits in one cell come each with their own words; what is not understood is kept as UNCLEAR.
    """
    plain = Plain.of(text)
    if NOTHING.fullmatch(plain.text):
        return ()
    if found := BARE_YEAR.fullmatch(plain.text):
        return (DeadlineContent(text.strip(), date(int(found[1]), 12, 31), DeadlineKind.DATED),)
    if BEFORE_AN_EVENT.fullmatch(plain.text):
        return (DeadlineContent(_one_line(text), None, DeadlineKind.UNCLEAR),)
    is_bare = BARE_DAY.fullmatch(plain.text)
    tokens = _tokens(BARE_DAY.sub(r"\1月\2日", plain.text) if is_bare else plain.text, year)
    if not tokens:
        return (DeadlineContent(_one_line(text), None, DeadlineKind.UNCLEAR),)
    cuts = [0]
    for before, after in pairwise(tokens):
        cuts.append(_cut(plain, before.end, after.start))
    cuts.append(len(plain.text))
    return tuple(
        DeadlineContent(_piece(plain, start, end), token.due_on, token.kind)
        for token, (start, end) in zip(tokens, pairwise(cuts), strict=True)
    )


def deadlines_in(text: str, *, year: int | None) -> tuple[DeadlineContent, ...]:
    """Return the limits that a measure's sentences set, in their order.

    A date that only tells when something is or was (2024年, 2023年以来, a document's number) is none, nor is
    one before `year`, nor 持续推进.
    """
    plain = Plain.of(text)
    return tuple(
        DeadlineContent(_one_line(plain.words(span.start, span.end)), span.due_on, DeadlineKind.DATED)
        for span in dates_in(plain.text, year)
        if span.is_limit and span.due_on and (year is None or span.due_on.year >= year)
    )


def times_in(text: str) -> list[tuple[int, int]]:
    """Return where a plain text that is about something else, as a cell of units is, names times.

    A year alone is one only where nothing but a verb follows: 2025年完成, not 2025年试点县; nor is a word of
    lasting that belongs to a name: 长期护理保险中心, 可持续发展办公室.
    """
    found = {
        match.start(): match.end() for pattern in (EACH, WITHIN, EVENT) for match in pattern.finditer(text)
    }
    for pattern in (CONTINUOUS, SOON, AS_TOLD):
        for match in pattern.finditer(text):
            goes_on = GOES_ON.match(text, match.end())
            is_within_a_name = text[: match.start()].endswith("可") or "职" in match[0]
            if match[0] and goes_on and not is_within_a_name and match.start() not in found:
                found[match.start()] = goes_on.end()
    for span in dates_in(text, None):
        words = text[span.start : span.end]
        is_year = re.fullmatch(r"(?:20)?[0-9]{2}年?度?|[“\"「]?十.五[”\"」]?", words)
        if not is_year or (words[0] != "十" and GOES_ON.match(text, span.end)):
            found[span.start] = max(span.end, found.get(span.start, 0))
    return sorted(found.items())


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
