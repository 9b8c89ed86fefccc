"""Looks at stored plans: the list with its figures, and which task follows which."""

from django.db.models import Count, Q, QuerySet

from tasks_app.models import Plan, Task


def with_figures(plans: QuerySet[Plan]) -> QuerySet[Plan]:
    """Return `plans` with how many sections and tasks in use each has."""
    return plans.annotate(
        section_count=Count("sections", distinct=True),
        task_count=Count("tasks", filter=Q(tasks__is_active=True), distinct=True),
    )


def next_task(task: Task) -> Task | None:
    """Return the task that follows `task` in its plan, None after the last."""
    return Task.objects.in_use().filter(plan=task.plan_id, number__gt=task.number).first()
