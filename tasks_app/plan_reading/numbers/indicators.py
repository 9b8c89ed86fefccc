"""量化指标: which numbers of a measure are targets. What is in doubt is left out; an admin can add it.

A number is a target where a word of target governs it: directly (达300台, 提高5元, 不超过3%), as what a verb
brings about (培训救护员3.3万人), or as the end of a rate (支出占比47.5%以上). Decided here:
- 65%或同比提高1个百分点左右 is one indicator of 65%, its alternative kept in the words: two would ask for both.
- 覆盖率100% and 实现100%覆盖 are a rate of 100%; 实现…全覆盖 without a number is a yes or no with the value 1.
- A fall (下降3个百分点) is an increment of 3 whose name says 下降.
- 10-15个 is at least 10; as a ceiling at most 15. 20余项 is no number that a report could be held against.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tasks_app.choices import Comparator, IndicatorKind
from tasks_app.language.dates import DateSpan, dates_in
from tasks_app.language.numerals import Plain
from tasks_app.language.quantities import QUANTITY, quantity_of

from ..content import IndicatorContent
from .indicator_names import clause_name, joined, name_before
from .target_reading import PlacedQuantity, Target, read_target
from .target_words import ENDS, EVERYWHERE, HISTORY, HISTORY_BEGINS

WORTH_READING = re.compile(r"[0-9０-９]|分之|全覆盖")
MARKS = r"，。；、！？,;!?（）()“”「」『』《》〔〕【】\[\]"
# The characters that a quantity or a mark may begin with are looked for first: most begin neither.
TOKEN = re.compile(
    rf"(?=[0-9一二三四五六七八九两十百千{MARKS}])(?:{QUANTITY.pattern}|(?P<mark>[{MARKS}]))", re.VERBOSE
)
CLOSING = dict(zip("（(“「『《〔【[", "）)”」』》〕】]", strict=True))
# What stands in other marks is a slogan, a title or a document's number.
BRACKETS = ("", "）", ")")
# Words further away do not govern a number, and a text without any mark is not read over and over again.
FAR = 120
AND = re.compile(r"以?及(?!时)|和|与")


def propose_indicators(text: str, *, year: int | None = None) -> tuple[IndicatorContent, ...]:
    """Return the targets named in a measure, in their order; `year` is the plan's.

    With it, numbers of earlier years are history and 6月底前 has a year.
    """
    if not WORTH_READING.search(text):
        return ()
    plain = Plain.of(text)
    dates = dates_in(plain.text, year)
    found = sorted([*_numbers(plain.text), *_everywhere(plain.text)], key=lambda pair: pair[1].start)
    proposals: list[IndicatorContent] = []
    for sentence, target in found:
        due_on = _due_on(dates, sentence, target.end)
        if due_on and year and due_on.year < year:
            continue
        words = plain.words(target.start, target.end)
        proposals.append(
            IndicatorContent(
                target.name, target.kind, target.comparator, target.value, target.unit, due_on, words
            )
        )
    return tuple(proposals)


def _due_on(dates: list[DateSpan], sentence: int, end: int) -> date | None:
    """Return the last date that the sentence names before a target; what it is compared with is none."""
    near = [
        d.due_on for d in dates if sentence <= d.start < end and not d.is_reference and not d.is_recurring
    ]
    return near[-1] if near else None


@dataclass(slots=True)
class _Frame:
    """Where the sentence, the clause (，) and the piece (、) begin, for the text inside one pair of marks."""

    sentence: int
    clause: int
    piece: int
    closing: str = ""
    clause_before: int = 0


def _numbers(text: str) -> Iterator[tuple[int, Target]]:
    """Return the targets with a number, each with the place where its sentence begins."""
    previous: Target | None = None
    for place in _places(text):
        if previous and place.quantity.start < previous.end:
            continue
        is_history = HISTORY.search(place.left) or HISTORY_BEGINS.match(text, place.sentence)
        target = None if is_history else read_target(place, previous)
        if target:
            yield place.sentence, target
            previous = target


def _places(text: str) -> Iterator[PlacedQuantity]:
    """Return the quantities of a text with what stands around them; those within quotation marks left out."""
    frames = [_Frame(0, 0, 0)]
    for token in TOKEN.finditer(text):
        if token["mark"]:
            _pass_mark(frames, token["mark"], token.end())
            continue
        quantity = quantity_of(token)
        if quantity is None or any(frame.closing not in BRACKETS for frame in frames):
            continue
        frame = frames[-1]
        far = quantity.start - FAR
        clause, piece = max(frame.clause, far), max(frame.piece, far)
        yield PlacedQuantity(text, quantity, frame.sentence, clause, piece, max(frame.clause_before, far))
        # 幼儿园5所和小学3所
        if following := AND.match(text, quantity.end):
            frame.piece = following.end()


def _pass_mark(frames: list[_Frame], mark: str, end: int) -> None:
    frame = frames[-1]
    if mark in CLOSING:
        frames.append(_Frame(end, end, end, CLOSING[mark], end))
    elif mark in "。；！？;!?":
        # A mark that was never closed ends with its sentence.
        del frames[1:]
        frames[0] = _Frame(end, end, end, "", end)
    elif mark in "，,":
        frame.clause_before, frame.clause, frame.piece = frame.clause, end, end
    elif mark == "、":
        frame.piece = end
    elif mark == frame.closing:
        frames.pop()


def _everywhere(text: str) -> Iterator[tuple[int, Target]]:
    """Return what is to be covered in full without a number: 实现…全覆盖."""
    for found in EVERYWHERE.finditer(text):
        sentence = max(text.rfind(mark, 0, found.start()) for mark in "。；") + 1
        clause = max(sentence, text.rfind("，", 0, found.start()) + 1)
        left = text[clause : found.start()]
        if HISTORY.search(left) or HISTORY_BEGINS.match(text, sentence) or not ENDS.match(text, found.end()):
            continue
        before = text[sentence : max(sentence, clause - 1)]
        name = joined(name_before(left), found["what"]) or clause_name(before)
        start, end = found.span()
        yield (
            sentence,
            Target(f"{name}全覆盖", IndicatorKind.YES_NO, Comparator.EQUAL, Decimal(1), "", start, end),
        )
