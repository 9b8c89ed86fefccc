"""Looks: entries with all that stands in them and beside them, in a number of statements that never grows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import BooleanField, Exists, F, OuterRef, Q, QuerySet, Value, prefetch_related_objects

from tasks_app.choices import IndicatorKind
from tasks_app.domain.indicators.asked import AskedFigure, asked_figures
from tasks_app.models import (
    Assignment,
    Attachment,
    Indicator,
    IndicatorValue,
    Measure,
    MeasureProgress,
    ProgressEntry,
    Report,
    Task,
)
from tasks_app.models.unit import line_of

from .entry_values import (
    AS_OF,
    DONE_ON,
    FORECAST,
    KEPT_DAY,
    VALUE,
    FigureLine,
    Filling,
    MeasureLine,
    plain,
    shown_number,
    typed_key,
)
from .rules import is_locked, period_end

# Kinds of numbers of which each unit gives its own share.
ADDED_UP = frozenset({IndicatorKind.CUMULATIVE, IndicatorKind.INCREMENT})
Tasks = Mapping[int, int | None]  # {task: last year's task that it continues}
# is_assigned: the task is in force and the unit's.
ASSIGNED = Exists(Assignment.objects.in_use().filter(task=OuterRef("task"), unit=OuterRef("report__unit")))
# Where an entry is from, for whoever looks for the last one: no report, period and unit are made for each.
ORIGIN = {
    "from_period": F("report__period"),
    "from_due_on": F("report__period__due_on"),
    "from_unit": F("report__unit"),
    "from_unit_name": F("report__unit__name"),
    "from_position": F("report__unit__position"),
}
# has_figures: somebody is asked for numbers in the task.
HAS_FIGURES = Exists(Indicator.objects.accepted().filter(task=OuterRef("task")))
OWN = tuple(each.name for each in ProgressEntry._meta.concrete_fields)
OF_TASK = ("task__number", "task__title", "task__predecessor")
OF_PERIOD = ("report__period__kind", "report__period__plan__year")


@dataclass
class Rows:
    """What stands beside the words of entries of one report, and what stood there last time."""

    measures: dict[int, list[Measure]]  # by task
    figures: dict[int, list[AskedFigure]]  # those that the unit is asked for, by task
    ticks: dict[tuple[int, int], MeasureProgress] = field(default_factory=dict)  # by entry and measure
    values: dict[tuple[int, int], IndicatorValue] = field(default_factory=dict)  # by entry and indicator
    last_ticks: dict[int, tuple[str, date | None]] = field(default_factory=dict)  # by measure
    last_values: dict[tuple[int, str, str], IndicatorValue] = field(default_factory=dict)
    prefilled: date | None = None  # the day that a number is about when nobody has said so yet


def previous_entries(report: Report, tasks: Tasks | None = None) -> dict[int, ProgressEntry]:
    """Return {task id: what the unit last wrote on it before}: this year, else on last year's same task.

    `tasks` are those of the report if not given.
    """
    if tasks is None:
        tasks = dict(report.entries.values_list("task_id", "task__predecessor_id"))
    earlier = _earlier_entries(report).filter(task__in=_with_predecessors(tasks))
    latest = _latest(report, earlier.select_related("report__period__plan").only(*OWN, *OF_PERIOD))
    found = ((task, latest.get(task) or latest.get(before or 0)) for task, before in tasks.items())
    return {task: entry for task, entry in found if entry is not None}


def entries_with_previous(
    report: Report, entry_pk: int
) -> tuple[Sequence[ProgressEntry], ProgressEntry | None]:
    """Return all entries of `report`, and what the unit wrote last time on the task of one. One statement.

    All entries are annotated with ASSIGNED and HAS_FIGURES; of the last one only its own row is there.
    """
    task = Task.objects.filter(entries=entry_pk)
    before = Q(task__in=task.values("pk")) | Q(task__in=task.values("predecessor"))
    earlier = _earlier_entries(report).filter(before)
    own = ProgressEntry.objects.filter(report=report).annotate(**ORIGIN)
    nothing = Value(False, BooleanField())
    parts = [
        part.select_related("task")
        .only(*OWN, *OF_TASK)
        .annotate(is_assigned=assigned, has_figures=figures)
        .order_by()
        for part, assigned, figures in ((earlier, nothing, nothing), (own, ASSIGNED, HAS_FIGURES))
    ]
    found = list(parts[0].union(parts[1], all=True))
    entries = sorted((each for each in found if each.report_id == report.pk), key=lambda e: e.task.number)
    for each in entries:
        each.report = report
    entry = next((each for each in entries if each.pk == entry_pk), None)
    if entry is None:
        return entries, None
    latest = _latest(report, (each for each in found if each.report_id != report.pk))
    return entries, latest.get(entry.task_id) or latest.get(entry.task.predecessor_id or 0)


def fillings(report: Report, entries: Sequence[ProgressEntry], *, today: date | None = None) -> list[Filling]:
    """Return each of `entries` of `report` with all that stands in it, in the same order.

    `today` is given where it is filled in: numbers are about this day, or the period's last.
    """
    previous = previous_entries(report, {entry.task_id: entry.task.predecessor_id for entry in entries})
    rows, attachments = rows_of(report, entries, today=today), attachments_of(entries)
    return [
        filling_of(entry, rows, previous.get(entry.task_id), attachments.get(entry.pk, ()))
        for entry in entries
    ]


def is_required(report: Report, entry: ProgressEntry) -> bool:
    """Tell whether `entry`, annotated with ASSIGNED, must be complete before `report` can be submitted."""
    return entry.is_assigned and not is_locked(report, entry)  # type: ignore[attr-defined]


def rows_of(
    report: Report, entries: Sequence[ProgressEntry], *, today: date | None = None, has_figures: bool = True
) -> Rows:
    """Return what stands beside the words of `entries` of `report`, and stood there last. At most four statements.

    Whoever knows that nobody is asked for a number in them says that it has no figures.
    """
    tasks: Tasks = {entry.task_id: entry.task.predecessor_id for entry in entries}
    if len(entries) > 1:  # one alone asks for its own
        prefetch_related_objects(entries, "task__measures")
    measures = {entry.task_id: list(entry.task.measures.all()) for entry in entries}
    rows = Rows(measures, asked_figures(report.unit_id, list(tasks)) if has_figures else {})
    if today is not None:
        rows.prefilled = min(today, period_end(report.period))
    _put_ticks(rows, report, tasks)
    if rows.figures:
        _put_values(rows, report, tasks)
    return rows


def filling_of(
    entry: ProgressEntry,
    rows: Rows,
    previous: ProgressEntry | None,
    attachments: Iterable[Attachment] = (),
) -> Filling:
    """Return one entry with what `rows` say stands beside it."""
    return Filling(
        entry=entry,
        measures=tuple(_measure_line(entry, measure, rows) for measure in rows.measures[entry.task_id]),
        figures=tuple(_figure_line(entry, asked, rows) for asked in rows.figures.get(entry.task_id, ())),
        previous=previous,
        attachments=tuple(attachments),
    )


def attachments_of(entries: Sequence[ProgressEntry]) -> dict[int, list[Attachment]]:
    """Return {entry id: its files}, without their content and without those taken off again."""
    found: dict[int, list[Attachment]] = {}
    files = Attachment.objects.kept().filter(entry__in=entries)
    for file in files.select_related("uploaded_by").defer("content").order_by("uploaded_at", "pk"):
        found.setdefault(file.entry_id, []).append(file)
    return found


def _earlier_entries(report: Report) -> QuerySet[ProgressEntry]:
    """Return what the unit of `report` wrote in periods before it, and units merged into it up to the same one."""
    before = Q(report__period__due_on__lt=report.period.due_on)
    merged = Q(report__unit__successor=report.unit_id, report__period=report.period_id)
    earlier = ProgressEntry.objects.filter(line_of(report.unit_id, "report__unit"), before | merged)
    return earlier.exclude(progress="").annotate(**ORIGIN).order_by()  # `_latest` sorts


def _latest(report: Report, earlier: Iterable[Any]) -> dict[int, ProgressEntry]:
    """Return {task: what was written last on it}; where several units became one, the words of each with its name."""
    last: dict[int, list[Any]] = defaultdict(list)
    for entry in sorted(earlier, key=lambda e: (e.from_due_on, e.from_position)):
        found = last[entry.task_id]
        if found and found[0].from_period != entry.from_period:
            found.clear()
        found.append(entry)
    return {task: _together(report, entries) for task, entries in last.items()}


def _together(report: Report, entries: Sequence[Any]) -> ProgressEntry:
    first: ProgressEntry = entries[0]
    if len(entries) == 1 and entries[0].from_unit == report.unit_id:
        return first
    picture = copy(first)  # never to be saved
    picture.progress = "\n".join(f"{each.from_unit_name}：{each.progress}" for each in entries)
    picture.forecast = "\n".join(
        f"{each.from_unit_name}：{each.forecast}" for each in entries if each.forecast
    )
    if len({each.status for each in entries}) > 1:
        picture.status = ""
    return picture


def _with_predecessors(tasks: Tasks) -> list[int]:
    return [pk for pk in (*tasks, *tasks.values()) if pk is not None]


def _put_ticks(rows: Rows, report: Report, tasks: Tasks) -> None:
    """Put ticks into `rows`; the last are this year's, for a new year begins anew."""
    now_or_before = Q(entry__report=report) | Q(entry__report__period__due_on__lt=report.period.due_on)
    found = MeasureProgress.objects.filter(
        now_or_before, line_of(report.unit_id, "entry__report__unit"), measure__task__in=list(tasks)
    )
    found = found.annotate(of_report=F("entry__report_id"))
    for tick in found.order_by("entry__report__period__due_on"):
        if tick.of_report == report.pk:
            rows.ticks[tick.entry_id, tick.measure_id] = tick
        else:
            rows.last_ticks[tick.measure_id] = tick.state, tick.done_on


