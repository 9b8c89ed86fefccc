"""Days of a plan that clash, over the usual limits of 2024 to 2027 and their real holidays."""

from datetime import date, datetime

import pytest
from chinese_calendar.constants import Holiday, holidays, workdays
from hypothesis import given
from hypothesis import strategies as st

from tasks_app.choices import AuditAction, DayKind, PeriodKind, ReportState
from tasks_app.clock import SHANGHAI
from tasks_app.domain.calendar.actions import load_official_days, set_special_day
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.domain.clashes.actions import adopt_proposal
from tasks_app.domain.clashes.queries import clashes_of
from tasks_app.domain.clashes.rules import Days, Period, clashes, moved, years_of
from tasks_app.domain.moves import Refused
from tasks_app.domain.plan.rules import PeriodDates, default_periods
from tasks_app.domain.reminders.kinds import filing
from tasks_app.domain.reminders.rungs import BEGINNING, Rung
from tasks_app.domain.reporting.actions import open_due_periods
from tasks_app.models import AuditEvent, Plan, Report, ReportingPeriod, Task

LADDER = filing.KIND.rungs
NEVER = date(2000, 1, 1)  # all of the year is still to come


def official(*years: int) -> Days:
    """The State Council's days of these years, as the calendar holds them once they were loaded."""
    off = {day: name for day, name in holidays.items() if day.year in years}
    on = {day: DayKind.WORKDAY for day in workdays if day.year in years}
    special = dict.fromkeys(off, DayKind.HOLIDAY) | on
    names = {day: Holiday(name).chinese for day, name in off.items()}
    return Days(WorkingCalendar(special, frozenset(day.year for day in special)), names)


YEARS = official(2024, 2025, 2026, 2027)


def period(opens_on: date, due_on: date, closes_on: date | None = None, **given) -> Period:
    facts = {"pk": 1, "name": "某期", "year": due_on.year} | given
    return Period(dates=PeriodDates(opens_on, due_on, closes_on), **facts)


def usual_periods(year: int) -> list[Period]:
    return [
        Period(pk, f"{year}年{kind.label}", year, dates)
        for pk, (kind, dates) in enumerate(default_periods(year).items(), start=1)
    ]


def found(*periods: Period, ladder=(), days=YEARS, today=NEVER) -> list[tuple]:
    return [
        (clash.what, clash.day, clash.proposed, clash.field)
        for clash in clashes(periods, ladder, days, today=today)
    ]


# --- The usual limits over the years ------------------------------------------------------------------------

OPENING, LIMIT = ("开放日", "opens_on"), ("按期截止日", "due_on")
RUNG_OPENING, RUNG_LIMIT = ("提醒：开放填报当天", ""), ("提醒：截止当天", "")
WHOLE_YEARS = {
    2024: [
        # A Sunday in September; every limit of 2024 falls on a working day.
        (OPENING, date(2024, 9, 1), date(2024, 9, 2)),
        (RUNG_OPENING, date(2024, 9, 1), date(2024, 9, 2)),
    ],
    2025: [
        (OPENING, date(2025, 11, 1), date(2025, 11, 3)),
        (RUNG_OPENING, date(2025, 11, 1), date(2025, 11, 3)),
    ],
    2026: [
        # 7/25 is a Saturday, 9/25 Mid-Autumn with the weekend behind it, 11/1 a Sunday.
        (LIMIT, date(2026, 7, 25), date(2026, 7, 27)),
        (RUNG_LIMIT, date(2026, 7, 25), date(2026, 7, 24)),
        (LIMIT, date(2026, 9, 25), date(2026, 9, 28)),
        (RUNG_LIMIT, date(2026, 9, 25), date(2026, 9, 24)),
        (OPENING, date(2026, 11, 1), date(2026, 11, 2)),
        (RUNG_OPENING, date(2026, 11, 1), date(2026, 11, 2)),
    ],
    2027: [
        # Nobody entered it: weekends alone.
        (LIMIT, date(2027, 7, 25), date(2027, 7, 26)),
        (RUNG_LIMIT, date(2027, 7, 25), date(2027, 7, 23)),
        (LIMIT, date(2027, 9, 25), date(2027, 9, 27)),
        (RUNG_LIMIT, date(2027, 9, 25), date(2027, 9, 24)),
    ],
}


