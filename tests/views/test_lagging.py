"""The overview, the matrix, the call list and the lagging list, as office and leaders see them."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from tasks_app.choices import Channel, DeliveryState, PeriodKind, Role
from tasks_app.domain.amendments.queries import current_period
from tasks_app.domain.reporting import actions
from tasks_app.domain.review.actions import write_note
from tasks_app.models import (
    Assignment,
    Delivery,
    Message,
    ProgressEntry,
    Reminder,
    Report,
    ReportingPeriod,
    Submission,
    Task,
    Unit,
    User,
)
from tests.lagging_pages import fill, page, tile


@pytest.fixture
def report(report, people, at) -> Report:
    """三元区's report, filled in but not submitted."""
    return fill(report, by=people.other_filler, at=at)


def submit(report, people, at):
    actions.submit_report(report.pk, by=people.other_filler, at=at)


@pytest.mark.parametrize("name", ["matrix", "not_filed", "lagging"])
def test_the_pages_are_for_office_and_leader(name, period, people, login):
    for reader in (people.office, people.leader):
        assert login(reader).get(reverse(name)).status_code == 200
    for other in (people.filler, people.signer, people.admin, people.auditor):
        assert login(other).get(reverse(name)).status_code == 404


@pytest.mark.parametrize("name", ["home", "matrix", "not_filed", "lagging"])
def test_before_there_is_any_period_the_pages_say_so(name, people, login):
    assert "还没有填报期" in page(login(people.office), name)


@pytest.mark.parametrize("name", ["home", "matrix", "not_filed", "lagging"])
def test_before_the_period_opens_the_pages_say_so(name, period, people, login):
    assert "尚未开放" in page(login(people.office), name)


@pytest.mark.parametrize("name", ["home", "matrix", "not_filed", "lagging"])
def test_a_period_of_nobody_is_not_found(name, period, people, login):
    client = login(people.office)
    for asked in ("999999", "abc", "-1", "٣"):
        assert client.get(reverse(name), {"period": asked}).status_code == 404


def test_a_draft_does_not_leak_to_any_page(report, people, login):
    for reader in (people.office, people.leader):
        client = login(reader)
        overview = page(client, "home")
        assert (tile(overview, "应报单位"), tile(overview, "未报"), tile(overview, "未填")) == (5, 5, 9)
        assert tile(overview, "未达序时") == 0
        for name in ("matrix", "not_filed", "lagging"):
            for status in ("", "behind", "unfilled"):
                text = page(client, name, status=status)
                assert "专班" not in text
                assert reverse("review_report", args=[report.pk]) not in text


def test_the_overview_counts_and_links_to_the_rows(report, people, login, at):
    submit(report, people, at)
    client = login(people.leader)
    text = page(client, "home")
    assert (tile(text, "按期"), tile(text, "待审"), tile(text, "未报"), tile(text, "未达序时")) == (
        1,
        1,
        4,
        2,
    )
    links = re.findall(r'class="figure-tile[^"]*" href="([^"]+)"', text)
    assert len(links) == 14
    for link in links:
        assert client.get(link.replace("&amp;", "&")).status_code == 200
    waiting = client.get(next(link for link in links if "waiting" in link).replace("&amp;", "&"))
    assert waiting.content.decode().count('<tr><th scope="row"><span class="unit">') == 1
    assert "较多滞后" in text


def test_the_verdict_leads_on_every_page_and_each_says_whose_word_counts(report, people, login, at):
    """三元区 calls both its tasks 未达序时; the office finds one of them not begun."""
    submit(report, people, at)
    task = report.entries.order_by("task").first().task
    write_note(report.pk, task.pk, submission=1, rating="not_started", by=people.office, at=at)
    client = login(people.leader)
    text = page(client, "home")
    assert (tile(text, "未达序时"), tile(text, "未启动")) == (1, 1)
    for name in ("home", "matrix", "lagging"):
        assert "以核定为准，未核定的按自评：核定 1、自评 1" in " ".join(page(client, name).split()), name
    lists = {
        agreement: len(
            re.findall('<td class="col-status">', page(client, "lagging", status="all", agreement=agreement))
        )
        for agreement in ("same", "rosier", "darker", "differing")
    }
    assert lists == {"same": 0, "rosier": 1, "darker": 0, "differing": 1}
    for label, number in (("一致", 0), ("自评偏高", 1), ("自评偏低", 0)):
        assert re.search(rf"<a href=\"[^\"]*&amp;agreement=\w+\">{label}\s+{number}</a>", text), label


