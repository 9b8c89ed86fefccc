"""Looks: everything that units owe and that waits for the office, with what the ledger holds of it, at once."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import DateField, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable

from tasks_app.clock import SHANGHAI, local_date
from tasks_app.models import Message, Reminder
from tasks_app.models.reminder import THINGS
from tasks_app.models.unit import lines_of

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


class ObligationRow(NamedTuple):
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


class Fact(NamedTuple):
    """What a letter must not be wrong about; the names of columns, too."""

    kind: str
    thing: int
    due_on: date | str
    unit: int
    state: str


COLUMNS = [f"c_{name}" for name in ObligationRow._fields]


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
    rows = _rows_of(_statement(local_date(at), len(units), len(issuers), with_told=False), units, issuers)
    return sorted(map(_obligation, rows), key=IN_ORDER)


def obligations_and_told(at: datetime, *, issuers: Collection[int] = ()) -> tuple[list[Obligation], set[int]]:
    """Return the same, and which units had their message of the day already, still by one statement."""
    rows = _rows_of(_statement(local_date(at), 0, len(issuers), with_told=True), (), issuers)
    told = {row.unit for row in rows if row.kind == TOLD}
    return sorted((_obligation(row) for row in rows if row.kind != TOLD), key=IN_ORDER), told


def are_still_owed(owed: Collection[Obligation], at: datetime) -> bool:
    """Tell whether each of `owed` is still owed at the moment `at`, by the same unit and in the same state.

    Asked by the same conditions, but of these rows of these kinds alone: quick enough for each letter.
    """
    if not owed:
        return True
    things: dict[str, list[int]] = {code: [] for code in KINDS}
    for one in owed:
        things[one.kind.code].append(one.thing)
    asked = {code: numbers for code, numbers in things.items() if numbers}
    statement = _check(local_date(at), tuple((code, len(numbers)) for code, numbers in asked.items()))
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, _filled_in(statement, chain.from_iterable(asked.values())))
        rows = map(Fact._make, cursor.fetchall())
        found = {row._replace(due_on=_as_date(row.due_on)) for row in rows}
    return {Fact(*one.key, one.unit, one.state) for one in owed} <= found


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


def _rows_of(statement: Statement, units: Collection[int], issuers: Collection[int]) -> list[ObligationRow]:
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, _filled_in(statement, (*units, *issuers)))
        return list(map(ObligationRow._make, cursor.fetchall()))


def _filled_in(statement: Statement, numbers: Iterable[int]) -> Sequence[Any]:
    marked = {FIRST_MARK + n: number for n, number in enumerate(numbers)}
    return [marked.get(value, value) for value in statement.values] if marked else statement.values


@lru_cache(maxsize=32)
def _statement(today: date, units: int, issuers: int, *, with_told: bool) -> Statement:
    """Return the statement for that many units and issuers, with marks where their numbers go; 0 and 0 is everybody.

    Making it costs as much as reading a thousand rows, and it is asked every twenty seconds and for each batch of
    letters. SQL and not a query, because Django would take longer to turn the rows over than the database to
    find them.
    """
    midnight = datetime.combine(today, time(), SHANGHAI)
    parts = [_part(kind, midnight) for kind in KINDS.values()]
    if units or issuers:
        marks = range(FIRST_MARK, FIRST_MARK + units + issuers)
        parts = [
            part.filter(_asked(kind, marks[:units], marks[units:]))
            for kind, part in zip(KINDS.values(), parts, strict=True)
        ]
    first, *others = (part.values_list(*COLUMNS) for part in (*parts, *([_told(today)] if with_told else ())))
    return Statement(*first.union(*others, all=True).query.sql_with_params())


@lru_cache(maxsize=32)
def _check(today: date, asked: tuple[tuple[str, int], ...]) -> Statement:
    """Return the statement that finds so many things of each kind if they are owed, with marks for their numbers."""
    midnight = datetime.combine(today, time(), SHANGHAI)
    parts, mark = [], FIRST_MARK
    for code, count in asked:
        kind = KINDS[code]
        columns = kind.all_columns()
        rows = kind.rows(midnight).filter(**{f"{kind.way}pk__in": range(mark, mark + count)}).order_by()
        facts = rows.annotate(**{f"c_{name}": columns[name] for name in Fact._fields})
        parts.append(facts.values_list(*(f"c_{name}" for name in Fact._fields)))
        mark += count
    return Statement(*parts[0].union(*parts[1:], all=True).query.sql_with_params())


def _asked(kind: Kind, units: Sequence[int], issuers: Sequence[int]) -> Q:
    """Return the condition that a row is owed by one of `units` or belongs to one of `issuers`.

    The unit that owes is worked out, and no index leads to it: its line is asked for too, and that one has.
    """
    of_units = lines_of(units, f"{kind.way}{kind.thing.unit}") & Q(c_unit__in=units)
    return of_units | Q(c_issuer__in=issuers) if issuers else of_units


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
    columns: dict[str, Combinable] = dict.fromkeys(ObligationRow._fields, no_number)
    columns |= {"kind": Value(TOLD), "unit": F("unit_id")}
    columns |= dict.fromkeys(["unit_name", "label", "colour", "state"], no_words)
    columns |= dict.fromkeys(["since", "due_on", "closes_on"], no_day)
    return _rows(Message.objects.of_the_day(today), columns)


def _rows(found: QuerySet[Any], columns: dict[str, Combinable]) -> QuerySet[Any]:
    return found.order_by().annotate(**{f"c_{name}": columns[name] for name in ObligationRow._fields})


def _latest_rung(kind: Kind, *, to_office: bool) -> Subquery:
    of_this_limit = Q(due_on=OuterRef("c_due_on"))
    if kind.begins_once:
        of_this_limit |= Q(rung=BEGINNING)
    ledger = Reminder.objects.filter(of_this_limit, kind=kind.code, to_office=to_office)
    ledger = ledger.filter(**{kind.thing.ledger_field: OuterRef("c_thing")})
    return Subquery(ledger.order_by("-rung").values("rung")[:1])


def _obligation(row: ObligationRow) -> Obligation:
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
