"""Looks at the tree of units."""

from collections.abc import Iterable

from django.db.models import Count, Max, Q, QuerySet

from tasks_app.domain.access.queries import managed_units
from tasks_app.models import Unit, UnitAlias, User


def units_with_people(user: User) -> QuerySet[Unit]:
    """Return the units an admin looks after with `people_count` (active accounts) and their aliases."""
    return (
        managed_units(user)
        .annotate(people_count=Count("people", filter=Q(people__is_active=True)))
        .select_related("parent")
        .prefetch_related("aliases")
        .order_by("position", "code")  # a counted query forgets the model's own order
    )


def units_without_filler(user: User) -> QuerySet[Unit]:
    """Return the active units below the admin's own without an active 填报员: nobody to write to."""
    return (
        managed_units(user)
        .in_use()
        .filter(parent=user.unit_id)
        .exclude(pk__in=User.objects.in_use().fillers().values("unit"))
    )


def next_position(parent: Unit) -> int:
    """Return the position behind all units below `parent`."""
    last: int | None = Unit.objects.filter(parent=parent).aggregate(last=Max("position"))["last"]
    return (last or 0) + 1


def holders_of_names(names: Iterable[str]) -> dict[str, Unit]:
    """Return {name: unit} for those of `names` that some unit already has as its name or alias."""
    wanted = list(names)
    aliases = UnitAlias.objects.filter(name__in=wanted).select_related("unit")
    return {alias.name: alias.unit for alias in aliases} | {
        unit.name: unit for unit in Unit.objects.filter(name__in=wanted)
    }
