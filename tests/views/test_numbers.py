"""The page of all units' numbers: figures lead to their rows, two values are told apart by the office alone."""

import pytest
from django.urls import reverse

from tasks_app.choices import Total
from tasks_app.domain.reporting import actions as reporting
from tasks_app.domain.reporting.entry_values import FigureGiven
from tasks_app.models import Indicator, Report, TotalRuling

WORDS = {"progress": "专班已组建。", "forecast": "", "status": "on_track", "remarks": ""}


@pytest.fixture
def filed(report, people, at, indicator, units) -> Report:
    """三元区 said 1次 and 将乐县 2次, of which 市卫健委 said 4次."""
    Indicator.objects.update(total=Total.OWNER, owner=units["市卫健委"])
    signers = {people.filler: people.signer, people.bureau_filler: people.bureau_signer}
    for who, value in ((people.other_filler, "1"), (people.filler, "2"), (people.bureau_filler, "4")):
        own = Report.objects.get(unit=who.unit)
        for entry in own.entries.all():
            figures = {indicator.pk: FigureGiven(value, "2024-06-30")}
            reporting.save_entry(own.pk, entry.pk, values=WORDS, figures=figures, version=0, by=who, at=at)
        if signer := signers.get(who):
            reporting.request_signature(own.pk, by=who, at=at)
        reporting.submit_report(own.pk, by=signer or who, at=at)
    return report


def test_a_number_leads_to_where_it_stands(login, people, filed):
    page = login(people.leader).get(reverse("numbers")).content.decode()
    assert f'<a class="num" href="/review/{filed.pk}#task-1">1次</a>' in page
    assert "目标 不低于4次" in page
    assert "两数不一致" in page
    assert "以此为准" not in page


def test_the_office_says_which_of_two_values_holds(login, people, filed, indicator, period):
    browser = login(people.office)
    address = reverse("number_rule", args=[period.pk, indicator.pk])
    assert "以此为准" in browser.get(reverse("numbers")).content.decode()
    page = browser.post(address, {"holds": "sum"}, follow=True).content.decode()
    assert "两数不一致" not in page
    assert "完成 75%，还差 1次" in page
    assert TotalRuling.objects.get().decided_by == people.office
    page = browser.post(address, {"holds": ""}, follow=True).content.decode()
    assert "两数不一致" in page
    assert "请选择" in browser.post(address, {"holds": "each"}, follow=True).content.decode()


def test_what_nobody_is_asked_for_is_said(login, people, report, indicator):
    Indicator.objects.update(reporters="", total="")
    page = login(people.office).get(reverse("numbers")).content.decode()
    assert "另有 1 项指标没有定填报口径" in page


def test_each_for_itself_counts_who_has_reached_it(login, people, filed):
    Indicator.objects.update(total=Total.EACH, owner=None)
    page = login(people.office).get(reverse("numbers")).content.decode()
    assert "各单位各报：2 家有数，0 家已达目标" in page


def test_while_the_owner_is_silent_the_sum_stands_aside(login, people, filed, units):
    Indicator.objects.update(owner=units["市医保局"])
    page = login(people.office).get(reverse("numbers")).content.decode()
    assert "暂无" in page
    assert '另：<b class="num">3次</b>' in page
