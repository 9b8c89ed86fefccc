"""A period as it was: state, limit and words of a report on each of its days. The proof: test_history_stories."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tasks_app.choices import AuditAction, DeliveryState, ReportState
from tasks_app.clock import SHANGHAI
from tasks_app.domain.exports.queries import period_annex
from tasks_app.domain.history import queries, rules
from tasks_app.domain.lagging import queries as lagging
from tasks_app.domain.plan.actions import set_period
from tasks_app.domain.plan.rules import PeriodDates
from tasks_app.domain.reporting import actions, trail
from tasks_app.domain.review import actions as review
from tasks_app.domain.standing.queries import standings
from tasks_app.models import Assignment, AuditEvent, Delivery, Report, ReportingPeriod, Task, User

S, D = ReportState, DeliveryState
MINUTE = timedelta(minutes=1)
WORDS = {
    "progress": "专班已组建。",
    "forecast": "年底完成。",
    "status": "behind",
    "cause": "funds",
    "outlook": "hard",
    "remarks": "缺编制。",
}


@pytest.fixture
def report(period, people, at) -> Report:
    """三元区's report: no signer there, the filler submits."""
    actions.open_due_periods(at=at)
    report = Report.objects.get(unit=people.other_filler.unit)
    write(report, by=people.other_filler, at=at)
    return report


def write(report: Report, *, by: User, at: datetime, **words: str) -> None:
    for entry in report.entries.all():
        actions.save_entry(report.pk, entry.pk, values=WORDS | words, version=entry.version, by=by, at=at)


def stood(report: Report, at: datetime) -> queries.PastReport:
    (past,) = queries.reports_then(ReportingPeriod.objects.get(), at=at, only=report)
    return past


def cells_then(report: Report, at: datetime) -> set[tuple[str, str]]:
    found = standings(report.period, at=at, past=True, words=True)
    standing = next(standing for standing in found if standing.report.pk == report.pk)
    return {(each.status, each.texts.progress) for each in standing.tasks.values()}


# --- rules --------------------------------------------------------------------------------------------------


def step(report: int | None, day: int, actor: int | None = None, **changes: list[Any]) -> rules.TrailStep:
    return rules.TrailStep(report, datetime(2024, 7, day, tzinfo=SHANGHAI), actor, changes)


def test_a_report_without_steps_is_a_draft_that_follows_its_period():
    moved = step(None, 3, due_on=["2024-07-25", "2024-07-31"])
    assert rules.replay([1], [moved], due_on=date(2024, 7, 25))[1] == rules.Stand(date(2024, 7, 31))


def test_a_report_that_left_its_unit_keeps_its_own_limit():
    steps = [
        step(1, 2, state=["draft", "submitted"]),
        step(None, 3, due_on=["2024-07-25", "2024-07-31"]),
        step(1, 4, state=["submitted", "returned"], due_on=["2024-07-25", "2024-07-29"]),
        step(None, 5, due_on=["2024-07-31", "2024-08-02"]),
    ]
    stand = rules.replay([1], steps, due_on=date(2024, 7, 25))[1]
    assert (stand.state, stand.due_on, stand.returned_at) == (S.RETURNED, date(2024, 7, 29), steps[2].at)


def test_a_return_stays_open_until_the_next_submission():
    steps = [
        step(1, 2, state=["draft", "submitted"]),
        step(1, 3, state=["submitted", "returned"]),
        step(1, 4, state=["returned", "signing"]),
        step(1, 5, state=["signing", "returned"]),
        step(1, 6, state=["returned", "submitted"]),
        step(1, 7, 9, state=["submitted", "accepted"]),
        step(1, 8, state=["accepted", "returned"]),
    ]
    returned = [rules.replay([1], steps[:n], due_on=date(2024, 7, 25))[1].returned_at for n in range(8)]
    third, eighth = steps[1].at, steps[6].at
    assert returned == [None, None, third, third, third, None, None, eighth]
    accepted = rules.replay([1], steps[:6], due_on=date(2024, 7, 25))[1]
    assert (accepted.accepted_at, accepted.accepted_by) == (steps[5].at, 9)
    assert rules.replay([1], steps, due_on=date(2024, 7, 25))[1].accepted_at is None


