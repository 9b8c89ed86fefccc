"""One task across all units, so that their entries can be read against each other."""

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from tasks_app.domain.access.queries import visible_periods, visible_plans
from tasks_app.domain.access.rules import Permission
from tasks_app.domain.review.across import entries_on
from tasks_app.models import ReportingPeriod, Task

from .middleware import Request
from .permissions import requires


@requires(Permission.READ_REPORTS)
def task(request: Request, task_pk: int) -> HttpResponse:
    """Show every unit's entry on one task; `?period=` is one of the table's, by default the one opened last."""
    tasks = Task.objects.filter(plan__in=visible_plans(request.user))
    task = get_object_or_404(tasks.select_related("plan", "section").prefetch_related("measures"), pk=task_pk)
    visible = visible_periods(request.user).filter(plan=task.plan)
    asked = request.GET.get("period", "")
    period: ReportingPeriod | None
    if asked:
        period = get_object_or_404(visible, pk=asked if asked.isdecimal() else 0)
    else:
        period = visible.order_by(F("opened_at").desc(nulls_last=True), "due_on").first()
    groups = entries_on(task, period, request.user) if period else []
    context = {
        "task": task,
        "period": period,
        "periods": visible.order_by("due_on"),
        "tasks": tasks.filter(plan=task.plan, is_active=True).order_by("number"),
        "groups": groups,
        "alike": [group for group in groups if group.is_alike],
        "total": sum(len(group.entries) for group in groups),
        "expected": task.assignments.count(),
    }
    return render(request, "review/task.html", context)
