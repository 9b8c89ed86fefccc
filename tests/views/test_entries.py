"""What one entry of the form holds and asks: ticks, numbers, the last period, questions, private hints."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tasks_app.choices import (
    MeasureState,
    PeriodKind,
)
from tasks_app.domain.reporting import actions
from tasks_app.domain.reporting.entry_values import TickGiven
from tasks_app.models import (
    IndicatorValue,
    MeasureProgress,
    Report,
    ReportingPeriod,
)
from tests.cast import fill_in

WORDS = {"progress": "专班已组建。", "forecast": "", "status": "on_track", "remarks": ""}
fill = partial(fill_in, words=WORDS)


def save(client, report, entry, htmx=True, **values):
    address = reverse("report_save_entry", args=[report.pk, entry.pk])
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(address, {**WORDS, "version": entry.version, **values}, headers=headers)


@pytest.fixture
def later(report, people, at) -> Report:
    """The unit's next report; the first one was filled in."""
    fill(report, people.other_filler, at)
    ReportingPeriod.objects.create(
        plan=report.period.plan,
        kind=PeriodKind.THREE_QUARTERS,
        opens_on=date(2024, 7, 2),
        due_on=date(2024, 9, 25),
    )
    actions.open_due_periods(at=at)
    return Report.objects.get(unit=report.unit, period__kind=PeriodKind.THREE_QUARTERS)


def test_ticks_numbers_and_words_come_in_one_save(report, people, login, indicator):
    entry = report.entries.get(task__number=1)
    measure = entry.task.measures.get(number=2)
    typed = {
        f"measure-{measure.pk}-state": "done",
        f"measure-{measure.pk}-done_on": "2024-06-20",
        f"indicator-{indicator.pk}-value": "三次",
        f"indicator-{indicator.pk}-as_of": "2024-06-30",
        f"indicator-{indicator.pk}-source": "会议纪要",
        "no_news": "on",
        "no_news_reason": "细则未印发",
    }
    answer = save(login(people.other_filler), report, entry, **typed).content.decode()
    assert "“三次”没有读懂" in answer
    assert MeasureProgress.objects.get().done_on == date(2024, 6, 20)
    assert IndicatorValue.objects.get().source == "会议纪要"
    page = login(people.other_filler).get(reverse("report", args=[report.pk])).content.decode()
    assert 'value="三次"' in page  # shown again as it was typed
    assert "目标：不低于4次" in page
    entry.refresh_from_db()
    assert (entry.version, entry.no_news, entry.no_news_reason) == (1, True, "细则未印发")
    typed.pop("no_news")
    save(login(people.other_filler), report, entry, **typed)
    entry.refresh_from_db()
    assert not entry.no_news


def test_a_number_stands_beside_its_target_at_once(report, people, login, indicator):
    entry, client = report.entries.get(task__number=1), login(people.other_filler)
    page = client.get(reverse("report", args=[report.pk])).content.decode()
    assert f'name="indicator-{indicator.pk}-as_of" value="2024-06-30"' in page  # the period's end has passed
    assert f"indicator-{indicator.pk}-forecast" not in page
    box = f"indicator-{indicator.pk}"
    typed = {f"{box}-value": "", f"{box}-as_of": "2024-06-30", f"{box}-source": ""}
    save(client, report, entry, **typed)
    assert not IndicatorValue.objects.exists()  # nobody wrote the day
    entry.refresh_from_db()
    answer = save(client, report, entry, **typed | {f"{box}-value": "约１"}).content.decode()
    assert "完成 25%，还差 3次；序时应完成 49.7%" in answer
    assert "滞后" in answer
    assert "✔ 已保存" in answer
    value = IndicatorValue.objects.get()
    assert (value.value, value.is_about, value.as_of) == (1, True, date(2024, 6, 30))
    assert 'value="约1"' in client.get(reverse("report", args=[report.pk])).content.decode()


def test_what_could_not_be_read_shows_no_tick(report, people, login, indicator):
    entry, client = report.entries.get(task__number=1), login(people.other_filler)
    answer = save(client, report, entry, **{f"indicator-{indicator.pk}-value": "12户"}).content.decode()
    assert "“12户”没有读懂" in answer
    assert "✔" not in answer
    page = client.get(reverse("report", args=[report.pk])).content.decode()
    assert "▲ 已保存，但有内容没有读懂" in page


def test_before_the_periods_end_a_number_is_expected_too(later, people, login, indicator):
    entry, client = later.entries.get(task__number=1), login(people.other_filler)
    page = client.get(reverse("report", args=[later.pk])).content.decode()
    box = f"indicator-{indicator.pk}"
    assert f'name="{box}-as_of" value="2024-07-15"' in page  # the day of filling
    assert f'name="{box}-forecast"' in page
    save(client, later, entry, **{f"{box}-value": "3", f"{box}-forecast": "4次"})
    assert IndicatorValue.objects.get(entry=entry).forecast == 4


@pytest.mark.parametrize("extra", [{"measure-1-state": "excellent"}, {"answer-unchanged": "长" * 301}])
def test_what_no_page_sends_is_refused_in_words(report, people, login, extra):
    answer = save(login(people.other_filler), report, report.entries.first(), **extra).content.decode()
    assert "save-state failed" in answer
    assert not report.entries.filter(version=1).exists()


