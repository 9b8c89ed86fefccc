"""What waits for somebody: figures for the first page and for the menu, each a link, in one statement."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, DateTimeField, F, IntegerField, Min, Q, QuerySet, Value
from django.db.models.functions import Cast

from tasks_app.clock import local_date
from tasks_app.domain.access.rules import REPORTING_ROLES, Permission, may
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.domain.matters.queries import waiting_long
from tasks_app.models import (
    Delivery,
    Extension,
    GoodPractice,
    Matter,
    Plan,
    Report,
    StandIn,
    SupervisionNotice,
    User,
)
from tasks_app.models.report import ReportQuerySet
from tasks_app.models.unit import line_of


@dataclass(frozen=True)
class DeskFigure:
    """One figure: what it counts, the address (`name`, `query`), and the working days that the oldest has waited."""

    label: str
    number: int
    name: str
    query: str = ""
    late: int = 0
    days: int | None = None


# key: (what it counts, name of the address, its query), in the order shown
FIGURES = {
    "extensions": ("延期申请待批复", "extensions", ""),
    "long_requests": ("协调事项超过 5 个工作日未答复", "coordination", "?long=on"),
    "answered_instructions": ("批示已有答复，请您定", "instructions", "?state=answered"),
    "own_instructions": ("批示待答复", "instructions", "?state=open"),
    "office_instructions": ("领导批示请我办办理", "instructions", "?state=open&to_office=on"),
    "instructions": ("领导批示请本单位办理", "instructions", "?state=open"),
    "verified": ("牵头单位已核实，请核定", "verifications", "?state=answered"),
    "verifications": ("请本单位核实", "verifications", "?state=open"),
    "coordination": ("协调事项待答复", "coordination", "?state=open"),
    "replies": ("督查回复待审核", "notices", "?state=replied"),
    "corrections": ("约谈整改待核验", "interviews", "?state=correcting"),
    "practices": ("经验做法待处理", "practices_handling", ""),
    "years": ("年度到期，请核对未办结事项后办结", "plans", ""),
    "confirm": ("代填待复核", "on_behalf", ""),
    "entering": ("正在代填", "on_behalf", ""),
    "to_answer": ("协调事项请本单位答复", "coordination", "?side=addressed&state=open"),
    "answered": ("本单位提出的事项已有答复", "coordination", "?side=asked&state=answered"),
    "asked": ("本单位提出的事项待答复", "coordination", "?side=asked&state=open"),
    "standing_in": ("正在替岗", "stand_ins", ""),
}


def waiting_for(user: User, at: datetime, calendar: WorkingCalendar) -> list[DeskFigure]:
    """Return the figures for `user` that are not zero, by one statement."""
    today = local_date(at)
    if user.role in REPORTING_ROLES:
        parts = _of_unit(user, today)
    elif may(user, Permission.HANDLE_REQUESTS):
        parts = _of_office(user, today)
    elif may(user, Permission.INSTRUCT):
        parts = _of_leaders(user, today, calendar)
    else:
        return []
    parts.append(_count("standing_in", StandIn.objects.running(today).filter(user=user), "named_at"))
    rows = {row["key"]: row for row in parts[0].union(*parts[1:], all=True)}
    return [
        DeskFigure(
            label,
            rows[key]["number"],
            name,
            query,
            rows[key]["late"],
            calendar.between(local_date(oldest), today) if (oldest := rows[key]["oldest"]) else None,
        )
        for key, (label, name, query) in FIGURES.items()
        if key in rows and rows[key]["number"]
    ]


def counts_for(user: User, at: datetime) -> dict[str, int]:
    """Return {name of an address: how much waits there for `user` to do}, of what the menu counts.

    One statement, with the unread messages ("inbox"); none for whom nothing waits.
    """
    today = local_date(at)
    if user.role in REPORTING_ROLES:
        parts = _to_do_of_unit(user, at)
    elif may(user, Permission.HANDLE_REQUESTS):
        parts = _to_do_of_office(user, today)
    elif may(user, Permission.INSTRUCT):
        instructions = Matter.objects.instructions().answered().in_running_years()
        parts = [("instructions", instructions.filter(plan__issuer=user.unit_id))]
    else:
        return {}
    if may(user, Permission.READ_INBOX):
        parts.append(("inbox", Delivery.objects.in_inboxes().filter(user=user).unread()))
    counted = [
        found.order_by().annotate(page=Value(page)).values("page").annotate(number=Count("pk"))
        for page, found in parts
    ]
    rows = counted[0].union(*counted[1:], all=True)
    counts: Counter[str] = Counter()
    for row in rows:
        counts[row["page"]] += row["number"]
    return dict(counts)


def reports_waiting_for(user: User, at: datetime) -> ReportQuerySet:
    """Return the owed reports that wait for a signer, or for fillers: what their entry of the menu counts and opens."""
    owed = Report.objects.owed(at)
    return owed.signing() if may(user, Permission.SIGN_REPORT) else owed.being_filled()


def _to_do_of_unit(user: User, at: datetime) -> list[tuple[str, QuerySet[Any]]]:
    """Return what waits for somebody of a unit: (name of the page, what is counted there)."""
    reports = reports_waiting_for(user, at).filter(line_of(user.unit_id))
    put = Matter.objects.in_running_years().unanswered().filter(addressee=user.unit_id)
    notices = SupervisionNotice.objects.unanswered().in_running_years().filter(unit=user.unit_id)
    asked = Matter.objects.coordinations().in_running_years().filter(asker=user.unit_id)
    return [
        ("report_now", reports),
        ("coordination", put.requests()),
        ("coordination", asked.answered()),
        ("instructions", put.instructions()),
        ("verifications", put.verifications().on_top()),
        ("notices", notices),
        ("interviews", put.being_corrected()),
    ]


def _to_do_of_office(user: User, today: date) -> list[tuple[str, QuerySet[Any]]]:
    """Return what waits for the office: the reports, and of the desk's figures those it has to act on."""
    years = Plan.objects.running().filter(issuer=user.unit_id)
    waiting = _office_waiting(user, today)
    acted_on = ((FIGURES[key][1], found) for key, found in waiting.items() if key != "entering")
    return [("review_queue", Report.objects.submitted().filter(period__plan__in=years)), *acted_on]


