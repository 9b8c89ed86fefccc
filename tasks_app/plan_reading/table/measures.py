"""Splits the texts of a task into its measures: at ①, （1）, 1., （一） or 一是, where they count on, or by lines."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tasks_app.language.numerals import half_width, whole_number

from ..content import MeasureContent

# ①–⑳ and ㉑–㉟ are two runs of Unicode.
CIRCLED = {chr(0x2460 + i): i + 1 for i in range(20)} | {chr(0x3251 + i): i + 21 for i in range(15)}
# Other signs with a number in them: ⑴, ⒈, ㈠, ❶, Ⅰ; each run is a way of numbering of its own.
OTHER_SIGNS = ((0x2474, 20), (0x2488, 20), (0x3220, 10), (0x2776, 10), (0x2160, 12))
CIRCLED_MARK = re.compile(f"[{''.join(CIRCLED)}]")
# After these a page break fell between two sentences, after anything else within one.
SENTENCE_ENDS = "。；;！？!?：:"
AFTER_WORDS = (*SENTENCE_ENDS, "，", ",", "、")
# Lines of one width are one text folded by hand; a list has lines as its items are long.
FOLDED_LINE, FOLD_TOLERANCE = 8, 2


@dataclass(frozen=True, slots=True)
class Style:
    """One way of numbering: `mark` has the number as its group.

    One that is `in_words` (一是…，二是…) also stands in prose: there it is a list only where it begins a line.
    """

    mark: re.Pattern[str]
    number: Callable[[str], int | None]
    anywhere: bool = False
    in_words: bool = False


def _sign_style(first: int, count: int) -> Style:
    signs = f"([{chr(first)}-{chr(first + count - 1)}])[.．、]?"
    return Style(re.compile(signs), lambda sign: ord(sign) - first + 1, anywhere=True)


_NUMERAL = "[一二三四五六七八九十]{1,3}"
STYLES = (
    Style(re.compile(f"({CIRCLED_MARK.pattern})"), CIRCLED.__getitem__, anywhere=True),
    *(_sign_style(first, count) for first, count in OTHER_SIGNS),
    Style(re.compile(r"[（(]\s*(\d{1,2})\s*[）)][、.．]?"), int),
    Style(re.compile(r"(\d{1,2})\s*[.．、)）](?!\d+(?:[.．]\d+)?\s*[%％万亿元倍米公]|\d*\s*$)\s*"), int),
    Style(re.compile(rf"[（(]({_NUMERAL})[）)][、.．]?"), whole_number),
    # 一、二级医院 begins with no number.
    Style(re.compile(rf"({_NUMERAL})[、.．](?!{_NUMERAL}[级类线期、])\s*"), whole_number, in_words=True),
    Style(re.compile(rf"({_NUMERAL})是(?!否)[，,]?"), whole_number, in_words=True),
    Style(re.compile(rf"第({_NUMERAL})[，,、：:]"), whole_number, in_words=True),
    Style(
        re.compile(r"[（(]?([A-Za-z])[.．、)）](?![A-Za-z0-9])\s*"),
        lambda c: ord(c.upper()) - 64,
        in_words=True,
    ),
)
BULLET = re.compile(r"[•●◆■▪◦‣▶➢➤►·\-–—*]\s*(?=[\u4e00-\u9fff“《])")


@dataclass(frozen=True, slots=True)
class _Mark:
    """A number in a text: it stands from `start` to `end`."""

    start: int
    end: int
    number: int


def join_pages(before: str, after: str) -> str:
    """Return a text that a page break cut in two as one."""
    begins = any(style.mark.match(half_width(after)) for style in STYLES)
    separator = "\n" if before.endswith(tuple(SENTENCE_ENDS)) or begins else ""
    return f"{before}{separator}{after}"


def first_mark(text: str) -> int | None:
    """Return the number that a text begins with, in any way of numbering; None if it begins with none."""
    plain = half_width(text).lstrip()
    found = ((style, style.mark.match(plain)) for style in STYLES)
    return next((style.number(match[1]) for style, match in found if match), None)


def starts_again(before: str, after: str) -> bool:
    """Tell whether `after` is a text of its own and not the rest of `before`."""
    first = CIRCLED_MARK.match(after)
    return before == after or (
        first is not None and CIRCLED[first[0]] == 1 and bool(CIRCLED_MARK.search(before))
    )


def split_measures(blocks: Iterable[str]) -> tuple[list[MeasureContent], list[str]]:
    """Return the measures of a task's texts (one for each row of the table) and doubts about them."""
    measures: list[MeasureContent] = []
    doubts: list[str] = []
    for block in blocks:
        marks = _marks(block, expected=len(measures) + 1)
        if not marks:
            measures += [
                MeasureContent(number, text, is_numbered=False)
                for number, text in enumerate(_lines(block), start=len(measures) + 1)
            ]
            continue
        lead_in = block[: marks[0].start].strip()
        ends = [mark.start for mark in marks[1:]] + [len(block)]
        for mark, end in zip(marks, ends, strict=True):
            text, number = block[mark.end : end].strip(), len(measures) + 1
            if mark.number != number:
                written = block[mark.start : mark.end].strip()
                doubts.append(f"措施序号“{written}”不连续，已按顺序记为第{number}条。请核对是否漏写或重写。")
            if lead_in:
                doubts.append(f"“{lead_in[:20]}”写在序号之前，已并入其后的措施。")
                text, lead_in = f"{lead_in}\n{text}", ""
            measures.append(MeasureContent(number, text, is_numbered=True))
    return measures, doubts


