"""The office returns, accepts, reopens, rates and notes: reasons, new limits, and nothing decided unseen."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from tasks_app.choices import AuditAction, ReportState, ReturnCategory
from tasks_app.domain.moves import Refused
from tasks_app.domain.reporting import actions as reporting
from tasks_app.domain.reporting import queries as reports
from tasks_app.domain.review import actions, queries
from tasks_app.domain.review.reading import reading
from tasks_app.domain.review.submissions import comparison, find_receipt, steps, submissions_of
from tasks_app.models import AuditEvent, Report, ReturnReason, ReviewNote, Submission

WORDS = {"progress": "专班已组建。", "forecast": "", "status": "on_track", "remarks": ""}


@pytest.fixture
def submitted(period, people, at) -> Report:
    """三元区's report, submitted for the first time."""
    reporting.open_due_periods(at=at)
    report = Report.objects.get(unit=people.other_filler.unit)
    for entry in report.entries.all():
        reporting.save_entry(report.pk, entry.pk, values=WORDS, version=0, by=people.other_filler, at=at)
    reporting.submit_report(report.pk, by=people.other_filler, at=at)
    report.refresh_from_db()
    return report


def task_ids(report: Report) -> list[int]:
    return list(report.entries.order_by("task__number").values_list("task_id", flat=True))


def send_back(report: Report, people, at, reasons=None, submission=1, **more) -> Report:
    reasons = reasons if reasons is not None else {task_ids(report)[0]: "无数据"}
    return actions.return_report(
        report.pk, submission=submission, reasons=reasons, by=people.office, at=at, **more
    )


def send_again(report: Report, people, at, **words) -> Submission:
    """The unit changes its first task and submits once more."""
    entry = report.entries.order_by("task__number").first()
    values = {**WORDS, "progress": "专班已组建，会商 2 次。", **words}
    reporting.save_entry(
        report.pk, entry.pk, values=values, version=entry.version, by=people.other_filler, at=at
    )
    return reporting.submit_report(report.pk, by=people.other_filler, at=at)


def fresh(report: Report) -> Report:
    return Report.objects.select_related("unit", "period__plan").get(pk=report.pk)


# --- returning and accepting ------------------------------------------------------------------------------


def test_a_return_names_the_task_and_sets_a_new_limit(submitted, people, at):
    late = at + timedelta(days=15)  # Tuesday 30 July, after the limit
    returned = send_back(submitted, people, late)
    assert returned.state == ReportState.RETURNED
    assert returned.due_on == date(2024, 8, 2)
    reasons = reports.open_return_reasons(returned)
    assert [reason.text for reason in reasons.values()] == ["无数据"]


def test_a_category_may_stand_beside_the_words_or_alone(submitted, people, at):
    first, second = task_ids(submitted)
    categories = {first: ReturnCategory.NO_DATA, second: ReturnCategory.OFF_TOPIC, None: "nonsense"}
    send_back(submitted, people, at, {first: "请补人次"}, categories=categories)
    kept = {reason.task_id: (reason.category, reason.text) for reason in ReturnReason.objects.all()}
    assert kept == {first: ("no_data", "请补人次"), second: ("off_topic", "")}


def test_a_return_never_shortens_the_periods_limit(submitted, people, at):
    assert send_back(submitted, people, at).due_on == date(2024, 7, 25)


def test_a_returned_report_is_owed_again_and_late_after_its_own_limit(submitted, people, at):
    returned = send_back(submitted, people, at + timedelta(days=15))
    assert returned in reports.owed_reports(at + timedelta(days=16))
    second = send_again(returned, people, at + timedelta(days=18))
    assert (second.number, second.is_late) == (2, False)
    assert reports.open_return_reasons(fresh(returned)) == {}
    found = reading(fresh(returned))
    assert [(entry.task.number, entry.changed) for entry in found.entries] == [(1, True), (2, False)]
    assert [entry.reason.text if entry.reason else "" for entry in found.entries] == ["无数据", ""]


def test_coming_back_after_the_new_limit_is_late(submitted, people, at):
    returned = send_back(submitted, people, at + timedelta(days=15))
    second = reporting.submit_report(returned.pk, by=people.other_filler, at=at + timedelta(days=19))
    assert second.is_late is True


