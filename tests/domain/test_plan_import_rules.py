"""How a grid becomes a plan: the real table exactly, every error by its cell, and no knock-on errors."""

import csv

import pytest

from tasks_app.documents.grid import CellFault, Merge, Sheet, Workbook
from tasks_app.domain.plan_import.rules.content import figures_of
from tasks_app.domain.plan_import.rules.resolving import name_problems, resolve
from tasks_app.plan_reading.checks import in_order, run_checks, without_knock_on
from tasks_app.plan_reading.problems import Problem
from tasks_app.plan_reading.table.measures import split_measures
from tasks_app.plan_reading.table.understanding import Understanding, understand
from tasks_app.plan_reading.units.names import KnownUnit, UnitIndex
from tests.cast import FIXTURES, REAL_TABLE
from tests.files_understood import understand_file
from tests.workbooks import HEADINGS, SECTION, real_table, row, table

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def index() -> UnitIndex:
    with (FIXTURES / "units.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    aliases = [tuple(alias for alias in r["aliases"].split("|") if alias) for r in rows]
    return UnitIndex(
        KnownUnit(pk, r["name"], r["short_name"], r["kind"], other)
        for pk, (r, other) in enumerate(zip(rows, aliases, strict=True), start=1)
    )


def problems_of(data: bytes, index: UnitIndex) -> list[Problem]:
    return problems_in(understand_file(data), index)


def problems_in(understanding: Understanding, index: UnitIndex) -> list[Problem]:
    if understanding.plan is None:
        return understanding.problems
    resolved = resolve(understanding.plan, index)
    problems = understanding.problems + run_checks(understanding.plan)
    found = [*resolved.problems, *name_problems(resolved.open_names)]
    return in_order(problems + without_knock_on(found, problems))


def errors_of(data: bytes, index: UnitIndex) -> list[tuple[int | None, str, str]]:
    """(row, column, message) of every error."""
    return [(p.row, p.column, p.message) for p in problems_of(data, index) if p.severity == "error"]


# --- the real table ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(index):
    return understand_file(REAL_TABLE.read_bytes())


def test_the_real_table_has_its_figures(real, index):
    figures = figures_of(resolve(real.plan, index).content)
    assert (figures.sections, figures.tasks, figures.measures) == (6, 24, 85)
    assert (figures.units, figures.assignments) == (26, 303)
    assert (real.plan.title, real.plan.year) == ("2024年深化医改重点任务分解表", 2024)


def test_nothing_is_doubtful_about_the_real_table(real, index):
    assert problems_in(real, index) == []


def test_a_task_that_goes_on_under_another_section_keeps_the_first(index):
    section = "一、坚持整体推进，加强医改组织领导"
    understanding = understand_file(real_table(lambda sheet: sheet.__setitem__("A5", section)))
    (problem,) = problems_in(understanding, index)
    assert (problem.severity, problem.sheet, problem.row, problem.column) == ("warning", "任务分解表", 7, "A")
    assert f"按先出现的“{section}”导入" in problem.message


def test_a_measure_broken_across_pages_comes_out_whole(real):
    task = real.plan.tasks[1]
    assert [m.number for m in task.measures] == [1, 2, 3, 4, 5]
    assert "将健康服务从后端的医疗向前端的预防延伸" in task.measures[3].text
    assert task.measures[4].text.startswith("打造“六病共管”新模式")
    assert task.section.startswith("二、")
    assert real.plan.tasks[2].section.startswith("二、")


def test_sections_have_the_tasks_that_the_document_gives_them(real):
    sections = [section.title[:2] for section in real.plan.sections]
    counts = [sum(task.section.startswith(s) for task in real.plan.tasks) for s in sections]
    assert dict(zip(sections, counts, strict=True)) == {
        "一、": 1,
        "二、": 4,
        "三、": 9,
        "四、": 2,
        "五、": 3,
        "六、": 5,
    }


def test_measures_on_one_line_are_told_apart_and_one_without_a_mark_stays_unmarked(real):
    assert [m.text[:6] for m in real.plan.tasks[22].measures] == [
        "完善医保基金",
        "建立健全多部",
        "深入开展大型",
        "加强依法执业",
    ]
    assert [(m.number, m.is_numbered) for m in real.plan.tasks[0].measures] == [(1, False)]


def test_the_first_bureau_leads_as_assumed_and_counties_are_local(real, index):
    task = resolve(real.plan, index).content.tasks[1]
    roles = [(a.name, a.role, a.is_assumed) for a in task.assignments]
    assert roles[:2] == [("市卫健委", "lead", True), ("市教育局", "support", True)]
    assert roles[5] == ("三元区", "local", False)
    assert len(roles) == 16


def test_the_city_carries_over_commas_too(real, index):
    names = {t.number: [a.name for a in t.assignments] for t in resolve(real.plan, index).content.tasks}
    assert names[19][:5] == ["市卫健委", "市委编办", "市财政局", "市人社局", "市医保局"]
    assert names[7][0] == "市市场监管局"
    assert "金融监管分局" in names[10]
    assert len(names[6]) == 2


# --- units and measures -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("市卫生健康委员会", "市卫健委"),
        ("市 农 业", None),
        ("市 卫 健 委", "市卫健委"),
        ("教育局", "市教育局"),
        ("人社局", "市人社局"),
        ("将乐", "将乐县"),
        ("市卫计委", None),
    ],
)
def test_a_unit_is_found_by_any_of_its_names(index, name: str, found: str | None):
    assert [unit.name for unit in index.find(name)] == ([found] if found else [])


