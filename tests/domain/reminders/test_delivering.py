"""Delivering to a real mail server that refuses, hangs up, is away; what a person decides."""

import time
from datetime import date, timedelta

import pytest

from tasks_app.choices import AuditAction, Channel, DeliveryState
from tasks_app.domain.moves import Refused
from tasks_app.domain.reminders import actions, delivering, queries, rules
from tasks_app.domain.reminders.delivering import deliver_messages
from tasks_app.models import AuditEvent, Delivery, Message, Report, User
from tests.reminder_letters import EVERYBODY, MONDAY, emails, later, states

S = DeliveryState


# --- the plain way ----------------------------------------------------------------------------------------


def test_letters_arrive_once_over_one_connection_with_a_fixed_identity(composed, mail):
    outcome = deliver_messages(at=MONDAY, batch=2)
    assert (outcome.sent, outcome.failed, outcome.pending, outcome.cancelled) == (5, 0, 0, 0)
    assert mail.received() == EVERYBODY
    assert deliver_messages(at=later(minutes=1)).sent == 0
    assert mail.received() == EVERYBODY
    identities = {letter["Message-ID"] for letter in mail.letters}
    assert identities == {f"<delivery-{delivery.pk}@yigai.test>" for delivery in emails()}
    letter = next(letter for letter in mail.letters if letter["To"] == "sanyuan@example.invalid")
    message = Message.objects.get(unit__name="三元区")
    assert letter["Subject"].strip() == message.subject  # a folded header
    assert letter.get_content().replace("\r\n", "\n") == message.body
    assert letter["Auto-Submitted"] == "auto-generated"


def test_a_batch_goes_over_one_connection(composed, mail):
    deliver_messages(at=MONDAY)
    assert mail.connections == 1


def test_in_a_demonstration_letters_become_files_that_say_so(composed, mail, settings, tmp_path):
    settings.HAS_MAIL_SERVER, settings.MAIL_FOLDER = False, str(tmp_path)
    assert deliver_messages(at=MONDAY).sent == 5
    assert mail.received() == []
    assert "".join(file.read_text() for file in tmp_path.iterdir()).count("Message-ID: <delivery-") == 5
    files = Delivery.objects.filter(channel=Channel.FILE)
    assert [(one.state, one.get_channel_display()) for one in files] == [(S.SENT, "文件（演示）")] * 5
    by_mail = Delivery.objects.filter(channel=Channel.EMAIL)
    assert {(one.state, one.error) for one in by_mail} == {(S.FAILED, "没有设置邮件；改由文件（演示）发送")}


def test_what_waits_when_the_mail_server_is_taken_away_was_not_sent(composed, mail, settings):
    settings.HAS_MAIL_SERVER, settings.MAIL_FOLDER = False, ""
    assert deliver_messages(at=MONDAY).sent == 0
    assert {(one.state, one.error) for one in emails()} == {(S.NOT_SENT, "没有设置邮件，消息只在站内")}
    assert deliver_messages(at=later(hours=1)).sent == 0


def test_without_any_way_out_messages_are_in_the_app_and_not_sent(composed, mail, settings):
    settings.HAS_MAIL_SERVER, settings.MAIL_FOLDER = False, ""
    actions.compose_reminders(at=later(days=2))
    rows = Delivery.objects.filter(message__day=later(days=2).date())
    assert {(one.channel, one.state) for one in rows} == {
        (Channel.IN_APP, S.SENT),
        (Channel.EMAIL, S.NOT_SENT),
    }
    assert {one.error for one in rows.filter(state=S.NOT_SENT)} == {"没有设置外发渠道，消息只在站内"}
    assert queries.inbox_of(composed.filler).unread().count() == 2


# --- looked at again at the moment of sending -------------------------------------------------------------


def test_filed_meanwhile_means_no_letter(composed, mail):
    Report.objects.filter(unit=composed.other_filler.unit).update(
        state="submitted", submitted_at=MONDAY, first_submitted_at=MONDAY, submitted_by=composed.other_filler
    )
    outcome = deliver_messages(at=MONDAY)
    assert (outcome.sent, outcome.cancelled) == (4, 1)
    assert "sanyuan@example.invalid" not in mail.received()
    assert Delivery.objects.get(state=S.CANCELLED).error.startswith("已办结")


