"""截至: the ledger of reminders at a past moment says what is known of then, and what is not."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from tasks_app.choices import AuditAction, Channel, DeliveryState
from tasks_app.clock import SHANGHAI
from tasks_app.domain import audit
from tasks_app.models import Delivery, Message

S = DeliveryState
MONDAY = datetime(2024, 7, 15, 9, 0, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)
LEDGER = reverse("reminders")


@pytest.fixture
def message(people) -> Message:
    """To 将乐县 on Monday at nine: its filler read it at eleven; by then the letter had left, at ten."""
    message = write(people.filler, MONDAY)
    deliver(message, people.filler, Channel.IN_APP, sent_at=MONDAY, read_at=MONDAY + 2 * HOUR)
    deliver(message, people.filler, Channel.EMAIL, sent_at=MONDAY + HOUR)
    return message


def write(person, at: datetime, subject: str = "请填报上半年进展") -> Message:
    return Message.objects.create(
        unit=person.unit, day=at.date(), subject=subject, body="请填报", created_at=at
    )


def deliver(message: Message, person, channel: Channel, state=S.SENT, **times) -> Delivery:
    return Delivery.objects.create(
        message=message, user=person, channel=channel, state=state, next_attempt_at=MONDAY, **times
    )


@pytest.fixture
def office(people, login):
    return login(people.office, at=MONDAY + 48 * HOUR)


def ledger(client, as_of: str, **query) -> str:
    response = client.get(LEDGER, {"as_of": as_of, **query})
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("as_of", "shown", "missing"),
    [
        ("2024-07-15T08:59", "截至那时共 0 条消息", "将乐县</td>"),
        ("2024-07-15T09:30", "站内未读", "站内已读"),
        ("2024-07-15T09:30", "待发·邮件", "已发·邮件"),
        ("2024-07-15T10:30", "已发·邮件", "待发·邮件"),
        ("2024-07-15T10:30", "站内未读", "站内已读"),
        ("2024-07-15T11:00", "站内已读", "站内未读"),
    ],
)
def test_a_message_is_there_from_its_making_on_with_the_outcome_of_then(
    office, message, as_of, shown, missing
):
    text = ledger(office, as_of)
    assert "的情况，不是现在的。" in text
    assert shown in text
    assert missing not in text


def test_an_outcome_without_a_stored_time_is_said_to_be_unknown(office, message, people):
    letter = deliver(message, people.signer, Channel.EMAIL, S.FAILED, claimed_at=MONDAY + 3 * HOUR)
    assert "结果未留存·邮件" not in ledger(office, "2024-07-15T11:30")
    text = ledger(office, "2024-07-15T12:00")
    assert "结果未留存·邮件" in text
    assert "现在是“发送失败”，当时如何没有留存" in text
    # Settled by a person later: until then it was in doubt, since when nobody kept.
    Delivery.objects.filter(pk=letter.pk).update(state=S.SENT, sent_at=MONDAY + 3 * HOUR)
    audit.record(AuditAction.DELIVERY_DECIDE, letter, by=people.office, at=MONDAY + 30 * HOUR)
    assert "结果未留存·邮件" in ledger(office, "2024-07-15T12:00")
    assert "结果未留存·邮件" not in ledger(office, "2024-07-16T15:00")


def test_nothing_can_be_done_in_the_past(office, message, people):
    deliver(message, people.signer, Channel.EMAIL, S.UNCERTAIN, claimed_at=MONDAY)
    assert "需要处理的消息" in ledger(office, "")
    text = ledger(office, "2024-07-15").split("<main", 1)[1]
    assert "需要处理的消息" not in text
    assert 'method="post"' not in text
    assert "sort=" not in text


def test_it_is_narrowed_by_unit_and_day_but_not_by_outcome(office, message, people):
    write(people.other_filler, MONDAY + 24 * HOUR, "三元区的消息")
    assert "截至那时共 2 条消息" in ledger(office, "2024-07-16T12:00", state="failed")
    text = ledger(office, "2024-07-16T12:00", unit=people.filler.unit_id)
    assert "截至那时共 1 条消息" in text
    assert "三元区的消息" not in text
    assert 'name="state"' not in text
    assert "截至那时共 1 条消息" in ledger(office, "2024-07-16T12:00", day="2024-07-16")


def test_what_cannot_be_shown_is_a_sentence_above_the_present(office, message):
    text = ledger(office, "2999-01-01")
    assert "“截至”的时间还没有到" in text
    assert "站内已读" in text


def test_it_takes_a_fixed_number_of_statements(office, message, people, django_assert_max_num_queries):
    with django_assert_max_num_queries(10) as first:
        ledger(office, "2024-07-16T12:00")
    for days in range(1, 4):
        another = write(people.other_filler, MONDAY - days * 24 * HOUR)
        letter = deliver(another, people.other_filler, Channel.EMAIL, S.UNCERTAIN, claimed_at=MONDAY)
        audit.record(AuditAction.DELIVERY_DECIDE, letter, by=people.office, at=MONDAY + 30 * HOUR)
    with django_assert_max_num_queries(len(first)):
        ledger(office, "2024-07-16T12:00")
