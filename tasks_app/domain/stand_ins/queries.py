"""Looks: who stands in for whom, whom one may name, and what a stand-in has to do."""

from datetime import date

from django.db.models import Q, QuerySet

from tasks_app.choices import Role
from tasks_app.domain.access.queries import managed_units
from tasks_app.domain.access.rules import REPORTING_ROLES, Permission, may
from tasks_app.models import Report, StandIn, Unit, User


def visible_stand_ins(user: User) -> QuerySet[StandIn]:
    """Return the stand-ins of the user's own unit, for admins of all units below; for the office one's own."""
    found = StandIn.objects.select_related("unit", "user__unit", "named_by").order_by(
        "-until", "-since", "pk"
    )
    if user.role in REPORTING_ROLES:
        return found.filter(unit=user.unit)
    if may(user, Permission.NAME_STAND_IN):
        return found.filter(unit__in=managed_units(user))
    return found.filter(user=user)


def units_to_name_for(user: User) -> QuerySet[Unit]:
    """Return the units for which `user` may name a stand-in: an admin's, a signer's own, else none."""
    if not may(user, Permission.NAME_STAND_IN):
        return Unit.objects.none()
    units = Unit.objects.in_use()
    return (
        units.filter(pk=user.unit_id) if user.role in REPORTING_ROLES else units.filter(parent=user.unit_id)
    )


def people_to_name(user: User) -> QuerySet[User]:
    """Return whom `user` may name: a signer the own unit's people, an admin also those of the office."""
    if not may(user, Permission.NAME_STAND_IN):
        return User.objects.none()
    people = Q(unit__in=units_to_name_for(user), role__in=REPORTING_ROLES)
    if user.role not in REPORTING_ROLES:
        people |= Q(unit=user.unit_id, role=Role.OFFICE)
    return User.objects.in_use().filter(people).select_related("unit").order_by("unit__position", "username")


def reports_to_work_on(user: User, today: date) -> QuerySet[Report]:
    """Return the reports of other units on which `user` works as a stand-in on the day `today`, newest limit first."""
    units = StandIn.objects.running(today).filter(user=user).exclude(unit=user.unit_id).values("unit")
    reports = Report.objects.filter(unit__in=units, period__plan__issuer=user.unit_id)
    return reports.select_related("unit", "period__plan").order_by("-period__due_on", "unit__position")
