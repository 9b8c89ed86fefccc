"""Gentle questions to one entry: what does not fit together, in a sentence, with a place for the reason.

They never keep a report from being submitted; all of them go with it to the reviewer, answered or not.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from tasks_app.choices import CarriedText, IndicatorKind, MeasureState, Pace, ProgressStatus
from tasks_app.language.quantities import QUANTITY, Quantity, quantity_of
from tasks_app.language.text import squash
from tasks_app.models import ProgressEntry

from .entry_values import FigureLine, Filling, MeasureLine, figure_words

STATUS, REOPENED, MEASURES_REOPENED, UNCHANGED = "status", "reopened", "measures_reopened", "unchanged"
# Asked for its own sake: it contradicts nothing that the entry says.
NO_CONTRADICTION = frozenset({UNCHANGED})
# Beyond so many times its target a number looks mistyped, or typed in another unit.
FAR_TIMES = 3
# So many times the last number, or so small a part of it, looks like another unit.
FAR_FROM_LAST = Decimal(100)
WHOLE = Decimal(100)
CLAUSE = re.compile(r"[。；;！？!?\n]")
# So many characters of an indicator's name in a clause show that the clause speaks of it.
NAME_PIECE = 3


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to think about: `key` tells it from others of its entry, `answer` is the reason given."""

    key: str
    sentence: str
    answer: str = ""

    @property
    def field(self) -> str:
        """The name of the box for the reason."""
        return "status_note" if self.key == STATUS else f"answer-{self.key}"

    @property
    def is_answered(self) -> bool:
        """Tell whether a reason was given."""
        return bool(self.answer.strip())


def questions(filling: Filling) -> list[Question]:
    """Return what `filling` leads one to ask, each with the answer given so far."""
    entry = filling.entry
    found = [*_about_state(filling), *_about_words(filling)]
    for figure in filling.figures:
        found += [*_about_figure(figure, entry.progress), *_about_pace(figure, entry)]
    return [
        Question(key, words, entry.status_note if key == STATUS else entry.answers.get(key, ""))
        for key, words in found
    ]


def unanswered(filling: Filling) -> list[Question]:
    """Return the questions to which nobody gave a reason yet."""
    return [question for question in questions(filling) if not question.is_answered]


def contradicts(keys: Iterable[str]) -> bool:
    """Tell whether one of the questions with these `keys` says that an entry contradicts itself (待核)."""
    return any(key not in NO_CONTRADICTION for key in keys)


def _about_state(filling: Filling) -> Iterator[tuple[str, str]]:
    entry, measures = filling.entry, filling.measures
    if entry.status and (words := _disagreement(entry, measures)):
        yield STATUS, words
    previous = filling.previous
    if (
        previous is not None
        and filling.previous_is_this_year
        and previous.status == ProgressStatus.DONE
        and entry.status not in ("", ProgressStatus.DONE)
    ):
        yield REOPENED, f"上期填的是“已完成”，本期改为“{entry.get_status_display()}”，请说明原因。"
    again = [
        m for m in measures if m.last_state == MeasureState.DONE and m.state not in ("", MeasureState.DONE)
    ]
    if again:
        yield MEASURES_REOPENED, f"{_names(again)}上期已完成，本期改为未完成，请说明原因。"


def _disagreement(entry: ProgressEntry, measures: tuple[MeasureLine, ...]) -> str:
    """Return how the task's state and those of its measures differ; only what was ticked counts."""
    open_ = [m for m in measures if m.state in (MeasureState.NOT_STARTED, MeasureState.UNDER_WAY)]
    begun = [m for m in measures if m.state in (MeasureState.UNDER_WAY, MeasureState.DONE)]
    if entry.status == ProgressStatus.DONE:
        return f"状态选了“已完成”，但{_names(open_)}还没有完成，请核对或说明。" if open_ else ""
    if entry.status == ProgressStatus.NOT_STARTED:
        return f"状态选了“未启动”，但{_names(begun)}已经启动，请核对或说明。" if begun else ""
    if measures and all(m.state == MeasureState.DONE for m in measures):
        return f"各项措施都已完成，状态却是“{entry.get_status_display()}”，请核对或说明。"
    return ""


def _names(measures: list[MeasureLine]) -> str:
    marks = "".join(measure.mark for measure in measures)
    return f"措施{marks}"


