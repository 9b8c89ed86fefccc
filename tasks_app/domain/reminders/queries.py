"""Looks: what is due now, what comes next, what was sent, who can be told."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery

from tasks_app.choices import Channel, DeliveryState, PeriodKind, ReportState, Role
from tasks_app.clock import local_date
from tasks_app.domain.access.queries import reporting_units
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.reporting.queries import owed_reports
from tasks_app.models import (
    Assignment,
    Delivery,
    Message,
    Plan,
    Reminder,
    ReminderRung,
    Report,
    ReportingPeriod,
    Unit,
    User,
)

from .rules import DEFAULT_LADDER, Due, OwedReport, Rung, is_sending_time, newly_due, roles_told
from .wording import Words, write_message

COMING_WORKING_DAYS = 10
S = DeliveryState
NO_WORDS = Words("", "")
DOUBTFUL = (S.UNCERTAIN, S.FAILED)


@dataclass(frozen=True)
class Recipient:
    """A person who will be told."""

    user: int
    name: str
    role: str
    email: str


@dataclass(frozen=True)
class Draft:
    """The message one unit is to get on one day; without recipients it cannot be sent (an alarm)."""

    unit: int
    unit_name: str
    day: date
    due: tuple[Due, ...]
    recipients: tuple[Recipient, ...]
    words: Words = NO_WORDS


def may_send_now(at: datetime) -> bool:
    """Tell whether `at` lies in the working hours of a working day."""
    return is_sending_time(working_calendar(), at)


def ladder_of(plan: Plan) -> list[Rung]:
    """Return the rungs of `plan` in order; the default ladder while nobody changed it."""
    return list(_ladders(plan.rungs.all()).get(plan.pk, DEFAULT_LADDER))


def due_messages(at: datetime) -> list[Draft]:
    """Return the messages due at `at` and not composed yet, in the order of the units.

    Derived from the state of the reports and the ledger alone: calendar, ladders and owed reports with
    their latest rung are one statement each, however many units there are; the people are a fourth.
    """
    today = local_date(at)
    calendar = working_calendar()
    ladders = _ladders(ReminderRung.objects.all())
    told = Message.objects.filter(unit=OuterRef("unit"), day=today)
    owed = _owed(owed_reports(at).filter(~Exists(told)))
    due = _by_unit(newly_due(owed, ladders, calendar, today))
    if not due:
        return []
    by_unit: dict[int, list[OwedReport]] = defaultdict(list)
    for report in owed:
        by_unit[report.unit].append(report)
    people = _people(due, {report.issuer for report in owed})
    drafts = []
    for unit, items in due.items():
        contact = _contact(people.get(items[0].owed.issuer, []))
        words = write_message(
            by_unit[unit], today=today, calendar=calendar, contact=contact, site_url=settings.SITE_URL
        )
        drafts.append(_draft(items, today, people, words))
    return drafts


def coming_messages(issuer: Unit, at: datetime) -> list[tuple[date, list[Draft]]]:
    """Return (day, messages) for the next ten working days, if nobody files anything in between.

    Worked out by the same rules as the real run, day after day; today counts while it is not over.
    """
    today = local_date(at)
    calendar = working_calendar()
    ladders = _ladders(ReminderRung.objects.filter(plan__issuer=issuer))
    owed = _owed(owed_reports(at).filter(period__plan__issuer=issuer)) + _expected(issuer, today)
    people = _people({report.unit for report in owed}, set())
    told = set(Message.objects.filter(day=today, unit__parent=issuer).values_list("unit_id", flat=True))
    first = calendar.add(today, -1) if calendar.is_working_day(today) else today
    result = []
    for n in range(1, COMING_WORKING_DAYS + 1):
        day = calendar.add(first, n)
        free = [
            report for report in owed if report.is_owed_on(day) and not (day == today and report.unit in told)
        ]
        due = newly_due(free, ladders, calendar, day)
        reached = {id(one.owed): one.rung for one in due}
        owed = [r._replace(last_rung=reached[id(r)]) if id(r) in reached else r for r in owed]
        result.append((day, [_draft(items, day, people) for items in _by_unit(due).values()]))
    return result


def contacts_of(issuers: Collection[int]) -> dict[int, str]:
    """Return {issuer: whom its units may call}."""
    people = _people([], issuers)
    return {issuer: _contact(people.get(issuer, [])) for issuer in issuers}


def units_without_recipient(issuer: Unit) -> QuerySet[Unit]:
    """Return the units below `issuer` that have tasks but no active filler: nobody to write to."""
    fillers = User.objects.filter(unit=OuterRef("pk"), role=Role.FILLER, is_active=True)
    tasks = Assignment.objects.filter(unit=OuterRef("pk"), task__is_active=True)
    return reporting_units(issuer).filter(Exists(tasks), ~Exists(fillers)).order_by("position")


def owed_by_units(units: Collection[int], at: datetime) -> dict[int, list[OwedReport]]:
    """Return {unit: all that it owes at `at`}."""
    owed: dict[int, list[OwedReport]] = defaultdict(list)
    for report in _owed(owed_reports(at).filter(unit__in=units)):
        owed[report.unit].append(report)
    return owed


def still_owed(message: OuterRef, at: datetime) -> Exists:
    """Return the condition that something of what `message` was about is owed at `at`.

    A limit that was moved meanwhile is another limit: it will have its own message.
    """
    return Exists(owed_reports(at).filter(reminders__message=message, reminders__due_on=F("due_on")))


def visible_messages(
    user: User, *, unit: Unit | None = None, state: str = "", day: date | None = None
) -> QuerySet[Message]:
    """Return the messages to the units below the user's own, newest first, ready for the ledger page.

    `state` is the outcome that at least one of a message's deliveries has.
    """
    messages = Message.objects.filter(unit__parent=user.unit_id)
    if unit:
        messages = messages.filter(unit=unit)
    if state:
        messages = messages.filter(Exists(Delivery.objects.filter(message=OuterRef("pk"), state=state)))
    if day:
        messages = messages.filter(day=day)
    return (
        messages.select_related("unit")
        .prefetch_related(
            Prefetch("reminders", Reminder.objects.select_related("report__period__plan").order_by("due_on")),
            Prefetch("deliveries", Delivery.objects.select_related("user").order_by("id")),
        )
        .order_by("-day", "unit__position")
    )


def visible_deliveries(user: User) -> QuerySet[Delivery]:
    """Return the deliveries of messages to the units below the user's own."""
    return Delivery.objects.filter(message__unit__parent=user.unit_id).select_related("message__unit", "user")


