"""序时: a table of cases, each kind of number before, in and after its time; 完成率 and the gap in words."""

from datetime import date
from decimal import Decimal

import pytest

from tasks_app.choices import Comparator, IndicatorKind, Pace
from tasks_app.domain.indicators.rules import (
    Goal,
    expected_words,
    pace,
    points_behind,
    reached_words,
)

BEFORE, MIDDLE, LAST, AFTER = date(2023, 12, 31), date(2024, 7, 1), date(2024, 12, 31), date(2025, 3, 1)
NONE, BEHIND, FAR = "", Pace.BEHIND, Pace.FAR_BEHIND


def goal(kind: str, target: str, unit: str = "台", comparator: str = Comparator.AT_LEAST) -> Goal:
    return Goal(kind, comparator, Decimal(target), unit, date(2024, 1, 1), date(2024, 12, 31))


COUNT = goal("cumulative", "300")
GROWTH = goal("increment", "30", "元")
SHARE = goal("rate", "47.5", "%")
RATIO = goal("rate", "8", "人")
LOW_RATE = goal("rate", "30", "%", Comparator.AT_MOST)
AROUND = goal("rate", "65", "%", Comparator.ABOUT)
CEILING = goal("ceiling", "200", "元", Comparator.AT_MOST)
SPENT = goal("cumulative", "100", "万元", Comparator.AT_MOST)
DONE = goal("yes_no", "1", "", Comparator.EQUAL)


@pytest.mark.parametrize(
    ("wanted", "value", "before", "in_time", "last", "after"),
    [
        # On 1 July 183 of 366 days are gone: half of the target should be reached.
        (COUNT, "0", NONE, FAR, FAR, FAR),
        (COUNT, "59", NONE, FAR, FAR, FAR),  # 30.3 points behind
        (COUNT, "60", NONE, BEHIND, FAR, FAR),  # exactly 30: not more than 30
        (COUNT, "119", NONE, BEHIND, FAR, FAR),
        (COUNT, "120", NONE, NONE, FAR, FAR),  # exactly 10: not more than 10
        (COUNT, "250", NONE, NONE, BEHIND, BEHIND),
        (COUNT, "300", NONE, NONE, NONE, NONE),
        (GROWTH, "5", NONE, FAR, FAR, FAR),
        (GROWTH, "15", NONE, NONE, FAR, FAR),
        (GROWTH, "30", NONE, NONE, NONE, NONE),
        # A rate is held against its target, whatever the day.
        (SHARE, "46.8", NONE, NONE, NONE, NONE),
        (SHARE, "37", BEHIND, BEHIND, BEHIND, BEHIND),
        (SHARE, "17", FAR, FAR, FAR, FAR),
        (SHARE, "60", NONE, NONE, NONE, NONE),
        (RATIO, "7", BEHIND, BEHIND, BEHIND, BEHIND),  # an eighth is missing
        (RATIO, "5", FAR, FAR, FAR, FAR),
        (LOW_RATE, "29", NONE, NONE, NONE, NONE),
        (LOW_RATE, "41", BEHIND, BEHIND, BEHIND, BEHIND),
        (AROUND, "50", BEHIND, BEHIND, BEHIND, BEHIND),
        (AROUND, "80", NONE, NONE, NONE, NONE),
        # A ceiling the other way round.
        (CEILING, "100", NONE, NONE, NONE, NONE),
        (CEILING, "200", NONE, NONE, NONE, NONE),
        (CEILING, "230", BEHIND, BEHIND, BEHIND, BEHIND),
        (CEILING, "280", FAR, FAR, FAR, FAR),
        (SPENT, "10", NONE, NONE, NONE, NONE),
        (SPENT, "120", BEHIND, BEHIND, BEHIND, BEHIND),
        # Yes or no by its day.
        (DONE, "0", NONE, NONE, NONE, FAR),
        (DONE, "1", NONE, NONE, NONE, NONE),
    ],
)
def test_how_far_a_number_is_behind(wanted, value, before, in_time, last, after):
    found = [pace(wanted, Decimal(value), on) for on in (BEFORE, MIDDLE, LAST, AFTER)]
    assert found == [before, in_time, last, after]


def test_a_number_is_due_on_its_own_day():
    early = Goal("cumulative", "at_least", Decimal(100), "次", date(2024, 1, 1), date(2024, 6, 30))
    assert pace(early, Decimal(60), date(2024, 6, 30)) == FAR
    assert points_behind(early, Decimal(60), date(2024, 6, 30)) == 40


@pytest.mark.parametrize(
    ("wanted", "value", "words"),
    [
        (COUNT, "205", "完成 68.3%，还差 95台"),
        (COUNT, "310", "完成 103.3%，已达目标"),
        (SHARE, "46.8", "还差 0.7个百分点"),
        (SHARE, "47.5", "已达目标"),
        (CEILING, "180", "在目标以内"),
        (CEILING, "230", "超出 30元"),
        (DONE, "1", ""),
    ],
)
def test_how_a_number_stands_in_words(wanted, value, words):
    assert reached_words(wanted, Decimal(value)) == words


def test_only_what_adds_up_has_a_line():
    assert expected_words(COUNT, MIDDLE) == "序时应完成 50%"
    for other in (SHARE, CEILING, DONE, SPENT):
        assert expected_words(other, MIDDLE) == ""


def test_every_kind_is_among_the_cases():
    assert {each.kind for each in (COUNT, GROWTH, SHARE, CEILING, DONE)} == set(IndicatorKind)
