"""Counting working days over real Chinese years, and keeping the table of special days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks_app import clock
from tasks_app.choices import AuditAction, DayKind
from tasks_app.clock import local_date
from tasks_app.domain.calendar.actions import (
    OFFICIAL_YEARS,
    delete_special_day,
    load_official_days,
    set_special_day,
)
from tasks_app.domain.calendar.queries import missing_years, working_calendar
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.domain.moves import Refused
from tasks_app.models import AuditEvent, SpecialDay

AT = datetime(2024, 7, 1, 1, tzinfo=UTC)
# Autumn 2024: Mid-Autumn 9/15-17 with 9/14 worked, National Day 10/1-7 with 9/29 and 10/12 worked.
AUTUMN_2024 = WorkingCalendar(
    special={
        date(2024, 9, 14): DayKind.WORKDAY,
        date(2024, 9, 15): DayKind.HOLIDAY,
        date(2024, 9, 16): DayKind.HOLIDAY,
        date(2024, 9, 17): DayKind.HOLIDAY,
        date(2024, 9, 29): DayKind.WORKDAY,
        **{date(2024, 10, day): DayKind.HOLIDAY for day in range(1, 8)},
        date(2024, 10, 12): DayKind.WORKDAY,
    },
    years=frozenset({2024}),
)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2024, 9, 13), True),
        (date(2024, 9, 14), True),  # a Saturday that is worked
        (date(2024, 9, 16), False),  # Mid-Autumn Monday
        (date(2024, 9, 18), True),
        (date(2024, 9, 21), False),  # an ordinary Saturday
        (date(2024, 9, 29), True),  # a Sunday that is worked
        (date(2024, 10, 7), False),
        (date(2024, 10, 12), True),
        (date(2024, 10, 13), False),
    ],
)
def test_working_days_of_autumn_2024(day, works):
    assert AUTUMN_2024.is_working_day(day) is works


@pytest.mark.parametrize(
    ("start", "n", "result"),
    [
        (date(2024, 9, 25), -10, date(2024, 9, 10)),
        (date(2024, 9, 25), -1, date(2024, 9, 24)),
        (date(2024, 9, 25), 0, date(2024, 9, 25)),
        (date(2024, 9, 25), 3, date(2024, 9, 29)),
        (date(2024, 9, 25), 8, date(2024, 10, 11)),
        (date(2024, 9, 15), 1, date(2024, 9, 18)),
        (date(2024, 9, 17), -1, date(2024, 9, 14)),
    ],
)
def test_adding_steps_over_holidays_and_counts_make_up_days(start, n, result):
    assert AUTUMN_2024.add(start, n) == result


def test_between_counts_from_the_day_after_to_the_last_day():
    assert AUTUMN_2024.between(date(2024, 9, 30), date(2024, 10, 8)) == 1
    assert AUTUMN_2024.between(date(2024, 10, 8), date(2024, 9, 30)) == -1
    assert AUTUMN_2024.between(date(2024, 10, 1), date(2024, 10, 7)) == 0
    assert AUTUMN_2024.between(date(2024, 9, 25), date(2024, 9, 25)) == 0


DAYS = st.dates(date(2024, 1, 1), date(2024, 12, 31))


@given(day=DAYS, n=st.integers(-60, 60))
@settings(max_examples=200)
def test_adding_lands_on_a_working_day_and_between_finds_the_way_back(day, n):
    reached = AUTUMN_2024.add(day, n)
    if n:
        assert AUTUMN_2024.is_working_day(reached)
    if n > 0:
        assert AUTUMN_2024.between(day, reached) == n


@given(start=DAYS, end=DAYS)
@settings(max_examples=200)
def test_between_is_signed_and_never_exceeds_the_calendar_days(start, end):
    count = AUTUMN_2024.between(start, end)
    assert count == -AUTUMN_2024.between(end, start)
    assert abs(count) <= abs((end - start).days)


# --- the stored table -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_official_days_of_2024_agree_with_the_published_notice(django_assert_num_queries):
    load_official_days([2024], by=None, at=AT)
    with django_assert_num_queries(1):
        calendar = working_calendar()
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(366)]
    assert sum(calendar.is_working_day(day) for day in days) == 251
    assert all(calendar.is_working_day(day) == AUTUMN_2024.is_working_day(day) for day in days[244:])
    assert calendar.covers(2024)
    assert not calendar.covers(2025)
    assert SpecialDay.objects.get(day=date(2024, 9, 14)).name == "中秋"


@pytest.mark.django_db
def test_loading_again_adds_nothing_and_keeps_what_people_changed():
    first = load_official_days([2024, 2025], by=None, at=AT)
    assert first == SpecialDay.objects.count() > 50
    set_special_day(date(2024, 10, 7), DayKind.HOLIDAY, "台风停工", by=None, at=AT)
    assert load_official_days([2024, 2025], by=None, at=AT) == 0
    assert SpecialDay.objects.get(day=date(2024, 10, 7)).name == "台风停工"
    notes = AuditEvent.objects.filter(action=AuditAction.CALENDAR_EDIT).count()
    assert notes == 2  # the load and the change; a load that changed nothing leaves no trace


@pytest.mark.django_db
def test_a_year_nobody_published_is_refused_whole():
    with pytest.raises(Refused, match="2027年"):
        load_official_days([2026, 2027], by=None, at=AT)
    assert not SpecialDay.objects.exists()


@pytest.mark.django_db
def test_a_day_by_hand_is_entered_changed_and_deleted_with_its_trail():
    row = set_special_day(date(2027, 2, 6), DayKind.WORKDAY, "春节调休", by=None, at=AT)
    assert working_calendar().is_working_day(date(2027, 2, 6))
    set_special_day(date(2027, 2, 6), DayKind.HOLIDAY, "春节", by=None, at=AT)
    assert not working_calendar().is_working_day(date(2027, 2, 6))
    assert delete_special_day(row.pk, by=None, at=AT) == date(2027, 2, 6)
    assert delete_special_day(row.pk, by=None, at=AT) is None
    changes = [event.changes for event in AuditEvent.objects.order_by("id")]
    assert changes[1] == {"kind": ["workday", "holiday"], "name": ["春节调休", "春节"]}
    assert changes[2] == {"kind": ["holiday", None], "name": ["春节", None]}


@pytest.mark.django_db
def test_a_working_day_cannot_be_made_up():
    with pytest.raises(Refused, match="不需要登记"):
        set_special_day(date(2024, 9, 13), DayKind.WORKDAY, "", by=None, at=AT)


@pytest.mark.django_db
def test_missing_years_name_this_year_and_the_next():
    load_official_days([2026], by=None, at=AT)
    assert working_calendar().years == {2026}
    assert missing_years(date(2026, 11, 22), working_calendar()) == [2027]
    assert missing_years(date(2025, 1, 1), working_calendar()) == [2025]


@pytest.mark.django_db
def test_the_command_loads_and_explains(capsys):
    call_command("load_calendar", "2024", "2025")
    assert "新增" in capsys.readouterr().out
    assert working_calendar().years == {2024, 2025}
    with pytest.raises(CommandError, match="2030年"):
        call_command("load_calendar", "2030")


@pytest.mark.django_db
def test_without_years_the_command_loads_those_that_plans_can_be_of():
    call_command("load_calendar")
    first = local_date(clock.now()).year - 3
    assert working_calendar().years == {year for year in OFFICIAL_YEARS if year >= first}
