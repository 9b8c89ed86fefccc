"""Where reform lags: what a period adds up to, who owes and whom to ring, which tasks are behind."""

from datetime import date, datetime, timedelta
from functools import partial

import pytest

from tasks_app.choices import (
    Channel,
    DeliveryState,
    FilingGroup,
    ProgressBand,
    ProgressStatus,
    ReportState,
    Role,
    UnitKind,
)
from tasks_app.clock import SHANGHAI
from tasks_app.domain.lagging import queries, rules
from tasks_app.domain.lagging.actions import note_call
from tasks_app.domain.lagging.listing import Narrowing
from tasks_app.domain.moves import Refused
from tasks_app.domain.reporting import actions
from tasks_app.domain.review.actions import accept_report
from tasks_app.domain.standing.queries import standings
from tasks_app.domain.standing.rules import LAGGING_STATUSES
from tasks_app.models import Delivery, Message, Reminder, Report, User
from tests import cast
from tests.cast import fill_in

WORDS = {
    "progress": "专班已组建。",
    "forecast": "年底完成。",
    "status": "behind",
    "cause": "funds",
    "outlook": "hard",
    "remarks": "缺编制。",
}
write = partial(fill_in, words=WORDS)


# --- rules --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "due", "first", "last", "late", "days"),
    [
        (ReportState.DRAFT, 25, None, None, False, 3),  # owed on the 28th
        (ReportState.DRAFT, 28, None, None, False, 0),
        (ReportState.SUBMITTED, 25, 25, 25, False, 0),
        (ReportState.SUBMITTED, 25, 27, 27, True, 2),
        (ReportState.SUBMITTED, 26, 20, 27, True, 1),  # in time at first, late after a return
        (ReportState.RETURNED, 26, 20, 20, False, 2),
    ],
)
def test_days_late(state, due, first, last, late, days):
    def on(day):
        return day and datetime(2024, 7, day, 23, 59, tzinfo=SHANGHAI)

    report = Report(
        state=state,
        due_on=date(2024, 7, due),
        first_submitted_at=on(first),
        submitted_at=on(last),
        is_late=late,
    )
    assert rules.days_late(report, date(2024, 7, 25), date(2024, 7, 28)) == days


# --- a period --------------------------------------------------------------------------------------------------


def test_the_figures_are_the_rows(reports, period, people, at):
    for unit, by in (("三元区", people.other_filler), ("市卫健委", people.bureau_filler)):
        write(reports[unit], by=by, at=at, status="on_track")
    late = at + timedelta(days=12)  # 27 July, two days past the limit
    actions.submit_report(reports["三元区"].pk, by=people.other_filler, at=late)
    actions.request_signature(reports["市卫健委"].pk, by=people.bureau_filler, at=at)
    actions.submit_report(reports["市卫健委"].pk, by=people.bureau_signer, at=at)
    accept_report(reports["市卫健委"].pk, submission=1, by=people.office, at=late)
    found = standings(period, at=late)
    figures = rules.figures(found)
    G = FilingGroup
    assert figures.expected == 5
    assert figures.filing == {
        G.ON_TIME: 1, G.LATE: 1, G.OWED: 3, G.OVERDUE: 3, G.WAITING: 1, G.RETURNED: 0, G.ACCEPTED: 1
    }  # fmt: skip
    assert figures.tasks == 9
    assert figures.statuses == {
        "done": 0,
        "on_track": 4,
        "behind": 0,
        "not_started": 0,
        "sent_back": 0,
        "": 5,
    }
    assert [unit.days for unit in queries.late_units(found, period, at=late)] == [2, 2, 2, 2]
    assert queries.late_units(found, period, at=late)[-1].filing.report.unit.name == "三元区"
    bands = dict(rules.bands(found, UnitKind.COUNTY))
    assert [s.report.unit.name for s in bands[ProgressBand.STEADY]] == ["三元区"]


