"""Opening periods, drafts, sign-off and submission: what the unit may do, and that nothing is lost."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from tasks_app.choices import AuditAction, FilingLamp, PeriodKind, ProgressStatus, ReportState, Role
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.domain.moves import Refused, Stale
from tasks_app.domain.moves import ReportMove as Move
from tasks_app.domain.reporting import actions, queries, rules
from tasks_app.models import Assignment, AuditEvent, Plan, ProgressEntry, Report, ReportingPeriod, Task
from tests.cast import fill_in

S = ReportState
WORDS = {"progress": "专班已组建。", "forecast": "", "status": "on_track", "remarks": ""}
fill = partial(fill_in, words=WORDS)


@pytest.fixture
def unsigned(signed_report, people) -> Report:
    """三元区's report: that unit has no signer."""
    return Report.objects.get(unit=people.other_filler.unit)


def refresh(report: Report) -> Report:
    report.refresh_from_db()
    return report


# --- opening ------------------------------------------------------------------------------------------------


def test_opening_makes_one_report_per_unit_with_tasks_and_one_entry_per_task(period, at):
    made = actions.open_due_periods(at=at)
    assert made == 5  # 将乐县, 三元区, 市卫健委, 市医保局, 市财政局
    assert ProgressEntry.objects.count() == Assignment.objects.count() == 9
    assert set(Report.objects.values_list("due_on", flat=True)) == {date(2024, 7, 25)}


def test_opening_again_changes_nothing(period, at):
    actions.open_due_periods(at=at)
    events = AuditEvent.objects.count()
    assert actions.open_due_periods(at=at + timedelta(days=1)) == 0
    assert ProgressEntry.objects.count() == 9
    assert AuditEvent.objects.count() == events
    period.refresh_from_db()
    assert period.opened_at == at


def test_a_period_does_not_open_before_its_day(period, at):
    assert actions.open_due_periods(at=at - timedelta(days=20)) == 0
    assert not Report.objects.exists()


def test_a_closed_period_is_not_opened(period, at):
    period.closes_on = period.due_on
    period.save()
    assert actions.open_due_periods(at=at + timedelta(days=30)) == 0


def test_a_new_assignment_reaches_drafts_but_not_what_was_submitted(signed_report, unsigned, people, at):
    fill(unsigned, by=people.other_filler, at=at)
    actions.submit_report(unsigned.pk, by=people.other_filler, at=at)
    task = Task.objects.get(number=3)
    for unit in (signed_report.unit, unsigned.unit):
        Assignment.objects.create(task=task, unit=unit, role="local", position=9)
    actions.open_due_periods(at=at)
    assert signed_report.entries.count() == 3
    assert unsigned.entries.count() == 2


def test_a_withdrawn_assignment_takes_only_what_nobody_typed(signed_report, people, at):
    first, second = signed_report.entries.order_by("task__number")
    actions.save_entry(signed_report.pk, first.pk, values=WORDS, version=0, by=people.filler, at=at)
    Assignment.objects.filter(unit=signed_report.unit).delete()
    actions.open_due_periods(at=at)
    assert list(signed_report.entries.values_list("pk", flat=True)) == [first.pk]
    assert queries.required_entries(signed_report) == []
    assert not ProgressEntry.objects.filter(pk=second.pk).exists()


# --- drafts -------------------------------------------------------------------------------------------------


def test_a_draft_is_saved_incomplete_and_its_change_is_in_the_trail(signed_report, people, at):
    entry = signed_report.entries.first()
    values = {"progress": "刚开始", "forecast": "", "status": "", "remarks": ""}
    saved = actions.save_entry(signed_report.pk, entry.pk, values=values, version=0, by=people.filler, at=at)
    assert (saved.progress, saved.version, saved.saved_by, saved.saved_at) == ("刚开始", 1, people.filler, at)
    event = AuditEvent.objects.get(action=AuditAction.REPORT_SAVE)
    assert event.changes == {"progress": ["", "刚开始"]}
    assert event.actor == people.filler


def test_whoever_types_first_becomes_the_filler_named_in_the_header(signed_report, people, at):
    entry = signed_report.entries.first()
    actions.save_entry(signed_report.pk, entry.pk, values=WORDS, version=0, by=people.filler, at=at)
    assert refresh(signed_report).filler_name == "林晓燕"
    assert signed_report.filler_phone == people.filler.phone


