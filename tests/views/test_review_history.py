"""All units' entries on one task, the history of a report, and the check of a receipt."""

import re

import pytest
from django.urls import reverse

from tasks_app.choices import ReportState
from tasks_app.domain.reporting import actions
from tasks_app.domain.review import actions as review
from tasks_app.models import Report, Submission, Task

ALIKE = "上半年完成医防融合培训 {} 期，县域医共体公共卫生管理中心挂牌运行，下一步推进信息系统对接。"


@pytest.fixture
def reports(period, people, units, at) -> dict[str, Report]:
    """Three units submitted: two counties in like words, the bureau in its own."""
    actions.open_due_periods(at=at)
    texts = {
        "三元区": (people.other_filler, ALIKE.format(3)),
        "将乐县": (people.filler, ALIKE.format(5)),
        "市卫健委": (people.bureau_filler, "已印发<专班>工作规则。"),
    }
    found = {}
    for unit, (filler, progress) in texts.items():
        report = Report.objects.get(unit=units[unit])
        fill(report, filler, at, progress=progress)
        send(report, filler, people, at)
        found[unit] = report
    return found


def fill(report, filler, at, **words):
    for entry in report.entries.all():
        values = {"progress": "", "forecast": "", "status": "on_track", "remarks": "", **words}
        actions.save_entry(report.pk, entry.pk, values=values, version=entry.version, by=filler, at=at)


def send(report, filler, people, at):
    signer = {people.filler.unit_id: people.signer, people.bureau_filler.unit_id: people.bureau_signer}
    if by := signer.get(report.unit_id):
        actions.request_signature(report.pk, by=filler, at=at)
        actions.submit_report(report.pk, by=by, at=at)
    else:
        actions.submit_report(report.pk, by=filler, at=at)


def again(report, filler, people, at, number, **words):
    review.return_report(report.pk, submission=number, reasons={None: "再改"}, by=people.office, at=at)
    fill(report, filler, at, **words)
    send(report, filler, people, at)


# --- across units -----------------------------------------------------------------------------------------


def across(client, task: Task) -> list[str]:
    """The rows of all units in words, without tags."""
    page = client.get(reverse("review_task", args=[task.pk])).content.decode()
    rows = re.findall(r'<tr class="unit-entry">(.*?)</tr>', page, re.DOTALL)
    return [" ".join(re.sub("<.*?>", " ", row).split()) for row in rows]


def test_all_units_stand_the_worst_first_counties_apart_from_bureaus(reports, people, login, at):
    task = Task.objects.get(number=1)
    review.write_note(
        reports["将乐县"].pk, task.pk, submission=1, rating="not_started", by=people.office, at=at
    )
    rows = across(login(people.office), task)
    assert [row.split()[0] for row in rows] == ["将乐县", "三元区", "市卫健委"]
    assert "■ 未启动 核定；自评：达到序时" in rows[0]


def test_likeness_is_a_mark_and_no_order(reports, people, login):
    task = Task.objects.get(number=1)
    page = login(people.office).get(reverse("review_task", args=[task.pk])).content.decode()
    assert "承担单位 4 个，已报送 3 个" in page
    assert "有 2 个单位的填报文字与其他单位相近" in page
    rows = across(login(people.office), task)
    assert ["≈ 文字相近 ：将乐县" in row for row in rows] == [True, False, False]
    assert ["≈ 文字相近 ：三元区" in row for row in rows] == [False, True, False]
    assert "已印发&lt;专班&gt;工作规则。" in page
    assert f"{reverse('review_report', args=[reports['三元区'].pk])}#task-1" in page


def test_a_draft_is_not_read_across_units(reports, people, login, at):
    report = reports["三元区"]
    review.return_report(report.pk, submission=1, reasons={None: "再改"}, by=people.office, at=at)
    fill(report, people.other_filler, at, progress="改到一半的草稿")
    address = reverse("review_task", args=[Task.objects.get(number=1).pk])
    page = login(people.leader).get(address).content.decode()
    assert "改到一半的草稿" not in page
    assert ALIKE.format(3) in page


def test_a_task_without_entries_says_so_and_a_foreign_period_is_not_found(reports, people, login, period):
    client = login(people.office)
    address = reverse("review_task", args=[Task.objects.get(number=3).pk])
    assert "还没有单位报送这项任务" in client.get(address, {"period": period.pk}).content.decode()
    for asked in ("987654", "abc", "-1"):
        assert client.get(address, {"period": asked}).status_code == 404


