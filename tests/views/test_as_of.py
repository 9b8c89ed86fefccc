"""截至: the overview, the matrix, the lists and one report as they were at a past moment."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.urls import reverse

from tasks_app.choices import PeriodKind, Role
from tasks_app.domain.on_behalf.actions import begin
from tasks_app.domain.plan.actions import set_period
from tasks_app.domain.plan.rules import PeriodDates
from tasks_app.domain.reporting import actions
from tasks_app.domain.review.actions import accept_report, return_report
from tasks_app.models import Report, ReportingPeriod, Task, User
from tests.lagging_pages import WORDS, fill, page, tile

PAGES = ["home", "matrix", "not_filed", "lagging"]
NOT_NOW = "以下为截至 2024年7月{} 的情况，不是现在的。"


@pytest.fixture
def report(report, people, at) -> Report:
    """三元区's report, filled in but not submitted."""
    return fill(report, by=people.other_filler, at=at)


def submit(report, people, at):
    actions.submit_report(report.pk, by=people.other_filler, at=at)


@pytest.fixture
def story(report, people, at):
    """Submitted on 16 July 10:00, returned on the 17th, submitted again with other words on the 30th, late."""
    filler = people.other_filler
    day = timedelta(days=1)
    submit(report, people, at + day)
    return_report(report.pk, submission=1, reasons={None: "请补数据"}, by=people.office, at=at + 2 * day)
    for entry in report.entries.all():
        words = WORDS | {"status": "done", "progress": "新写的话。"}
        version = entry.version
        actions.save_entry(report.pk, entry.pk, values=words, version=version, by=filler, at=at + 3 * day)
    submit(report, people, at + 15 * day)
    return report


@pytest.fixture
def office(people, login, at, story):
    """The office's browser on 31 July, 10:00."""
    return login(people.office, at=at + timedelta(days=16))


@pytest.mark.parametrize(
    ("as_of", "numbers"),
    [
        ("", {"按期": 0, "补报": 1, "未报": 4, "逾期": 4, "待审": 1, "退回": 0, "已完成": 2, "未达序时": 0}),
        ("2024-07-16T09:59", {"按期": 0, "未报": 5, "逾期": 0, "未达序时": 0, "未填": 9}),
        ("2024-07-16T10:00", {"按期": 1, "未报": 4, "待审": 1, "未达序时": 2}),
        ("2024-07-16", {"按期": 1, "未报": 4, "待审": 1, "未达序时": 2}),
        ("2024-07-28", {"按期": 0, "未报": 5, "逾期": 5, "退回": 1, "退回中": 2, "未达序时": 0}),
    ],
)
def test_the_overview_of_a_moment_counts_what_was_true_then(office, as_of, numbers):
    text = page(office, "home", as_of=as_of)
    assert {label: tile(text, label) for label in numbers} == numbers
    assert ("不是现在的" in text) == bool(as_of)


def test_leaders_look_back_too(people, login, at, story):
    text = page(login(people.leader, at=at + timedelta(days=16)), "home", as_of="2024-07-16")
    assert NOT_NOW.format("16日 23:59") in text
    assert tile(text, "按期") == 1


def test_the_matrix_of_a_moment_leads_to_the_words_of_that_moment(office, story):
    text = page(office, "matrix", as_of="2024-07-20T18:00")
    address = f"{reverse('report_as_of', args=[story.pk])}?as_of=2024-07-20T18%3A00#task-2"
    assert f'title="三元区 · 2. 推进健康管护组织建设：退回中；自评：未达序时"><a href="{address}">' in text
    assert reverse("review_report", args=[story.pk]) not in text
    shown = office.get(address).content.decode()
    assert NOT_NOW.format("20日 18:00") in shown
    assert "&lt;b&gt;专班&lt;/b&gt;已组建。" in shown
    assert "新写的话" not in shown
    assert "请补数据" in shown
    assert "已退回" in shown
    assert 'id="task-2"' in shown
    later = page_of(office, story, "2024-07-30")
    assert "新写的话" in later
    assert "请补数据" not in later


