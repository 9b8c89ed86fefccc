"""A preview beside its file: where each row stands, which words are marked, nothing of the file left out."""

from decimal import Decimal

import pytest

from tasks_app.documents.grid import Merge, Sheet, Workbook
from tasks_app.domain.plan_import.rules.content import TaskContent
from tasks_app.domain.plan_import.rules.side_by_side import PAGE, Locations, Part, SideBySide
from tasks_app.language.marking import marked
from tasks_app.plan_reading.content import IndicatorContent, MeasureContent
from tasks_app.plan_reading.mends import Mends

pytestmark = pytest.mark.once

OUTLINE = {
    "sheets": [["甲", False], ["乙", True]],
    "columns": [
        {"name": "重点任务", "heading": "重点任务", "letter": "A"},
        {"name": "责任单位", "heading": "责任单位", "letter": "B"},
    ],
}
ROWS = {
    1: {1: "2026年分解表"},
    2: {1: "重点任务", 2: "责任单位"},
    3: {1: "一、总则"},
    4: {1: "甲事", 2: "市卫健委"},
    5: {1: "其他内容", 3: "没有列名"},
    6: {1: "重点任务", 2: "责任单位"},
    7: {1: "乙事，丙事", 2: "市医保局"},
    8: {1: "注：略"},
}


def task(number: int, *rows: int, **fields) -> TaskContent:
    places = tuple(("乙", row) for row in rows)
    values = {"units_text": "", "measures": (), "assignments": (), "rows": places}
    return TaskContent(number, f"任务{number}", "一、总则", **values | fields)


def beside(tasks: list[TaskContent], mends: Mends | None = None, problems: list | None = None) -> SideBySide:
    workbook = Workbook((Sheet("甲", {1: {1: "x"}}), Sheet("乙", ROWS, (Merge(1, 1, 1, 2),))))
    locations = Locations([{"number": t.number, "rows": t.rows} for t in tasks], ["甲", "乙"])
    return SideBySide(workbook, OUTLINE, ["一、总则"], problems or [], mends or Mends(), locations)


def shape(blocks) -> list[tuple[int | None, list[int]]]:
    return [(b.task.number if b.task else None, [row.number for row in b.rows]) for b in blocks]


def test_every_row_of_the_file_stands_somewhere_once():
    tasks = [task(1, 4), task(2, 7), task(3, 7)]
    blocks = beside(tasks).blocks(tasks, 0, 3)
    assert shape(blocks) == [(None, [1, 2, 3]), (1, [4]), (None, [5, 6]), (2, [7]), (3, [7]), (None, [8])]
    parts = {row.number: row.part for block in blocks for row in block.rows}
    assert parts == {
        1: Part.ABOVE,
        2: Part.HEADING,
        3: Part.SECTION,
        4: Part.TASK,
        5: Part.OTHER,
        6: Part.HEADING,
        7: Part.TASK,
        8: Part.OTHER,
    }
    assert [row.is_repeated for block in blocks for row in block.rows if row.number == 7] == [False, True]
    assert [b.section for b in blocks if b.task] == ["一、总则", None, None]


def test_a_page_begins_behind_the_last_task_of_the_page_before():
    tasks = [task(1, 4), task(2, 7)]
    first = beside(tasks).blocks(tasks[:1], 0, 2)
    second = beside(tasks).blocks(tasks[1:], 1, 2)
    assert shape(first) == [(None, [1, 2, 3]), (1, [4])]
    assert shape(second) == [(None, [5, 6]), (2, [7]), (None, [8])]


def test_a_task_without_a_row_of_its_own_is_shown_too():
    tasks = [task(1, 4), task(2), task(3, 7)]
    assert [n for n, _ in shape(beside(tasks).blocks(tasks, 0, 3)) if n] == [1, 2, 3]
    assert shape(beside([]).blocks([], 0, 0)) == [(None, [1, 2, 3, 4, 5, 6, 7, 8])]


def test_what_was_left_out_by_hand_is_named_so_and_its_problems_stand_there():
    problem = {"severity": "warning", "sheet": "乙", "row": 5, "column": "A", "message": "……"}
    mends = Mends().with_row("乙", 5, ())
    blocks = beside([task(1, 4)], mends, [problem]).blocks([task(1, 4)], 0, 1)
    row = next(row for block in blocks for row in block.rows if row.number == 5)
    assert (row.part, row.is_mended, row.problems) == (Part.LEFT_OUT, True, (problem,))
    assert row.cells == (("重点任务", "其他内容"), ("C列", "没有列名"))


def test_numbers_are_marked_in_the_measure_they_were_read_from():
    indicator = IndicatorContent("会商", "cumulative", "at_least", Decimal(4), "次", None, "会商4次", 1)
    tasks = [task(1, 4, measures=(MeasureContent(1, "每年会商4次。", True),), indicators=(indicator,))]
    (block,) = [b for b in beside(tasks).blocks(tasks, 0, 1) if b.task]
    assert block.measures[0].pieces == [("每年", False), ("会商4次", True), ("。", False)]


@pytest.mark.parametrize(
    ("text", "words", "pieces"),
    [
        ("达300台", ["达300台"], [("达300台", True)]),
        ("没有", ["别的"], [("没有", False)]),
        ("", ["别的"], []),
        ("甲5个，乙5个", ["5个", "5个"], [("甲", False), ("5个", True), ("，乙", False), ("5个", True)]),
        ("65%或提高1个", ["65%或提高1个", "提高1个"], [("65%或提高1个", True)]),
    ],
)
def test_marking(text, words, pieces):
    assert marked(text, words) == pieces


def test_a_row_is_found_on_the_page_of_its_task_or_of_the_one_that_follows():
    tasks = [{"number": n, "rows": [("乙", n * 2)]} for n in range(1, 2 * PAGE + 1)]
    where = Locations(tasks, ["甲", "乙"])
    assert where.pages == 2
    assert where.page("乙", 2) == 1
    assert where.page("乙", PAGE * 2) == 1
    assert where.page("乙", PAGE * 2 + 1) == 2  # between the pages: before the task that follows
    assert where.page("乙", 9999) == 2
    assert where.anchor("乙", 7) == "row-1-7"
    assert where.before("乙", 2) is None
    assert where.before("乙", 4) == 0
    assert where.before("乙", 9999) == 2 * PAGE - 1
