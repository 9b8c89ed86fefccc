"""One letter for each address and day, whoever shares it; it names all of them."""

from datetime import timedelta

import pytest

from tasks_app.choices import Channel
from tasks_app.domain.reminders import actions
from tasks_app.domain.reminders.claiming import claim
from tasks_app.domain.reminders.delivering import deliver_messages
from tasks_app.models import Delivery, Message, User
from tests.reminder_letters import MONDAY, emails, later

SHARED = "jiangle@example.invalid"


@pytest.fixture
def shared(composed):
    """Filler and signer of 将乐县 have one mailbox, written in two ways; their letters wait."""
    User.objects.filter(pk=composed.signer.pk).update(email="Jiangle@example.invalid ")
    Delivery.objects.all().delete()
    return composed


@pytest.fixture
def waiting(shared):
    for message in Message.objects.filter(unit=shared.filler.unit):
        for person in (shared.filler, shared.signer):
            Delivery.objects.create(
                message=message, user=person, channel=Channel.EMAIL, address=SHARED, next_attempt_at=MONDAY
            )
    return shared


def test_the_address_is_one_however_it_is_written(shared):
    actions.compose_reminders(at=later(days=2))  # T-1: filler and signer
    own = Delivery.objects.filter(message__unit=shared.filler.unit, channel=Channel.EMAIL)
    assert set(own.values_list("address", flat=True)) == {SHARED}
    assert own.count() == 2


def test_two_people_with_one_mailbox_get_one_letter_that_names_both(waiting, mail):
    assert deliver_messages(at=MONDAY).sent == 2
    assert mail.received() == [SHARED]
    [letter] = mail.letters
    text = letter.get_content().replace("\r\n", "\n")
    assert text.startswith("收件人：林晓燕、吴志强\n\n将乐县：\n")
    assert text.count("1. 2024年上半年填报") == 1
    assert letter["Subject"].strip().startswith("【填报提醒】2024年上半年填报")


def test_the_other_person_is_not_written_to_within_a_day_either(waiting, mail):
    late = emails()[1]
    Delivery.objects.filter(pk=late.pk).update(next_attempt_at=MONDAY + timedelta(hours=1))
    assert deliver_messages(at=MONDAY).sent == 1
    assert deliver_messages(at=later(hours=6)).sent == 0
    assert len(mail.letters) == 1
    assert deliver_messages(at=later(hours=25)).sent == 1


def test_an_address_is_under_the_hands_of_one_sender(waiting):
    first = claim(MONDAY, 50, set())
    assert {one.row.user for one in first} == {waiting.filler, waiting.signer}
    assert claim(MONDAY + timedelta(seconds=1), 50, set()) == []


def test_people_of_two_units_with_one_mailbox_get_one_letter(waiting, mail):
    message = Message.objects.get(unit=waiting.other_filler.unit)
    Delivery.objects.create(
        message=message,
        user=waiting.other_filler,
        channel=Channel.EMAIL,
        address=SHARED,
        next_attempt_at=MONDAY,
    )
    assert deliver_messages(at=MONDAY).sent == 3
    [letter] = mail.letters
    text = letter.get_content().replace("\r\n", "\n")
    assert letter["Subject"].strip() == "【提醒】2个单位有待办事项：将乐、三元"
    assert text.startswith("收件人：林晓燕、吴志强、郑小红\n\n")
    assert all(f"\n{unit}：\n" in text for unit in ("将乐县", "三元区"))
