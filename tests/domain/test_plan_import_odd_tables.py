"""Tables of odd or changing headings: nothing of them ends in an error of the program, or is lost in silence."""

import random

import pytest

from tasks_app.documents.grid import Merge, Sheet, Workbook
from tasks_app.domain.plan_import.rules.resolving import resolve
from tasks_app.plan_reading.checks import check_city, run_checks
from tasks_app.plan_reading.mends import Mends
from tasks_app.plan_reading.row_as_read import row_as_read
from tasks_app.plan_reading.table.fields import HEADINGS, Field
from tasks_app.plan_reading.table.understanding import understand
from tests.unit_cells import KNOWN

pytestmark = pytest.mark.once

HEADS = [heading for headings in HEADINGS.values() for heading in headings[:5]] + [
    "责任分工",
    "市级",
    "一季度",
]
TEXTS = (
    *(
        "",
        "1",
        "2",
        "①",
        "②",
        "1.1",
        "（1）",
        "一",
        "二、强化",
        "推进医改",
        "①做A。②做B。",
        "一是甲；二是乙。",
    ),
    *(
        "市卫健委",
        "6月底前",
        "合计",
        "备注：无",
        "续表",
        "同上",
        "各县（市、区）（三元区除外）",
        "（牵头）市医保局",
    ),
    *("第一责任单位：市卫健委", "a.甲", "•乙", "签约率45%以上", "目标", "（", "、"),
)


def odd_sheet(source: random.Random, name: str) -> Sheet:
    """A sheet of headings and texts thrown together: some headings twice, some further down, merged anyhow."""
    width, rows = source.randint(2, 8), {1: {1: "2025年重点任务分解表"}}
    for _ in range(source.randint(1, 3)):
        for words, most in ((HEADS, 3), (TEXTS, 7)):
            for _ in range(source.randint(1, most)):
                texts = {column: source.choice(words) for column in range(1, width + 1)}
                rows[len(rows) + 1] = {column: text for column, text in texts.items() if text}
    merges = []
    for top in range(2, len(rows), 3):
        left = source.randint(1, width)
        merges.append(Merge(top, left, top + source.randint(0, 2), source.randint(left, width)))
    for merge in merges:
        for row in range(merge.top, merge.bottom + 1):
            for column in range(merge.left, merge.right + 1):
                if (row, column) != (merge.top, merge.left):
                    rows.get(row, {}).pop(column, None)
    return Sheet(name, {row: cells for row, cells in rows.items() if cells}, tuple(merges))


@pytest.mark.parametrize("seed", range(0, 1500, 100))
def test_headings_thrown_together_break_nothing(seed: int):
    for number in range(seed, seed + 100):
        source = random.Random(number)
        book = Workbook(tuple(odd_sheet(source, f"表{i}") for i in range(source.randint(1, 2))))
        understanding = understand(book)
        if understanding.plan is not None:
            chosen = {c.name: source.choice(list(Field)) for c in understanding.plan.columns}
            understanding = understand(book, mends=Mends(columns=chosen))
        if understanding.plan is not None:
            resolve(understanding.plan, KNOWN)
            list(run_checks(understanding.plan))


def understood(*rows: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Return the titles of the tasks and the problems of a sheet."""
    cells = {
        number: {column: text for column, text in enumerate(row, start=1) if text}
        for number, row in enumerate(rows, start=1)
    }
    found = understand(Workbook((Sheet("表", cells),)))
    return [task.title for task in found.plan.tasks] if found.plan else [], [
        p.message for p in found.problems
    ]


def test_a_title_alone_in_the_column_of_tasks_is_a_section_and_a_doubt():
    titles, problems = understood(
        ("2025年任务分解表",),
        ("序号", "重点任务", "责任单位"),
        ("", "强化基层", ""),
        ("1", "推进签约", "市卫健委"),
        ("", "三医联动", ""),
        ("2", "支付改革", "市医保局"),
    )
    assert titles == ["推进签约", "支付改革"]
    assert ["看作板块标题" in problem for problem in problems] == [True, True]


def test_a_title_alone_is_found_in_its_form_as_the_section_it_was_read_as():
    rows = {
        1: {1: "2025年任务分解表"},
        2: {1: "序号", 2: "重点任务", 3: "责任单位"},
        3: {1: "强化基层"},
        4: {1: "1", 2: "推进签约", 3: "市卫健委"},
    }
    book = Workbook((Sheet("表", rows),))
    plan = understand(book).plan
    assert plan is not None
    columns = [{"letter": column.letter, "field": column.field.name} for column in plan.columns]
    row = row_as_read(book, ("表", 3), known={}, mends=Mends(), columns=columns, goes_on=False)
    assert (row.kind.name, "强化基层" in row.texts.values()) == ("SECTION", True)


def test_a_table_of_another_city_is_doubted():
    for title, count in (("福州市2025年任务表", 1), ("三明市2025年任务表", 0), ("2025年全市任务表", 0)):
        plan = understand(
            Workbook((Sheet("表", {1: {1: title}, 2: {1: "重点任务", 2: "责任单位"}, 3: {1: "签约"}}),))
        ).plan
        assert plan is not None
        assert len(list(check_city(plan, "三明市"))) == count
