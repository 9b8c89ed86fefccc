"""Entering for a unit that is cut off: two people of the office, said everywhere, the unit's again afterwards."""

from functools import partial

import pytest

from tasks_app.choices import AuditAction, ReportState, Role
from tasks_app.domain.exports.actions import export_period, export_report
from tasks_app.domain.exports.queries import period_annex, report_annex
from tasks_app.domain.moves import Refused
from tasks_app.domain.on_behalf import actions, queries
from tasks_app.domain.reporting import actions as reporting
from tasks_app.domain.review.actions import accept_report, reopen_report, return_report, write_note
from tasks_app.models import AuditEvent, Report, StandIn, Submission
from tests.cast import fill_in

WORDS = {"progress": "专班已组建。", "forecast": "", "status": "on_track", "remarks": ""}
fill = partial(fill_in, words=WORDS)
REASON = "该县断网，电话口述"


@pytest.fixture
def entered(report, people, at) -> Report:
    """陈志远 of the office has begun to enter it."""
    return actions.begin(report.pk, reason=REASON, by=people.office, at=at)


def submit(report, people, second, at) -> Submission:
    fill(report, people.office, at)
    reporting.request_signature(report.pk, by=people.office, at=at)
    return reporting.submit_report(report.pk, by=second, at=at)


def refreshed(report) -> Report:
    return Report.objects.select_related("unit", "period__plan", "entered_by", "submitted_by").get(
        pk=report.pk
    )


def test_one_enters_another_confirms_and_it_is_said_with_names(entered, people, second, at):
    fill(entered, people.office, at)
    with pytest.raises(Refused, match="另一名市医改办人员"):
        reporting.submit_report(entered.pk, by=people.office, at=at)
    reporting.request_signature(entered.pk, by=people.office, at=at)
    with pytest.raises(Refused):
        reporting.submit_report(entered.pk, by=people.office, at=at)
    assert queries.entered_reports(second).to_confirm == [entered]
    reporting.refuse_signature(entered.pk, reason="第二项漏写", by=second, at=at)
    reporting.request_signature(entered.pk, by=people.office, at=at)
    submission = reporting.submit_report(entered.pk, by=second, at=at)
    assert submission.submitted_by == second
    header = submission.content["header"]
    assert (header["entered_by"], header["entered_because"]) == ("陈志远", REASON)
    trail = AuditEvent.objects.filter(target_kind="report", target_id=entered.pk).exclude(
        action=AuditAction.REPORT_SAVE
    )
    assert [(event.action, event.actor_name) for event in trail.order_by("pk")] == [
        (AuditAction.REPORT_ENTER, "陈志远"),
        (AuditAction.REPORT_SIGN_REQUEST, "陈志远（代填）"),
        (AuditAction.REPORT_SIGN_REFUSE, "何静（代填复核）"),
        (AuditAction.REPORT_SIGN_REQUEST, "陈志远（代填）"),
        (AuditAction.REPORT_SUBMIT, "何静（代填复核）"),
    ]
    assert list(queries.submitted_for_units(people.office)) == [entered]


def test_exports_say_so(entered, people, second, at):
    fill(entered, people.office, at)
    draft = report_annex(refreshed(entered), own=True)
    assert "（市医改办代填：陈志远填写）" in draft.header
    reporting.request_signature(entered.pk, by=people.office, at=at)
    reporting.submit_report(entered.pk, by=second, at=at)
    report = refreshed(entered)
    for own in (True, False):
        assert "（市医改办代填：陈志远填写、何静复核）" in report_annex(report, own=own).header
        assert export_report(report, own=own, by=people.office, at=at).content
    merged = period_annex(report.period, at=at)
    assert any(
        "三元区（达到序时，市医改办代填：陈志远填写、何静复核）" in item.progress
        for block in merged.blocks
        for item in block.items
    )
    assert export_period(report.period, by=people.office, at=at).content


def test_the_unit_only_reads_until_it_takes_over(entered, people, second, at):
    fill(entered, people.office, at)
    with pytest.raises(Refused, match="先收回"):
        fill(entered, people.other_filler, at)
    reporting.request_signature(entered.pk, by=people.office, at=at)
    with pytest.raises(Refused, match="只有填报单位"):
        actions.end(entered.pk, by=people.filler, at=at)
    actions.end(entered.pk, by=people.other_filler, at=at)
    report = refreshed(entered)
    assert (report.state, report.entered_by, report.filler_name) == (ReportState.DRAFT, None, "")
    assert report.entries.first().progress == WORDS["progress"]
    with pytest.raises(Refused):
        fill(report, people.office, at)
    with pytest.raises(Refused):
        reporting.submit_report(report.pk, by=second, at=at)
    fill(report, people.other_filler, at)
    header = {"filler_name": "郑小红", "filler_phone": "0598-1", "filled_on": at.date()}
    reporting.save_header(report.pk, **header, version=0, by=people.other_filler, at=at)
    submission = reporting.submit_report(report.pk, by=people.other_filler, at=at)
    assert submission.content["header"]["entered_by"] == ""