def test_until_a_unit_files_anew_its_last_state_stands(report, people, login, at):
    submit(report, people, at)
    later = ReportingPeriod.objects.create(
        plan=report.period.plan,
        kind=PeriodKind.THREE_QUARTERS,
        opens_on=at.replace(month=9).date(),
        due_on=at.replace(month=9, day=25).date(),
    )
    opened = at.replace(month=9, day=16)
    actions.open_due_periods(at=opened)
    client = login(people.leader, at=opened)
    text = page(client, "home")
    assert f"{later} · 医改任务进展总览" in text
    assert (tile(text, "未报"), tile(text, "未达序时")) == (5, 2)
    matrix = page(client, "matrix")
    assert matrix.count("上期（上半年）") == 1
    assert f"{reverse('review_report', args=[report.pk])}#task-2" in matrix
    assert "专班" in page(client, "lagging")


def test_the_matrix_shows_every_cell_with_shape_word_and_title_and_leads_to_the_report(
    report, people, login, at
):
    submit(report, people, at)
    text = page(login(people.office), "matrix")
    address = f"{reverse('review_report', args=[report.pk])}#task-2"
    cell = re.search(rf'<td class="cell-warn" title="([^"]*)"><a href="{address}">(.*?)</a></td>', text)
    assert cell[1] == "三元区 · 2. 推进健康管护组织建设：未达序时"
    assert "▲" in cell[2]
    assert "滞" in cell[2]
    assert text.count('class="cell-none"><span class="visually-hidden">') == 5 * 3 - 9
    assert text.count('title="将乐县 · ') == 2


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ({}, 5),
        ({"units": "county"}, 2),
        ({"units": "bureau"}, 3),
        ({"filing": "on_time"}, 1),
        ({"filing": "owed"}, 4),
        ({"filing": "returned"}, 0),
        ({"units": "nonsense", "section": "x"}, 5),
    ],
)
def test_the_matrix_is_narrowed(report, people, login, at, query, rows):
    submit(report, people, at)
    text = page(login(people.office), "matrix", **query)
    assert text.count('<tr><th scope="row"><span class="unit">') == rows


def test_the_matrix_of_one_section_has_its_tasks_only(report, people, login):
    section = Task.objects.get(number=3).section
    text = page(login(people.office), "matrix", section=section.pk)
    assert "完善医保基金预算管理" in text
    assert "健全三医协同工作机制" not in text


def test_names_are_escaped_in_the_matrix(report, people, login):
    Unit.objects.filter(pk=report.unit_id).update(name='<i>"三元"')
    Task.objects.filter(number=1).update(title="<script>")
    text = page(login(people.office), "matrix")
    assert "<i>" not in text
    assert "<script>" not in text.split("<main", 1)[1]
    assert "&lt;i&gt;&quot;三元&quot; · 1. &lt;script&gt;" in text


def test_the_call_list_names_people_telephones_and_days(report, people, login, at):
    text = page(login(people.office), "not_filed")
    assert "林晓燕 0598-8220000" in text
    assert "还有8个工作日" in text
    assert text.count("无填报员") == 2  # 市医保局, 市财政局
    assert "未提醒" in text
    late = page(login(people.office, at=at.replace(day=27)), "not_filed", only="overdue")
    assert "逾期 2天" in late
    assert "没有未报的单位" in page(login(people.office), "not_filed", only="overdue")


@pytest.mark.parametrize("by", ["task", "unit"])
def test_the_lagging_list_gives_the_units_own_words(report, people, login, at, by):
    submit(report, people, at)
    text = page(login(people.leader), "lagging", by=by)
    assert "进展滞后的任务（2 项）" in text
    assert "&lt;b&gt;专班&lt;/b&gt;已组建。" in text
    assert "缺编制。" in text
    assert f"{reverse('review_report', args=[report.pk])}#task-1" in text
    assert text.count('class="group-row"') == (1 if by == "unit" else 2)


