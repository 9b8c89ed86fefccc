"""Looks at stored plans: the list with its figures, and which task follows which."""

from django.db.models import Count, Q, QuerySet

from tasks_app.choices import AssignmentRole
from tasks_app.models import Plan, Task, Unit


def with_figures(plans: QuerySet[Plan]) -> QuerySet[Plan]:
    """Return `plans` with how many sections and tasks in use each has."""
    return plans.annotate(
        section_count=Count("sections", distinct=True),
        task_count=Count("tasks", filter=Q(tasks__is_active=True), distinct=True),
    )


def leading_units(task: Task) -> list[Unit]:
    """Return the units in use that lead in `task`, in the table's order."""
    leading = task.assignments.filter(role=AssignmentRole.LEAD, unit__is_active=True)
    return [given.unit for given in leading.select_related("unit").order_by("position", "pk")]


def next_task(task: Task) -> Task | None:
    """Return the task that follows `task` in its plan, None after the last."""
    return Task.objects.in_use().filter(plan=task.plan_id, number__gt=task.number).first()
