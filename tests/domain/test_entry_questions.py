"""Gentle questions and hints: what is asked, what is marked, and that neither keeps anything back."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tasks_app.choices import CarriedText, Comparator, IndicatorKind, MeasureState, ProgressStatus
from tasks_app.domain.indicators.asked import goal_of
from tasks_app.domain.reporting.entry_values import FigureLine, Filling, MeasureLine
from tasks_app.domain.reporting.hints import RUN, Source, hints, passages, shingles
from tasks_app.domain.reporting.questions import contradicts, questions, unanswered
from tasks_app.language.comparing import MOST_PAIRS, pieces
from tasks_app.models import Indicator, IndicatorValue, Measure, ProgressEntry

S, M = ProgressStatus, MeasureState
LAST = "成立改革专班，召开联席会议4次，研究医保支付方式改革等事项12项。"


def filling(status="", *measures, figures=(), previous=None, previous_task=1, **fields) -> Filling:
    """An entry of task 1 with measures (state, last state) and the last period's `previous` {field: value}."""
    lines = tuple(
        MeasureLine(Measure(pk=i, number=i, text=f"措施{i}"), state=state, last_state=last)
        for i, (state, last) in enumerate(measures, start=1)
    )
    before = ProgressEntry(task_id=previous_task, **previous) if previous else None
    entry = ProgressEntry(task_id=1, status=status, **fields)
    return Filling(entry, lines, tuple(figures), before)


def figure(value, *, name="配备自动体外除颤仪", unit="台", target=300, kind=None, last=None) -> FigureLine:
    kind = kind or IndicatorKind.CUMULATIVE
    indicator = Indicator(
        pk=7, name=name, kind=kind, comparator=Comparator.AT_LEAST, value=Decimal(target), unit=unit
    )
    before = IndicatorValue(indicator=indicator, value=Decimal(last)) if last is not None else None
    return FigureLine(indicator, value=None if value is None else Decimal(value), last=before)


def keys(asked: Filling) -> list[str]:
    return [question.key for question in questions(asked)]


# --- the task's state and its measures ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "measures", "asked"),
    [
        (S.DONE, [M.DONE, M.UNDER_WAY], True),
        (S.DONE, [M.DONE, M.NOT_STARTED], True),
        (S.DONE, [M.DONE, M.DONE], False),
        (S.DONE, ["", ""], False),  # nobody ticked anything: nothing to hold the state against
        (S.NOT_STARTED, [M.UNDER_WAY, ""], True),
        (S.NOT_STARTED, [M.NOT_STARTED, M.NOT_STARTED], False),
        (S.ON_TRACK, [M.DONE, M.DONE], True),
        (S.BEHIND, [M.DONE, M.DONE], True),
        (S.ON_TRACK, [M.DONE, ""], False),
        (S.ON_TRACK, [], False),
        ("", [M.DONE, M.DONE], False),
    ],
)
def test_the_state_should_agree_with_the_measures(status, measures, asked):
    found = questions(filling(status, *((state, "") for state in measures)))
    assert [(q.key, q.field) for q in found] == ([("status", "status_note")] if asked else [])


def test_the_question_names_the_measures_and_takes_the_note():
    asked = filling(S.DONE, (M.DONE, ""), (M.UNDER_WAY, ""), status_note="余下由市里统一组织")
    assert "措施②还没有完成" in questions(asked)[0].sentence
    assert unanswered(asked) == []


@pytest.mark.parametrize(
    ("task", "status", "asked"),
    [(1, S.BEHIND, True), (1, S.DONE, False), (1, "", False), (2, S.BEHIND, False)],
)
def test_a_finished_task_that_reopens_is_asked_about_within_the_year(task, status, asked):
    done = {"status": S.DONE, "progress": "已完成"}
    assert keys(filling(status, previous=done, previous_task=task)) == (["reopened"] if asked else [])