def test_another_limit_meanwhile_means_no_letter(composed, mail):
    Report.objects.filter(unit=composed.other_filler.unit).update(due_on=date(2024, 8, 30))
    assert deliver_messages(at=MONDAY).cancelled == 1


def test_an_account_closed_meanwhile_gets_no_letter(composed, mail):
    User.objects.filter(pk=composed.signer.pk).update(is_active=False)
    assert deliver_messages(at=MONDAY).cancelled == 1
    assert "jiangle-sq@example.invalid" not in mail.received()


def test_a_letter_sent_a_day_late_says_what_is_true_that_day(composed, mail):
    deliver_messages(at=later(days=1))
    assert "截至2024年7月23日（星期二）" in mail.letters[0].get_content()
    assert "还有2个工作日" in mail.letters[0]["Subject"]
    assert Message.objects.filter(subject__contains="还有2个工作日").count() == 3


def test_after_a_long_outage_of_the_mail_server_everybody_gets_only_the_newest(composed, mail):
    mail.stop()
    assert deliver_messages(at=MONDAY).pending == 5
    actions.compose_reminders(at=later(days=2))  # T-1
    actions.compose_reminders(at=later(days=3))  # T
    mail.start()
    outcome = deliver_messages(at=later(days=3))
    assert (outcome.sent, outcome.cancelled) == (5, 10)
    assert mail.received() == EVERYBODY
    assert all("今天截止" in letter["Subject"] for letter in mail.letters)


def test_when_the_newest_is_not_needed_any_more_the_older_one_speaks_for_itself(composed, mail):
    deliveries = Delivery.objects.filter(message__unit=composed.other_filler.unit, channel=Channel.EMAIL)
    Delivery.objects.exclude(pk__in=deliveries).delete()
    newer = Message.objects.create(
        unit=composed.other_filler.unit, day=date(2024, 7, 23), subject="", body="", created_at=MONDAY
    )
    Delivery.objects.create(
        message=newer,
        user=composed.other_filler,
        channel=Channel.EMAIL,
        address=composed.other_filler.email,
        next_attempt_at=MONDAY,
    )
    outcome = deliver_messages(at=later(days=1))  # the newer is about nothing that is owed
    assert (outcome.sent, outcome.cancelled) == (1, 1)


# --- refusals and outages ---------------------------------------------------------------------------------


def test_an_address_that_is_refused_for_good_fails_at_once_and_the_others_arrive(composed, mail):
    mail.refuse["jiangle@example.invalid"] = "550 5.1.1 no such user"
    outcome = deliver_messages(at=MONDAY)
    assert (outcome.sent, outcome.failed) == (4, 1)
    assert Delivery.objects.get(state=S.FAILED).error == "邮件服务器答复 550 5.1.1 no such user"
    assert deliver_messages(at=later(hours=2)).failed == 0


def test_an_address_refused_for_now_is_tried_again_with_growing_pauses(composed, mail):
    mail.refuse["jiangle@example.invalid"] = "450 4.2.1 mailbox busy"
    at, pauses = MONDAY, []
    for _ in range(6):
        assert deliver_messages(at=at).pending == 1
        delivery = Delivery.objects.get(address="jiangle@example.invalid")
        pauses.append(round((delivery.next_attempt_at - at).total_seconds() / 60))
        assert deliver_messages(at=at + timedelta(seconds=30)).pending == 0  # not before its time
        at = delivery.next_attempt_at + timedelta(seconds=1)
    assert pauses == [1, 5, 15, 60, 60, 60]
    mail.refuse.clear()
    assert deliver_messages(at=at).sent == 1
    assert mail.received() == EVERYBODY


