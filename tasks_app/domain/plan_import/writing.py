"""Writes a content into the stored plan, in bulk; called by actions.py alone, under its lock."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import F

from tasks_app.choices import IndicatorState
from tasks_app.models import (
    Assignment,
    Deadline,
    Indicator,
    Measure,
    Plan,
    Section,
    Task,
    Unit,
)

from .rules.content import AssignmentContent, DeadlineContent, IndicatorContent, PlanContent, TaskContent
from .rules.differences import Change, Difference, TaskChange

# Far above any position in use: rows step aside so that no two ever hold the same position.
ASIDE = 10_000
BATCH = 500
WORDS_LIMIT = 300
TASK_FIELDS = [
    "section",
    "number",
    "printed_number",
    "title",
    "units_text",
    "target",
    "remarks",
    "is_active",
    "stopped_by",
]


def create_plan(issuer: Unit, content: PlanContent) -> Plan:
    """Make the plan's own row; `write_plan` fills it."""
    return Plan.objects.create(
        issuer=issuer,
        year=content.year,
        title=content.title,
        document_number=content.document_number,
        issued_on=content.issued_on,
    )


def write_plan(plan: Plan, content: PlanContent, changes: Difference, *, stopped_by: str) -> None:
    """Make the stored plan equal `content`. What it no longer has is stopped (停办) by `stopped_by`, not deleted."""
    plan.title, plan.document_number, plan.issued_on = (
        content.title,
        content.document_number,
        content.issued_on,
    )
    plan.revision += 1
    plan.save(update_fields=["title", "document_number", "issued_on", "revision"])
    sections, leftover = _write_sections(plan, content.sections)
    gone = [change.task.pk for change in changes.of_kind(Change.REMOVED)]
    Task.objects.filter(pk__in=gone).update(is_active=False, stopped_by=stopped_by)
    _change_tasks(changes.of_kind(Change.CHANGED), sections)
    _add_tasks(plan, changes.of_kind(Change.ADDED), sections)
    _propose_indicators(plan, content)
    Section.objects.filter(pk__in=leftover, tasks__isnull=True).delete()


def write_predecessors(plan: Plan, predecessors: Mapping[int, int]) -> None:
    """Link this year's tasks to last year's: {number: key of last year's task}."""
    tasks = list(plan.tasks.filter(is_active=True, number__in=predecessors))
    for task in tasks:
        task.predecessor_id = predecessors[task.number]
    Task.objects.bulk_update(tasks, ["predecessor"], batch_size=BATCH)


def _write_sections(plan: Plan, titles: tuple[str, ...]) -> tuple[dict[str, Section], list[int]]:
    """Return {title: section} in the wanted order, and the keys of those no longer wanted.

    A new title at the place of a vanished one renames it, so that what hangs on the section stays.
    """
    stored = list(plan.sections.order_by("position"))
    by_title = {section.title: section for section in stored if section.title in titles}
    vanished = [section for section in stored if section.title not in by_title]
    renamable = {section.position: section for section in vanished}
    plan.sections.update(position=F("position") + ASIDE)
    wanted: dict[str, Section] = {}
    for position, title in enumerate(titles, start=1):
        section = by_title.get(title) or renamable.pop(position, None) or Section(plan=plan)
        section.title, section.position = title, position
        wanted[title] = section
    Section.objects.bulk_update([s for s in wanted.values() if s.pk], ["title", "position"], batch_size=BATCH)
    Section.objects.bulk_create([s for s in wanted.values() if not s.pk], batch_size=BATCH)
    leftover = [section.pk for section in renamable.values()]
    plan.sections.filter(pk__in=leftover).update(position=F("position") - ASIDE + len(titles))
    return wanted, leftover


def _change_tasks(changes: list[TaskChange], sections: dict[str, Section]) -> None:
    tasks = []
    for change in changes:
        task = Task(pk=_old(change).pk)
        _fill(task, change.task, sections)
        tasks.append(task)
    # Numbers may change places: out of use for a moment, they are all free.
    Task.objects.filter(pk__in=[task.pk for task in tasks]).update(is_active=False)
    Task.objects.bulk_update(tasks, TASK_FIELDS, batch_size=200)
    _write_measures(changes)
    _write_assignments(changes)
    Deadline.objects.filter(task__in=[task.pk for task in tasks]).delete()
    _write_deadlines((task.pk, change.task) for task, change in zip(tasks, changes, strict=True))


def _add_tasks(plan: Plan, changes: list[TaskChange], sections: dict[str, Section]) -> None:
    tasks = []
    for change in changes:
        task = Task(plan=plan)
        _fill(task, change.task, sections)
        tasks.append(task)
    Task.objects.bulk_create(tasks, batch_size=BATCH)
    pairs = [(task.pk, change.task) for task, change in zip(tasks, changes, strict=True)]
    Measure.objects.bulk_create(
        (
            Measure(task_id=pk, number=m.number, text=m.text, is_numbered=m.is_numbered)
            for pk, content in pairs
            for m in content.measures
        ),
        batch_size=BATCH,
    )
    Assignment.objects.bulk_create(
        (
            _assignment(pk, position, a)
            for pk, content in pairs
            for position, a in enumerate(content.assignments, start=1)
        ),
        batch_size=BATCH,
    )
    _write_deadlines(pairs)


def _fill(task: Task, content: TaskContent, sections: dict[str, Section]) -> None:
    task.section = sections.get(content.section)
    task.number, task.printed_number = content.number, content.printed
    task.title, task.units_text = content.title, content.units_text
    task.target, task.remarks = content.target, content.remarks
    task.is_active, task.stopped_by = True, ""


