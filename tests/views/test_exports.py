"""The workbooks to take away: who gets which, and how the browser is told the name."""

from datetime import timedelta
from io import BytesIO
from urllib.parse import quote

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from tasks_app.domain.reporting import actions
from tasks_app.models import Report

WORDS = {
    "progress": "专班已组建。",
    "forecast": "",
    "status": "behind",
    "cause": "funds",
    "outlook": "hard",
    "remarks": "",
}


@pytest.fixture
def report(period, people, at) -> Report:
    """三元区's report, still a draft."""
    actions.open_due_periods(at=at)
    report = Report.objects.get(unit=people.other_filler.unit)
    for entry in report.entries.all():
        actions.save_entry(report.pk, entry.pk, values=WORDS, version=0, by=people.other_filler, at=at)
    return report


def test_the_unit_takes_its_own_draft_and_nobody_else_does(report, people, login):
    address = reverse("report_export", args=[report.pk])
    assert login(people.other_filler).get(address).status_code == 200
    for other in (people.filler, people.signer, people.office, people.leader, people.admin, people.auditor):
        assert login(other).get(address).status_code == 404


def test_once_submitted_the_office_and_the_leader_take_it(report, people, login, at):
    actions.submit_report(report.pk, by=people.other_filler, at=at)
    address = reverse("report_export", args=[report.pk])
    for reader in (people.office, people.leader):
        response = login(reader).get(address)
        words = load_workbook(BytesIO(response.content)).active["E4"].value
        assert words == "【未达序时】专班已组建。\n滞后原因：资金\n预计至期末：有困难"
    for other in (people.filler, people.admin, people.auditor):
        assert login(other).get(address).status_code == 404


def test_the_name_of_the_file_is_chinese_for_every_browser(report, period, people, login):
    response = login(people.office).get(reverse("period_export", args=[period.pk]))
    name = quote("三明市2024年上半年医改重点任务进展汇总.xlsx")
    assert response["Content-Disposition"] == f"attachment; filename*=utf-8''{name}"
    assert response["Content-Type"].endswith("spreadsheetml.sheet")


def test_the_merged_table_is_for_office_and_leader(report, period, people, login):
    address = reverse("period_export", args=[period.pk])
    assert login(people.leader).get(address).status_code == 200
    for other in (people.filler, people.signer, people.admin, people.auditor):
        assert login(other).get(address).status_code == 404


def test_a_period_not_open_says_that_there_is_nothing(period, people, login):
    response = login(people.office).get(reverse("period_export", args=[period.pk]), follow=True)
    assert "还没有可以导出的内容" in response.content.decode()
    assert response.redirect_chain[-1][0] == reverse("matrix")


def test_the_merged_table_of_a_past_moment_is_taken_from_the_same_address(report, period, people, login, at):
    actions.submit_report(report.pk, by=people.other_filler, at=at)
    client = login(people.leader, at=at + timedelta(days=1))
    address = reverse("period_export", args=[period.pk])
    response = client.get(address, {"as_of": "2024-07-15T10:00"})
    name = quote("三明市2024年上半年医改重点任务进展汇总（截至2024年7月15日10时00分）.xlsx")
    assert response["Content-Disposition"] == f"attachment; filename*=utf-8''{name}"
    assert "三元区（未达序时）：专班已组建。" in str(
        load_workbook(BytesIO(response.content)).active["E4"].value
    )


@pytest.mark.parametrize("as_of", ["2024-08-01", "昨天"])
def test_a_moment_that_cannot_be_exported_leads_to_the_page_that_says_why(
    report, period, people, login, as_of
):
    client = login(people.office)
    response = client.get(reverse("period_export", args=[period.pk]), {"as_of": as_of}, follow=True)
    assert "以下是现在的情况" in response.content.decode()
    assert f"period={period.pk}" in response.redirect_chain[-1][0]
