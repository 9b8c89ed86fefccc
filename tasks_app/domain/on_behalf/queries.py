"""Looks: what the office is entering for units, what waits for its second person, for whom one could begin."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from tasks_app.choices import ReportState, Role
from tasks_app.clock import local_date
from tasks_app.domain.access.queries import people_of
from tasks_app.domain.reporting.queries import owed_reports
from tasks_app.domain.reporting.rules import EDITABLE_STATES
from tasks_app.models import Report, User


@dataclass(frozen=True)
class Entered:
    """What is under way: what the user enters, what waits for the user's confirmation, what others enter."""

    mine: list[Report]
    to_confirm: list[Report]
    of_others: list[Report]


def entered_reports(user: User) -> Entered:
    """Return what the office of `user` enters for units and has not submitted yet. One statement."""
    entered = Report.objects.being_entered().filter(period__plan__issuer=user.unit_id)
    found = entered.select_related("unit", "period__plan", "entered_by")
    sorted_out = Entered([], [], [])
    for report in found.order_by("due_on", "unit__position"):
        if report.entered_by_id == user.pk:
            sorted_out.mine.append(report)
        elif report.state == ReportState.SIGNING:
            sorted_out.to_confirm.append(report)
        else:
            sorted_out.of_others.append(report)
    return sorted_out


def submitted_for_units(user: User) -> QuerySet[Report]:
    """Return what was entered for units and submitted, newest first."""
    done = Report.objects.filed().filter(period__plan__issuer=user.unit_id, entered_by__isnull=False)
    found = done.select_related("unit", "period__plan", "entered_by", "submitted_by")
    return found.order_by("-submitted_at", "pk")


def reports_to_enter(user: User, at: datetime) -> QuerySet[Report]:
    """Return the reports that could be entered for their units: owed, not with a signer, period not closed."""
    reports = owed_reports(at).filter(
        period__plan__issuer=user.unit_id, entered_by__isnull=True, state__in=EDITABLE_STATES
    )
    return reports.order_by("due_on", "unit__position")


def has_second_person(user: User, at: datetime) -> bool:
    """Tell whether the office has somebody besides `user` who could confirm."""
    return people_of(user.unit, Role.OFFICE, on=local_date(at)).exclude(pk=user.pk).exists()