def _write_measures(changes: list[TaskChange]) -> None:
    stored = {
        (measure.task_id, measure.number): measure
        for measure in Measure.objects.filter(task__in=[_old(change).pk for change in changes])
    }
    added, changed = [], []
    for change in changes:
        for m in change.task.measures:
            measure = stored.pop((_old(change).pk, m.number), None)
            if measure is None:
                added.append(
                    Measure(task_id=_old(change).pk, number=m.number, text=m.text, is_numbered=m.is_numbered)
                )
            elif (measure.text, measure.is_numbered) != (m.text, m.is_numbered):
                measure.text, measure.is_numbered = m.text, m.is_numbered
                changed.append(measure)
    Measure.objects.filter(pk__in=[measure.pk for measure in stored.values()]).delete()
    Measure.objects.bulk_update(changed, ["text", "is_numbered"], batch_size=200)
    Measure.objects.bulk_create(added, batch_size=BATCH)


def _write_assignments(changes: list[TaskChange]) -> None:
    stored = {
        (assignment.task_id, assignment.unit_id): assignment
        for assignment in Assignment.objects.filter(task__in=[_old(change).pk for change in changes])
    }
    added, changed = [], []
    for change in changes:
        for position, a in enumerate(change.task.assignments, start=1):
            assignment = stored.pop((_old(change).pk, a.unit), None)
            fresh = _assignment(_old(change).pk, position, a)
            if assignment is None:
                added.append(fresh)
            else:
                fresh.pk = assignment.pk
                changed.append(fresh)
    Assignment.objects.filter(pk__in=[assignment.pk for assignment in stored.values()]).delete()
    Assignment.objects.bulk_update(changed, ["role", "role_is_assumed", "position"], batch_size=200)
    Assignment.objects.bulk_create(added, batch_size=BATCH)


def _assignment(task_pk: int, position: int, content: AssignmentContent) -> Assignment:
    return Assignment(
        task_id=task_pk,
        unit_id=content.unit,
        role=content.role,
        role_is_assumed=content.is_assumed,
        position=position,
    )


def _write_deadlines(pairs: Iterable[tuple[int, TaskContent]]) -> None:
    tasks = dict(pairs)
    with_deadlines = [pk for pk, task in tasks.items() if any(m.deadlines for m in task.measures)]
    measures = dict[tuple[int, int], int]()
    for start in range(0, len(with_deadlines), BATCH):
        found = Measure.objects.filter(task__in=with_deadlines[start : start + BATCH])
        measures |= {(task, number): pk for pk, task, number in found.values_list("pk", "task_id", "number")}
    rows = [
        _deadline(pk, measures.get((pk, number)), position, d)
        for pk, task in tasks.items()
        for number, deadlines in [(0, task.deadlines), *((m.number, m.deadlines) for m in task.measures)]
        for position, d in enumerate(deadlines, start=1)
    ]
    Deadline.objects.bulk_create(rows, batch_size=BATCH)


def _deadline(task_pk: int, measure_pk: int | None, position: int, content: DeadlineContent) -> Deadline:
    return Deadline(
        task_id=task_pk,
        measure_id=measure_pk,
        position=position,
        text=content.text[:300],
        due_on=content.due_on or None,
        kind=content.kind,
    )


def _propose_indicators(plan: Plan, content: PlanContent) -> None:
    """Propose the numbers of the table. What an admin has decided stays; a proposal whose words are gone goes."""
    keys = dict(plan.tasks.filter(is_active=True).values_list("number", "pk"))
    wanted = {
        key: proposed
        for task in content.tasks
        for key, proposed in _counted((keys[task.number], i.words[:WORDS_LIMIT], i) for i in task.indicators)
    }
    last: dict[int, int] = defaultdict(int)
    outdated = []
    stored = Indicator.objects.filter(task__plan=plan).order_by("task_id", "position")
    for key, known in _counted((i.task_id, i.words, i) for i in stored):
        last[known.task_id] = max(last[known.task_id], known.position)
        if wanted.pop(key, None) is None and known.state == IndicatorState.PROPOSED:
            outdated.append(known.pk)
    # One that a unit gave a number for was accepted once: it stays with the number.
    Indicator.objects.filter(pk__in=outdated, values=None).delete()
    if not wanted:
        return
    measures = {
        (task, number): pk
        for pk, task, number in Measure.objects.filter(task__plan=plan).values_list("pk", "task_id", "number")
    }
    rows = []
    for (task_pk, _, _), proposed in wanted.items():
        last[task_pk] += 1
        rows.append(_indicator(task_pk, measures.get((task_pk, proposed.measure)), last[task_pk], proposed))
    Indicator.objects.bulk_create(rows, batch_size=BATCH)


def _counted(indicators: Iterable[tuple[int, str, Any]]) -> Iterator[tuple[tuple[int, str, int], Any]]:
    """Yield each under its task, its words, and the how-manieth of these words it is: they may hold two numbers."""
    seen: dict[tuple[int, str], int] = defaultdict(int)
    for task, words, indicator in indicators:
        seen[task, words] += 1
        yield (task, words, seen[task, words]), indicator


def _indicator(task_pk: int, measure_pk: int | None, position: int, content: IndicatorContent) -> Indicator:
    return Indicator(
        task_id=task_pk,
        measure_id=measure_pk,
        position=position,
        name=content.name[:200],
        kind=content.kind,
        comparator=content.comparator,
        value=content.value,
        unit=content.unit[:20],
        due_on=content.due_on or None,
        words=content.words[:WORDS_LIMIT],
    )


def _old(change: TaskChange) -> TaskContent:
    if change.old is None:
        raise ValueError("An added task has no stored one.")
    return change.old
