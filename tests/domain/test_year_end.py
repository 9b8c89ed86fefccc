"""A year ends: what is open is listed, then the plan is settled and nothing more is chased."""

from datetime import date, datetime

import pytest

from tasks_app.choices import AuditAction
from tasks_app.clock import SHANGHAI
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.desk import waiting_for
from tasks_app.domain.escalation.candidates import candidates
from tasks_app.domain.escalation.queries import card_of, open_notices, visible_notices
from tasks_app.domain.matters.actions import ask
from tasks_app.domain.moves import Refused
from tasks_app.domain.reminders.actions import compose_reminders
from tasks_app.domain.reminders.delivering import deliver_messages
from tasks_app.domain.reminders.obligations import obligations
from tasks_app.domain.reporting.actions import open_due_periods, save_entry
from tasks_app.domain.year_end.actions import close_year, reopen_year, set_end
from tasks_app.domain.year_end.queries import in_words, what_is_open
from tasks_app.models import AuditEvent, Delivery, Plan, Report
from tests.escalation_stage import bring_to

LATE = datetime(2024, 8, 12, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture
def overdue(period, people, at) -> Plan:
    """The small plan with five reports that nobody filed, long after the limit."""
    open_due_periods(at=at)
    return period.plan


def test_what_is_open_is_what_would_be_chased(overdue, city):
    left = what_is_open(overdue, LATE)
    assert left == obligations(LATE, issuers=[city.pk])
    assert in_words(left) == "填报5件"


def test_after_it_nothing_is_composed_sent_or_suggested(overdue, city, people, at):
    assert candidates(city, LATE)
    compose_reminders(at=LATE)
    assert Delivery.objects.filter(state="pending").exists()
    close_year(overdue.pk, seen=5, by=people.office, at=LATE)
    assert obligations(LATE) == []
    assert candidates(city, LATE) == []
    deliver_messages(at=LATE)
    assert not Delivery.objects.filter(channel="email", state="sent").exists()
    next_day = LATE.replace(day=13)
    assert compose_reminders(at=next_day) == []
    event = AuditEvent.objects.get(action=AuditAction.PLAN_CLOSE)
    assert event.note == "办结时尚有5件未办：填报5件"


def test_units_file_no_more_until_it_is_taken_back(overdue, people):
    close_year(overdue.pk, seen=5, by=people.office, at=LATE)
    report = Report.objects.get(unit=people.other_filler.unit)
    entry = report.entries.first()
    given = {"values": {"progress": "迟到"}, "version": 0, "by": people.other_filler, "at": LATE}
    with pytest.raises(Refused, match="2024年度工作已经办结"):
        save_entry(report.pk, entry.pk, **given)
    reopen_year(overdue.pk, by=people.admin, at=LATE)
    save_entry(report.pk, entry.pk, **given)
    assert in_words(what_is_open(overdue, LATE)) == "填报5件"


def test_nothing_is_settled_unseen_or_too_early(overdue, people, at):
    with pytest.raises(Refused, match="刚刚有变化"):
        close_year(overdue.pk, seen=4, by=people.office, at=LATE)
    with pytest.raises(Refused, match="7月25日"):
        close_year(overdue.pk, seen=5, by=people.office, at=at)
    assert not Plan.objects.exclude(closed_at=None).exists()


def test_the_office_is_told_once_the_year_is_over(overdue, people):
    def told(at: datetime) -> list[str]:
        return [
            item.label
            for item in waiting_for(people.office, at, working_calendar())
            if "年度到期" in item.label
        ]

    new_year = datetime(2025, 1, 1, 9, 0, tzinfo=SHANGHAI)
    assert (told(LATE), len(told(new_year))) == ([], 1)
    set_end(overdue.pk, date(2024, 8, 10), by=people.admin, at=LATE)
    assert len(told(LATE)) == 1
    close_year(overdue.pk, seen=5, by=people.office, at=LATE)
    assert told(new_year) == []
    with pytest.raises(Refused, match="不能早于"):
        set_end(overdue.pk, date(2024, 7, 1), by=people.admin, at=LATE)


def test_nothing_of_it_waits_on_anybodys_first_page(overdue, people, city):
    report = Report.objects.get(unit=people.filler.unit)
    notice = bring_to("issued", report, people)
    about = {"text": "接口", "addressee": None, "due_on": date(2024, 8, 20), "by": people.filler, "at": LATE}
    ask(report.pk, report.entries.first().pk, **about)
    late, calendar = datetime(2024, 9, 2, 10, 0, tzinfo=SHANGHAI), working_calendar()

    def seen() -> tuple[list[bool], list[str], list[str]]:
        """督查单 on the unit's page: late or not; what waits on the desks of unit and office."""
        cards = open_notices(people.filler, late, calendar)
        desks = [waiting_for(person, late, calendar) for person in (people.filler, people.office)]
        return [card.is_late for card in cards], *([each.label for each in desk] for desk in desks)

    assert seen() == ([True], ["本单位提出的事项待答复"], ["协调事项待答复"])
    left = len(what_is_open(overdue, late))
    close_year(overdue.pk, seen=left, by=people.office, at=late)
    assert seen() == ([], [], [])
    notice = visible_notices(people.office, late.date()).get(pk=notice.pk)
    assert card_of(notice, late.date(), calendar, is_settled=True).limit is None
    reopen_year(overdue.pk, by=people.admin, at=late)
    assert seen() == ([True], ["本单位提出的事项待答复"], ["协调事项待答复"])