@pytest.mark.once
@pytest.mark.parametrize("year", WHOLE_YEARS)
def test_a_whole_year(year):
    expected = [(what, day, proposed, name) for (what, name), day, proposed in WHOLE_YEARS[year]]
    assert found(*usual_periods(year), ladder=LADDER) == expected


@pytest.mark.once
def test_the_reason_names_the_holiday():
    [summer, autumn] = [
        clash.why for clash in clashes(usual_periods(2026), (), YEARS, today=NEVER) if clash.field == "due_on"
    ]
    assert summer == "周六，不上班"
    assert autumn == "中秋：9月25日（周五）至9月27日（周日）连休3天"


@pytest.mark.once
@pytest.mark.parametrize(("year", "missing"), [(2024, []), (2025, []), (2026, []), (2027, [2027])])
def test_years_nobody_entered_are_named(year, missing):
    reached = years_of(usual_periods(year), LADDER, YEARS.calendar)
    assert [each for each in reached if not YEARS.calendar.covers(each)] == missing


@pytest.mark.once
def test_rungs_reach_into_the_year_before_and_after():
    one = period(date(2026, 1, 5), date(2026, 1, 8), date(2026, 12, 31))
    assert years_of([one], LADDER, YEARS.calendar) == [2025, 2026]
    assert years_of([one], [Rung(BEGINNING)], YEARS.calendar) == [2026]
    assert (
        years_of([period(one.dates.opens_on, one.dates.due_on, is_own=False)], LADDER, YEARS.calendar) == []
    )


# --- One period at a time ------------------------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize(
    ("due_on", "proposed"),
    [
        (date(2024, 9, 14), None),  # a Saturday that is worked
        (date(2024, 9, 15), date(2024, 9, 18)),  # Mid-Autumn
        (date(2024, 10, 1), date(2024, 10, 8)),
        (date(2025, 10, 1), date(2025, 10, 9)),  # 国庆节 and Mid-Autumn in one
        (date(2026, 2, 17), date(2026, 2, 24)),
        (date(2026, 9, 20), None),  # a Sunday that is worked
    ],
)
def test_a_limit_moves_on_to_the_next_working_day(due_on, proposed):
    days_off = [row for row in found(period(date(due_on.year, 1, 8), due_on)) if row[3]]
    assert days_off == ([("按期截止日", due_on, proposed, "due_on")] if proposed else [])


@pytest.mark.once
def test_the_closing_day_moves_too_and_those_that_follow_keep_their_order():
    dates = PeriodDates(date(2026, 7, 25), date(2026, 7, 26), date(2026, 7, 26))
    after = PeriodDates(date(2026, 7, 27), date(2026, 7, 27), date(2026, 7, 27))
    assert moved(dates, "opens_on", date(2026, 7, 27)) == after
    opening, limit, closing = clashes(
        [period(dates.opens_on, dates.due_on, dates.closes_on)], (), YEARS, today=NEVER
    )
    assert opening.advice.endswith("按期截止日随之改为7月27日（周一）。关闭日随之改为7月27日（周一）。")
    assert limit.advice == "可顺延到下一个工作日。关闭日随之改为7月27日（周一）。"
    assert (closing.field, closing.proposed) == ("closes_on", date(2026, 7, 27))
    assert closing.advice == "可顺延到下一个工作日。"


@pytest.mark.once
def test_an_opening_that_has_been_is_left_alone():
    one = period(date(2026, 7, 4), date(2026, 7, 24), is_open=True)
    assert found(one, ladder=LADDER) == []


