"""The first page after log-in, by role."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from tasks_app.choices import Role
from tasks_app.domain.access.queries import managed_people, managed_units, visible_imports, visible_periods
from tasks_app.domain.access.rules import REPORTING_ROLES
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.escalation.queries import open_notices
from tasks_app.domain.interviews.queries import called, open_corrections
from tasks_app.views import lagging

from .middleware import Request
from .notice_moves import on_home
from .owed import owed


def home(request: Request) -> HttpResponse:
    """Show the unit what it owes, office and leaders the overview, admins their work, auditors the trail."""
    if request.user.role in REPORTING_ROLES:
        calendar = working_calendar()
        return owed(
            request,
            calendar,
            notices=[on_home(card) for card in open_notices(request.user, request.now, calendar)],
            corrections=open_corrections(request.user, request.now, calendar),
            called=called(request.user, request.now),
        )
    if request.user.role == Role.AUDITOR:
        return redirect("audit")
    if request.user.role == Role.ADMIN:
        return _administration(request)
    return lagging.overview(request)


def _administration(request: Request) -> HttpResponse:
    context = {
        "periods": visible_periods(request.user).order_by("due_on"),
        "imports": visible_imports(request.user)[:5],
        "units": managed_units(request.user).in_use().count(),
        "people": managed_people(request.user).in_use().count(),
    }
    return render(request, "home/administration.html", context)
