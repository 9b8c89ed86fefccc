"""What is no longer owed when a letter would leave does not leave: the cases in which it did."""

from datetime import date, timedelta

import pytest
from django.core import mail

from tasks_app import channels
from tasks_app.channels.email import EmailChannel
from tasks_app.choices import Channel, DeliveryState, ReportState
from tasks_app.domain.calendar.actions import load_official_days
from tasks_app.domain.escalation.actions import edit_notice
from tasks_app.domain.reminders import actions
from tasks_app.domain.reminders.delivering import deliver_messages
from tasks_app.domain.reminders.obligations import obligations
from tasks_app.domain.reporting import actions as reporting
from tasks_app.domain.units.actions import set_active
from tasks_app.models import Delivery, Message, Report, SupervisionNotice, User
from tests.escalation_stage import HEARD_UNTIL, LATE, draft, on, step

JULY = on(date(2024, 7, 1))
S = DeliveryState


@pytest.fixture
def report(people, period) -> Report:
    """What 将乐县 owes, and nothing told of it yet."""
    load_official_days([2024], by=None, at=JULY)
    reporting.open_due_periods(at=JULY)
    return Report.objects.get(unit=people.filler.unit)


@pytest.fixture
def heard(report, people) -> SupervisionNotice:
    """The report was filed late; a 督查单 about it is to be objected to, and the unit's message says so."""
    notice = draft(report, by=people.office)
    step(notice, "hear", people)
    Report.objects.update(
        state=ReportState.SUBMITTED, submitted_at=LATE, first_submitted_at=LATE, submitted_by=people.filler
    )
    actions.compose_reminders(at=LATE)
    assert [one.kind.code for one in owed_by(people, LATE)] == ["notice"]
    return notice


def owed_by(people, at):
    return [one for one in obligations(at, units=[people.filler.unit_id]) if not one.kind.for_office]


def to_the_unit() -> list[str]:
    own = {"jiangle@example.invalid", "jiangle-sq@example.invalid"}
    return [letter.subject for letter in mail.outbox if own & set(letter.to)]


@pytest.mark.parametrize("move", ["object", "agree", "withdraw"])
def test_a_notice_that_was_objected_to_or_withdrawn_is_asked_of_nobody(heard, people, move):
    step(heard, move, people, at=LATE + timedelta(minutes=30))
    assert owed_by(people, LATE + timedelta(hours=1)) == []
    assert deliver_messages(at=LATE + timedelta(hours=1)).cancelled == 2
    assert to_the_unit() == []
    cancelled = Delivery.objects.filter(state=S.CANCELLED).values_list("error", flat=True)
    assert set(cancelled) == {"已办结或时限已变，不再发送"}


def test_a_unit_that_is_heard_anew_is_asked_anew(heard, people):
    """What was changed after the objection has to be heard again: what the unit said before answers nothing."""
    step(heard, "object", people, at=LATE)
    edit_notice(
        heard.pk, title="填报逾期未报", grounds="时限：7月25日", requirement="请三日内补报。",
        reply_due_on=date(2024, 8, 20), objection_due_on=HEARD_UNTIL + timedelta(days=1),
        by=people.office, at=LATE + timedelta(hours=1),
    )  # fmt: skip
    assert [one.kind.code for one in owed_by(people, LATE + timedelta(hours=2))] == ["notice"]


def test_a_closed_unit_is_written_to_no_more_whatever_it_owed(heard, people, units):
    set_active(people.filler.unit, False, by=people.admin, at=LATE)
    assert owed_by(people, LATE) == []
    deliver_messages(at=LATE + timedelta(hours=1))
    assert to_the_unit() == []
    assert not Delivery.objects.filter(message__unit=people.filler.unit, state=S.PENDING).exists()


def test_a_closed_unit_is_not_asked_to_sign(report, people):
    Report.objects.filter(pk=report.pk).update(state=ReportState.SIGNING, sign_requested_at=JULY)
    at = on(date(2024, 7, 3))
    actions.compose_reminders(at=at)
    assert Message.objects.filter(unit=report.unit).exists()
    set_active(report.unit, False, by=people.admin, at=at)
    deliver_messages(at=at + timedelta(hours=2))
    assert to_the_unit() == []


def test_somebody_who_has_left_the_unit_is_not_written_to(report, people, units):
    actions.compose_reminders(at=JULY)
    User.objects.filter(pk=people.filler.pk).update(unit=units["市财政局"])
    deliver_messages(at=JULY + timedelta(hours=1))
    assert to_the_unit() == []
    own = Delivery.objects.get(user=people.filler, channel=Channel.EMAIL)
    assert (own.state, own.error) == (S.CANCELLED, "接收人已不是该单位的人员")


def test_what_is_settled_while_earlier_letters_leave_is_not_asked_for(report, people, monkeypatch):
    """The batch was looked at before its first letter left; the last one is looked at again."""
    actions.compose_reminders(at=JULY)
    waiting = Delivery.objects.filter(channel=Channel.EMAIL, state=S.PENDING)
    assert waiting.count() == 3

    class FilesMeanwhile(EmailChannel):
        def send(self, letter):
            super().send(letter)
            Report.objects.update(
                state=ReportState.SUBMITTED, submitted_at=JULY, first_submitted_at=JULY,
                submitted_by=people.filler,
            )  # fmt: skip

    monkeypatch.setitem(channels.CHANNELS, Channel.EMAIL, FilesMeanwhile)
    outcome = deliver_messages(at=JULY)
    assert (outcome.sent, outcome.cancelled) == (1, 2)
    assert len(mail.outbox) == 1