def test_a_finished_measure_that_reopens_is_asked_about():
    assert keys(filling("", (M.UNDER_WAY, M.DONE))) == ["measures_reopened"]
    assert keys(filling("", ("", M.DONE))) == []  # not ticked yet is no reopening


# --- words and numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "asked"),
    [
        ({"progress": LAST}, True),
        ({"progress": f" {LAST}\n"}, True),
        ({"progress": LAST.replace("4", "5")}, False),
        ({"progress": LAST, "no_news": True}, False),
        ({"progress": LAST, "carried": CarriedText.UNTOUCHED}, False),  # that is a gap, not a question
        ({"progress": ""}, False),
    ],
)
def test_words_unchanged_since_last_time(fields, asked):
    found = keys(filling(previous={"progress": LAST}, **fields))
    assert found == (["unchanged"] if asked else [])


@pytest.mark.parametrize(
    ("value", "last", "kind", "asked"),
    [
        (250, 300, IndicatorKind.CUMULATIVE, True),
        (300, 300, IndicatorKind.CUMULATIVE, False),
        (0, 300, IndicatorKind.CUMULATIVE, True),
        (None, 300, IndicatorKind.CUMULATIVE, False),  # empty is not zero
        (250, 300, IndicatorKind.RATE, False),
        (250, None, IndicatorKind.CUMULATIVE, False),
    ],
)
def test_a_cumulative_number_does_not_fall(value, last, kind, asked):
    found = keys(filling(figures=[figure(value, last=last, kind=kind)]))
    assert found == (["falls-7"] if asked else [])


@pytest.mark.parametrize(
    ("progress", "value", "asked"),
    [
        ("公共场所配备自动体外除颤仪280台。", 250, True),
        ("公共场所配备自动体外除颤仪２５０ 台。", 250, False),
        ("公共场所配备自动体外除颤仪250台，其中新增30台。", 250, False),
        ("购置救护车12台；公共场所配备自动体外除颤仪250台。", 250, False),
        ("购置救护车12台；添置电脑30台。", 250, False),  # two numbers, neither said to be this one
        ("目前共有280台。", 250, True),  # the only number with that unit
        ("召开会议4次。", 250, False),
        ("", 250, False),
    ],
)
def test_a_number_in_the_text_should_be_the_one_in_the_box(progress, value, asked):
    found = keys(filling(progress=progress, figures=[figure(value)]))
    assert found == (["differs-7"] if asked else [])


@pytest.mark.parametrize(
    ("value", "unit", "target", "kind", "asked"),
    [
        (3000, "台", 300, IndicatorKind.CUMULATIVE, True),
        (600, "台", 300, IndicatorKind.CUMULATIVE, False),
        (101, "%", 65, IndicatorKind.RATE, True),
        (99, "%", 65, IndicatorKind.RATE, False),
        (5, "次", 0, IndicatorKind.CEILING, False),
    ],
)
def test_a_number_far_beyond_its_target_looks_mistyped(value, unit, target, kind, asked):
    found = keys(filling(figures=[figure(value, unit=unit, target=target, kind=kind)]))
    assert found == (["beyond-7"] if asked else [])


@pytest.mark.parametrize(
    ("value", "last", "asked"),
    [
        (-5, None, ["negative-7"]),
        (26000, 250, ["leaps-7", "beyond-7"]),
        (25, 2600, ["falls-7", "leaps-7"]),
        (250, 120, []),
        (0, 250, ["falls-7"]),
        (250, 0, []),
    ],
)
def test_bounds_ask_back(value, last, asked):
    assert keys(filling(figures=[figure(value, last=last)])) == asked


