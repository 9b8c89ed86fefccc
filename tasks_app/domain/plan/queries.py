"""Looks at stored plans: the list with its figures, and one whole table."""

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from tasks_app.choices import AssignmentRole
from tasks_app.models import Assignment, Measure, Plan, Section, Task, Unit


@dataclass(frozen=True, slots=True)
class TaskOfTable:
    """A task with its measures and, role by role, its units; roles without units are left out."""

    task: Task
    measures: list[Measure]
    units: list[tuple[str, list[Assignment]]]


@dataclass(frozen=True, slots=True)
class SectionOfTable:
    """A section with its tasks; `section` is None for the tasks that stand under none."""

    section: Section | None
    tasks: list[TaskOfTable]


@dataclass(frozen=True, slots=True)
class PlanTable:
    """A whole plan for reading, in the order of print."""

    sections: list[SectionOfTable]
    stopped: list[Task]
    figures: dict[str, int]
    assumed: int


def with_figures(plans: QuerySet[Plan]) -> QuerySet[Plan]:
    """Return `plans` with how many sections and tasks in use each has."""
    return plans.annotate(
        section_count=Count("sections", distinct=True),
        task_count=Count("tasks", filter=Q(tasks__is_active=True), distinct=True),
    )


def plan_table(plan: Plan, *, only_unit: Unit | None = None) -> PlanTable:
    """Return the table of `plan`, or what of it concerns `only_unit`, in a fixed number of statements."""
    found = plan.tasks.select_related("section")
    if only_unit is not None:
        found = found.filter(assignments__unit=only_unit)
    tasks = list(
        found.prefetch_related(
            Prefetch("measures", Measure.objects.order_by("number")),
            Prefetch("assignments", Assignment.objects.select_related("unit").order_by("position", "pk")),
        ).order_by("number", "pk")
    )
    active = [TaskOfTable(t, list(t.measures.all()), _units_by_role(t)) for t in tasks if t.is_active]
    blocks = [
        SectionOfTable(section, [t for t in active if t.task.section_id == section.pk])
        for section in plan.sections.order_by("position")
    ]
    blocks.insert(0, SectionOfTable(None, [t for t in active if t.task.section_id is None]))
    blocks = [block for block in blocks if block.tasks]
    assignments = [a for t in active for _, group in t.units for a in group]
    figures = {
        "工作任务": sum(block.section is not None for block in blocks),
        "主要目标要求": len(active),
        "细化措施": sum(len(t.measures) for t in active),
        "责任单位": len({a.unit_id for a in assignments}),
        "责任分工": len(assignments),
    }
    stopped = [task for task in tasks if not task.is_active]
    return PlanTable(blocks, stopped, figures, sum(a.role_is_assumed for a in assignments))


def next_task(task: Task) -> Task | None:
    """Return the task that follows `task` in its plan, None after the last."""
    return Task.objects.filter(plan=task.plan_id, is_active=True, number__gt=task.number).first()


def _units_by_role(task: Task) -> list[tuple[str, list[Assignment]]]:
    groups = [(role.label, [a for a in task.assignments.all() if a.role == role]) for role in AssignmentRole]
    return [(label, assignments) for label, assignments in groups if assignments]
