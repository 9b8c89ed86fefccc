"""Looks: which good practice somebody may read, the published ones by search, what happened to one."""

from django.db.models import Count, Q, QuerySet

from tasks_app.choices import AuditAction, PracticeState
from tasks_app.domain import audit
from tasks_app.domain.access.queries import issuer_of
from tasks_app.domain.access.rules import REPORTING_ROLES, Permission, may
from tasks_app.models import AuditEvent, GoodPractice, Unit, User
from tasks_app.models.request import PracticeQuerySet


def visible_practices(user: User) -> PracticeQuerySet:
    """Return what was published in the city; besides it a unit's own, and for the office all that was put forward."""
    if not may(user, Permission.READ_PRACTICES):
        return GoodPractice.objects.none()
    found = GoodPractice.objects.filter(entry__report__period__plan__issuer=issuer_of(user)).select_related(
        "entry__task", "entry__report__unit", "entry__report__period__plan", "proposed_by", "decided_by"
    )
    if may(user, Permission.HANDLE_REQUESTS):
        return found
    seen = Q(state=PracticeState.PUBLISHED)
    return found.filter(seen | Q(entry__report__unit=user.unit) if user.role in REPORTING_ROLES else seen)


def published(
    user: User, *, text: str = "", year: int | None = None, unit: Unit | None = None
) -> QuerySet[GoodPractice]:
    """Return the published ones that hold every word of `text`, newest first; of one year, one unit if given."""
    found = visible_practices(user).published()
    for word in text.split():
        found = found.filter(
            Q(title__icontains=word) | Q(text__icontains=word) | Q(entry__report__unit__name__icontains=word)
        )
    if year is not None:
        found = found.filter(entry__report__period__plan__year=year)
    if unit is not None:
        found = found.filter(entry__report__unit=unit)
    return found.order_by("-decided_at", "pk")


def put_forward(user: User, state: str) -> QuerySet[GoodPractice]:
    """Return what was put forward and is in `state`, as the office deals with it: what waits, the oldest first."""
    found = visible_practices(user).filter(state=state)
    return found.order_by("proposed_at" if state == PracticeState.PROPOSED else "-decided_at", "pk")


def counts(user: User) -> list[tuple[str, str, int]]:
    """Return (state, its name, how many were put forward) for each state. One statement."""
    found = visible_practices(user).order_by().values("state").annotate(number=Count("pk"))
    numbers = dict(found.values_list("state", "number"))
    return [(state.value, state.label, numbers.get(state, 0)) for state in PracticeState]


def of_unit(user: User) -> QuerySet[GoodPractice]:
    """Return what the user's own unit put forward, newest first."""
    return visible_practices(user).filter(entry__report__unit=user.unit).order_by("-proposed_at", "pk")


def years_of(user: User) -> list[int]:
    """Return the years from which something was published, newest first."""
    years = visible_practices(user).published()
    return list(
        years.order_by("-entry__report__period__plan__year")
        .values_list("entry__report__period__plan__year", flat=True)
        .distinct()
    )


def steps_of(practice: GoodPractice) -> QuerySet[AuditEvent]:
    """Return what happened to `practice`, oldest first, with the office's words."""
    return audit.events_of(practice).filter(action=AuditAction.PRACTICE).select_related("actor__unit")
