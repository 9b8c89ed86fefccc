"""Looks: what the lists of 督查单 and of 约谈 have in common: who sees them, in which order, narrowed to what."""

from datetime import date
from typing import TypeVar

from django.db.models import Case, IntegerField, Model, Q, Value, When

from tasks_app.domain.access.rules import Permission, may
from tasks_app.models import Interview, SupervisionNotice, Unit, User
from tasks_app.models.interview import OPEN_STATES as OPEN_INTERVIEWS
from tasks_app.models.interview import InterviewQuerySet
from tasks_app.models.notice import OPEN_STATES as OPEN_NOTICES
from tasks_app.models.notice import NoticeQuerySet

from .steps import answerable

Papers = TypeVar("Papers", NoticeQuerySet, InterviewQuerySet)
# All that are not over, in the address of a list.
OPEN = "open"
OPEN_STATES: dict[type[Model], list[str]] = {
    SupervisionNotice: [*OPEN_NOTICES],
    Interview: [*OPEN_INTERVIEWS],
}
SINCE: dict[type[Model], str] = {SupervisionNotice: "-drafted_at", Interview: "-proposed_at"}


def visible(found: Papers, told: Q, user: User, today: date) -> Papers:
    """Return the city's for office and leaders; else those that `user` may answer and that its unit was `told` of."""
    seen = told & answerable(user, today)
    if may(user, Permission.READ_NOTICES):
        seen |= Q(issuer=user.unit)
    return found.filter(seen)


def in_order(found: Papers) -> Papers:
    """Return `found` with the open ones first, the newest first in each part."""
    is_open = When(state__in=OPEN_STATES[found.model], then=0)
    is_over = Case(is_open, default=Value(1), output_field=IntegerField())
    return found.order_by(is_over, SINCE[found.model], "-pk")


def narrowed(
    found: Papers,
    *,
    state: str = "",
    unit: Unit | None = None,
    year: int | None = None,
) -> Papers:
    """Narrow `found` to one state or all the OPEN ones, one unit, one year of the plan."""
    if state:
        found = found.open() if state == OPEN else found.filter(state=state)
    if unit is not None:
        found = found.filter(unit=unit)
    return found.filter(plan__year=year) if year else found


def years_of(found: Papers) -> list[int]:
    """Return the years of the plans that `found` belong to, the newest first."""
    return list(found.order_by("-plan__year").values_list("plan__year", flat=True).distinct())
