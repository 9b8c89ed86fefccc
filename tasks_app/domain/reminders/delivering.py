"""Delivering: the rows are the queue. Claim, look again, send, record; never lost, never doubled."""

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from tasks_app.channels import address_for, configured_channels, open_channel
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
from tasks_app.models import Delivery, Message, ReminderRung, SendingHold, Unit, User

from .matters import matters, still_to_do
from .people import People, people_to_tell
from .queries import ladders_of, words_for
from .rules import BETWEEN_TWO, CLAIM_ENDS, FALLS_AFTER, Heights, Ladders, Matter, pause_after
from .wording import Words

S = DeliveryState
BATCH = 50
# While others hold the first people in the queue there should be some left to take.
CANDIDATES = 4


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
    ladders: Ladders = field(default_factory=lambda: ladders_of(ReminderRung.objects.all()))
    owed: list[Matter] = field(default_factory=list)
    people: People = field(default_factory=dict)
    dead_channels: set[str] = field(default_factory=set)

    def look_at(self, units: set[int], at: datetime) -> None:
        """See what the units of one batch owe now, so that their letters say what is true."""
        issuers = set(Unit.objects.filter(pk__in=units, children__isnull=False).values_list("pk", flat=True))
        self.owed = matters(at, units=units, issuers=issuers)
        told = {matter.issuer for matter in self.owed} | issuers
        told |= {matter.unit for matter in self.owed if matter.issuer in issuers}
        self.people = people_to_tell(told, local_date(at))

    def words_of(self, message: Message, at: datetime) -> Words | None:
        """Return what `message` says by what is owed now."""
        heights = Heights(self.ladders, self.calendar, local_date(at))
        return words_for(message.unit_id, self.owed, heights, self.people)


def deliver_messages(*, at: datetime, batch: int = BATCH, for_at_most: timedelta | None = None) -> Outcome:
    """Send what waits, `batch` by batch, and return how it went; stops taking more after `for_at_most`.

    Several may run at once. When a sender is killed, the one letter under its hands becomes UNCERTAIN for a
    person to decide; the others it had claimed are taken up again. While sending is held back nothing is done.
    """
    if SendingHold.objects.open().exists():
        return Outcome()
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
        run.look_at({delivery.message.unit_id for delivery in deliveries}, claim)
        _send_all(deliveries, claim, run)
    return run.outcome


def _sweep(at: datetime) -> int:
    """Mark what a dead sender left half done; returns how many."""
    return Delivery.objects.filter(state=S.SENDING, claimed_at__lt=at - CLAIM_ENDS).update(
        state=S.UNCERTAIN, settled_at=at, error="发送程序中断，可能已发出"
    )


def _claim(at: datetime, batch: int, dead_channels: set[str]) -> list[Delivery]:
    """Put this run's mark on all that waits for the next people; while it is fresh no other run takes them.

    Claimed by person, so that nobody is under the hands of two senders: that is what keeps 24 hours between
    two letters. The rows stay PENDING; only the one whose letter is about to leave becomes SENDING, so that a
    crash makes no more than one letter doubtful.
    """
    with transaction.atomic():
        candidates = _waiting(at, dead_channels).order_by("id").values_list("user_id", flat=True)
        people = list(
            User.objects.filter(pk__in=set(candidates[: batch * CANDIDATES]))
            .order_by("pk")
            .select_for_update(skip_locked=True, no_key=True)
            .values_list("pk", flat=True)[:batch]
        )
        # Looked at again now that these people are ours: another run may have been quicker.
        claimed = list(
            _waiting(at, dead_channels).filter(user__in=people).order_by("id").values_list("pk", flat=True)
        )
        Delivery.objects.filter(pk__in=claimed).update(claimed_at=at)
    newer = Delivery.objects.exclude(channel=Channel.IN_APP).filter(
        # What has left has told all; what has not left counts if it will.
        Q(state__in=[S.SENDING, S.SENT, S.UNCERTAIN])
        | Q(still_to_do(OuterRef("message"), at), state__in=[S.PENDING, S.FAILED]),
        user=OuterRef("user"),
        message__unit=OuterRef("message__unit"),
        message__day__gt=OuterRef("message__day"),
    )
    return list(
        Delivery.objects.filter(pk__in=claimed)
        .order_by("id")
        .annotate(is_superseded=Exists(newer))
        .select_related("message__unit", "user")
    )


