"""Where a unit-task stands: whose voice leads and since when, and that a draft is never seen outside its unit."""

from datetime import date, datetime, timedelta
from functools import partial

import pytest

from tasks_app.choices import Agreement, FilingLamp, ProgressBand, ProgressLamp, Voice
from tasks_app.clock import SHANGHAI
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.reporting import actions
from tasks_app.domain.review.actions import return_report, write_note
from tasks_app.domain.standing import queries, rules
from tasks_app.models import Report, ReportingPeriod
from tests.cast import fill_in

WORDS = {
    "progress": "专班已组建。",
    "forecast": "年底完成。",
    "status": "behind",
    "cause": "funds",
    "outlook": "hard",
    "remarks": "缺编制。",
}
write = partial(fill_in, words=WORDS)
SAID_AT, JUDGED_AT = (datetime(2024, 7, day, 9, 0, tzinfo=SHANGHAI) for day in (20, 22))


def unit_standing(period: ReportingPeriod, unit: str, at: datetime, **options: bool) -> rules.UnitStanding:
    return next(each for each in queries.standings(period, at=at, **options) if each.report.unit.name == unit)


def statuses(unit: rules.UnitStanding) -> set[str]:
    return {standing.status for standing in unit.tasks.values()}


# --- rules --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "judged", "counts", "is_back", "stands", "words"),
    [
        ("", "", True, False, ("", Voice.NOBODY, None), ("", "", "")),
        ("behind", "", True, False, ("behind", Voice.UNIT, SAID_AT), ("behind", "", "")),
        # 核定 leads, better or worse than what the unit says of itself.
        ("done", "behind", True, False, ("behind", Voice.OFFICE, JUDGED_AT), ("done", "behind", "")),
        ("behind", "done", True, False, ("done", Voice.OFFICE, JUDGED_AT), ("behind", "done", "")),
        # Filed anew: the unit's word again, what the office said of the old one stands beside it.
        ("on_track", "behind", False, False, ("on_track", Voice.UNIT, SAID_AT), ("on_track", "", "behind")),
        # Back with its unit: no progress, whoever had said what.
        ("done", "", True, True, ("sent_back", Voice.NOBODY, SAID_AT), ("done", "", "")),
        ("done", "behind", True, True, ("sent_back", Voice.NOBODY, JUDGED_AT), ("done", "behind", "")),
        ("", "", True, True, ("", Voice.NOBODY, None), ("", "", "")),
    ],
)  # fmt: skip
def test_the_office_leads_over_the_unit(said, judged, counts, is_back, stands, words):
    own, verdict = rules.Word(said, 7, SAID_AT), rules.Word(judged, 7, JUDGED_AT)
    standing = rules.standing_of(
        7, own if said else None, verdict if judged else None, counts=counts, is_back=is_back
    )
    assert (standing.status, standing.voice, standing.since) == stands
    assert (standing.self_rating, standing.verdict, standing.verdict_before) == words
    assert standing.period == 7


@pytest.mark.parametrize(
    ("own", "verdict", "agreement"),
    [
        ("done", "done", Agreement.SAME),
        ("done", "on_track", Agreement.ROSIER),
        ("on_track", "not_started", Agreement.ROSIER),
        ("not_started", "behind", Agreement.DARKER),
        ("done", "", None),
        ("", "done", None),
    ],
)
def test_what_both_say_agrees_or_is_too_high_or_too_low(own, verdict, agreement):
    standing = rules.Standing(verdict or own, Voice.OFFICE, 7, None, own, verdict)
    assert standing.agreement == agreement
    assert standing.differs == (agreement in (Agreement.ROSIER, Agreement.DARKER))


@pytest.mark.parametrize(
    ("status", "lamp"),
    [
        ("done", ProgressLamp.NORMAL),
        ("on_track", ProgressLamp.NORMAL),
        ("behind", ProgressLamp.LAGGING),
        ("not_started", ProgressLamp.SEVERE),
        ("", ProgressLamp.UNKNOWN),
        ("sent_back", ProgressLamp.UNKNOWN),
    ],
)
def test_the_progress_lamp_follows_what_the_unit_declared(status, lamp):
    assert rules.progress_lamp(status) == lamp


