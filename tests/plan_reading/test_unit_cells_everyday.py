"""Cells of units in everyday wording, read through a table: units, roles and limits, for one city and for another."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks_app.choices import AssignmentRole, UnitKind
from tasks_app.documents.reading import read_document
from tasks_app.domain.plan_import.rules.content import TaskContent
from tasks_app.domain.plan_import.rules.resolving import resolve
from tasks_app.plan_reading.table.understanding import understand
from tasks_app.plan_reading.units.aside import is_only_a_name
from tasks_app.plan_reading.units.cells import read_unit_cell
from tasks_app.plan_reading.units.names import KnownUnit, UnitIndex
from tests.unit_cells import KNOWN, NANPING_COUNTIES, translated
from tests.workbooks import table

pytestmark = pytest.mark.once
DATA = Path(__file__).parents[1] / "data" / "unit_cells"
CASES = [
    case for path in sorted(DATA.glob("*.json")) for case in json.loads(path.read_text(encoding="utf-8"))
]
SANMING = UnitIndex(KNOWN.units, city="三明市", province="福建省")
NANPING = UnitIndex(
    [
        *(
            KnownUnit(pk, name, name[:-1], UnitKind.COUNTY, ())
            for pk, name in enumerate(NANPING_COUNTIES, start=100)
        ),
        *(unit for unit in KNOWN.units if unit.kind == UnitKind.BUREAU),
    ],
    city="南平市",
    province="福建省",
)


def read(cells: list[str], index: UnitIndex) -> tuple[TaskContent, ...]:
    """Read the cells as the column of units of one table."""
    rows: list[list[str | None]] = [[str(n), f"任务{n}甲乙", cell] for n, cell in enumerate(cells, start=1)]
    data = table(*rows, headings=["序号", "工作任务", "责任单位"], title="2025年医改重点任务表")
    plan = understand(read_document(data)).plan
    assert plan is not None
    return resolve(plan, index).content.tasks


def as_case(task: TaskContent, index: UnitIndex) -> dict[str, Any]:
    by_role = {role: sorted(a.name for a in task.assignments if a.role == role) for role in AssignmentRole}
    counties = by_role[AssignmentRole.LOCAL]
    return {
        "lead": by_role[AssignmentRole.LEAD],
        "support": by_role[AssignmentRole.SUPPORT],
        "counties": "all" if counties == sorted(c.name for c in index.counties) else counties,
        "deadlines": sorted(d.text for d in task.deadlines),
        "remarks": task.remarks,
    }


def as_judged(case: dict[str, Any]) -> dict[str, Any]:
    return {
        "lead": sorted(case["lead"]),
        "support": sorted(case["support"]),
        "counties": "all" if case["all_counties"] else sorted(case.get("counties", [])),
        "deadlines": sorted(case.get("deadlines", [])),
        "remarks": case.get("persons", ""),
    }


def test_everyday_cells_are_read_as_an_official_reads_them():
    tasks = read([case["cell"] for case in CASES], SANMING)
    found = {case["cell"]: as_case(task, SANMING) for case, task in zip(CASES, tasks, strict=True)}
    assert found == {case["cell"]: as_judged(case) for case in CASES}


def test_another_city_reads_them_by_its_own_table():
    cases = [translated(case) for case in CASES]
    tasks = read([case["cell"] for case in cases], NANPING)
    found = {case["cell"]: as_case(task, NANPING) for case, task in zip(cases, tasks, strict=True)}
    assert found == {case["cell"]: as_judged(case) for case in cases}


# --- any cell in everyday words ---------------------------------------------------------------------------

OFFICES = ["市医保局", "市卫健委", "市财政局", "市商务局", "市红十字会", "市科协", "市税务局", "市委组织部"]
LEADING = ["牵头", "负责牵头", "主责", "负总责", "抓总", "统筹", "总负责", "牵头抓总", "为牵头单位"]
SUPPORTING = [
    "配合",
    "参加",
    "协同",
    "协办",
    "具体落实",
    "按职责分工负责",
    "分工落实",
    "为责任单位",
    "负责配合",
]
WITH = ["会同", "商", "联合", "协同", "，会同", "，商", "，联合"]
LIMITS = ["6月底前", "6月底前完成", "2025年12月底前完成", "长期坚持", "持续推进", "每季度末", "9月30日前"]
JOINTS = ["，{}", "；{}", "（{}）", "；完成时限：{}", "\n完成时限：{}", "。{}", "，力争{}"]


@st.composite
def duties(draw) -> tuple[str, str, list[str], str]:
    """A cell, the unit that leads, those that support, and the limit it names."""
    lead, *support = draw(st.lists(st.sampled_from(OFFICES), min_size=2, max_size=4, unique=True))
    others, limit = "、".join(support), draw(st.sampled_from(["", *LIMITS]))
    grammar = draw(st.sampled_from(["verbs", "with", "labels", "bare labels", "marks"]))
    if grammar == "verbs":
        text = f"{lead}{draw(st.sampled_from(LEADING))}，{others}{draw(st.sampled_from(SUPPORTING))}"
    elif grammar == "with":
        word = draw(st.sampled_from(WITH))
        text = f"由{lead}{'牵头' if word.startswith('，') else ''}{word}{others}负责"
    elif grammar == "labels":
        text = f"牵头单位：{lead}；参加单位：{others}"
    elif grammar == "bare labels":
        text = f"牵头单位{lead}，责任单位{others}"
    else:
        text = f"{lead}（{draw(st.sampled_from(['牵头', '主责', '抓总', '负总责']))}）、{others}"
    joint = draw(st.sampled_from(JOINTS)) if limit else ""
    return text + joint.format(limit), lead, support, limit


@settings(deadline=None, max_examples=30)
@given(duties())
def test_whatever_the_words_one_leads_the_others_support_and_the_limit_is_none_of_them(cell):
    one_leads_and_the_others_support(cell)


@pytest.mark.soak
@settings(deadline=None, max_examples=2000)
@given(duties())
def test_whatever_the_words_two_thousand_times(cell):
    one_leads_and_the_others_support(cell)


def one_leads_and_the_others_support(cell: tuple[str, str, list[str], str]) -> None:
    text, lead, support, limit = cell
    (task,) = read([text], SANMING)
    found = as_case(task, SANMING)
    assert (found["lead"], found["support"]) == ([lead], sorted(support))
    assert [limit in words for words in found["deadlines"]] == ([True] if limit else [])


@given(
    st.lists(
        st.sampled_from(
            [*OFFICES, *LEADING, *SUPPORTING, *WITH, *LIMITS, "各县（市）、区", "、", "，", "（", "）"]
        ),
        max_size=12,
    )
)
def test_one_click_makes_units_of_names_alone(parts):
    for index in (SANMING, NANPING):
        for mention in read_unit_cell("".join(parts), index).mentions:
            if is_only_a_name(mention.name):
                assert not re.search(r"[0-9]|月底|牵头|抓总|配合|参加|会同|负责|落实|坚持|推进", mention.name)
