"""Looks: everything that units owe and that waits for the office, with what the ledger holds of it, at once."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, time
from functools import lru_cache
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import DateField, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import TruncDate

from tasks_app.choices import (
    ExtensionState,
    InterviewState,
    MatterKind,
    MatterState,
    NoticeColour,
    NoticeState,
    PeriodKind,
    ReportState,
    StepKind,
)
from tasks_app.clock import SHANGHAI, local_date
from tasks_app.domain.reporting.queries import is_owed, owed_reports
from tasks_app.models import (
    Extension,
    Interview,
    Message,
    Reminder,
    Report,
    Step,
    SupervisionNotice,
)
from tasks_app.models import Matter as StoredMatter

from .ladder import BEGINNING, OFFICE_KINDS, thing_of
from .rules import Matter

K = MatterKind
REPORT_PATHS = {
    "thing": "pk", "page": "pk", "unit": "unit_id", "unit_name": "unit__name", "position": "unit__position",
    "plan": "period__plan_id", "issuer": "period__plan__issuer_id", "year": "period__plan__year",
    "label": "period__kind", "state": "state", "closes_on": "period__closes_on",
}  # fmt: skip
REPORT = {name: F(path) for name, path in REPORT_PATHS.items()}
OF_REPORT = {name: F(f"report__{path}") for name, path in REPORT_PATHS.items()}
NOTICE = {
    "thing": F("pk"), "page": F("pk"), "unit": F("unit_id"), "unit_name": F("unit__name"),
    "position": F("unit__position"), "plan": F("plan_id"), "issuer": F("issuer_id"), "label": F("title"),
    "colour": F("colour"), "state": F("state"),
}  # fmt: skip
INTERVIEW_PATHS = {
    "page": "pk", "unit": "unit_id", "unit_name": "unit__name", "position": "unit__position", "plan": "plan_id",
    "issuer": "issuer_id", "label": "title",
}  # fmt: skip
INTERVIEW = {"thing": F("pk"), "state": F("state")} | {
    name: F(path) for name, path in INTERVIEW_PATHS.items()
}
CORRECTION = {"thing": F("pk"), "number": F("number")} | {
    name: F(f"interview__{path}") for name, path in INTERVIEW_PATHS.items()
}
# All parts of the union have these columns in this order; those a part does not name are empty.
# First what thousands of units have in common, then what each has of its own.
SHARED = ("kind", "plan", "issuer", "year", "number", "label", "colour", "since", "due_on", "closes_on")
OWN = ("thing", "page", "unit", "unit_name", "position", "state", "unit_rung", "office_rung")
COLUMNS = SHARED + OWN
# Beside the matters the union has a row for each unit that was told today.
TOLD, UNIT = "told", COLUMNS.index("unit")
IN_ORDER = attrgetter("position", "unit", "due_on", "thing")
Statement = tuple[str, tuple[Any, ...]]
EMPTY = {"year": Value(0), "number": Value(0), "colour": Value(""), "state": Value("")}


def matters(at: datetime, *, units: Collection[int] = (), issuers: Collection[int] = ()) -> list[Matter]:
    """Return what is owed at the moment `at`, in the order of units and limits, by one statement.

    With `units` or `issuers` only what one of these units owes or what belongs to one of these issuers.
    """
    return matters_and_told(at, units=units, issuers=issuers)[0]


def matters_and_told(
    at: datetime, *, units: Collection[int] = (), issuers: Collection[int] = ()
) -> tuple[list[Matter], set[int]]:
    """Return the same, and which units had their message of the day already, still by one statement."""
    today = local_date(at)
    sql, values = _union(today, units, issuers) if units or issuers else _whole_union(today)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    found = [_matter(row) for row in rows if row[0] != TOLD]
    found.sort(key=IN_ORDER)
    return found, {row[UNIT] for row in rows if row[0] == TOLD}


def still_to_do(message: OuterRef, at: datetime) -> Exists:
    """Return the condition that something of what `message` was about is still to be done at `at`.

    A limit that was moved meanwhile is another limit: it will have its own message.
    """
    is_owed_now = is_owed(at, "report__") & Q(report__unit__is_active=True)
    is_demanded = Q(correction__interview__state=InterviewState.CORRECTING, correction__ending__isnull=True)
    asked = Extension.objects.filter(report=OuterRef("report"), state=ExtensionState.ASKED)
    is_open = (
        Q(is_owed_now, matter__in=[K.FILING, K.RETURNED], report__due_on=F("due_on"))
        | Q(matter=K.SIGNING, report__state=ReportState.SIGNING)
        | Q(matter=K.REVIEW, report__state=ReportState.SUBMITTED)
        | Q(Exists(asked), matter=K.EXTENSION)
        | Q(matter=K.NOTICE, notice__state=NoticeState.HEARING, notice__objection_due_on=F("due_on"))
        | Q(
            matter=K.NOTICE,
            notice__state__in=[NoticeState.ISSUED, NoticeState.ACKNOWLEDGED],
            notice__reply_due_on=F("due_on"),
        )
        | Q(matter=K.REPLY, notice__state=NoticeState.REPLIED)
        | Q(
            matter=K.INTERVIEW,
            interview__state=InterviewState.NOTIFIED,
            interview__planned_at__date=F("due_on"),
            due_on__gte=local_date(at),
        )
        | Q(
            is_demanded,
            matter=K.CORRECTION,
            correction__state=MatterState.OPEN,
            correction__due_on=F("due_on"),
        )
        | Q(is_demanded, matter=K.VERIFYING, correction__state=MatterState.ANSWERED)
    )
    return Exists(Reminder.objects.filter(is_open, message=message))


@lru_cache(maxsize=4)
def _whole_union(today: date) -> Statement:
    """Return the statement for all units: making it costs as much as reading a thousand rows, and it is asked
    every twenty seconds."""
    return _union(today)


def _union(today: date, units: Collection[int] = (), issuers: Collection[int] = ()) -> Statement:
    """Return the SQL of all kinds of matters and of who was told on `today`, and the values for it.

    SQL and not a query, because Django would take longer to turn the rows over than the database to find them.
    """
    midnight = datetime.combine(today, time(), SHANGHAI)
    parts = [*_of_reports(midnight), *_of_escalation(midnight)]
    if units or issuers:
        parts = [part.filter(Q(m_unit__in=units) | Q(m_issuer__in=issuers)) for part in parts]
    first, *others = (part.values_list(*(f"m_{name}" for name in COLUMNS)) for part in [*parts, _told(today)])
    sql, values = first.union(*others, all=True).query.sql_with_params()
    return sql, tuple(values)


def _of_reports(at: datetime) -> Iterator[QuerySet[Any]]:
    owed = owed_reports(at).filter(unit__is_active=True).select_related(None)
    is_new = Q(returned_at__isnull=True)
    limit = {"due_on": F("due_on")}
    yield _rows(K.FILING, owed.filter(is_new), REPORT | limit | {"since": F("period__opens_on")})
    yield _rows(K.RETURNED, owed.filter(~is_new), REPORT | limit | {"since": _day("returned_at")})
    signing = owed.filter(state=ReportState.SIGNING, sign_requested_at__isnull=False)
    yield _rows(K.SIGNING, signing, REPORT | _since("sign_requested_at"))
    filed = Report.objects.filter(state=ReportState.SUBMITTED, unit__is_active=True)
    yield _rows(K.REVIEW, filed, REPORT | _since("submitted_at"))
    asked = Extension.objects.filter(state=ExtensionState.ASKED, report__in=owed.values("pk"))
    yield _rows(K.EXTENSION, asked, OF_REPORT | {"state": F("state")} | _since("asked_at"))


def _of_escalation(midnight: datetime) -> Iterator[QuerySet[Any]]:
    states = NoticeState
    objected = Step.objects.filter(notice=OuterRef("pk"), kind=StepKind.OBJECT)
    heard = SupervisionNotice.objects.filter(~Exists(objected), state=states.HEARING)
    limit = {"since": _day("drafted_at"), "due_on": F("objection_due_on")}
    yield _rows(K.NOTICE, heard, NOTICE | limit)
    numbered = NOTICE | {"year": F("year"), "number": F("number")}
    issued = SupervisionNotice.objects.filter(state__in=[states.ISSUED, states.ACKNOWLEDGED])
    limit = {"since": _day("issued_at"), "due_on": F("reply_due_on")}
    yield _rows(K.NOTICE, issued, numbered | limit)
    replied = SupervisionNotice.objects.filter(state=states.REPLIED)
    yield _rows(K.REPLY, replied, numbered | _since("replied_at"))
    called = Interview.objects.filter(state=InterviewState.NOTIFIED, planned_at__gte=midnight)
    limit = {"since": _day("proposed_at"), "due_on": _day("planned_at"), "closes_on": _day("planned_at")}
    yield _rows(K.INTERVIEW, called, INTERVIEW | limit)
    demanded = StoredMatter.objects.corrections().filter(interview__state=InterviewState.CORRECTING)
    limit = {"since": F("interview__held_on"), "due_on": F("due_on")}
    yield _rows(K.CORRECTION, demanded.unanswered(), CORRECTION | limit)
    yield _rows(K.VERIFYING, demanded.answered(), CORRECTION | _since("answer__at"))


def _rows(kind: MatterKind, things: QuerySet[Any], columns: dict[str, Any]) -> QuerySet[Any]:
    """Return `things` as rows of the union, each with the latest rungs that the ledger holds of it."""
    thing = thing_of(kind)
    nothing = Value(None, IntegerField())
    columns = EMPTY | columns | {"kind": Value(kind.value)}
    columns.setdefault("closes_on", Value(None, DateField()))
    columns |= {
        "unit_rung": nothing if kind in OFFICE_KINDS else _latest_rung(kind, thing, to_office=False),
        "office_rung": _latest_rung(kind, thing, to_office=True),
    }
    return things.order_by().annotate(**{f"m_{name}": columns[name] for name in COLUMNS})


def _told(today: date) -> QuerySet[Any]:
    """Return the units that had their message of the day as rows of the union, all but the unit empty."""
    no_number, no_words, no_day = Value(0), Value(""), Value(None, DateField())
    columns: dict[str, Any] = dict.fromkeys(COLUMNS, no_number) | {"kind": Value(TOLD), "unit": F("unit_id")}
    columns |= dict.fromkeys(["unit_name", "label", "colour", "state"], no_words)
    columns |= dict.fromkeys(["since", "due_on", "closes_on"], no_day)
    told = Message.objects.filter(day=today).order_by()
    return told.annotate(**{f"m_{name}": columns[name] for name in COLUMNS})


def _latest_rung(kind: MatterKind, thing: str, *, to_office: bool) -> Subquery:
    of_this_limit = Q(due_on=OuterRef("m_due_on"))
    if kind == K.FILING:  # a limit that was moved does not make the period open again
        of_this_limit |= Q(rung=BEGINNING)
    ledger = Reminder.objects.filter(of_this_limit, matter=kind, to_office=to_office)
    ledger = ledger.filter(**{thing: OuterRef("m_thing")})
    return Subquery(ledger.order_by("-rung").values("rung")[:1])


def _day(moment: str) -> TruncDate:
    return TruncDate(moment, tzinfo=SHANGHAI)


def _since(moment: str) -> dict[str, Any]:
    """What waits is counted from the day it came in."""
    return {"since": _day(moment), "due_on": _day(moment)}


def _matter(row: tuple[Any, ...]) -> Matter:
    return Matter._make(_shared(row[: len(SHARED)]) + row[len(SHARED) :])


@lru_cache(maxsize=4096)
def _shared(columns: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the first fields of a matter, kind to closes_on, from the columns SHARED."""
    kind, plan, issuer, year, number, label, colour, *days = columns
    title = matter_title(kind, year, number, label, colour)
    return (MatterKind(kind), plan, issuer, title, *map(_as_date, days))