def page_of(client, report, as_of):
    response = client.get(reverse("report_as_of", args=[report.pk]), {"as_of": as_of})
    assert response.status_code == 200
    return response.content.decode()


def test_a_unit_looks_back_at_its_own_report_and_at_nobody_elses(people, login, at, story):
    later = at + timedelta(days=16)
    unit = login(people.other_filler, at=later)
    assert reverse("report_as_of", args=[story.pk]) in page_of_now(unit, story)
    shown = page_of(unit, story, "2024-07-20T18:00")
    assert "请补数据" in shown
    assert "新写的话" not in shown
    assert reverse("matrix") not in shown
    now = unit.get(reverse("report_as_of", args=[story.pk]), {"as_of": "2030-01-01"})
    assert now.url == reverse("report", args=[story.pk])
    stranger = login(people.filler, at=later)
    assert stranger.get(reverse("report_as_of", args=[story.pk]), {"as_of": "2024-07-20"}).status_code == 404


def page_of_now(client, report):
    return client.get(reverse("report", args=[report.pk])).content.decode()


def test_a_report_that_had_not_left_its_unit_shows_no_words(office, story):
    text = page_of(office, story, "2024-07-15")
    assert "那时三元区还没有报送" in text
    assert "专班" not in text
    assert "那时本期尚未开放" in page_of(office, story, "2024-07-14")


@pytest.mark.parametrize("as_of", ["", "2024-08-31", "昨天"])
def test_without_a_past_moment_a_report_is_shown_as_it_is(office, story, as_of):
    response = office.get(reverse("report_as_of", args=[story.pk]), {"as_of": as_of})
    assert response.headers["Location"] == reverse("review_report", args=[story.pk])


def test_the_lists_of_a_moment(office):
    text = page(office, "not_filed", as_of="2024-07-28")
    assert "未报单位（5 个）" in text
    assert "退回未重报" in text
    assert "逾期 3天" in text
    assert "未报单位（4 个）" in page(office, "not_filed")
    text = page(office, "lagging", as_of="2024-07-28")
    assert "报送滞后的单位（5 个）" in text
    assert "已逾期</span> 3 天" in text or "已逾期 3 天" in text
    assert "进展滞后的任务（0 项）" in text  # what is back with its unit counts as that
    assert "退回中" in page(office, "lagging", as_of="2024-07-28", status="sent_back")
    assert "进展滞后的任务（2 项）" in page(office, "lagging", as_of="2024-07-16")
    assert "进展滞后的任务（0 项）" in page(office, "lagging")


@pytest.mark.parametrize("name", PAGES)
def test_every_link_of_the_page_stays_at_its_moment(name, office):
    text = page(office, name, as_of="2024-07-16T18:00", status="behind")
    content = text.split('<main id="main"', 1)[1].split("</main>", 1)[0]
    links = [unescape(link) for link in re.findall(r'href="([^"#]+)', content)]
    # Only the way home, the way back to the present and the moments offered lead elsewhere.
    elsewhere = {reverse("home"), "?status=behind"}
    elsewhere |= {f"?as_of={day}&status=behind" for day in ("2024-07-25", "2024-07-30")}
    assert [link for link in links if "as_of=2024-07-16T18%3A00" not in link and link not in elsewhere] == []
    assert any("as_of=2024-07-16T18%3A00" in link for link in links) or name == "not_filed"


@pytest.mark.parametrize("name", PAGES)
def test_a_moment_before_the_period_opened_is_a_sentence(name, office):
    text = page(office, name, as_of="2024-07-14")
    assert "那时本期尚未开放" in text
    assert "三元区" not in text.split("<main", 1)[1]


