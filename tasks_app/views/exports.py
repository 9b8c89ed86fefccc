"""Workbooks to take away: one unit's form, the city's merged table."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from tasks_app.domain.access.queries import visible_periods, visible_reports
from tasks_app.domain.access.rules import Permission
from tasks_app.domain.exports import actions

from .middleware import Request
from .permissions import requires

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
P = Permission


@requires(P.FILL_REPORT, P.SIGN_REPORT, P.READ_REPORTS)
@require_safe
def report_workbook(request: Request, pk: int) -> HttpResponse:
    """Send one unit's filled form."""
    report = get_object_or_404(visible_reports(request.user), pk=pk)
    return _send(actions.export_report(report, by=request.user, at=request.now))


@requires(P.READ_OVERVIEW)
@require_safe
def period_workbook(request: Request, pk: int) -> HttpResponse:
    """Send the city's merged table of one period."""
    period = get_object_or_404(visible_periods(request.user).select_related("plan__issuer"), pk=pk)
    try:
        return _send(actions.export_period(period, by=request.user, at=request.now))
    except actions.NothingToExportError as error:
        messages.error(request, str(error))
        return redirect("matrix")


def _send(file: actions.ExportedFile) -> HttpResponse:
    response = HttpResponse(file.content, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, file.name)
    response["X-Content-Type-Options"] = "nosniff"
    return response
