"""Looks: what is due now, what comes next, what was sent."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from tasks_app.choices import Channel, ReportState, Role
from tasks_app.clock import local_date
from tasks_app.domain.access.queries import managed_units
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.calendar.rules import WorkingCalendar
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
from tasks_app.models.reminder import DeliveryQuerySet

from .kinds import filing
from .kinds.kind import Kind
from .kinds.things import Name
from .obligations import obligations_and_told, title
from .people import People, Recipient, contact_of, people_to_tell, telephones, those_in
from .rules import (
    Due,
    Heights,
    Ladders,
    Obligation,
    Telling,
    Terms,
    is_sending_time,
    newly_due,
    preferred_channel,
    roles_told,
    told_along,
)
from .rungs import Height, Rung
from .wording import Words, write_message, write_office_message

COMING_WORKING_DAYS = 10
NO_WORDS = Words("", "")


@dataclass(frozen=True)
class Draft:
    """The message one unit is to get on one day; without recipients it cannot be sent (an alarm).

    `channel` is the one to try first. The office's own message is that of the issuing unit. `along` is what
    the message tells of besides what is due. What is told at once stands in a message of its own.
    """

    unit: int
    unit_name: str
    day: date
    due: tuple[Due, ...]
    recipients: tuple[Recipient, ...]
    channel: str
    along: tuple[Due, ...] = ()
    words: Words = NO_WORDS
    is_at_once: bool = False


def may_send_now(at: datetime) -> bool:
    """Tell whether `at` lies in the working hours of a working day."""
    return is_sending_time(working_calendar(), at)


def ladder_of(plan: Plan, kind: Kind) -> list[Rung]:
    """Return the rungs of `kind` in the ladder of `plan` in order; the default ones where nobody changed them."""
    ladders = ladders_of(plan.rungs.filter(kind=kind.code))
    return list(ladders.get((plan.pk, kind.code)) or kind.rungs)


def ladders_of(rungs: QuerySet[ReminderRung]) -> Ladders:
    """Return {(plan, code of a kind): its rungs in order} of those that somebody set."""
    ladders: dict[tuple[int, str], list[Rung]] = defaultdict(list)
    for rung in rungs.order_by("offset"):
        ladders[rung.plan_id, rung.kind].append(
            Rung(rung.offset, rung.repeat_every, told_by(rung), Channel(rung.channel), rung.words)
        )
    return ladders


def due_now(at: datetime) -> tuple[list[Due], list[Obligation], Heights]:
    """Return what has newly reached a rung at `at`, all that is owed, and how high everything stands.

    Derived from what is stored and the ledger alone by three statements, however many units there are:
    calendar, ladders, and all obligations with their latest rungs.
    """
    heights = Heights(ladders_of(ReminderRung.objects.all()), working_calendar(), local_date(at))
    owed, told = obligations_and_told(at)
    return newly_due(owed, heights, told), owed, heights


def due_messages(at: datetime) -> list[Draft]:
    """Return the messages due at `at` and not composed yet, in the order of the units, the office's last."""
    due, owed, heights = due_now(at)
    if not due:
        return []
    told = {one.addressee for one in due} | {one.obligation.issuer for one in due}
    people = people_to_tell(told | {one.obligation.unit for one in due if one.to_office}, heights.today)
    return _drafts(due, owed, heights, people)


def coming_messages(issuer: Unit, at: datetime, calendar: WorkingCalendar) -> list[tuple[date, list[Draft]]]:
    """Return (day, messages) for the next ten working days, if nobody does anything in between.

    Worked out by the same rules as the real run, day after day; today counts while it is not over.
    """
    today = local_date(at)
    ladders = ladders_of(ReminderRung.objects.filter(plan__issuer=issuer))
    owed, told = obligations_and_told(at, issuers=[issuer.pk])
    owed += _expected(issuer, today)
    people = people_to_tell({one.unit for one in owed} | {issuer.pk}, today)
    first = calendar.add(today, -1) if calendar.is_working_day(today) else today
    result = []
    for n in range(1, COMING_WORKING_DAYS + 1):
        day = calendar.add(first, n)
        heights = Heights(ladders, calendar, day)
        due = newly_due([one for one in owed if one.is_owed_on(day)], heights, told if day == today else ())
        result.append((day, _drafts(due, [], heights, people)))
        owed = _told(owed, [*due, *told_along(due, owed, heights)])
    return result