@pytest.mark.parametrize("name", ["各县（市、区）", "各县(市、区)", "各县（市）区", "各县（市、区）人民政府"])
def test_all_counties_are_meant_by_one_word(index, name: str):
    assert len(index.find(name)) == 11


def test_marks_out_of_order_are_doubted_and_marks_within_a_sentence_are_none():
    measures, doubts = split_measures(["① 甲。\n③ 丙，按第①条办理。"])
    assert [(m.number, m.text) for m in measures] == [(1, "甲。"), (2, "丙，按第①条办理。")]
    assert len(doubts) == 1
    assert "③" in doubts[0]


def test_words_before_the_first_mark_are_kept():
    measures, doubts = split_measures(["总要求：\n① 甲。"])
    assert [(m.text, m.is_numbered) for m in measures] == [("总要求：\n甲。", True)]
    assert doubts


def test_twenty_one_measures_count_on():
    marks = [chr(0x2460 + i) for i in range(20)] + [chr(0x3251)]
    measures, doubts = split_measures(["".join(f"{mark}内容。" for mark in marks)])
    assert len(measures) == 21
    assert not doubts


# --- other shapes -----------------------------------------------------------------------------------------


def test_columns_may_stand_in_any_order_and_headings_may_be_folded(index):
    data = table(
        ["市卫健委", "① 甲。", "任务一", "1", SECTION],
        headings=["责任\n单位", "细 化\n措 施", "重点任务：", "序号", "工作任务"],
    )
    understanding = understand_file(data)
    assert problems_of(data, index) == []
    task = understanding.plan.tasks[0]
    assert (task.number, task.title, task.section) == (1, "任务一", SECTION)


def test_one_row_per_measure_makes_one_task():
    cells = {
        2: {1: "工作任务", 2: "主要目标要求", 3: "细化措施", 4: "责任单位"},
        3: {1: SECTION, 2: "1. 任务", 3: "甲。", 4: "市卫健委"},
        4: {3: "乙。"},
        5: {3: "丙。", 4: "市医保局"},
    }
    merges = (Merge(3, 2, 5, 2), Merge(3, 1, 5, 1))
    understanding = understand(Workbook((Sheet("表", {1: {1: "2024年"}, **cells}, merges),)))
    (task,) = understanding.plan.tasks
    assert [(m.number, m.text) for m in task.measures] == [(1, "甲。"), (2, "乙。"), (3, "丙。")]
    assert [units.text for units in task.units] == ["市卫健委", "市医保局"]
    assert [p.row for p in understanding.problems] == [5]


def test_full_rows_are_section_titles_or_notes():
    cells = {
        1: {1: "2024年表"},
        2: {1: "工作任务", 2: "主要目标要求", 3: "细化措施", 4: "责任单位"},
        3: {1: "一、甲类"},
        4: {2: "1. 任务", 3: "甲。", 4: "市卫健委"},
        5: {1: "二、乙类"},
        6: {2: "2. 任务", 3: "甲。", 4: "市卫健委"},
        7: {1: "注：本表一式两份。"},
    }
    merges = tuple(Merge(r, 1, r, 4) for r in (3, 5, 7))
    understanding = understand(Workbook((Sheet("表", cells, merges),)))
    assert [(t.number, t.section) for t in understanding.plan.tasks] == [(1, "一、甲类"), (2, "二、乙类")]
    assert [(p.severity, p.row) for p in understanding.problems] == [("warning", 7)]


def test_a_second_sheet_is_not_dropped_in_silence(index):
    def add_sheet(sheet):
        sheet.parent.copy_worksheet(sheet).title = "副本"

    warnings = [p for p in problems_of(real_table(add_sheet), index) if p.sheet == "副本"]
    assert len(warnings) == 1


def test_the_year_given_goes_before_the_title():
    understanding = understand_file(table(row(1)), year=2025)
    assert understanding.plan.year == 2025
    assert [p.severity for p in understanding.problems] == ["warning"]


def test_a_document_number_above_the_table_is_read():
    assert (
        understand_file(table(row(1), title="明医改组〔2024〕4号 2024年分解表")).plan.document_number
        == "明医改组〔2024〕4号"
    )


def without(heading: str) -> bytes:
    """A table in which nobody knows one of the headings."""
    return table(row(1), headings=[h if h != heading else "其他" for h in HEADINGS])


@pytest.mark.parametrize("heading", HEADINGS[:3])
def test_a_table_without_one_of_its_texts_is_still_a_table(index, heading: str):
    (task,) = understand_file(without(heading)).plan.tasks
    assert task.title
    assert [units.text for units in task.units] == ["市卫健委"]
    warnings = problems_of(without(heading), index)
    assert {p.severity for p in warnings} == {"warning"}
    assert any("不认识列名“其他”" in p.message for p in warnings)


