"""The office returns and accepts: reasons, new limits, and that nothing is decided unseen."""

from datetime import date, timedelta

import pytest

from tasks_app.choices import ReportState
from tasks_app.domain.reporting import actions as reporting
from tasks_app.domain.reporting import queries as reports
from tasks_app.domain.review import actions, queries
from tasks_app.models import Report

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


def send_back(report: Report, people, at, reasons=None) -> Report:
    reasons = reasons or {task_ids(report)[0]: "无数据"}
    return actions.return_report(report.pk, submission=1, reasons=reasons, by=people.office, at=at)


def test_a_return_names_the_task_and_sets_a_new_limit(submitted, people, at):
    late = at + timedelta(days=15)  # Tuesday 30 July, after the limit
    returned = send_back(submitted, people, late)
    assert returned.state == ReportState.RETURNED
    assert returned.due_on == date(2024, 8, 2)
    reasons = reports.open_return_reasons(returned)
    assert [reason.text for reason in reasons.values()] == ["无数据"]


def test_a_return_never_shortens_the_periods_limit(submitted, people, at):
    assert send_back(submitted, people, at).due_on == date(2024, 7, 25)


def test_a_returned_report_is_owed_again_and_late_after_its_own_limit(submitted, people, at):
    returned = send_back(submitted, people, at + timedelta(days=15))
    assert returned in reports.owed_reports(at + timedelta(days=16))
    entry = returned.entries.order_by("task__number").first()
    again = {**WORDS, "progress": "专班已组建，会商 2 次。"}
    in_time = at + timedelta(days=18)
    reporting.save_entry(
        returned.pk, entry.pk, values=again, version=entry.version, by=people.other_filler, at=in_time
    )
    second = reporting.submit_report(returned.pk, by=people.other_filler, at=in_time)
    assert (second.number, second.is_late) == (2, False)
    assert reports.open_return_reasons(Report.objects.get(pk=returned.pk)) == {}
    reading = queries.reading(Report.objects.get(pk=returned.pk), second)
    assert reading.changed == dict(zip(task_ids(returned), [True, False], strict=True))
    assert [reason.text for reason in reading.reasons.values()] == ["无数据"]


def test_coming_back_after_the_new_limit_is_late(submitted, people, at):
    returned = send_back(submitted, people, at + timedelta(days=15))
    second = reporting.submit_report(returned.pk, by=people.other_filler, at=at + timedelta(days=19))
    assert second.is_late is True


def test_a_return_without_reason_is_refused(submitted, people, at):
    with pytest.raises(actions.ReasonMissingError):
        send_back(submitted, people, at, reasons={task_ids(submitted)[0]: "  ", None: ""})
    submitted.refresh_from_db()
    assert submitted.state == ReportState.SUBMITTED


def test_a_reason_for_a_task_outside_the_report_does_not_count(submitted, people, at):
    with pytest.raises(actions.ReasonMissingError):
        send_back(submitted, people, at, reasons={999_999: "别人的任务"})


def test_accepting_closes_the_report(submitted, people, at):
    accepted = actions.accept_report(submitted.pk, submission=1, by=people.office, at=at)
    assert (accepted.state, accepted.accepted_by) == (ReportState.ACCEPTED, people.office)
    with pytest.raises(reporting.MoveRefusedError):
        send_back(submitted, people, at)


def test_a_newer_submission_is_never_decided_unseen(submitted, people, at):
    send_back(submitted, people, at)
    reporting.submit_report(submitted.pk, by=people.other_filler, at=at)
    with pytest.raises(reporting.MoveRefusedError, match="重新报送"):
        actions.accept_report(submitted.pk, submission=1, by=people.office, at=at)
    with pytest.raises(reporting.MoveRefusedError, match="重新报送"):
        send_back(submitted, people, at)


def test_only_the_office_decides(submitted, people, at):
    for person in (people.leader, people.admin, people.other_filler, people.auditor):
        with pytest.raises(reporting.MoveRefusedError):
            actions.accept_report(submitted.pk, submission=1, by=person, at=at)


def test_the_queue_shows_ages_in_working_days_oldest_first(submitted, people, at):
    [waiting] = queries.review_queue(people.office, at + timedelta(days=4))  # Friday
    assert (waiting.days, waiting.is_overdue) == (4, True)
    [waiting] = queries.review_queue(people.office, at + timedelta(days=3))
    assert (waiting.days, waiting.is_overdue) == (3, False)
    assert queries.review_queue(people.leader, at) != []
    assert queries.review_queue(people.filler, at) == []