def _as_date(day: date | str | None) -> date | None:
    """SQLite gives days as text."""
    return date.fromisoformat(day) if isinstance(day, str) else day


@lru_cache(maxsize=4096)
def matter_title(kind: str, year: int, number: int, label: str, colour: str = "") -> str:
    """Return what a matter is called in messages; `label` is the period's kind or the subject."""
    if colour:
        return f"{NoticeColour(colour).label}督查单{f'（〔{year}〕{number}号）' if number else '（拟发）'}：{label}"
    if kind == K.INTERVIEW:
        return f"提醒约谈：{label}"
    if thing_of(MatterKind(kind)) == "correction":
        return f"约谈整改事项{number}（{label}）"
    return f"{year}年{PeriodKind(label).label}填报"


def title_of(reminder: Reminder) -> str:
    """Return what the matter of a ledger row is called; its report's plan or its notice should be at hand."""
    if reminder.report is not None:
        period = reminder.report.period
        return matter_title(reminder.matter, period.plan.year, 0, period.kind)
    if reminder.notice is not None:
        notice = reminder.notice
        return matter_title(
            reminder.matter, notice.year or 0, notice.number or 0, notice.title, notice.colour
        )
    if reminder.interview is not None:
        return matter_title(reminder.matter, 0, 0, reminder.interview.title)
    correction = reminder.correction
    assert correction is not None and correction.interview is not None and correction.number is not None  # noqa: S101
    return matter_title(reminder.matter, 0, correction.number, correction.interview.title)