def test_who_entered_it_does_not_review_it_who_confirmed_it_may(entered, people, second, at):
    submit(entered, people, second, at)
    task = entered.entries.first().task_id
    with pytest.raises(Refused, match="请由市医改办其他人员审阅"):
        return_report(entered.pk, submission=1, reasons={None: "请核对"}, by=people.office, at=at)
    with pytest.raises(Refused, match="不能由您自己审阅"):
        accept_report(entered.pk, submission=1, by=people.office, at=at)
    with pytest.raises(Refused, match="不能由您自己审阅"):
        write_note(entered.pk, task, submission=1, rating="behind", by=people.office, at=at)
    write_note(entered.pk, task, submission=1, rating="behind", by=second, at=at)
    accept_report(entered.pk, submission=1, by=second, at=at)
    with pytest.raises(Refused, match="不能由您自己审阅"):
        reopen_report(entered.pk, submission=1, reason="补数", by=people.office, at=at)
    reopen_report(entered.pk, submission=1, reason="补数", by=second, at=at)


def test_who_signed_in_the_units_place_does_not_review_it(period, people, at):
    """A person of the office who stands in for the unit's signer (替岗)."""
    reporting.open_due_periods(at=at)
    report = Report.objects.get(unit=people.filler.unit)
    stand_in = {"unit": report.unit, "role": Role.SIGNER, "named_by": people.admin, "named_at": at}
    StandIn.objects.create(user=people.office, since=at.date(), until=at.date(), **stand_in)
    fill(report, people.filler, at)
    reporting.request_signature(report.pk, by=people.filler, at=at)
    reporting.submit_report(report.pk, by=people.office, at=at)
    with pytest.raises(Refused, match="代为报送"):
        accept_report(report.pk, submission=1, by=people.office, at=at)


def test_returned_or_reopened_it_is_the_units_again(entered, people, second, third, at):
    submit(entered, people, second, at)
    return_report(entered.pk, submission=1, reasons={None: "请单位核对"}, by=third, at=at)
    report = refreshed(entered)
    assert (report.entered_by, report.entered_because) == (None, "")
    fill(report, people.other_filler, at)
    reporting.submit_report(report.pk, by=people.other_filler, at=at)
    first, again = Submission.objects.order_by("number")
    assert first.content["header"]["entered_by"] == "陈志远"
    assert again.content["header"]["entered_by"] == ""
    accept_report(report.pk, submission=2, by=people.office, at=at)
    reopen_report(report.pk, submission=2, reason="补数", by=people.office, at=at)
    # Cut off again: a returned report can be entered too, and given up it stays returned.
    actions.begin(report.pk, reason=REASON, by=second, at=at)
    reporting.request_signature(report.pk, by=second, at=at)
    actions.end(report.pk, by=people.office, at=at)
    assert refreshed(report).state == ReportState.RETURNED


@pytest.mark.parametrize("part", ["filler", "signer", "other_filler", "leader", "admin", "auditor"])
def test_only_the_office_begins(report, people, at, part):
    with pytest.raises(Refused, match="只有市医改办"):
        actions.begin(report.pk, reason=REASON, by=getattr(people, part), at=at)


def test_not_without_a_reason_not_twice_and_not_what_is_filed(report, people, second, at):
    with pytest.raises(Refused, match="原因"):
        actions.begin(report.pk, reason=" ", by=people.office, at=at)
    with pytest.raises(Refused, match="300"):
        actions.begin(report.pk, reason="长" * 301, by=people.office, at=at)
    assert report in queries.reports_to_enter(people.office, at)
    actions.begin(report.pk, reason=REASON, by=people.office, at=at)
    assert report not in queries.reports_to_enter(people.office, at)
    with pytest.raises(Refused, match="已由陈志远代填"):
        actions.begin(report.pk, reason=REASON, by=second, at=at)
    submit(report, people, second, at)
    with pytest.raises(Refused, match="没有在代填"):
        actions.end(report.pk, by=people.other_filler, at=at)
    report.period.closes_on = at.date().replace(day=14)
    report.period.due_on = report.period.closes_on
    report.period.save()
    closed = Report.objects.get(unit=people.filler.unit)
    with pytest.raises(Refused, match="已经关闭"):
        actions.begin(closed.pk, reason=REASON, by=people.office, at=at)


def test_alone_in_the_office_one_is_told(entered, people, at):
    assert not queries.has_second_person(people.office, at)
    fill(entered, people.office, at)
    reporting.request_signature(entered.pk, by=people.office, at=at)
    assert refreshed(entered).state == ReportState.SIGNING
