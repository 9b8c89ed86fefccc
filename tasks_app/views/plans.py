"""The year's table: the list of years, one table for reading, and what an admin may mend in it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from django_tables2 import RequestConfig

from tasks_app.domain.access.queries import visible_plans
from tasks_app.domain.access.rules import REPORTING_ROLES, Permission, may
from tasks_app.domain.plan.actions import PlanEditRefusedError
from tasks_app.domain.plan.actions import edit_task as edit
from tasks_app.domain.plan.queries import next_task, plan_table, with_figures
from tasks_app.forms.plans import TaskForm
from tasks_app.tables.plans import PlansTable

from .middleware import Request
from .permissions import requires


@require_safe
@requires(Permission.READ_PLAN)
def plans(request: Request) -> HttpResponse:
    """All years."""
    table = PlansTable(with_figures(visible_plans(request.user)))
    RequestConfig(request, paginate={"per_page": 50}).configure(table)
    context = {"table": table, "may_manage": may(request.user, Permission.MANAGE_PLAN)}
    return render(request, "plans/plans.html", context)


@require_safe
@requires(Permission.READ_PLAN)
def plan(request: Request, pk: int) -> HttpResponse:
    """One year's whole table; a unit finds its own tasks marked, and can look at these alone."""
    found = get_object_or_404(visible_plans(request.user).select_related("issuer"), pk=pk)
    own_unit = request.user.unit if request.user.role in REPORTING_ROLES else None
    only_own = own_unit is not None and "own" in request.GET
    context = {
        "plan": found,
        "table": plan_table(found, only_unit=own_unit if only_own else None),
        "own_unit": own_unit,
        "only_own": only_own,
        "may_manage": may(request.user, Permission.MANAGE_PLAN),
    }
    return render(request, "plans/plan.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_PLAN)
def edit_task(request: Request, pk: int, task_pk: int) -> HttpResponse:
    """Move a task to another section, confirm or change who leads."""
    found = get_object_or_404(visible_plans(request.user), pk=pk)
    task = get_object_or_404(found.tasks.select_related("section", "plan"), pk=task_pk, is_active=True)
    form = TaskForm(task, request.POST or None)
    following = next_task(task)
    if request.method == "POST" and form.is_valid():
        try:
            edit(
                task.pk,
                section=form.cleaned_data["section"],
                roles=form.roles(),
                by=request.user,
                at=request.now,
            )
        except PlanEditRefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已保存第{task.number}项任务。")
            if "next" in request.POST and following is not None:
                return redirect("task_edit", pk=found.pk, task_pk=following.pk)
            return redirect(f"{reverse('plan', args=[found.pk])}#task-{task.number}")
    counties = task.assignments.select_related("unit").exclude(
        pk__in=[a.pk for a in form.assignments.values()]
    )
    context = {"plan": found, "task": task, "form": form, "following": following, "counties": counties}
    return render(request, "plans/task.html", context)