@pytest.mark.once
def test_what_is_over_is_left_out():
    one = period(date(2026, 7, 1), date(2026, 7, 25))
    # On the Sunday after, the limit can still be moved to Monday; on Tuesday it is too late.
    assert [row[0] for row in found(one, ladder=LADDER, today=date(2026, 7, 25))] == [
        "按期截止日",
        "提醒：截止当天",
    ]
    assert [row[0] for row in found(one, ladder=LADDER, today=date(2026, 7, 26))] == ["按期截止日"]
    assert [row[0] for row in found(one, ladder=LADDER, today=date(2026, 7, 27))] == ["按期截止日"]
    assert found(one, ladder=LADDER, today=date(2026, 7, 28)) == []


@pytest.mark.once
@pytest.mark.parametrize(
    ("due_on", "why"),
    [
        (date(2024, 10, 8), ["国庆节长假后的第一个工作日"]),
        (date(2024, 10, 9), []),
        (date(2026, 2, 24), ["春节长假后的第一个工作日"]),
        (date(2024, 9, 18), []),  # three days of Mid-Autumn are a long weekend
        (date(2024, 7, 29), []),  # a plain Monday
    ],
)
def test_the_first_day_after_a_long_holiday_is_pointed_out(due_on, why):
    rows = clashes([period(date(due_on.year, 1, 5), due_on)], LADDER, YEARS, today=NEVER)
    assert [row.why for row in rows] == why
    assert all(row.proposed is None and not row.field for row in rows)


@pytest.mark.once
def test_days_outside_the_year_are_pointed_out():
    rows = clashes([period(date(2024, 12, 2), date(2025, 1, 10), year=2024)], (), YEARS, today=NEVER)
    assert [(row.what, row.why) for row in rows] == [("按期截止日", "不在2024年度内")]


@pytest.mark.once
def test_two_openings_or_limits_on_one_day_are_pointed_out():
    first = period(date(2024, 7, 1), date(2024, 7, 25), pk=1, name="甲期")
    second = period(date(2024, 7, 25), date(2024, 8, 8), pk=2, name="乙期")
    [row] = clashes([first, second], (), YEARS, today=NEVER)
    assert (row.period.name, row.what, row.why) == ("甲期", "按期截止日", "与乙期的开放日同一天")
    other = period(date(2024, 7, 2), date(2024, 7, 25), pk=3, name="丙期", is_own=False)
    [row] = clashes([other, first], (), YEARS, today=NEVER)
    assert (row.period.name, row.why) == ("甲期", "与丙期的按期截止日同一天")
    assert (
        clashes([other, period(date(2024, 7, 2), date(2024, 8, 8), is_own=False)], (), YEARS, today=NEVER)
        == []
    )


YEAR_DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))


@pytest.mark.once
@given(st.lists(YEAR_DAYS, min_size=3, max_size=3).map(sorted))
def test_whoever_takes_over_everything_has_no_day_off_left(days):
    dates = PeriodDates(*days)
    for _ in range(3):
        rows = [
            row
            for row in clashes(
                [period(dates.opens_on, dates.due_on, dates.closes_on)], LADDER, YEARS, today=NEVER
            )
            if row.field
        ]
        if not rows:
            break
        assert YEARS.calendar.is_working_day(rows[0].proposed)
        assert rows[0].proposed > rows[0].day
        dates = moved(dates, rows[0].field, rows[0].proposed)
        assert dates.opens_on <= dates.due_on <= dates.closes_on
    assert all(map(YEARS.calendar.is_working_day, (dates.opens_on, dates.due_on, dates.closes_on)))


# --- As it is stored, and taken over ---------------------------------------------------------------------------


@pytest.fixture
def summer(plan, at) -> ReportingPeriod:
    """上半年, due on the Saturday 27 July 2024."""
    load_official_days([2024], by=None, at=at)
    return ReportingPeriod.objects.create(
        plan=plan, kind=PeriodKind.FIRST_HALF, opens_on=date(2024, 7, 1), due_on=date(2024, 7, 27)
    )


def adopt(period, people, at, field="due_on", day=date(2024, 7, 29), by=None):
    return adopt_proposal(period.plan, period.pk, field, day, today=at.date(), by=by or people.admin, at=at)


