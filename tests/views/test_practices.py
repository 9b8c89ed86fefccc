"""Good practice on the pages: put forward, handled, read by all, searched."""

import pytest
from django.urls import reverse

from tasks_app.domain.practices import actions
from tasks_app.domain.reporting.actions import open_due_periods, save_entry
from tasks_app.models import GoodPractice, Report

WORDS = {"progress": "每周会商，逐项销号。", "forecast": "", "status": "on_track", "remarks": ""}


@pytest.fixture
def report(period, people, at) -> Report:
    """三元区's report with one entry filled in."""
    open_due_periods(at=at)
    report = Report.objects.get(unit=people.other_filler.unit)
    save_entry(report.pk, report.entries.first().pk, values=WORDS, version=0, by=people.other_filler, at=at)
    return report


@pytest.fixture
def practice(report, people, at) -> GoodPractice:
    return actions.put_forward(
        report.pk,
        report.entries.first().pk,
        title="专班推进",
        text="每周会商。",
        by=people.other_filler,
        at=at,
    )


def page(client, name, *args, **query):
    return client.get(reverse(name, args=args), query).content.decode()


def decide(client, practice, decision, **values):
    address = reverse("practice_decide", args=[practice.pk])
    return client.post(address, {"decision": decision, **values}, follow=True).content.decode()


def test_an_entry_is_put_forward_with_its_words_in_the_box(report, people, login):
    client, entry = login(people.other_filler), report.entries.first()
    address = reverse("practice_propose", args=[report.pk, entry.pk])
    form = page(client, "report", report.pk)
    assert address in form
    assert (
        reverse("practice_propose", args=[report.pk, report.entries.last().pk]) not in form
    )  # nothing written yet
    assert "每周会商，逐项销号。" in client.get(address).content.decode()
    done = client.post(address, {"title": "专班", "text": "会商。"}, follow=True).content.decode()
    assert "已推荐" in done
    assert "专班</a>" in done
    assert "请填写标题" in client.post(address, {"title": "", "text": "会商。"}).content.decode()
    assert "待处理" in page(client, "practices")


def test_the_office_edits_publishes_and_all_units_read(practice, people, login):
    office = login(people.office)
    assert "专班推进" in page(office, "practices_handling")
    assert "没有符合条件" in page(office, "practices")
    changed = {"title": "专班推进改革", "text": "每周会商，逐项销号。"}
    assert "已保存" in decide(office, practice, "save", **changed)
    assert "已推广" in decide(office, practice, "publish", **changed)
    assert "专班推进改革" in page(office, "practices_handling", state="published")
    for part in ("filler", "bureau_signer", "leader", "admin"):
        client = login(getattr(people, part))
        listed = page(client, "practices")
        assert "专班推进改革" in listed
        assert "三元区 · 2024年" in listed
        read = page(client, "practice", practice.pk)
        assert "每周会商，逐项销号。" in read
        assert "办理过程" not in read
    assert "办理过程" in page(login(people.other_filler), "practice", practice.pk)


def test_declined_with_words_that_the_unit_reads(practice, people, login):
    office = login(people.office)
    assert "请写明不采用的原因" in decide(office, practice, "decline", words=" ")
    assert "已告知三元区" in decide(office, practice, "decline", words="缺少成效数据")
    seen = page(login(people.other_filler), "practice", practice.pk)
    assert "未采用：缺少成效数据" in seen
    assert "修改后再推荐" in seen
    assert login(people.filler).get(reverse("practice", args=[practice.pk])).status_code == 404


def test_search(practice, people, login, at):
    actions.publish(practice.pk, by=people.office, at=at)
    client = login(people.filler)
    assert "专班推进" in page(
        client, "practices", text="会商", year="2024", unit=str(people.other_filler.unit_id)
    )
    assert "没有符合条件" in page(client, "practices", text="没有这个词")
    assert "专班推进" in page(client, "practices", text="三元", year="x", unit="x")


def test_another_units_entry_cannot_be_put_forward(report, people, login):
    address = reverse("practice_propose", args=[report.pk, report.entries.first().pk])
    for person in (people.filler, people.signer, people.office):
        assert login(person).post(address, {"title": "题", "text": "文"}).status_code == 404
    assert not GoodPractice.objects.exists()


def test_the_page_takes_a_fixed_number_of_statements(
    practice, report, people, login, at, django_assert_max_num_queries, django_assert_num_queries
):
    actions.publish(practice.pk, by=people.office, at=at)
    client = login(people.other_filler)
    with django_assert_max_num_queries(12) as counted:
        page(client, "practices")
    before = len(counted)
    second = actions.put_forward(
        report.pk, report.entries.last().pk, title="二", text="二", by=people.other_filler, at=at
    )
    actions.publish(second.pk, by=people.office, at=at)
    with django_assert_num_queries(before):
        page(client, "practices")
