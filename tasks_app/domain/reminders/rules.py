"""Decides: what has newly reached a rung, who is told of it, when and how often sending is tried."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from tasks_app.choices import ReportState, Role
from tasks_app.clock import SHANGHAI
from tasks_app.domain.calendar.rules import WorkingCalendar

from .kinds.kind import Kind
from .rungs import BEGINNING, OFFICE, UNIT_ROLES, Height, Rung, reached

# Nobody is written to twice within this time, whatever the channel.
BETWEEN_TWO = timedelta(hours=24)
# Pauses after each failed attempt; the last one again and again, until about a day of trying has passed.
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
ATTEMPTS = 26
# A channel that has not answered for so long is left for the next one that reaches the person.
FALLS_AFTER = timedelta(minutes=30)
# A sender that has not reported back for so long has died; what it was just sending is uncertain.
CLAIM_ENDS = timedelta(minutes=10)

# {(plan, code of a kind): its rungs in order}, where somebody set them.
Ladders = Mapping[tuple[int, str], Sequence[Rung]]


class Terms(NamedTuple):
    """What many obligations have in common: whatever is said of a period is said to thousands of units.

    The ladder counts from `due_on`: a limit, or for what waits the day it came in.
    """

    kind: Kind
    plan: int
    issuer: int
    title: str
    since: date
    due_on: date
    closes_on: date | None


class Key(NamedTuple):
    """Which obligation something is about, in the ledger too: a limit that is moved makes it another one."""

    kind: str
    thing: int
    due_on: date


class Obligation(NamedTuple):
    """One thing that a unit owes, or that waits for the office: what the ladder and the words need of it.

    `thing` is the number of the report, notice, interview or correction, 0 while its period is not open yet;
    `page` is the number in its address. `unit_rung` and `office_rung` are the latest that the ledger holds for
    this limit.
    """

    terms: Terms
    thing: int
    page: int
    unit: int
    unit_name: str
    position: int
    state: str
    unit_rung: int | None = None
    office_rung: int | None = None

    @property
    def kind(self) -> Kind:
        return self.terms.kind

    @property
    def issuer(self) -> int:
        return self.terms.issuer

    @property
    def title(self) -> str:
        return self.terms.title

    @property
    def due_on(self) -> date:
        return self.terms.due_on

    @property
    def key(self) -> Key:
        """Which obligation it is."""
        return Key(self.terms.kind.code, self.thing, self.terms.due_on)

    def is_owed_on(self, day: date) -> bool:
        """Tell whether it is still to be done on `day`, which is today or later."""
        terms = self.terms
        return terms.since <= day and (terms.closes_on is None or day <= terms.closes_on)

    def addressee(self, *, to_office: bool) -> int:
        """Return the unit whose people are told: the one that owes it, or the issuer, whose people are the office."""
        return self.terms.issuer if to_office else self.unit

    def last_rung(self, *, to_office: bool) -> int | None:
        """Return the latest rung at which the addressee was told of this limit."""
        return self.office_rung if to_office else self.unit_rung


class Due(NamedTuple):
    """What the unit or the office is to be told of, at which rung and how many days from the limit."""

    obligation: Obligation
    rung: Rung
    offset: int
    to_office: bool = False

    @property
    def addressee(self) -> int:
        """The unit whose people are told."""
        return self.obligation.addressee(to_office=self.to_office)

    @property
    def is_at_once(self) -> bool:
        """Tell whether it is told at once, beside the message of the day."""
        return self.obligation.kind.is_told_at_once and self.rung.offset == BEGINNING

    @property
    def telling(self) -> "Telling":
        """Whom it tells of what."""
        return Telling(self.obligation.unit, self.obligation.key, self.to_office)


class Telling(NamedTuple):
    """That the unit or the office is told of one obligation of a unit."""

    unit: int
    key: Key
    to_office: bool


@dataclass
class Heights:
    """How high obligations stand on their ladders on one day; thousands of units share a handful of limits."""

    ladders: Ladders
    calendar: WorkingCalendar
    today: date

    def __post_init__(self) -> None:
        self._known: dict[tuple[Terms, bool], Height | None] = {}

    def of(self, obligation: Obligation, *, to_office: bool) -> Height | None:
        """Return where `obligation` stands among the rungs that tell the office, or else the unit."""
        key = (obligation.terms, to_office)
        try:
            return self._known[key]
        except KeyError:
            return self._known.setdefault(key, self._height(obligation.terms, to_office))

    def _height(self, terms: Terms, to_office: bool) -> Height | None:
        rungs = self.ladders.get((terms.plan, terms.kind.code)) or terms.kind.rungs
        told = [rung for rung in rungs if (OFFICE in rung.tells if to_office else rung.tells & UNIT_ROLES)]
        return reached(told, self.calendar, terms.since, terms.due_on, self.today)


def newly_due(owed: Iterable[Obligation], heights: Heights, told: Collection[int] = ()) -> list[Due]:
    """Return what has reached a rung later than any in the ledger, each with that rung.

    `told` are the units that had their message of the day already: what is due waits until the next, but for
    what is told at once. Never goes back to an earlier rung, also when the calendar or the ladder was edited.
    """
    due = []
    for one in owed:
        for to_office in (True,) if one.kind.for_office else (False, True):
            waits = one.addressee(to_office=to_office) in told
            if waits and not one.kind.is_told_at_once:
                continue
            height = heights.of(one, to_office=to_office)
            if height is None or not height.is_news_after(one.last_rung(to_office=to_office)):
                continue
            news = Due(one, *height, to_office=to_office)
            if news.is_at_once or not waits:
                due.append(news)
    return due


def told_along(due: Iterable[Due], owed: Iterable[Obligation], heights: Heights) -> list[Due]:
    """Return what else the messages of `due` tell of: what is repeated counts anew from then on.

    A message names all that is owed. Without this, obligations with different limits would each have their own
    day of the week, and somebody with three of them three messages a week.
    """
    due = list(due)
    is_due = {one.telling for one in due}
    told = {(one.addressee, one.to_office) for one in due}
    along = []
    for one in owed:
        for to_office in (False, True):
            last = one.last_rung(to_office=to_office)
            if last is None or (one.addressee(to_office=to_office), to_office) not in told:
                continue
            height = heights.of(one, to_office=to_office)
            if (
                height is None
                or not height.rung.repeat_every
                or not height.offset > last >= height.rung.offset
            ):
                continue
            if Telling(one.unit, one.key, to_office) not in is_due:
                along.append(Due(one, *height, to_office=to_office))
    return along


def roles_told(due: Iterable[Due]) -> frozenset[Role]:
    """Return who is told: as the rungs say, and while a report waits for the signer always the signer."""
    due = list(due)
    told = frozenset[Role]().union(*(one.rung.tells for one in due))
    if any(one.to_office for one in due):
        return told & {OFFICE}
    if any(one.obligation.state == ReportState.SIGNING for one in due):
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