def test_a_return_without_reason_is_refused(submitted, people, at):
    with pytest.raises(Refused, match="退回必须写明理由"):
        send_back(submitted, people, at, reasons={task_ids(submitted)[0]: "  ", None: ""})
    submitted.refresh_from_db()
    assert submitted.state == ReportState.SUBMITTED


def test_a_reason_for_a_task_outside_the_report_does_not_count(submitted, people, at):
    with pytest.raises(Refused, match="退回必须写明理由"):
        send_back(submitted, people, at, reasons={999_999: "别人的任务"})


def test_accepting_closes_the_report(submitted, people, at):
    accepted = actions.accept_report(submitted.pk, submission=1, by=people.office, at=at)
    assert (accepted.state, accepted.accepted_by) == (ReportState.ACCEPTED, people.office)
    with pytest.raises(Refused, match="填报目前是“已采纳”"):
        send_back(submitted, people, at)


def test_a_newer_submission_is_never_decided_unseen(submitted, people, at):
    send_back(submitted, people, at)
    reporting.submit_report(submitted.pk, by=people.other_filler, at=at)
    with pytest.raises(Refused, match="重新报送"):
        actions.accept_report(submitted.pk, submission=1, by=people.office, at=at)
    with pytest.raises(Refused, match="重新报送"):
        send_back(submitted, people, at)
    with pytest.raises(Refused, match="重新报送"):
        note(submitted, people, at, rating="behind")


def test_only_the_office_decides(submitted, people, at):
    for person in (people.leader, people.admin, people.other_filler, people.auditor):
        with pytest.raises(Refused):
            actions.accept_report(submitted.pk, submission=1, by=person, at=at)
        with pytest.raises(Refused):
            note(submitted, people, at, by=person, rating="behind")


# --- reopening --------------------------------------------------------------------------------------------


def reopen(report: Report, people, at, reason="数据有误", submission=1) -> Report:
    return actions.reopen_report(report.pk, submission=submission, reason=reason, by=people.office, at=at)


def test_an_accepted_report_is_opened_again_with_a_reason_that_the_unit_reads(submitted, people, at):
    actions.accept_report(submitted.pk, submission=1, by=people.office, at=at)
    late = at + timedelta(days=15)
    opened = reopen(submitted, people, late)
    assert (opened.state, opened.accepted_at, opened.accepted_by) == (ReportState.RETURNED, None, None)
    assert opened.due_on == date(2024, 8, 2)
    assert opened in reports.owed_reports(late)
    assert reports.open_return_reasons(opened)[None].text == "数据有误"
    event = reports.timeline(opened).last()
    assert (event.action, event.note) == (AuditAction.REPORT_REOPEN, "数据有误")
    assert event.changes["state"] == ["accepted", "returned"]
    assert send_again(opened, people, late).number == 2
    assert (
        Submission.objects.get(report=submitted, number=1).content["entries"][0]["progress"] == "专班已组建。"
    )


def test_opening_again_needs_a_reason_and_an_accepted_report(submitted, people, at):
    with pytest.raises(Refused, match="填报目前是“已报送”"):
        reopen(submitted, people, at)
    actions.accept_report(submitted.pk, submission=1, by=people.office, at=at)
    with pytest.raises(Refused, match="退回必须写明理由"):
        reopen(submitted, people, at, reason=" ")
    with pytest.raises(Refused):
        actions.reopen_report(submitted.pk, submission=1, reason="x", by=people.leader, at=at)
    submitted.refresh_from_db()
    assert submitted.state == ReportState.ACCEPTED


# --- ratings and notes ------------------------------------------------------------------------------------


def note(report: Report, people, at, *, task=None, submission=1, by=None, **given) -> ReviewNote:
    return actions.write_note(
        report.pk,
        task or task_ids(report)[0],
        submission=submission,
        by=by or people.office,
        at=at,
        **given,
    )


def test_both_ratings_are_kept_and_the_newest_of_the_office_counts(submitted, people, at, period):
    first, _ = task_ids(submitted)
    note(submitted, people, at, rating="behind")
    note(submitted, people, at + timedelta(hours=1), rating="not_started")
    one, other = reading(fresh(submitted)).entries
    assert (one.content.status, one.remarks.rating, one.differs) == ("on_track", "not_started", True)
    assert (other.remarks.rating, other.differs, other.is_decided) == ("", False, False)
    given = queries.verdicts([submitted])
    assert {key: each.rating for key, each in given.items()} == {(submitted.pk, first): "not_started"}
    assert queries.verdicts([submitted], until=at)[submitted.pk, first].rating == "behind"