def _put_values(rows: Rows, report: Report, tasks: Tasks) -> None:
    """Put numbers into `rows`; the last are those of last year's task too, under (task, name, unit)."""
    before = Q(entry__report__period__due_on__lt=report.period.due_on, value__isnull=False)
    found = IndicatorValue.objects.filter(
        Q(entry__report=report) | before,
        line_of(report.unit_id, "entry__report__unit"),
        indicator__task__in=_with_predecessors(tasks),
    ).select_related("indicator__task", "entry__report__period__plan")
    for value in found.order_by("entry__report__period__due_on"):
        if value.entry.report_id == report.pk:
            rows.values[value.entry_id, value.indicator_id] = value
        else:
            key = _figure_key(value.indicator, value.indicator.task_id)
            rows.last_values[key] = _added_up(rows.last_values.get(key), value)


def _added_up(one: IndicatorValue | None, other: IndicatorValue) -> IndicatorValue:
    """Return the later number; counts that several units gave for one period before they became one are added."""
    is_same_period = one is not None and one.entry.report.period_id == other.entry.report.period_id
    if one is None or not is_same_period or other.indicator.kind not in ADDED_UP:
        return other
    total = copy(other)  # never to be saved
    total.value = (one.value or 0) + (other.value or 0)
    return total


def _figure_key(indicator: Indicator, task: int) -> tuple[int, str, str]:
    return task, indicator.name, indicator.unit