@pytest.mark.parametrize(
    ("ticked", "with_number", "statements"),
    [([], False, 10), (["under_way"], False, 11), (["under_way", "under_way"], True, 12)],
)
def test_saving_takes_few_statements_for_any_number_of_ticks(
    report, people, login, indicator, ticked, with_number, statements
):
    """One box of words takes ten, the beginning and the end of the transaction aside; each kind of row one more."""
    entry = report.entries.get(task__number=1)
    client = login(people.other_filler)
    measures = [f"measure-{pk}-state" for pk in entry.task.measures.values_list("pk", flat=True)]
    number = f"indicator-{indicator.pk}-value"
    save(client, report, entry, **dict.fromkeys(measures, "done"), **{number: "3"})
    entry.version = 1
    given = dict(zip(measures, ticked, strict=False)) | ({number: "4"} if with_number else {})
    with CaptureQueriesContext(connection) as asked:
        save(client, report, entry, **given, progress="已会商两次。")
    entry.refresh_from_db()
    assert (entry.version, entry.progress) == (2, "已会商两次。")
    words = [query["sql"] for query in asked.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert len(words) == statements, words


def test_last_periods_words_can_be_brought_forward(later, people, login):
    entry = later.entries.get(task__number=1)
    client = login(people.other_filler)
    assert "沿用上期文字" in client.get(reverse("report", args=[later.pk])).content.decode()
    answer = save(client, later, entry, progress="", carry="1").content.decode()
    assert f'id="entry-{entry.pk}-progress"' in answer  # the box gets the words
    assert "请改写成本期的进展" in answer
    entry.refresh_from_db()
    assert (entry.progress, entry.carried) == (WORDS["progress"], "untouched")
    answer = save(client, later, entry, progress="专班已组建，新增 3 人。").content.decode()
    assert "沿用上期文字，已修改" in answer
    assert f'id="entry-{entry.pk}-progress"' not in answer  # a box that is typed in is left alone


def test_the_comparison_marks_word_by_word_and_follows_a_save(later, people, login):
    entry = later.entries.get(task__number=1)
    client = login(people.other_filler)
    address = reverse("report_compare", args=[later.pk, entry.pk])
    assert "还没有写工作进展" in client.get(address).content.decode()
    answer = save(client, later, entry, progress="专班已扩充。", compared="1").content.decode()
    assert "组建</del>" in answer
    assert "扩充</ins>" in answer
    assert "扩充</ins>" in client.get(address).content.decode()


def test_a_question_is_asked_beside_the_box_and_the_reason_kept(report, people, login, at):
    entry = report.entries.get(task__number=1)
    measure = entry.task.measures.get(number=1)
    client = login(people.other_filler)
    answer = save(client, report, entry, status="done", **{f"measure-{measure.pk}-state": "under_way"})
    page = answer.content.decode()
    assert "但措施①还没有完成" in page
    assert 'name="status_note"' in page
    entry.refresh_from_db()
    again = save(client, report, entry, status="done", status_note="其余由市里组织", asked="status")
    assert 'name="status_note"' not in again.content.decode()  # somebody may be typing in it
    entry.refresh_from_db()
    assert entry.status_note == "其余由市里组织"


def test_the_check_lists_open_questions_that_hold_nothing_back(report, people, login, at):
    fill(report, people.other_filler, at)
    entry = report.entries.get(task__number=1)
    measure = entry.task.measures.get(number=1)
    actions.save_entry(
        report.pk,
        entry.pk,
        values={"status": "done"},
        ticks={measure.pk: TickGiven(MeasureState.UNDER_WAY)},
        version=1,
        by=people.other_filler,
        at=at,
    )
    client = login(people.other_filler)
    address = reverse("report_check", args=[report.pk])
    page = client.get(address).content.decode()
    assert "有 1 处请再看一眼" in page
    assert "仍要报送市医改办" in page
    reason = {"version": 2, "from_check": "1", "status_note": "其余由市里组织"}
    answer = client.post(reverse("report_save_entry", args=[report.pk, entry.pk]), reason, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0] == address
    assert "请再看一眼" not in page
    assert "仍要" not in page
    entry.refresh_from_db()
    assert entry.progress == WORDS["progress"]  # what the check page does not hold stays
    client.post(reverse("report_submit", args=[report.pk]))
    kept = report.submissions.get().content["entries"][0]
    assert kept["answers"][0]["answer"] == "其余由市里组织"


def test_in_private_passages_that_stand_elsewhere_are_marked(report, signed_report, people, login, at):
    words = "专班每月召开一次联席会议，研究医保支付方式改革和薪酬制度改革。"
    for mine, by in ((signed_report, people.filler), (report, people.other_filler)):
        for entry in mine.entries.all():
            values = {**WORDS, "progress": words if entry.task.number == 1 else "另有其事。"}
            actions.save_entry(mine.pk, entry.pk, values=values, version=0, by=by, at=at)
    client, address = login(people.other_filler), reverse("report_check", args=[report.pk])
    assert "提交前看一看" not in client.get(address).content.decode()  # a draft of others is not looked into
    actions.request_signature(signed_report.pk, by=people.filler, at=at)
    actions.submit_report(signed_report.pk, by=people.signer, at=at)
    page = client.get(address).content.decode()
    assert "与其他单位本期已报送的文字相同" in page
    assert f"<mark>{words[:-1]}</mark>" in page
    assert "将乐县" not in page  # whose words they are is not said
    assert "报送市医改办" in page


def test_the_check_takes_the_same_queries_for_any_number_of_units(
    report, signed_report, people, login, at, django_assert_num_queries
):
    fill(report, people.other_filler, at)
    client, address = login(people.other_filler), reverse("report_check", args=[report.pk])
    client.get(address)
    with django_assert_num_queries(19):
        client.get(address)
    fill(signed_report, people.filler, at)
    actions.request_signature(signed_report.pk, by=people.filler, at=at)
    actions.submit_report(signed_report.pk, by=people.signer, at=at + timedelta(minutes=1))
    with django_assert_num_queries(19):
        client.get(address)