@pytest.mark.parametrize(
    ("declared", "band"),
    [
        (["", ""], ProgressBand.UNKNOWN),
        (["sent_back", "sent_back"], ProgressBand.SENT_BACK),
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
    texts = rules.Texts("专班已组建。", "有困难，年底完成。", "缺编制。")
    said = rules.Standing(
        "behind", Voice.UNIT, period.pk, at, "behind", texts=texts, cause="funds", outlook="hard"
    )
    assert set(unit.tasks.values()) == {said}
    assert unit.lagging == 2
    assert unit.lamp == FilingLamp.ON_TIME


@pytest.mark.parametrize("ask_signer", [False, True])
def test_a_returned_report_is_no_progress_until_it_is_filed_again(reports, period, people, at, ask_signer):
    report, filler, signer = reports["将乐县"], people.filler, people.signer
    write(report, by=filler, at=at)
    actions.request_signature(report.pk, by=filler, at=at)
    actions.submit_report(report.pk, by=signer, at=at)
    return_report(report.pk, submission=1, reasons={None: "请补数据"}, by=people.office, at=at)
    write(report, by=filler, at=at, status="done", progress="悄悄改了。")
    if ask_signer:
        actions.request_signature(report.pk, by=filler, at=at)
    unit = unit_standing(period, "将乐县", at, words=True)
    assert statuses(unit) == {"sent_back"}
    assert {(each.self_rating, each.texts.progress) for each in unit.tasks.values()} == {
        ("behind", "专班已组建。")
    }
    assert (unit.lagging, unit.band) == (0, ProgressBand.SENT_BACK)
    if not ask_signer:
        actions.request_signature(report.pk, by=filler, at=at)
    actions.submit_report(report.pk, by=signer, at=at)
    assert statuses(unit_standing(period, "将乐县", at)) == {"done"}


def test_the_verdict_leads_and_is_that_of_the_moment(reports, period, people, at):
    report, later = reports["三元区"], at + timedelta(hours=2)
    write(report, by=people.other_filler, at=at, status="on_track")
    actions.submit_report(report.pk, by=people.other_filler, at=at)
    task = report.entries.first().task_id
    write_note(report.pk, task, submission=1, rating="not_started", by=people.office, at=later)
    period.refresh_from_db()
    now = unit_standing(period, "三元区", later).tasks[task]
    assert (now.status, now.voice, now.since) == ("not_started", Voice.OFFICE, later)
    assert (now.self_rating, now.verdict, now.agreement) == ("on_track", "not_started", Agreement.ROSIER)
    before = unit_standing(period, "三元区", at + timedelta(hours=1), past=True).tasks[task]
    assert (before.status, before.voice, before.since) == ("on_track", Voice.UNIT, at)
    assert (before.verdict, before.agreement) == ("", None)
    assert unit_standing(period, "三元区", later, past=True).tasks[task] == now


def test_a_verdict_counts_for_the_submission_that_it_judged(reports, period, people, at):
    report = reports["三元区"]
    write(report, by=people.other_filler, at=at, status="on_track")
    actions.submit_report(report.pk, by=people.other_filler, at=at)
    task = report.entries.first().task_id
    judged, returned, again = (at + timedelta(hours=hours) for hours in (1, 2, 3))
    write_note(report.pk, task, submission=1, rating="behind", by=people.office, at=judged)
    period.refresh_from_db()
    return_report(report.pk, submission=1, reasons={task: "请补数据"}, by=people.office, at=returned)
    actions.submit_report(report.pk, by=people.other_filler, at=again)
    now = unit_standing(period, "三元区", again).tasks[task]
    assert (now.status, now.voice, now.since) == ("on_track", Voice.UNIT, again)
    assert (now.verdict, now.verdict_before, now.agreement) == ("", "behind", None)
    for moment, stood in ((judged, ("behind", Voice.OFFICE)), (returned, ("sent_back", Voice.NOBODY))):
        then = unit_standing(period, "三元区", moment, past=True).tasks[task]
        assert (then.status, then.voice) == stood
    assert unit_standing(period, "三元区", again, past=True).tasks[task] == now
    write_note(report.pk, task, submission=2, rating="behind", by=people.office, at=again)
    assert unit_standing(period, "三元区", again).tasks[task].verdict == "behind"


def test_until_a_unit_files_anew_its_last_known_state_stands(reports, period, people, at):
    report, task = reports["三元区"], reports["三元区"].entries.first().task_id
    write(report, by=people.other_filler, at=at, status="on_track")
    actions.submit_report(report.pk, by=people.other_filler, at=at)
    write_note(report.pk, task, submission=1, rating="behind", by=people.office, at=at)
    next_one = ReportingPeriod.objects.create(
        plan=period.plan, kind="three_quarters", opens_on=date(2024, 9, 1), due_on=date(2024, 9, 25)
    )
    opened = datetime(2024, 9, 1, 9, 0, tzinfo=SHANGHAI)
    actions.open_due_periods(at=opened)
    next_one.refresh_from_db()
    for past in (False, True):
        unit = unit_standing(next_one, "三元区", opened, words=True, past=past)
        assert (unit.carried, unit.read_in, unit.left_the_unit) == (report, report, False)
        assert unit.carried.period == period
        assert {pk: (each.status, each.voice, each.period) for pk, each in unit.tasks.items()} == {
            task: ("behind", Voice.OFFICE, period.pk),
            report.entries.last().task_id: ("on_track", Voice.UNIT, period.pk),
        }
        assert {each.texts.progress for each in unit.tasks.values()} == {"专班已组建。"}
        nothing = unit_standing(next_one, "将乐县", opened, past=past)
        assert (statuses(nothing), nothing.carried, nothing.read_in) == ({""}, None, None)
    anew = Report.objects.get(period=next_one, unit=report.unit)
    write(anew, by=people.other_filler, at=opened, status="done")
    assert statuses(unit_standing(next_one, "三元区", opened)) == {"behind", "on_track"}  # a draft
    actions.submit_report(anew.pk, by=people.other_filler, at=opened)
    unit = unit_standing(next_one, "三元区", opened)
    assert (statuses(unit), unit.carried, unit.read_in) == ({"done"}, None, anew)
    assert statuses(unit_standing(period, "三元区", opened)) == {"behind", "on_track"}


def test_the_latest_report_of_each_unit_is_that_which_left_it(
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
