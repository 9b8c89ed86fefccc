"""Writes a content into the stored plan, in bulk; called by actions.py alone, under its lock."""

from django.db.models import F

from tasks_app.models import Assignment, Measure, Plan, ProgressEntry, Section, Task, Unit

from .rules.content import AssignmentContent, PlanContent, TaskContent
from .rules.differences import Change, Difference, TaskChange

# Far above any position in use: rows step aside so that no two ever hold the same position.
ASIDE = 10_000
TASK_FIELDS = ["section", "number", "title", "units_text", "is_active"]


def create_plan(issuer: Unit, content: PlanContent) -> Plan:
    """Make the plan's own row; `write_plan` fills it."""
    return Plan.objects.create(
        issuer=issuer,
        year=content.year,
        title=content.title,
        document_number=content.document_number,
        issued_on=content.issued_on,
    )


def write_plan(plan: Plan, content: PlanContent, changes: Difference) -> list[TaskContent]:
    """Make the stored plan equal `content`. Returns the tasks that were stopped (停办), not deleted."""
    plan.title, plan.document_number, plan.issued_on = (
        content.title,
        content.document_number,
        content.issued_on,
    )
    plan.save(update_fields=["title", "document_number", "issued_on"])
    sections, leftover = _write_sections(plan, content.sections)
    stopped = _remove_tasks(changes.of_kind(Change.REMOVED))
    _change_tasks(changes.of_kind(Change.CHANGED), sections)
    _add_tasks(plan, changes.of_kind(Change.ADDED), sections)
    Section.objects.filter(pk__in=leftover, tasks__isnull=True).delete()
    return stopped


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
    Section.objects.bulk_update([s for s in wanted.values() if s.pk], ["title", "position"])
    Section.objects.bulk_create([s for s in wanted.values() if not s.pk])
    leftover = [section.pk for section in renamable.values()]
    plan.sections.filter(pk__in=leftover).update(position=F("position") - ASIDE + len(titles))
    return wanted, leftover


def _remove_tasks(changes: list[TaskChange]) -> list[TaskContent]:
    """Delete what nobody has reported on; stop the rest: their entries stay."""
    old = {change.task.pk: change.task for change in changes}
    reported = set(ProgressEntry.objects.filter(task__in=old).values_list("task_id", flat=True))
    Task.objects.filter(pk__in=reported).update(is_active=False)
    Task.objects.filter(pk__in=old.keys() - reported).delete()
    return [task for pk, task in old.items() if pk in reported]


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


def _add_tasks(plan: Plan, changes: list[TaskChange], sections: dict[str, Section]) -> None:
    tasks = []
    for change in changes:
        task = Task(plan=plan)
        _fill(task, change.task, sections)
        tasks.append(task)
    Task.objects.bulk_create(tasks)
    pairs = [(task.pk, change.task) for task, change in zip(tasks, changes, strict=True)]
    Measure.objects.bulk_create(
        Measure(task_id=pk, number=m.number, text=m.text, is_numbered=m.is_numbered)
        for pk, content in pairs
        for m in content.measures
    )
    Assignment.objects.bulk_create(
        _assignment(pk, position, a)
        for pk, content in pairs
        for position, a in enumerate(content.assignments, start=1)
    )


def _fill(task: Task, content: TaskContent, sections: dict[str, Section]) -> None:
    task.section = sections.get(content.section)
    task.number, task.title, task.units_text = content.number, content.title, content.units_text
    task.is_active = True


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
    Measure.objects.bulk_create(added)


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
    Assignment.objects.bulk_create(added)


def _assignment(task_pk: int, position: int, content: AssignmentContent) -> Assignment:
    return Assignment(
        task_id=task_pk,
        unit_id=content.unit,
        role=content.role,
        role_is_assumed=content.is_assumed,
        position=position,
    )


def _old(change: TaskChange) -> TaskContent:
    if change.old is None:
        raise ValueError("An added task has no stored one.")
    return change.old
