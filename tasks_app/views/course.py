"""The course of one task of one unit through the periods and years (历程)."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from tasks_app.domain.access.queries import visible_reports
from tasks_app.domain.access.rules import Permission, may
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.lagging.deeds import deeds_on
from tasks_app.domain.lagging.trail import trail
from tasks_app.models import Task

from .middleware import Request
from .permissions import requires


@requires(Permission.READ_REPORTS, Permission.FILL_REPORT, Permission.SIGN_REPORT)
def course(request: Request, pk: int, task_pk: int) -> HttpResponse:
    """Show how the unit of a report stood in one of its tasks, period after period; a unit sees its own."""
    report = get_object_or_404(visible_reports(request.user), pk=pk)
    tasks = Task.objects.filter(entries__report=report).select_related("plan")
    task = get_object_or_404(tasks, pk=task_pk)
    reads_all = may(request.user, Permission.READ_REPORTS)
    row = (report.unit_id, task.pk)
    periods = task.plan.periods.values_list("pk", flat=True)
    drafts = may(request.user, Permission.ESCALATE)
    deeds = deeds_on(task.plan, list(periods), {row}, drafts=drafts) if reads_all else {}
    context = {
        "report": report,
        "task": task,
        "chapters": trail(report, task, at=request.now, calendar=working_calendar()),
        # What the office considers and has not told the unit stays with the office.
        "deeds": deeds.get(row, []),
        "back": "review_report" if reads_all else "report",
    }
    return render(request, "lagging/course.html", context)
