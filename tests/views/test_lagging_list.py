"""The lagging list: since when and why a task lags, what was done about it, what may be done next; its filters."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from tasks_app.choices import PeriodKind
from tasks_app.domain.escalation.actions import draft_notice
from tasks_app.domain.matters.actions import ask as ask_coordination
from tasks_app.domain.reporting import actions
from tasks_app.models import Report, ReportingPeriod
from tests.lagging_pages import fill, page


def rows_of(client, **asked) -> list[str]:
    """The rows of the list in words, without tags."""
    found = re.findall(
        r'<tr><th scope="row" class="col-who">(.*?)</tr>', page(client, "lagging", **asked), re.DOTALL
    )
    return [" ".join(re.sub("<.*?>", " ", row).split()) for row in found]


@pytest.fixture
def two_periods(report, people, at):
    """三元区 lagged in both its tasks at mid-year; in the third quarter one goes on lagging, one has caught up."""
    fill(report, by=people.other_filler, at=at)
    actions.submit_report(report.pk, by=people.other_filler, at=at)
    later = ReportingPeriod.objects.create(
        plan=report.period.plan,
        kind=PeriodKind.THREE_QUARTERS,
        opens_on=at.replace(month=9).date(),
        due_on=at.replace(month=9, day=25).date(),
    )
    opened = at.replace(month=9, day=16)
    actions.open_due_periods(at=opened)
    second = Report.objects.get(period=later, unit=report.unit)
    for entry, said in zip(
        second.entries.order_by("task__number"),
        ({"status": "behind", "cause": "systems", "outlook": "cannot"}, {"status": "on_track"}),
        strict=True,
    ):
        values = {"progress": "推进中。", "forecast": "", "remarks": "缺人。", **said}
        actions.save_entry(second.pk, entry.pk, values=values, version=0, by=people.other_filler, at=opened)
    actions.submit_report(second.pk, by=people.other_filler, at=opened)
    return second, opened


def test_a_row_says_since_when_it_lags_and_why(two_periods, people, login):
    _, opened = two_periods
    client = login(people.office, at=opened)
    assert rows_of(client) == [
        "三元区 ▲ 未达序时 ↻ 连续 2 期 ▲ 历程 系统接口 推进中。 备注：缺人。 完不成 拟督查单",
    ]
    assert rows_of(login(people.leader, at=opened), course="lasting")[0].endswith("完不成 批示")
    assert rows_of(client, course="caught_up") == ["三元区 ● 达到序时 ◐ 刚赶上 ▲ 历程 推进中。 备注：缺人。"]
    assert rows_of(client, course="worse") == []
    assert rows_of(client, cause="funds") == []
    assert len(rows_of(client, cause="systems")) == 1
    assert "、连续2期以上、原因为系统接口的任务" in page(client, "lagging", course="lasting", cause="systems")


def test_a_row_says_what_was_done_and_offers_nothing_twice(two_periods, people, login):
    second, opened = two_periods
    entry = second.entries.order_by("task__number").first()
    thing = f"task:{second.unit_id}:{entry.task_id}:{second.period_id}"
    client = login(people.office, at=opened)
    assert reverse("escalation_draft", args=[thing]) in page(client, "lagging")
    assert client.get(reverse("escalation_draft", args=[thing])).status_code == 200
    words = {"title": "连续滞后", "grounds": "两期", "requirement": "请说明。"}
    limit = opened.replace(month=10, day=10).date()
    draft_notice(thing, **words, colour="blue", reply_due_on=limit, by=people.office, at=opened)
    ask_coordination(
        second.pk,
        entry.pk,
        text="请协调接口。",
        addressee=None,
        due_on=None,
        by=people.other_filler,
        at=opened,
    )
    (row,) = rows_of(client)
    assert row.endswith("完不成 协调事项 待答复 督查单（蓝色） 拟稿")
    (row,) = rows_of(login(people.leader, at=opened))
    assert "督查单" not in row, "a draft is the office's own"
    later = login(people.office, at=opened + timedelta(days=2))
    past = rows_of(later, as_of="2024-09-16", period=second.period_id)
    assert past == ["三元区 ▲ 未达序时 ↻ 连续 2 期 系统接口 推进中。 备注：缺人。 完不成"]


def test_the_list_is_narrowed_by_unit_kind_and_voice(two_periods, people, login):
    second, opened = two_periods
    client = login(people.office, at=opened)
    assert (
        rows_of(client, unit=second.unit_id)
        == rows_of(client, units="county")
        == rows_of(client, voice="unit")
    )
    assert rows_of(client, units="bureau") == rows_of(client, voice="office") == []
    assert '<details class="filter-rare" open' in page(client, "lagging", voice="unit")
    assert '<details class="filter-rare" open' not in page(client, "lagging")
