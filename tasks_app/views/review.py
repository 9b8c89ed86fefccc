"""The office's queue: what waits for review, what was returned and is not back, what is done."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from tasks_app.domain.access.queries import issuer_of, reporting_units, visible_periods
from tasks_app.domain.access.rules import Permission
from tasks_app.domain.review import queries
from tasks_app.forms.review import QueueForm

from .middleware import Request
from .permissions import requires

PAGE_SIZE = 30


@requires(Permission.REVIEW_REPORT)
def queue(request: Request) -> HttpResponse:
    """Show the queue with its ages; `?period=` and `?unit=` narrow it."""
    periods = visible_periods(request.user).order_by("-plan__year", "due_on")
    units = reporting_units(issuer_of(request.user)).order_by("position", "code")
    form = QueueForm(request.GET, periods, units)
    period, unit = form.period_chosen(), form.unit_chosen()
    accepted = Paginator(queries.accepted_reports(request.user, period=period, unit=unit), PAGE_SIZE)
    context = {
        "form": form,
        "queue": queries.review_queue(request.user, request.now, period=period, unit=unit),
        "accepted": accepted.get_page(request.GET.get("page")),
    }
    return render(request, "review/queue.html", context)
