"""Works out which rows beside an entry a save changes: ticks of measures, figures. `actions.save_box` writes them.

Text that cannot be read is kept as it was typed and goes when it is put right.
"""

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Model

from tasks_app.choices import IndicatorKind, MeasureState
from tasks_app.domain.plan.rules import measure_mark
from tasks_app.language.typed import TypedNumber
from tasks_app.models import Indicator, IndicatorValue, MeasureProgress, ProgressEntry

from .entry_values import (
    AS_OF,
    DONE_ON,
    FORECAST,
    KEPT_DAY,
    VALUE,
    FigureGiven,
    TickGiven,
    UnreadableError,
    figure_words,
    read_day,
    read_number,
    typed_key,
)
from .fillings import Rows

FIGURE_FIELDS = ("value", "is_about", "forecast", "as_of", "source")  # what a unit says of one indicator
Typed = dict[str, str]  # what an entry keeps as it was typed


@dataclass
class RowChanges:
    """Rows to be written and to be deleted, and what the audit trail says of them."""

    written: list[Model] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    words: dict[str, list[Any]] = field(default_factory=dict)


def settle_ticks(
    entry: ProgressEntry, rows: Rows, given: Mapping[int, TickGiven], typed: Typed
) -> RowChanges:
    """Return what `given` {measure: tick} changes; `rows` and `typed` become what stands there after it."""
    changes = RowChanges()
    for measure in rows.measures[entry.task_id]:
        if measure.pk not in given:
            continue
        tick, row = given[measure.pk], rows.ticks.get((entry.pk, measure.pk))
        before = _tick_words(row, typed, measure.pk)
        day = _day_shown(row, typed, measure.pk) if tick.done_on is None else tick.done_on
        state = (row.state if row else "") if tick.state is None else tick.state
        done_on = _settle_day(state, day, typed, measure.pk)
        new = MeasureProgress(entry=entry, measure=measure, state=state, done_on=done_on) if state else None
        if new is None:
            changes.gone += [row.pk] if row else []
            rows.ticks.pop((entry.pk, measure.pk), None)
        elif row is None or (row.state, row.done_on) != (state, done_on):
            changes.written.append(new)
            rows.ticks[entry.pk, measure.pk] = new
        after = _tick_words(new, typed, measure.pk)
        if before != after:
            mark = measure_mark(measure.number) if measure.is_numbered else ""
            changes.words[f"措施{mark}"] = [before, after]
    return changes


def settle_figures(
    entry: ProgressEntry, rows: Rows, given: Mapping[int, FigureGiven], typed: Typed
) -> RowChanges:
    """Return what `given` {indicator: figure} changes; `rows` and `typed` become what stands there after it."""
    changes = RowChanges()
    for indicator in (asked.indicator for asked in rows.figures.get(entry.task_id, ())):
        if indicator.pk not in given:
            continue
        row = rows.values.get((entry.pk, indicator.pk)) or IndicatorValue(entry=entry, indicator=indicator)
        before = _figure_words(row, indicator, typed)
        new = _settled_figure(row, indicator, given[indicator.pk], typed, rows.prefilled)
        if any(getattr(new, name) != getattr(row, name) for name in FIGURE_FIELDS):
            changes.written.append(new)
            rows.values[entry.pk, indicator.pk] = new
        after = _figure_words(new, indicator, typed)
        if before != after:
            changes.words[indicator.name] = [before, after]
    return changes


def _settle_day(state: str, text: str, typed: Typed, measure: int) -> date | None:
    """Return the day to store; one typed for a measure that is not done is kept until it is."""
    is_done = state == MeasureState.DONE
    _keep(typed, typed_key(KEPT_DAY, measure), "" if is_done else text)
    if not is_done:
        _keep(typed, typed_key(DONE_ON, measure), "")
        return None
    return _read(read_day, text, typed, typed_key(DONE_ON, measure))


def _settled_figure(
    row: IndicatorValue, indicator: Indicator, given: FigureGiven, typed: Typed, prefilled: date | None
) -> IndicatorValue:
    new = copy(row)
    new.pk = None  # it is written over what stands there by entry and indicator
    is_yes_no = indicator.kind == IndicatorKind.YES_NO

    def number(kind: str, text: str) -> TypedNumber | None:
        found: TypedNumber | None = _read(
            lambda text: read_number(text, indicator.unit, is_yes_no=is_yes_no),
            text,
            typed,
            typed_key(kind, indicator.pk),
        )
        return found

    if given.value is not None:
        read = number(VALUE, given.value)
        new.value, new.is_about = (read.value, read.is_about) if read else (None, False)
    if given.forecast is not None:
        read = number(FORECAST, given.forecast)
        new.forecast = read.value if read else None
    if given.as_of is not None:
        new.as_of = _read(read_day, given.as_of, typed, typed_key(AS_OF, indicator.pk))
    if given.source is not None:
        new.source = given.source.strip()
    says_nothing = new.value is None and new.forecast is None and not new.source
    if says_nothing and new.as_of == prefilled:
        new.as_of = row.as_of  # the day came with the page, nobody wrote it
    return new


def _read(read: Callable[[str], Any], text: str, typed: Typed, key: str) -> Any:
    """Return what `read` makes of `text`; what it cannot read is kept under `key`."""
    try:
        value = read(text)
    except UnreadableError:
        _keep(typed, key, text)
        return None
    _keep(typed, key, "")
    return value


def _keep(typed: Typed, key: str, text: str) -> None:
    if text.strip():
        typed[key] = text
    else:
        typed.pop(key, None)


def _day_shown(row: MeasureProgress | None, typed: Typed, measure: int) -> str:
    text = typed.get(typed_key(DONE_ON, measure)) or typed.get(typed_key(KEPT_DAY, measure))
    return text or (row.done_on.isoformat() if row and row.done_on else "")


def _tick_words(row: MeasureProgress | None, typed: Typed, measure: int) -> str:
    if row is None:
        return ""
    day = typed.get(typed_key(DONE_ON, measure)) or (row.done_on.isoformat() if row.done_on else "")
    label = MeasureState(row.state).label
    return f"{label}（{day}）" if day else label


def _figure_words(row: IndicatorValue, indicator: Indicator, typed: Typed) -> str:
    text = typed.get(typed_key(VALUE, indicator.pk))
    number = f"“{text}”" if text else figure_words(row.value, indicator, is_about=row.is_about)
    forecast = typed.get(typed_key(FORECAST, indicator.pk)) or figure_words(row.forecast, indicator)
    as_of = typed.get(typed_key(AS_OF, indicator.pk)) or (row.as_of.isoformat() if row.as_of else "")
    details = [
        f"{label}{text}"
        for label, text in (("截至", as_of), ("预计", forecast), ("来源：", row.source))
        if text
    ]
    return f"{number}（{'，'.join(details)}）" if details else number