def owed_by(unit: int, owed: Iterable[Obligation]) -> list[Obligation]:
    """Return what `unit` itself is to do of all that is `owed`."""
    return [one for one in owed if one.unit == unit and not one.kind.for_office]


def words_for(unit: int, owed: Sequence[Obligation], heights: Heights, people: People) -> Words | None:
    """Return what the message to `unit` says by what is `owed` now; None when nothing is to be said to it.

    To a unit all that it owes; to an issuing unit, whose people are the office, what waits for the office.
    """
    own = owed_by(unit, owed)
    if own:
        with_report = {one.thing: one for one in own if one.kind.is_told_with_report}

        def words_of(one: Obligation) -> str:
            """A report that waits for its signer is told with the words for that, if there are any."""
            height = heights.of(one, to_office=False)
            if one.kind.is_filing and one.thing in with_report:
                return _words_of(heights.of(with_report[one.thing], to_office=False)) or _words_of(height)
            return _words_of(height)

        return write_message(
            own,
            today=heights.today,
            calendar=heights.calendar,
            contact=contact_of(people.get(own[0].issuer, [])),
            site_url=settings.SITE_URL,
            words_of=words_of,
        )
    waiting = [one for one in owed if one.issuer == unit and heights.of(one, to_office=True) is not None]
    if not waiting:
        return None
    return write_office_message(
        waiting,
        today=heights.today,
        calendar=heights.calendar,
        phones={one.unit: telephones(people.get(one.unit, [])) for one in waiting},
        site_url=settings.SITE_URL,
        words_of=lambda one: _words_of(heights.of(one, to_office=True)),
    )


def visible_messages(
    user: User, *, unit: Unit | None = None, state: str = "", day: date | None = None
) -> QuerySet[Message]:
    """Return the messages to the user's own unit and those below it, newest first, ready for the ledger page.

    `state` is the outcome that at least one of a message's deliveries has.
    """
    messages = Message.objects.filter(unit__in=managed_units(user))
    if unit:
        messages = messages.filter(unit=unit)
    if state:
        messages = messages.filter(Exists(Delivery.objects.filter(message=OuterRef("pk"), state=state)))
    if day:
        messages = messages.filter(day=day)
    return (
        messages.select_related("unit")
        .prefetch_related(
            Prefetch(
                "reminders",
                Reminder.objects.select_related(
                    "report__period__plan",
                    "notice",
                    "interview",
                    "matter__interview",
                    "matter__task",
                    "matter__asker",
                    "matter__parent__asker",
                ).order_by("due_on"),
            ),
            Prefetch("deliveries", Delivery.objects.select_related("user").order_by("id")),
        )
        .order_by("-day", "unit__position")
    )


def visible_deliveries(user: User) -> DeliveryQuerySet:
    """Return the deliveries of messages to the user's own unit and those below it."""
    mine = Delivery.objects.filter(message__unit__in=managed_units(user))
    return mine.select_related("message__unit", "user")


def doubtful_deliveries(user: User) -> QuerySet[Delivery]:
    """Return the deliveries that wait for the user's decision."""
    return visible_deliveries(user).doubtful().order_by("-id")


def reports_about(message: Message) -> QuerySet[Report]:
    """Return the reports that a message was sent for, as they are now."""
    return (
        Report.objects.filter(reminders__message=message)
        .select_related("period__plan")
        .order_by("period__due_on")
    )


def inbox_of(user: User) -> DeliveryQuerySet:
    """Return the user's own in-app messages, newest first."""
    return (
        Delivery.objects.in_inboxes()
        .filter(user=user)
        .select_related("message")
        .order_by("-message__day", "-id")
    )


