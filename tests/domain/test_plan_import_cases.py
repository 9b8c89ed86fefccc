"""Tables in everyday words and files in unusual shape: read as described, or refused in a true sentence."""

import json
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command

from tests.judging import faults

pytestmark = pytest.mark.once

CASES = Path(__file__).resolve().parent.parent / "data" / "cases"
TABLES = sorted(path for path in (CASES / "tables").iterdir() if path.suffix != ".json")


def read(path: Path, year: int | None = None) -> dict[str, Any]:
    """Return what the command says of a file."""
    out = StringIO()
    options = ["--dry-run", "--json", "--accept-new-units", *(["--year", str(year)] if year else [])]
    with suppress(SystemExit):  # a table with errors ends so
        call_command("import_plan", str(path), *options, stdout=out, stderr=StringIO())
    return json.loads(out.getvalue())


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_tables_are_read_as_described(units, path: Path):
    want = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert faults(read(path, want.get("given_year")), want) == []


def sheet(folder: Path, title: str, *rows: str, merged: str = "") -> Path:
    """Write a table: its title, then rows whose cells stand between | (\\\\n breaks a line)."""
    book = openpyxl.Workbook()
    book.active.append([title])
    for row in rows:
        book.active.append([cell.strip().replace("\\n", "\n") or None for cell in row.split("|")])
    for cells in merged.split():
        book.active.merge_cells(cells)
    book.save(path := folder / "表.xlsx")
    return path


PER_CENT = [["居民健康素养水平", "at_least", "30", "%"]]
INDICATOR_TABLES = {
    "unit in a column": (
        "序号|考核指标|计量单位|基期值|2025年目标值|责任单位",
        "1|居民健康素养水平|%|28.2|≥30|市卫健委",
        "2|新增托位|个|100|1500|市卫健委",
        {"title": "居民健康素养水平", "indicators": PER_CENT, "remarks": "基期值：28.2"},
        {"title": "新增托位", "indicators": [["新增托位", "at_least", "1500", "个"]]},
    ),
    "单位 beside 责任单位": (
        "序号|指标名称|单位|2024年完成值|2025年目标|责任单位",
        "1|居民健康素养水平|%|28.2|30以上|市卫健委",
        "2|孕产妇死亡率|1/10万|9.6|9|市卫健委",
        {"title": "居民健康素养水平", "indicators": PER_CENT, "units": [["市卫健委", "lead"]]},
        {"title": "孕产妇死亡率", "indicators": [["孕产妇死亡率", "at_most", "9", "1/10万"]]},
    ),
    "two levels": (
        "一级指标|二级指标|目标值|牵头单位|配合单位",
        "健康水平|居民健康素养水平（%）|不低于30|市卫健委|市教育局",
        "健康水平|婴儿死亡率（‰）|≤3.0|市卫健委|",
        {"title": "居民健康素养水平（%）", "section": "健康水平", "indicators": PER_CENT},
        {"title": "婴儿死亡率（‰）", "indicators": [["婴儿死亡率", "at_most", "3", "‰"]]},
    ),
    "aimed at in a column called a task": (
        "序号|评价指标|目标任务|责任单位",
        "1|居民健康素养水平（%）|30|市卫健委",
        "2|医保参保率|95%以上|市医保局",
        {"title": "居民健康素养水平（%）", "indicators": PER_CENT},
        {"title": "医保参保率", "indicators": [["医保参保率", "at_least", "95", "%"]]},
    ),
    "of two years": (
        "序号|主要指标|2022年目标值|2025年目标值|2030年目标值|责任单位",
        "1|居民健康素养水平（单位：%）|22|30|35|市卫健委",
        "2|建成示范医院|3家|5家|持续推进|市卫健委",
        {"title": "居民健康素养水平（单位：%）", "indicators": PER_CENT},
        {"title": "建成示范医院", "indicators": [["建成示范医院", "at_least", "5", "家"]]},
    ),
    "beside a task": (
        "序号|重点任务|考核指标|目标值|责任单位",
        "1|开展健康教育|居民健康素养水平（%）|≥30|市卫健委",
        "2|扩大参保|医保参保率|95%以上|市医保局",
        {"title": "开展健康教育", "indicators": PER_CENT},
        {"title": "扩大参保", "indicators": [["医保参保率", "at_least", "95", "%"]]},
    ),
    "said in the task too": (
        "工作任务|目标值|完成时限|责任单位",
        "居民健康素养水平达到30%|30%|12月底|市卫健委",
        "推进安宁疗护试点|全覆盖|12月底|市卫健委",
        {"title": "居民健康素养水平达到30%", "indicators": PER_CENT},
        {"title": "推进安宁疗护试点"},
    ),
    "with measures": (
        "序号|监测指标|目标值|工作举措|责任单位",
        "1|居民健康素养水平（%）|达到30以上|①办讲座。②建阵地。|市卫健委",
        "2|重大慢性病过早死亡率（%）|持续下降|①建档案。|市卫健委",
        {"title": "居民健康素养水平（%）", "indicators": PER_CENT, "measures": 2},
        {"title": "重大慢性病过早死亡率（%）", "indicators": [], "measures": 1},
    ),
}


