"""Looks: who can be told for a unit on one day, and whom a unit may call."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from tasks_app.channels import address_for, configured_channels
from tasks_app.choices import Channel, Role
from tasks_app.domain.access.queries import reporting_units
from tasks_app.models import Assignment, StandIn, Unit, User

TOLD_ROLES = [Role.FILLER, Role.SIGNER, Role.OFFICE]


@dataclass(frozen=True)
class Recipient:
    """A person who will be told; `role` is the one in which, by office or by standing in (替岗)."""

    user: int
    name: str
    role: str
    email: str
    phone: str = ""

    def channels(self, preferred: str) -> list[tuple[Channel, str]]:
        """Return (channel, address) of the ways out that reach this person, the preferred one first."""
        ordered = sorted(configured_channels(), key=lambda channel: channel != preferred)
        ways = [(channel, address_for(channel, email=self.email, phone=self.phone)) for channel in ordered]
        return [(channel, address) for channel, address in ways if address]


People = dict[int, list[Recipient]]


def people_to_tell(units: Collection[int], today: date) -> People:
    """Return {unit: who may be told for it on the day `today`}, stand-ins included, by two statements."""
    people: People = defaultdict(list)
    found = User.objects.in_use().filter(unit__in=units, role__in=TOLD_ROLES).order_by("role", "username")
    for unit, pk, name, role, email, phone in found.values_list(
        "unit_id", "pk", "name", "role", "email", "phone"
    ):
        people[unit].append(Recipient(pk, name, role, email, phone))
    standing_in = StandIn.objects.running(today).in_use().filter(unit__in=units).order_by("pk")
    for unit, pk, name, role, email, phone in standing_in.values_list(
        "unit_id", "user_id", "user__name", "role", "user__email", "user__phone"
    ):
        if (stand_in := Recipient(pk, name, role, email, phone)) not in people[unit]:
            people[unit].append(stand_in)
    return people


def those_in(people: Iterable[Recipient], roles: Collection[str]) -> tuple[Recipient, ...]:
    """Return the people in one of `roles`, each person once."""
    return tuple({person.user: person for person in people if person.role in roles}.values())


def contact_of(people: Iterable[Recipient]) -> str:
    """Return whom units may call: the office's people with their telephones."""
    office = [f"{one.name} {one.phone}" for one in people if one.role == Role.OFFICE and one.phone]
    return f"{Role.OFFICE.label}（{'；'.join(office)}）" if office else Role.OFFICE.label


def telephones(people: Iterable[Recipient]) -> str:
    """Return a unit's own people with their telephones, for the office to call."""
    return "、".join(
        f"{one.name} {one.phone}".strip() for one in those_in(people, [Role.FILLER, Role.SIGNER])
    )


def with_tasks(units: QuerySet[Unit], today: date) -> QuerySet[Any]:
    """Return those of `units` that have tasks, each with `has_recipient`: whether somebody fills in for it."""
    fillers = User.objects.in_use().fillers().filter(unit=OuterRef("pk"))
    stand_ins = StandIn.objects.running(today).in_use().filter(unit=OuterRef("pk"), role=Role.FILLER)
    tasks = Assignment.objects.in_use().filter(unit=OuterRef("pk"))
    return (
        units.filter(Exists(tasks))
        .annotate(has_recipient=Exists(fillers) | Exists(stand_ins))
        .order_by("position")
    )


def units_without_recipient(issuer: Unit, today: date) -> QuerySet[Unit]:
    """Return the units below `issuer` that have tasks but nobody who fills in: nobody to write to."""
    return with_tasks(reporting_units(issuer), today).filter(has_recipient=False)
