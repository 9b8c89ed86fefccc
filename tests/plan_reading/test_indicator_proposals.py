"""量化指标: the targets of the 2024 table exactly, those of sentences from other fields, and nothing invented."""

import json
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from tasks_app.choices import Comparator, IndicatorKind
from tasks_app.language.text import squash
from tasks_app.plan_reading.content import IndicatorContent
from tasks_app.plan_reading.numbers.indicators import propose_indicators
from tests.cast import REAL_TABLE

pytestmark = pytest.mark.once
DATA = Path(__file__).parents[1] / "data" / "indicators"
REAL = json.loads((DATA / "2024.json").read_text(encoding="utf-8"))
SENTENCES = json.loads((DATA / "sentences.json").read_text(encoding="utf-8"))


def as_data(indicator: IndicatorContent) -> dict[str, Any]:
    """The indicator as the data files print it."""
    fields = asdict(indicator) | {"value": str(indicator.value)}
    fields["due_on"] = indicator.due_on.isoformat() if indicator.due_on else None
    del fields["measure"]
    return fields


def check(text: str, expected: list[dict[str, Any]]) -> None:
    found = propose_indicators(text, year=2024)
    assert [as_data(indicator) for indicator in found] == expected
    for indicator in found:
        assert indicator.words in text


@pytest.mark.parametrize("key", REAL)
def test_the_measures_of_2024_have_just_these_targets(key):
    check(REAL[key]["measure"], REAL[key]["indicators"])


def test_the_measures_are_those_of_the_real_table():
    sheet = load_workbook(REAL_TABLE, read_only=True).worksheets[0]
    written = squash("".join(str(row[2] or "") for row in sheet.iter_rows(values_only=True) if len(row) > 2))
    assert len(REAL) == 85
    # A page may end within a measure, so each is looked for by its beginning.
    assert [key for key in REAL if squash(REAL[key]["measure"])[:12] not in written] == []


@pytest.mark.parametrize("case", SENTENCES, ids=lambda case: case["sentence"][:30])
def test_sentences_of_other_fields_have_just_these_targets(case):
    check(case["sentence"], case["indicators"])


def test_half_of_the_sentences_are_traps():
    assert 0.35 < sum(not case["indicators"] for case in SENTENCES) / len(SENTENCES) < 0.65


def only(text: str) -> IndicatorContent:
    (indicator,) = propose_indicators(text, year=2024)
    return indicator


SHORT = [
    ("AED达300台", "cumulative", "at_least", "300", "台", "达300台"),
    ("AED达到300台以上", "cumulative", "at_least", "300", "台", "达到300台以上"),
    ("配备除颤仪３００台", "cumulative", "at_least", "300", "台", "配备除颤仪３００台"),
    ("培训救护员3.3万人", "cumulative", "at_least", "33000", "人", "培训救护员3.3万人"),
    ("补助标准提高5元", "increment", "at_least", "5", "元", "提高5元"),
    ("支出占比47.5%以上", "rate", "at_least", "47.5", "%", "47.5%以上"),
    ("打造15个应用场景", "cumulative", "at_least", "15", "个", "打造15个"),
    ("人均预期寿命≥79.2岁", "rate", "at_least", "79.2", "岁", "≥79.2岁"),
    ("人均预期寿命>=79.2", "rate", "at_least", "79.2", "", ">=79.2"),
    ("人均预期寿命＞79.2岁", "rate", "at_least", "79.2", "岁", "＞79.2岁"),
    ("人均预期寿命提高到79.2岁", "rate", "at_least", "79.2", "岁", "提高到79.2岁"),
    ("床位不少于500张", "cumulative", "at_least", "500", "张", "不少于500张"),
    ("次均费用不超过200元", "ceiling", "at_most", "200", "元", "不超过200元"),
    ("药占比不高于30%", "ceiling", "at_most", "30", "%", "不高于30%"),
    ("药占比控制在30%以内", "ceiling", "at_most", "30", "%", "控制在30%以内"),
    ("百元收入卫生材料消耗降至25元以下", "ceiling", "at_most", "25", "元", "降至25元以下"),
    ("失业率低于5%", "ceiling", "at_most", "5", "%", "低于5%"),
    ("产值力争突破100亿元", "cumulative", "at_least", "10000000000", "元", "力争突破100亿元"),
    ("签约率力争达到80%", "rate", "at_least", "80", "%", "力争达到80%"),
    ("增加值增长5%左右", "increment", "about", "5", "%", "增长5%左右"),
    ("资产负债率下降3个百分点", "increment", "at_least", "3", "个百分点", "下降3个百分点"),
    ("信息系统覆盖率100%", "rate", "at_least", "100", "%", "100%"),
    ("县域医共体实现100%覆盖", "rate", "at_least", "100", "%", "实现100%"),
    ("实现村卫生室医保定点全覆盖", "yes_no", "equal", "1", "", "实现村卫生室医保定点全覆盖"),
    ("每千人口床位数达到6.8张", "rate", "at_least", "6.8", "张", "达到6.8张"),
    ("建成10-15个示范点", "cumulative", "at_least", "10", "个", "建成10-15个"),
    ("床位使用率控制在85%—93%", "ceiling", "at_most", "93", "%", "控制在85%—93%"),
    ("参保率稳定在百分之九十五以上", "rate", "at_least", "95", "%", "稳定在百分之九十五以上"),
    ("补助标准不低于1200元/人", "rate", "at_least", "1200", "元/人", "不低于1200元/人"),
    ("建成2家以上示范医院", "cumulative", "at_least", "2", "家", "建成2家以上"),
    ("完成率95%以上", "rate", "at_least", "95", "%", "95%以上"),
    ("新增医师约300名", "cumulative", "about", "300", "名", "新增医师约300名"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "comparator", "value", "unit", "words"), SHORT)
