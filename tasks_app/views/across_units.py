"""One task across all units, so that their entries can be read against each other."""

from collections.abc import Sequence
from itertools import groupby

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from tasks_app.choices import UnitKind
from tasks_app.clock import local_date
from tasks_app.domain.access.queries import visible_periods, visible_plans
from tasks_app.domain.access.rules import Permission, may
from tasks_app.domain.history.queries import period_then
from tasks_app.domain.history.reviewing import entries_then
from tasks_app.domain.instructions import queries as instructions
from tasks_app.domain.plan.rules import opened_last
from tasks_app.domain.review.across import UnitEntry, entries_on
from tasks_app.forms.as_of import AsOf, moments_offered, read_as_of
from tasks_app.models import ReportingPeriod, Task

from .middleware import Request
from .permissions import requires

ENTRIES_PER_PAGE = 60


@requires(Permission.READ_REPORTS)
def task(request: Request, task_pk: int) -> HttpResponse:
    """Show every unit's entry on one task; `?period=` is one of the table's, by default the one opened last.

    `?as_of=` is a past moment.
    """
    as_of = read_as_of(request.GET.get("as_of", ""), now=request.now)
    tasks = Task.objects.filter(plan__in=visible_plans(request.user))
    task = get_object_or_404(tasks.select_related("plan").prefetch_related("measures"), pk=task_pk)
    periods = list(visible_periods(request.user).filter(plan=task.plan_id).order_by("due_on"))
    period = _period(periods, request.GET.get("period", ""), as_of)
    entries: list[UnitEntry] = []
    if period is not None and as_of.is_past:
        entries = entries_then(task, period, request.user, at=as_of.at)
        period = period_then(period, at=as_of.at)
    elif period is not None:
        entries = entries_on(task, period, request.user)
    page = Paginator(entries, ENTRIES_PER_PAGE).get_page(request.GET.get("page"))
    rows = [(None, task.pk), *((entry.report.unit_id, task.pk) for entry in page)]
    written = {} if as_of.is_past else instructions.on_rows(task.plan, rows, request.now)
    context = {
        "task": task,
        "may_instruct": may(request.user, Permission.INSTRUCT) and not as_of.is_past,
        "may_verify": may(request.user, Permission.REVIEW_REPORT) and not as_of.is_past,
        "on_task": written.get((None, task.pk), ()),
        "period": period,
        "periods": periods,
        "tasks": tasks.in_use().filter(plan=task.plan_id).only("number", "title").order_by("number"),
        "page": page,
        "kinds": [
            (
                UnitKind(kind).label,
                [(entry, written.get((entry.report.unit_id, task.pk), ())) for entry in of_kind],
            )
            for kind, of_kind in groupby(page, lambda entry: entry.report.unit.kind)
        ],
        "alike": sum(bool(entry.alike) for entry in entries),
        "total": len(entries),
        "expected": task.assignments.count(),
        "as_of": as_of,
        "quick": moments_offered(period, today=local_date(request.now)) if period else [],
    }
    return render(request, "review/task.html", context)


def _period(periods: Sequence[ReportingPeriod], asked: str, as_of: AsOf) -> ReportingPeriod | None:
    """Return the period asked for, else the one opened last (by the past moment); else the first to come.

    `periods` come in the order of their limits, which is that of the year.
    """
    if asked:
        found = next((period for period in periods if str(period.pk) == asked), None)
        if found is None:
            raise Http404
        return found
    opened = opened_last(periods, until=as_of.at if as_of.is_past else None)
    return opened or next(iter(periods), None)
