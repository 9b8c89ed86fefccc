"""What the pages of 督查单 and of 约谈 have in common: the list, and that a move which is never one's own is a 404."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django_tables2 import RequestConfig

from tasks_app.clock import local_date
from tasks_app.domain.access.queries import reporting_units
from tasks_app.domain.access.rules import Permission, may
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.matters import papers
from tasks_app.domain.moves import Party, Workflow

from .middleware import Request

PAGE_SIZE = 30


def draw_list(
    request: Request,
    template: str,
    visible: Any,
    *,
    form_class: Callable[..., Any],
    table_class: Callable[..., Any],
    narrow: Callable[..., Any],
    hidden: Sequence[str],
) -> HttpResponse:
    """List those of `visible` that the filter lets through, the open ones first; `hidden` columns are the office's."""
    reads_all = may(request.user, Permission.READ_NOTICES)
    units = reporting_units(request.user.unit).order_by("position", "code") if reads_all else None
    form = form_class(request.GET, units=units, years=papers.years_of(visible))
    found = papers.in_order(narrow(visible, **form.criteria()))
    exclude = () if reads_all else hidden
    today = local_date(request.now)
    table = table_class(found, calendar=working_calendar(), today=today, exclude=exclude)
    RequestConfig(request, paginate={"per_page": PAGE_SIZE}).configure(table)
    context = {"filter": form, "table": table, "escalates": may(request.user, Permission.ESCALATE)}
    return render(request, template, context)


def is_units(request: Request, workflow: Workflow, move: StrEnum) -> bool:
    """Tell whether `move` is the unit's; the office's is a 404 for everybody else."""
    if Party.UNIT in workflow.parties(move):
        return True
    if not may(request.user, Permission.ESCALATE):
        raise Http404
    return False
