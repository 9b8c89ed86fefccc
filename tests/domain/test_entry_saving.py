"""Saving one entry whole: ticks, figures, answers, what cannot be read, the last period's words."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tasks_app.choices import (
    AuditAction,
    CarriedText,
    IndicatorState,
    MeasureState,
    PeriodKind,
)
from tasks_app.domain.moves import Refused, Stale
from tasks_app.domain.reporting import actions, queries, rules
from tasks_app.domain.reporting.entry_values import (
    FigureGiven,
    TickGiven,
    UnreadableError,
    read_day,
    read_number,
    unreadable,
)
from tasks_app.models import (
    AuditEvent,
    Indicator,
    IndicatorValue,
    MeasureProgress,
    Report,
    ReportingPeriod,
    Task,
)

WORDS = {"progress": "专班已组建。", "forecast": "", "status": "on_track", "remarks": ""}
DONE, UNDER_WAY = MeasureState.DONE, MeasureState.UNDER_WAY


@pytest.fixture
def save(report, people, at):
    """`save(progress=…, ticks=…)` saves task 1 from a fresh page; `version=` from an older one."""

    def run(report=report, version=None, ticks=None, figures=None, carry=False, at=at, **values):
        entry = report.entries.get(task__number=1)
        return actions.save_entry(
            report.pk,
            entry.pk,
            values=values,
            ticks=ticks,
            figures=figures,
            carry=carry,
            version=entry.version if version is None else version,
            by=people.other_filler,
            at=at,
        )

    return run


@pytest.fixture
def measures(plan) -> list[int]:
    """The two measures of task 1."""
    return list(Task.objects.get(number=1).measures.values_list("pk", flat=True))


@pytest.fixture
def later(report, plan, save, at) -> Report:
    """The unit's next report, opened; in the first one task 1 was filled in."""
    save(**WORDS)
    ReportingPeriod.objects.create(
        plan=plan, kind=PeriodKind.THREE_QUARTERS, opens_on=date(2024, 9, 1), due_on=date(2024, 9, 25)
    )
    actions.open_due_periods(at=at + timedelta(days=60))
    return Report.objects.get(unit=report.unit, period__kind=PeriodKind.THREE_QUARTERS)


def filling_of(report: Report):
    return queries.fillings(report, [report.entries.get(task__number=1)])[0]


# --- one save for all ---------------------------------------------------------------------------------------


def test_everything_is_saved_at_once_with_one_version(save, measures, indicator):
    saved = save(
        **WORDS,
        evidence_number="明医改〔2024〕7号",
        answers={"unchanged": "确无变化"},
        ticks={measures[0]: TickGiven(DONE, "2024-06-20"), measures[1]: TickGiven(UNDER_WAY)},
        figures={indicator.pk: FigureGiven("5次", "2024年6月30日", "会议纪要")},
    )
    assert saved.version == 1
    assert list(MeasureProgress.objects.values_list("measure", "state", "done_on")) == [
        (measures[0], DONE, date(2024, 6, 20)),
        (measures[1], UNDER_WAY, None),
    ]
    value = IndicatorValue.objects.get()
    assert (value.value, value.as_of, value.source) == (Decimal(5), date(2024, 6, 30), "会议纪要")
    assert AuditEvent.objects.get(action=AuditAction.REPORT_SAVE).changes == {
        "progress": ["", "专班已组建。"],
        "status": ["", "on_track"],
        "evidence_number": ["", "明医改〔2024〕7号"],
        "answers": ["", "确无变化"],
        "措施①": ["", "已完成（2024-06-20）"],
        "措施②": ["", "推进中"],
        "会商次数": ["", "5次（截至2024-06-30，来源：会议纪要）"],
    }


def test_what_is_not_given_stays_as_it_is(save, measures, indicator):
    save(
        **WORDS, ticks={measures[0]: TickGiven(DONE)}, figures={indicator.pk: FigureGiven("5", "2024-06-30")}
    )
    saved = save(answers={"unchanged": "是的"}, figures={indicator.pk: FigureGiven(value="6")})
    assert (saved.progress, saved.version) == ("专班已组建。", 2)
    assert MeasureProgress.objects.get().state == DONE
    value = IndicatorValue.objects.get()
    assert (value.value, value.as_of) == (Decimal(6), date(2024, 6, 30))


def test_the_same_again_changes_nothing(save, measures, indicator):
    given = {
        "ticks": {measures[0]: TickGiven(DONE, "2024-06-20")},
        "figures": {indicator.pk: FigureGiven("三百", "上周", "")},
        **WORDS,
    }
    save(**given)
    events = AuditEvent.objects.count()
    assert save(**given, version=0).version == 1
    assert AuditEvent.objects.count() == events