def test_items_are_found_by_status_and_section(reports, period, people, at):
    write(reports["三元区"], by=people.other_filler, at=at)
    actions.submit_report(reports["三元区"].pk, by=people.other_filler, at=at)
    found = standings(period, at=at, words=True)
    tasks = queries.tasks_of(found)
    assert [task.number for task in tasks] == [1, 2, 3]
    lagging = queries.items(found, tasks, Narrowing(LAGGING_STATUSES))
    assert [(item.task.number, item.standing.texts.remarks) for item in lagging] == [
        (1, "缺编制。"),
        (2, "缺编制。"),
    ]
    assert not queries.items(found, tasks, Narrowing(LAGGING_STATUSES, section=tasks[2].section_id))
    assert not queries.items(found, tasks, Narrowing({ProgressStatus.DONE}))


def test_debtors_are_named_with_whom_to_ring_and_the_last_reminder(reports, period, people, at):
    report = reports["将乐县"]
    message = Message.objects.create(
        unit=report.unit, day=at.date(), subject="提醒", body="请报送", created_at=at
    )
    Reminder.objects.create(
        report=report, due_on=report.due_on, rung=-5, kind="filing", message=message, created_at=at
    )
    delivery = {"message": message, "user": people.filler, "next_attempt_at": at}
    read = {"sent_at": at, "read_at": at + timedelta(hours=1)}
    Delivery.objects.create(**delivery, channel=Channel.IN_APP, state=DeliveryState.SENT, **read)
    Delivery.objects.create(**delivery, channel=Channel.EMAIL, state=DeliveryState.FAILED)
    unread = {d.filing.report.unit.name: d.reminded_at for d in queries.debtors(period, at=at)}
    assert unread["将乐县"] is None
    at += timedelta(hours=2)
    debtors = {d.filing.report.unit.name: d for d in queries.debtors(period, at=at)}
    assert set(debtors) == {"将乐县", "三元区", "市卫健委", "市医保局", "市财政局"}
    assert debtors["将乐县"].fillers == [people.filler]
    assert debtors["将乐县"].signers == [people.signer]
    assert debtors["将乐县"].reminded_at == at - timedelta(hours=2)
    assert debtors["将乐县"].filing.days == 8  # working days from 15 to 25 July
    assert debtors["市财政局"].fillers == []
    assert debtors["市财政局"].reminded_at is None
    assert queries.debtors(period, at=at + timedelta(days=12))[0].filing.days == -2


def test_a_call_is_noted_once_for_all_to_see(reports, period, people, at):
    report, later = reports["三元区"], at + timedelta(hours=1)
    note_call(report.pk, by=people.office, at=at)
    note_call(report.pk, by=people.office, at=later)
    called = {d.filing.report.unit.name: d.called for d in queries.debtors(period, at=later)}
    assert (called["三元区"].at, called["三元区"].actor_name) == (later, people.office.name)
    assert called["将乐县"] is None
    before = {d.filing.report.unit.name: d.called for d in queries.debtors(period, at=at)}
    assert before["三元区"].at == at
    write(report, by=people.other_filler, at=at)
    actions.submit_report(report.pk, by=people.other_filler, at=at)
    with pytest.raises(Refused, match="不用催报"):
        note_call(report.pk, by=people.office, at=later)


def test_the_number_of_statements_does_not_grow(period, units, people, at, django_assert_num_queries):
    actions.open_due_periods(at=at)
    with django_assert_num_queries(5):
        few = standings(period, at=at)
    task = cast.Task.objects.get(number=3)
    given = [cast.Assignment(task=task, unit=u, role="local", position=9) for u in units.values()]
    cast.Assignment.objects.bulk_create(given, ignore_conflicts=True)
    for number, unit in enumerate(units.values()):
        User.objects.create(username=f"u{number}", name="某", role=Role.FILLER, unit=unit, password="x")
    actions.open_due_periods(at=at)
    with django_assert_num_queries(5):
        many = standings(period, at=at)
    assert (len(few), len(many)) == (5, 27)
    with django_assert_num_queries(5):
        queries.debtors(period, at=at)