def test_every_way_of_naming_a_target(text, kind, comparator, value, unit, words):
    found = only(text)
    assert (found.kind, found.comparator, str(found.value), found.unit, found.words) == (
        kind, comparator, value, unit, words,
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "第七批", "2024年", "①", "六病共管", "DRG", "C-DRG", "明医改组〔2024〕4号",
        "“十四五”", "一季度", "2家以上", "（6项）", "60岁以上老年人", "3岁以下婴幼儿",
        "24小时", "7×24小时", "5G", "二级以上医院", "三级公立医院", "每3年", "近3年", "第3期",
        "医护比达到1：1.5", "产值翻一番", "三分之一", "20余项", "新建20余个", "“两个允许”",
        "“三医”联动", "“1+N”", "重点任务110项", "办公楼502室", "电话0598-8222222",
        "2024年6月底前", "扩大“无陪护”病房覆盖面", "全链条全覆盖治理", "已建成30个",
    ],
)  # fmt: skip
def test_nothing_is_invented(text):
    assert propose_indicators(text, year=2024) == ()


def test_an_alternative_stays_in_the_words_of_one_indicator():
    found = only("各县域基层诊疗量占比达到65%或同比提高1个百分点左右。")
    assert (found.value, found.comparator) == (Decimal(65), Comparator.AT_LEAST)
    assert found.words == "达到65%或同比提高1个百分点左右"


def test_the_date_of_the_sentence_is_the_indicators_and_a_comparison_is_none():
    assert only("到2025年底，建成养老服务中心20个。").due_on == date(2025, 12, 31)
    assert only("6月底前建成养老服务中心20个。").due_on == date(2024, 6, 30)
    assert only("较2020年下降18%。").due_on is None
    assert only("出台方案，6月底前印发；建成养老服务中心20个。").due_on is None


def test_a_number_of_an_earlier_year_is_history_only_where_the_year_is_known():
    text = "2023年，建成养老服务中心20个。"
    assert propose_indicators(text, year=2024) == ()
    assert [i.due_on for i in propose_indicators(text)] == [date(2023, 12, 31)]


def test_names_and_numbers_that_go_apart_come_together():
    found = propose_indicators("污水处理率、垃圾处理率分别达到97%、99%")
    assert [(i.name, i.value) for i in found] == [("污水处理率", Decimal(97)), ("垃圾处理率", Decimal(99))]


def test_a_narrow_cell_breaks_words_and_numbers_but_does_not_join_two_numbers():
    assert only("县域内支出占比\n47.\n5%以\n上").words == "47.\n5%以\n上"
    assert [i.value for i in propose_indicators("床位达到300 500张")] != [Decimal(300500)]


PIECES = st.sampled_from(
    [
        *"0123456789.%，。；、（）“”《》：-—~/ \n个人元张万亿千百年月日的或近约每一二三十",
        "个百分点", "以上", "以内", "左右", "百分之", "提高", "达到", "不超过", "控制在",
        "新增", "培训", "占比", "全覆盖", "分别", "实现",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=60).map("".join), st.sampled_from([None, 2024]))
def test_any_text_is_read_without_failing_and_the_words_stand_in_it(text, year):
    for found in propose_indicators(text, year=year):
        assert found.words
        assert found.words in text
        assert found.value.is_finite() and "E" not in str(found.value)
        assert found.kind in IndicatorKind and found.comparator in Comparator


@given(st.integers(min_value=1, max_value=10**9), st.sampled_from(["", "万", "亿"]), st.booleans())
def test_a_count_is_read_with_its_scale_in_either_width(number, scale, is_full):
    digits = str(number).translate({ord("0") + n: 0xFF10 + n for n in range(10)}) if is_full else str(number)
    found = only(f"培训救护员{digits}{scale}人。")
    assert (found.value, found.unit) == (number * {"": 1, "万": 10**4, "亿": 10**8}[scale], "人")


@pytest.mark.parametrize("piece", ["1万", "20 ", "由1", "2024年", "新增", "“1", "力争", "、1个", "1-", "（"])
def test_a_cell_as_long_as_excel_allows_is_read_at_once(piece):
    begin = perf_counter()
    propose_indicators((piece * 32767)[:32767], year=2024)
    # It takes a quarter of a second; reading every number's whole left side again would take half a minute.
    assert perf_counter() - begin < 5
