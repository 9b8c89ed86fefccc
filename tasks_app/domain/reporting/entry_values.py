"""What one entry holds beside its words: ticks of measures, figures, files; and how what is typed is read.

What cannot be read (a number that is none) is kept by the entry as it was typed, under a key of its own, until
it is put right: nothing that a person typed is dropped.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tasks_app.choices import IndicatorKind, MeasureState
from tasks_app.domain.indicators.rules import Goal, expected_words, pace, reached_words
from tasks_app.domain.plan.rules import measure_mark
from tasks_app.language.text import squash
from tasks_app.language.typed import TypedNumber, typed_number
from tasks_app.models import Attachment, Indicator, IndicatorValue, Measure, ProgressEntry

DAY = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")
YES_WORDS, NO_WORDS = frozenset({"1", "是", "完成", "已完成"}), frozenset({"0", "否", "未完成"})
# The kinds of boxes whose text may turn out unreadable; 完成日期 of a measure that is not done is only kept.
VALUE, FORECAST, AS_OF, DONE_ON, KEPT_DAY = "value", "forecast", "as_of", "done", "kept"


class UnreadableError(ValueError):
    """What was typed is no number or no day; the text says so, for the user."""


@dataclass(frozen=True, slots=True)
class TickGiven:
    """One measure as typed; None is what the page did not hold and stays as it is."""

    state: str | None = None
    done_on: str | None = None


@dataclass(frozen=True, slots=True)
class FigureGiven:
    """One indicator as typed; None is what the page did not hold and stays as it is."""

    value: str | None = None
    as_of: str | None = None
    source: str | None = None
    forecast: str | None = None


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One measure in an entry: where it stands, what its date box shows, where it stood last time."""

    measure: Measure
    state: str = ""
    done_on: date | None = None
    shown_day: str = ""
    last_state: str = ""
    last_done_on: date | None = None

    @property
    def mark(self) -> str:
        """① and so on; nothing where the table does not number it."""
        return measure_mark(self.measure.number) if self.measure.is_numbered else ""

    @property
    def label(self) -> str:
        """What the state is called; "" when nobody ticked it."""
        return MeasureState(self.state).label if self.state else ""

    @property
    def last_label(self) -> str:
        """What it was called last time."""
        return MeasureState(self.last_state).label if self.last_state else ""


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One indicator in an entry: its number, what the boxes show, the last number of this unit."""

    indicator: Indicator
    target: Decimal | None = None  # the unit's own; None where only the city's is known
    requirement: str = ""
    value: Decimal | None = None
    is_about: bool = False
    forecast: Decimal | None = None
    as_of: date | None = None
    source: str = ""
    shown_value: str = ""
    shown_forecast: str = ""
    shown_as_of: str = ""
    last: IndicatorValue | None = None
    goal: Goal | None = None  # the unit's own target in its time
    on: date | None = None  # the day that the number is about

    @property
    def is_yes_no(self) -> bool:
        """Whether it is answered by 是 or 否."""
        return self.indicator.kind == IndicatorKind.YES_NO

    @property
    def words(self) -> str:
        """The number in words, "" when there is none."""
        return figure_words(self.value, self.indicator, is_about=self.is_about)

    @property
    def pace(self) -> str:
        """How far the number is behind 序时 (a value of Pace), "" where it is not, or nothing of it is known."""
        known = self.value is not None and self.goal is not None and self.on is not None
        return pace(self.goal, self.value, self.on) if known else ""  # type: ignore[arg-type]

    @property
    def reached(self) -> str:
        """How it stands to the unit's target, in words; "" where nothing of it is known."""
        return reached_words(self.goal, self.value) if self.goal and self.value is not None else ""

    @property
    def expected(self) -> str:
        """What the unit should have reached by now, in words."""
        return expected_words(self.goal, self.on) if self.goal and self.on else ""

    @property
    def last_words(self) -> str:
        """The last number in words."""
        last = self.last
        return figure_words(last.value, self.indicator, is_about=last.is_about) if last else ""

    @property
    def last_is_this_year(self) -> bool:
        """Whether the last number counts from the same 1 January."""
        return self.last is not None and self.last.indicator_id == self.indicator.pk


@dataclass(frozen=True, slots=True)
class Filling:
    """One entry with all that stands in it, and what the unit wrote last time (None: nothing)."""

    entry: ProgressEntry
    measures: tuple[MeasureLine, ...] = ()
    figures: tuple[FigureLine, ...] = ()
    previous: ProgressEntry | None = None
    attachments: tuple[Attachment, ...] = ()

    @property
    def previous_is_this_year(self) -> bool:
        """Whether the last words are of this very task, not of last year's."""
        return self.previous is not None and self.previous.task_id == self.entry.task_id

    @property
    def may_carry(self) -> bool:
        """Whether the last words can be brought forward: there are some, and the box is empty."""
        return self.previous is not None and not self.entry.progress.strip()


def figure_words(value: Decimal | None, indicator: Indicator, *, is_about: bool = False) -> str:
    """Return a number with its unit, 是 or 否; "" for None."""
    if value is None:
        return ""
    if indicator.kind == IndicatorKind.YES_NO:
        return "是" if value else "否"
    return f"{'约' if is_about else ''}{plain(value)}{indicator.unit}"


def plain(value: Decimal | None) -> str:
    """Return a number as one types it: 300, 47.5; "" for None, which is not zero."""
    return "" if value is None else f"{value.normalize():f}"


def shown_number(value: Decimal | None, *, is_about: bool) -> str:
    """Return a number as its box shows it again: 约20."""
    return f"{'约' if is_about else ''}{plain(value)}"


def read_number(text: str, unit: str = "", *, is_yes_no: bool = False) -> TypedNumber | None:
    """Return the number that `text` is, with or without its unit; None for nothing. Raises UnreadableError."""
    typed = squash(text)
    if not typed:
        return None
    if is_yes_no and typed in YES_WORDS | NO_WORDS:
        return TypedNumber(Decimal(typed in YES_WORDS))
    if (number := typed_number(text, unit)) is None:
        raise UnreadableError(
            f"“{text.strip()}”没有读懂，请填数字，如 300、46.8、2.1万、约20（最多四位小数）"
        )
    return number


def read_day(text: str) -> date | None:
    """Return the day that `text` is; None for nothing. Raises UnreadableError."""
    typed = squash(text)
    if not typed:
        return None
    found = DAY.fullmatch(typed)
    try:
        return date(*map(int, found.groups())) if found else _no_day(text)
    except ValueError:
        return _no_day(text)


def _no_day(text: str) -> date:
    raise UnreadableError(f"“{text.strip()}”不是日期，请按“年-月-日”填写，如 2024-06-30")


def typed_key(kind: str, pk: int) -> str:
    """Return the key under which an entry keeps the unreadable text of one box."""
    return f"{kind}-{pk}"


def unreadable(typed: Mapping[str, str]) -> list[str]:
    """Return a sentence for each text that an entry keeps because it could not be read."""
    sentences = []
    for key, text in typed.items():
        kind = key.split("-")[0]
        if kind != KEPT_DAY:
            sentences.append(_why(kind, text))
    return sentences


def _why(kind: str, text: str) -> str:
    try:
        read_number(text) if kind in (VALUE, FORECAST) else read_day(text)
    except UnreadableError as error:
        return str(error)
    return f"“{text}”没有读懂，请重新填写"
