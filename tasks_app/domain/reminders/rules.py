"""Decides: which matters have newly reached a rung, who is told of them, when and how often sending is tried."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from tasks_app.choices import MatterKind, ReportState, Role
from tasks_app.clock import SHANGHAI
from tasks_app.domain.calendar.rules import WorkingCalendar

from .ladder import OFFICE, OFFICE_KINDS, UNIT_ROLES, Height, Rung, default_rungs, reached

# Nobody is written to twice within this time, whatever the channel.
BETWEEN_TWO = timedelta(hours=24)
# Pauses after each failed attempt; the last one again and again, until about a day of trying has passed.
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
ATTEMPTS = 26
# A channel that has not answered for so long is left for the next one that reaches the person.
FALLS_AFTER = timedelta(minutes=30)
# A sender that has not reported back for so long has died; what it was just sending is uncertain.
CLAIM_ENDS = timedelta(minutes=10)

Ladders = Mapping[tuple[int, str], Sequence[Rung]]


class Matter(NamedTuple):
    """One thing that a unit owes, or that waits for the office: what the ladder and the words need of it.

    `thing` is the report's, notice's or correction's pk, 0 while its period is not open yet; `page` is the pk
    in its address. The ladder counts from `due_on`: a limit, or for what waits the day it came in.
    `unit_rung` and `office_rung` are the latest that the ledger holds for this limit.
    """

    kind: MatterKind
    plan: int
    issuer: int
    title: str
    since: date
    due_on: date
    closes_on: date | None
    thing: int
    page: int
    unit: int
    unit_name: str
    position: int
    state: str
    unit_rung: int | None = None
    office_rung: int | None = None

    def is_owed_on(self, day: date) -> bool:
        """Tell whether the matter is still to be done on `day`, which is today or later."""
        return self.since <= day and (self.closes_on is None or day <= self.closes_on)


class Due(NamedTuple):
    """A matter that the unit or the office is to be told of, at which rung and how many days from the limit."""

    matter: Matter
    rung: Rung
    offset: int
    to_office: bool = False

    @property
    def addressee(self) -> int:
        """The unit whose people are told."""
        return self.matter.issuer if self.to_office else self.matter.unit


@dataclass
class Heights:
    """How high matters stand on their ladders on one day; thousands of units share a handful of limits."""

    ladders: Ladders
    calendar: WorkingCalendar
    today: date

    def __post_init__(self) -> None:
        self._known: dict[tuple[object, ...], Height | None] = {}

    def of(self, matter: Matter, *, to_office: bool) -> Height | None:
        """Return where `matter` stands among the rungs that tell the office, or else the unit."""
        key = (matter.plan, matter.kind, matter.since, matter.due_on, to_office)
        try:
            return self._known[key]
        except KeyError:
            return self._known.setdefault(key, self._height(matter, to_office))

    def _height(self, matter: Matter, to_office: bool) -> Height | None:
        rungs = self.ladders.get((matter.plan, matter.kind)) or default_rungs(matter.kind)
        told = [rung for rung in rungs if (OFFICE in rung.tells if to_office else rung.tells & UNIT_ROLES)]
        return reached(told, self.calendar, matter.since, matter.due_on, self.today)


def newly_due(matters: Iterable[Matter], heights: Heights, told: Collection[int] = ()) -> list[Due]:
    """Return the matters that have reached a rung later than any in the ledger, each with that rung.

    `told` are the units that had their message of the day already: what is due waits until the next.
    Never goes back to an earlier rung, also when the calendar or the ladder was edited in between.
    """
    due = []
    for matter in matters:
        if matter.unit not in told and matter.kind not in OFFICE_KINDS:
            height = heights.of(matter, to_office=False)
            if height is not None and height.is_news_after(matter.unit_rung):
                due.append(Due(matter, *height))
        if matter.issuer not in told:
            height = heights.of(matter, to_office=True)
            if height is not None and height.is_news_after(matter.office_rung):
                due.append(Due(matter, *height, to_office=True))
    return due


def told_along(due: Iterable[Due], matters: Iterable[Matter], heights: Heights) -> list[Due]:
    """Return what else the messages of `due` tell of: what is repeated counts anew from then on.

    A message names all that is owed. Without this, matters with different limits would each have their own
    day of the week, and somebody with three of them three messages a week.
    """
    due = list(due)
    is_due = {(id(one.matter), one.to_office) for one in due}
    told = {(one.addressee, one.to_office) for one in due}
    along = []
    for matter in matters:
        for to_office, addressee, last in (
            (False, matter.unit, matter.unit_rung),
            (True, matter.issuer, matter.office_rung),
        ):
            if (addressee, to_office) in told and (id(matter), to_office) not in is_due and last is not None:
                height = heights.of(matter, to_office=to_office)
                if (
                    height is not None
                    and height.rung.repeat_every
                    and height.offset > last >= height.rung.offset
                ):
                    along.append(Due(matter, *height, to_office=to_office))
    return along


def roles_told(due: Iterable[Due]) -> frozenset[Role]:
    """Return who is told: as the rungs say, and while a report waits for the signer always the signer."""
    due = list(due)
    told = frozenset[Role]().union(*(one.rung.tells for one in due))
    if any(one.to_office for one in due):
        return told & {OFFICE}
    if any(one.matter.state == ReportState.SIGNING for one in due):
        told |= {Role.SIGNER}
    return told & UNIT_ROLES


def preferred_channel(due: Sequence[Due]) -> str:
    """Return the channel that the most urgent of several rungs asks for."""
    return max(due, key=lambda one: one.offset).rung.channel


def is_sending_time(calendar: WorkingCalendar, at: datetime) -> bool:
    """Tell whether messages may leave at the moment `at`: in office hours on a working day."""
    local = at.astimezone(SHANGHAI)
    return calendar.is_working_day(local.date()) and calendar.opens <= local.time() < calendar.closes


def pause_after(attempts: int) -> timedelta | None:
    """Return how long to wait after so many failed attempts; None when it is time to give up."""
    if attempts >= ATTEMPTS:
        return None
    return PAUSES[min(attempts, len(PAUSES)) - 1]