def test_the_lagging_list_is_narrowed_by_section_and_status(report, people, login, at):
    submit(report, people, at)
    client = login(people.office)
    other = Task.objects.get(number=3).section_id
    assert "进展滞后的任务（0 项）" in page(client, "lagging", section=other)
    assert "已完成的任务（0 项）" in page(client, "lagging", status="done")
    assert "未填的任务（7 项）" in page(client, "lagging", status="unfilled")


def test_the_period_opened_last_is_the_first_to_be_seen(report, period, people, login, at):
    later = ReportingPeriod.objects.create(
        plan=period.plan,
        kind=PeriodKind.THREE_QUARTERS,
        opens_on=at.replace(month=9, day=1).date(),
        due_on=at.replace(month=9, day=25).date(),
    )
    assert "2024年上半年 · 进度矩阵" in page(login(people.office), "matrix")
    assert "2024年前三季度 · 进度矩阵" in page(login(people.office), "matrix", period=later.pk)
    actions.open_due_periods(at=at.replace(month=9, day=2))
    assert "2024年前三季度 · 进度矩阵" in page(login(people.office), "matrix")


def test_of_periods_opened_at_the_same_moment_the_one_that_runs_is_seen_first(period, people, login, at):
    """A table imported in September opens two at once; the first half is over by then."""
    ReportingPeriod.objects.create(
        plan=period.plan,
        kind=PeriodKind.THREE_QUARTERS,
        opens_on=at.replace(month=9, day=1).date(),
        due_on=at.replace(month=9, day=25).date(),
    )
    late = at.replace(month=9, day=2)
    actions.open_due_periods(at=late)
    client = login(people.office, at=late)
    assert "2024年前三季度 · 进度矩阵" in page(client, "matrix")
    task = Task.objects.first()
    assert "2024年前三季度" in str(client.get(reverse("review_task", args=[task.pk])).context["period"])
    assert current_period(period.plan, late).kind == PeriodKind.THREE_QUARTERS
    unit = login(people.filler, at=late).get(reverse("home")).text
    assert unit.index("2024年前三季度") < unit.index("2024年上半年")


@pytest.mark.parametrize(
    ("name", "statements"), [("home", 12), ("matrix", 11), ("not_filed", 10), ("lagging", 18)]
)
def test_the_number_of_statements_does_not_grow(
    name, statements, report, units, people, login, at, django_assert_num_queries
):
    submit(report, people, at)
    client = login(people.office)
    with django_assert_num_queries(statements):
        client.get(reverse(name))
    for task in Task.objects.all():
        given = [Assignment(task=task, unit=unit, role="local", position=9) for unit in units.values()]
        Assignment.objects.bulk_create(given, ignore_conflicts=True)
    for number, unit in enumerate(units.values()):
        User.objects.create(username=f"u{number}", name="某", role=Role.FILLER, unit=unit, password="x")
    actions.open_due_periods(at=at)
    with django_assert_num_queries(statements):
        client.get(reverse(name))


def test_the_call_list_tells_the_last_reminder_in_the_time_of_the_clock_on_the_wall(
    report, people, login, at
):
    message = Message.objects.create(
        unit=report.unit, day=at.date(), subject="提醒", body="请报送", created_at=at
    )
    Reminder.objects.create(
        report=report, due_on=report.due_on, rung=-5, kind="filing", message=message, created_at=at
    )
    Delivery.objects.create(
        message=message,
        user=people.other_filler,
        next_attempt_at=at,
        channel=Channel.IN_APP,
        state=DeliveryState.SENT,
        sent_at=at,
        read_at=at,
    )
    later = login(people.office, at=at + timedelta(hours=2))
    assert "2024-07-15 10:00" in page(later, "not_filed")
    assert "2024-07-15 10:00" not in page(later, "not_filed", as_of="2024-07-14")