def doubtful_deliveries(user: User) -> QuerySet[Delivery]:
    """Return the deliveries that wait for a person's decision: perhaps sent, or failed."""
    return visible_deliveries(user).filter(state__in=DOUBTFUL).order_by("-id")


def reports_about(message: Message) -> QuerySet[Report]:
    """Return the reports that a message was sent for, as they are now."""
    return (
        Report.objects.filter(reminders__message=message)
        .select_related("period__plan")
        .order_by("period__due_on")
    )


def inbox_of(user: User) -> QuerySet[Delivery]:
    """Return the user's own in-app messages, newest first."""
    return (
        Delivery.objects.filter(user=user, channel=Channel.IN_APP, state=S.SENT)
        .select_related("message")
        .order_by("-message__day", "-id")
    )


def unread_count(user: User) -> int:
    """Return how many in-app messages the user has not read."""
    return inbox_of(user).filter(read_at__isnull=True).count()


def _ladders(rungs: QuerySet[ReminderRung]) -> dict[int, list[Rung]]:
    ladders: dict[int, list[Rung]] = defaultdict(list)
    for plan, offset, repeat_every in rungs.order_by("offset").values_list("plan", "offset", "repeat_every"):
        ladders[plan].append(Rung(offset, repeat_every))
    return ladders


def _owed(reports: QuerySet[Report]) -> list[OwedReport]:
    ledger = Reminder.objects.filter(report=OuterRef("pk"), due_on=OuterRef("due_on")).order_by("-rung")
    rows = reports.order_by("unit__position", "unit_id", "due_on").values_list(
        "pk", "unit_id", "unit__name", "period__plan_id", "period__plan__issuer_id", "period__plan__year",
        "period__kind", "state", "period__opens_on", "due_on", "period__closes_on",
        Subquery(ledger.values("rung")[:1]),
    )  # fmt: skip
    return [
        OwedReport(
            report, unit, name, plan, issuer, _period_words(year, kind), state, opens, due, closes, rung
        )
        for report, unit, name, plan, issuer, year, kind, state, opens, due, closes, rung in rows
    ]


def _expected(issuer: Unit, today: date) -> list[OwedReport]:
    """What units will owe in periods that open before the coming ten working days are over."""
    soon = today + timedelta(days=4 * COMING_WORKING_DAYS)
    opening = ReportingPeriod.objects.filter(
        plan__issuer=issuer, opened_at__isnull=True, opens_on__gt=today, opens_on__lte=soon
    )
    rows = (
        Assignment.objects.filter(task__is_active=True, unit__is_active=True, task__plan__periods__in=opening)
        .order_by("unit__position", "unit_id", "task__plan__periods__due_on")
        .values_list(
            "unit_id", "unit__name", "unit__position", "task__plan_id", "task__plan__year",
            "task__plan__periods__kind", "task__plan__periods__opens_on", "task__plan__periods__due_on",
            "task__plan__periods__closes_on",
        )
        .distinct()
    )  # fmt: skip
    return [
        OwedReport(
            0, unit, name, plan, issuer.pk, _period_words(year, kind), ReportState.DRAFT, opens, due, closes
        )
        for unit, name, _, plan, year, kind, opens, due, closes in rows
    ]


def _period_words(year: int, kind: str) -> str:
    return f"{year}年{PeriodKind(kind).label}"


def _by_unit(due: Iterable[Due]) -> dict[int, list[Due]]:
    grouped: dict[int, list[Due]] = defaultdict(list)
    for one in due:
        grouped[one.owed.unit].append(one)
    return grouped


def _people(units: Collection[int], issuers: Collection[int]) -> dict[int, list[User]]:
    people: dict[int, list[User]] = defaultdict(list)
    wanted = Q(unit__in=units, role__in=[Role.FILLER, Role.SIGNER]) | Q(unit__in=issuers, role=Role.OFFICE)
    for user in User.objects.filter(wanted, is_active=True).order_by("role", "username"):
        people[user.unit_id].append(user)
    return people


def _contact(people: Iterable[User]) -> str:
    office = [f"{user.name} {user.phone}" for user in people if user.role == Role.OFFICE and user.phone]
    return f"{Role.OFFICE.label}（{'；'.join(office)}）" if office else Role.OFFICE.label


def _draft(items: list[Due], day: date, people: dict[int, list[User]], words: Words = NO_WORDS) -> Draft:
    owed = items[0].owed
    roles = roles_told(items)
    recipients = tuple(
        Recipient(user.pk, user.name, user.role, user.email)
        for user in people.get(owed.unit, [])
        if user.role in roles
    )
    return Draft(owed.unit, owed.unit_name, day, tuple(items), recipients, words)
