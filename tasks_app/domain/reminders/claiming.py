"""Claiming: the rows are the queue. Which deliveries one run takes, what they are about, what came after them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from tasks_app.choices import DeliveryState
from tasks_app.models import Delivery, Plan, Reminder
from tasks_app.models.reminder import told_since

from .obligations import key_of
from .rules import BETWEEN_TWO, CLAIM_ENDS, Key

# Several rows may wait for one address: so many are looked at for each that is taken.
CANDIDATES = 4
# Of a later message in one of these states the person has been told, or may have been.
HAS_LEFT = frozenset({DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.UNCERTAIN})

About = frozenset[Key]


class Later(NamedTuple):
    """A later message of the same unit to the same person: whether it has left, and what it is about."""

    has_left: bool
    about: About


@dataclass(frozen=True)
class Claimed:
    """A delivery under this run's mark, what its message was written about, and what was written later."""

    row: Delivery
    about: About
    later: tuple[Later, ...]

    def is_superseded(self, owed: Collection[Key]) -> bool:
        """Tell whether a later message tells all: one that has left, or that will, because it is still owed."""
        return any(one.has_left or not one.about.isdisjoint(owed) for one in self.later)


def sweep(at: datetime) -> int:
    """Mark what a dead sender left half done; returns how many."""
    return Delivery.objects.filter(state=DeliveryState.SENDING, claimed_at__lt=at - CLAIM_ENDS).update(
        state=DeliveryState.UNCERTAIN, settled_at=at, error="发送程序中断，可能已发出"
    )


def take_turns() -> None:
    """Wait until nobody else composes or claims; until the transaction ends nobody else does.

    On SQLite the transaction itself is the lock. Waiting here means seeing what the other has written.
    """
    list(Plan.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def claim(at: datetime, batch: int, dead_channels: set[str]) -> list[Claimed]:
    """Put this run's mark on all that waits for the next addresses; while it is fresh no other run takes them.

    All that waits for an address is claimed at once, so that it becomes one letter, and neither an address nor a
    person is under the hands of two senders: that is what keeps 24 hours between two letters. The rows stay
    PENDING; only the one whose letter is about to leave becomes SENDING, so that a crash makes no more than one
    letter doubtful.
    """
    with transaction.atomic():
        take_turns()
        waiting = _waiting(at, dead_channels).order_by("id")
        first = waiting.values_list("address", flat=True)[: batch * CANDIDATES]
        addresses = list(dict.fromkeys(first))[:batch]
        way: dict[int, str] = {}  # a person with rows for two addresses is written to by one of them now
        claimed = [
            pk
            for pk, user, address in waiting.filter(address__in=addresses).values_list(
                "pk", "user", "address"
            )
            if way.setdefault(user, address) == address
        ]
        Delivery.objects.filter(pk__in=claimed).update(claimed_at=at)
    rows = Delivery.objects.filter(pk__in=claimed).order_by("id").select_related("message__unit", "user")
    return _with_what_they_are_about(list(rows))


def _waiting(at: datetime, dead_channels: set[str]) -> QuerySet[Delivery]:
    """Return what may be claimed at `at`: nobody holds person or address, neither was written to within 24 hours.

    What is told at once asks only that nobody holds them, and is not counted against what comes later.
    """
    is_claimed = Q(state=DeliveryState.PENDING, claimed_at__gte=at - CLAIM_ENDS) | Q(
        state=DeliveryState.SENDING
    )
    both_wait = Q(message__is_at_once=False) & Q(message__is_at_once=OuterRef("message__is_at_once"))
    was_told = told_since(at - BETWEEN_TWO) & both_wait
    other = Delivery.objects.outgoing().filter(is_claimed | was_told)
    to_person, to_address = other.filter(user=OuterRef("user")), other.filter(address=OuterRef("address"))
    waiting = Delivery.objects.pending().filter(
        ~Exists(to_person), ~Exists(to_address), next_attempt_at__lte=at
    )
    return waiting.exclude(channel__in=dead_channels)


def _with_what_they_are_about(rows: Sequence[Delivery]) -> list[Claimed]:
    """Return `rows` with their part of the ledger, by two statements."""
    if not rows:
        return []
    later = Delivery.objects.outgoing().filter(
        state__in=[*HAS_LEFT, DeliveryState.PENDING, DeliveryState.FAILED],
        user__in={row.user_id for row in rows},
        message__unit__in={row.message.unit_id for row in rows},
        message__day__gt=min(row.message.day for row in rows),
    )
    later_rows = list(later.select_related("message"))
    about: dict[int, set[Key]] = defaultdict(set)
    for reminder in Reminder.objects.filter(message__in={row.message_id for row in (*rows, *later_rows)}):
        about[reminder.message_id].add(key_of(reminder))
    return [
        Claimed(
            row,
            frozenset(about[row.message_id]),
            tuple(
                Later(other.state in HAS_LEFT, frozenset(about[other.message_id]))
                for other in later_rows
                if _is_later(other, row)
            ),
        )
        for row in rows
    ]


def _is_later(other: Delivery, row: Delivery) -> bool:
    return (
        not other.message.is_at_once  # that one tells of nothing else
        and other.user_id == row.user_id
        and other.message.unit_id == row.message.unit_id
        and other.message.day > row.message.day
    )
