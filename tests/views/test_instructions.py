"""批示 on pages: written on a row, in the leader's inbox, under the row, answered by who was asked."""

from datetime import date

import pytest
from django.urls import reverse

from tasks_app.domain.instructions.actions import answer
from tasks_app.domain.reporting.actions import submit_report
from tasks_app.models import Matter
from tests.cast import fill_in

WORDS = {"progress": "专班已组建。", "forecast": "", "status": "on_track", "remarks": ""}


@pytest.fixture
def item(report, plan, people, at, login) -> Matter:
    """A leader wrote on the row of 三元区 in task 1, by the page."""
    address = f"{reverse('instruct', args=[plan.tasks.get(number=1).pk])}?unit={report.unit_id}"
    given = {"text": "请<尽快>补上。", "addressee": report.unit_id, "due_on": "2024-07-19"}
    assert login(people.leader).post(address, given).status_code == 302
    return Matter.objects.get()


def page(client, name, *args, **query):
    return client.get(reverse(name, args=args), query).content.decode()


def test_a_leader_writes_on_a_row_and_reads_the_answer_on_the_first_page(report, people, item, login, at):
    assert (item.unit, item.addressee, item.due_on) == (report.unit, report.unit, date(2024, 7, 19))
    client = login(people.other_filler)
    assert "领导批示请本单位办理" in page(client, "home")
    read = page(client, "instruction", item.pk)
    assert "请&lt;尽快&gt;补上。" in read
    assert "不再需要，办结" not in read
    done = client.post(reverse("instruction_answer", args=[item.pk]), {"text": "已补上。"}, follow=True)
    assert "已报告办理情况" in done.content.decode()
    leader = login(people.leader)
    first = page(leader, "home")
    assert "批示已有答复，请您定" in first
    assert "已补上。" in first
    again = {"text": "附上名单。", "due_on": "2024-07-14"}
    refused = leader.post(reverse("instruction_refuse", args=[item.pk]), again).content.decode()
    assert "新的时限不能早于今天" in refused
    assert "附上名单。" in refused
    leader.post(reverse("instruction_settle", args=[item.pk]))
    assert "已补上。" not in page(leader, "home")
    assert "已补上。" in page(leader, "instructions", state="closed")


@pytest.mark.parametrize("name", ["lagging", "review_report", "review_task"])
def test_what_was_written_stands_under_the_row(name, report, people, item, login, at):
    fill_in(report, people.other_filler, at, words=WORDS)
    submit_report(report.pk, by=people.other_filler, at=at)
    answer(item.pk, text="已补上。", by=people.other_filler, at=at)
    args = {"lagging": [], "review_report": [report.pk], "review_task": [item.task_id]}[name]
    query = {"status": "all"} if name == "lagging" else {}
    link = f"{reverse('instruct', args=[item.task_id])}?unit={report.unit_id}"
    for person, writes in ((people.leader, True), (people.office, False)):
        shown = page(login(person), name, *args, **query)
        assert shown.count("请&lt;尽快&gt;补上。") == 1
        assert "已补上。" in shown
        assert (link in shown) == writes


def test_the_form_offers_the_unit_of_the_row_and_a_day_of_the_calendar(report, plan, people, login):
    client, task = login(people.leader), plan.tasks.get(number=1)
    form = client.get(f"{reverse('instruct', args=[task.pk])}?unit={report.unit_id}").content.decode()
    assert f'value="{report.unit_id}" selected' in form
    assert 'value="2024-07-22"' in form
    whole = client.get(reverse("instruct", args=[task.pk])).content.decode()
    assert f'value="{people.bureau_filler.unit_id}" selected' in whole  # who leads
    stranger = client.get(f"{reverse('instruct', args=[task.pk])}?unit=987654321").content.decode()
    assert "三元区 ·" not in stranger


def test_only_leaders_write_and_strangers_see_nothing(item, people, login):
    for person in (people.filler, people.bureau_signer, people.admin, people.auditor):
        assert login(person).get(reverse("instruction", args=[item.pk])).status_code == 404
    for person in (people.office, people.other_filler, people.admin):
        assert login(person).get(reverse("instruct", args=[item.task_id])).status_code == 404