def test_a_step_that_moves_neither_state_nor_limit_changes_nothing():
    asked = step(1, 2, state=["", "asked"], reason=["", "汛期"])
    assert rules.replay([1], [asked], due_on=date(2024, 7, 25))[1] == rules.Stand(date(2024, 7, 25))


def test_whoever_entered_it_for_the_unit_is_named_until_it_ends_or_goes_back():
    enter = {"action": AuditAction.REPORT_ENTER}
    steps = [
        step(1, 2, 7)._replace(**enter),  # begun
        step(1, 3, 8)._replace(**enter),  # taken over by the unit
        step(1, 4, 9)._replace(**enter),  # begun again
        step(1, 5, state=["signing", "submitted"]),
        step(1, 6, state=["submitted", "returned"]),
    ]
    entered = [rules.replay([1], steps[:n], due_on=date(2024, 7, 25))[1].entered_by for n in range(6)]
    assert entered == [None, 7, None, 9, 9, None]


def test_a_report_is_there_from_its_making_on_and_without_one_from_the_opening():
    making = {"action": AuditAction.PERIOD_OPEN}
    steps = [step(None, 1)._replace(**making), step(2, 5, state=["", "draft"])._replace(**making)]
    assert rules.made_by([1, 2], steps, at=step(None, 4).at) == [1]
    assert rules.made_by([1, 2], steps, at=step(None, 5).at) == [1, 2]


@pytest.mark.parametrize(
    ("stored", "decided_later", "known"),
    [
        ({"state": D.SENT, "sent_at": 3}, False, D.SENT),
        ({"state": D.SENT, "sent_at": 5}, False, D.PENDING),
        # Taken for sent by a person later on: until then it was in doubt, since when is not stored.
        ({"state": D.SENT, "sent_at": 3, "claimed_at": 3}, True, None),
        ({"state": D.PENDING}, False, D.PENDING),
        ({"state": D.PENDING}, True, None),
        ({"state": D.SENDING, "claimed_at": 5}, False, D.PENDING),
        ({"state": D.FAILED, "claimed_at": 5}, False, D.PENDING),
        ({"state": D.FAILED, "claimed_at": 3}, False, None),
        ({"state": D.UNCERTAIN, "claimed_at": 3}, False, None),
        ({"state": D.CANCELLED}, False, None),
        ({"state": D.CANCELLED, "settled_at": 3}, False, D.CANCELLED),
        ({"state": D.UNCERTAIN, "settled_at": 5, "claimed_at": 3}, False, D.PENDING),
    ],
)
def test_of_a_message_only_what_the_stored_times_tell_is_known(stored, decided_later, known):
    days = {name: step(None, value).at if isinstance(value, int) else value for name, value in stored.items()}
    moment = step(None, 4).at
    assert rules.outcome_then(Delivery(**days), at=moment, decided_later=decided_later) == known


def test_limits_are_wound_back_from_those_of_today():
    later = [
        step(None, 3, due_on=["2024-07-25", "2024-07-31"], closes_on=[None, "2024-08-31"]),
        step(None, 5, due_on=["2024-07-31", "2024-08-02"]),
    ]
    now = {"opens_on": date(2024, 7, 1), "due_on": date(2024, 8, 2), "closes_on": date(2024, 8, 31)}
    assert rules.wound_back(now, later) == {
        "opens_on": date(2024, 7, 1), "due_on": date(2024, 7, 25), "closes_on": None
    }  # fmt: skip
    assert rules.wound_back(now, later[1:])["due_on"] == date(2024, 7, 31)
    assert rules.wound_back(now, []) == now


def test_rows_of_an_older_program_are_read_by_the_words_of_then():
    words = ["填报中", "待审签", "已报送", "已退回", "已采纳"]
    assert [trail.state_after({"state": ["", word]}) for word in words] == list(S)
    assert trail.state_after({"state": ["", "待批复"]}) is None  # an extension's
    assert trail.state_after({"due_on": ["2024-07-25", "2024-07-29"]}) is None


