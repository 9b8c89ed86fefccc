"""The office's pages: the queue, reading a report, returning and accepting."""

import pytest
from django.urls import reverse

from tasks_app.choices import ReportState
from tasks_app.domain.reporting import actions
from tasks_app.models import Report

WORDS = {"progress": "专班已组建。", "forecast": "", "status": "behind", "remarks": ""}


@pytest.fixture
def report(period, people, at) -> Report:
    """三元区's report, submitted."""
    actions.open_due_periods(at=at)
    report = Report.objects.get(unit=people.other_filler.unit)
    for entry in report.entries.all():
        actions.save_entry(report.pk, entry.pk, values=WORDS, version=0, by=people.other_filler, at=at)
    actions.submit_report(report.pk, by=people.other_filler, at=at)
    return report


def return_it(client, report, **reasons):
    address = reverse("review_return", args=[report.pk])
    return client.post(address, {"submission": 1, "overall": "", **reasons}, follow=True)


def test_the_queue_leads_to_the_report(report, people, login):
    page = login(people.office).get(reverse("review_queue")).content.decode()
    assert "待审（1）" in page
    assert reverse("review_report", args=[report.pk]) in page


def test_an_empty_queue_says_so(people, login):
    assert "没有等待审阅的填报" in login(people.office).get(reverse("review_queue")).content.decode()


def test_the_office_reads_what_was_submitted_and_not_the_draft_after_a_return(report, people, login, at):
    office = login(people.office)
    address = reverse("review_report", args=[report.pk])
    assert "专班已组建。" in office.get(address).content.decode()
    entry = report.entries.first()
    return_it(office, report, **{f"task_{entry.task_id}": "无数据"})
    draft = {**WORDS, "progress": "还没想好"}
    actions.save_entry(
        report.pk, entry.pk, values=draft, version=entry.version, by=people.other_filler, at=at
    )
    page = login(people.office).get(address).content.decode()
    assert "还没想好" not in page
    assert "专班已组建。" in page


def test_a_draft_is_invisible_to_office_and_leader(report, people, login):
    draft = Report.objects.filter(state=ReportState.DRAFT).first()
    for person in (people.office, people.leader):
        assert login(person).get(reverse("review_report", args=[draft.pk])).status_code == 404


def test_the_unit_sees_the_reason_beside_the_box(report, people, login):
    entry = report.entries.first()
    answer = return_it(login(people.office), report, **{f"task_{entry.task_id}": "缺少数据，请补充"})
    assert "已退回三元区，请其于 7月25日 前重新报送" in answer.content.decode()
    page = login(people.other_filler).get(reverse("report", args=[report.pk])).content.decode()
    assert "缺少数据，请补充" in page
    assert "data-autosave" in page


def test_a_return_without_reason_keeps_the_page_and_says_so(report, people, login):
    answer = return_it(login(people.office), report)
    assert "退回必须写明理由" in answer.content.decode()
    report.refresh_from_db()
    assert report.state == ReportState.SUBMITTED


def test_too_long_a_reason_is_kept_and_refused(report, people, login):
    words = "长" * 1001
    answer = return_it(login(people.office), report, overall=words)
    assert "没有退回" in answer.content.decode()
    assert words in answer.content.decode()


def test_accepting(report, people, login):
    client = login(people.office)
    answer = client.post(reverse("review_accept", args=[report.pk]), {"submission": 1}, follow=True)
    assert "已采纳" in answer.content.decode()
    report.refresh_from_db()
    assert report.state == ReportState.ACCEPTED


def test_a_leader_reads_but_does_not_decide(report, people, login):
    client = login(people.leader)
    page = client.get(reverse("review_report", args=[report.pk])).content.decode()
    assert "退回修改" not in page
    assert client.post(reverse("review_accept", args=[report.pk]), {"submission": 1}).status_code == 404
    assert return_it(client, report, overall="x").status_code == 404


def test_reading_takes_a_fixed_number_of_queries(report, people, login, django_assert_num_queries):
    client = login(people.office)
    with django_assert_num_queries(13):
        client.get(reverse("review_report", args=[report.pk]))