@pytest.mark.parametrize("rows", INDICATOR_TABLES.values(), ids=INDICATOR_TABLES.keys())
def test_an_indicator_names_the_task_and_its_value_is_proposed(units, tmp_path: Path, rows):
    *texts, first, second = rows
    path = sheet(tmp_path, "2025年健康三明考核指标表", *texts, merged="A1:E1")
    assert faults(read(path), {"tasks": 2, "year": 2025, "task_list": [first, second]}) == []


# The first cell of each second row is merged with the one above it, or left empty where numbers begin anew.
SECTIONS = {
    "批次": """批次|序号|督办事项|责任单位
        第一批|1|甲甲事|市卫健委
        |2|乙乙事|市医保局
        第二批|1|丙丙事|市卫健委
        |2|丁丁事|市财政局""",
    "文件": """文件名称|序号|任务内容|责任单位|时限
        《甲意见》|1|甲甲事|市卫健委|6月底
        |2|乙乙事|市医保局|6月底
        《乙意见》|1|丙丙事|市卫健委|
        |2|丁丁事|市财政局|""",
    "工程": """重点工程|工作任务|工作目标|责任单位
        强基工程|甲甲事|建成|市卫健委
        |乙乙事|建成|市医保局
        数字工程|丙丙事|建成|市卫健委
        |丁丁事|建成|市财政局""",
    "考核": """考核项目|考核内容|分值|责任单位
        一、组织领导|（一）甲甲事|20|市卫健委
        |（二）乙乙事|20|市医保局
        二、工作成效|（一）丙丙事|30|市卫健委
        |（二）丁丁事|30|市财政局""",
}


@pytest.mark.parametrize(
    ("name", "merged"),
    [*((name, "A3:A4 A5:A6") for name in SECTIONS), ("批次", ""), ("文件", "")],
)
def test_what_is_written_once_over_several_tasks_is_their_section(
    units, tmp_path: Path, name: str, merged: str
):
    rows = [row.strip() for row in SECTIONS[name].split("\n")]
    found = read(sheet(tmp_path, "2025年任务分解表", *rows, merged=merged))
    (table,) = found["tables"]
    first, second = rows[1].split("|")[0], rows[3].split("|")[0]
    assert table["sections"] == [first, second]
    assert [task["title"] for task in table["tasks"]] == ["甲甲事", "乙乙事", "丙丙事", "丁丁事"]
    assert [task["section"] for task in table["tasks"]] == [first, first, second, second]


@pytest.mark.parametrize("heading", ["分管领导", "依据", "分管市领导", "任务来源", "联系人"])
def test_what_is_merged_over_several_tasks_is_kept_with_each(units, tmp_path: Path, heading: str):
    rows = (
        f"{heading}|序号|重点任务|责任单位|考核方式",
        "李一平|1|甲甲事|市卫健委|现场",
        "|2|乙乙事|市医保局|",
        "王二|3|丙丙事|市卫健委|台账",
    )
    found = read(sheet(tmp_path, "2025年任务分解表", *rows, merged="A3:A4 E3:E4"))
    remarks = [task["remarks"] for task in found["tables"][0]["tasks"]]
    assert remarks == [f"{heading}：李一平\n考核方式：现场"] * 2 + [f"{heading}：王二\n考核方式：台账"]