# --- many units -----------------------------------------------------------------------------------------------


@pytest.fixture
def many(report, period, people, city, at) -> list[Report]:
    """300 counties that have filed task 1, besides those of the small plan."""
    units = Unit.objects.bulk_create(
        Unit(
            code=f"9{i:03}",
            name=f"第{i:03}县",
            short_name=f"县{i:03}",
            kind="county",
            parent=city,
            position=100 + i,
        )
        for i in range(300)
    )
    filed = {"state": "submitted", "submitted_at": at, "first_submitted_at": at, "is_late": True}
    reports = Report.objects.bulk_create(
        Report(period=period, unit=unit, due_on=period.due_on, submitted_by=people.office, **filed)
        for unit in units
    )
    task = Task.objects.get(number=1)
    ProgressEntry.objects.bulk_create(
        ProgressEntry(report=each, task=task, status="behind", progress=f"{each.unit.name}的进展。")
        for each in reports
    )
    return reports


def test_a_long_lagging_list_is_read_by_pages_and_its_numbers_are_those_of_the_whole(many, people, login):
    client = login(people.leader)
    first, last = page(client, "lagging"), page(client, "lagging", page=3, late="all")
    assert "进展滞后的任务（300 项）" in first
    assert "300 个单位</span>" in " ".join(first.split())
    assert ("第099县的进展。" in first, "第100县的进展。" in first) == (True, False)
    assert ("第200县的进展。" in last, "第299县的进展。" in last, "第199县的进展。" in last) == (
        True,
        True,
        False,
    )
    assert len(first.encode()) < 300_000
    assert ("列出全部 300 个" in first, "列出全部" in last) == (True, False)
    assert [len(re.findall("曾迟|lamp-late", text)) for text in (first, last)] == [60, 300]
    by_unit = page(client, "lagging", by="unit", page=2)
    assert by_unit.index("第100县") < by_unit.index("第199县")


def test_a_long_matrix_is_read_by_pages_and_sums_up_all_units(many, people, login):
    client = login(people.leader)
    first, last = (page(client, "matrix", page=number, units="county") for number in (1, 3))
    assert ("第000县" in first, "第299县" in first) == (True, False)
    assert ("第000县" in last, "第299县" in last) == (False, True)
    assert [text.count('<th scope="row"><span class="unit">') for text in (first, last)] == [110, 82]
    foot, foot_of_last = (text.split("<tfoot>")[1].split("</tfoot>")[0] for text in (first, last))
    assert "合计 300</td>" in foot
    assert foot == foot_of_last


def test_a_task_of_many_units_is_read_by_pages(many, report, people, login, at):
    submissions = [
        Submission(
            report=each,
            number=1,
            receipt=f"r{each.pk}",
            content={"header": {}, "entries": [{"task": task.pk, "progress": f"{chr(0x4E00 + 9 * n)}" * 12}]},
            fingerprint="0" * 64,
            is_late=True,
            submitted_at=at,
            submitted_by=people.office,
        )
        for task in [Task.objects.get(number=1)]
        for n, each in enumerate(many)
    ]
    Submission.objects.bulk_create(submissions)
    address = reverse("review_task", args=[Task.objects.get(number=1).pk])
    texts = [login(people.office).get(address, {"page": number}).content.decode() for number in (1, 5)]
    assert ["第000县" in text for text in texts] == [True, False]
    assert ["第299县" in text for text in texts] == [False, True]
    assert [text.count('class="unit-entry"') for text in texts] == [60, 60]
    assert all("已报送 300" in " ".join(text.split()) for text in texts)


def test_the_office_notes_a_call_where_the_leader_reads_it(reports, people, login, at):
    office, report = login(people.office), reports["三元区"]
    address = reverse("not_filed_call", args=[report.pk])
    assert page(office, "not_filed").count(">已电话<") == 5
    assert "已记下：电话催办三元区。" in office.post(address, follow=True).content.decode()
    read = page(login(people.leader), "not_filed")
    assert f"2024-07-15 {at:%H:%M} {people.office.name}" in read and ">已电话<" not in read
    assert login(people.leader).post(address).status_code == 404