def _waiting(at: datetime, dead_channels: set[str]) -> QuerySet[Delivery]:
    """Return what may be claimed at `at`: nobody holds the person, who was not written to within 24 hours."""
    is_claimed = Q(state=S.PENDING, claimed_at__gte=at - CLAIM_ENDS) | Q(state=S.SENDING)
    was_told = Q(sent_at__gt=at - BETWEEN_TWO) | Q(state=S.UNCERTAIN, claimed_at__gt=at - BETWEEN_TWO)
    other = Delivery.objects.filter(is_claimed | was_told, user=OuterRef("user")).exclude(
        channel=Channel.IN_APP
    )
    waiting = Delivery.objects.filter(~Exists(other), state=S.PENDING, next_attempt_at__lte=at)
    return waiting.exclude(channel__in=dead_channels)


def _send_all(deliveries: list[Delivery], claim: datetime, run: _Run) -> None:
    """Send the claimed deliveries, channel by channel; when a channel is dead, put the rest of it off."""
    for kind in sorted({delivery.channel for delivery in deliveries}):
        letters: dict[int, list[Delivery]] = defaultdict(list)
        for delivery in deliveries:
            if delivery.channel == kind:
                letters[delivery.user_id].append(delivery)
        with open_channel(Channel(kind)) as sender:
            unreachable = ""
            for parts in letters.values():
                if unreachable:
                    for delivery in parts:
                        _put_off(delivery, claim, unreachable, run)
                else:
                    unreachable = _send_one(parts, claim, sender, run)
            if unreachable:
                run.dead_channels.add(kind)


def _send_one(deliveries: list[Delivery], claim: datetime, sender: Sender, run: _Run) -> str:
    """Send one person all that is claimed for it as one letter; returns why the channel is dead, if it is.

    Somebody who stands in for another unit has more than one message.
    """
    at = run.now()
    parts = [delivery for delivery in deliveries if _take_up(delivery, claim, at, run)]
    if not parts:
        return ""
    letter = _letter(parts, at, run)
    try:
        sender.send(letter)
    except RefusedError as refusal:
        for delivery in parts:
            _give_up(delivery, at, str(refusal), run)
    except PerhapsSentError as doubt:
        for delivery in parts:
            run.outcome.uncertain += _settle(
                delivery, S.SENDING, at, state=S.UNCERTAIN, error=str(doubt)[:300]
            )
    except NotSentError as failure:
        for delivery in parts:
            _try_later(delivery, at, failure, run)
        return str(failure) if isinstance(failure, UnreachableError) else ""
    else:
        sent_at = run.now()
        for delivery in parts:
            run.outcome.sent += _settle(delivery, S.SENDING, at, state=S.SENT, sent_at=sent_at, error="")
    return ""


def _take_up(delivery: Delivery, claim: datetime, at: datetime, run: _Run) -> bool:
    """Look again and mark as being sent, in one statement; tells whether the delivery is to be sent.

    From here until the outcome is written, a crash leaves the row SENDING: perhaps sent. Nothing is cancelled
    when another run took the row over while this one was stuck.
    """
    reason = _reason_to_cancel(delivery)
    if not reason:
        rows = Delivery.objects.filter(
            still_to_do(OuterRef("message"), at), pk=delivery.pk, state=S.PENDING, claimed_at=claim
        )
        if rows.update(state=S.SENDING, claimed_at=at, attempts=F("attempts") + 1):
            delivery.attempts += 1
            return True
    values = {"state": S.CANCELLED, "error": reason or "已办结或时限已变，不再发送"}
    run.outcome.cancelled += _settle(delivery, S.PENDING, claim, **values)
    return False


def _reason_to_cancel(delivery: Delivery) -> str:
    if not delivery.user.is_active:
        return "接收人账号已停用"
    if delivery.is_superseded:  # type: ignore[attr-defined]
        return "已有更新的一条消息，不再发送"
    return ""