def test_the_header_saved_from_a_stale_page_overwrites_nothing(signed_report, people, at):
    head = {"filler_name": "林晓燕", "filler_phone": "0598-1", "filled_on": at.date()}
    saved = actions.save_header(signed_report.pk, **head, version=0, by=people.filler, at=at)
    assert saved.header_version == 1
    assert (
        actions.save_header(signed_report.pk, **head, version=0, by=people.filler, at=at).header_version == 1
    )
    events = AuditEvent.objects.count()
    with pytest.raises(Stale):
        actions.save_header(
            signed_report.pk, **head | {"filler_phone": "0598-2"}, version=0, by=people.filler, at=at
        )
    assert (refresh(signed_report).filler_phone, AuditEvent.objects.count()) == ("0598-1", events)
    assert queries.header_saving(signed_report).actor == people.filler
    actions.save_header(
        signed_report.pk, **head | {"filler_phone": "0598-2"}, version=1, by=people.filler, at=at
    )
    assert (refresh(signed_report).filler_phone, signed_report.header_version) == ("0598-2", 2)


def test_when_the_signature_was_requested_is_kept(signed_report, people, at):
    for entry in signed_report.entries.all():
        actions.save_entry(signed_report.pk, entry.pk, values=WORDS, version=0, by=people.filler, at=at)
    later = at + timedelta(days=2)
    for moment in (at, later):
        actions.request_signature(signed_report.pk, by=people.filler, at=moment)
        assert refresh(signed_report).sign_requested_at == moment
        actions.refuse_signature(signed_report.pk, reason="请补数", by=people.signer, at=moment)


def test_saving_the_same_words_again_changes_nothing(signed_report, people, at):
    entry = signed_report.entries.first()
    actions.save_entry(signed_report.pk, entry.pk, values=WORDS, version=0, by=people.filler, at=at)
    events = AuditEvent.objects.count()
    # A repeated request (double click, retry after a lost answer) still carries the old version.
    again = actions.save_entry(signed_report.pk, entry.pk, values=WORDS, version=0, by=people.filler, at=at)
    assert again.version == 1
    assert AuditEvent.objects.count() == events


def test_a_stale_page_does_not_overwrite_a_colleague(signed_report, people, at):
    entry = signed_report.entries.first()
    actions.save_entry(signed_report.pk, entry.pk, values=WORDS, version=0, by=people.filler, at=at)
    other = {**WORDS, "progress": "别的说法"}
    with pytest.raises(Stale) as error:
        actions.save_entry(signed_report.pk, entry.pk, values=other, version=0, by=people.filler, at=at)
    assert error.value.now.progress == WORDS["progress"]
    entry.refresh_from_db()
    assert entry.progress == WORDS["progress"]


def test_an_autosave_cannot_reach_a_submitted_report(unsigned, people, at):
    fill(unsigned, by=people.other_filler, at=at)
    actions.submit_report(unsigned.pk, by=people.other_filler, at=at)
    entry = unsigned.entries.first()
    late = {**WORDS, "progress": "迟到的自动保存"}
    with pytest.raises(Refused, match="已报送"):
        actions.save_entry(
            unsigned.pk, entry.pk, values=late, version=entry.version, by=people.other_filler, at=at
        )
    entry.refresh_from_db()
    assert entry.progress == WORDS["progress"]
    assert refresh(unsigned).state == S.SUBMITTED


# --- what is missing ----------------------------------------------------------------------------------------


def test_submitting_lists_everything_that_is_missing(unsigned, people, at):
    with pytest.raises(Refused) as error:
        actions.submit_report(unsigned.pk, by=people.other_filler, at=at)
    assert error.value.sentences == ["还有 6 处没有填好，补齐后才能报送。"]
    places = [gap.anchor for gap in rules.gaps(unsigned, queries.required_entries(unsigned))]
    assert places == ["header", "header", "task-1", "task-1", "task-2", "task-2"]
    assert refresh(unsigned).state == S.DRAFT


