"""The year's table: the list of years, one table for reading, and what an admin may mend in it."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from django_tables2 import RequestConfig

from tasks_app.domain.access.queries import visible_plans
from tasks_app.domain.access.rules import REPORTING_ROLES, Permission, may
from tasks_app.domain.amendments.actions import change_units
from tasks_app.domain.amendments.queries import consequences
from tasks_app.domain.amendments.rules import Consequence, label_of
from tasks_app.domain.indicators.queries import open_indicators
from tasks_app.domain.moves import Refused
from tasks_app.domain.plan.actions import edit_task as edit
from tasks_app.domain.plan.predecessors import set_predecessor
from tasks_app.domain.plan.queries import next_task, with_figures
from tasks_app.domain.plan.table import page_of_task, plan_page
from tasks_app.domain.plan_import.queries import latest_import
from tasks_app.domain.reporting.actions import open_due_periods
from tasks_app.forms.plans import TaskForm
from tasks_app.forms.predecessors import PredecessorForm
from tasks_app.forms.task_units import TaskUnitsForm
from tasks_app.models import Plan, Task
from tasks_app.tables.plans import PlansTable

from .middleware import Request
from .permissions import requires

LONGEST_NUMBER = 6  # digits


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
    """One year's table, page by page; a unit finds its own tasks marked, and can look at these alone."""
    plan = get_object_or_404(visible_plans(request.user).select_related("issuer"), pk=pk)
    own_unit = request.user.unit if request.user.role in REPORTING_ROLES else None
    only_own = own_unit is not None and "own" in request.GET
    stopped = "stopped" in request.GET
    may_manage = may(request.user, Permission.MANAGE_PLAN)
    context = {
        "plan": plan,
        "table": plan_page(
            plan, _page(request, plan), only_unit=own_unit if only_own else None, stopped=stopped
        ),
        "own_unit": own_unit,
        "only_own": only_own,
        "stopped": stopped,
        "may_manage": may_manage,
        "may_close": may(request.user, Permission.CLOSE_YEAR),
        "may_set_ladder": may(request.user, Permission.SET_LADDER),
        "latest_import": latest_import(plan) if may_manage else None,
        "open_indicators": open_indicators(plan) if may_manage else 0,
    }
    return render(request, "plans/plan.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_PLAN)
def edit_task(request: Request, pk: int, task_pk: int) -> HttpResponse:
    """Move a task to another section, confirm or change who leads, say which of last year's it continues."""
    plan = get_object_or_404(visible_plans(request.user), pk=pk)
    tasks = plan.tasks.select_related("section", "plan", "predecessor")
    task = get_object_or_404(tasks.in_use(), pk=task_pk)
    form, years = TaskForm(task, request.POST or None), PredecessorForm(task, request.POST or None)
    following = next_task(task)
    if request.method == "POST" and form.is_valid() and years.is_valid():
        try:
            _save_task(request, task, form, years)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已保存第{task.number}项任务。")
            if "next" in request.POST and following is not None:
                return redirect("task_edit", pk=plan.pk, task_pk=following.pk)
            return redirect(_address(tasks.get(pk=task.pk)))
    counties = task.assignments.select_related("unit").exclude(
        pk__in=[a.pk for a in form.assignments.values()]
    )
    context = {
        "plan": plan,
        "task": task,
        "form": form,
        "duties": [form[name] for name in form.assignments],
        "years": years,
        "following": following,
        "counties": counties,
        "back": _address(task),
    }
    return render(request, "plans/task.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_PLAN)
def edit_units(request: Request, pk: int, task_pk: int) -> HttpResponse:
    """Give a task to other units, by a document; what becomes of reports that are in is said and confirmed first."""
    plan = get_object_or_404(visible_plans(request.user), pk=pk)
    task = get_object_or_404(plan.tasks.in_use().select_related("plan", "section"), pk=task_pk)
    form = TaskUnitsForm(task, request.POST or None)
    expected: list[Consequence] = []
    if request.method == "POST" and form.is_valid():
        new = {unit: [label_of(task)] for unit in form.added()}
        expected = consequences(plan, new, at=request.now)
        if "confirmed" in request.POST or not any(each.comes_back for each in expected):
            try:
                basis = form.cleaned_data["basis"]
                change_units(task.pk, form.roles(), basis=basis, by=request.user, at=request.now)
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                open_due_periods(at=request.now, by=request.user)
                messages.success(request, f"已保存第{task.number}项任务的责任单位。")
                return redirect(_address(task))
    context = {"plan": plan, "task": task, "form": form, "expected": expected, "back": _address(task)}
    return render(request, "plans/task_units.html", context)


def _page(request: Request, plan: Plan) -> str | int | None:
    """Return the page that the address asks for, by its own number or by that of a task."""
    number = request.GET.get("task", "")
    if number.isdecimal() and len(number) < LONGEST_NUMBER:
        task = plan.tasks.in_use().filter(number=int(number)).select_related("section").first()
        return page_of_task(task) if task else 1
    return request.GET.get("page")


def _save_task(request: Request, task: Task, form: TaskForm, years: PredecessorForm) -> None:
    """Save both forms or neither."""
    with transaction.atomic():
        edit(
            task.pk,
            section=form.cleaned_data["section"],
            roles=form.roles(),
            by=request.user,
            at=request.now,
        )
        if years.fields:
            set_predecessor(task.pk, years.predecessor(), by=request.user, at=request.now)


def _address(task: Task) -> str:
    """Return where a task stands on the page of its plan."""
    page = page_of_task(task)
    query = f"?page={page}" if page > 1 else ""
    return f"{reverse('plan', args=[task.plan_id])}{query}#task-{task.number}"
