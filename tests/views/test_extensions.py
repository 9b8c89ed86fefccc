"""More time on the pages: asking, the sentence when it is too late, the office's list and figure."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from tasks_app.domain.extensions import actions
from tasks_app.models import Extension, Report

ASKED = {"reason": "核数需要时间", "situation": "已完成大半", "wanted_on": "2024-08-01"}


@pytest.fixture
def extension(report, people, at) -> Extension:
    given = ASKED | {"wanted_on": date(2024, 8, 1)}
    return actions.ask_extension(report.pk, **given, by=people.other_filler, at=at)


def page(client, name, *args, **query):
    return client.get(reverse(name, args=args), query).content.decode()


def decide(client, extension, kind, **values):
    address = reverse("extension_decide", args=[extension.pk])
    return client.post(address, {"decision_is": kind, **values}, follow=True).content.decode()


def test_a_unit_asks_sees_it_wait_and_withdraws(report, people, login):
    client = login(people.other_filler)
    assert "申请延期" in page(client, "report", report.pk)
    address = reverse("extension_ask", args=[report.pk])
    assert "批复前截止日不变" in client.post(address, ASKED, follow=True).content.decode()
    assert "等待市医改办批复，批复前截止日不变" in page(client, "report", report.pk)
    assert "2024年7月25日" in page(client, "report", report.pk)
    withdrawn = client.post(reverse("extension_withdraw", args=[Extension.objects.get().pk]), follow=True)
    assert "已撤回" in withdrawn.content.decode()


def test_too_late_is_a_sentence(report, people, login, at):
    client = login(people.other_filler, at=at + timedelta(days=11))
    assert "须在截止日前申请" in page(client, "extension_ask", report.pk)
    answer = client.post(reverse("extension_ask", args=[report.pk]), ASKED)
    assert "须在截止日前申请" in answer.content.decode()
    assert "核数需要时间" not in Extension.objects.values_list("reason", flat=True)
    assert "申请延期" not in page(client, "report", report.pk)


def test_a_day_off_is_a_sentence_and_the_words_are_kept(report, people, login):
    client = login(people.other_filler)
    answer = client.post(reverse("extension_ask", args=[report.pk]), ASKED | {"wanted_on": "2024-07-27"})
    assert "不是工作日" in answer.content.decode()
    assert "已完成大半" in answer.content.decode()


def test_the_office_finds_it_on_its_first_page_and_grants_another_day(extension, report, people, login, at):
    later = at + timedelta(days=2)
    office = login(people.office, at=later)
    home = page(office, "home")
    assert "延期申请待批复" in home
    assert "最早的已等 2 个工作日" in home
    assert reverse("extensions") in home
    assert "已等 2 个工作日" in page(office, "extensions")
    assert "不是工作日" in decide(office, extension, "grant", until="2024-07-28")
    assert "没有批复" in decide(office, extension, "grant", until="哪天")
    assert "已准予延至 2024年7月30日" in decide(office, extension, "grant", until="2024-07-30")
    unit = login(people.other_filler, at=later)
    assert "2024年7月30日" in page(unit, "home")
    assert "市医改办已准予延至" in page(unit, "report", report.pk)
    assert "2024-07-30（已准予延期）" in page(login(people.office, at=later), "not_filed")
    assert "延期申请待批复" not in page(login(people.office, at=later), "home")


def test_refused_with_a_reason_that_the_unit_reads(extension, report, people, login):
    office = login(people.office)
    assert "请写明不予延期的理由" in decide(office, extension, "refuse", decision=" ")
    assert "截止日不变" in decide(office, extension, "refuse", decision="时间充裕")
    assert "不予延期：时间充裕" in page(login(people.other_filler), "report", report.pk)
    report.refresh_from_db()
    assert report.due_on == date(2024, 7, 25)


def test_others_neither_see_nor_withdraw_it(extension, report, people, login):
    for person in (people.filler, people.signer, people.office):
        client = login(person)
        assert client.get(reverse("extension_ask", args=[report.pk])).status_code == 404
        assert client.post(reverse("extension_withdraw", args=[extension.pk])).status_code == 404
    assert login(people.leader).get(reverse("extensions")).status_code == 404


def test_an_empty_list_says_so(people, login):
    seen = page(login(people.office), "extensions")
    assert "没有等待批复的延期申请" in seen
    assert "还没有批复过" in seen


def test_the_list_takes_a_fixed_number_of_statements(
    extension, report, people, login, at, django_assert_max_num_queries, django_assert_num_queries
):
    client = login(people.office)
    with django_assert_max_num_queries(10) as counted:
        page(client, "extensions")
    before = len(counted)
    given = ASKED | {"wanted_on": date(2024, 8, 1)}
    other = Report.objects.get(unit=people.filler.unit)
    actions.ask_extension(other.pk, **given, by=people.filler, at=at)
    with django_assert_num_queries(before):
        page(client, "extensions")
