"""The office's call list: who is on it, since when, whom to ask for, and what was sent before."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from tasks_app.choices import AuditAction, Channel
from tasks_app.domain.calendar.actions import load_official_days
from tasks_app.domain.reminders import actions
from tasks_app.domain.reminders.calls import calls_to_make
from tasks_app.domain.reporting import actions as reporting
from tasks_app.models import AuditEvent, Delivery, Report, User
from tests.cast import july


@pytest.fixture
def overdue(period, people, at):
    """It is the first working day after the limit; four units have not filed, the fifth has more time."""
    load_official_days([2024], by=None, at=at)
    reporting.open_due_periods(at=at)
    Report.objects.filter(unit=people.bureau_filler.unit).update(due_on=date(2024, 8, 9))
    for day in (25, 26):
        actions.compose_reminders(at=july(day))
    return people


def test_a_unit_is_on_the_list_from_the_day_after_its_limit_until_it_files(overdue, plan):
    assert calls_to_make(plan.issuer, july(25)) == []
    calls = calls_to_make(plan.issuer, july(26))
    assert [call.unit_name for call in calls] == ["三元区", "将乐县", "市医保局", "市财政局"]
    assert [item.left for item in calls[0].items] == ["已逾期1个工作日（1天）"]
    Report.objects.filter(unit=overdue.other_filler.unit).update(
        state="submitted",
        submitted_at=july(26),
        first_submitted_at=july(26),
        submitted_by=overdue.other_filler,
    )
    assert calls_to_make(plan.issuer, july(26))[0].unit_name == "将乐县"


def test_it_says_whom_to_ask_for_and_what_became_of_the_last_message(overdue, plan):
    Delivery.objects.filter(user=overdue.signer, channel=Channel.IN_APP).update(read_at=july(26))
    Delivery.objects.filter(user=overdue.other_filler, channel=Channel.EMAIL).update(state="failed")
    calls = {call.unit_name: call for call in calls_to_make(plan.issuer, july(26))}
    assert calls["将乐县"].phones == "林晓燕 0598-8220000、吴志强 0598-8220000"
    assert (calls["将乐县"].last_message.day, calls["将乐县"].outcome) == (date(2024, 7, 26), "已读")
    assert calls["三元区"].outcome == "发送失败"
    assert (calls["市医保局"].phones, calls["市医保局"].last_message) == ("", None)


def test_the_page_and_the_workbook_name_everybody(login, overdue, django_assert_num_queries):
    User.objects.filter(pk=overdue.filler.pk).update(name="=cmd|'/c calc'!A1")
    client = login(overdue.office, at=july(26))
    with django_assert_num_queries(12):
        page = client.get(reverse("reminders_calls")).content.decode()
    assert "尚无账号，请管理员建立" in page
    assert "共 4 个单位" in page
    response = client.get(reverse("reminders_calls_workbook"))
    assert "filename*=utf-8''" in response["Content-Disposition"]
    sheet = load_workbook(BytesIO(response.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert [row[1] for row in rows] == ["三元区", "将乐县", "市医保局", "市财政局"]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert "吴志强 0598-8220000" in rows[1][2]
    assert AuditEvent.objects.filter(action=AuditAction.EXPORT).count() == 1


def test_without_anybody_to_call_the_page_says_so(login, people, period):
    assert (
        "今天没有需要电话催办的单位" in login(people.office).get(reverse("reminders_calls")).content.decode()
    )
