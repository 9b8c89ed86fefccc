"""Time limits: every way of writing one in tests/data/deadlines.json, and no limit where none is set."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tasks_app.choices import DeadlineKind
from tasks_app.plan_reading.content import DeadlineContent
from tasks_app.plan_reading.numbers.deadlines import deadlines_in, read_deadline_cell

pytestmark = pytest.mark.once
WRITTEN = json.loads((Path(__file__).parents[1] / "data" / "deadlines.json").read_text(encoding="utf-8"))


def as_data(deadline: DeadlineContent) -> dict[str, Any]:
    due_on = deadline.due_on.isoformat() if deadline.due_on else None
    return {"text": deadline.text, "due_on": due_on, "kind": deadline.kind.value}


@pytest.mark.parametrize("case", WRITTEN["cells"], ids=lambda case: repr(case["written"]))
def test_a_cell_is_understood_as_written_down(case):
    found = read_deadline_cell(case["written"], year=WRITTEN["year"])
    assert [as_data(deadline) for deadline in found] == case["understood"]


@pytest.mark.parametrize("case", WRITTEN["sentences"], ids=lambda case: case["sentence"])
def test_a_sentence_sets_just_these_limits(case):
    found = deadlines_in(case["sentence"], year=WRITTEN["year"])
    assert [{"text": d.text, "due_on": d.due_on and d.due_on.isoformat()} for d in found] == case["limits"]
    assert {d.kind for d in found} <= {DeadlineKind.DATED}


def test_without_the_plans_year_a_bare_month_is_unclear_but_a_written_year_is_not():
    assert read_deadline_cell("6月底前", year=None) == (
        DeadlineContent("6月底前", None, DeadlineKind.UNCLEAR),
    )
    (dated,) = read_deadline_cell("2026年6月底前", year=None)
    assert dated.due_on == date(2026, 6, 30)
    assert deadlines_in("6月底前完成", year=None) == ()


def test_february_ends_with_its_own_last_day():
    assert [read_deadline_cell("2月底前", year=year)[0].due_on for year in (2023, 2024)] == [
        date(2023, 2, 28),
        date(2024, 2, 29),
    ]


def test_a_month_takes_the_year_written_before_it():
    found = read_deadline_cell("2025年6月底前出台；12月底前完成", year=2024)
    assert [deadline.due_on for deadline in found] == [date(2025, 6, 30), date(2025, 12, 31)]


def test_a_date_before_the_plans_year_is_history_in_a_sentence():
    assert deadlines_in("2023年底前建成的项目", year=2024) == ()
    assert [d.due_on for d in deadlines_in("2023年底前建成项目", year=2023)] == [date(2023, 12, 31)]


PIECES = st.sampled_from(
    [
        *"0123456789年月日底末内前至到-—~./（）、，；。\n 十二三〇每",
        "2024",
        "半年",
        "季度",
        "十四五",
        "持续推进",
        "明年",
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join), st.sampled_from([None, 2024]))
@example("2024年2月30日", 2024)
@example("0月0日", 2024)
@example("99年99月", None)
def test_any_text_is_read_without_failing_and_only_what_is_dated_has_a_day(text, year):
    found = read_deadline_cell(text, year=year)
    for deadline in found:
        assert (deadline.due_on is not None) == (deadline.kind == DeadlineKind.DATED)
        assert "\n" not in deadline.text
    for limit in deadlines_in(text, year=year):
        assert limit.text and limit.due_on


@given(st.dates(min_value=date(2001, 1, 1), max_value=date(2099, 12, 31)), st.data())
def test_a_day_is_the_same_however_it_is_written(day, data):
    form = data.draw(
        st.sampled_from(
            [
                "{y}年{m}月{d}日前",
                "{y}-{m:02}-{d:02}",
                "{y}/{m}/{d}",
                "{y}.{m}.{d}",
                "{y}年{m:02}月{d:02}日之前",
                "{y}年\n{m}月{d}日\n以前",
            ]
        )
    )
    written = form.format(y=day.year, m=day.month, d=day.day)
    assert [deadline.due_on for deadline in read_deadline_cell(written, year=2024)] == [day]
