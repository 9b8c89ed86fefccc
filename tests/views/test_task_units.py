"""The page on which one task's units are changed: what it says before it does, and what the unit sees then."""

import pytest
from django.urls import reverse

from tasks_app.domain.reporting.actions import open_due_periods, save_entry, submit_report
from tasks_app.domain.review.actions import accept_report
from tasks_app.models import Report

WORDS = {"progress": "专班已组建。", "forecast": "年底完成。", "status": "on_track", "remarks": ""}


@pytest.fixture
def accepted(period, people, at) -> Report:
    open_due_periods(at=at)
    report = Report.objects.get(unit=people.other_filler.unit)
    for entry in report.entries.all():
        save_entry(report.pk, entry.pk, values=WORDS, version=0, by=people.other_filler, at=at)
    submit_report(report.pk, by=people.other_filler, at=at)
    return accept_report(report.pk, submission=1, by=people.office, at=at)


def form_of(task, *others, **given):
    roles = {f"unit_{a.unit_id}": a.role for a in task.assignments.all()}
    return roles | {"others": [unit.pk for unit in others], "basis": "明医改组〔2024〕7号"} | given


def test_what_becomes_of_a_filed_report_is_said_first_and_then_done(accepted, plan, units, people, login):
    task = plan.tasks.get(number=3)
    address, browser = reverse("task_units", args=[plan.pk, task.pk]), login(people.admin)
    assert "三元区" in browser.get(address).content.decode()
    form = form_of(task, units["三元区"], units["永安市"])
    page = browser.post(address, form).content.decode()
    assert "限7月25日前报送，其余内容保持已报送的原样" in page
    assert "本期还没有填报任务，将新增一份填报" in page
    assert not task.assignments.filter(unit=units["三元区"]).exists()
    answer = browser.post(address, form | {"confirmed": "1"})
    assert answer.status_code == 302
    given = dict(task.assignments.values_list("unit__name", "role"))
    assert (given["三元区"], given["永安市"]) == ("local", "local")
    assert Report.objects.get(unit=units["永安市"]).entries.get().task == task


def test_the_unit_finds_one_form_and_the_rest_to_read(accepted, plan, units, people, login):
    task = plan.tasks.get(number=3)
    form = form_of(task, units["三元区"], confirmed="1")
    login(people.admin).post(reverse("task_units", args=[plan.pk, task.pk]), form)
    browser = login(people.other_filler)
    page = browser.get(reverse("report", args=[accepted.pk])).content.decode()
    assert "只需填报标有“新增任务”的各项" in page
    entries = {entry.task.number: entry.pk for entry in accepted.entries.select_related("task")}
    assert [number for number, pk in entries.items() if f'id="entry-form-{pk}"' in page] == [3]
    assert "只需补充新增任务" in browser.get(reverse("home")).content.decode()
    assert "待补充新增任务" in page


def test_without_the_document_nothing_is_changed(plan, units, people, login):
    task = plan.tasks.get(number=3)
    page = login(people.admin).post(
        reverse("task_units", args=[plan.pk, task.pk]), form_of(task, units["三元区"], basis="")
    )
    assert "请填写依据" in page.content.decode()
    assert not task.assignments.filter(unit=units["三元区"]).exists()


def test_others_find_no_such_page(plan, people, login):
    address = reverse("task_units", args=[plan.pk, plan.tasks.get(number=3).pk])
    assert {login(p).get(address).status_code for p in (people.filler, people.office)} == {404}