@pytest.mark.parametrize("name", [*PAGES, "review_queue"])
@pytest.mark.parametrize(
    ("as_of", "sentence"),
    [
        ("2024-07-31T10:00", "“截至”的时间还没有到"),  # this minute is not over
        ("2024-07-31", "“截至”的时间还没有到"),
        ("2999-01-01T00:00", "“截至”的时间还没有到"),
        ("9999-12-31", "没有看懂"),
        ("0001-01-01", "没有看懂"),
        ("2024-02-31", "没有看懂"),
        ("2024-07-20T18:00<script>", "没有看懂"),
    ],
)
def test_what_cannot_be_shown_is_a_sentence_above_the_present(name, as_of, sentence, office):
    text = page(office, name, as_of=as_of)
    assert sentence in text
    assert "以下是现在的情况" in text
    assert "不是现在的" not in text
    assert "as_of=" not in re.sub(r'href="[^"]*as_of=2024-07-(30|25)"', "", text)


def parts(text):
    """Return the numbers of the four parts of the queue: 待审, 重报, 退回未报, 已采纳."""
    return [int(number) for number in re.findall(r"<h2>[^<]*?（(\d+)）</h2>", text)]


@pytest.mark.parametrize(
    ("as_of", "numbers"),
    [
        ("", [0, 1, 0, 0]),
        ("2024-07-16T09:59", [0, 0, 0, 0]),
        ("2024-07-16T10:00", [1, 0, 0, 0]),
        ("2024-07-17T10:00", [0, 0, 1, 0]),
        ("2024-07-29", [0, 0, 1, 0]),
        ("2024-07-30T10:00", [0, 1, 0, 0]),
    ],
)
def test_the_queue_of_a_moment_holds_what_was_under_way_then(office, story, as_of, numbers):
    assert parts(page(office, "review_queue", as_of=as_of)) == numbers


def test_the_queue_of_a_moment_leads_to_the_report_of_that_moment(office, story, people, at):
    text = page(office, "review_queue", as_of="2024-07-29T18:00")
    assert NOT_NOW.format("29日 18:00") in text
    assert f"{reverse('report_as_of', args=[story.pk])}?as_of=2024-07-29T18%3A00" in text
    assert reverse("review_report", args=[story.pk]) not in text
    assert "已逾期2个工作日（4天）" in text  # by the limit of 25 July
    assert "8 个工作日" in text  # since it went back on the 17th
    accept_report(story.pk, submission=2, by=people.office, at=at + timedelta(days=15, hours=2))
    assert parts(page(office, "review_queue", as_of="2024-07-30")) == [0, 0, 0, 1]
    assert parts(page(office, "review_queue", as_of="2024-07-30T11:00")) == [0, 1, 0, 0]


def test_the_queue_of_a_moment_is_narrowed_too(office, story, period, units):
    asked = {"as_of": "2024-07-29", "period": period.pk}
    assert parts(page(office, "review_queue", unit=story.unit_id, **asked)) == [0, 0, 1, 0]
    assert parts(page(office, "review_queue", unit=units["将乐县"].pk, **asked)) == [0, 0, 0, 0]
    assert "那时本期尚未开放" in page(office, "review_queue", as_of="2024-07-14", period=period.pk)


def across(client, number, **query):
    response = client.get(reverse("review_task", args=[Task.objects.get(number=number).pk]), query)
    assert response.status_code == 200
    return response.content.decode()


def test_across_units_of_a_moment_holds_the_words_of_that_moment(office, story, period):
    text = across(office, 2, as_of="2024-07-20T18:00")
    assert NOT_NOW.format("20日 18:00") in text
    assert "&lt;b&gt;专班&lt;/b&gt;已组建。" in text
    assert "新写的话" not in text
    assert "已退回" in text
    assert f"{reverse('report_as_of', args=[story.pk])}?as_of=2024-07-20T18%3A00#task-2" in text
    other = reverse("review_task", args=[Task.objects.get(number=1).pk])
    assert f"{other}?period={period.pk}&amp;as_of=2024-07-20T18%3A00" in text
    assert "新写的话" in across(office, 2, as_of="2024-07-30")
    assert "新写的话" in across(office, 2)
    assert "那时还没有单位报送这项任务" in across(office, 2, as_of="2024-07-15")
    assert "那时本期尚未开放" in across(office, 2, as_of="2024-07-14")
    assert "“截至”的时间还没有到" in across(office, 2, as_of="2999-01-01")


