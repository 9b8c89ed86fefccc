"""填报口径: who is proposed and decided, that nobody else is asked, that no unit has the city's target as its own."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tasks_app.choices import AuditAction, IndicatorKind, Reporters, Total
from tasks_app.domain.indicators.actions import decide_gatherings
from tasks_app.domain.indicators.asked import asked_figures
from tasks_app.domain.indicators.gathering import (
    Gathering,
    TaskUnit,
    UnitPart,
    gathering_faults,
    gathering_remarks,
    proposed_gathering,
    settled,
)
from tasks_app.domain.indicators.gatherings import gathering_rows
from tasks_app.domain.moves import Refused, Stale
from tasks_app.models import AuditEvent, Indicator, Share
from tests.cast import make_indicator

CUMULATIVE, RATE, YES_NO = IndicatorKind.CUMULATIVE, IndicatorKind.RATE, IndicatorKind.YES_NO
CROSS = TaskUnit(1, "市红十字会", ("红十字会",))
HEALTH = TaskUnit(2, "市卫健委", ("市卫生健康委员会",))
COUNTY = TaskUnit(3, "三元区", (), is_county=True)
UNITS = [CROSS, HEALTH, COUNTY]
COUNTIES = Gathering(Reporters.COUNTIES, Total.SUM)


@pytest.mark.parametrize(
    ("text", "words", "kind", "wanted"),
    [
        ("完善网络。市红十字会培训救护员3.3万人。", "3.3万人", CUMULATIVE, ("one", "owner", 1)),
        ("红十字会配备AED300台；市卫健委建平台。", "300台", CUMULATIVE, ("one", "owner", 1)),
        ("市卫生健康委员会完成项目15个。", "15个", CUMULATIVE, ("one", "owner", 2)),
        ("各县（市、区）培训3万人。", "3万人", CUMULATIVE, ("counties", "sum", None)),
        ("各县域基层诊疗量占比达到65%", "65%", RATE, ("counties", "each", None)),
        ("全市公共场所配备AED达300台。", "300台", CUMULATIVE, None),
        ("市红十字会制定方案。全市配备300台。", "300台", CUMULATIVE, None),  # not beside the number
        ("市红十字会、市卫健委培训3万人。", "3万人", CUMULATIVE, None),  # several
        ("市教育局培训3万人。", "3万人", CUMULATIVE, None),  # has not the task
        ("另一句话。", "3万人", CUMULATIVE, None),
    ],
)
def test_what_the_text_proposes(text, words, kind, wanted):
    found = proposed_gathering(text, words, kind, UNITS)
    assert (found and (found.reporters, found.total, found.owner)) == wanted


@pytest.mark.parametrize(
    ("gathering", "kind", "sentence"),
    [
        (Gathering(), CUMULATIVE, ""),
        (COUNTIES, CUMULATIVE, ""),
        (Gathering(Reporters.ONE, Total.OWNER, 1), YES_NO, ""),
        (Gathering(Reporters.COUNTIES), CUMULATIVE, "怎样汇总"),
        (Gathering(Reporters.COUNTIES, Total.OWNER), CUMULATIVE, "报全市数的单位"),
        (Gathering(Reporters.ONE, Total.OWNER, 9), CUMULATIVE, "不是本项任务的责任单位"),
        (replace(COUNTIES, parts={9: UnitPart()}), CUMULATIVE, "不是本项任务的责任单位"),
        (COUNTIES, RATE, "不能相加"),
        (replace(COUNTIES, total=Total.WEIGHTED), YES_NO, "不能加权"),
        (replace(COUNTIES, parts={3: UnitPart(Decimal(-1))}), CUMULATIVE, "不能是负数"),
        (replace(COUNTIES, parts={3: UnitPart(None, Decimal(0))}), CUMULATIVE, "大于0"),
    ],
)
def test_what_does_not_fit_together(gathering, kind, sentence):
    found = "".join(gathering_faults(gathering, kind, UNITS))
    assert sentence in found
    assert bool(sentence) == bool(found)


def test_a_task_without_counties_asks_none():
    assert "没有县" in "".join(gathering_faults(COUNTIES, CUMULATIVE, [CROSS]))


def test_what_is_still_missing_is_said_and_hinders_nothing():
    weighted = Gathering(Reporters.COUNTIES, Total.WEIGHTED)
    assert gathering_remarks(weighted, Decimal(65), UNITS, {3}) == ["缺分母：三元区"]
    chosen = Gathering(Reporters.CHOSEN, Total.SUM)
    assert gathering_remarks(chosen, Decimal(300), UNITS, set()) == ["还没有选定单位"]
    shared = replace(COUNTIES, parts={3: UnitPart(Decimal(280))})
    assert gathering_remarks(shared, Decimal(300), UNITS, {3}) == ["份额合计 280，目标 300"]


def test_one_unit_that_reports_gives_the_citys_number():
    assert settled(Gathering(Reporters.ONE, Total.SUM, 1)).total == Total.OWNER
    assert settled(Gathering(Reporters.COUNTIES, Total.SUM, 1)).owner is None
    assert settled(Gathering("", Total.SUM, 1)) == Gathering()


# --- decided ----------------------------------------------------------------------------------------------


@pytest.fixture
def indicator(plan, people, at) -> Indicator:
    """会商次数, accepted, of task 1: 市卫健委, 市医保局, 三元区 and 将乐县 have it. Nothing was decided of it."""
    made = make_indicator(plan, people, at)
    Indicator.objects.update(reporters="", total="")
    made.refresh_from_db()
    return made


@pytest.fixture
def decide(indicator, plan, people, at):
    def run(gathering: Gathering, seen: str | None = None) -> int:
        mark = gathering_rows(plan)[0].mark if seen is None else seen
        return decide_gatherings(
            plan, {indicator.pk: gathering}, seen={indicator.pk: mark}, by=people.admin, at=at
        )

    return run


@pytest.fixture
def asked(indicator, units):
    """`asked("三元区")` is what the unit is asked for in task 1, in words; None when it is not asked."""

    def look(unit: str) -> str | None:
        found = asked_figures(units[unit].pk, [indicator.task_id]).get(indicator.task_id)
        return found[0].requirement if found else None

    return look


def test_without_a_decision_nobody_is_asked(asked):
    assert [asked(unit) for unit in ("三元区", "将乐县", "市卫健委", "市医保局")] == [None] * 4


def test_every_county_of_the_task_is_asked_and_sees_the_citys_target_as_the_citys(decide, asked, units):
    decide(replace(COUNTIES, parts={units["三元区"].pk: UnitPart(Decimal(3))}))
    assert asked("三元区") == "不低于3次"
    assert asked("将乐县") == "全市不低于4次"
    assert [asked(unit) for unit in ("市卫健委", "永安市")] == [None, None]  # 永安市 has not the task


def test_one_unit_is_asked_for_the_citys_number(decide, asked, units):
    decide(Gathering(Reporters.ONE, Total.OWNER, units["市卫健委"].pk))
    assert asked("市卫健委") == "不低于4次"
    assert [asked(unit) for unit in ("三元区", "市医保局")] == [None, None]


def test_counties_and_the_owner_of_the_citys_number_are_asked(decide, asked, units):
    decide(Gathering(Reporters.COUNTIES, Total.OWNER, units["市医保局"].pk))
    found = [asked(unit) for unit in ("三元区", "市医保局", "市卫健委")]
    assert found == ["全市不低于4次", "不低于4次", None]


def test_chosen_units_are_asked(decide, asked, units):
    decide(Gathering(Reporters.CHOSEN, Total.EACH, parts={units["市医保局"].pk: UnitPart()}))
    assert [asked(unit) for unit in ("市医保局", "三元区")] == ["不低于4次", None]


def test_who_took_another_units_place_answers_for_its_share(decide, asked, units):
    parts = {units["三元区"].pk: UnitPart(Decimal(1)), units["将乐县"].pk: UnitPart(Decimal(2))}
    decide(Gathering(Reporters.CHOSEN, Total.SUM, parts=parts))
    merged, into = units["三元区"], units["将乐县"]
    merged.is_active, merged.successor = False, into
    merged.save()
    assert asked("将乐县") == "不低于3次"
    assert asked("三元区") is None


def test_a_decision_is_written_down(decide, indicator, units, people):
    decide(replace(COUNTIES, baseline=Decimal(2), parts={units["三元区"].pk: UnitPart(Decimal(3))}))
    event = AuditEvent.objects.get(action=AuditAction.INDICATOR_DECIDE)
    assert event.changes == {
        "谁报": ["未定", "任务中的各县（市、区）"],
        "怎样汇总": ["", "各单位合计"],
        "基数": ["", "2"],
        "份额": ["", "三元区 3"],
    }
    assert (
        decide(replace(COUNTIES, baseline=Decimal(2), parts={units["三元区"].pk: UnitPart(Decimal(3))})) == 0
    )
    assert AuditEvent.objects.filter(action=AuditAction.INDICATOR_DECIDE).count() == 1


def test_what_does_not_fit_is_refused_and_nothing_is_kept(decide, indicator):
    with pytest.raises(Refused) as refused:
        decide(Gathering(Reporters.COUNTIES))
    assert set(refused.value.faults) == {str(indicator.pk)}
    indicator.refresh_from_db()
    assert indicator.reporters == ""
    assert not Share.objects.exists()


def test_a_colleagues_decision_is_not_overruled_unseen(decide, plan):
    seen = gathering_rows(plan)[0].mark
    decide(COUNTIES)
    with pytest.raises(Stale, match="刚刚有人改过"):
        decide(Gathering(), seen=seen)


def test_the_grid_takes_the_same_statements_for_any_number(
    indicator, plan, people, at, django_assert_num_queries
):
    with django_assert_num_queries(5):
        gathering_rows(plan)
    for position in (2, 3):
        Indicator.objects.create(
            task=plan.tasks.get(number=position), position=position, name="其他", kind="rate",
            comparator="at_least", value=1, state="accepted", decided_at=at,
        )  # fmt: skip
    with django_assert_num_queries(5):
        gathering_rows(plan)
