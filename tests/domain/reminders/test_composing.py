"""What is due when: the ladder over the real second half of 2024, the ledger, and the words."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction

from tasks_app.choices import (
    AuditAction,
    Channel,
    DayKind,
    DeliveryState,
    PeriodKind,
    ReportState,
    Role,
)
from tasks_app.clock import SHANGHAI
from tasks_app.domain.calendar.actions import load_official_days, set_special_day
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.domain.reminders import actions, queries, rules
from tasks_app.domain.reminders.kinds import filing
from tasks_app.domain.reminders.people import units_without_recipient
from tasks_app.domain.reminders.rungs import BEGINNING, Rung, reached, rung_label
from tasks_app.domain.reporting import actions as reporting
from tasks_app.models import AuditEvent, Delivery, Message, Reminder, Report, ReportingPeriod, User
from tests.cast import july

# Every message to 三元区, which files 上半年 on 19 September, 前三季度 on 1 November and 全年 never.
# 放假 15-17 September and 1-7 October; worked instead: Sat 14 September, Sun 29 September, Sat 12 October.
AUTUMN_2024 = """
2024-07-01 一   上半年 开始
2024-07-11 四   上半年 T-10
2024-07-18 四   上半年 T-5
2024-07-22 一   上半年 T-3
2024-07-24 三   上半年 T-1
2024-07-25 四   上半年 T
2024-07-26 五   上半年 T+1
2024-07-30 二   上半年 T+3
2024-08-06 二   上半年 T+8
2024-08-13 二   上半年 T+13
2024-08-20 二   上半年 T+18
2024-08-27 二   上半年 T+23
2024-09-02 一   上半年 T+27、前三季度 开始
2024-09-09 一   上半年 T+32
2024-09-10 二   上半年 T+33、前三季度 T-10
2024-09-18 三   上半年 T+38、前三季度 T-5
2024-09-20 五   前三季度 T-3
2024-09-24 二   前三季度 T-1
2024-09-25 三   前三季度 T
2024-09-26 四   前三季度 T+1
2024-09-29 日   前三季度 T+3
2024-10-11 五   前三季度 T+8
2024-10-17 四   前三季度 T+13
2024-10-24 四   前三季度 T+18
2024-10-31 四   前三季度 T+23
2024-11-01 五   前三季度 T+24、全年 开始
2024-11-11 一   全年 T-10
2024-11-18 一   全年 T-5
2024-11-20 三   全年 T-3
2024-11-22 五   全年 T-1
2024-11-25 一   全年 T
2024-11-26 二   全年 T+1
2024-11-28 四   全年 T+3
"""
FILED = {date(2024, 9, 19): PeriodKind.FIRST_HALF, date(2024, 11, 1): PeriodKind.THREE_QUARTERS}
WORDS = {"progress": "已完成。", "forecast": "按期完成。", "status": "on_track", "remarks": ""}


def moment(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SHANGHAI)


@pytest.fixture
def calendar(db) -> WorkingCalendar:
    load_official_days([2024], by=None, at=july(1))
    return working_calendar()


@pytest.fixture
def opened(calendar, period, plan, people) -> ReportingPeriod:
    """上半年 is open: five units owe it, 三元区 with a filler, 将乐县 and 市卫健委 with a signer too.

    The first rung, that of the opening, is left out, so that a story can begin on any day.
    """
    rungs = filing.KIND.rungs[1:]
    actions.set_ladder(plan.pk, rungs, by=people.admin, at=july(1))
    reporting.open_due_periods(at=july(1))
    return period


def file_report(report: Report, by: User, at: datetime) -> None:
    for entry in report.entries.all():
        reporting.save_entry(report.pk, entry.pk, values=WORDS, version=entry.version, by=by, at=at)
    reporting.submit_report(report.pk, by=by, at=at)


def ledger() -> list[tuple[str, str]]:
    return [
        (f"{reminder.message.day:%m-%d}", rung_label(reminder.rung))
        for reminder in Reminder.objects.select_related("message").order_by("id")
    ]


# --- the year, day by day ---------------------------------------------------------------------------------


@pytest.mark.dealt_to("sqlite")
def test_every_message_of_autumn_2024(calendar, period, plan, people):
    for kind, opens_on, due_on in [
        (PeriodKind.THREE_QUARTERS, date(2024, 9, 1), date(2024, 9, 25)),
        (PeriodKind.FULL_YEAR, date(2024, 11, 1), date(2024, 11, 25)),
    ]:
        ReportingPeriod.objects.create(plan=plan, kind=kind, opens_on=opens_on, due_on=due_on)
    User.objects.exclude(pk=people.other_filler.pk).update(is_active=False)
    day = date(2024, 7, 1)
    while day <= date(2024, 11, 30):
        if queries.may_send_now(moment(day)):
            reporting.open_due_periods(at=moment(day))
            actions.compose_reminders(at=moment(day))
        if kind := FILED.get(day):
            report = Report.objects.get(unit=people.other_filler.unit, period__kind=kind)
            file_report(report, people.other_filler, moment(day, 15))
        day += timedelta(days=1)
    assert "\n".join(_lines()) == AUTUMN_2024.strip()


def _lines() -> list[str]:
    messages = Message.objects.order_by("day").prefetch_related("reminders__report__period")
    return [
        f"{message.day} {'一二三四五六日'[message.day.weekday()]}   "
        + "、".join(
            f"{reminder.report.period.get_kind_display()} {rung_label(reminder.rung)}"
            for reminder in sorted(message.reminders.all(), key=lambda r: r.due_on)
        )
        for message in messages
    ]


@pytest.mark.parametrize(
    ("now", "open_for_sending"),
    [
        (datetime(2024, 7, 22, 8, 29, 59, tzinfo=SHANGHAI), False),
        (datetime(2024, 7, 22, 8, 30, tzinfo=SHANGHAI), True),
        (datetime(2024, 7, 22, 17, 29, 59, tzinfo=SHANGHAI), True),
        (datetime(2024, 7, 22, 17, 30, tzinfo=SHANGHAI), False),
        (datetime(2024, 7, 21, 10, tzinfo=SHANGHAI), False),  # Sunday
        (datetime(2024, 9, 29, 10, tzinfo=SHANGHAI), True),  # a Sunday that is worked
        (datetime(2024, 10, 1, 10, tzinfo=SHANGHAI), False),
    ],
)
def test_messages_leave_in_working_hours_of_working_days(calendar, now, open_for_sending):
    assert rules.is_sending_time(calendar, now) is open_for_sending


def test_a_limit_on_a_day_off_is_told_on_the_last_working_day_and_after(calendar):
    saturday = date(2024, 7, 27)
    height_on = {
        day: reached(filing.KIND.rungs, calendar, july(1).date(), saturday, date(2024, 7, day)).offset
        for day in (25, 26, 27, 28, 29)
    }
    assert height_on == {25: -3, 26: -1, 27: 0, 28: 0, 29: 1}


def test_nothing_before_the_first_rung_and_at_midnight_the_day_changes(opened):
    assert actions.compose_reminders(at=datetime(2024, 7, 10, 23, 59, 59, tzinfo=SHANGHAI)) == []
    assert len(actions.compose_reminders(at=datetime(2024, 7, 11, 0, 0, tzinfo=SHANGHAI))) == 5


# --- never lost, never doubled ----------------------------------------------------------------------------


def test_running_again_changes_nothing(opened):
    first = actions.compose_reminders(at=july(18))
    assert [draft.unit_name for draft in first if draft.recipients] == ["三元区", "将乐县", "市卫健委"]
    counts = Message.objects.count(), Reminder.objects.count(), Delivery.objects.count()
    assert counts == (3, 3, 6)
    again = actions.compose_reminders(at=july(18, 16))
    assert [draft.unit_name for draft in again] == ["市医保局", "市财政局"]  # still nobody to write to
    assert (Message.objects.count(), Reminder.objects.count(), Delivery.objects.count()) == counts
    assert AuditEvent.objects.filter(action=AuditAction.REMINDER).count() == 1


@pytest.mark.parametrize(
    ("back", "caught_up", "words"),
    [(23, "T-3", "还有2个工作日"), (25, "T", "今天截止"), (31, "T+4", "已逾期4个工作日")],
    ids=["one day", "three days", "ten days"],
)
def test_an_outage_ends_with_one_message_that_says_where_things_stand(opened, people, back, caught_up, words):
    User.objects.exclude(pk=people.other_filler.pk).update(is_active=False)
    actions.compose_reminders(at=july(18))
    actions.compose_reminders(at=july(back, 14))  # the rungs between passed unseen
    assert ledger() == [("07-18", "T-5"), (f"07-{back}", caught_up)]
    assert words in Message.objects.order_by("day").last().subject


def test_filed_meanwhile_means_no_message(opened, people):
    report = Report.objects.get(unit=people.other_filler.unit)
    file_report(report, people.other_filler, july(17))
    actions.compose_reminders(at=july(18))
    assert not Message.objects.filter(unit=people.other_filler.unit).exists()


def test_a_returned_report_is_owed_again_with_its_new_limit(opened, people):
    report = Report.objects.get(unit=people.other_filler.unit)
    actions.compose_reminders(at=july(24))
    file_report(report, people.other_filler, july(24, 15))
    Report.objects.filter(pk=report.pk).update(
        state=ReportState.RETURNED, due_on=date(2024, 8, 1), returned_at=july(25)
    )
    actions.compose_reminders(at=july(25))
    message = Message.objects.get(unit=people.other_filler.unit, day=date(2024, 7, 25))
    assert message.reminders.get().due_on == date(2024, 8, 1)
    assert message.reminders.get().rung == BEGINNING  # told at once that it is back
    assert "退回修改" in message.subject
    assert "已被退回" in message.body


def test_a_new_limit_on_the_day_of_a_message_waits_for_the_next_day(opened, people):
    report = Report.objects.filter(unit=people.other_filler.unit)
    actions.compose_reminders(at=july(24))
    report.update(due_on=date(2024, 7, 26))
    actions.compose_reminders(at=july(24, 16))
    assert Message.objects.filter(unit=people.other_filler.unit).count() == 1
    actions.compose_reminders(at=july(25))
    assert Message.objects.filter(unit=people.other_filler.unit).count() == 2


def test_a_closed_period_is_not_owed_any_more(opened):
    ReportingPeriod.objects.update(closes_on=date(2024, 7, 25))
    assert len(actions.compose_reminders(at=july(25))) == 5
    assert actions.compose_reminders(at=july(26)) == []


def test_a_calendar_edited_in_between_never_goes_back_to_an_earlier_rung(opened, people):
    User.objects.exclude(pk=people.other_filler.pk).update(is_active=False)
    actions.compose_reminders(at=july(22))  # T-3
    set_special_day(date(2024, 7, 23), DayKind.HOLIDAY, "台风", by=None, at=july(22, 12))
    actions.compose_reminders(at=july(24))  # still T-1
    set_special_day(date(2024, 7, 24), DayKind.HOLIDAY, "台风", by=None, at=july(24, 12))
    set_special_day(date(2024, 7, 25), DayKind.HOLIDAY, "台风", by=None, at=july(24, 12))
    actions.compose_reminders(at=july(25))
    actions.compose_reminders(at=july(26))
    assert [rung for _, rung in ledger()] == ["T-3", "T-1", "T", "T+1"]


def test_an_edited_ladder_counts_from_then_on(opened, people, plan):
    User.objects.exclude(pk__in=[people.other_filler.pk]).update(is_active=False)
    actions.set_ladder(plan.pk, [Rung(-2), Rung(2, repeat_every=1)], by=people.admin, at=july(1))
    for day in range(10, 32):
        if queries.may_send_now(july(day)):
            actions.compose_reminders(at=july(day))
    assert ledger() == [("07-23", "T-2"), ("07-29", "T+2"), ("07-30", "T+3"), ("07-31", "T+4")]


def test_a_unit_that_gets_a_filler_later_is_told_at_once(opened, people, units):
    actions.compose_reminders(at=july(18))
    User.objects.create(username="ybj", name="周芳", role=Role.FILLER, unit=units["市医保局"])
    due = actions.compose_reminders(at=july(19))
    assert [draft.unit_name for draft in due if draft.recipients] == ["市医保局"]
    rows = Delivery.objects.filter(message__unit=units["市医保局"]).order_by("pk")
    assert [(one.channel, one.state) for one in rows] == [
        (Channel.IN_APP, DeliveryState.SENT),
        (Channel.EMAIL, DeliveryState.NOT_SENT),  # no address, and it says so
    ]


def test_the_database_refuses_a_second_message_that_day(opened, units):
    actions.compose_reminders(at=july(18))
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(
            unit=units["三元区"], day=date(2024, 7, 18), subject="又一条", body="", created_at=july(18)
        )
    reminder = Reminder.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(
            kind=reminder.kind,
            report=reminder.report,
            due_on=reminder.due_on,
            rung=reminder.rung,
            message=reminder.message,
            created_at=july(18),
        )


# --- who is told, and how much it costs to know -----------------------------------------------------------


def test_signers_are_told_from_t_minus_3_or_while_it_waits_for_them(opened, people):
    actions.compose_reminders(at=july(18))
    assert not Delivery.objects.filter(user=people.signer).exists()
    Report.objects.filter(unit=people.bureau_signer.unit).update(state=ReportState.SIGNING)
    actions.compose_reminders(at=july(22))
    assert Delivery.objects.filter(user=people.signer).count() == 2
    assert (
        "待本单位审签人审签" in Message.objects.get(unit=people.bureau_signer.unit, day=july(22).date()).body
    )


def test_a_report_that_waits_for_the_signer_is_told_to_him_early(opened, people):
    Report.objects.filter(unit=people.signer.unit).update(state=ReportState.SIGNING)
    actions.compose_reminders(at=july(18))
    assert Delivery.objects.filter(user=people.signer).count() == 2
    assert not Delivery.objects.filter(user=people.bureau_signer).exists()


def test_who_is_due_takes_three_statements_however_many_units(
    opened, people, units, django_assert_num_queries
):
    with django_assert_num_queries(3):  # calendar, ladders, all matters with the ledger
        assert len(queries.due_now(july(18))[0]) == 5
    with django_assert_num_queries(5):  # the people, and who stands in for them
        assert len(queries.due_messages(july(18))) == 5
    Report.objects.bulk_create(
        Report(period=opened, unit=unit, due_on=opened.due_on)
        for name, unit in units.items()
        if name != "三明市" and not unit.reports.exists()
    )
    with django_assert_num_queries(5):
        assert len(queries.due_messages(july(18))) == 26
    with django_assert_num_queries(3):
        assert queries.due_messages(july(3)) == []


def test_composing_takes_the_same_statements_for_one_unit_and_for_three(
    opened, people, django_assert_num_queries
):
    User.objects.filter(pk=people.other_filler.pk).update(is_active=False)
    with django_assert_num_queries(12):  # with savepoint, lock and audit
        actions.compose_reminders(at=july(18))
    User.objects.filter(pk=people.other_filler.pk).update(is_active=True)
    with django_assert_num_queries(12):
        actions.compose_reminders(at=july(19))
    assert Message.objects.count() == 3


def test_the_contact_is_the_office_of_the_issuer_with_telephone(opened, people):
    actions.compose_reminders(at=july(18))
    assert "市医改办（陈志远 0598-8220000）" in Message.objects.first().body


# --- reading, looking ahead -------------------------------------------------------------------------------


def test_reading_counts_once_and_only_ones_own(opened, people):
    actions.compose_reminders(at=july(22))
    assert queries.inbox_of(people.filler).unread().count() == 1
    mine = queries.inbox_of(people.filler).get()
    actions.mark_read(mine.pk, by=people.signer, at=july(22, 10))
    assert queries.inbox_of(people.filler).unread().count() == 1
    actions.mark_read(mine.pk, by=people.filler, at=july(22, 11))
    actions.mark_read(mine.pk, by=people.filler, at=july(22, 12))
    assert queries.inbox_of(people.filler).get().read_at == july(22, 11)
    assert actions.mark_all_read(by=people.signer, at=july(22, 12)) == 1


def test_coming_messages_are_those_that_really_come(opened, plan, people, django_assert_num_queries):
    ReportingPeriod.objects.create(
        plan=plan, kind=PeriodKind.THREE_QUARTERS, opens_on=date(2024, 7, 25), due_on=date(2024, 8, 2)
    )
    actions.compose_reminders(at=july(18))
    with django_assert_num_queries(6):
        coming = queries.coming_messages(plan.issuer, july(18, 10), working_calendar())
    days = [day for day, _ in coming]
    assert days[0] == date(2024, 7, 18)
    assert len(days) == 10
    foreseen = {(day, draft.unit) for day, drafts in coming for draft in drafts if draft.recipients}
    for day in days[1:]:
        reporting.open_due_periods(at=moment(day))
        actions.compose_reminders(at=moment(day))
    happened = set(Message.objects.filter(day__gt=days[0]).values_list("day", "unit"))
    assert happened == foreseen
    assert (date(2024, 7, 25), people.other_filler.unit_id) in foreseen
    assert (date(2024, 7, 26), plan.issuer_id) in foreseen  # T+1: whom the office has to call


def test_units_with_nobody_to_write_to_are_named(plan, people, city):
    without = units_without_recipient(city, july(1).date())
    assert [unit.name for unit in without] == ["市医保局", "市财政局"]
