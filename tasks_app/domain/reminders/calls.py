"""The office's call list: which units to telephone today, about what, whom, and what was sent to them before."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Prefetch

from tasks_app.choices import AuditAction, Channel, DeliveryState
from tasks_app.clock import day_in_words, local_date
from tasks_app.documents.phone_list import PhoneRow, phone_list
from tasks_app.domain import audit
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.calendar.rules import time_left
from tasks_app.models import Delivery, Message, ReminderRung, Unit, User

from .obligations import obligations
from .people import Recipient, people_to_tell, telephones
from .queries import ladders_of
from .rules import Heights, Obligation


@dataclass(frozen=True)
class Item:
    """One obligation to speak about."""

    obligation: Obligation
    left: str
    step: str


@dataclass(frozen=True)
class Call:
    """One unit to telephone; without people its account has to be made first."""

    unit: int
    unit_name: str
    items: tuple[Item, ...]
    people: tuple[Recipient, ...]
    last_message: Message | None
    outcome: str

    @property
    def phones(self) -> str:
        return telephones(self.people)


def calls_to_make(issuer: Unit, at: datetime) -> list[Call]:
    """Return the units below `issuer` to telephone at the moment `at`, the longest overdue first.

    A unit is on the list from the rung on that tells the office, by default the first working day after the
    limit, and stays on it until the thing is done. The number of statements does not depend on the units.
    """
    today = local_date(at)
    calendar = working_calendar()
    heights = Heights(ladders_of(ReminderRung.objects.filter(plan__issuer=issuer)), calendar, today)
    by_unit: dict[int, list[Obligation]] = defaultdict(list)
    for one in obligations(at, issuers=[issuer.pk]):
        if not one.kind.for_office and heights.of(one, to_office=True):
            by_unit[one.unit].append(one)
    people = people_to_tell(by_unit, today)
    last = _last_messages(list(by_unit))
    calls = [
        Call(
            unit,
            owed[0].unit_name,
            tuple(
                Item(one, time_left(one.due_on, today, calendar), one.kind.step(one.state))
                for one in sorted(owed, key=lambda one: one.due_on)
            ),
            tuple(people.get(unit, [])),
            last.get(unit),
            _outcome(last.get(unit)),
        )
        for unit, owed in by_unit.items()
    ]
    return sorted(
        calls, key=lambda call: (call.items[0].obligation.due_on, call.items[0].obligation.position)
    )


@transaction.atomic
def export_calls(issuer: Unit, *, by: User, at: datetime) -> tuple[str, bytes]:
    """Return name and content of the list as a workbook; the export is in the audit trail."""
    today = local_date(at)
    rows = [
        PhoneRow(
            call.unit_name,
            call.phones or "尚无账号",
            "\n".join(item.obligation.title for item in call.items),
            "\n".join(item.left for item in call.items),
            "\n".join(item.step for item in call.items),
            _last(call),
        )
        for call in calls_to_make(issuer, at)
    ]
    name = f"电话催办名单（{today:%Y%m%d}）.xlsx"
    content = phone_list(f"电话催办名单（{day_in_words(today)}）", rows)
    audit.record(AuditAction.EXPORT, issuer, by=by, at=at, note=name)
    return name, content


def _last(call: Call) -> str:
    """Say when the last message was for and what became of it."""
    if call.last_message is None:
        return "未发过"
    day = call.last_message.day
    return f"{day.month}月{day.day}日 {call.outcome}"


def _last_messages(units: list[int]) -> dict[int, Message]:
    latest = Message.objects.filter(unit__in=units).values("unit").annotate(latest=Max("day"))
    days = dict(latest.values_list("unit", "latest"))
    messages = Message.objects.filter(unit__in=days, day__in=set(days.values())).prefetch_related(
        Prefetch("deliveries", Delivery.objects.order_by("id"))
    )
    return {message.unit_id: message for message in messages if days[message.unit_id] == message.day}


def _outcome(message: Message | None) -> str:
    """Say what became of a message: read by somebody, sent, or not arrived."""
    if message is None:
        return ""
    deliveries = list(message.deliveries.all())
    if any(delivery.read_at for delivery in deliveries):
        return "已读"
    out = [delivery for delivery in deliveries if delivery.channel != Channel.IN_APP]
    if any(delivery.state == DeliveryState.SENT for delivery in out):
        return "已发，站内未读"
    return out[-1].get_state_display() if out else "仅站内，未读"