def _about_words(filling: Filling) -> Iterator[tuple[str, str]]:
    entry, previous = filling.entry, filling.previous
    # Words brought forward and left as they are cannot be submitted at all: no need to ask.
    if previous is None or entry.no_news or entry.carried == CarriedText.UNTOUCHED:
        return
    if entry.progress.strip() and squash(entry.progress) == squash(previous.progress):
        yield UNCHANGED, "工作进展与上期一字不差。确无变化的，可以勾选“本期无新进展”；仍用原文的请说明。"


def _about_figure(figure: FigureLine, progress: str) -> Iterator[tuple[str, str]]:
    indicator, value = figure.indicator, figure.value
    if value is None or figure.is_yes_no:
        return
    name = f"“{indicator.name}”"
    last = figure.last.value if figure.last else None
    if (
        indicator.kind == IndicatorKind.CUMULATIVE
        and figure.last_is_this_year
        and last is not None
        and value < last
    ):
        yield (
            f"falls-{indicator.pk}",
            f"{name}是累计数，本期填 {figure.words}，比上期的 {figure.last_words} 少，请核对或说明。",
        )
    if value < 0:
        yield f"negative-{indicator.pk}", f"{name}填了负数 {figure.words}，请核对或说明。"
    if last and not 1 / FAR_FROM_LAST < abs(value / last) < FAR_FROM_LAST and value:
        yield (
            f"leaps-{indicator.pk}",
            f"{name}填了 {figure.words}，与上期的 {figure.last_words} 差了上百倍，请核对单位和小数点，或说明。",
        )
    if said := _other_number(figure, progress):
        yield (
            f"differs-{indicator.pk}",
            f"{name}框里填的是 {figure.words}，工作进展里写的是 {said}，请核对或说明。",
        )
    if _is_far_beyond(figure, value):
        yield (
            f"beyond-{indicator.pk}",
            f"{name}填了 {figure.words}，与目标（{figure.requirement}）相差很大，请核对单位和小数点，或说明。",
        )


def _about_pace(figure: FigureLine, entry: ProgressEntry) -> Iterator[tuple[str, str]]:
    """Ask where the number is behind while the words say that all is well."""
    if not figure.pace or entry.status not in (ProgressStatus.ON_TRACK, ProgressStatus.DONE):
        return
    stands = "，".join(filter(None, (figure.reached, figure.expected)))
    state = f"{stands}（{Pace(figure.pace).label}）" if stands else Pace(figure.pace).label
    yield (
        f"behind-{figure.indicator.pk}",
        f"“{figure.indicator.name}”填了 {figure.words}，{state}，状态却是“{entry.get_status_display()}”，"
        "请核对或说明。",
    )


def _is_far_beyond(figure: FigureLine, value: Decimal) -> bool:
    indicator = figure.indicator
    if indicator.unit == "%" and indicator.kind == IndicatorKind.RATE and value > WHOLE:
        return True
    target = indicator.value if figure.target is None else figure.target
    return target > 0 and value > target * FAR_TIMES


def _other_number(figure: FigureLine, progress: str) -> str:
    """Return the number that the text gives for the indicator, "" when it is the same or there is none.

    Meant are the numbers with its unit in clauses that speak of it, or the only number with that unit at all.
    """
    unit = squash(figure.indicator.unit)
    if not unit:
        return ""
    clauses = [(clause, _numbers(clause, unit)) for clause in CLAUSE.split(progress)]
    named = [n for clause, numbers in clauses if _speaks_of(clause, figure.indicator.name) for n in numbers]
    everywhere = [number for _, numbers in clauses for number in numbers]
    meant = named or (everywhere if len(everywhere) == 1 else [])
    if not meant or any(number.value == figure.value or number.low == figure.value for number in meant):
        return ""
    return figure_words(meant[0].value, figure.indicator)


def _numbers(clause: str, unit: str) -> list[Quantity]:
    found = (quantity_of(match) for match in QUANTITY.finditer(squash(clause)))
    return [q for q in found if q is not None and q.unit == unit and not q.is_vague]


def _speaks_of(clause: str, name: str) -> bool:
    text, wanted = squash(clause), squash(name)
    pieces = (wanted[i : i + NAME_PIECE] for i in range(max(1, len(wanted) - NAME_PIECE + 1)))
    return any(piece in text for piece in pieces)
