"""Looks: the matters that somebody may see, with their ages, by list and by entry."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Q, QuerySet

from tasks_app.choices import CoordinationState
from tasks_app.clock import local_date
from tasks_app.domain import audit
from tasks_app.domain.access.rules import REPORTING_ROLES, Permission, may
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.models import AuditEvent, Coordination, Report, Unit, User

from .rules import is_overdue, state_of

# Addressed to the office itself, in the address of a list.
OFFICE = "office"


@dataclass(frozen=True)
class Asked:
    """One matter: `days` are the working days until its answer, or until today while there is none."""

    item: Coordination
    state: CoordinationState
    days: int
    is_overdue: bool

    @property
    def awaits(self) -> bool:
        """Tell whether it waits for an answer."""
        return self.state == CoordinationState.AWAITING


def visible_coordinations(user: User) -> QuerySet[Coordination]:
    """Return what the user's unit asked or is asked; for the office all matters of the city."""
    found = Coordination.objects.select_related(
        "entry__task",
        "entry__report__unit",
        "entry__report__period__plan",
        "addressee",
        "asked_by",
        "answered_by__unit",
    )
    if user.role in REPORTING_ROLES:
        return found.filter(Q(entry__report__unit=user.unit) | Q(addressee=user.unit))
    if may(user, Permission.HANDLE_REQUESTS):
        return found.filter(entry__report__period__plan__issuer=user.unit)
    return found.none()


def open_first(found: QuerySet[Coordination]) -> QuerySet[Coordination]:
    """Return `found` in the order in which they should be dealt with: unanswered, the oldest first, then the rest."""
    return found.order_by(
        F("closed_at").asc(nulls_first=True), F("answered_at").asc(nulls_first=True), "asked_at", "pk"
    )


def narrowed(
    found: QuerySet[Coordination], *, state: str = "", addressee: str = "", unit: Unit | None = None
) -> QuerySet[Coordination]:
    """Narrow `found` to one CoordinationState, one addressee (OFFICE or a unit's number), one asking unit."""
    if state == CoordinationState.CLOSED:
        found = found.filter(closed_at__isnull=False)
    elif state:
        answered = state == CoordinationState.ANSWERED
        found = found.filter(closed_at__isnull=True, answered_at__isnull=not answered)
    if addressee == OFFICE:
        found = found.filter(addressee__isnull=True)
    elif addressee:
        found = found.filter(addressee=int(addressee))
    return found.filter(entry__report__unit=unit) if unit is not None else found


def asked(found: Iterable[Coordination], at: datetime) -> list[Asked]:
    """Return each of `found` with its age at `at`, in the same order."""
    calendar, today = working_calendar(), local_date(at)
    return [_asked(item, calendar, today) for item in found]


def asked_on(report: Report, at: datetime, calendar: WorkingCalendar) -> dict[int, list[Asked]]:
    """Return {task id: the matters asked from its entry}, oldest first. One statement."""
    found: dict[int, list[Asked]] = {}
    items = Coordination.objects.filter(entry__report=report).select_related(
        "entry", "addressee", "asked_by", "answered_by__unit"
    )
    for item in items.order_by("asked_at", "pk"):
        found.setdefault(item.entry.task_id, []).append(_asked(item, calendar, local_date(at)))
    return found


def steps_of(item: Coordination) -> QuerySet[AuditEvent]:
    """Return what happened to `item`, oldest first."""
    return audit.events_of(item).select_related("actor__unit")


def may_answer(user: User, item: Coordination) -> bool:
    """Tell whether it is for `user` to answer `item`: the unit that is addressed, or the office, which coordinates."""
    if user.role in REPORTING_ROLES:
        return item.addressee_id == user.unit_id
    return may(user, Permission.HANDLE_REQUESTS)


def _asked(item: Coordination, calendar: WorkingCalendar, today: date) -> Asked:
    end = item.answered_at or item.closed_at
    until = local_date(end) if end else today
    days = calendar.between(local_date(item.asked_at), until)
    return Asked(item, state_of(item), days, is_overdue(item, today))