def test_rating_the_same_again_changes_nothing(submitted, people, at):
    kept = note(submitted, people, at, rating="on_track")
    assert note(submitted, people, at + timedelta(minutes=1), rating="on_track") == kept
    assert ReviewNote.objects.count() == 1
    assert AuditEvent.objects.filter(action=AuditAction.REVIEW_NOTE).count() == 1


def test_a_verdict_belongs_to_the_submission_that_it_judged(submitted, people, at):
    first, second = task_ids(submitted)
    for task in (first, second):
        note(submitted, people, at, task=task, rating="on_track")
    assert reading(fresh(submitted)).decided == 2
    send_back(submitted, people, at + timedelta(hours=1))
    send_again(submitted, people, at + timedelta(hours=2))
    again = reading(fresh(submitted))
    assert [entry.is_decided for entry in again.entries] == [False, False]
    assert [entry.task.pk for entry in again.kept] == [second]
    counts = {task: verdict.counts for (_, task), verdict in queries.verdicts([fresh(submitted)]).items()}
    assert counts == {first: False, second: False}


def test_what_says_the_same_again_gets_its_verdict_again_by_one_click(submitted, people, at):
    first, second = task_ids(submitted)
    for task, rating in ((first, "behind"), (second, "on_track")):
        note(submitted, people, at, task=task, rating=rating, basis="on_site")
    send_back(submitted, people, at + timedelta(hours=1))
    send_again(submitted, people, at + timedelta(hours=2))
    with pytest.raises(Refused, match="已重新报送"):
        actions.keep_verdicts(submitted.pk, submission=1, by=people.office, at=at + timedelta(hours=3))
    kept = actions.keep_verdicts(submitted.pk, submission=2, by=people.office, at=at + timedelta(hours=3))
    assert kept == 1
    again = reading(fresh(submitted))
    assert [(entry.is_decided, entry.remarks.rated.basis) for entry in again.entries] == [
        (False, "on_site"),
        (True, "on_site"),
    ]
    assert (
        actions.keep_verdicts(submitted.pk, submission=2, by=people.office, at=at + timedelta(hours=4)) == 0
    )


def test_the_unit_reads_comments_and_never_an_internal_note(submitted, people, at):
    first = task_ids(submitted)[0]
    note(submitted, people, at, text="写得清楚")
    note(submitted, people, at, text="与统计局数字不符，待核", is_internal=True, rating="behind")
    remarks = queries.remarks_of(submitted)[first]
    assert [n.text for n in remarks.notes] == ["写得清楚", "与统计局数字不符，待核"]
    assert [n.text for n in remarks.comments] == ["写得清楚"]
    assert remarks.rating == "behind"
    assert "待核" not in str([(e.note, e.changes, e.target_label) for e in reports.timeline(submitted)])


def test_a_note_says_something_about_a_task_of_the_report(submitted, people, at):
    for given in ({}, {"text": "  "}, {"rating": "excellent"}):
        with pytest.raises(Refused, match="请选择核定结果，或填写意见。"):
            note(submitted, people, at, **given)
    with pytest.raises(Refused, match="没有这项任务"):
        note(submitted, people, at, task=999_999, text="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewNote.objects.create(
            report=submitted, task_id=task_ids(submitted)[0], written_by=people.office, written_at=at
        )


# --- the queue --------------------------------------------------------------------------------------------


def test_the_queue_shows_ages_in_working_days(submitted, people, at):
    [waiting] = queries.review_queue(people.office, at + timedelta(days=4)).first  # Friday
    assert (waiting.days, waiting.is_late) == (4, True)
    queue = queries.review_queue(people.office, at + timedelta(days=3))
    assert (queue.first[0].days, queue.first[0].is_late, queue.office_is_late) == (3, False, 0)
    assert queries.review_queue(people.leader, at).first != []
    assert queries.review_queue(people.filler, at).first == []


