"""The page on which a year is settled."""

from datetime import datetime

import pytest
from django.urls import reverse

from tasks_app.clock import SHANGHAI
from tasks_app.domain.reporting.actions import open_due_periods
from tasks_app.models import Report
from tasks_app.templatetags.display import sign

LATE = datetime(2024, 8, 12, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture
def plan_due(period, people, at):
    open_due_periods(at=at)
    return period.plan


def test_what_is_open_is_listed_and_settled_once(plan_due, people, login):
    browser = login(people.office, at=LATE)
    page = browser.get(reverse("year_end", args=[plan_due.pk])).text
    assert "5 件：填报5件" in " ".join(page.split())
    assert "2024年上半年填报" in page
    assert "2024年6月30日" in page  # the end of the last period
    answer = browser.post(reverse("year_close", args=[plan_due.pk]), {"seen": "4"})
    assert "未办结的事项刚刚有变化" in answer.text
    answer = browser.post(reverse("year_close", args=[plan_due.pk]), {"seen": "5"}, follow=True)
    assert "本年度已办结，不再催办" in answer.text
    assert "（已办结）" in browser.get(reverse("plans")).text
    assert "2024年8月12日办结" in browser.get(reverse("plan", args=[plan_due.pk])).text
    overview = browser.get(reverse("home")).text
    assert "（本年度已办结）" in overview
    assert "已过" not in overview
    unit = login(people.other_filler, at=LATE).get(reverse("home")).text
    assert "本年度工作已经办结，不再填报" in unit
    lamp = str(sign("quiet", "—", "未报"))
    assert lamp in unit
    report = Report.objects.get(unit=people.other_filler.unit)
    pages = [unit, login(people.other_filler, at=LATE).get(reverse("report", args=[report.pk])).text]
    browser = login(people.office, at=LATE)
    pages += [browser.get(reverse(name)).text for name in ("matrix", "not_filed", "lagging")]
    assert [lamp in page for page in pages] == [True] * len(pages)
    assert not any(str(sign("bad", "✖", "逾期")) in page or "已逾期" in page for page in pages)
    # The moment before it still was.
    before = browser.get(reverse("not_filed"), {"as_of": "2024-08-11T10:00"}).text
    assert str(sign("bad", "✖", "逾期 17天")) in before
    browser = login(people.admin, at=LATE)
    assert "已办结" in browser.get(reverse("plan", args=[plan_due.pk])).text
    answer = browser.post(reverse("year_reopen", args=[plan_due.pk]), follow=True)
    assert "已撤销办结" in answer.text


def test_the_last_day_can_be_set(plan_due, people, login):
    browser = login(people.admin, at=LATE)
    address = reverse("year_set_end", args=[plan_due.pk])
    assert "不能早于" in browser.post(address, {"ends_on": "2024-07-01"}).text
    assert "2025年1月15日" in browser.post(address, {"ends_on": "2025-01-15"}, follow=True).text


def test_before_the_last_limit_it_says_when(plan_due, people, login, at):
    page = login(people.office).get(reverse("year_end", args=[plan_due.pk])).text
    assert "2024年7月25日才截止，过后再办结" in page
    assert "办结本年度" not in page