@pytest.mark.parametrize(
    ("status", "value", "on", "asked"),
    [
        (S.ON_TRACK, 29, date(2024, 6, 30), True),
        (S.DONE, 29, date(2024, 6, 30), True),
        (S.BEHIND, 29, date(2024, 6, 30), False),  # the words say it themselves
        (S.NOT_STARTED, 29, date(2024, 6, 30), False),
        ("", 29, date(2024, 6, 30), False),
        (S.ON_TRACK, 150, date(2024, 6, 30), False),
        (S.ON_TRACK, 29, date(2024, 1, 20), False),
        (S.ON_TRACK, None, date(2024, 6, 30), False),
    ],
)
def test_a_number_that_is_behind_contradicts_words_that_are_not(status, value, on, asked):
    line = figure(value)
    goal = goal_of(line.indicator, Decimal(300), 2024)
    found = questions(filling(status, figures=[replace(line, goal=goal, on=on)]))
    assert [question.key for question in found] == (["behind-7"] if asked else [])
    assert contradicts(question.key for question in found) == asked
    if asked:
        assert "完成 9.7%，还差 271台，序时应完成 49.7%（严重滞后）" in found[0].sentence


def test_nobody_is_held_against_the_citys_target():
    line = replace(figure(29), goal=None, on=date(2024, 6, 30))
    assert keys(filling(S.ON_TRACK, figures=[line])) == []


def test_an_answered_question_stays_and_is_no_longer_open():
    asked = filling(figures=[figure(250, last=300)], answers={"falls-7": "上期多报", "differs-7": "旧的"})
    assert [(q.key, q.answer) for q in questions(asked)] == [("falls-7", "上期多报")]
    assert unanswered(asked) == []


# --- the last period, word by word --------------------------------------------------------------------------


def test_numbers_change_whole():
    assert pieces("召开12次会议", "召开15次会议") == [
        ("same", "召开"),
        ("gone", "12"),
        ("new", "15"),
        ("same", "次会议"),
    ]


def test_both_texts_can_be_read_out_of_the_pieces():
    old, new = LAST * 80, LAST * 40 + "新的一句。" + LAST * 40
    assert len(old) * len(new) > MOST_PAIRS  # then clauses are compared
    found = pieces(old, new)
    assert "".join(words for kind, words in found if kind != "new") == old
    assert "".join(words for kind, words in found if kind != "gone") == new
    assert ("new", "新的一句。") in found


# --- before submitting --------------------------------------------------------------------------------------


def test_a_text_that_repeats_the_measure_is_marked():
    measure = "完善医改工作专班运行机制，每季度会商一次。"
    found = hints(f"已{measure}", measures=[measure], last="", others=[])
    assert [hint.source for hint in found] == [Source.MEASURE]
    assert ("完善医改工作专班运行机制，每季度会商一次", True) in found[0].pieces
    assert "".join(words for words, _ in found[0].pieces) == f"已{measure}"


def test_quoting_a_measure_before_telling_of_it_is_no_repetition():
    words = "完善工作专班运行机制：区委书记任组长，抽调9人集中办公，印发任务清单23项，已办结17项，余下年底前办结。"
    assert hints(words, measures=["完善工作专班运行机制"], last="", others=[]) == []


def test_spaces_and_signs_do_not_hide_a_copied_text():
    found = hints(LAST.replace("，", " , "), measures=[], last=LAST, others=[LAST])
    assert [hint.source for hint in found] == [Source.LAST, Source.OTHERS]


def test_the_texts_of_others_are_never_shown():
    other = f"沙县区{LAST}另有他们自己的话。"
    found = hints(f"{LAST}本区自己的话。", measures=[], last="", others=[other])
    assert "".join(words for words, _ in found[0].pieces) == f"{LAST}本区自己的话。"


@pytest.mark.parametrize("text", ["", "。", "已完成。", "短"])
def test_short_texts_are_left_alone(text):
    assert hints(text, measures=["已完成。"], last=text, others=[text]) == []


def test_every_text_is_looked_through_once():
    """What is kept of the others grows with their characters, never with the pairs of texts."""
    texts = [f"{'甲乙丙丁戊己庚辛'[i % 8]}{i}县{LAST}" for i in range(26)]
    assert len(shingles(texts, RUN)) <= sum(map(len, texts))
    assert len(shingles(texts * 10, RUN)) == len(shingles(texts, RUN))
    assert passages(LAST, texts)