def test_what_a_state_is_called_is_nothing_that_the_past_depends_on(report, people, at, monkeypatch):
    """Whoever renames 已报送 must not turn every report of the past into a draft."""
    submitted = at + timedelta(days=1)
    actions.submit_report(report.pk, by=people.other_filler, at=submitted)
    monkeypatch.setattr(S.SUBMITTED, "_label_", "已送达")
    assert S.SUBMITTED.label == "已送达"
    assert stood(report, submitted).report.state == S.SUBMITTED
    assert AuditEvent.objects.get(action=AuditAction.REPORT_SUBMIT).changes == {
        "state": ["draft", "submitted"]
    }


# --- one report through its days ----------------------------------------------------------------------------


def test_a_report_is_seen_as_it_was_on_each_of_its_days(report, people, at):
    filler, office = people.other_filler, people.office
    submitted, returned = at + timedelta(days=1), at + timedelta(days=2)
    again, accepted = at + timedelta(days=20), at + timedelta(days=21)
    actions.submit_report(report.pk, by=filler, at=submitted)
    review.return_report(report.pk, submission=1, reasons={None: "请补数据"}, by=office, at=returned)
    write(report, by=filler, at=returned + MINUTE, status="done", progress="补了数据。")
    actions.submit_report(report.pk, by=filler, at=again)
    review.accept_report(report.pk, submission=2, by=office, at=accepted)

    draft = stood(report, at + MINUTE)
    assert (draft.report.state, draft.submission) == (S.DRAFT, None)
    assert (draft.report.first_submitted_at, draft.report.submitted_by) == (None, None)
    assert cells_then(report, at + MINUTE) == {("", "")}

    first = stood(report, submitted)
    assert (first.report.state, first.report.is_late, first.submission.number) == (S.SUBMITTED, False, 1)
    assert cells_then(report, submitted) == {("behind", "专班已组建。")}

    back = stood(report, returned + 5 * MINUTE).report
    assert (back.state, back.returned_at, back.due_on) == (S.RETURNED, returned, date(2024, 7, 25))
    assert cells_then(report, returned + 5 * MINUTE) == {("sent_back", "专班已组建。")}

    second = stood(report, again)
    assert (second.report.state, second.report.is_late, second.submission.number) == (S.SUBMITTED, True, 2)
    assert (second.report.submitted_at, second.report.first_submitted_at) == (again, submitted)
    assert second.report.returned_at is None
    assert cells_then(report, again) == {("done", "补了数据。")}

    done = stood(report, accepted).report
    assert (done.state, done.accepted_at, done.accepted_by) == (S.ACCEPTED, accepted, office)


def test_before_the_period_opened_there_was_nothing(report, period, at):
    period.refresh_from_db()
    before = at - MINUTE
    assert queries.reports_then(period, at=before) == []
    assert queries.period_then(period, at=before).opened_at is None
    assert period.opened_at == at
    assert standings(period, at=before, past=True) == []
    assert period_annex(period, at=before, past=True).blocks == []


def test_a_report_added_to_an_open_period_is_there_from_its_making_on(report, period, people, units, at):
    added = at + timedelta(days=2)
    assert actions.open_due_periods(at=at + timedelta(days=1)) == 0
    Assignment.objects.create(task=Task.objects.get(number=2), unit=units["尤溪县"], role="local", position=9)
    assert actions.open_due_periods(at=added, by=people.admin) == 1
    newcomer = Report.objects.get(unit=units["尤溪县"])
    event = AuditEvent.objects.get(target_kind="report", target_id=newcomer.pk)
    assert (event.action, event.at, event.actor, event.unit) == (
        AuditAction.PERIOD_OPEN, added, people.admin, units["尤溪县"]
    )  # fmt: skip
    period.refresh_from_db()
    before = queries.reports_then(period, at=added - MINUTE)
    assert newcomer.pk not in {past.report.pk for past in before}
    assert len(before) == 5
    assert len(queries.reports_then(period, at=added)) == 6
    assert stood(newcomer, added).report.state == S.DRAFT
    later = PeriodDates(period.opens_on, date(2024, 7, 31))
    set_period(period.pk, later, today=at.date(), by=people.admin, at=added + MINUTE)
    assert stood(newcomer, added).report.due_on == date(2024, 7, 25)
    assert stood(newcomer, added + MINUTE).report.due_on == date(2024, 7, 31)


