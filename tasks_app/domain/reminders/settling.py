"""Settling: what becomes of one claimed delivery, written at once and only while this run still holds it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from tasks_app.channels import address_for, configured_channels
from tasks_app.channels.letter import NotSentError, UnreachableError
from tasks_app.choices import Channel, DeliveryState
from tasks_app.models import Delivery

from .rules import FALLS_AFTER, pause_after


@dataclass
class Outcome:
    """How many deliveries ended how in one run; `pending` are those put off to be tried again."""

    sent: int = 0
    failed: int = 0
    pending: int = 0
    cancelled: int = 0
    uncertain: int = 0


@dataclass
class Settling:
    """Writes outcomes and counts them. `now` is the run's moment, which moves on while it works."""

    now: Callable[[], datetime]
    outcome: Outcome

    def take_up(self, delivery: Delivery, claim: datetime, at: datetime) -> bool:
        """Mark the delivery as being sent; tells whether it is to be sent: another run may have taken it over.

        From here until the outcome is written, a crash leaves the row SENDING: perhaps sent.
        """
        own = Delivery.objects.pending().filter(pk=delivery.pk, claimed_at=claim)
        if own.update(state=DeliveryState.SENDING, claimed_at=at, attempts=F("attempts") + 1):
            delivery.attempts += 1
            return True
        return False

    def cancel(self, delivery: Delivery, claim: datetime, why: str) -> None:
        """Do not send it."""
        self.outcome.cancelled += _settle(
            delivery, DeliveryState.PENDING, claim, state=DeliveryState.CANCELLED, error=why
        )

    def sent(self, delivery: Delivery, at: datetime) -> None:
        """It has left."""
        self.outcome.sent += _settle(
            delivery, DeliveryState.SENDING, at, state=DeliveryState.SENT, sent_at=self.now(), error=""
        )

    def uncertain(self, delivery: Delivery, at: datetime, why: str) -> None:
        """It may have left: a person decides."""
        self.outcome.uncertain += _settle(
            delivery, DeliveryState.SENDING, at, state=DeliveryState.UNCERTAIN, error=why[:300]
        )

    def try_later(self, delivery: Delivery, at: datetime, failure: NotSentError) -> None:
        """It has not left: again after a pause, by the next channel, or not at all when all was tried."""
        pause = pause_after(delivery.attempts)
        if pause is None:
            self.give_up(delivery, at, f"试了{delivery.attempts}次仍未发出：{failure}")
        elif isinstance(failure, UnreachableError) and _has_waited(delivery, at):
            self.give_up(delivery, at, str(failure), or_after=pause)
        else:
            self._wait(delivery, DeliveryState.SENDING, at, pause, str(failure))

    def put_off(self, delivery: Delivery, claim: datetime, why: str) -> None:
        """Give a claimed row back untried: the dead channel counts against the letter that found it dead."""
        if _has_waited(delivery, claim) and self._fall(delivery, DeliveryState.PENDING, claim, why):
            return
        self._wait(delivery, DeliveryState.PENDING, claim, timedelta(minutes=1), why)

    def without_channel(self, delivery: Delivery, claim: datetime) -> None:
        """Its channel is not set up any more: the next one that reaches the person, or it stays in the house."""
        why = f"没有设置{Channel(delivery.channel).label}"
        if not self._fall(delivery, DeliveryState.PENDING, claim, why):
            _settle(
                delivery,
                DeliveryState.PENDING,
                claim,
                state=DeliveryState.NOT_SENT,
                error=f"{why}，消息只在站内",
            )

    def give_up(
        self, delivery: Delivery, at: datetime, why: str, *, or_after: timedelta | None = None
    ) -> None:
        """Fall to the next channel that reaches the person; without one fail, or try again after `or_after`."""
        if self._fall(delivery, DeliveryState.SENDING, at, why):
            return
        if or_after is not None:
            self._wait(delivery, DeliveryState.SENDING, at, or_after, why)
        else:
            self.outcome.failed += _settle(
                delivery, DeliveryState.SENDING, at, state=DeliveryState.FAILED, error=why[:300]
            )

    def _fall(self, delivery: Delivery, expected: DeliveryState, claim: datetime, why: str) -> bool:
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
            if _settle(delivery, expected, claim, state=DeliveryState.FAILED, error=error):
                Delivery.objects.create(
                    message=delivery.message,
                    user=user,
                    channel=channel,
                    address=address,
                    next_attempt_at=self.now(),
                )
                self.outcome.pending += 1
        return True

    def _wait(
        self, delivery: Delivery, expected: DeliveryState, claim: datetime, pause: timedelta, why: str
    ) -> None:
        self.outcome.pending += _settle(
            delivery,
            expected,
            claim,
            state=DeliveryState.PENDING,
            claimed_at=None,
            next_attempt_at=self.now() + pause,
            error=why[:300],
        )


def _has_waited(delivery: Delivery, at: datetime) -> bool:
    """Tell whether a channel that was dead before is still dead after so long that another should be tried."""
    return bool(delivery.error) and at - delivery.message.created_at >= FALLS_AFTER


def _settle(delivery: Delivery, expected: DeliveryState, claim: datetime, **values: Any) -> int:
    """Write to the row at once, if it is still as expected under this run's mark; returns 1 if it was.

    A sender that was slow, not dead, still knows what became of a letter that was taken for doubtful.
    """
    states = [expected, DeliveryState.UNCERTAIN] if expected == DeliveryState.SENDING else [expected]
    is_over = values.get("state") in {
        DeliveryState.FAILED,
        DeliveryState.CANCELLED,
        DeliveryState.UNCERTAIN,
        DeliveryState.NOT_SENT,
    }
    values["settled_at"] = claim if is_over else None
    return Delivery.objects.filter(pk=delivery.pk, state__in=states, claimed_at=claim).update(**values)
