"""The calendar's page: one year at a glance, loading, adding and deleting days, what is missing."""

from datetime import date

import pytest
from django.urls import reverse

from tasks_app.choices import DayKind
from tasks_app.domain.calendar.actions import load_official_days
from tasks_app.models import SpecialDay

PAGE = reverse("calendar")


def text(response) -> str:
    return response.content.decode()


def test_a_year_shows_its_days_and_its_limits(admin, period, at, django_assert_num_queries):
    load_official_days([2024], by=None, at=at)
    with django_assert_num_queries(7):
        page = text(admin.get(PAGE))
    assert "2024年工作日历" in page
    assert "2024-09-14 星期六" in page
    assert 'title="2024年上半年截止"' in page
    assert "以下年份还没有录入" in page  # 2025, the next year
    assert "2025年</a>。" in page


def test_an_empty_year_says_so_and_offers_what_it_can(admin):
    assert "载入国务院公布的安排" in text(admin.get(PAGE, {"year": "2025"}))
    page = text(admin.get(PAGE, {"year": "2031"}))
    assert "请在上方逐日登记" in page
    assert "这一年还没有录入放假和调休安排" in page


@pytest.mark.parametrize("year", ["", "abc", "1", "99999", "²"])
def test_a_year_that_is_none_shows_this_year(admin, year):
    assert "2024年工作日历" in text(admin.get(PAGE, {"year": year}))


def test_loading_the_official_days(admin):
    page = text(admin.post(PAGE, {"load": "2024"}, follow=True))
    assert "已载入2024年的放假安排" in page
    assert "没有需要新增" in text(admin.post(PAGE, {"load": "2024"}, follow=True))
    assert "2031年" in text(admin.post(PAGE, {"load": "2031"}, follow=True))


def test_adding_changing_and_deleting_a_day(admin):
    values = {"day": "2027-02-06", "kind": "workday", "name": "春节调休"}
    response = admin.post(PAGE, values)
    assert response.url == f"{PAGE}?year=2027"
    row = SpecialDay.objects.get()
    assert (row.day, row.kind) == (date(2027, 2, 6), DayKind.WORKDAY)
    admin.post(PAGE, values | {"kind": "holiday", "name": "春节"})
    assert SpecialDay.objects.get().name == "春节"
    page = admin.post(reverse("special_day_delete", args=[row.pk]), follow=True)
    assert "已删除 2027-02-06" in text(page)
    assert "已经被删除" in text(admin.post(reverse("special_day_delete", args=[row.pk]), follow=True))


def test_what_cannot_be_is_said_beside_the_field(admin):
    page = text(admin.post(PAGE, {"day": "2024-09-13", "kind": "workday", "name": "调休"}))
    assert "不需要登记调休上班" in page
    assert "2024-09-13" in page  # what was typed stays
    assert "这个字段是必填项" in text(admin.post(PAGE, {"day": "", "kind": "workday", "name": "调休"}))
    assert not SpecialDay.objects.exists()


@pytest.mark.parametrize("part", ["office", "filler", "leader", "auditor"])
def test_others_find_no_such_page(login, people, part):
    client = login(getattr(people, part))
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, {"load": "2024"}).status_code == 404
    assert client.post(reverse("special_day_delete", args=[1])).status_code == 404
    assert not SpecialDay.objects.exists()