def test_the_queue_tells_first_from_again_from_not_back(submitted, people, at):
    send_back(submitted, people, at)
    queue = queries.review_queue(people.office, at + timedelta(days=11))  # Friday 26 July, a day over
    assert (queue.first, queue.again) == ([], [])
    [back] = queue.returned
    assert (back.report, back.days, back.is_late, back.left) == (submitted, 9, True, "已逾期1个工作日（1天）")
    reporting.submit_report(submitted.pk, by=people.other_filler, at=at + timedelta(days=1))
    queue = queries.review_queue(people.office, at + timedelta(days=8))
    assert (queue.first, queue.returned) == ([], [])
    assert (queue.again[0].days, queue.office_is_late) == (5, 1)


def test_a_returned_report_that_waits_for_its_signer_is_not_back(period, people, at):
    reporting.open_due_periods(at=at)
    report = Report.objects.get(unit=people.filler.unit)
    for entry in report.entries.all():
        reporting.save_entry(report.pk, entry.pk, values=WORDS, version=0, by=people.filler, at=at)
    for _ in range(2):
        reporting.request_signature(report.pk, by=people.filler, at=at)
        if not report.submissions.exists():
            reporting.submit_report(report.pk, by=people.signer, at=at)
            send_back(report, people, at)
    [back] = queries.review_queue(people.office, at).returned
    assert back.report.state == ReportState.SIGNING


def test_the_queue_is_narrowed_and_the_oldest_comes_first(submitted, people, at, period, units):
    other = Report.objects.get(unit=units["市财政局"])
    filler = people.bureau_filler
    filler.unit = other.unit
    filler.save()
    for entry in other.entries.all():
        reporting.save_entry(other.pk, entry.pk, values=WORDS, version=0, by=filler, at=at)
    reporting.submit_report(other.pk, by=filler, at=at - timedelta(hours=2))
    queue = queries.review_queue(people.office, at)
    assert [waiting.report for waiting in queue.first] == [other, submitted]
    narrowed = queries.review_queue(people.office, at, period=period, unit=submitted.unit)
    assert [waiting.report for waiting in narrowed.first] == [submitted]


# --- history and receipts ---------------------------------------------------------------------------------


def test_any_two_submissions_are_compared_word_by_word(submitted, people, at):
    send_back(submitted, people, at)
    send_again(submitted, people, at, status="done")
    send_back(submitted, people, at, submission=2)
    send_again(submitted, people, at, progress="会商 5 次。", remarks="附纪要。")
    one, two, three = submissions_of(submitted)
    first, second = comparison(one, two)
    said = {statement.label: statement.pieces for statement in first.statements}
    assert said["工作进展"] == (("same", "专班已组建"), ("new", "，会商 2 次"), ("same", "。"))
    assert said["状态"] == (("gone", "达到序时"), ("new", "已完成"))
    assert (first.is_changed, second.is_changed) == (True, False)
    backwards = {s.label: s.pieces for s in comparison(three, one)[0].statements}
    assert backwards["备注"] == (("gone", "附纪要。"),)
    assert not any(entry.is_changed for entry in comparison(three, three))


def test_the_time_line_leads_to_each_submission(submitted, people, at):
    send_back(submitted, people, at + timedelta(hours=1))
    send_again(submitted, people, at + timedelta(hours=2))
    found = steps(submitted, submissions_of(submitted))
    assert [(s.event.action, s.submission.number if s.submission else 0) for s in found] == [
        ("report_submit", 1),
        ("report_return", 0),
        ("report_submit", 2),
    ]


def test_a_receipt_is_checked_by_whoever_may_know_of_it(submitted, people, at):
    receipt = submitted.submissions.get().receipt
    for person in (people.office, people.leader, people.auditor, people.other_filler):
        assert find_receipt(f" {receipt} ", person).is_intact
    for person in (people.filler, people.admin):
        assert find_receipt(receipt, person) is None
    assert find_receipt("2024-1-000000-01", people.office) is None


def test_a_receipt_whose_content_is_another_is_found_out(submitted, people, at):
    stored = submitted.submissions.get()
    forged = Submission.objects.create(
        report=submitted,
        number=2,
        receipt="forged",
        content={**stored.content, "entries": []},
        fingerprint=stored.fingerprint,
        is_late=False,
        submitted_at=at,
        submitted_by=people.other_filler,
    )
    assert find_receipt(forged.receipt, people.office).is_intact is False
