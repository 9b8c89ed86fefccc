"""Works out which rows beside an entry a save changes: ticks of measures, figures. `save_entry` is the door.

Text that cannot be read goes into the entry's answers and comes out again when it is put right.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Model

from tasks_app.choices import IndicatorKind, IndicatorState, MeasureState
from tasks_app.domain.plan.rules import measure_mark
from tasks_app.models import Indicator, IndicatorValue, Measure, MeasureProgress, ProgressEntry

from .entry_values import (
    AS_OF,
    DONE_ON,
    KEPT_DAY,
    VALUE,
    FigureGiven,
    TickGiven,
    UnreadableError,
    plain,
    read_day,
    read_number,
    typed_key,
)

Answers = dict[str, str]


@dataclass
class RowChanges:
    """Rows to be written and to be deleted, and what the audit trail says of them."""

    written: list[Model] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    words: dict[str, list[Any]] = field(default_factory=dict)


def settle_ticks(entry: ProgressEntry, given: Mapping[int, TickGiven], answers: Answers) -> RowChanges:
    """Return what `given` {measure: tick} changes; `answers` takes up and gives back unreadable days."""
    changes = RowChanges()
    if not given:
        return changes
    rows = {row.measure_id: row for row in MeasureProgress.objects.filter(entry=entry)}
    for measure in Measure.objects.filter(task=entry.task_id, pk__in=list(given)).order_by("number"):
        tick, row = given[measure.pk], rows.get(measure.pk)
        before = _tick_words(row, answers, measure.pk)
        day = _day_shown(row, answers, measure.pk) if tick.done_on is None else tick.done_on
        state = (row.state if row else "") if tick.state is None else tick.state
        done_on = _settle_day(state, day, answers, measure.pk)
        if state:
            new = MeasureProgress(entry=entry, measure=measure, state=state, done_on=done_on)
            if row is None or (row.state, row.done_on) != (state, done_on):
                changes.written.append(new)
        else:
            new = None
            changes.gone += [row.pk] if row else []
        after = _tick_words(new, answers, measure.pk)
        if before != after:
            mark = measure_mark(measure.number) if measure.is_numbered else ""
            changes.words[f"措施{mark}"] = [before, after]
    return changes


def settle_figures(entry: ProgressEntry, given: Mapping[int, FigureGiven], answers: Answers) -> RowChanges:
    """Return what `given` {indicator: figure} changes; `answers` takes up and gives back unreadable text."""
    changes = RowChanges()
    if not given:
        return changes
    rows = {row.indicator_id: row for row in IndicatorValue.objects.filter(entry=entry)}
    asked = Indicator.objects.filter(task=entry.task_id, state=IndicatorState.ACCEPTED, pk__in=list(given))
    for indicator in asked.order_by("position"):
        row = rows.get(indicator.pk) or IndicatorValue(entry=entry, indicator=indicator)
        before = _figure_words(row, indicator, answers)
        new = _settled_figure(row, indicator, given[indicator.pk], answers)
        if (new.value, new.as_of, new.source) != (row.value, row.as_of, row.source):
            changes.written.append(new)
        after = _figure_words(new, indicator, answers)
        if before != after:
            changes.words[indicator.name] = [before, after]
    return changes


def write_rows(ticks: RowChanges, figures: RowChanges) -> None:
    """Write what was worked out, in one statement for each kind of row."""
    _write(MeasureProgress, ticks, "measure", ["state", "done_on"])
    _write(IndicatorValue, figures, "indicator", ["value", "as_of", "source"])


def _write(model: type[Model], changes: RowChanges, of: str, fields: list[str]) -> None:
    if changes.written:
        model._default_manager.bulk_create(
            changes.written, update_conflicts=True, unique_fields=["entry", of], update_fields=fields
        )
    if changes.gone:
        model._default_manager.filter(pk__in=changes.gone).delete()


def _settle_day(state: str, text: str, answers: Answers, measure: int) -> date | None:
    """Return the day to store; one typed for a measure that is not done is kept until it is."""
    is_done = state == MeasureState.DONE
    _keep(answers, typed_key(KEPT_DAY, measure), "" if is_done else text)
    if not is_done:
        _keep(answers, typed_key(DONE_ON, measure), "")
        return None
    return _read(read_day, text, answers, typed_key(DONE_ON, measure))


def _settled_figure(
    row: IndicatorValue, indicator: Indicator, given: FigureGiven, answers: Answers
) -> IndicatorValue:
    value, as_of = row.value, row.as_of
    if given.value is not None:
        is_yes_no = indicator.kind == IndicatorKind.YES_NO
        value = _read(
            lambda text: read_number(text, indicator.unit, is_yes_no=is_yes_no),
            given.value,
            answers,
            typed_key(VALUE, indicator.pk),
        )
    if given.as_of is not None:
        as_of = _read(read_day, given.as_of, answers, typed_key(AS_OF, indicator.pk))
    source = row.source if given.source is None else given.source.strip()
    return IndicatorValue(entry=row.entry, indicator=indicator, value=value, as_of=as_of, source=source)


def _read(read: Callable[[str], Any], text: str, answers: Answers, key: str) -> Any:
    """Return what `read` makes of `text`; what it cannot read is kept under `key`."""
    try:
        value = read(text)
    except UnreadableError:
        _keep(answers, key, text)
        return None
    _keep(answers, key, "")
    return value


def _keep(answers: Answers, key: str, text: str) -> None:
    if text.strip():
        answers[key] = text
    else:
        answers.pop(key, None)


def _day_shown(row: MeasureProgress | None, answers: Answers, measure: int) -> str:
    typed = answers.get(typed_key(DONE_ON, measure)) or answers.get(typed_key(KEPT_DAY, measure))
    return typed or (row.done_on.isoformat() if row and row.done_on else "")


def _tick_words(row: MeasureProgress | None, answers: Answers, measure: int) -> str:
    if row is None:
        return ""
    day = answers.get(typed_key(DONE_ON, measure)) or (row.done_on.isoformat() if row.done_on else "")
    label = MeasureState(row.state).label
    return f"{label}（{day}）" if day else label


def _figure_words(row: IndicatorValue, indicator: Indicator, answers: Answers) -> str:
    typed = answers.get(typed_key(VALUE, indicator.pk))
    number = f"“{typed}”" if typed else f"{plain(row.value)}{indicator.unit}" if row.value is not None else ""
    as_of = answers.get(typed_key(AS_OF, indicator.pk)) or (row.as_of.isoformat() if row.as_of else "")
    details = [f"{label}{text}" for label, text in (("截至", as_of), ("来源：", row.source)) if text]
    return f"{number}（{'，'.join(details)}）" if details else number
