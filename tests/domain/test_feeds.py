"""The calendar of a unit: its limits as they are now and nobody else's."""

from datetime import date, datetime, time

import icalendar
import pytest
from django.urls import resolve

from tasks_app.choices import InterviewState, NoticeColour, NoticeState, PeriodKind, StepKind
from tasks_app.clock import SHANGHAI
from tasks_app.domain.calendar.actions import load_official_days
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.domain.extensions import actions as extensions
from tasks_app.domain.feeds import actions
from tasks_app.domain.feeds.queries import feed_file, limits_of
from tasks_app.domain.feeds.rules import alarm_at
from tasks_app.domain.plan.actions import set_period
from tasks_app.domain.plan.rules import PeriodDates
from tasks_app.domain.reporting import actions as reporting
from tasks_app.domain.review.actions import return_report
from tasks_app.models import (
    CalendarFeed,
    Interview,
    Report,
    ReportingPeriod,
    Step,
    SupervisionNotice,
)
from tests.cast import july
from tests.matters_stage import item_of, reported, verified

SITE = "https://yigai.example.invalid"
WORDS = {"progress": "专班已组建。", "forecast": "", "status": "on_track", "remarks": ""}


def titles(unit, at) -> list[tuple[str, str]]:
    return [(limit.day.isoformat(), limit.title) for limit in limits_of(unit, at)]


def events(feed, at) -> dict[str, icalendar.Event]:
    """The entries of the file as a calendar program reads them, by uid without its host."""
    calendar = icalendar.Calendar.from_ical(feed_file(feed, site_url=SITE, at=at))
    return {str(event["UID"]).partition("@")[0]: event for event in calendar.walk("VEVENT")}


@pytest.fixture
def report(period, people, at) -> Report:
    """三元区's report, open and due on 25 July; the county has no signer."""
    load_official_days([2024], by=None, at=at)
    reporting.open_due_periods(at=july(1))
    return Report.objects.get(unit=people.other_filler.unit)


@pytest.fixture
def feed(report, people, at) -> CalendarFeed:
    return actions.make_feed(by=people.other_filler, at=at)


@pytest.fixture
def autumn(plan) -> ReportingPeriod:
    """前三季度 of the small plan, which is not open yet."""
    return ReportingPeriod.objects.create(
        plan=plan,
        kind=PeriodKind.THREE_QUARTERS,
        opens_on=date(2024, 9, 2),
        due_on=date(2024, 9, 25),
        closes_on=date(2024, 10, 31),
    )


def file_it(report, people, at) -> None:
    for entry in report.entries.all():
        reporting.save_entry(report.pk, entry.pk, values=WORDS, version=0, by=people.other_filler, at=at)
    header = {"filler_name": "郑小红", "filler_phone": "0598-1", "filled_on": at.date(), "version": 0}
    reporting.save_header(report.pk, **header, by=people.other_filler, at=at)
    reporting.submit_report(report.pk, by=people.other_filler, at=at)


def make_notice(plan, unit, people, at, state=NoticeState.ISSUED, number=3, **days) -> SupervisionNotice:
    issued = {"year": 2024, "number": number, "issued_by": people.office, "issued_at": at}
    return SupervisionNotice.objects.create(
        issuer=plan.issuer,
        plan=plan,
        unit=unit,
        thing=f"thing-{number}",
        colour=NoticeColour.BLUE,
        state=state,
        title="某某同志负责的事项",
        grounds="依据",
        requirement="要求",
        drafted_by=people.office,
        drafted_at=at,
        **{"reply_due_on": date(2024, 7, 30)} | days,
        **({} if state == NoticeState.HEARING else issued),
    )


def make_interview(plan, unit, people, at, state=InterviewState.CORRECTING) -> Interview:
    return Interview.objects.create(
        issuer=plan.issuer,
        plan=plan,
        unit=unit,
        thing="thing",
        state=state,
        year=2024,
        number=1,
        title="某某同志约谈",
        grounds="依据",
        planned_at=at,
        held_on=at.date(),
        record="记录",
        proposed_by=people.office,
        proposed_at=at,
    )


# --- What is in it -----------------------------------------------------------------------------------------


def test_reports_and_periods_to_come_are_in_it(report, autumn, at):
    assert titles(report.unit, at) == [
        ("2024-07-25", "2024年上半年填报截止"),
        ("2024-09-25", "2024年前三季度填报截止"),
    ]
    coming = limits_of(report.unit, at)[1]
    assert coming.to_do == (
        "《三明市2024年深化医改重点任务分解表》",
        "2024年9月2日（周一）开放填报，请在2024年9月25日（周三）前完成审签和报送。",
        "2024年10月31日（周四）后不再接受补报。",
    )


