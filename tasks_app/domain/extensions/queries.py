"""Looks: the extensions of a report, and what the office has to decide with its age."""

from dataclasses import dataclass
from datetime import datetime

from tasks_app.clock import local_date
from tasks_app.domain.access.rules import REPORTING_ROLES, Permission, may
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.calendar.rules import time_left
from tasks_app.domain.reporting.rules import OWED_STATES
from tasks_app.models import Extension, Report, User
from tasks_app.models.request import ExtensionQuerySet


@dataclass(frozen=True)
class OpenExtension:
    """One that waits for the office: `days` are working days, `left` says how long until the limit in force."""

    extension: Extension
    days: int
    left: str
    is_pressing: bool  # the limit is today or over: if nothing is decided the unit is late

    @property
    def is_filed(self) -> bool:
        """Tell whether the unit has filed meanwhile, so that nothing is left to grant."""
        return self.extension.report.state not in OWED_STATES


def visible_extensions(user: User) -> ExtensionQuerySet:
    """Return the extensions of the user's own unit; for the office those of all units."""
    found = Extension.objects.select_related("report__unit", "report__period__plan", "asked_by", "decided_by")
    if user.role in REPORTING_ROLES:
        return found.filter(report__unit=user.unit)
    if may(user, Permission.HANDLE_REQUESTS):
        return found.filter(report__period__plan__issuer=user.unit)
    return found.none()


def extensions_of(report: Report) -> list[Extension]:
    """Return every extension of `report`, newest first. One statement."""
    found = report.extensions.select_related("asked_by", "decided_by").order_by()
    return sorted(found, key=lambda extension: (extension.asked_at, extension.pk), reverse=True)


def open_extensions(user: User, at: datetime) -> list[OpenExtension]:
    """Return what waits for a decision, the oldest first."""
    calendar, today = working_calendar(), local_date(at)
    return [
        OpenExtension(
            extension,
            days=calendar.between(local_date(extension.asked_at), today),
            left=time_left(extension.report.due_on, today, calendar),
            is_pressing=today >= extension.report.due_on,
        )
        for extension in visible_extensions(user).waiting().order_by("asked_at", "pk")
    ]


def decided_extensions(user: User) -> ExtensionQuerySet:
    """Return those decided or withdrawn, newest first."""
    return visible_extensions(user).decided().order_by("-decided_at", "-pk")