def test_a_proposal_is_taken_over_by_the_one_door(summer, people, at):
    assert [clash.what for clash in clashes_of(summer.plan, at.date()).clashes] == [
        "按期截止日",
        "提醒：截止当天",
    ]
    changed, carried = adopt(summer, people, at)
    assert (changed.due_on, carried) == (date(2024, 7, 29), 0)
    event = AuditEvent.objects.get(action=AuditAction.PERIOD_EDIT)
    assert (event.actor, event.changes) == (people.admin, {"due_on": ["2024-07-27", "2024-07-29"]})
    assert clashes_of(summer.plan, at.date()).clashes == []


def test_reports_of_an_open_period_move_along(summer, people, at):
    open_due_periods(at=at)
    own_limit = Report.objects.first()
    own_limit.due_on = date(2024, 8, 1)
    own_limit.save()
    _, carried = adopt(summer, people, at)
    assert carried == Report.objects.count() - 1
    assert set(Report.objects.exclude(pk=own_limit.pk).values_list("due_on", "state")) == {
        (date(2024, 7, 29), ReportState.DRAFT)
    }


def test_what_is_no_longer_proposed_is_refused(summer, people, at):
    for field, day in (
        ("due_on", date(2024, 7, 30)),  # nobody proposed that
        ("opens_on", date(2024, 7, 29)),
        ("", date(2024, 7, 26)),  # the rung's day is only a hint
    ):
        with pytest.raises(Refused, match="已不适用"):
            adopt(summer, people, at, field, day)
    set_special_day(date(2024, 7, 27), DayKind.WORKDAY, "调休", by=people.admin, at=at)
    with pytest.raises(Refused, match="已不适用"):
        adopt(summer, people, at)
    assert not AuditEvent.objects.filter(action=AuditAction.PERIOD_EDIT).exists()


def test_a_period_of_another_plan_is_not_reached(summer, city, people, at):
    other = Plan.objects.create(issuer=city, year=2025, title="另一份")
    with pytest.raises(Refused):
        adopt_proposal(other, summer.pk, "due_on", date(2024, 7, 29), today=at.date(), by=people.admin, at=at)


def test_other_plans_count_only_with_the_same_units(summer, city, units, at):
    other = Plan.objects.create(issuer=city, year=2025, title="另一份")
    ReportingPeriod.objects.create(
        plan=other, kind=PeriodKind.FIRST_HALF, opens_on=date(2024, 7, 27), due_on=date(2025, 7, 25)
    )
    task = Task.objects.create(plan=other, number=1, title="任务", units_text="")
    task.assignments.create(unit=units["市红十字会"], role="support", position=1)
    whys = lambda: [clash.why for clash in clashes_of(summer.plan, at.date()).clashes]  # noqa: E731
    assert "与2025年上半年的开放日同一天" not in whys()
    task.assignments.create(unit=units["三元区"], role="local", position=2)
    assert "与2025年上半年的开放日同一天" in whys()


def test_rungs_of_other_matters_have_no_day_yet(summer, at):
    days_of = lambda: {clash.what for clash in clashes_of(summer.plan, at.date()).clashes}  # noqa: E731
    assert days_of() == {"按期截止日", "提醒：截止当天"}
    summer.plan.rungs.create(kind="notice", offset=0)
    summer.plan.rungs.create(kind="filing", offset=-1)
    assert days_of() == {"按期截止日"}  # the office's own ladder has no rung on the day itself


def test_the_number_of_statements_is_fixed(summer, plan, at, django_assert_num_queries):
    with django_assert_num_queries(4):
        clashes_of(plan, at.date())
    for kind, month in ((PeriodKind.THREE_QUARTERS, 9), (PeriodKind.FULL_YEAR, 11)):
        plan.periods.create(kind=kind, opens_on=date(2024, month, 1), due_on=date(2024, month, 24))
    with django_assert_num_queries(4):
        assert len(clashes_of(plan, at.date()).clashes) > 4


def test_a_year_that_nobody_entered_is_named(plan, at):
    plan.periods.create(kind=PeriodKind.FIRST_HALF, opens_on=date(2027, 7, 1), due_on=date(2027, 7, 26))
    assert clashes_of(plan, datetime(2027, 1, 4, tzinfo=SHANGHAI).date()).missing_years == [2027]
