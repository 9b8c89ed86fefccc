"""Writes a content into the stored plan, in bulk; called by actions.py alone, under its lock."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any

from django.db.models import F, QuerySet

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

from .rules.content import PlanContent, TaskContent
from .rules.differences import Change, Difference

# Far above any position in use: rows step aside so that no two ever hold the same position.
ASIDE = 10_000
BATCH = 500
WORDS_LIMIT = 300
TASK_FIELDS = [
    *("section", "number", "printed_number", "title", "units_text", "target", "remarks"),
    *("is_active", "stopped_by"),
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
    contents = _write_tasks(plan, changes, sections)
    _write_measures(plan, contents)
    _write_assignments(plan, contents)
    found = Measure.objects.filter(task__plan=plan).values_list("task_id", "number", "pk")
    measures = {(task, number): pk for task, number, pk in found}
    _write_deadlines(plan, contents, measures)
    _propose_indicators(plan, content, measures)
    Section.objects.filter(pk__in=leftover, tasks__isnull=True).delete()


def write_predecessors(plan: Plan, predecessors: Mapping[int, int]) -> None:
    """Link this year's tasks to last year's: {number: key of last year's task}."""
    tasks = list(plan.tasks.in_use().filter(number__in=predecessors))
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


def _write_tasks(plan: Plan, changes: Difference, sections: dict[str, Section]) -> dict[int, TaskContent]:
    """Write the tasks that are new or changed, and return {key: what each is to say}."""
    changed = [(Task(pk=c.old.pk), c.task) for c in changes.of_kind(Change.CHANGED) if c.old]
    added = [(Task(plan=plan), c.task) for c in changes.of_kind(Change.ADDED)]
    for task, content in (*changed, *added):
        _fill(task, content, sections)
    tasks = [task for task, _ in changed]
    # Numbers may change places: out of use for a moment, they are all free.
    Task.objects.filter(pk__in=[task.pk for task in tasks]).update(is_active=False)
    Task.objects.bulk_update(tasks, TASK_FIELDS, batch_size=200)
    Task.objects.bulk_create([task for task, _ in added], batch_size=BATCH)
    return {task.pk: content for task, content in (*changed, *added)}


def _fill(task: Task, content: TaskContent, sections: dict[str, Section]) -> None:
    task.section = sections.get(content.section)
    task.number, task.printed_number = content.number, content.printed
    task.title, task.units_text = content.title, content.units_text
    task.target, task.remarks = content.target, content.remarks
    task.is_active, task.stopped_by = True, ""


def _write_measures(plan: Plan, contents: Mapping[int, TaskContent]) -> None:
    rows = [
        Measure(task_id=pk, number=m.number, text=m.text, is_numbered=m.is_numbered)
        for pk, content in contents.items()
        for m in content.measures
    ]
    stored = Measure.objects.filter(task__plan=plan)
    _write_over(stored, contents, rows, key="number", fields=["text", "is_numbered"])


def _write_assignments(plan: Plan, contents: Mapping[int, TaskContent]) -> None:
    rows = [
        Assignment(task_id=pk, unit_id=a.unit, role=a.role, role_is_assumed=a.is_assumed, position=position)
        for pk, content in contents.items()
        for position, a in enumerate(content.assignments, start=1)
    ]
    stored = Assignment.objects.filter(task__plan=plan)
    _write_over(stored, contents, rows, key="unit_id", fields=["role", "role_is_assumed", "position"])


def _write_over(
    stored: QuerySet[Any], tasks: Collection[int], rows: Iterable[Any], *, key: str, fields: list[str]
) -> None:
    """Make `rows` all that `tasks` have: one with the `key` of a stored one keeps that one's place in the store."""
    place = attrgetter("task_id", key)
    known = {place(row): row for row in stored if row.task_id in tasks}
    added, changed = [], []
    for row in rows:
        old = known.pop(place(row), None)
        if old is None:
            added.append(row)
        elif any(getattr(row, field) != getattr(old, field) for field in fields):
            row.pk = old.pk
            changed.append(row)
    stored.filter(pk__in=[row.pk for row in known.values()]).delete()
    stored.model._default_manager.bulk_update(changed, fields, batch_size=200)
    stored.model._default_manager.bulk_create(added, batch_size=BATCH)


def _write_deadlines(
    plan: Plan, contents: Mapping[int, TaskContent], measures: Mapping[tuple[int, int], int]
) -> None:
    stored = Deadline.objects.filter(task__plan=plan).values_list("pk", "task_id")
    Deadline.objects.filter(pk__in=[pk for pk, task in stored if task in contents]).delete()
    rows = (
        Deadline(
            task_id=pk,
            measure_id=measures.get((pk, number)),
            position=position,
            text=limit.text[:WORDS_LIMIT],
            due_on=limit.due_on,
            kind=limit.kind,
        )
        for pk, task in contents.items()
        for number, limits in [(0, task.deadlines), *((m.number, m.deadlines) for m in task.measures)]
        for position, limit in enumerate(limits, start=1)
    )
    Deadline.objects.bulk_create(rows, batch_size=BATCH)


def _propose_indicators(plan: Plan, content: PlanContent, measures: Mapping[tuple[int, int], int]) -> None:
    """Propose the numbers of the table. What an admin has decided stays; a proposal whose words are gone goes."""
    keys = dict(plan.tasks.in_use().values_list("number", "pk"))
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
    rows = []
    for (task_pk, _, _), proposed in wanted.items():
        last[task_pk] += 1
        rows.append(
            Indicator(
                task_id=task_pk,
                measure_id=measures.get((task_pk, proposed.measure)),
                position=last[task_pk],
                name=proposed.name[:200],
                kind=proposed.kind,
                comparator=proposed.comparator,
                value=proposed.value,
                unit=proposed.unit[:20],
                due_on=proposed.due_on,
                words=proposed.words[:WORDS_LIMIT],
            )
        )
    Indicator.objects.bulk_create(rows, batch_size=BATCH)


def _counted(indicators: Iterable[tuple[int, str, Any]]) -> Iterator[tuple[tuple[int, str, int], Any]]:
    """Yield each under its task, its words, and the how-manieth of these words it is: they may hold two numbers."""
    seen: dict[tuple[int, str], int] = defaultdict(int)
    for task, words, indicator in indicators:
        seen[task, words] += 1
        yield (task, words, seen[task, words]), indicator