def test_the_limit_of_then_is_that_of_then(report, period, people, at):
    later = PeriodDates(period.opens_on, date(2024, 7, 31), date(2024, 9, 30))
    set_period(period.pk, later, today=at.date(), by=people.admin, at=at + timedelta(days=3))
    period.refresh_from_db()
    before = queries.period_then(period, at=at + timedelta(days=2))
    assert (before.due_on, before.closes_on) == (date(2024, 7, 25), None)
    after = queries.period_then(period, at=at + timedelta(days=3))
    assert (after.due_on, after.closes_on) == (date(2024, 7, 31), date(2024, 9, 30))
    assert stood(report, at + timedelta(days=2)).report.due_on == date(2024, 7, 25)
    assert stood(report, at + timedelta(days=3)).report.due_on == date(2024, 7, 31)


def test_what_the_office_had_said_is_what_it_had_said_then(report, people, at):
    filler, office = people.other_filler, people.office
    task = report.entries.first().task_id
    returned = at + timedelta(days=2)
    actions.submit_report(report.pk, by=filler, at=at + timedelta(days=1))
    for hours, rating in ((25, "on_track"), (30, "not_started")):
        moment = at + timedelta(hours=hours)
        review.write_note(report.pk, task, submission=1, rating=rating, by=office, at=moment)
    review.return_report(report.pk, submission=1, reasons={task: "请补数据"}, by=office, at=returned)
    actions.submit_report(report.pk, by=filler, at=returned + timedelta(days=1))

    def said(moment: datetime) -> tuple[dict, dict]:
        judgement = queries.judgement_then(stood(report, moment), at=moment)
        return {key: reason.text for key, reason in judgement.reasons.items()}, judgement.ratings

    assert said(at + timedelta(hours=24)) == ({}, {})
    assert said(at + timedelta(hours=26)) == ({}, {task: "on_track"})
    assert said(returned) == ({task: "请补数据"}, {task: "not_started"})
    assert said(returned + timedelta(days=1)) == ({}, {})  # filed anew: to be judged anew


def test_two_requests_that_crossed_count_in_the_order_of_the_lock(report, people, at):
    """The one that read the clock first got the lock last: what it did is what stands."""
    actions.submit_report(report.pk, by=people.other_filler, at=at + 2 * MINUTE)
    review.accept_report(report.pk, submission=1, by=people.office, at=at + MINUTE)
    assert stood(report, at + 3 * MINUTE).report.state == S.ACCEPTED


def test_the_number_of_statements_does_not_grow_with_the_history(
    report, period, people, at, django_assert_num_queries
):
    period = ReportingPeriod.objects.select_related("plan").get()  # as pages have it
    moment = at
    actions.submit_report(report.pk, by=people.other_filler, at=moment)
    with django_assert_num_queries(7):
        standings(period, at=at + MINUTE, past=True, words=True)
    for number in range(1, 11):
        moment += timedelta(hours=1)
        reasons = {None: f"第{number}次"}
        review.return_report(report.pk, submission=number, reasons=reasons, by=people.office, at=moment)
        write(report, by=people.other_filler, at=moment + MINUTE, progress=f"第{number}次修改。")
        actions.submit_report(report.pk, by=people.other_filler, at=moment + 2 * MINUTE)
    for past in (at + MINUTE, moment, moment + timedelta(days=1)):
        with django_assert_num_queries(7):
            standings(period, at=past, past=True, words=True)
        with django_assert_num_queries(7):
            lagging.debtors(period, at=past, past=True)
        with django_assert_num_queries(1):
            queries.period_then(period, at=past)
    assert cells_then(report, moment) == {("sent_back", "第9次修改。")}