def test_the_matrix_leads_across_units(reports, people, login, period):
    task = Task.objects.get(number=1)
    page = login(people.office).get(reverse("matrix")).content.decode()
    assert f"{reverse('review_task', args=[task.pk])}?period={period.pk}" in page


def test_across_units_takes_a_fixed_number_of_queries(reports, people, login, at, django_assert_num_queries):
    client = login(people.office)
    address = reverse("review_task", args=[Task.objects.get(number=1).pk])
    with django_assert_num_queries(12):
        client.get(address)
    for number in range(1, 6):
        again(reports["三元区"], people.other_filler, people, at, number, progress=f"第{number}次修改。")
    with django_assert_num_queries(12):
        client.get(address)


# --- history ----------------------------------------------------------------------------------------------


def test_office_leader_and_the_unit_itself_compare_submissions(reports, people, login, at):
    report = reports["三元区"]
    again(report, people.other_filler, people, at, 1, progress=ALIKE.format(4))
    again(report, people.other_filler, people, at, 2, progress=ALIKE.format(9))
    address = reverse("submissions_compare", args=[report.pk])
    for person in (people.office, people.leader, people.other_filler):
        page = login(person).get(address, {"old": 1, "new": 3}).content.decode()
        assert "第 1 次 → 第 3 次：2 项有变化" in page
        assert '<del><span class="visually-hidden">删去：</span>3</del>' in page
        assert '<ins><span class="visually-hidden">增加：</span>9</ins>' in page
    page = login(people.office).get(address, {"old": "x", "new": "77"}).content.decode()
    assert "第 2 次 → 第 3 次" in page
    page = login(people.office).get(address, {"old": 1, "new": 1}).content.decode()
    assert "以下是第 1 次报送的全文" in page
    assert ALIKE.format(3) in page
    for person in (people.filler, people.auditor, people.admin):
        assert login(person).get(address).status_code == 404


def test_a_report_that_never_left_has_no_history(reports, people, login, units):
    draft = Report.objects.filter(state=ReportState.DRAFT).first()
    people.filler.unit = draft.unit
    people.filler.save()
    assert login(people.filler).get(reverse("submissions_compare", args=[draft.pk])).status_code == 404


def test_the_time_line_leads_to_each_submission(reports, people, login, at):
    report = reports["三元区"]
    again(report, people.other_filler, people, at, 1, progress="改了。")
    page = login(people.office).get(reverse("review_report", args=[report.pk])).content.decode()
    address = reverse("submissions_compare", args=[report.pk])
    for query in ("?old=1&amp;new=1", "?old=2&amp;new=2", "?old=1&amp;new=2"):
        assert f'href="{address}{query}"' in page


def test_comparing_takes_a_fixed_number_of_queries(reports, people, login, at, django_assert_num_queries):
    client = login(people.office)
    address = reverse("submissions_compare", args=[reports["三元区"].pk])
    with django_assert_num_queries(6):
        client.get(address)
    for number in range(1, 10):
        again(reports["三元区"], people.other_filler, people, at, number, progress=f"第{number}次修改。")
    with django_assert_num_queries(6):
        client.get(address)


# --- receipts ---------------------------------------------------------------------------------------------


def check(client, **query) -> str:
    response = client.get(reverse("receipts"), query)
    assert response.status_code == 200
    return response.content.decode()


def test_a_receipt_is_checked_with_and_without_its_fingerprint(reports, people, login):
    stored = Submission.objects.get(report=reports["三元区"])
    for person in (people.office, people.leader, people.auditor, people.other_filler):
        page = check(login(person), number=stored.receipt)
        assert "与存档一致" in page
        assert stored.fingerprint in page
        assert "2024年上半年（第 1 次报送）" in page
    client = login(people.office)
    begin = stored.fingerprint[:16].upper()
    assert "指纹相符" in check(client, number=stored.receipt, fingerprint=f"{begin[:8]} {begin[8:]}")
    assert "指纹不符" in check(client, number=stored.receipt, fingerprint="0" * 16)


def test_what_is_not_theirs_or_not_there_is_not_found(reports, people, login):
    stored = Submission.objects.get(report=reports["三元区"])
    page = check(login(people.filler), number=stored.receipt)
    assert "没有找到回执号" in page
    assert "三元区" not in page
    assert "没有找到回执号" in check(login(people.office), number="2024-9-000000-01")
    assert "没有找到" not in check(login(people.office))
    assert "没有找到" not in check(login(people.office), number="")
