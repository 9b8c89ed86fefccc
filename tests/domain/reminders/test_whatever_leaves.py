"""Moves of all kinds, also while letters leave: whatever leaves was owed at the moment it left."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import transaction

from tasks_app import channels
from tasks_app.channels.email import EmailChannel
from tasks_app.choices import Channel, DeliveryState
from tasks_app.domain.calendar.actions import load_official_days
from tasks_app.domain.reminders import actions
from tasks_app.domain.reminders.delivering import deliver_messages
from tasks_app.domain.reminders.kinds import KINDS
from tasks_app.domain.reporting import actions as reporting
from tasks_app.models import Delivery, Message, Reminder
from tests.owed_by_hand import is_owed
from tests.reminder_story import START, Story


@pytest.fixture
def tell(period, plan, people, units, monkeypatch):
    """`tell(seed)` begins a story; `story.left` are the kinds of what letters were owed for when they left."""
    load_official_days([2024], by=None, at=START)

    def begin(seed: int, *, life_goes_on: bool = True) -> Story:
        story = Story(seed, people, plan, units)
        story.left = []

        class Watched(EmailChannel):
            """Sends, after it was looked whether that is right; and life goes on between two letters."""

            def send(self, letter):
                [delivery] = Delivery.objects.filter(pk=int(letter.identity[10:].partition("@")[0]))
                rows = Reminder.objects.filter(message=delivery.message)
                owed = [row for row in rows if is_owed(row, story.at)]
                assert owed, f"{letter.subject} to {letter.address}: {list(rows)}"
                assert delivery.message.unit.is_active
                story.left += [row.kind for row in owed]
                super().send(letter)
                if life_goes_on:
                    story.move()

        monkeypatch.setitem(channels.CHANNELS, Channel.EMAIL, Watched)
        reporting.open_due_periods(at=story.at)
        actions.compose_reminders(at=story.at)
        return story

    return begin


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(number, marks=pytest.mark.soak) for number in range(1, 60))]
)
@pytest.mark.dealt_to("sqlite")
def test_whatever_leaves_was_owed_when_it_left(seed, tell):
    story = tell(seed)
    while story.at.date() < date(2024, 8, 1):
        for _ in range(5):
            story.move()
        deliver_messages(at=story.at + timedelta(hours=1))
        story.next_morning()
    assert len(mail.outbox) > 5
    assert next(story.done) > 20
    assert len(set(story.left)) > 1


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_leaves_while_it_is_owed_and_no_longer(kind, tell):
    """A new kind has to say in Story.ways what makes it owed and what ends it."""
    story = tell(0, life_goes_on=False)
    begin, end = story.ways()[kind]
    deliver_messages(at=story.at)
    begin()
    story.next_morning()
    story.until_told_of(kind)
    story.left.clear()
    with transaction.atomic():
        deliver_messages(at=story.at)
        assert kind in story.left
        transaction.set_rollback(True)
    story.left.clear()
    end()
    deliver_messages(at=story.at)
    assert kind not in story.left
    about = Message.objects.filter(reminders__kind=kind, day=story.at.date()).distinct()
    withheld = Delivery.objects.filter(message__in=about, state=DeliveryState.CANCELLED)
    assert {one.error for one in withheld} == {"已办结或时限已变，不再发送"}