def test_a_tick_of_a_stale_page_does_not_overwrite_a_colleague(save, measures):
    save(ticks={measures[0]: TickGiven(DONE)})
    with pytest.raises(Stale):
        save(ticks={measures[0]: TickGiven(UNDER_WAY)}, version=0)
    assert MeasureProgress.objects.get().state == DONE


def test_a_measure_or_indicator_of_another_task_is_passed_over(save, indicator, report):
    foreign = Task.objects.get(number=2).measures.get()
    Indicator.objects.update(task=foreign.task)
    save(
        **WORDS,
        ticks={foreign.pk: TickGiven(DONE)},
        figures={indicator.pk: FigureGiven("5"), 987654: FigureGiven("1")},
    )
    assert not MeasureProgress.objects.exists()
    assert not IndicatorValue.objects.exists()


def test_nobody_is_asked_for_an_indicator_that_is_not_accepted(save, indicator, report):
    Indicator.objects.update(state=IndicatorState.PROPOSED, decided_at=None)
    save(figures={indicator.pk: FigureGiven("5")})
    assert not IndicatorValue.objects.exists()
    assert filling_of(report).figures == ()


def test_saving_takes_the_same_statements_for_one_tick_or_all(
    save, measures, indicator, django_assert_num_queries
):
    save(progress="一", ticks={measures[0]: TickGiven(DONE)}, figures={indicator.pk: FigureGiven("1")})
    with django_assert_num_queries(13):
        save(
            progress="二", ticks={measures[0]: TickGiven(UNDER_WAY)}, figures={indicator.pk: FigureGiven("2")}
        )
    with django_assert_num_queries(13):
        save(
            progress="三",
            ticks={pk: TickGiven(DONE, "2024-06-01") for pk in measures},
            figures={indicator.pk: FigureGiven("3", "2024-06-01", "纪要")},
        )


# --- empty is not zero, unreadable is not lost --------------------------------------------------------------


def test_empty_is_not_zero(save, indicator, report):
    save(figures={indicator.pk: FigureGiven("0")})
    assert filling_of(report).figures[0].words == "0次"
    save(figures={indicator.pk: FigureGiven("")})
    assert IndicatorValue.objects.get().value is None
    assert filling_of(report).figures[0].words == ""


def test_a_number_that_is_none_is_kept_shown_and_said(save, indicator, report):
    save(**WORDS, figures={indicator.pk: FigureGiven("5")})
    saved = save(figures={indicator.pk: FigureGiven("三百多", "上个月", "")})
    line = filling_of(report).figures[0]
    assert (line.shown_value, line.shown_as_of, line.value) == ("三百多", "上个月", None)
    gaps = rules.entry_gaps(saved, forecast_asked=False)
    assert [gap.split("，")[0] for gap in gaps] == ["“三百多”没有读懂", "“上个月”不是日期"]
    mended = save(figures={indicator.pk: FigureGiven("300", "2024-06-30", "")})
    assert (mended.typed, rules.entry_gaps(mended, forecast_asked=False)) == ({}, [])
    assert filling_of(report).figures[0].value == 300


def test_a_day_typed_for_a_measure_that_is_not_done_waits_until_it_is(save, measures, report):
    saved = save(**WORDS, ticks={measures[0]: TickGiven(UNDER_WAY, "2024-06-20")})
    assert MeasureProgress.objects.get().done_on is None
    assert filling_of(report).measures[0].shown_day == "2024-06-20"
    assert rules.entry_gaps(saved, forecast_asked=False) == []
    save(ticks={measures[0]: TickGiven(DONE)})
    assert MeasureProgress.objects.get().done_on == date(2024, 6, 20)


def test_a_tick_can_be_taken_back(save, measures):
    save(ticks={measures[0]: TickGiven(DONE)})
    save(ticks={measures[0]: TickGiven("")})
    assert not MeasureProgress.objects.exists()
    assert AuditEvent.objects.order_by("pk").last().changes == {"措施①": ["已完成", ""]}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("300", "300"),
        (" １，２００．５ ", "1200.5"),
        ("1,234,567%", "1234567"),
        ("12,3456", "123456"),
        ("４７．５％", "47.5"),
        ("47.5%", "47.5"),
        ("-3", "-3"),
        ("0", "0"),
    ],
)
def test_numbers_are_read_as_offices_write_them(text, number):
    assert read_number(text, "%").value == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [
        "三百",
        "三百左右",
        "-",
        "1e9",
        "1,5",
        "12,34",
        ",5",
        "1/3",
        "1.23456",
        "9" * 15,
        "是",
        "NaN",
        "1e5",
    ],
)
def test_what_is_no_number_is_said(text):
    with pytest.raises(UnreadableError, match="没有读懂"):
        read_number(text, "次")


