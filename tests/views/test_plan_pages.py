"""The plan's page when it is long, and the form where last year's task is chosen."""

import pytest
from django.urls import reverse

from tasks_app.models import Plan, Task


@pytest.fixture
def long_plan(plan) -> Plan:
    """The small plan with 250 tasks more."""
    Task.objects.bulk_create(
        Task(plan=plan, number=number, title=f"长表任务{number}", units_text="") for number in range(10, 260)
    )
    return plan


@pytest.fixture
def last_year(plan) -> Plan:
    """The table of the year before, with one task."""
    earlier = Plan.objects.create(issuer=plan.issuer, year=2023, title="2023年分解表")
    Task.objects.create(plan=earlier, number=7, title="健全三医协同", units_text="")
    return earlier


def test_a_long_plan_is_shown_page_by_page_and_found_by_number(login, people, long_plan):
    browser = login(people.office)
    address = reverse("plan", args=[long_plan.pk])
    first = browser.get(address).content.decode()
    assert first.count('class="plan-task"') == 100
    assert "共 253 项任务，第 1 / 3 页" in first
    assert "长表任务259" not in first
    assert 'id="task-259"' in browser.get(address, {"task": "259"}).content.decode()
    assert 'id="task-10"' in browser.get(address, {"task": "9" * 40}).content.decode()


@pytest.mark.parametrize("who", ["office", "filler", "admin"])
def test_the_page_takes_the_same_statements_however_long(login, people, plan, django_assert_num_queries, who):
    browser = login(getattr(people, who))
    address = reverse("plan", args=[plan.pk])
    browser.get(address)
    counts = {"office": 16, "filler": 17, "admin": 17}
    with django_assert_num_queries(counts[who]):
        browser.get(address)
    Task.objects.bulk_create(
        Task(plan=plan, number=number, title=f"任务{number}", units_text="") for number in range(10, 90)
    )
    with django_assert_num_queries(counts[who]):
        browser.get(address)


def test_what_the_table_prints_beside_its_own_number_is_shown(login, people, plan):
    plan.tasks.filter(number=2).update(printed_number="（一）1", target="≥90%", remarks="试点")
    text = login(people.office).get(reverse("plan", args=[plan.pk])).content.decode()
    assert "原序号 （一）1" in text
    assert "≥90%" in text
    assert "试点" in text


def test_last_years_task_is_chosen_and_linked(login, people, plan, last_year):
    task, earlier = plan.tasks.get(number=1), last_year.tasks.get()
    browser = login(people.admin)
    address = reverse("task_edit", args=[plan.pk, task.pk])
    assert "上年任务（2023年）" in browser.get(address).content.decode()
    roles = {f"role_{a.pk}": a.role for a in task.assignments.filter(unit__kind="bureau")}
    browser.post(address, roles | {"section": task.section_id, "predecessor": earlier.pk})
    task.refresh_from_db()
    assert task.predecessor == earlier
    text = browser.get(reverse("plan", args=[plan.pk])).content.decode()
    assert "2023年第7项" in text
    assert f"{reverse('plan', args=[last_year.pk])}?task=7#task-7" in text


def test_without_a_table_of_last_year_there_is_nothing_to_choose(login, people, plan):
    address = reverse("task_edit", args=[plan.pk, plan.tasks.get(number=1).pk])
    assert "上年任务" not in login(people.admin).get(address).content.decode()


def test_among_very_many_tasks_the_number_is_typed(login, people, plan, last_year):
    Task.objects.bulk_create(
        Task(plan=last_year, number=number, title=f"任务{number}", units_text="") for number in range(10, 600)
    )
    task = plan.tasks.get(number=3)
    address = reverse("task_edit", args=[plan.pk, task.pk])
    browser = login(people.admin)
    assert "填写上年分解表里的序号" in browser.get(address).content.decode()
    typed = {f"role_{a.pk}": a.role for a in task.assignments.all()} | {"section": task.section_id}
    answer = browser.post(address, typed | {"predecessor": "9999"})
    assert "没有序号为9999的任务" in answer.content.decode()
    browser.post(address, typed | {"predecessor": "599"})
    task.refresh_from_db()
    assert task.predecessor.number == 599
