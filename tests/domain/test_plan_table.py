"""A plan page by page, and which of last year's tasks a task continues."""

import pytest

from tasks_app.choices import AuditAction, DeadlineKind
from tasks_app.domain.moves import Refused
from tasks_app.domain.plan import table
from tasks_app.domain.plan.predecessors import possible_predecessors, set_predecessor
from tasks_app.domain.plan.table import page_of_task, plan_page
from tasks_app.models import AuditEvent, Deadline, Indicator, Plan, Task


def long_plan(plan, count: int) -> None:
    """Give the plan `count` more tasks in its second section, and one that stands under none."""
    section = plan.sections.get(position=2)
    Task.objects.bulk_create(
        Task(plan=plan, section=section, number=number, title=f"任务{number}", units_text="")
        for number in range(10, 10 + count)
    )
    Task.objects.create(plan=plan, number=9999, title="不归任何一项", units_text="")


def numbers(page) -> list[int]:
    return [item.task.number for block in page.sections for item in block.tasks]


def test_the_whole_is_shown_with_all_that_the_table_says(plan, at, people):
    task = plan.tasks.get(number=1)
    measure = task.measures.first()
    Deadline.objects.create(task=task, position=1, text="持续推进", kind=DeadlineKind.CONTINUOUS)
    Deadline.objects.create(
        task=task, measure=measure, position=1, text="6月底前", due_on="2024-06-30", kind=DeadlineKind.DATED
    )
    fields = {"task": task, "kind": "rate", "comparator": "at_least", "value": 1, "words": "专班"}
    Indicator.objects.create(**fields, position=1, name="采用的", state="accepted", decided_at=at)
    Indicator.objects.create(**fields, position=2, name="待定的")
    page = plan_page(plan)
    item = page.sections[0].tasks[0]
    assert [d.text for d in item.deadlines] == ["持续推进"]
    assert [[d.text for d in deadlines] for _, deadlines in item.measures] == [["6月底前"], []]
    assert [i.name for i in item.indicators] == ["采用的"]
    assert page.figures == {"工作任务": 2, "主要目标要求": 3, "细化措施": 5, "责任单位": 5, "责任分工": 9}
    assert page.assumed == 3


def test_a_long_table_has_pages_in_the_order_of_print(plan):
    long_plan(plan, 150)
    first, second = plan_page(plan, "1"), plan_page(plan, "2")
    assert numbers(first)[:4] == [9999, 1, 2, 3]
    assert len(numbers(first)) == 100
    assert numbers(second)[-1] == 159
    assert first.sections[0].section is None
    assert [(e.count, e.page) for e in first.index] == [(1, 1), (2, 1), (151, 1)]
    assert numbers(plan_page(plan, "77")) == numbers(second)
    assert numbers(plan_page(plan, "x")) == numbers(first)


def test_each_task_is_on_the_page_that_its_link_opens(plan, monkeypatch):
    monkeypatch.setattr(table, "TASKS_PER_PAGE", 2)
    long_plan(plan, 3)
    for task in Task.objects.filter(plan=plan).select_related("section"):
        assert task.number in numbers(plan_page(plan, page_of_task(task)))


def test_the_tasks_of_one_unit_and_those_that_are_stopped(plan, units):
    plan.tasks.filter(number=3).update(is_active=False, stopped_by="明医改组〔2024〕9号")
    own = plan_page(plan, only_unit=units["市医保局"])
    assert numbers(own) == [1]
    assert (own.figures["主要目标要求"], own.stopped) == (1, 1)
    assert numbers(plan_page(plan, stopped=True)) == [3]
    assert numbers(plan_page(plan)) == [1, 2]


def test_a_page_takes_the_same_statements_however_long_the_table(plan, django_assert_num_queries):
    with django_assert_num_queries(11):
        plan_page(plan)
    long_plan(plan, 300)
    with django_assert_num_queries(11):
        plan_page(plan, 1)
    with django_assert_num_queries(10):  # nobody must act on what stands there
        plan_page(plan, 2)


@pytest.fixture
def last_year(plan) -> Task:
    """The one task of the table of the year before."""
    earlier = Plan.objects.create(issuer=plan.issuer, year=2023, title="2023年分解表")
    return Task.objects.create(plan=earlier, number=7, title="健全三医协同", units_text="")


def test_last_years_tasks_may_be_chosen_and_no_others(plan, last_year, people, at):
    task = plan.tasks.get(number=1)
    assert list(possible_predecessors(plan)) == [last_year]
    set_predecessor(task.pk, last_year, by=people.admin, at=at)
    task.refresh_from_db()
    assert task.predecessor == last_year
    event = AuditEvent.objects.get(action=AuditAction.PLAN_EDIT)
    assert event.changes == {"上年任务": [None, "7. 健全三医协同"]}
    with pytest.raises(Refused, match="不在上年的分解表里"):
        set_predecessor(task.pk, plan.tasks.get(number=2), by=people.admin, at=at)
    set_predecessor(task.pk, last_year, by=people.admin, at=at)  # the same again is no change
    assert AuditEvent.objects.filter(action=AuditAction.PLAN_EDIT).count() == 1
    set_predecessor(task.pk, None, by=people.admin, at=at)
    task.refresh_from_db()
    assert task.predecessor is None