def _marks(block: str, expected: int) -> list[_Mark]:
    """Return the marks of the outermost way of numbering in `block`, none if it has no numbers."""
    text = half_width(block)
    found = [marks for style in STYLES if (marks := _marks_of(style, text, expected))]
    # What begins first holds the others; one mark within a text is no list unless it heads its line.
    found = [marks for marks in found if len(marks) > 1 or _begins_line(text[: marks[0].start])]
    return min(found, key=lambda marks: marks[0].start, default=[])


def _marks_of(style: Style, text: str, expected: int) -> list[_Mark]:
    marks: list[_Mark] = []
    for found in style.mark.finditer(text):
        number = style.number(found[1]) or 0
        before = text[: found.start()].rstrip(" \u3000\t")
        begins_line = _begins_line(before)
        wanted = (marks[-1].number if marks else expected - 1) + 1
        counts_on = number in (wanted, 1 if not marks else wanted)
        if style.anywhere:
            # "按第②项" within a sentence is no mark.
            is_mark = begins_line or number == expected + len(marks)
        elif style.in_words:
            is_mark = (begins_line or (bool(marks) and before.endswith(AFTER_WORDS))) and counts_on
        else:
            is_mark = (begins_line or before.endswith(tuple(SENTENCE_ENDS))) and counts_on
        if is_mark:
            marks.append(_Mark(found.start(), found.end(), number))
    return marks


def _begins_line(before: str) -> bool:
    stripped = before.rstrip(" \u3000\t")
    return not stripped or stripped.endswith("\n")


def _lines(block: str) -> list[str]:
    """Return the texts of a block without numbers: its lines, put together where one was only folded."""
    lines = [line.strip() for line in block.split("\n") if line.strip()]
    if lines and all(BULLET.match(line) for line in lines):
        return [BULLET.sub("", line, count=1) for line in lines]
    if len(lines) < 2:
        return lines
    if not any(line.endswith(tuple(SENTENCE_ENDS)) for line in lines[:-1]):
        return ["".join(lines)] if _is_folded(lines) else lines
    texts = [""]
    for line in lines:
        texts[-1] += line
        if line.endswith(tuple(SENTENCE_ENDS)):
            texts.append("")
    return [text for text in texts if text]


def _is_folded(lines: list[str]) -> bool:
    lengths = [len(line) for line in lines[:-1]]
    is_even = (
        max(lengths) - min(lengths) <= FOLD_TOLERANCE and len(lines[-1]) <= max(lengths) + FOLD_TOLERANCE
    )
    goes_on = any(line.endswith(("，", ",", "、", "和", "及", "的")) for line in lines[:-1])
    return goes_on or (is_even and min(lengths) >= FOLDED_LINE)
