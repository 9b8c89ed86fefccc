"""Workbooks to take away: one unit's form, the city's merged table."""

from functools import partial
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from tasks_app.clock import local_date
from tasks_app.domain.access.queries import own_reports, visible_periods, visible_reports
from tasks_app.domain.access.rules import Permission
from tasks_app.domain.exports import actions
from tasks_app.forms.as_of import read_as_of

from .downloads import XLSX, download_of
from .middleware import Request
from .moves import taken
from .permissions import requires


@requires(Permission.FILL_REPORT, Permission.SIGN_REPORT, Permission.READ_REPORTS)
@require_safe
def report_workbook(request: Request, pk: int) -> HttpResponse:
    """Send one unit's filled form."""
    own = own_reports(request.user, local_date(request.now)).filter(pk=pk).first()
    report = own or get_object_or_404(visible_reports(request.user), pk=pk)
    return _send(actions.export_report(report, own=own is not None, by=request.user, at=request.now))


@requires(Permission.READ_OVERVIEW)
@require_safe
def period_workbook(request: Request, pk: int) -> HttpResponse:
    """Send the city's merged table of one period, also as it was at a past moment."""
    period = get_object_or_404(visible_periods(request.user).select_related("plan__issuer"), pk=pk)
    as_of = read_as_of(request.GET.get("as_of", ""), now=request.now)
    if as_of.fault:  # a file that is not of the moment asked for would be taken for it
        query = urlencode({"period": pk, "as_of": request.GET["as_of"]})
        return redirect(f"{reverse('matrix')}?{query}")
    moment = as_of.at if as_of.is_past else None
    file, sentences = taken(request, None, partial(actions.export_period, as_of=moment), period)
    if sentences:
        messages.error(request, "".join(sentences))
        return redirect("matrix")
    return _send(file)


def _send(file: actions.ExportedFile) -> HttpResponse:
    return download_of(file.name, file.content, XLSX)
