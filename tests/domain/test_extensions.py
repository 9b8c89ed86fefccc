"""More time: only a granted one moves the limit; lamps, reminders and the past follow."""

from datetime import date, timedelta

import pytest

from tasks_app.choices import AuditAction, ExtensionState, FilingLamp, ReportState
from tasks_app.domain.calendar.actions import load_official_days
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.extensions import actions, queries
from tasks_app.domain.history.queries import reports_then
from tasks_app.domain.lagging.queries import debtors
from tasks_app.domain.moves import Refused
from tasks_app.domain.reminders.actions import compose_reminders
from tasks_app.domain.reporting import actions as reporting
from tasks_app.domain.reporting.rules import report_lamp
from tasks_app.models import AuditEvent, Extension, Message, Report
from tests.cast import july

LIMIT, NEW = date(2024, 7, 25), date(2024, 8, 1)
WORDS = {"progress": "专班已组建。", "forecast": "", "status": "on_track", "remarks": ""}
ASKED = {"reason": "核数需要时间", "situation": "已完成大半", "wanted_on": NEW}


@pytest.fixture
def report(period, people, at) -> Report:
    """三元区's report, due on Thursday 25 July; the county has no signer."""
    load_official_days([2024], by=None, at=at)
    reporting.open_due_periods(at=july(1))
    return Report.objects.get(unit=people.other_filler.unit)


@pytest.fixture
def extension(report, people, at) -> Extension:
    return actions.ask_extension(report.pk, **ASKED, by=people.other_filler, at=at)


def refreshed(report: Report) -> Report:
    return Report.objects.select_related("unit", "period__plan").get(pk=report.pk)


def test_asking_changes_nothing_and_granting_moves_the_limit(report, extension, people, at):
    assert refreshed(report).due_on == LIMIT
    [waiting] = queries.open_extensions(people.office, at + timedelta(days=2))
    assert (waiting.extension, waiting.days, waiting.is_pressing) == (extension, 2, False)
    actions.grant_extension(extension.pk, until=date(2024, 7, 30), decision="酌予", by=people.office, at=at)
    report = refreshed(report)
    assert report.due_on == date(2024, 7, 30)
    assert report_lamp(report, date(2024, 7, 26), working_calendar()) == FilingLamp.URGENT
    event = AuditEvent.objects.filter(action=AuditAction.EXTENSION).latest("pk")
    assert event.changes == {"due_on": ["2024-07-25", "2024-07-30"]}
    assert event.note == "准予延至 2024-07-30：酌予"
    assert not queries.open_extensions(people.office, at)
    assert queries.extensions_of(report)[0].granted_until == date(2024, 7, 30)


def test_filed_within_the_new_limit_is_on_time(report, extension, people, at):
    actions.grant_extension(extension.pk, until=NEW, by=people.office, at=at)
    for entry in report.entries.all():
        reporting.save_entry(report.pk, entry.pk, values=WORDS, version=0, by=people.other_filler, at=at)
    reporting.submit_report(report.pk, by=people.other_filler, at=july(31))
    assert not refreshed(report).is_late


def test_reminders_follow_the_limit_that_was_granted(report, extension, people, at):
    """Granted before T-5 of the old limit: what is said from then on speaks of the new one alone."""
    told = lambda: list(  # noqa: E731
        Message.objects.filter(unit=report.unit).order_by("day").values_list("day", "reminders__due_on")
    )
    compose_reminders(at=july(15))
    assert told() == [(date(2024, 7, 15), LIMIT)]
    actions.grant_extension(extension.pk, until=NEW, by=people.office, at=july(17))
    for day in range(18, 33):
        compose_reminders(at=july(day))
    days = [day for day, due_on in told() if due_on == NEW]
    assert days == [date(2024, 7, n) for n in (18, 25, 29, 31)] + [NEW]
    assert (date(2024, 7, 25), LIMIT) not in told()
    assert not [day for day, due_on in told() if due_on == LIMIT and day > date(2024, 7, 17)]