# --- errors -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "place", "words"),
    [
        (table(row(1, "市卫计委")), (3, "D"), "“市卫计委”不是已登记的单位，名称相近的有：市卫健委"),
        (table(row(1, "市卫健委、天外天委员会")), (3, "D"), "“天外天委员会”不是已登记的单位"),
        (table(row(1), row(2, None)), (4, "D"), "第2项任务没有写责任单位"),
        (table(row(1), row(2, "无")), (4, "D"), "第2项任务没有写责任单位"),
        (table(row(1), row(2), row(1, title="1. 另一任务")), (5, "B"), "序号1重复，第3行B列"),
        (table(row(1), row(1)), (4, "B"), "序号1重复，第3行B列"),
        (table(row(1), row(2, title="没有序号的任务")), (4, "B"), "没有序号"),
        (table(row(1), row(0)), (4, "B"), "序号0不正确"),
        (table(row(1), row(40000)), (4, "B"), "序号40000不正确"),
        (table(row(1), row(2, title="")), (4, "B"), "没有写任务"),
        (table(row(1, title="1. " + "长" * 1001)), (3, "B"), "最多1000个字"),
        (table(row(1, section="长" * 301)), (3, "A"), "最多300个字"),
        (table(row(1, "#REF!")), (3, "D"), "公式出错，显示为“#REF!”"),
        (table(row(1, title="#NAME?")), (3, "B"), "公式出错"),
        (table(row(1, "=A1")), (3, "D"), "没有计算结果"),
        (table(row(1), title="任务分解表"), (1, "A"), "看不出是哪一年"),
        (table(), (2, ""), "表头下面没有任务"),
        (table(["甲"], headings=["没有", "表头"]), (None, ""), "没有找到分解表"),
        (table(row(1), headings=[*HEADINGS[:3], "责任单位", "责任单位"]), (2, "E"), "“责任单位”列与D列重复"),
        (without("责任单位"), (2, ""), "表头缺少责任单位的列"),
        (table(["一"], ["二"], headings=["序号", "责任单位"]), (2, ""), "表头缺少写任务的列"),
    ],
)
def test_one_fault_is_one_error_with_its_cell(index, data: bytes, place, words: str):
    errors = errors_of(data, index)
    assert [(r, c) for r, c, _ in errors] == [place]
    assert words in errors[0][2]
    assert errors[0][2].startswith("工作表“分解表”")
    assert errors[0][2].endswith("。")


def test_all_errors_are_shown_at_once_in_the_order_of_the_table(index):
    def spoil(sheet):
        sheet["D8"], sheet["D10"], sheet["B11"] = "市卫计委、市财政厅", None, "4. 重复的序号"
        sheet["B14"], sheet["C15"] = "没有序号的任务", "#DIV/0!"

    places = [(r, c) for r, c, _ in errors_of(real_table(spoil), index)]
    assert places == [(8, "D"), (8, "D"), (10, "D"), (11, "B"), (14, "B"), (15, "C")]


def test_a_unit_out_of_use_is_said_to_be_so():
    closed = UnitIndex([KnownUnit(1, "市体改办", "体改办", "bureau", (), is_active=False)])
    ((place_row, _, message),) = errors_of(table(row(1, "市体改办")), closed)
    assert (place_row, "已停用" in message) == (3, True)


def test_counties_without_any_known_are_an_error():
    errors = errors_of(table(row(1, "各县（市、区）")), UnitIndex([]))
    assert "没有登记县（市、区）" in errors[0][2]


def test_doubts_are_warnings(index):
    data = table(
        row(1, "市卫健委、卫健委"), row(2, measures=""), row(3, section=""), headings=[*HEADINGS, "签字"]
    )
    problems = problems_of(data, index)
    assert {p.severity for p in problems} == {"warning"}
    assert [(p.row, p.column) for p in problems] == [(2, "G"), (3, "D"), (4, "C")]


def test_a_row_without_title_but_with_units_is_no_continuation(index):
    assert [(r, c) for r, c, _ in errors_of(table(row(1), [None, None, "甲", "市医保局"]), index)] == [
        (4, "B")
    ]


def test_a_fault_outside_the_table_is_none_of_ours():
    sheet = Sheet(
        "表",
        {1: {1: "2024年"}, 2: dict(enumerate(HEADINGS, 1)), 3: dict(enumerate(row(1), 1)) | {5: "#REF!"}},
        faults={(3, 5): CellFault.ERROR_VALUE},
    )
    assert {p.severity for p in understand(Workbook((sheet,))).problems} == {"warning"}


def test_two_tasks_in_one_cell_are_a_doubt(index):
    (doubt,) = problems_of(table(row(1, title="1. 建强医共体\n2. 加强村医队伍"), row(3)), index)
    assert (doubt.severity, doubt.row, doubt.column) == ("warning", 3, "B")
    assert "拆成两行" in doubt.message
