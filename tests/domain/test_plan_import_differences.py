"""Comparing an imported table with the stored one: what is new, changed, gone, moved."""

import json
from datetime import date
from decimal import Decimal

import pytest

from tasks_app.choices import DeadlineKind
from tasks_app.domain.plan_import.rules.content import AssignmentContent, PlanContent, TaskContent
from tasks_app.domain.plan_import.rules.differences import Change, FieldChange, difference
from tasks_app.domain.plan_import.rules.matching import carry_over, match_tasks
from tasks_app.plan_reading.content import DeadlineContent, IndicatorContent, MeasureContent

pytestmark = pytest.mark.once


# --- comparing --------------------------------------------------------------------------------------------


def task(number: int, title: str = "", *, section: str = "一", pk: int = 0, is_active: bool = True, **more):
    assignments = more.pop("assignments", (AssignmentContent(1, "市卫健委", "lead", True),))
    return TaskContent(
        number,
        title or f"任务{number}",
        section,
        "市卫健委",
        (),
        assignments,
        file_section=section,
        pk=pk,
        is_active=is_active,
    )


def plan(*tasks: TaskContent, **more) -> PlanContent:
    sections = tuple(dict.fromkeys(t.section for t in tasks))
    return PlanContent("2024年表", 2024, more.get("document_number", ""), None, sections, tasks)


def kinds(old: PlanContent | None, new: PlanContent) -> list[tuple[str, int]]:
    return [(change.kind.value, change.task.number) for change in difference(old, new).tasks]


def test_the_same_table_again_changes_nothing():
    old = plan(task(1, pk=5), task(2, pk=6))
    found = difference(old, plan(task(1), task(2)))
    assert found.is_empty
    assert found.counts() == {"added": 0, "changed": 0, "removed": 0, "unchanged": 2}


def test_a_first_import_adds_everything():
    assert kinds(None, plan(task(1))) == [("added", 1)]


def test_a_task_that_moved_is_known_by_its_text():
    old = plan(task(1, "甲"), task(2, "乙"), task(3, "丙"))
    new = plan(task(1, "乙"), task(2, "丙 。"))
    assert kinds(old, new) == [("changed", 1), ("changed", 2), ("removed", 1)]
    assert [f.label for f in difference(old, new).tasks[0].fields] == ["序号"]


def test_the_same_number_with_other_words_is_a_change():
    ((change),) = difference(plan(task(1, "旧说法")), plan(task(1, "新说法"))).tasks
    assert list(change.fields[0].pieces()) == [("gone", "旧"), ("new", "新"), ("same", "说法")]


def test_lists_of_names_are_compared_by_name():
    change = FieldChange("责任分工", "市人社局、三元区", "市人社局、市民政局、三元区", is_list=True)
    assert [kind for kind, _ in change.pieces()] == ["same", "new", "same"]


def test_a_stopped_task_comes_back_and_otherwise_is_not_mentioned():
    old = plan(task(1), task(2, is_active=False))
    assert kinds(old, plan(task(1))) == [("unchanged", 1)]
    assert kinds(old, plan(task(1), task(2))) == [("unchanged", 1), ("changed", 2)]


def test_every_task_is_matched_once():
    old = (task(1, "同", pk=1), task(2, "同", pk=2))
    new = (task(1, "同"), task(2, "同"), task(3, "同"))
    pairs = match_tasks(old, new)
    assert [(a.pk if a else None, b.number if b else None) for a, b in pairs] == [(1, 1), (2, 2), (None, 3)]


def test_confirmed_roles_outlive_an_import():
    lead = AssignmentContent(2, "市医保局", "lead", False)
    first = AssignmentContent(1, "市卫健委", "support", False)
    old = plan(task(1, assignments=(first, lead)))
    file_says = (
        AssignmentContent(1, "市卫健委", "lead", True),
        AssignmentContent(2, "市医保局", "support", True),
    )
    kept = carry_over(plan(task(1, assignments=file_says)), old, None)
    assert kept.tasks[0].assignments == (first, lead)


def test_a_task_moved_by_hand_stays_until_the_file_moves_it():
    stored, base = plan(task(1, section="二")), plan(task(1, section="一"))
    same_file = carry_over(plan(task(1, section="一")), stored, base)
    assert same_file.tasks[0].section == "二"
    moved = carry_over(plan(task(1, section="三")), stored, base)
    assert moved.tasks[0].section == "三"


def test_a_content_comes_back_from_the_store_as_it_was():
    limit = DeadlineContent("6月底前", date(2024, 6, 30), DeadlineKind.DATED)
    number = IndicatorContent("参保率", "rate", "at_least", Decimal("95.5"), "%", None, "参保率95.5%", 1)
    measures = (MeasureContent(1, "参保率95.5%", True, (limit,)),)
    one = plan(task(1, measures=measures, indicators=(number,), rows=(("表", 3),)), document_number="文")
    assert PlanContent.from_json(json.loads(json.dumps(one.as_json()))) == one


def test_change_kinds_are_those_of_the_contract():
    assert [kind.value for kind in Change] == ["added", "changed", "removed", "unchanged"]
