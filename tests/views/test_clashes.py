"""The page of the clashing days, and the click that takes over a proposed one."""

from datetime import date

import pytest
from django.urls import reverse

from tasks_app.domain.calendar.actions import load_official_days
from tasks_app.domain.reporting.actions import open_due_periods
from tasks_app.models import Report, ReportingPeriod


@pytest.fixture
def saturday(period, at) -> ReportingPeriod:
    """上半年, due on Saturday 27 July 2024."""
    load_official_days([2024], by=None, at=at)
    period.due_on = date(2024, 7, 27)
    period.save()
    return period


def page(client, period, name="clashes") -> str:
    return client.get(reverse(name, args=[period.plan_id])).content.decode()


def click(client, at_period, **changed) -> str:
    posted = {"period": at_period.pk, "field": "due_on", "proposed": "2024-07-29"} | changed
    return client.post(reverse("clash_adopt", args=[at_period.plan_id]), posted, follow=True).content.decode()


def test_one_click_takes_over_the_proposed_day(saturday, people, login):
    client = login(people.admin)
    seen = page(client, saturday)
    assert "周六，不上班" in seen
    assert "2024-07-29（星期一）" in seen
    assert seen.count("采用建议日期<") == 1  # the rung follows the limit
    assert "data-confirm" not in seen.split("<main")[1]
    assert "2024年上半年的按期截止日已改为7月29日（周一）。" in click(client, saturday)
    assert "没有日期冲突" in page(client, saturday)


def test_an_open_period_is_changed_only_after_a_question(saturday, people, login, at):
    open_due_periods(at=at)
    client = login(people.admin)
    assert "已经开放：按期截止日改为7月29日后，还没有报送的填报随之改期" in page(client, saturday)
    assert "5 份尚未报送的填报改按新的截止日" in click(client, saturday)
    assert set(Report.objects.values_list("due_on", flat=True)) == {date(2024, 7, 29)}


def test_the_pages_around_it_say_so(saturday, people, login):
    client = login(people.admin)
    address = reverse("clashes", args=[saturday.plan_id])
    periods = page(client, saturday, "periods")
    assert f'<a href="{address}"><b class="num">2</b> 处冲突</a>' in periods
    assert address in page(client, saturday, "plan")
    assert address not in page(login(people.office), saturday, "plan")
    click(login(people.admin), saturday)
    assert "处冲突" not in page(client, saturday, "periods")


def test_a_year_that_nobody_entered_is_pointed_out(period, people, login):
    seen = page(login(people.admin), period)
    assert "工作日历中还没有" in seen
    assert '<a href="/calendar?year=2024">2024年</a>' in seen


@pytest.mark.parametrize(
    "changed",
    [
        {"proposed": "2024-07-30"},
        {"proposed": "2024-02-31"},
        {"proposed": "七月"},
        {"proposed": ""},
        {"field": "pk"},
        {"field": ""},
        {"period": "x"},
        {"period": "987654321"},
        {"period": "9" * 40},
    ],
)
def test_what_was_not_proposed_changes_nothing(changed, saturday, people, login):
    assert "alert-danger" in click(login(people.admin), saturday, **changed)
    saturday.refresh_from_db()
    assert saturday.due_on == date(2024, 7, 27)


def test_the_number_of_statements_is_fixed(saturday, plan, people, login, django_assert_num_queries):
    client = login(people.admin)
    with django_assert_num_queries(8):
        page(client, saturday)
    for kind, month in (("three_quarters", 9), ("full_year", 11)):
        plan.periods.create(kind=kind, opens_on=date(2024, month, 1), due_on=date(2024, month, 24))
    with django_assert_num_queries(8):
        assert page(client, saturday).count("采用建议日期<") == 3