def test_after_about_a_day_of_trying_it_fails_in_words(composed, mail):
    mail.refuse["jiangle@example.invalid"] = "450 4.2.1 mailbox busy"
    deliver_messages(at=MONDAY)
    Delivery.objects.filter(state=S.PENDING).update(attempts=rules.ATTEMPTS - 1)
    assert deliver_messages(at=later(hours=8)).failed == 1
    assert Delivery.objects.get(state=S.FAILED).error.startswith("试了26次仍未发出：邮件服务器答复 450")
    assert sum((rules.pause_after(n) for n in range(1, rules.ATTEMPTS)), timedelta()) < timedelta(days=1)


def test_a_letter_whose_content_is_refused_fails(composed, mail):
    mail.refuse_content = "554 5.7.1 rejected"
    assert deliver_messages(at=MONDAY).failed == 5


def test_a_mail_server_that_is_away_costs_one_attempt_and_all_arrive_later(composed, mail):
    mail.stop()
    outcome = deliver_messages(at=MONDAY, batch=2)
    assert (outcome.sent, outcome.failed) == (0, 0)
    assert sum(delivery.attempts for delivery in emails()) == 1
    assert states() == {S.PENDING: 5}
    assert "连接不上邮件服务器" in Delivery.objects.filter(attempts=1).get().error
    mail.start()
    assert deliver_messages(at=later(minutes=2)).sent == 5
    assert mail.received() == EVERYBODY


def test_a_server_that_hangs_up_between_letters_is_called_again(composed, mail, monkeypatch):
    mail.letters_per_connection = 1
    take_up = delivering._take_up

    def take_up_after_a_while(*args):
        time.sleep(0.1)  # the server needs a moment to hang up
        return take_up(*args)

    monkeypatch.setattr(delivering, "_take_up", take_up_after_a_while)
    assert deliver_messages(at=MONDAY).sent == 5
    assert mail.received() == EVERYBODY
    assert mail.connections == 5


def test_no_answer_after_the_letter_was_handed_over_is_a_case_of_doubt(composed, mail):
    mail.hang_up_after_accepting = True
    outcome = deliver_messages(at=MONDAY)
    assert (outcome.sent, outcome.uncertain) == (0, 5)
    mail.hang_up_after_accepting = False
    assert deliver_messages(at=later(hours=3)).sent == 0  # never sent again by itself
    assert mail.received() == EVERYBODY


def test_a_server_that_keeps_silent_is_a_case_of_doubt(composed, mail, settings):
    settings.EMAIL_TIMEOUT = 0.2
    mail.answer_after = 1
    Delivery.objects.exclude(user=composed.filler).delete()
    assert deliver_messages(at=MONDAY).uncertain == 1
    assert "没有收到答复" in Delivery.objects.get(state=S.UNCERTAIN).error


# --- a person decides -------------------------------------------------------------------------------------


@pytest.fixture
def doubtful(composed, mail) -> Delivery:
    Delivery.objects.filter(channel=Channel.EMAIL).exclude(user=composed.filler).delete()
    mail.hang_up_after_accepting = True
    deliver_messages(at=MONDAY)
    mail.hang_up_after_accepting = False
    return queries.doubtful_deliveries(composed.office).get()


def test_resending_goes_to_the_present_address_and_is_in_the_trail(doubtful, composed, mail):
    User.objects.filter(pk=composed.filler.pk).update(email="new@example.invalid")
    actions.resend(doubtful.pk, by=composed.office, at=later(hours=1))
    assert deliver_messages(at=later(hours=1)).sent == 1
    assert mail.received() == ["jiangle@example.invalid", "new@example.invalid"]
    assert mail.letters[0]["Message-ID"] == mail.letters[1]["Message-ID"]
    event = AuditEvent.objects.get(action=AuditAction.DELIVERY_DECIDE)
    assert (event.actor, event.note, event.unit) == (composed.office, "重发", composed.filler.unit)
    assert event.changes == {"state": ["可能已发", "待发"]}


def test_taking_it_for_sent_settles_it(doubtful, composed, mail):
    delivery = actions.treat_as_sent(doubtful.pk, by=composed.office, at=later(hours=1))
    assert delivery.state == S.SENT
    assert "人工确认" in delivery.error
    assert not queries.doubtful_deliveries(composed.office).exists()
    with pytest.raises(Refused, match="已发"):
        actions.resend(doubtful.pk, by=composed.office, at=later(hours=2))