def _letter(parts: list[Delivery], at: datetime, run: _Run) -> Letter:
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    words = [_words_now(delivery.message, at, run) for delivery in parts]
    subject = words[0].subject
    if len(words) > 1:
        subject = f"【提醒】{len(words)}个单位有待办事项：" + "、".join(
            delivery.message.unit.short_name for delivery in parts
        )
    body = "\n————————————————\n\n".join(one.body for one in words)
    return Letter(f"<delivery-{parts[0].pk}@{host}>", parts[0].address, subject, body)


def _words_now(message: Message, at: datetime, run: _Run) -> Words:
    """Return the words as they are true at `at`; a message that says something else is brought up to date."""
    words = run.words_of(message, at)
    if words is None:  # it came to be owed only after this batch was claimed: the message says it as it was
        return Words(message.subject, message.body)
    if words != Words(message.subject, message.body):
        message.subject, message.body = words.subject, words.body
        message.save(update_fields=["subject", "body"])
    return words


def _try_later(delivery: Delivery, at: datetime, failure: NotSentError, run: _Run) -> None:
    pause = pause_after(delivery.attempts)
    if pause is None:
        _give_up(delivery, at, f"试了{delivery.attempts}次仍未发出：{failure}", run)
    elif isinstance(failure, UnreachableError) and _has_waited(delivery, at):
        _give_up(delivery, at, str(failure), run, or_after=pause)
    else:
        _wait(delivery, S.SENDING, at, pause, str(failure), run)


def _put_off(delivery: Delivery, claim: datetime, why: str, run: _Run) -> None:
    """Give a claimed row back untried: the dead channel counts against the letter that found it dead."""
    pause = timedelta(minutes=1)
    if _has_waited(delivery, claim) and _fall(delivery, S.PENDING, claim, why, run):
        return
    _wait(delivery, S.PENDING, claim, pause, why, run)


def _has_waited(delivery: Delivery, at: datetime) -> bool:
    """Tell whether a channel that was dead before is still dead after so long that another should be tried."""
    return bool(delivery.error) and at - delivery.message.created_at >= FALLS_AFTER


def _give_up(
    delivery: Delivery, at: datetime, why: str, run: _Run, *, or_after: timedelta | None = None
) -> None:
    """Fall to the next channel that reaches the person; without one fail, or try again after `or_after`."""
    if _fall(delivery, S.SENDING, at, why, run):
        return
    if or_after is not None:
        _wait(delivery, S.SENDING, at, or_after, why, run)
    else:
        run.outcome.failed += _settle(delivery, S.SENDING, at, state=S.FAILED, error=why[:300])


def _fall(delivery: Delivery, expected: DeliveryState, claim: datetime, why: str, run: _Run) -> bool:
    """Queue the message on the next channel that was not tried yet; tells whether there is one."""
    user = delivery.user
    tried = set(
        Delivery.objects.filter(message=delivery.message_id, user=user).values_list("channel", flat=True)
    )
    ways = [
        (channel, address)
        for channel in configured_channels()
        if channel not in tried and (address := address_for(channel, email=user.email, phone=user.phone))
    ]
    if not ways:
        return False
    channel, address = ways[0]
    with transaction.atomic():
        error = f"{why}；改由{channel.label}发送"[-300:]
        if _settle(delivery, expected, claim, state=S.FAILED, error=error):
            Delivery.objects.create(
                message=delivery.message,
                user=user,
                channel=channel,
                address=address,
                next_attempt_at=run.now(),
            )
            run.outcome.pending += 1
    return True


def _wait(
    delivery: Delivery, expected: DeliveryState, claim: datetime, pause: timedelta, why: str, run: _Run
) -> None:
    run.outcome.pending += _settle(
        delivery,
        expected,
        claim,
        state=S.PENDING,
        claimed_at=None,
        next_attempt_at=run.now() + pause,
        error=why[:300],
    )


def _settle(delivery: Delivery, expected: DeliveryState, claim: datetime, **values: Any) -> int:
    """Write to the row at once, if it is still as expected under this run's mark; returns 1 if it was.

    A sender that was slow, not dead, still knows what became of a letter that was taken for doubtful.
    """
    states = [expected, S.UNCERTAIN] if expected == S.SENDING else [expected]
    is_over = values.get("state") in {S.FAILED, S.CANCELLED, S.UNCERTAIN}
    values["settled_at"] = claim if is_over else None
    return Delivery.objects.filter(pk=delivery.pk, state__in=states, claimed_at=claim).update(**values)
