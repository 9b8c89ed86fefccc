"""How long a task lags and how it moved, over the periods: by rule, and from what was filed, now and looking back."""

from datetime import date, datetime

import pytest

from tasks_app.choices import Movement, Voice
from tasks_app.clock import SHANGHAI
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.escalation.candidates import candidates
from tasks_app.domain.reporting import actions
from tasks_app.domain.review.actions import return_report, write_note
from tasks_app.domain.standing.course import lag_periods, movement
from tasks_app.domain.standing.queries import courses, standings
from tasks_app.domain.standing.rules import Standing
from tasks_app.models import Report, ReportingPeriod

WORDS = {"progress": "专班已组建。", "forecast": "", "remarks": ""}
LAGS = {"status": "behind", "cause": "funds", "outlook": "hard"}
OPENED = {
    "first_half": datetime(2024, 7, 15, 10, tzinfo=SHANGHAI),
    "three_quarters": datetime(2024, 9, 2, 9, tzinfo=SHANGHAI),
    "full_year": datetime(2024, 11, 4, 9, tzinfo=SHANGHAI),
}


def stands(status: str) -> Standing:
    return Standing(status, Voice.UNIT, 1, None, status)


@pytest.mark.parametrize(
    ("course", "periods", "moved"),  # newest first
    [
        (["behind"], 1, None),
        (["on_track"], 0, None),
        ([""], 0, None),
        (["behind", "not_started"], 2, Movement.BETTER),
        (["not_started", "behind", "behind"], 3, Movement.WORSE),
        (["behind", "on_track", "behind"], 1, Movement.WORSE),
        (["behind", "behind", "done"], 2, Movement.SAME),
        (["on_track", "behind"], 0, Movement.CAUGHT_UP),
        (["done", "not_started", "behind"], 0, Movement.CAUGHT_UP),
        (["done", "on_track"], 0, Movement.BETTER),
        (["on_track", "done"], 0, Movement.WORSE),
        (["sent_back", "behind"], 0, None),
    ],
)
def test_how_long_it_lags_and_how_it_moved(course, periods, moved):
    now, *before = map(stands, course)
    assert lag_periods(now, before) == periods
    assert movement(now, before) == moved


@pytest.fixture
def periods(plan, period, at) -> dict[str, ReportingPeriod]:
    """The year's three periods, all to be opened in time."""
    for kind, opens, due in (
        ("three_quarters", date(2024, 9, 1), date(2024, 9, 25)),
        ("full_year", date(2024, 11, 1), date(2024, 11, 25)),
    ):
        plan.periods.create(kind=kind, opens_on=opens, due_on=due)
    actions.open_due_periods(at=at)
    return {each.kind: each for each in plan.periods.all()}


@pytest.fixture
def file(periods, people):
    """`file("three_quarters", behind)` has 三元区 file that period, its first task as said, the other on course."""

    def file(kind: str, **first: str) -> Report:
        at = OPENED[kind]
        actions.open_due_periods(at=at)
        report = Report.objects.get(period=periods[kind], unit=people.other_filler.unit)
        for place, entry in enumerate(report.entries.order_by("task__number")):
            said = WORDS | (first if place == 0 else {"status": "on_track"})
            actions.save_entry(report.pk, entry.pk, values=said, version=0, by=people.other_filler, at=at)
        actions.submit_report(report.pk, by=people.other_filler, at=at)
        return report

    return file


def course_of(period: ReportingPeriod, at: datetime, *, past: bool = False) -> list[list[str]]:
    """The course of each of 三元区's tasks, the newest first, with where it stands now at the head."""
    period.refresh_from_db()
    units = [unit for unit in standings(period, at=at, past=past) if unit.report.unit.name == "三元区"]
    before = courses(units, at=at, past=past)
    return [
        [now.status, *(each.status for each in before[unit.report.unit_id, task])]
        for unit in units
        for task, now in sorted(unit.tasks.items())
    ]


def test_a_course_holds_what_was_filed_before_by_whose_word_leads(file, periods, people):
    half = file("first_half", **LAGS)
    other = half.entries.order_by("task__number").last().task_id
    write_note(half.pk, other, submission=1, rating="not_started", by=people.office, at=OPENED["first_half"])
    file("three_quarters", **LAGS | {"status": "not_started"})
    actions.open_due_periods(at=OPENED["full_year"])
    for past in (False, True):
        at = OPENED["three_quarters"]
        assert course_of(periods["three_quarters"], at, past=past) == [
            ["not_started", "behind"],
            ["on_track", "not_started"],
        ]
        # Not filed yet: the last known state stands, and what was before it is its course.
        assert course_of(periods["full_year"], OPENED["full_year"], past=past) == [
            ["not_started", "behind"],
            ["on_track", "not_started"],
        ]
    assert course_of(periods["first_half"], OPENED["full_year"]) == [["behind"], ["not_started"]]
    half.refresh_from_db()
    assert course_of(periods["first_half"], OPENED["first_half"], past=True) == [["behind"], ["not_started"]]


def test_a_course_costs_four_statements_however_many_periods(file, periods, django_assert_num_queries):
    for kind in OPENED:
        file(kind, **LAGS)
    units = standings(periods["full_year"], at=OPENED["full_year"])
    calendar = working_calendar()
    with django_assert_num_queries(4):
        courses(units, at=OPENED["full_year"], calendar=calendar)


# --- a suggestion to act ------------------------------------------------------------------------------------


def suggested(city, at: datetime) -> list[str]:
    return [each.subject for each in candidates(city, at) if each.task is not None]


def test_what_is_behind_is_suggested_after_two_periods_and_what_has_not_begun_at_once(city, file, people):
    file("first_half", **LAGS)
    assert suggested(city, OPENED["first_half"]) == []
    second = file("three_quarters", **LAGS)
    named = "三元区2024年前三季度“1. 健全三医协同工作机制”连续2期滞后"
    assert suggested(city, OPENED["three_quarters"]) == [named]
    # Returning it is no way out: what was filed goes on lagging.
    return_report(
        second.pk, submission=1, reasons={None: "请补数据"}, by=people.office, at=OPENED["three_quarters"]
    )
    entry = second.entries.order_by("task__number").first()
    hidden = {"values": {"status": "done", "progress": "悄悄改了。"}, "version": entry.version}
    actions.save_entry(second.pk, entry.pk, **hidden, by=people.other_filler, at=OPENED["three_quarters"])
    assert suggested(city, OPENED["three_quarters"]) == [named]
    [candidate] = [each for each in candidates(city, OPENED["three_quarters"]) if each.task is not None]
    said = dict(candidate.lines)
    assert said["事项"] == (
        "三元区在2024年前三季度填报中对“1. 健全三医协同工作机制”自报为“未达序时”，已连续2期滞后。"
    )
    assert said["单位说明"] == "工作进展：专班已组建；滞后原因：资金；预计至期末：有困难"
    file("full_year", status="done")
    assert suggested(city, OPENED["full_year"]) == []


def test_what_has_not_begun_for_long_says_both(city, file):
    for kind in ("first_half", "three_quarters"):
        file(kind, **LAGS | {"status": "not_started"})
    [candidate] = [each for each in candidates(city, OPENED["three_quarters"]) if each.task is not None]
    assert candidate.subject.endswith("严重滞后")
    assert dict(candidate.lines)["事项"].endswith("自报为“未启动”，属严重滞后，已连续2期滞后。")
