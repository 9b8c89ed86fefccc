"""The office's queue: what waits for review, what was returned and is not back, what is done."""

from collections.abc import Sequence
from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from tasks_app.domain.access.queries import issuer_of, reporting_units, visible_periods
from tasks_app.domain.access.rules import Permission
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.domain.history.queries import period_then
from tasks_app.domain.history.reviewing import queue_then
from tasks_app.domain.review import queries
from tasks_app.domain.standing.queries import filed_standings
from tasks_app.domain.standing.rules import UnitStanding
from tasks_app.forms.as_of import AsOf, read_as_of
from tasks_app.forms.review import QueueForm
from tasks_app.models import Report, ReportingPeriod

from .middleware import Request
from .permissions import requires

PAGE_SIZE = 30


@requires(Permission.REVIEW_REPORT)
def queue(request: Request) -> HttpResponse:
    """Show the queue with its ages; `?period=` and `?unit=` narrow it, `?as_of=` is a past moment."""
    as_of = read_as_of(request.GET.get("as_of", ""), now=request.now)
    periods = list(visible_periods(request.user).order_by("-plan__year", "due_on"))
    units = reporting_units(issuer_of(request.user)).order_by("position", "code")
    form = QueueForm(request.GET, periods, units, as_of)
    standing: dict[int, UnitStanding] = {}
    if as_of.is_past:
        found, accepted = _past(request, form, periods, as_of)
    else:
        calendar = working_calendar()
        found, accepted = _present(request, form, calendar)
        standing = _standing(found, request.now, calendar)
    context = {
        "form": form,
        "queue": found,
        "first": [(item, standing.get(item.report.pk)) for item in found.first],
        "again": [(item, standing.get(item.report.pk)) for item in found.again],
        "accepted": Paginator(accepted, PAGE_SIZE).get_page(request.GET.get("page")),
        "as_of": as_of,
        "period": _period_shown(form, as_of),
    }
    return render(request, "review/queue.html", context)


def _present(
    request: Request, form: QueueForm, calendar: WorkingCalendar
) -> tuple[queries.Queue, Sequence[Report] | QuerySet[Report]]:
    period, unit = form.period_chosen(), form.unit_chosen()
    waiting = queries.review_queue(request.user, request.now, period=period, unit=unit, calendar=calendar)
    return waiting, queries.accepted_reports(request.user, period=period, unit=unit)


def _standing(found: queries.Queue, at: datetime, calendar: WorkingCalendar) -> dict[int, UnitStanding]:
    """Return {report: where its tasks stand} of what waits for the office: what lags, differs, is in doubt."""
    waiting = [item.report for item in (*found.first, *found.again)]
    stands = filed_standings(waiting, at=at, calendar=calendar) if waiting else []
    return {unit.report.pk: unit for unit in stands}


def _past(
    request: Request, form: QueueForm, periods: list[ReportingPeriod], as_of: AsOf
) -> tuple[queries.Queue, Sequence[Report] | QuerySet[Report]]:
    if period := form.period_chosen():
        periods = [period]
    found = queue_then(request.user, periods, at=as_of.at, unit=form.unit_chosen())
    return found.queue, found.accepted


def _period_shown(form: QueueForm, as_of: AsOf) -> ReportingPeriod | None:
    """Return the period chosen as it was, so that the page can say that it had not been opened yet."""
    period = form.period_chosen()
    return period_then(period, at=as_of.at) if period and as_of.is_past else period