@pytest.mark.parametrize(
    ("kind", "due_on", "status", "asked"),
    [
        (PeriodKind.FIRST_HALF, date(2024, 7, 25), "behind", False),
        (PeriodKind.THREE_QUARTERS, date(2024, 9, 25), "on_track", False),
        (PeriodKind.THREE_QUARTERS, date(2024, 9, 25), "not_started", True),
        (PeriodKind.FULL_YEAR, date(2024, 11, 25), "behind", True),
        (PeriodKind.FULL_YEAR, date(2024, 11, 25), "done", False),
    ],
)
def test_what_lags_is_asked_for_its_outlook_where_the_limit_falls_before_the_periods_end(
    kind, due_on, status, asked
):
    period = ReportingPeriod(plan=Plan(year=2024), kind=kind, opens_on=due_on, due_on=due_on)
    entry = ProgressEntry(progress="有进展", status=status, cause="funds" if rules.is_lagging(status) else "")
    found = rules.entry_gaps(entry, forecast_asked=rules.asks_forecast(period))
    assert found == (["请选择预计至期末能否完成"] if asked else [])
    entry.outlook = "cannot"
    assert rules.entry_gaps(entry, forecast_asked=True) == []


@pytest.mark.parametrize(
    ("status", "outlook", "expected"),
    [
        ("done", "", "can"),
        ("on_track", "", "can"),
        ("on_track", "hard", "hard"),
        ("behind", "", ""),
        ("behind", "cannot", "cannot"),
        ("", "", ""),
    ],
)
def test_who_is_on_course_and_says_nothing_expects_to_finish(status, outlook, expected):
    assert rules.expected(status, outlook) == expected


@pytest.mark.parametrize("status", ["behind", "not_started"])
def test_what_lags_is_asked_why(status):
    entry = ProgressEntry(progress="有进展", status=status)
    assert rules.entry_gaps(entry, forecast_asked=False) == ["请选择滞后原因"]


def test_blanks_are_no_progress():
    assert "请填写工作进展" in rules.entry_gaps(
        ProgressEntry(progress=" 　\n", status="done"), forecast_asked=False
    )


# --- submission and sign-off --------------------------------------------------------------------------------


def test_a_unit_without_signer_submits_and_gets_a_receipt(unsigned, people, at):
    fill(unsigned, by=people.other_filler, at=at)
    submission = actions.submit_report(unsigned.pk, by=people.other_filler, at=at)
    assert submission.receipt == "2024-1-350404-01"
    assert submission.is_late is False
    assert [entry["progress"] for entry in submission.content["entries"]] == [WORDS["progress"]] * 2
    assert refresh(unsigned).state == S.SUBMITTED
    assert unsigned.filled_on == date(2024, 7, 15)


def test_after_the_limit_it_is_a_late_report(unsigned, people, at):
    fill(unsigned, by=people.other_filler, at=at)
    last_minute = at.replace(day=25, hour=23, minute=59, second=59)
    assert rules.is_late(unsigned, last_minute.date()) is False
    submission = actions.submit_report(
        unsigned.pk, by=people.other_filler, at=last_minute + timedelta(seconds=1)
    )
    assert submission.is_late is True
    assert refresh(unsigned).is_late is True


def test_after_the_closing_day_nothing_is_taken(unsigned, people, at):
    fill(unsigned, by=people.other_filler, at=at)
    ReportingPeriod.objects.update(closes_on=date(2024, 8, 31))
    with pytest.raises(Refused, match="关闭"):
        actions.submit_report(unsigned.pk, by=people.other_filler, at=at + timedelta(days=60))


def test_a_unit_with_signer_goes_through_the_signer(signed_report, people, at):
    fill(signed_report, by=people.filler, at=at)
    with pytest.raises(Refused, match="审签"):
        actions.submit_report(signed_report.pk, by=people.filler, at=at)
    actions.request_signature(signed_report.pk, by=people.filler, at=at)
    with pytest.raises(Refused, match="填报目前是“待审签”"):
        fill(signed_report, by=people.filler, at=at)
    actions.refuse_signature(signed_report.pk, reason="请补充数据", by=people.signer, at=at)
    assert refresh(signed_report).state == S.DRAFT
    actions.request_signature(signed_report.pk, by=people.filler, at=at)
    submission = actions.submit_report(signed_report.pk, by=people.signer, at=at)
    assert submission.submitted_by == people.signer
    steps = [event.action for event in queries.timeline(signed_report)]
    assert steps == ["report_sign_request", "report_sign_refuse", "report_sign_request", "report_submit"]


