"""Looks: entries with all that stands in them and beside them, in a number of statements that never grows."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import prefetch_related_objects

from tasks_app.choices import IndicatorState
from tasks_app.models import (
    Attachment,
    Indicator,
    IndicatorValue,
    Measure,
    MeasureProgress,
    ProgressEntry,
    Report,
)

from .entry_values import (
    AS_OF,
    DONE_ON,
    KEPT_DAY,
    VALUE,
    FigureLine,
    Filling,
    MeasureLine,
    plain,
    typed_key,
)

Tasks = Mapping[int, int | None]  # {task: last year's task that it continues}
Last = dict[int, tuple[str, date | None]]


def previous_entries(report: Report, tasks: Tasks | None = None) -> dict[int, ProgressEntry]:
    """Return {task id: what the unit last wrote on it before}: this year, else on last year's same task.

    `tasks` are those of the report if not given.
    """
    if tasks is None:
        tasks = dict(report.entries.values_list("task_id", "task__predecessor_id"))
    earlier = (
        ProgressEntry.objects.filter(
            task__in=_with_predecessors(tasks),
            report__unit=report.unit,
            report__period__due_on__lt=report.period.due_on,
        )
        .exclude(progress="")
        .select_related("report__period__plan")
        .order_by("report__period__due_on")
    )
    latest = {entry.task_id: entry for entry in earlier}
    found = ((task, latest.get(task) or latest.get(before or 0)) for task, before in tasks.items())
    return {task: entry for task, entry in found if entry is not None}


def fillings(report: Report, entries: Sequence[ProgressEntry]) -> list[Filling]:
    """Return each of `entries` of `report` with all that stands in it, in the same order."""
    prefetch_related_objects(entries, "task__measures")
    tasks: Tasks = {entry.task_id: entry.task.predecessor_id for entry in entries}
    previous = previous_entries(report, tasks)
    ticks = {
        (tick.entry_id, tick.measure_id): tick for tick in MeasureProgress.objects.filter(entry__in=entries)
    }
    values = {
        (value.entry_id, value.indicator_id): value
        for value in IndicatorValue.objects.filter(entry__in=entries)
    }
    last_ticks, last_values = _last_ticks(report, tasks), _last_values(report, tasks)
    asked = _asked_indicators(tasks)
    attachments = attachments_of(entries)
    return [
        Filling(
            entry=entry,
            measures=tuple(
                _measure_line(entry, measure, ticks.get((entry.pk, measure.pk)), last_ticks)
                for measure in entry.task.measures.all()
            ),
            figures=tuple(
                _figure_line(entry, indicator, values.get((entry.pk, indicator.pk)), last_values)
                for indicator in asked.get(entry.task_id, ())
            ),
            previous=previous.get(entry.task_id),
            attachments=tuple(attachments.get(entry.pk, ())),
        )
        for entry in entries
    ]


def attachments_of(entries: Sequence[ProgressEntry]) -> dict[int, list[Attachment]]:
    """Return {entry id: its files}, without their content and without those taken off again."""
    found: dict[int, list[Attachment]] = {}
    files = Attachment.objects.filter(entry__in=entries, removed_at__isnull=True)
    for file in files.select_related("uploaded_by").defer("content").order_by("uploaded_at", "pk"):
        found.setdefault(file.entry_id, []).append(file)
    return found


def _with_predecessors(tasks: Tasks) -> list[int]:
    return [pk for pk in (*tasks, *tasks.values()) if pk is not None]


def _asked_indicators(tasks: Tasks) -> dict[int, list[Indicator]]:
    found: dict[int, list[Indicator]] = {}
    accepted = Indicator.objects.filter(task__in=list(tasks), state=IndicatorState.ACCEPTED)
    for indicator in accepted.select_related("task").order_by("task__number", "position"):
        found.setdefault(indicator.task_id, []).append(indicator)
    return found


def _last_ticks(report: Report, tasks: Tasks) -> Last:
    """Return {measure: (state, day)} as this year's earlier reports have it; a new year begins anew."""
    rows = MeasureProgress.objects.filter(
        measure__task__in=list(tasks),
        entry__report__unit=report.unit,
        entry__report__period__due_on__lt=report.period.due_on,
    ).order_by("entry__report__period__due_on")
    return {measure: (state, day) for measure, state, day in rows.values_list("measure", "state", "done_on")}


def _last_values(report: Report, tasks: Tasks) -> dict[tuple[int, str, str], IndicatorValue]:
    """Return {(task, name, unit): the unit's last number}, of last year's task too."""
    rows = (
        IndicatorValue.objects.filter(
            indicator__task__in=_with_predecessors(tasks),
            entry__report__unit=report.unit,
            entry__report__period__due_on__lt=report.period.due_on,
            value__isnull=False,
        )
        .select_related("indicator__task", "entry__report__period__plan")
        .order_by("entry__report__period__due_on")
    )
    return {_figure_key(row.indicator, row.indicator.task_id): row for row in rows}


def _figure_key(indicator: Indicator, task: int) -> tuple[int, str, str]:
    return task, indicator.name, indicator.unit


def _measure_line(
    entry: ProgressEntry, measure: Measure, tick: MeasureProgress | None, last: Last
) -> MeasureLine:
    typed = [entry.answers.get(typed_key(kind, measure.pk)) for kind in (DONE_ON, KEPT_DAY)]
    day = tick.done_on if tick else None
    last_state, last_day = last.get(measure.pk, ("", None))
    return MeasureLine(
        measure=measure,
        state=tick.state if tick else "",
        done_on=day,
        shown_day=next((text for text in typed if text), day.isoformat() if day else ""),
        last_state=last_state,
        last_done_on=last_day,
    )


def _figure_line(
    entry: ProgressEntry,
    indicator: Indicator,
    row: IndicatorValue | None,
    last: Mapping[tuple[int, str, str], IndicatorValue],
) -> FigureLine:
    value, as_of = (row.value, row.as_of) if row else (None, None)
    before = entry.task.predecessor_id or 0
    return FigureLine(
        indicator=indicator,
        value=value,
        as_of=as_of,
        source=row.source if row else "",
        shown_value=entry.answers.get(typed_key(VALUE, indicator.pk)) or plain(value),
        shown_as_of=entry.answers.get(typed_key(AS_OF, indicator.pk)) or (as_of.isoformat() if as_of else ""),
        last=last.get(_figure_key(indicator, indicator.task_id)) or last.get(_figure_key(indicator, before)),
    )