def test_the_matrix_of_a_moment_leads_across_units_at_that_moment(office, period):
    address = reverse("review_task", args=[Task.objects.get(number=2).pk])
    text = unescape(page(office, "matrix", as_of="2024-07-20"))
    assert f"{address}?period={period.pk}&as_of=2024-07-20" in text


def test_a_report_offers_to_be_seen_as_it_was(office, story):
    text = office.get(reverse("review_report", args=[story.pk])).content.decode()
    assert f'action="{reverse("report_as_of", args=[story.pk])}"' in text
    shown = page_of(office, story, "2024-07-20T18:00")
    assert 'value="2024-07-20T18:00"' in shown


def test_a_report_entered_by_the_office_says_who_entered_and_who_confirmed(people, login, at, period):
    actions.open_due_periods(at=at)
    report = Report.objects.get(unit=people.other_filler.unit)
    second = User.objects.create(username="second", name="何静", role=Role.OFFICE, unit=people.office.unit)
    begin(report.pk, reason="断网", by=people.office, at=at)
    for entry in report.entries.all():
        actions.save_entry(report.pk, entry.pk, values=WORDS, version=0, by=people.office, at=at)
    actions.request_signature(report.pk, by=people.office, at=at)
    actions.submit_report(report.pk, by=second, at=at)
    text = page_of(login(people.leader, at=at + timedelta(days=2)), report, "2024-07-15")
    assert "市医改办代填：陈志远填写、何静复核，原因：断网" in text


def test_the_limit_is_that_of_then(office, period, people, at):
    later = PeriodDates(period.opens_on, date(2024, 8, 9))
    set_period(period.pk, later, today=at.date(), by=people.admin, at=at + timedelta(days=15, hours=1))
    assert "按期截止 2024年8月9日" in page(office, "matrix")
    assert "按期截止 2024年7月25日（已过 3 天）" in page(office, "matrix", as_of="2024-07-28")


def test_by_default_it_is_the_period_that_was_the_last_to_be_open_then(office, period, at):
    later = ReportingPeriod.objects.create(
        plan=period.plan,
        kind=PeriodKind.THREE_QUARTERS,
        opens_on=date(2024, 7, 29),
        due_on=date(2024, 9, 25),
    )
    actions.open_due_periods(at=at.replace(day=29))
    assert f"{later} · 进度矩阵" in page(office, "matrix")
    assert f"{period} · 进度矩阵" in page(office, "matrix", as_of="2024-07-28")


def test_the_box_shows_the_moment_to_the_minute(office):
    assert 'value="2024-07-20T18:00"' in page(office, "matrix", as_of="2024-07-20T18:00")
    # The end of a day and its last minute are the same moment: sending the box again changes nothing.
    assert 'value="2024-07-20T23:59"' in page(office, "matrix", as_of="2024-07-20")


@pytest.mark.parametrize(
    ("name", "statements"),
    [("home", 14), ("matrix", 14), ("not_filed", 13), ("lagging", 15), ("review_queue", 10), ("across", 14)],
)
def test_looking_back_takes_a_fixed_number_of_statements(
    name, statements, office, story, people, at, django_assert_num_queries
):
    task = Task.objects.get(number=1)
    address = reverse("review_task", args=[task.pk]) if name == "across" else reverse(name)
    with django_assert_num_queries(statements):
        office.get(address, {"as_of": "2024-07-28"})
    for number in range(2, 12):
        moment = at + timedelta(days=15, hours=number)
        reasons = {None: "请改"}
        return_report(story.pk, submission=number, reasons=reasons, by=people.office, at=moment)
        submit(story, people, moment + timedelta(minutes=1))
    for as_of in ("2024-07-28", "2024-07-30"):
        with django_assert_num_queries(statements):
            office.get(address, {"as_of": as_of})