def test_yes_and_no_are_read(text="是"):
    assert read_number(text, is_yes_no=True).value == 1
    assert read_number("否", is_yes_no=True).value == 0
    assert read_number("", is_yes_no=True) is None


@pytest.mark.parametrize("text", ["2024-06-30", "2024/6/30", "2024.6.30", "2024年6月30日", "20240630"])
def test_days_are_read_as_offices_write_them(text):
    assert read_day(text) == date(2024, 6, 30)


@pytest.mark.parametrize("text", ["6月30日", "2024-02-30", "昨天", "2024-13-01"])
def test_what_is_no_day_is_said(text):
    with pytest.raises(UnreadableError, match="不是日期"):
        read_day(text)


def test_answers_of_people_are_no_unreadable_text():
    assert unreadable({"value-1": "三百", "kept-1": "昨天"}) == [
        "“三百”没有读懂，请填数字，如 300、46.8、2.1万、约20（最多四位小数）"
    ]


# --- nothing new, and the last period's words ---------------------------------------------------------------


def test_nothing_new_needs_a_reason_and_a_state_but_no_words(save):
    entry = save(no_news=True)
    assert rules.entry_gaps(entry, forecast_asked=True) == ["请写明本期无新进展的原因", "请选择状态"]
    entry = save(no_news_reason="上级细则尚未印发", status="behind", cause="policy", outlook="hard")
    assert rules.entry_gaps(entry, forecast_asked=True) == []
    assert rules.said("", True, "上级细则尚未印发") == "本期无新进展：上级细则尚未印发"


def test_a_cause_goes_when_its_task_lags_no_more(save):
    assert save(status="behind", cause="funds").cause == "funds"
    assert save(status="not_started").cause == "funds"
    assert save(status="on_track").cause == ""
    assert save(cause="staff").cause == ""


def test_words_brought_forward_must_be_touched_before_submitting(later, save, at):
    carried = save(later, carry=True, status="on_track", forecast="年底完成。", at=at + timedelta(days=60))
    assert (carried.progress, carried.carried) == ("专班已组建。", CarriedText.UNTOUCHED)
    assert "改写" in rules.entry_gaps(carried, forecast_asked=True)[0]
    spaced = save(later, progress="专班已组建。 ")
    assert spaced.carried == CarriedText.UNTOUCHED  # a space is no news
    touched = save(later, progress="专班已组建，开会 3 次。")
    assert touched.carried == CarriedText.TOUCHED
    assert rules.entry_gaps(touched, forecast_asked=True) == []
    assert save(later, progress="").carried == CarriedText.NO


def test_words_are_brought_only_into_an_empty_box(later, save):
    save(later, progress="新写的")
    with pytest.raises(Refused, match="已经有文字"):
        save(later, carry=True)
    assert later.entries.get(task__number=1).progress == "新写的"


def test_without_a_last_period_there_is_nothing_to_bring(save):
    with pytest.raises(Refused, match="没有可以沿用"):
        save(carry=True)


def test_last_ticks_and_numbers_stand_beside_the_boxes(later, report, save, measures, indicator):
    save(
        report,
        ticks={measures[0]: TickGiven(DONE, "2024-06-20")},
        figures={indicator.pk: FigureGiven("3", "2024-06-30")},
    )
    filling = filling_of(later)
    line, figure = filling.measures[0], filling.figures[0]
    assert (line.last_label, line.last_done_on, line.state) == ("已完成", date(2024, 6, 20), "")
    assert (figure.last_words, figure.value) == ("3次", None)
    assert figure.last.as_of == date(2024, 6, 30)


def test_looking_at_entries_takes_the_same_statements_for_any_history(
    later, report, save, measures, indicator, django_assert_num_queries
):
    later = Report.objects.select_related("unit", "period__plan").get(pk=later.pk)
    entries = list(queries.entries_of(later))
    with django_assert_num_queries(5):
        queries.fillings(later, entries)
    save(report, ticks={pk: TickGiven(DONE) for pk in measures}, figures={indicator.pk: FigureGiven("3")})
    with django_assert_num_queries(5):
        queries.fillings(later, entries)