LIMITS = {
    "beside a merged measure": (
        "①甲。②乙。",
        "",
        "A3:A4 B3:B4 C3:C4 D3:D4",
        ["2025-03-31", "2025-06-30"],
        [[], []],
    ),
    "below a measure": ("①甲。", "", "A3:A4 B3:B4 D3:D4", ["2025-03-31", "2025-06-30"], [[]]),
    "each with a measure": ("①甲。", "②乙。", "A3:A4 B3:B4 D3:D4", [], [["2025-03-31"], ["2025-06-30"]]),
}


@pytest.mark.parametrize("case", LIMITS.values(), ids=LIMITS.keys())
def test_no_deadline_of_a_row_is_lost(units, tmp_path: Path, case):
    first, second, merged, of_task, of_measures = case
    rows = (
        f"1|推进改革|{first}|市卫健委|3月底前",
        f"||{second}||6月底前",
        "2|完善制度|①丙。|市医保局|12月底前",
    )
    path = sheet(
        tmp_path, "2025年任务分解表", "序号|重点任务|工作措施|责任单位|完成时限", *rows, merged=merged
    )
    found = read(path)
    task, other = found["tables"][0]["tasks"]
    assert [each["due_on"] for each in task["deadlines"]] == of_task
    assert [[each["due_on"] for each in m["deadlines"]] for m in task["measures"]] == of_measures
    assert [each["due_on"] for each in other["deadlines"]] == ["2025-12-31"]
    hints = [p["message"] for p in found["problems"] if "各行时限不同" in p["message"]]
    assert len(hints) == bool(of_task)


def test_a_row_of_nothing_but_unknown_columns_is_said(units, tmp_path: Path):
    rows = ("序号|重点任务|责任单位|考核方式", "1|甲甲事|市卫健委|现场", "|||台账", "2|乙乙事|市医保局|")
    found = read(sheet(tmp_path, "2025年任务分解表", *rows))
    assert [p["row"] for p in found["problems"] if "没有读入" in p["message"]] == [4]


def test_a_picture_in_a_table_is_said_where_it_stands(units, tmp_path: Path):
    picture = '=DISPIMG("ID_5BA4F81A0D674C7AA8849A79AC5645C8",1)'
    rows = ("序号|重点任务|责任单位|备注", f"1|甲甲事|市卫健委|{picture}", f"2|乙乙事|{picture}|")
    found = read(sheet(tmp_path, "2025年任务分解表", *rows))
    messages = "".join(problem["message"] for problem in found["problems"])
    assert "D3、C4是图片" in messages
    assert "第2项任务没有写责任单位" in messages
    assert "DISPIMG" not in json.dumps(found)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("d01a-ticks-as-symbols.docx", ["加一列“责任单位”，写出打勾的单位"]),
        ("d04-title-in-text-box.docx", ["文本框里的文字没有读取", "看不出是哪一年"]),
        ("d05-table-in-text-box.docx", ["文本框里的表格不能读取"]),
        ("p02b-lines-in-one-cell.xlsx", ["没有找到分解表", "补上表头"]),
        ("p02c-lines-as-rows.xlsx", ["没有找到分解表", "补上表头"]),
        ("p05-traditional-script.xlsx", ["转换为简体"]),
        ("p13-rule-for-all-that-follows.docx", ["写有“以下均需县（市、区）人民政府负责，不再列出”"]),
        ("p13-rule-for-all-that-follows.xlsx", ["写有“以下均需县（市、区）人民政府负责，不再列出”"]),
    ],
)
def test_what_cannot_be_read_is_said_in_a_true_sentence(units, name: str, words: list[str]):
    found = read(CASES / "said" / name)
    messages = "".join(problem["message"] for problem in found["problems"])
    assert [word for word in words if word not in messages] == []
    assert any(problem["severity"] == "error" for problem in found["problems"])
