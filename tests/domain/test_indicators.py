"""Proposed indicators: what may be accepted, what does not fit, and that nobody overrules a colleague unseen."""

from datetime import date
from decimal import Decimal

import pytest

from tasks_app.choices import AuditAction, Comparator, IndicatorKind, IndicatorState
from tasks_app.domain.indicators.actions import accept_proposed, decide_indicator
from tasks_app.domain.indicators.queries import indicator_counts, indicators_of, show
from tasks_app.domain.indicators.rules import IndicatorValues, indicator_faults, requirement
from tasks_app.domain.moves import Refused
from tasks_app.models import AuditEvent, Indicator

ACCEPTED, DROPPED, PROPOSED = IndicatorState.ACCEPTED, IndicatorState.DROPPED, IndicatorState.PROPOSED


@pytest.fixture
def propose(plan):
    """`propose(1, words="会商4次", …)` proposes an indicator of a task by its number."""

    def make(task: int, **fields) -> Indicator:
        found = plan.tasks.get(number=task)
        values = {
            "measure": found.measures.first(),
            "position": found.indicators.count() + 1,
            "name": "会商次数",
            "kind": IndicatorKind.CUMULATIVE,
            "comparator": Comparator.AT_LEAST,
            "value": 4,
            "unit": "次",
            "words": "工作专班",
        }
        return Indicator.objects.create(task=found, **values | fields)

    return make


def decide(
    indicator: Indicator, decision: IndicatorState, people, at, seen: str = PROPOSED, **more
) -> Indicator:
    return decide_indicator(indicator.pk, decision, seen=seen, by=people.admin, at=at, **more)


def values(**fields) -> IndicatorValues:
    base = {
        "name": "会商次数",
        "kind": IndicatorKind.CUMULATIVE.value,
        "comparator": Comparator.AT_LEAST.value,
        "value": Decimal(4),
        "unit": "次",
    }
    return IndicatorValues(**base | fields)


@pytest.mark.parametrize(
    ("kind", "comparator", "value", "unit", "words"),
    [
        ("cumulative", "at_least", "300.0000", "台", "不低于300台"),
        ("rate", "about", "65.5", "%", "65.5%左右"),
        ("ceiling", "at_most", "25", "元", "不高于25元"),
        ("increment", "at_least", "5", "元", "不低于5元"),
        ("yes_no", "equal", "1", "", "完成"),
    ],
)
def test_a_target_in_words(kind, comparator, value, unit, words):
    assert requirement(kind, comparator, Decimal(value), unit) == words


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, set()),
        ({"name": "  "}, {"name"}),
        ({"kind": "ceiling"}, {"comparator"}),
        ({"kind": "ceiling", "comparator": "at_most"}, set()),
        ({"kind": "yes_no"}, {"value"}),
        ({"kind": "yes_no", "comparator": "equal", "value": Decimal(1)}, set()),
        ({"value": Decimal(-1)}, {"value"}),
    ],
)
def test_what_does_not_fit_together(fields, wrong):
    assert set(indicator_faults(values(**fields))) == wrong


def test_accepting_and_dropping_are_written_down(propose, people, at):
    indicator = propose(1)
    decide(indicator, ACCEPTED, people, at)
    indicator.refresh_from_db()
    assert (indicator.state, indicator.decided_by, indicator.decided_at) == (ACCEPTED, people.admin, at)
    decide(indicator, DROPPED, people, at, seen=ACCEPTED)
    events = AuditEvent.objects.filter(action=AuditAction.INDICATOR_DECIDE).order_by("pk")
    assert [e.changes["状态"] for e in events] == [["待定", "采用"], ["采用", "不用"]]
    assert events[0].note == "原文“工作专班”"


def test_left_open_again_it_was_decided_by_nobody(propose, people, at):
    indicator = propose(1)
    decide(indicator, DROPPED, people, at)
    decide(indicator, PROPOSED, people, at, seen=DROPPED)
    indicator.refresh_from_db()
    assert (indicator.state, indicator.decided_by, indicator.decided_at) == (PROPOSED, None, None)


