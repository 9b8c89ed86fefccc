"""The preview of an import in mid-period says what becomes of reports that are in, and confirming does it."""

from django.urls import reverse

from tasks_app.choices import ReportState
from tasks_app.domain.reporting.actions import open_due_periods, save_entry, submit_report
from tasks_app.domain.review.actions import accept_report
from tasks_app.models import Report
from tests.workbooks import row, table

WORDS = {"progress": "专班已组建。", "forecast": "年底完成。", "status": "on_track", "remarks": ""}


def test_a_second_table_says_whose_report_goes_back_and_sends_it_back(bring_in, upload, people, login, at):
    bring_in(table(row(1, "市卫健委，三元区")))
    open_due_periods(at=at)
    filler = people.other_filler
    report = Report.objects.get(unit=filler.unit)
    entry = report.entries.get()
    save_entry(report.pk, entry.pk, values=WORDS, version=0, by=filler, at=at)
    submit_report(report.pk, by=filler, at=at)
    accept_report(report.pk, submission=1, by=people.office, at=at)
    stored = upload(table(row(1, "市卫健委，三元区"), row(2, "市卫健委，三元区，永安市")))
    browser = login(people.admin)
    page = browser.get(reverse("plan_import", args=[stored.pk])).content.decode()
    assert "三元区： <b>已采纳</b>的填报退回，只补充新增任务" in " ".join(page.split())
    assert page.count("2. 任务2") >= 3
    browser.post(reverse("plan_import_apply", args=[stored.pk]))
    report.refresh_from_db()
    assert (report.state, report.added_since) == (ReportState.RETURNED, at)
    assert list(report.entries.filter(added_at=at).values_list("task__number", flat=True)) == [2]
    assert Report.objects.filter(unit__name="永安市").exists()


def test_before_a_period_is_open_nothing_is_said_of_reports(bring_in, upload, people, login):
    bring_in(table(row(1)))
    stored = upload(table(row(1), row(2)))
    page = login(people.admin).get(reverse("plan_import", args=[stored.pk])).content.decode()
    assert "本期填报已经开放" not in page
