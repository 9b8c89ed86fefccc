"""The office's call list, to read, to print and as a workbook."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tasks_app.clock import local_date
from tasks_app.domain.access.rules import Permission
from tasks_app.domain.reminders.calls import calls_to_make, export_calls

from .downloads import XLSX, download_of
from .middleware import Request
from .permissions import requires


@require_safe
@requires(Permission.SEND_REMINDER)
def calls(request: Request) -> HttpResponse:
    """Show which units to telephone, about what and whom."""
    context = {
        "calls": calls_to_make(request.user.unit, request.now),
        "today": local_date(request.now),
    }
    return render(request, "reminders/calls.html", context)


@require_safe
@requires(Permission.SEND_REMINDER)
def workbook(request: Request) -> HttpResponse:
    """Send the list as a workbook with a column for what was said."""
    name, content = export_calls(request.user.unit, by=request.user, at=request.now)
    return download_of(name, content, XLSX)