def test_an_ungranted_one_leaves_limit_lamp_and_reminders_alone(report, extension, people, at):
    actions.refuse_extension(extension.pk, decision="时间充裕", by=people.office, at=at)
    compose_reminders(at=july(26))
    assert refreshed(report).due_on == LIMIT
    assert report_lamp(refreshed(report), date(2024, 7, 26), working_calendar()) == FilingLamp.OVERDUE
    assert Message.objects.filter(unit=report.unit, reminders__due_on=LIMIT, reminders__rung=1).exists()
    again = actions.ask_extension(report.pk, **ASKED, by=people.other_filler, at=at)
    actions.withdraw_extension(again.pk, by=people.other_filler, at=at)
    assert refreshed(report).due_on == LIMIT
    assert [e.state for e in queries.extensions_of(report)] == [
        ExtensionState.WITHDRAWN,
        ExtensionState.REFUSED,
    ]


def test_lists_and_the_past_follow(report, extension, people, period, at):
    actions.grant_extension(extension.pk, until=NEW, by=people.office, at=at + timedelta(hours=1))
    period.refresh_from_db()
    listed = {
        debtor.filing.report.unit_id: debtor.filing.report.due_on for debtor in debtors(period, at=july(26))
    }
    assert listed.pop(report.unit_id) == NEW
    assert set(listed.values()) == {LIMIT}
    before, after = (
        reports_then(period, at=moment, only=report)[0].report.due_on
        for moment in (at, at + timedelta(hours=2))
    )
    assert (before, after) == (LIMIT, NEW)


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (LIMIT, "应晚于现在的截止日"),
        (date(2024, 7, 27), "2024年7月27日不是工作日，请改选工作日，例如 2024年7月29日"),
        (date(2024, 8, 20), "2024年8月15日 关闭"),
    ],
)
def test_not_every_day_can_be_wanted_or_granted(report, extension, people, at, day, sentence):
    report.period.closes_on = date(2024, 8, 15)
    report.period.save()
    with pytest.raises(Refused, match=sentence):
        actions.grant_extension(extension.pk, until=day, by=people.office, at=at)
    actions.withdraw_extension(extension.pk, by=people.other_filler, at=at)
    with pytest.raises(Refused, match=sentence):
        actions.ask_extension(report.pk, **ASKED | {"wanted_on": day}, by=people.other_filler, at=at)


def test_asked_too_late_twice_or_by_others(report, people, at):
    with pytest.raises(Refused, match="须在截止日前申请"):
        actions.ask_extension(report.pk, **ASKED, by=people.other_filler, at=july(26))
    for part in ("filler", "office", "admin", "leader"):
        with pytest.raises(Refused, match="只有本单位"):
            actions.ask_extension(report.pk, **ASKED, by=getattr(people, part), at=at)
    actions.ask_extension(report.pk, **ASKED, by=people.other_filler, at=july(25))
    with pytest.raises(Refused, match="已有一件"):
        actions.ask_extension(report.pk, **ASKED, by=people.other_filler, at=july(25))
    assert Extension.objects.count() == 1


def test_only_the_office_decides_once_and_with_a_reason(report, extension, people, at):
    for part in ("other_filler", "leader", "admin"):
        with pytest.raises(Refused, match="由市医改办批复"):
            actions.grant_extension(extension.pk, until=NEW, by=getattr(people, part), at=at)
    with pytest.raises(Refused, match="请写明不予延期的理由"):
        actions.refuse_extension(extension.pk, decision=" ", by=people.office, at=at)
    actions.grant_extension(extension.pk, until=NEW, by=people.office, at=at)
    with pytest.raises(Refused, match="已准予"):
        actions.refuse_extension(extension.pk, decision="改主意", by=people.office, at=at)
    with pytest.raises(Refused, match="已准予"):
        actions.withdraw_extension(extension.pk, by=people.other_filler, at=at)


def test_what_was_filed_meanwhile_is_not_granted(report, extension, people, at):
    for entry in report.entries.all():
        reporting.save_entry(report.pk, entry.pk, values=WORDS, version=0, by=people.other_filler, at=at)
    reporting.submit_report(report.pk, by=people.other_filler, at=at)
    [waiting] = queries.open_extensions(people.office, at)
    assert waiting.is_filed
    with pytest.raises(Refused, match="已经报送"):
        actions.grant_extension(extension.pk, until=NEW, by=people.office, at=at)
    actions.refuse_extension(extension.pk, decision="已报送", by=people.office, at=at)
    assert refreshed(report).state == ReportState.SUBMITTED
    with pytest.raises(Refused, match="不需要延期"):
        actions.ask_extension(report.pk, **ASKED, by=people.other_filler, at=at)
