"""Entering for a unit on the pages: begun, filled in, confirmed by a second person, named on every page."""

from django.urls import reverse

from tasks_app.choices import ReportState
from tasks_app.domain.on_behalf import actions
from tasks_app.models import Report

WORDS = {"progress": "专班已组建。", "forecast": "", "status": "on_track", "remarks": ""}
REASON = "该县断网，电话口述"


def page(client, name, *args):
    return client.get(reverse(name, args=args)).content.decode()


def fill(client, report):
    for entry in report.entries.all():
        address = reverse("report_save_entry", args=[report.pk, entry.pk])
        answer = client.post(address, {**WORDS, "version": entry.version}, headers={"HX-Request": "true"})
        assert "已保存" in answer.content.decode()


def test_two_people_enter_and_every_page_says_so(report, people, second, third, login):
    first = login(people.office)
    begun = first.post(reverse("on_behalf"), {"report": report.pk, "reason": REASON}, follow=True)
    assert "可以代三元区填报了" in begun.content.decode()
    fill(first, report)
    assert "提交复核" in page(first, "report", report.pk)
    check = page(first, "report_check", report.pk)
    assert "另一名市医改办人员复核报送" in check
    assert reverse("report_submit", args=[report.pk]) not in check
    first.post(reverse("report_request_signature", args=[report.pk]))
    waiting = page(first, "report", report.pk)
    assert reverse("report_submit", args=[report.pk]) not in waiting
    assert "等待另一名市医改办人员复核" in waiting
    assert "待第二人确认" in waiting
    assert "待审签" not in waiting
    for seen in (page(first, "on_behalf"), page(login(people.other_filler), "home")):
        assert "待第二人确认" in seen
    assert "待第二人确认" in page(login(people.office), "not_filed")
    first.post(reverse("report_submit", args=[report.pk]))
    report.refresh_from_db()
    assert report.state == ReportState.SIGNING  # one person alone never files it
    confirming = login(second)
    assert "代填待复核" in page(confirming, "home")
    assert "待您复核（1）" in page(confirming, "on_behalf")
    assert "复核并报送" in page(confirming, "report", report.pk)
    receipt = confirming.post(reverse("report_submit", args=[report.pk]), follow=True).content.decode()
    assert f"市医改办陈志远填写，何静复核。原因：{REASON}" in receipt
    unit = login(people.other_filler)
    assert "市医改办代填" in page(unit, "home")
    assert "陈志远填写，何静复核报送" in page(unit, "report", report.pk)
    assert "何静（代填复核）" in page(unit, "report", report.pk)
    assert "已代填报送（1）" in page(login(people.office), "on_behalf")
    review = page(login(people.office), "review_report", report.pk)
    assert "代填" in review
    assert "不能由您自己审阅，请由市医改办其他人员审阅" in review
    for address in ("review_accept", "review_return"):
        assert reverse(address, args=[report.pk]) not in review
    login(people.office).post(reverse("review_accept", args=[report.pk]), {"submission": 1})
    report.refresh_from_db()
    assert report.state == ReportState.SUBMITTED
    assert reverse("review_accept", args=[report.pk]) in page(login(third), "review_report", report.pk)


def test_the_unit_sees_it_and_takes_it_over(report, people, login, at):
    actions.begin(report.pk, reason=REASON, by=people.office, at=at)
    unit = login(people.other_filler)
    seen = page(unit, "report", report.pk)
    assert "陈志远正在代三元区填报" in seen
    assert REASON in seen
    assert "data-autosave" not in seen
    taken = unit.post(reverse("on_behalf_end", args=[report.pk]), follow=True).content.decode()
    assert "已收回，本单位可以接着填报" in taken
    assert "data-autosave" in taken
    assert login(people.office).get(reverse("report", args=[report.pk])).status_code == 404


def test_the_office_gives_it_up(report, people, login, at):
    actions.begin(report.pk, reason=REASON, by=people.office, at=at)
    office = login(people.office)
    ended = office.post(reverse("on_behalf_end", args=[report.pk]), follow=True).content.decode()
    assert "三元区可以自行填报" in ended
    assert office.post(reverse("on_behalf_end", args=[report.pk])).status_code == 404


def test_others_neither_begin_nor_end(report, people, login, at):
    for part in ("filler", "signer", "leader", "admin"):
        client = login(getattr(people, part))
        given = {"report": report.pk, "reason": REASON}
        assert client.post(reverse("on_behalf"), given).status_code == 404
    actions.begin(report.pk, reason=REASON, by=people.office, at=at)
    for part in ("filler", "signer", "leader", "admin"):
        client = login(getattr(people, part))
        assert client.post(reverse("on_behalf_end", args=[report.pk])).status_code == 404
    report.refresh_from_db()
    assert report.entered_by == people.office


def test_entering_one_opens_no_other(report, people, login, at):
    actions.begin(report.pk, reason=REASON, by=people.office, at=at)
    client = login(people.office)
    other = Report.objects.get(unit=people.filler.unit)
    assert client.get(reverse("report", args=[other.pk])).status_code == 404
    address = reverse("report_save_entry", args=[other.pk, other.entries.first().pk])
    assert client.post(address, {**WORDS, "version": 0}).status_code == 404


def test_alone_in_the_office_one_is_told(report, people, login):
    client = login(people.office)
    assert "无人复核，不能报送" in page(client, "on_behalf")
    assert "原因" in client.post(reverse("on_behalf"), {"report": report.pk, "reason": ""}).content.decode()


def test_the_page_takes_a_fixed_number_of_statements(
    report, people, second, login, at, django_assert_max_num_queries, django_assert_num_queries
):
    client = login(people.office)
    with django_assert_max_num_queries(12) as counted:
        page(client, "on_behalf")
    before = len(counted)
    for entered, by in zip(Report.objects.all()[:4], [people.office, second] * 2, strict=True):
        actions.begin(entered.pk, reason=REASON, by=by, at=at)
    with django_assert_num_queries(before):
        page(client, "on_behalf")
