"""The year's table on its pages, and what an admin mends there."""

import pytest
from django.urls import reverse

from tasks_app.models import Assignment


def test_everybody_who_works_with_the_table_may_read_it(login, people, plan):
    for person in (people.filler, people.signer, people.office, people.leader, people.admin):
        page = login(person).get(reverse("plan", args=[plan.pk]))
        assert "健全三医协同工作机制" in page.content.decode()


def test_the_table_is_not_for_the_auditor_nor_for_another_city(login, people, plan):
    assert login(people.auditor).get(reverse("plan", args=[plan.pk])).status_code == 404
    assert login(people.auditor).get(reverse("plans")).status_code == 404
    plan.issuer = plan.issuer.parent
    plan.save()
    assert login(people.admin).get(reverse("plan", args=[plan.pk])).status_code == 404


def test_the_page_says_what_is_assumed_and_prints_as_the_table_does(login, people, plan):
    text = login(people.admin).get(reverse("plan", args=[plan.pk])).content.decode()
    assert text.count('class="assumed"') == 3
    assert '① <span class="preserve-lines">完善工作专班。' in text
    assert "组建健康管护组织。" in text
    assert "① 组建健康管护组织。" not in text


def test_only_an_admin_is_offered_changes(login, people, plan):
    page = reverse("plan", args=[plan.pk])
    assert "调整" in login(people.admin).get(page).content.decode()
    assert "调整" not in login(people.office).get(page).content.decode()


def test_a_unit_can_look_at_its_own_tasks_alone(login, people, plan):
    browser = login(people.filler)
    whole = browser.get(reverse("plan", args=[plan.pk])).content.decode()
    own = browser.get(reverse("plan", args=[plan.pk]), {"own": ""}).content.decode()
    assert "完善医保基金预算管理" in whole
    assert "完善医保基金预算管理" not in own
    assert "推进健康管护组织建设" in own
    assert 'class="own-unit"' in whole


def test_stopped_tasks_stand_apart(login, people, plan):
    plan.tasks.filter(number=3).update(is_active=False)
    text = login(people.office).get(reverse("plan", args=[plan.pk])).content.decode()
    assert "停办的任务" in text


def test_the_list_has_an_empty_state_and_takes_the_same_statements(
    login, people, plan, django_assert_num_queries
):
    browser = login(people.admin)
    browser.get(reverse("plans"))
    with django_assert_num_queries(5):
        text = browser.get(reverse("plans")).content.decode()
    assert "三明市2024年深化医改重点任务分解表" in text
    plan.issuer = plan.issuer.parent
    plan.save()
    assert "还没有分解表" in browser.get(reverse("plans")).content.decode()


def test_an_admin_moves_a_task_and_confirms_its_roles(login, people, plan):
    task = plan.tasks.get(number=1)
    lead, support = Assignment.objects.filter(task=task, unit__kind="bureau")
    address = reverse("task_edit", args=[plan.pk, task.pk])
    browser = login(people.admin)
    assert "推定，待确认" in browser.get(address).content.decode()
    typed = {"section": plan.sections.last().pk, f"role_{lead.pk}": "support", f"role_{support.pk}": "lead"}
    answer = browser.post(address, typed)
    assert answer.url == reverse("plan", args=[plan.pk]) + "#task-1"
    support.refresh_from_db()
    assert (support.role, support.role_is_assumed) == ("lead", False)
    answer = browser.post(address, typed | {"next": "1"})
    assert answer.url == reverse("task_edit", args=[plan.pk, plan.tasks.get(number=2).pk])


@pytest.mark.parametrize("who", ["filler", "office", "leader", "auditor"])
def test_nobody_else_mends_the_table(login, people, plan, who):
    browser = login(getattr(people, who))
    task = plan.tasks.first()
    assert browser.post(reverse("task_edit", args=[plan.pk, task.pk]), {}).status_code == 404
    assert browser.post(reverse("periods", args=[plan.pk]), {}).status_code == 404


def test_a_role_that_a_bureau_cannot_have_is_refused_on_the_form(login, people, plan):
    task = plan.tasks.get(number=3)
    lead = task.assignments.get(role="lead")
    answer = login(people.admin).post(
        reverse("task_edit", args=[plan.pk, task.pk]), {f"role_{lead.pk}": "local"}
    )
    assert answer.status_code == 200
    lead.refresh_from_db()
    assert lead.role == "lead"
