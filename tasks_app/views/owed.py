"""The first page of a unit: what it owes and until when, one card a report."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from tasks_app.choices import ReportState, Role
from tasks_app.clock import local_date
from tasks_app.domain.calendar.rules import WorkingCalendar, time_left
from tasks_app.domain.desk import waiting_for
from tasks_app.domain.moves import ReportMove
from tasks_app.domain.reporting import queries, rules
from tasks_app.models import AuditEvent, Report, User

from .middleware import Request


@dataclass(frozen=True)
class ReportCard:
    """One report as its unit finds it: how long is left, and the button for what comes next."""

    report: Report
    unsigned: AuditEvent | None  # the signer gave it back, and why
    lamp: str
    time_left: str
    owes: bool
    has_begun: bool
    button: str
    is_asked: bool  # the button leads to what the person is asked to do


def owed(request: Request, calendar: WorkingCalendar, **beside: Any) -> HttpResponse:
    """Show a unit what it owes and until when; `beside` is what else its first page shows."""
    today = local_date(request.now)
    reports = list(queries.reports_of(request.user.unit))
    unsigned = queries.unsigned(reports)
    context = {
        "cards": [
            _card(report, unsigned.get(report.pk), request.user, today, calendar) for report in reports
        ],
        "desk": waiting_for(request.user, request.now, calendar),
        "coming": queries.coming_periods(request.user.unit),
        "assignments": list(queries.assignments_of(request.user.unit)),
    }
    return render(request, "home/unit.html", context | beside)


def _card(
    report: Report, unsigned: AuditEvent | None, person: User, today: date, calendar: WorkingCalendar
) -> ReportCard:
    owes = report.state in rules.OWED_STATES and report.period.plan.closed_at is None
    button = _asked(report, person) if owes else ""
    return ReportCard(
        report=report,
        unsigned=unsigned,
        lamp=rules.report_lamp(report, today, calendar),
        time_left=time_left(report.due_on, today, calendar),
        owes=owes,
        has_begun=report.state != ReportState.DRAFT,
        button=button or "查看",
        is_asked=bool(button),
    )


def _asked(report: Report, person: User) -> str:
    """Return what `person` is asked to do with the report now, "" for nothing."""
    role = Role(person.role)
    if rules.may_move(ReportMove.SAVE, report.state, role, unit_has_signer=True):
        return "继续填报" if report.filled else "开始填报"  # type: ignore[attr-defined]
    if rules.may_move(ReportMove.REFUSE_SIGNATURE, report.state, role, unit_has_signer=True):
        return "去审签"
    return ""
