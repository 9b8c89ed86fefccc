"""Delivering: the rows are the queue. Claim, look again, send, record; never lost, never doubled."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from tasks_app.channels import open_channel
from tasks_app.channels.letter import (
    Letter,
    NotSentError,
    PerhapsSentError,
    RefusedError,
    Sender,
    UnreachableError,
)
from tasks_app.choices import Channel, DeliveryState
from tasks_app.clock import local_date
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.models import Delivery, Message

from .queries import contacts_of, owed_by_units, still_owed
from .rules import CLAIM_ENDS, OwedReport, pause_after
from .wording import Words, write_message

S = DeliveryState
BATCH = 50


@dataclass
class Outcome:
    """How many deliveries ended how in one run; `pending` are those put off to be tried again."""

    sent: int = 0
    failed: int = 0
    pending: int = 0
    cancelled: int = 0
    uncertain: int = 0


@dataclass
class _Run:
    """One run: a moment that moves on while it works, and what all its letters need."""

    now: Callable[[], datetime]
    outcome: Outcome
    calendar: WorkingCalendar = field(default_factory=working_calendar)
    contacts: dict[int, str] = field(default_factory=dict)
    owed: dict[int, list[OwedReport]] = field(default_factory=dict)
    dead_channels: set[str] = field(default_factory=set)

    def contact(self, issuer: int) -> str:
        if issuer not in self.contacts:
            self.contacts |= contacts_of([issuer])
        return self.contacts[issuer]


def deliver_messages(*, at: datetime, batch: int = BATCH, for_at_most: timedelta | None = None) -> Outcome:
    """Send what waits, `batch` by batch, and return how it went; stops taking more after `for_at_most`.

    Several may run at once. When a sender is killed, the one letter under its hands becomes UNCERTAIN for a
    person to decide; the others it had claimed are taken up again.
    """
    started = time.monotonic()

    def now() -> datetime:
        return at + timedelta(seconds=time.monotonic() - started)

    run = _Run(now, Outcome())
    run.outcome.uncertain += _sweep(at)
    while for_at_most is None or now() - at < for_at_most:
        claim = now()
        deliveries = _claim(claim, batch, run.dead_channels)
        if not deliveries:
            break
        run.owed = owed_by_units({delivery.message.unit_id for delivery in deliveries}, claim)
        _send_all(deliveries, claim, run)
    return run.outcome


def _sweep(at: datetime) -> int:
    """Mark what a dead sender left half done; returns how many."""
    return Delivery.objects.filter(state=S.SENDING, claimed_at__lt=at - CLAIM_ENDS).update(
        state=S.UNCERTAIN, error="发送程序中断，可能已发出"
    )


def _claim(at: datetime, batch: int, dead_channels: set[str]) -> list[Delivery]:
    """Put this run's mark on the next rows; while the mark is fresh no other run takes them.

    They stay PENDING: only the row whose letter is about to leave becomes SENDING, so that a crash makes
    no more than one doubtful. A row waits while the same person has a newer one on its way.
    """
    newer = Delivery.objects.filter(
        user=OuterRef("user"),
        channel=OuterRef("channel"),
        message__unit=OuterRef("message__unit"),
        message__day__gt=OuterRef("message__day"),
    )
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=at - CLAIM_ENDS)
    waiting = Delivery.objects.filter(free, state=S.PENDING, next_attempt_at__lte=at)
    waiting = waiting.filter(~Exists(newer.filter(state__in=[S.PENDING, S.SENDING])))
    waiting = waiting.exclude(channel__in=dead_channels)
    with transaction.atomic():
        claimed = list(
            waiting.order_by("id").select_for_update(skip_locked=True).values_list("pk", flat=True)[:batch]
        )
        Delivery.objects.filter(pk__in=claimed).update(claimed_at=at)
    return list(
        Delivery.objects.filter(pk__in=claimed)
        .order_by("id")
        .annotate(is_superseded=Exists(newer.filter(state__in=[S.SENT, S.UNCERTAIN])))
        .select_related("message", "user")
    )


def _send_all(deliveries: list[Delivery], claim: datetime, run: _Run) -> None:
    """Send the claimed deliveries, channel by channel; when a channel is dead, put the rest of it off."""
    for kind in sorted({delivery.channel for delivery in deliveries}):
        with open_channel(Channel(kind)) as sender:
            unreachable = ""
            for delivery in (one for one in deliveries if one.channel == kind):
                if unreachable:
                    _put_off(delivery, claim, unreachable, run)
                else:
                    unreachable = _send_one(delivery, claim, sender, run)
            if unreachable:
                run.dead_channels.add(kind)


def _send_one(delivery: Delivery, claim: datetime, sender: Sender, run: _Run) -> str:
    """Send one claimed delivery and record what became of it; returns why the channel is dead, if it is."""
    at = run.now()
    reason = _reason_to_cancel(delivery)
    # Looked at again and marked in one statement. From here until the outcome is written, a crash leaves
    # the row SENDING: perhaps sent.
    if reason or not _mark_sending(delivery, claim, at):
        # Nothing is cancelled when another run took the row over while this one was stuck.
        values = {"state": S.CANCELLED, "error": reason or "已报送或已不再应报，不再发送"}
        run.outcome.cancelled += _settle(delivery, S.PENDING, claim, **values)
        return ""
    letter = _letter(delivery, _words_now(delivery.message, at, run))
    delivery.attempts += 1
    try:
        sender.send(letter)
    except RefusedError as refusal:
        run.outcome.failed += _settle(delivery, S.SENDING, at, state=S.FAILED, error=str(refusal)[:300])
    except PerhapsSentError as doubt:
        run.outcome.uncertain += _settle(delivery, S.SENDING, at, state=S.UNCERTAIN, error=str(doubt)[:300])
    except NotSentError as failure:
        _try_later(delivery, at, failure, run)
        return str(failure) if isinstance(failure, UnreachableError) else ""
    else:
        run.outcome.sent += _settle(delivery, S.SENDING, at, state=S.SENT, sent_at=run.now(), error="")
    return ""


def _mark_sending(delivery: Delivery, claim: datetime, at: datetime) -> bool:
    rows = Delivery.objects.filter(
        still_owed(OuterRef("message"), at), pk=delivery.pk, state=S.PENDING, claimed_at=claim
    )
    return bool(rows.update(state=S.SENDING, claimed_at=at, attempts=F("attempts") + 1))


def _reason_to_cancel(delivery: Delivery) -> str:
    if not delivery.user.is_active:
        return "接收人账号已停用"
    if delivery.is_superseded:  # type: ignore[attr-defined]
        return "已有更新的一条消息，不再发送"
    return ""


def _words_now(message: Message, at: datetime, run: _Run) -> Words:
    """Return the words as they are true at `at`; a message that says something else is brought up to date."""
    owed = run.owed.get(message.unit_id)
    if not owed:  # it came to be owed only after this batch was claimed: the message says it as it was
        return Words(message.subject, message.body)
    words = write_message(
        owed,
        today=local_date(at),
        calendar=run.calendar,
        contact=run.contact(owed[0].issuer),
        site_url=settings.SITE_URL,
    )
    if words != Words(message.subject, message.body):
        message.subject, message.body = words.subject, words.body
        message.save(update_fields=["subject", "body"])
    return words


def _letter(delivery: Delivery, words: Words) -> Letter:
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return Letter(f"<delivery-{delivery.pk}@{host}>", delivery.address, words.subject, words.body)


def _try_later(delivery: Delivery, at: datetime, failure: NotSentError, run: _Run) -> None:
    pause = pause_after(delivery.attempts)
    if pause is None:
        error = f"试了{delivery.attempts}次仍未发出：{failure}"[:300]
        run.outcome.failed += _settle(delivery, S.SENDING, at, state=S.FAILED, error=error)
        return
    run.outcome.pending += _settle(
        delivery,
        S.SENDING,
        at,
        state=S.PENDING,
        claimed_at=None,
        next_attempt_at=run.now() + pause,
        error=str(failure)[:300],
    )


def _put_off(delivery: Delivery, claim: datetime, why: str, run: _Run) -> None:
    """Give a claimed row back untried: the dead channel counts against the letter that found it dead."""
    run.outcome.pending += _settle(
        delivery,
        S.PENDING,
        claim,
        claimed_at=None,
        next_attempt_at=run.now() + timedelta(minutes=1),
        error=why,
    )


def _settle(delivery: Delivery, expected: DeliveryState, claim: datetime, **values: Any) -> int:
    """Write to the row at once, if it is still as expected under this run's mark; returns 1 if it was.

    A sender that was slow, not dead, still knows what became of a letter that was taken for doubtful.
    """
    states = [expected, S.UNCERTAIN] if expected == S.SENDING else [expected]
    return Delivery.objects.filter(pk=delivery.pk, state__in=states, claimed_at=claim).update(**values)
