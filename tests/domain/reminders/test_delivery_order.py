"""Nobody twice within 24 hours, one letter to a stand-in, and the next channel when one is dead."""

import pytest

from tasks_app.choices import DeliveryState
from tasks_app.domain.reminders import actions
from tasks_app.domain.reminders.delivering import deliver_messages
from tasks_app.models import Delivery, Message, StandIn, User
from tests.reminder_letters import EVERYBODY, MONDAY, later
from tests.surroundings.difficult_gateway import Gateway

S = DeliveryState


def test_nobody_is_written_to_twice_within_24_hours(composed, mail):
    deliver_messages(at=later(hours=6))  # the mail server was slow on Monday: 15:00
    actions.compose_reminders(at=later(days=2))  # T-1, Wednesday
    assert deliver_messages(at=later(days=2)).sent == 5
    actions.compose_reminders(at=later(days=3))
    assert deliver_messages(at=later(days=3, minutes=-1)).sent == 0
    assert deliver_messages(at=later(days=3, minutes=1)).sent == 5
    assert len(mail.letters) == 15


def test_a_stand_in_gets_one_letter_for_all_units_and_counts_as_somebody_to_write_to(composed, mail, units):
    today = MONDAY.date()
    for name in ("市医保局", "市财政局"):
        StandIn.objects.create(
            unit=units[name], user=composed.bureau_filler, role="filler", since=today, until=today,
            named_by=composed.admin, named_at=MONDAY,
        )  # fmt: skip
    actions.compose_reminders(at=MONDAY)
    assert Message.objects.filter(unit__name__in=["市医保局", "市财政局"]).count() == 2
    assert deliver_messages(at=MONDAY).sent == 7
    assert mail.received() == EVERYBODY  # and nobody twice
    letter = next(letter for letter in mail.letters if letter["To"] == "wjw@example.invalid")
    assert letter["Subject"].strip().startswith("【提醒】3个单位有待办事项")
    assert all(f"{name}：" in letter.get_content() for name in ("市卫健委", "市医保局", "市财政局"))


@pytest.fixture
def sms(settings):
    gateway = Gateway()
    gateway.start()
    settings.SMS_GATEWAY_URL = f"http://{gateway.address}/sms"
    settings.SMS_GATEWAY_KEY, settings.SMS_GATEWAY_SECRET = "key", "secret"
    yield gateway
    gateway.stop()


def test_an_address_refused_for_good_falls_to_the_next_channel(composed, mail, sms):
    User.objects.filter(pk=composed.filler.pk).update(phone="138 0598 1234")
    mail.refuse["jiangle@example.invalid"] = "550 5.1.1 no such user"
    outcome = deliver_messages(at=MONDAY)
    assert (outcome.sent, outcome.failed) == (5, 0)
    assert Delivery.objects.get(state=S.FAILED).error.endswith("改由短信发送")
    assert [request.payload["phone"] for request in sms.requests] == ["13805981234"]
    assert deliver_messages(at=later(hours=1)).sent == 0


def test_a_dead_channel_falls_to_the_next_one_after_half_an_hour_not_at_once(composed, mail, sms):
    User.objects.filter(email="jiangle@example.invalid").update(phone="13805981234")
    mail.stop()
    assert deliver_messages(at=MONDAY).pending == 5
    assert deliver_messages(at=later(minutes=10)).sent == 0
    assert deliver_messages(at=later(minutes=31)).sent == 1  # the others have no mobile number: they wait
    assert len(sms.requests) == 1
    mail.start()
    assert deliver_messages(at=later(hours=2)).sent == 4
    assert "jiangle@example.invalid" not in mail.received()


def test_what_may_have_been_sent_never_falls(composed, mail, sms):
    User.objects.update(phone="13805981234")
    mail.hang_up_after_accepting = True
    assert deliver_messages(at=MONDAY).uncertain == 5
    assert deliver_messages(at=later(hours=3)).sent == 0
    assert sms.requests == []
