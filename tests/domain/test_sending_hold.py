"""After a restore nothing leaves until a person has seen what would, and decided."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tasks_app.choices import AuditAction, Channel, DeliveryState
from tasks_app.domain.backups import actions, queries
from tasks_app.domain.backups.rules import mark_of
from tasks_app.domain.calendar.actions import load_official_days
from tasks_app.domain.moves import Refused
from tasks_app.domain.reminders.actions import compose_reminders
from tasks_app.domain.reminders.delivering import deliver_messages
from tasks_app.domain.reporting.actions import open_due_periods
from tasks_app.models import AuditEvent, Delivery, Message, SendingHold
from tests.reminder_letters import EVERYBODY, MONDAY, emails, states

PAGE = reverse("sending_hold")


@pytest.fixture
def restored(smtp_server, period, people, at, settings):
    """A restored city on a Monday with five letters due; its mail server works."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, _, port = smtp_server.url.rpartition("/")[2].partition(":")
    settings.EMAIL_PORT = int(port)
    load_official_days([2024], by=None, at=at)
    open_due_periods(at=at)
    SendingHold.objects.create(held_at=MONDAY, backup_made_at=MONDAY - timedelta(days=1))
    return people


def release(people, *, discard: bool = False, seen: str | None = None) -> int:
    seen = mark_of(queries.leaving(MONDAY)) if seen is None else seen
    return actions.release_sending(seen=seen, discard=discard, by=people.office, at=MONDAY)


def test_held_back_messages_are_written_and_stay(restored, smtp_server):
    compose_reminders(at=MONDAY)
    assert deliver_messages(at=MONDAY).sent == 0
    assert states() == {"pending": 5}
    assert Delivery.objects.filter(channel=Channel.IN_APP, state=DeliveryState.SENT).count() == 5
    assert smtp_server.mailbox.letters == []


def test_what_would_leave_is_the_same_before_and_after_it_is_written(restored):
    drafts = queries.leaving(MONDAY)
    assert [one.is_draft for one in drafts] == [True] * 5
    compose_reminders(at=MONDAY)
    written = queries.leaving(MONDAY)
    assert [one.is_draft for one in written] == [False] * 5
    assert [(one.unit, one.person, one.subject) for one in written] == [
        (one.unit, one.person, one.subject) for one in drafts
    ]
    assert mark_of(drafts) == mark_of(written)


def test_released_they_leave(restored, smtp_server):
    assert release(restored) == 5
    compose_reminders(at=MONDAY)
    assert deliver_messages(at=MONDAY).sent == 5
    assert sorted(address for letter in smtp_server.mailbox.recipients for address in letter) == EVERYBODY


def test_discarded_they_never_leave_but_are_read_in_the_program(restored, smtp_server):
    assert release(restored, discard=True) == 5
    compose_reminders(at=MONDAY)
    deliver_messages(at=MONDAY)
    deliver_messages(at=MONDAY + timedelta(hours=2))
    assert smtp_server.mailbox.letters == []
    assert {(one.state, one.error) for one in emails()} == {("cancelled", "恢复备份后，经人工确认不再发送")}
    assert Message.objects.count() == 3
    # What falls due later is told as ever.
    later = MONDAY + timedelta(days=3)
    compose_reminders(at=later)
    assert deliver_messages(at=later).sent == 5


def test_who_released_it_stands_in_the_trail(restored):
    release(restored, discard=True)
    hold = SendingHold.objects.get()
    assert (hold.released_by, hold.released_at) == (restored.office, MONDAY)
    event = AuditEvent.objects.get(action=AuditAction.SENDING_RELEASE)
    assert (event.actor, event.note) == (restored.office, "看过待发的5条消息，都不再发送；外发放行")


def test_another_list_than_was_seen_is_not_decided(restored):
    with pytest.raises(Refused, match="待发名单在您查看之后有了变化"):
        release(restored, seen=mark_of([]))
    assert SendingHold.objects.open().count() == 1
    release(restored)
    with pytest.raises(Refused, match="已经放行"):
        release(restored)


def test_the_office_sees_the_list_and_releases_it_on_the_page(restored, login):
    client = login(restored.office, at=MONDAY)
    page = client.get(PAGE).content.decode()
    for words in (
        "2024年7月21日 09:00的备份恢复",
        "放行后会发出的消息（5条）",
        "林晓燕",
        "到了时间，还没有生成",
    ):
        assert words in page
    (seen,) = (part.split('"')[0] for part in page.split('name="seen" value="')[1:])
    refused = client.post(PAGE, {"seen": "another", "decision": "discard"}, follow=True).content.decode()
    assert "请看过新的名单再决定" in refused
    answer = client.post(PAGE, {"seen": seen, "decision": "discard"}, follow=True)
    assert answer.redirect_chain == [(reverse("status"), 302)]
    assert "名单上的5条不再发送" in answer.content.decode()
    assert "外发没有暂停" in client.get(PAGE).content.decode()


def test_the_status_page_says_so_and_leads_there(restored, login, redis_server, settings):
    settings.CELERY_BROKER_URL = redis_server.url
    page = login(restored.office, at=MONDAY).get(reverse("status")).content.decode()
    assert "外发放行</strong>：7月22日 09:00从备份恢复，此后一条消息也没有外发" in page
    assert f'href="{PAGE}"' in page
    admin = login(restored.admin, at=MONDAY).get(reverse("status")).content.decode()
    assert "请市医改办在本页点“查看待发名单”" in admin
    assert f'href="{PAGE}"' not in admin
