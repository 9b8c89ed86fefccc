"""Looks: the coordination requests that somebody may see, in their order and with their ages; what is open to whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import F, Prefetch, Q

from tasks_app.choices import MatterKind, MatterState
from tasks_app.clock import local_date
from tasks_app.domain.access.queries import visible_matters
from tasks_app.domain.access.rules import REPORTING_ROLES, Permission, may
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.domain.moves import MATTERS, Party
from tasks_app.models import Matter, Report, Step, Unit, User
from tasks_app.models.matter import MatterQuerySet
from tasks_app.models.unit import NAMED

from .rules import ANSWER_WORKING_DAYS, addressee_name, is_overdue, long_since
from .steps import parties_of_matter

# Addressed to the office itself, in the address of a list.
OFFICE = "office"

# What an entry shows of the matters that were asked from it: all that belongs to them are a hundred columns.
SHOWN_ON_ENTRY = (
    *("kind", "state", "text", "due_on", "asked_at", "asked_by__name", "plan__issuer", "plan__closed_at"),
    "task",
    *(
        *(f"addressee__{name}" for name in NAMED),
        "answer__text",
        "answer__at",
        "answer__by__name",
        "answer__by__unit__name",
        "ending__at",
    ),
)


@dataclass(frozen=True)
class Asked:
    """One matter and who is asked: `days` are the working days until its answer, or until today without one."""

    item: Matter
    addressee: str
    days: int
    is_overdue: bool

    @property
    def waits_long(self) -> bool:
        """Tell whether it has waited for an answer for more working days than one should take."""
        return self.awaits and self.item.plan.closed_at is None and self.days > ANSWER_WORKING_DAYS

    @property
    def awaits(self) -> bool:
        """Tell whether it waits for an answer."""
        return self.item.state == MatterState.OPEN


def visible_requests(user: User) -> MatterQuerySet:
    """Return the requests that the user's unit made or is to answer, handed on ones too; office and leaders all."""
    found = (
        visible_matters(user)
        .requests()
        .select_related("plan", "task", "unit", "asker", "addressee", "asked_by")
    )
    found = found.select_related("entry__task", "entry__report__unit", "entry__report__period__plan")
    found = found.select_related("parent__asker", "parent__asked_by", "answer__by__unit", "ending")
    return found if may(user, Permission.READ_OVERVIEW) or user.role in REPORTING_ROLES else found.none()


def listed_requests(user: User) -> MatterQuerySet:
    """Return what the list of requests shows: to the office each once, with the units to which it was handed on."""
    found = visible_requests(user)
    if user.role not in REPORTING_ROLES:
        found = found.coordinations()
    return found.prefetch_related(
        Prefetch("children", Matter.objects.select_related("addressee").order_by("pk"))
    )


def open_first(found: MatterQuerySet) -> MatterQuerySet:
    """Return `found` in the order in which they should be dealt with: unanswered, the oldest first, then the rest."""
    return found.order_by(
        F("ending__at").asc(nulls_first=True), F("answer__at").asc(nulls_first=True), "asked_at", "pk"
    )


def waiting_long(found: MatterQuerySet, today: date, calendar: WorkingCalendar) -> MatterQuerySet:
    """Return those of `found` that have waited for an answer for more working days than one should take."""
    return found.in_running_years().unanswered().asked_before(long_since(today, calendar))


def narrowed(
    found: MatterQuerySet,
    *,
    state: str = "",
    addressee: str = "",
    unit: Unit | None = None,
    cause: str = "",
) -> MatterQuerySet:
    """Narrow `found` to one MatterState, one addressee (OFFICE or a unit's number), one asking unit, one cause."""
    if cause:
        found = found.filter(cause=cause)
    if state:
        found = found.listed_as(state)
    if addressee == OFFICE:
        found = found.filter(addressee=F("plan__issuer"))
    elif addressee:
        found = found.filter(addressee=int(addressee))
    return found.filter(asker=unit) if unit is not None else found


def asked(found: Iterable[Matter], at: datetime) -> list[Asked]:
    """Return each of `found` with its age at `at`, in the same order; the calendar is asked for if there are any."""
    items = list(found)
    if not items:
        return []
    calendar, today = working_calendar(), local_date(at)
    return [_asked(item, calendar, today) for item in items]


def asked_on(report: Report, at: datetime, calendar: WorkingCalendar) -> dict[int, list[Asked]]:
    """Return {task id: what was asked from its entry, or apart from a report}, oldest first. One statement."""
    found: dict[int, list[Asked]] = {}
    apart = Q(entry=None, unit=report.unit_id, plan=report.period.plan_id)
    items = Matter.objects.coordinations().filter(Q(entry__report=report) | apart)
    items = items.select_related("plan", "addressee", "asked_by", "answer__by__unit", "ending")
    shown = items.only(*SHOWN_ON_ENTRY).order_by()
    for item in sorted(shown, key=lambda item: (item.asked_at, item.pk)):
        assert item.task_id is not None, "the database demands it"  # noqa: S101
        found.setdefault(item.task_id, []).append(_asked(item, calendar, local_date(at)))
    return found


def steps_of(item: Matter) -> list[Step]:
    """Return what happened to `item`, oldest first."""
    return list(item.steps.select_related("by__unit", "matter").order_by("at", "pk"))


def open_moves(user: User, item: Matter, today: date) -> frozenset[StrEnum]:
    """Return the moves that `user` can make with `item` on the day `today`."""
    return MATTERS[MatterKind(item.kind)].open_moves(item.state, parties_of_matter(user, item, today))


def is_asker(user: User, item: Matter, today: date) -> bool:
    """Tell whether `user` is of those who asked for `item`, on the day `today`."""
    return Party.ASKER in parties_of_matter(user, item, today)


def _asked(item: Matter, calendar: WorkingCalendar, today: date) -> Asked:
    end = item.answer or item.ending
    days = calendar.between(local_date(item.asked_at), local_date(end.at) if end else today)
    return Asked(item, addressee_name(item), days, is_overdue(item, today))