def test_submitting_twice_gives_one_submission(unsigned, people, at):
    fill(unsigned, by=people.other_filler, at=at)
    actions.submit_report(unsigned.pk, by=people.other_filler, at=at)
    with pytest.raises(Refused, match="填报目前是“已报送”"):
        actions.submit_report(unsigned.pk, by=people.other_filler, at=at)
    assert unsigned.submissions.count() == 1


def test_what_was_submitted_cannot_be_changed_even_in_the_database(unsigned, people, at):
    fill(unsigned, by=people.other_filler, at=at)
    submission = actions.submit_report(unsigned.pk, by=people.other_filler, at=at)
    submission.content = {}
    with pytest.raises(IntegrityError), transaction.atomic():
        submission.save()


# --- the table of moves -------------------------------------------------------------------------------------

# What may happen in each state: (move, role, does the unit have a signer). All other cells are refused.
ALLOWED = {
    S.DRAFT: {
        (Move.SAVE, Role.FILLER, False),
        (Move.SAVE, Role.FILLER, True),
        (Move.REQUEST_SIGNATURE, Role.FILLER, True),
        (Move.SUBMIT, Role.FILLER, False),
    },
    S.SIGNING: {
        (Move.RECALL, Role.FILLER, False),  # the signer left meanwhile
        (Move.RECALL, Role.FILLER, True),
        (Move.REFUSE_SIGNATURE, Role.SIGNER, True),
        (Move.REFUSE_SIGNATURE, Role.SIGNER, False),
        (Move.SUBMIT, Role.SIGNER, True),
        (Move.SUBMIT, Role.SIGNER, False),
    },
    S.SUBMITTED: {
        (move, Role.OFFICE, signer) for move in (Move.RETURN, Move.ACCEPT) for signer in (True, False)
    },
    S.ACCEPTED: set(),
}
ALLOWED[S.RETURNED] = ALLOWED[S.DRAFT]
ALLOWED[S.ACCEPTED] = {(Move.REOPEN, Role.OFFICE, signer) for signer in (True, False)}


@pytest.mark.once
@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("signer", [True, False])
def test_moves(state, move, role, signer):
    allowed = (move, role, signer) in ALLOWED[state]
    assert rules.may_move(move, state, role, unit_has_signer=signer) is allowed


# --- the filing lamp ----------------------------------------------------------------------------------------

CALENDAR = WorkingCalendar(special={}, years=frozenset({2024}))


@pytest.mark.once
@pytest.mark.parametrize(
    ("state", "late", "today", "lamp"),
    [
        (S.DRAFT, False, date(2024, 7, 14), FilingLamp.OWED),
        (S.DRAFT, False, date(2024, 7, 15), FilingLamp.NEAR),
        (S.SIGNING, False, date(2024, 7, 21), FilingLamp.NEAR),  # a Sunday: four working days left
        (S.DRAFT, False, date(2024, 7, 22), FilingLamp.URGENT),
        (S.DRAFT, False, date(2024, 7, 25), FilingLamp.URGENT),
        (S.DRAFT, False, date(2024, 7, 26), FilingLamp.OVERDUE),
        (S.RETURNED, False, date(2024, 7, 26), FilingLamp.OVERDUE),
        (S.SUBMITTED, False, date(2024, 8, 26), FilingLamp.ON_TIME),
        (S.ACCEPTED, True, date(2024, 8, 26), FilingLamp.LATE),
    ],
)
def test_filing_lamp(state, late, today, lamp):
    assert (
        rules.filing_lamp(
            state, is_late=late, due_on=date(2024, 7, 25), is_open=True, today=today, calendar=CALENDAR
        )
        == lamp
    )


@pytest.mark.once
def test_last_periods_words_stand_beside_the_box(signed_report, people, plan, at):
    fill(signed_report, by=people.filler, at=at)
    ReportingPeriod.objects.create(
        plan=plan, kind=PeriodKind.THREE_QUARTERS, opens_on=date(2024, 9, 1), due_on=date(2024, 9, 25)
    )
    actions.open_due_periods(at=at + timedelta(days=60))
    later = Report.objects.get(unit=signed_report.unit, period__kind=PeriodKind.THREE_QUARTERS)
    previous = queries.previous_entries(later)
    assert {entry.progress for entry in previous.values()} == {WORDS["progress"]}
    assert later.entries.filter(progress="").count() == 2
    assert ProgressStatus.ON_TRACK in {entry.status for entry in previous.values()}
