"""Cells of units in everyday wording, read through a table: units, roles and limits, for one city and for another."""

import json
from pathlib import Path
from typing import Any

import pytest

from tasks_app.choices import AssignmentRole, UnitKind
from tasks_app.documents.reading import read_document
from tasks_app.domain.plan_import.rules.content import TaskContent
from tasks_app.domain.plan_import.rules.resolving import resolve
from tasks_app.plan_reading.table.understanding import understand
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
