"""What counts as a reminder given, in the list of debtors and in suggestions: it left the house, or was read in it."""

from datetime import date

import pytest

from tasks_app.choices import Channel, DeliveryState
from tasks_app.domain.calendar.actions import load_official_days
from tasks_app.domain.escalation.candidates import candidates
from tasks_app.domain.lagging import queries as lagging
from tasks_app.domain.reporting import actions as reporting
from tasks_app.models import Delivery, Message, Reminder, Report
from tests.escalation_stage import LATE, on


@pytest.mark.parametrize(
    ("channel", "state", "is_read", "counts"),
    [
        (Channel.IN_APP, DeliveryState.SENT, False, False),
        (Channel.IN_APP, DeliveryState.SENT, True, True),
        (Channel.EMAIL, DeliveryState.SENT, False, True),
        (Channel.EMAIL, DeliveryState.NOT_SENT, False, False),
        (Channel.EMAIL, DeliveryState.UNCERTAIN, False, False),
        (Channel.FILE, DeliveryState.SENT, False, False),
    ],
)
def test_a_reminder_that_nobody_was_sent_or_read_is_none_given(
    period, city, people, at, channel, state, is_read, counts
):
    load_official_days([2024], by=None, at=at)
    reporting.open_due_periods(at=at)
    report, day = Report.objects.get(unit=people.other_filler.unit), date(2024, 7, 26)
    message = Message.objects.create(unit=report.unit, day=day, subject="催报", body="…", created_at=on(day))
    Reminder.objects.create(
        kind="filing", report=report, due_on=report.due_on, rung=1, message=message, created_at=on(day)
    )
    Delivery.objects.create(
        message=message, user=people.other_filler, channel=channel, state=state, next_attempt_at=on(day),
        claimed_at=on(day), sent_at=on(day) if state == DeliveryState.SENT else None,
        read_at=on(day) if is_read else None,
    )  # fmt: skip
    debtors = {each.filing.report.pk: each for each in lagging.debtors(report.period, at=LATE)}
    assert debtors[report.pk].reminded_at == (on(day) if counts else None)
    [candidate] = [each for each in candidates(city, LATE) if each.report == report]
    assert dict(candidate.lines)["提醒"].startswith("已提醒1次" if counts else "系统没有提醒过")
