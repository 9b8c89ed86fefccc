"""Looks: everything that units owe and that waits for the office, with what the ledger holds of it, at once."""

from collections.abc import Collection
from datetime import date, datetime, time
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import DateField, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable

from tasks_app.clock import SHANGHAI, local_date
from tasks_app.models import Message, Reminder
from tasks_app.models.reminder import THINGS

from .kinds import KINDS
from .kinds.kind import Kind
from .kinds.things import Name
from .rules import Key, Obligation, Terms
from .rungs import BEGINNING

# Beside the obligations the union has a row for each unit that was told today.
TOLD = "told"
IN_ORDER = attrgetter("position", "unit", "terms.due_on", "thing")
# Stand in a cached statement for the numbers of the units that are asked about; no row has such a number.
FIRST_MARK = -1_000_000_000


class Row(NamedTuple):
    """One row of the union; the names of its columns, in their order."""

    kind: str
    plan: int
    issuer: int
    year: int | None
    number: int | None
    label: str
    colour: str
    since: date | str
    due_on: date | str
    closes_on: date | str | None
    thing: int
    page: int
    unit: int
    unit_name: str
    position: int
    state: str
    unit_rung: int | None
    office_rung: int | None


COLUMNS = [f"c_{name}" for name in Row._fields]


class Statement(NamedTuple):
    """SQL with its values."""

    sql: str
    values: tuple[Any, ...]


def obligations(
    at: datetime, *, units: Collection[int] = (), issuers: Collection[int] = ()
) -> list[Obligation]:
    """Return what is owed at the moment `at`, in the order of units and limits, by one statement.

    With `units` or `issuers` only what one of these units owes or what belongs to one of these issuers.
    """
    return obligations_and_told(at, units=units, issuers=issuers)[0]


def obligations_and_told(
    at: datetime, *, units: Collection[int] = (), issuers: Collection[int] = ()
) -> tuple[list[Obligation], set[int]]:
    """Return the same, and which units had their message of the day already, still by one statement."""
    statement = _statement(local_date(at), len(units), len(issuers))
    marked = {FIRST_MARK + n: number for n, number in enumerate((*units, *issuers))}
    values = [marked.get(value, value) for value in statement.values] if marked else statement.values
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, values)
        rows = cursor.fetchall()
    found: list[Obligation] = []
    told: set[int] = set()
    for row in map(Row._make, rows):
        if row.kind == TOLD:
            told.add(row.unit)
        else:
            found.append(_obligation(row))
    found.sort(key=IN_ORDER)
    return found, told


def named(reminder: Reminder) -> str:
    """Return what a row of the ledger is about; its report's plan or its notice should be at hand."""
    return title(reminder.kind, KINDS[reminder.kind].thing.name_of(_thing(reminder)))


def key_of(reminder: Reminder) -> Key:
    """Return which obligation a row of the ledger is about; a limit that was moved meanwhile makes it another."""
    thing = getattr(reminder, f"{KINDS[reminder.kind].thing.ledger_field}_id")
    return Key(reminder.kind, thing, reminder.due_on)


@lru_cache(maxsize=4096)
def title(kind: str, name: Name) -> str:
    """Return what an obligation is called in messages."""
    return KINDS[kind].thing.title(name)


def _thing(reminder: Reminder) -> Any:
    return next(thing for field in THINGS if (thing := getattr(reminder, field)) is not None)


@lru_cache(maxsize=32)
def _statement(today: date, units: int, issuers: int) -> Statement:
    """Return the statement for that many units and issuers, with marks where their numbers go; 0 and 0 is everybody.

    Making it costs as much as reading a thousand rows, and it is asked every twenty seconds and before each
    letter. SQL and not a query, because Django would take longer to turn the rows over than the database to
    find them.
    """
    midnight = datetime.combine(today, time(), SHANGHAI)
    parts = [_part(kind, midnight) for kind in KINDS.values()]
    if units or issuers:
        marks = range(FIRST_MARK, FIRST_MARK + units + issuers)
        asked = Q(c_unit__in=marks[:units]) | Q(c_issuer__in=marks[units:])
        parts = [part.filter(asked) for part in parts]
    first, *others = (part.values_list(*COLUMNS) for part in [*parts, _told(today)])
    return Statement(*first.union(*others, all=True).query.sql_with_params())


def _part(kind: Kind, midnight: datetime) -> QuerySet[Any]:
    """Return what is owed of `kind` as rows of the union, each with the latest rungs that the ledger holds of it."""
    nothing = Value(None, IntegerField())
    columns = kind.all_columns() | {
        "unit_rung": nothing if kind.for_office else _latest_rung(kind, to_office=False),
        "office_rung": _latest_rung(kind, to_office=True),
    }
    return _rows(kind.rows(midnight), columns)


def _told(today: date) -> QuerySet[Any]:
    """Return the units that had their message of the day as rows of the union, all but the unit empty."""
    no_number, no_words, no_day = Value(0), Value(""), Value(None, DateField())
    columns: dict[str, Combinable] = dict.fromkeys(Row._fields, no_number)
    columns |= {"kind": Value(TOLD), "unit": F("unit_id")}
    columns |= dict.fromkeys(["unit_name", "label", "colour", "state"], no_words)
    columns |= dict.fromkeys(["since", "due_on", "closes_on"], no_day)
    return _rows(Message.objects.filter(day=today), columns)


def _rows(found: QuerySet[Any], columns: dict[str, Combinable]) -> QuerySet[Any]:
    return found.order_by().annotate(**{f"c_{name}": columns[name] for name in Row._fields})


def _latest_rung(kind: Kind, *, to_office: bool) -> Subquery:
    of_this_limit = Q(due_on=OuterRef("c_due_on"))
    if kind.begins_once:
        of_this_limit |= Q(rung=BEGINNING)
    ledger = Reminder.objects.filter(of_this_limit, kind=kind.code, to_office=to_office)
    ledger = ledger.filter(**{kind.thing.ledger_field: OuterRef("c_thing")})
    return Subquery(ledger.order_by("-rung").values("rung")[:1])


def _obligation(row: Row) -> Obligation:
    name = Name(row.year, row.number, row.label, row.colour)
    return Obligation(
        terms=_terms(row.kind, row.plan, row.issuer, name, row.since, row.due_on, row.closes_on),
        thing=row.thing,
        page=row.page,
        unit=row.unit,
        unit_name=row.unit_name,
        position=row.position,
        state=row.state,
        unit_rung=row.unit_rung,
        office_rung=row.office_rung,
    )


@lru_cache(maxsize=4096)
def _terms(
    kind: str,
    plan: int,
    issuer: int,
    name: Name,
    since: date | str,
    due_on: date | str,
    closes_on: date | str | None,
) -> Terms:
    """Return what thousands of units have in common, read once."""
    return Terms(
        KINDS[kind],
        plan,
        issuer,
        title(kind, name),
        _as_date(since),
        _as_date(due_on),
        _as_date(closes_on) if closes_on is not None else None,
    )


def _as_date(day: date | str) -> date:
    """SQLite gives days as text."""
    return date.fromisoformat(day) if isinstance(day, str) else day