def told_by(rung: ReminderRung) -> frozenset[Role]:
    """Return the roles that a stored rung tells."""
    told = {
        Role.FILLER: rung.tells_filler,
        Role.SIGNER: rung.tells_signer,
        Role.OFFICE: rung.tells_office,
    }
    return frozenset(role for role, is_told in told.items() if is_told)


def _drafts(due: Sequence[Due], owed: Sequence[Obligation], heights: Heights, people: People) -> list[Draft]:
    """Return one message for each addressee; with words when `owed` says what is to be told besides."""
    grouped: dict[tuple[int, bool], list[Due]] = defaultdict(list)
    for one in due:
        grouped[one.addressee, one.is_at_once].append(one)
    along: dict[int, list[Due]] = defaultdict(list)
    for one in told_along(due, owed, heights):
        along[one.addressee].append(one)
    by_addressee: dict[int, list[Obligation]] = defaultdict(list)
    for obligation in owed:
        by_addressee[obligation.unit].append(obligation)
        by_addressee[obligation.issuer].append(obligation)
    drafts = []
    for (unit, is_at_once), items in grouped.items():
        told = [one.obligation for one in items] if is_at_once else by_addressee[unit]
        beside = [] if is_at_once else along[unit]
        words = words_for(unit, told, heights, people) if owed else None
        drafts.append(
            Draft(
                unit=unit,
                unit_name=Role.OFFICE.label if items[0].to_office else items[0].obligation.unit_name,
                day=heights.today,
                due=tuple(items),
                recipients=those_in(people.get(unit, []), roles_told([*items, *beside])),
                channel=preferred_channel(items),
                along=tuple(beside),
                words=words or NO_WORDS,
                is_at_once=is_at_once,
            )
        )
    # The office reads what the units were told, so its own message comes last.
    return sorted(drafts, key=lambda draft: draft.due[0].to_office)


def _words_of(height: Height | None) -> str:
    return height.rung.words if height else ""


def _told(owed: list[Obligation], due: Iterable[Due]) -> list[Obligation]:
    """Return `owed` as the ledger would hold it after the messages of `due`."""
    rungs = {one.telling: one.offset for one in due}

    def after(one: Obligation) -> Obligation:
        unit_rung = rungs.get(Telling(one.unit, one.key, to_office=False), one.unit_rung)
        office_rung = rungs.get(Telling(one.unit, one.key, to_office=True), one.office_rung)
        return one._replace(unit_rung=unit_rung, office_rung=office_rung)

    return [after(one) for one in owed]


def _expected(issuer: Unit, today: date) -> list[Obligation]:
    """What units will owe in periods that open before the coming ten working days are over."""
    soon = today + timedelta(days=4 * COMING_WORKING_DAYS)
    opening = ReportingPeriod.objects.to_come().filter(
        plan__issuer=issuer, opens_on__gt=today, opens_on__lte=soon
    )
    return [
        Obligation(
            terms=Terms(
                filing.KIND,
                row["task__plan"],
                issuer.pk,
                title(filing.KIND.code, Name(row["task__plan__year"], label=row["task__plan__periods__kind"])),
                row["task__plan__periods__opens_on"],
                row["task__plan__periods__due_on"],
                row["task__plan__periods__closes_on"],
            ),
            thing=0,
            page=0,
            unit=row["unit"],
            unit_name=row["unit__name"],
            position=row["unit__position"],
            state=ReportState.DRAFT,
        )
        for row in Assignment.objects.asked()
        .filter(task__plan__periods__in=opening)
        .order_by("unit__position", "unit_id", "task__plan__periods__due_on")
        .values(
            "unit", "unit__name", "unit__position", "task__plan", "task__plan__year",
            "task__plan__periods__kind", "task__plan__periods__opens_on", "task__plan__periods__due_on",
            "task__plan__periods__closes_on",
        )
        .distinct()
    ]  # fmt: skip