def test_a_unit_without_a_task_in_force_has_no_period_to_come(plan, autumn, units, at):
    assert titles(units["市红十字会"], at) == []
    assert titles(units["市财政局"], at) == [("2024-09-25", "2024年前三季度填报截止")]
    plan.tasks.filter(number=3).update(is_active=False)
    assert titles(units["市财政局"], at) == []


def test_what_is_filed_is_gone_and_comes_back_when_returned(report, feed, people):
    file_it(report, people, july(16))
    assert titles(report.unit, july(16, 17)) == []
    return_report(report.pk, submission=1, reasons={None: "请补充数据"}, by=people.office, at=july(17))
    due_on = Report.objects.get(pk=report.pk).due_on
    assert titles(report.unit, july(18)) == [(due_on.isoformat(), "2024年上半年填报修改后重报截止")]
    [(uid, event)] = events(feed, july(18)).items()
    assert uid == f"filing-{report.period_id}-{report.unit_id}"
    assert event.decoded("LAST-MODIFIED") == july(17)
    assert "请补充数据" not in str(event["DESCRIPTION"])


def test_one_thing_keeps_its_uid_and_counts_its_changes(feed, report, people, at):
    """A calendar program moves the entry it has, instead of showing the old day beside the new one."""
    [(uid, before)] = events(feed, at).items()
    assert (before["SEQUENCE"], before.decoded("DTSTART")) == (0, date(2024, 7, 25))
    dates = PeriodDates(date(2024, 7, 1), date(2024, 7, 26))
    set_period(report.period_id, dates, today=at.date(), by=people.admin, at=july(16))
    [(same, moved)] = events(feed, july(16)).items()
    assert (same, moved.decoded("DTSTART")) == (uid, date(2024, 7, 26))
    asked = extensions.ask_extension(
        report.pk,
        reason="核数",
        situation="大半",
        wanted_on=date(2024, 8, 1),
        by=people.other_filler,
        at=july(17),
    )
    extensions.grant_extension(asked.pk, until=date(2024, 7, 31), by=people.office, at=july(18))
    [(same, granted)] = events(feed, july(18)).items()
    assert (same, granted.decoded("DTSTART")) == (uid, date(2024, 7, 31))
    assert before["SEQUENCE"] < moved["SEQUENCE"] < granted["SEQUENCE"]
    assert granted.decoded("LAST-MODIFIED") == july(18)


def test_before_and_after_opening_it_is_the_same_entry(period, people, at):
    feed = actions.make_feed(by=people.other_filler, at=at)
    before = events(feed, at)
    reporting.open_due_periods(at=at)
    after = events(feed, at)
    assert list(before) == list(after)
    [early], [open_now] = before.values(), after.values()
    report = Report.objects.get(unit=people.other_filler.unit)
    assert (early["URL"], open_now["URL"]) == (f"{SITE}/", f"{SITE}/reports/{report.pk}")


def test_overdue_stays_on_its_day_until_the_period_closes(report):
    assert titles(report.unit, july(26)) == [("2024-07-25", "【逾期】2024年上半年填报截止")]
    assert "已过截止日，请尽快补报。" in limits_of(report.unit, july(26))[0].to_do
    ReportingPeriod.objects.update(closes_on=date(2024, 7, 26))
    assert titles(report.unit, july(27)) == []


def test_notices_wait_for_objection_or_reply(plan, units, people, at):
    unit = units["三元区"]
    make_notice(plan, unit, people, at, number=3)
    hearing = make_notice(
        plan, unit, people, at, NoticeState.HEARING, number=4, objection_due_on=date(2024, 7, 18)
    )
    for number, state in enumerate((NoticeState.REPLIED, NoticeState.CLOSED, NoticeState.RAISED), start=5):
        make_notice(plan, unit, people, at, state, number=number)
    assert titles(unit, at) == [
        ("2024-07-18", "蓝色督查单（拟发）申辩截止"),
        ("2024-07-30", "蓝色督查单〔2024〕3号回复截止"),
    ]
    assert titles(unit, july(31))[1] == ("2024-07-30", "【逾期】蓝色督查单〔2024〕3号回复截止")
    Step.objects.create(
        notice=hearing, kind=StepKind.OBJECT, text="有异议", at=at, by=people.other_filler, by_name="郑小红"
    )
    assert [day for day, _ in titles(unit, at)] == ["2024-07-30"]