def _measure_line(entry: ProgressEntry, measure: Measure, rows: Rows) -> MeasureLine:
    tick = rows.ticks.get((entry.pk, measure.pk))
    typed = [entry.typed.get(typed_key(kind, measure.pk)) for kind in (DONE_ON, KEPT_DAY)]
    day = tick.done_on if tick else None
    last_state, last_day = rows.last_ticks.get(measure.pk, ("", None))
    return MeasureLine(
        measure=measure,
        state=tick.state if tick else "",
        done_on=day,
        shown_day=next((text for text in typed if text), day.isoformat() if day else ""),
        last_state=last_state,
        last_done_on=last_day,
    )


def _figure_line(entry: ProgressEntry, asked: AskedFigure, rows: Rows) -> FigureLine:
    indicator = asked.indicator
    typed = entry.typed
    row, last = rows.values.get((entry.pk, indicator.pk)), rows.last_values
    row = row or IndicatorValue(entry=entry, indicator=indicator)
    before = entry.task.predecessor_id or 0
    stored_day = row.as_of.isoformat() if row.as_of else ""
    # What nobody has written yet shows the day that it will be about.
    shown_day = stored_day if row.pk or rows.prefilled is None else rows.prefilled.isoformat()
    period = entry.report.period
    return FigureLine(
        indicator=indicator,
        goal=asked.goal(period.plan.year),
        on=row.as_of or min(period.due_on, period_end(period)),
        target=asked.target,
        requirement=asked.requirement,
        value=row.value,
        is_about=row.is_about,
        forecast=row.forecast,
        as_of=row.as_of,
        source=row.source,
        shown_value=typed.get(typed_key(VALUE, indicator.pk))
        or shown_number(row.value, is_about=row.is_about),
        shown_forecast=typed.get(typed_key(FORECAST, indicator.pk)) or plain(row.forecast),
        shown_as_of=typed.get(typed_key(AS_OF, indicator.pk)) or shown_day,
        last=last.get(_figure_key(indicator, indicator.task_id)) or last.get(_figure_key(indicator, before)),
    )
