"""Where a unit-task stands: whose voice leads and since when, and that a draft is never seen outside its unit."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from tasks_app.choices import FilingLamp, ProgressBand, ProgressLamp, Voice
from tasks_app.clock import SHANGHAI
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.reporting import actions
from tasks_app.domain.review.actions import return_report, write_note
from tasks_app.domain.standing import queries, rules
from tasks_app.models import ReportingPeriod
from tests.cast import fill_in

WORDS = {"progress": "专班已组建。", "forecast": "年底完成。", "status": "behind", "remarks": "缺编制。"}
write = partial(fill_in, words=WORDS)
SAID_AT, JUDGED_AT = (datetime(2024, 7, day, 9, 0, tzinfo=SHANGHAI) for day in (20, 22))


def unit_standing(period: ReportingPeriod, unit: str, at: datetime, **options: bool) -> rules.UnitStanding:
    return next(each for each in queries.standings(period, at=at, **options) if each.report.unit.name == unit)


def statuses(unit: rules.UnitStanding) -> set[str]:
    return {standing.status for standing in unit.tasks.values()}


# --- rules --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "judged", "voices", "stands"),
    [
        ("", "", rules.VOICES, ("", Voice.NOBODY, None)),
        ("behind", "", rules.VOICES, ("behind", Voice.UNIT, SAID_AT)),
        # The office's word stands beside the unit's in figures, and leads where acting is suggested.
        ("on_track", "not_started", rules.VOICES, ("on_track", Voice.UNIT, SAID_AT)),
        ("on_track", "not_started", rules.VOICES_OF_SUGGESTIONS, ("not_started", Voice.OFFICE, JUDGED_AT)),
        ("not_started", "", rules.VOICES_OF_SUGGESTIONS, ("not_started", Voice.UNIT, SAID_AT)),
    ],
)
def test_the_first_voice_that_says_something_leads(said, judged, voices, stands):
    own, verdict = rules.Word(said, 7, SAID_AT), rules.Word(judged, 7, JUDGED_AT)
    standing = rules.standing_of(7, own if said else None, verdict if judged else None, voices=voices)
    assert (standing.status, standing.voice, standing.since) == stands
    assert (standing.self_rating, standing.verdict, standing.period) == (said, judged, 7)
    assert standing.differs == (bool(judged) and said != judged)


@pytest.mark.parametrize(
    ("status", "lamp"),
    [
        ("done", ProgressLamp.NORMAL),
        ("on_track", ProgressLamp.NORMAL),
        ("behind", ProgressLamp.LAGGING),
        ("not_started", ProgressLamp.SEVERE),
        ("", ProgressLamp.UNKNOWN),
    ],
)
def test_the_progress_lamp_follows_what_the_unit_declared(status, lamp):
    assert rules.progress_lamp(status) == lamp


@pytest.mark.parametrize(
    ("declared", "band"),
    [
        (["", ""], ProgressBand.UNKNOWN),
        (["done", "on_track"], ProgressBand.STEADY),
        (["behind", "done"], ProgressBand.SOME),  # one task alone is never many
        (["behind", *["done"] * 20], ProgressBand.SOME),
        (["behind", "not_started", *["done"] * 8], ProgressBand.MANY),
        (["behind", "not_started", *["done"] * 9], ProgressBand.SOME),
    ],
)
def test_a_unit_stands_in_a_band(declared, band):
    assert rules.band(declared) == band


# --- what is seen -------------------------------------------------------------------------------------------


def test_a_draft_counts_as_nothing(reports, period, people, at):
    write(reports["三元区"], by=people.other_filler, at=at)
    unit = unit_standing(period, "三元区", at, words=True)
    assert not unit.left_the_unit
    assert set(unit.tasks.values()) == {rules.Standing("", Voice.NOBODY, period.pk, None)}
    assert unit.band == ProgressBand.UNKNOWN


def test_what_waits_for_the_signer_counts_as_nothing(reports, period, people, at):
    write(reports["将乐县"], by=people.filler, at=at)
    actions.request_signature(reports["将乐县"].pk, by=people.filler, at=at)
    unit = unit_standing(period, "将乐县", at, words=True)
    assert set(unit.tasks.values()) == {rules.Standing("", Voice.NOBODY, period.pk, None)}
    assert unit.is_owed


def test_what_was_submitted_is_seen_with_its_words(reports, period, people, at):
    write(reports["三元区"], by=people.other_filler, at=at)
    actions.submit_report(reports["三元区"].pk, by=people.other_filler, at=at)
    unit = unit_standing(period, "三元区", at, words=True)
    texts = rules.Texts("专班已组建。", "年底完成。", "缺编制。")
    said = rules.Standing("behind", Voice.UNIT, period.pk, at, "behind", "", texts)
    assert set(unit.tasks.values()) == {said}
    assert unit.lagging == 2
    assert unit.lamp == FilingLamp.ON_TIME


@pytest.mark.parametrize("ask_signer", [False, True])
def test_after_a_return_the_last_submission_stays_until_the_next(reports, period, people, at, ask_signer):
    report, filler, signer = reports["将乐县"], people.filler, people.signer
    write(report, by=filler, at=at)
    actions.request_signature(report.pk, by=filler, at=at)
    actions.submit_report(report.pk, by=signer, at=at)
    return_report(report.pk, submission=1, reasons={None: "请补数据"}, by=people.office, at=at)
    write(report, by=filler, at=at, status="done", progress="悄悄改了。")
    if ask_signer:
        actions.request_signature(report.pk, by=filler, at=at)
    unit = unit_standing(period, "将乐县", at, words=True)
    assert statuses(unit) == {"behind"}
    assert {each.texts.progress for each in unit.tasks.values()} == {"专班已组建。"}
    assert statuses(unit_standing(period, "将乐县", at)) == {"behind"}
    if not ask_signer:
        actions.request_signature(report.pk, by=filler, at=at)
    actions.submit_report(report.pk, by=signer, at=at)
    assert statuses(unit_standing(period, "将乐县", at)) == {"done"}


def test_the_verdict_stands_beside_and_is_that_of_the_moment(reports, period, people, at):
    report, later = reports["三元区"], at + timedelta(hours=2)
    write(report, by=people.other_filler, at=at, status="on_track")
    actions.submit_report(report.pk, by=people.other_filler, at=at)
    task = report.entries.first().task_id
    write_note(report.pk, task, submission=1, rating="not_started", by=people.office, at=later)
    period.refresh_from_db()
    now = unit_standing(period, "三元区", later).tasks[task]
    assert (now.status, now.voice, now.verdict, now.differs) == ("on_track", Voice.UNIT, "not_started", True)
    before = unit_standing(period, "三元区", at + timedelta(hours=1), past=True).tasks[task]
    assert (before.status, before.since, before.verdict, before.differs) == ("on_track", at, "", False)
    assert unit_standing(period, "三元区", later, past=True).tasks[task] == now


def test_the_latest_report_of_each_unit_is_that_which_left_it_and_the_office_leads(
    reports, period, people, at, django_assert_num_queries
):
    report = reports["三元区"]
    write(report, by=people.other_filler, at=at, status="on_track")
    write(reports["将乐县"], by=people.filler, at=at, status="not_started")  # a draft
    actions.submit_report(report.pk, by=people.other_filler, at=at)
    task = report.entries.first().task_id
    write_note(report.pk, task, submission=1, rating="not_started", by=people.office, at=at)
    calendar = working_calendar()
    with django_assert_num_queries(3):
        (unit,) = queries.latest_standings(period.plan.issuer, at=at, calendar=calendar)
    assert unit.report == report
    assert {pk: (each.status, each.voice) for pk, each in unit.tasks.items()} == {
        task: ("not_started", Voice.OFFICE),
        report.entries.last().task_id: ("on_track", Voice.UNIT),
    }