def test_mending_keeps_the_words_and_says_what_changed(propose, people, at):
    indicator = propose(1)
    mended = values(name="每季度会商", value=Decimal("4.5"), due_on=date(2024, 12, 31))
    decide(indicator, ACCEPTED, people, at, values=mended)
    indicator.refresh_from_db()
    assert (indicator.name, indicator.value, indicator.words) == ("每季度会商", Decimal("4.5"), "工作专班")
    changes = AuditEvent.objects.get(action=AuditAction.INDICATOR_DECIDE).changes
    assert changes["目标值"] == ["4", "4.5"]
    assert changes["期限"] == [None, "2024-12-31"]
    assert "类别" not in changes


def test_what_does_not_fit_is_refused_and_nothing_is_kept(propose, people, at):
    indicator = propose(1)
    with pytest.raises(Refused) as refused:
        decide(indicator, ACCEPTED, people, at, values=values(kind="ceiling"))
    assert set(refused.value.faults) == {"comparator"}
    indicator.refresh_from_db()
    assert indicator.state == PROPOSED
    assert not AuditEvent.objects.filter(action=AuditAction.INDICATOR_DECIDE).exists()


def test_a_colleagues_decision_is_not_overruled_unseen(propose, people, at):
    indicator = propose(1)
    decide(indicator, DROPPED, people, at)
    with pytest.raises(Refused, match="刚刚已被改为“不用”"):
        decide(indicator, ACCEPTED, people, at)
    indicator.refresh_from_db()
    assert indicator.state == DROPPED


def test_a_page_is_accepted_without_what_was_decided_meanwhile(propose, plan, people, at):
    first, second, third = propose(1), propose(1), propose(2)
    decide(second, DROPPED, people, at)
    keys = [first.pk, second.pk]
    assert accept_proposed(plan, keys, by=people.admin, at=at) == 1
    assert indicator_counts(plan) == {"proposed": 1, "accepted": 1, "dropped": 1, "undecided": 1}
    assert accept_proposed(plan, [first.pk], by=people.admin, at=at) == 0
    assert [i.pk for i in indicators_of(plan, PROPOSED)] == [third.pk]


def test_another_plans_indicator_is_not_accepted(propose, plan, people, at):
    indicator = propose(1)
    plan.pk = None
    plan.year = 2025
    plan.save()
    assert accept_proposed(plan, [indicator.pk], by=people.admin, at=at) == 0


def test_indicators_stand_in_the_tables_order_without_those_of_stopped_tasks(propose, plan):
    last, first = propose(3), propose(1)
    assert [i.pk for i in indicators_of(plan)] == [first.pk, last.pk]
    plan.tasks.filter(number=1).update(is_active=False)
    assert [i.pk for i in indicators_of(plan)] == [last.pk]
    assert indicator_counts(plan)["proposed"] == 1


def test_the_words_are_marked_where_they_stand(propose, plan):
    indicator = propose(1)
    shown = show(indicators_of(plan).get())
    assert shown.text == [("完善", False), ("工作专班", True), ("。", False)]
    assert not shown.is_gone
    indicator.measure.text = "完善工作机制。"
    indicator.measure.save()
    assert show(indicators_of(plan).get()).is_gone


def test_what_has_no_name_waits_until_somebody_gives_it_one(propose, plan, people, at):
    nameless = propose(1, name="")
    assert accept_proposed(plan, [nameless.pk], by=people.admin, at=at) == 0
    with pytest.raises(Refused, match="请填写指标名称"):
        decide(nameless, ACCEPTED, people, at)
    decide(nameless, ACCEPTED, people, at, values=values(name="会商"))
    assert indicator_counts(plan)["accepted"] == 1
    other = propose(1, name="")
    decide(other, DROPPED, people, at)  # what is not wanted needs no name
