"""Delivering to a real mail server that refuses, hangs up, is away; workers at once; a sender killed."""

import json
import time
from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from tasks_app.choices import AuditAction, Channel, DeliveryState
from tasks_app.clock import SHANGHAI
from tasks_app.domain.calendar.actions import load_official_days
from tasks_app.domain.reminders import actions, delivering, queries, rules
from tasks_app.domain.reminders.delivering import deliver_messages
from tasks_app.domain.reporting import actions as reporting
from tasks_app.models import AuditEvent, Delivery, Message, Report, User
from tests.surroundings.difficult_mail import MailServer
from tests.surroundings.program import Program

S = DeliveryState
MONDAY = datetime(2024, 7, 22, 9, 0, tzinfo=SHANGHAI)  # T-3: fillers and signers
EVERYBODY = sorted(
    f"{name}@example.invalid" for name in ("jiangle", "jiangle-sq", "sanyuan", "wjw", "wjw-sq")
)


@pytest.fixture
def server():
    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def mail(server, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 2
    settings.SITE_URL = "http://yigai.test"
    return server


@pytest.fixture
def composed(mail, period, people, at):
    """Monday's messages are written: in-app sent, five e-mails waiting."""
    load_official_days([2024], by=None, at=at)
    reporting.open_due_periods(at=at)
    actions.compose_reminders(at=MONDAY)
    return people


def emails() -> list[Delivery]:
    return list(Delivery.objects.filter(channel=Channel.EMAIL).order_by("address"))


def states() -> Counter[str]:
    return Counter(delivery.state for delivery in emails())


def later(**pause: float) -> datetime:
    return MONDAY + timedelta(**pause)


# --- the plain way ----------------------------------------------------------------------------------------


def test_letters_arrive_once_over_one_connection_with_a_fixed_identity(composed, mail):
    outcome = deliver_messages(at=MONDAY, batch=2)
    assert (outcome.sent, outcome.failed, outcome.pending, outcome.cancelled) == (5, 0, 0, 0)
    assert mail.received() == EVERYBODY
    assert deliver_messages(at=later(minutes=1)).sent == 0
    assert mail.received() == EVERYBODY
    identities = {letter["Message-ID"] for letter in mail.letters}
    assert identities == {f"<delivery-{delivery.pk}@yigai.test>" for delivery in emails()}
    letter = mail.letters[0]
    message = Message.objects.get(unit__name="三元区")
    assert letter["Subject"].strip() == message.subject  # a folded header
    assert letter.get_content().replace("\r\n", "\n") == message.body
    assert letter["Auto-Submitted"] == "auto-generated"


def test_a_batch_goes_over_one_connection(composed, mail):
    deliver_messages(at=MONDAY)
    assert mail.connections == 1


def test_without_a_mail_server_letters_become_files(composed, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    assert deliver_messages(at=MONDAY).sent == 5
    assert "".join(file.read_text() for file in tmp_path.iterdir()).count("Message-ID: <delivery-") == 5


# --- looked at again at the moment of sending -------------------------------------------------------------


def test_filed_meanwhile_means_no_letter(composed, mail):
    Report.objects.filter(unit=composed.other_filler.unit).update(
        state="submitted", submitted_at=MONDAY, first_submitted_at=MONDAY, submitted_by=composed.other_filler
    )
    outcome = deliver_messages(at=MONDAY)
    assert (outcome.sent, outcome.cancelled) == (4, 1)
    assert "sanyuan@example.invalid" not in mail.received()
    assert Delivery.objects.get(state=S.CANCELLED).error.startswith("已报送")


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
        message=newer, user=composed.other_filler, channel=Channel.EMAIL, next_attempt_at=MONDAY
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
    mark = delivering._mark_sending

    def mark_after_a_while(*args):
        time.sleep(0.1)  # the server needs a moment to hang up
        return mark(*args)

    monkeypatch.setattr(delivering, "_mark_sending", mark_after_a_while)
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
    with pytest.raises(actions.DecisionRefusedError, match="已发"):
        actions.resend(doubtful.pk, by=composed.office, at=later(hours=2))


# --- several at once, and killed: processes of their own on a database of their own ------------------------

POPULATE = """
from tests import cast
from datetime import datetime
from tasks_app.domain.calendar.actions import load_official_days
load_official_days([2024], by=None, at=cast.AT)
city = cast.make_city()
units = cast.make_units(city) | {city.name: city}
cast.make_people(units)
cast.make_period(cast.make_plan(city, units))
"""
RUN_TOGETHER = """
import sys, time
from datetime import datetime
from django.db import connection
from tasks_app.domain.reminders.actions import compose_reminders
from tasks_app.domain.reminders.delivering import deliver_messages
from tasks_app.domain.reporting.actions import open_due_periods
at = datetime.fromisoformat("2024-07-22T09:00+08:00")
connection.ensure_connection()
time.sleep(max(0, {start} - time.time()))
open_due_periods(at=at)
compose_reminders(at=at)
print(deliver_messages(at=at, batch=2).sent)
"""
COUNT = """
import json
from collections import Counter
from tasks_app.models import *
print(json.dumps({
    "messages": Message.objects.count(), "reminders": Reminder.objects.count(),
    "reports": Report.objects.count(),
    "email": Counter(Delivery.objects.filter(channel="email").values_list("state", flat=True)),
}))
"""


@pytest.fixture
def program(server, tmp_path, worker_name) -> Program:
    program = Program.create(
        tmp_path, f"reminders_{worker_name}", EMAIL_URL=server.url, SITE_URL="http://yigai.test"
    )
    program.python(POPULATE)
    return program


@pytest.fixture
def worker_name(request) -> str:
    return getattr(request.config, "workerinput", {}).get("workerid", "alone")


def test_workers_at_the_same_moment_send_one_message(program, server):
    code = RUN_TOGETHER.format(start=time.time() + 4)
    runs = [program.start("-c", "import django; django.setup()\n" + code) for _ in range(3)]
    outputs = [run.communicate(timeout=60) for run in runs]
    assert all(run.returncode == 0 for run in runs), outputs
    assert sum(int(output.split()[-1]) for output, _ in outputs) == 5
    assert server.received() == EVERYBODY
    assert program.python(COUNT) == {"messages": 3, "reminders": 3, "reports": 5, "email": {"sent": 5}}


def test_a_sender_killed_while_sending_leaves_one_doubt_and_nothing_lost_or_doubled(program, server):
    server.answer_after = 60
    sender = program.start("manage.py", "send_reminders", "--at", "2024-07-22T09:00")
    deadline = time.monotonic() + 30
    while not server.letters and time.monotonic() < deadline:
        time.sleep(0.02)
    sender.kill()
    sender.communicate()
    assert program.python(COUNT)["email"] == {"sending": 1, "pending": 4}
    server.answer_after = 0
    # Soon after, nobody touches what the dead one had claimed …
    soon = json.loads(program.manage("send_reminders", "--at", "2024-07-22T09:05", "--json"))
    assert soon["delivered"]["sent"] == 0
    # … ten minutes after, the rest goes out and the one in doubt waits for a person.
    after = json.loads(program.manage("send_reminders", "--at", "2024-07-22T09:11", "--json"))
    assert after["delivered"] == {"sent": 4, "failed": 0, "pending": 0, "cancelled": 0, "uncertain": 1}
    assert server.received() == EVERYBODY
    assert program.python(COUNT)["email"] == {"sent": 4, "uncertain": 1}