def _office_waiting(user: User, today: date) -> dict[str, QuerySet[Any]]:
    """Return {key of a figure: what it counts} of the office, in no year that is settled."""
    years = Plan.objects.running().filter(issuer=user.unit_id)
    matters = Matter.objects.filter(plan__in=years)
    entered = Report.objects.being_entered().filter(period__plan__in=years)
    return {
        "years": years.filter(Q(ends_on__lt=today) | Q(ends_on=None, year__lt=today.year)),
        "extensions": Extension.objects.waiting().filter(report__period__plan__in=years),
        "office_instructions": matters.instructions().unanswered().for_the_office(),
        "verified": matters.verifications().on_top().answered(),
        "coordination": matters.coordinations().unanswered(),
        "replies": SupervisionNotice.objects.replied().filter(plan__in=years),
        "corrections": matters.corrections().answered(),
        "practices": GoodPractice.objects.waiting().filter(entry__report__period__plan__issuer=user.unit_id),
        "confirm": entered.signing().exclude(entered_by=user),
        "entering": entered.filter(entered_by=user),
    }


def _of_office(user: User, today: date) -> list[QuerySet[Any, dict[str, Any]]]:
    passed = Q(due_on__lt=today)
    times: dict[str, tuple[str, Q | None]] = {
        "extensions": ("asked_at", Q(report__due_on__lte=today)),
        "office_instructions": ("asked_at", passed),
        "verified": ("answer__at", None),
        "coordination": ("asked_at", passed),
        "replies": ("replied_at", None),
        "corrections": ("answer__at", None),
        "practices": ("proposed_at", None),
    }
    waiting = _office_waiting(user, today)
    return [_count(key, found, *times.get(key, ())) for key, found in waiting.items()]


def _of_leaders(user: User, today: date, calendar: WorkingCalendar) -> list[QuerySet[Any, dict[str, Any]]]:
    asked = Matter.objects.in_running_years().filter(plan__issuer=user.unit)
    instructions, requests = asked.instructions(), asked.coordinations()
    return [
        _count("long_requests", waiting_long(requests, today, calendar), "asked_at"),
        _count("answered_instructions", instructions.answered(), "answer__at"),
        _count("own_instructions", instructions.unanswered(), "asked_at", late=Q(due_on__lt=today)),
    ]


def _of_unit(user: User, today: date) -> list[QuerySet[Any, dict[str, Any]]]:
    asked = Matter.objects.coordinations().in_running_years()
    mine = asked.filter(asker=user.unit)
    late = Q(due_on__lt=today)
    put = Matter.objects.in_running_years().unanswered().filter(addressee=user.unit)
    instructions, verifications = put.instructions(), put.verifications().on_top()
    return [
        _count("instructions", instructions, "asked_at", late=late),
        _count("verifications", verifications, "asked_at", late=late),
        _count("to_answer", put.requests(), "asked_at", late=late),
        _count("answered", mine.answered()),
        _count("asked", mine.unanswered(), "asked_at", late=late),
    ]


def _count(
    key: str, found: QuerySet[Any], since: str = "", late: Q | None = None
) -> QuerySet[Any, dict[str, Any]]:
    """Return one row: `key`, how many, since when the oldest waits, how many are late."""
    no_time = Cast(Value(None), DateTimeField())
    rows = found.order_by().annotate(key=Value(key)).values("key")
    counted = rows.annotate(
        number=Count("pk"),
        oldest=Min(F(since)) if since else Min(no_time),
        late=Count("pk", filter=late) if late is not None else Cast(Value(0), IntegerField()),
    )
    return counted.values("key", "number", "oldest", "late")