def test_corrections_stay_until_they_are_verified(plan, units, people, at):
    interview = make_interview(plan, units["三元区"], people, at)
    correction = item_of(interview, text="某某同志限期整改")
    assert titles(interview.unit, at) == [("2024-08-09", "约谈〔2024〕1号整改事项1时限")]
    reported(correction, people.other_filler, at)
    [answered] = limits_of(interview.unit, at)
    assert (answered.title, answered.rings) == ("约谈〔2024〕1号整改事项1（待核验）", False)
    verified(correction, people.office, at)
    assert limits_of(interview.unit, at) == []


@pytest.mark.parametrize("state", [InterviewState.CLOSED, InterviewState.WITHDRAWN])
def test_corrections_of_an_interview_that_is_over_are_gone(state, plan, units, people, at):
    interview = make_interview(plan, units["三元区"], people, at, state)
    item_of(interview, 1, "整改")
    assert limits_of(interview.unit, at) == []


def test_an_interview_stands_on_its_day_until_it_is_over_or_called_off(plan, units, people, at):
    interview = make_interview(plan, units["三元区"], people, at, InterviewState.NOTIFIED)
    interview.planned_at = july(26, 15)
    interview.save()
    [limit] = limits_of(interview.unit, july(26, 23))
    assert (limit.day, limit.title) == (date(2024, 7, 26), "15:00 提醒约谈〔2024〕1号")
    assert limit.to_do == ("请于2024年7月26日（周五）15:00按约谈通知到场。",)
    assert resolve(f"/{limit.path}").kwargs == {"pk": interview.pk}
    assert limits_of(interview.unit, july(27, 0)) == []
    interview.state = InterviewState.WITHDRAWN
    interview.save()
    assert limits_of(interview.unit, at) == []


def test_nothing_of_another_unit_and_nothing_anybody_wrote(report, feed, autumn, plan, units, people, at):
    file_it(report, people, july(16))
    return_report(report.pk, submission=1, reasons={None: "请补充数据"}, by=people.office, at=july(17))
    for unit, number in ((units["三元区"], 1), (units["将乐县"], 2)):
        make_notice(plan, unit, people, at, number=number)
    interview = make_interview(plan, units["将乐县"], people, at)
    item_of(interview, 1, "限期整改")
    found = events(feed, july(18))
    text = feed_file(feed, site_url=SITE, at=july(18)).replace(b"\r\n ", b"").decode()
    own = SupervisionNotice.objects.get(unit=units["三元区"])
    assert set(found) == {
        f"filing-{report.period_id}-{report.unit_id}",
        f"filing-{autumn.pk}-{report.unit_id}",
        f"notice-{own.pk}-reply",
    }
    for word in (
        "将乐",
        "同志",
        "郑小红",
        "陈志远",
        "0598",
        "专班已组建",
        "请补充数据",
        "依据",
        "要求",
        "example.com",
    ):
        assert word not in text


def test_every_address_in_it_has_a_page(report, plan, people, at):
    make_notice(plan, report.unit, people, at)
    interview = make_interview(plan, report.unit, people, at)
    item_of(interview, 1, "整改")
    paths = [limit.path for limit in limits_of(report.unit, at)]
    assert len(paths) == 3
    assert [resolve(f"/{path}").kwargs for path in paths] == [{"pk": int(p.split("/")[1])} for p in paths]


def test_the_number_of_statements_is_fixed(
    feed, report, autumn, plan, units, people, at, django_assert_num_queries
):
    with django_assert_num_queries(7):
        feed_file(feed, site_url=SITE, at=at)
    interview = make_interview(plan, units["三元区"], people, at)
    for number in range(1, 6):
        make_notice(plan, units["三元区"], people, at, number=number)
        item_of(interview, number, "整改")
    with django_assert_num_queries(7):
        assert len(events(feed, at)) == 12


# --- When it rings -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due_on", "rings_on"),
    [
        (date(2024, 7, 25), date(2024, 7, 23)),
        (date(2024, 9, 18), date(2024, 9, 13)),  # over Mid-Autumn, with the Saturday before it worked
        (date(2024, 7, 28), date(2024, 7, 25)),  # a limit on a Sunday
    ],
)
@pytest.mark.django_db
def test_it_rings_two_working_days_before_at_nine(due_on, rings_on, at):
    load_official_days([2024], by=None, at=at)
    assert alarm_at(due_on, working_calendar(), at) == datetime.combine(rings_on, time(9), SHANGHAI)


@pytest.mark.once
def test_it_never_rings_for_what_is_over():
    plain = WorkingCalendar()
    assert alarm_at(date(2024, 7, 25), plain, july(23, 8)) == july(23)
    assert alarm_at(date(2024, 7, 25), plain, july(23)) is None
    assert alarm_at(date(2024, 7, 25), plain, july(26)) is None
