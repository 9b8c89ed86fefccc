"""Adding a kind is one file and one line: this file is one, and everything knows it."""

from datetime import date

import pytest
from django.core import mail
from django.db.models import F
from django.urls import reverse

from tasks_app.domain.calendar.actions import load_official_days
from tasks_app.domain.reminders import actions, obligations
from tasks_app.domain.reminders.calls import calls_to_make
from tasks_app.domain.reminders.delivering import deliver_messages
from tasks_app.domain.reminders.kinds import KINDS, reports
from tasks_app.domain.reminders.kinds.kind import Kind, day_of, limited_words
from tasks_app.domain.reminders.kinds.things import REPORT
from tasks_app.domain.reminders.rungs import BEGINNING, rungs
from tasks_app.domain.reporting import actions as reporting
from tasks_app.models import Message, Reminder, Report
from tests.escalation_stage import on

JULY = on(date(2024, 7, 1))

KIND = Kind(
    code="telephone",
    label="联系电话",
    thing=REPORT,
    owed=lambda at: reports.owed(at).filter(filler_phone=""),
    columns={"since": day_of("period__opened_at"), "due_on": F("period__opens_on")},
    rungs=rungs((BEGINNING, "f"), (1, "fo", 5)),
    page=reports.PAGE,
    words=limited_words("应于"),
    steps=dict.fromkeys(reports.STEPS, "尚未填写联系电话。"),
)


@pytest.fixture
def known(monkeypatch):
    """The one line."""
    monkeypatch.setitem(KINDS, KIND.code, KIND)
    obligations._statement.cache_clear()
    yield
    obligations._statement.cache_clear()


@pytest.fixture
def report(known, period, people) -> Report:
    load_official_days([2024], by=None, at=JULY)
    reporting.open_due_periods(at=JULY)
    return Report.objects.get(unit=people.filler.unit)


def test_it_is_composed_sent_and_in_the_ledger_until_it_is_done(report, people):
    actions.compose_reminders(at=JULY)
    message = Message.objects.get(unit=report.unit)
    assert "尚未填写联系电话。" in message.body
    assert sorted(message.reminders.values_list("kind", "rung")) == [("filing", -100), ("telephone", -100)]
    assert deliver_messages(at=JULY).sent == 3
    later = on(date(2024, 7, 3))
    actions.compose_reminders(at=later)  # nothing but this kind has a rung on that day
    assert {one.kind for one in Reminder.objects.filter(message__day=later.date())} == {"telephone"}
    Report.objects.filter(pk=report.pk).update(filler_phone="0598-8220000")
    before = len(mail.outbox)
    assert deliver_messages(at=later).cancelled == 1
    assert all("jiangle@example.invalid" not in letter.to for letter in mail.outbox[before:])


def test_it_is_on_the_call_list_and_in_the_ladders_pages(report, people, city, plan, login):
    at = on(date(2024, 7, 4))
    calls = {call.unit_name: [item.step for item in call.items] for call in calls_to_make(city, at)}
    assert calls["将乐县"] == ["尚未填写联系电话。"]
    client = login(people.office, at)
    page = client.get(reverse("ladder_of", args=[plan.pk, KIND.code])).content.decode()
    assert 'aria-current="page">联系电话</a>' in page
    assert "之后每隔" in page
    coming = client.get(reverse("reminders_coming")).content.decode()
    assert "逾期3个工作日" in coming
