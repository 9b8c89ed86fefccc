"""Every kind of obligation: since when, whom, when it stops, and what the office itself owes."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tasks_app.choices import ReportState, StepKind
from tasks_app.domain.calendar.actions import load_official_days
from tasks_app.domain.reminders import actions
from tasks_app.domain.reminders.delivering import deliver_messages
from tasks_app.domain.reminders.obligations import obligations
from tasks_app.domain.reminders.rungs import rung_label
from tasks_app.domain.reporting import actions as reporting
from tasks_app.models import (
    Delivery,
    Extension,
    Interview,
    Matter,
    Message,
    Reminder,
    Report,
    Step,
    SupervisionNotice,
)
from tests.cast import july
from tests.matters_stage import item_of, reported, verified


@pytest.fixture
def opened(period, people, at):
    load_official_days([2024], by=None, at=at)
    reporting.open_due_periods(at=july(1))
    return period


@pytest.fixture
def report(opened, people) -> Report:
    return Report.objects.get(unit=people.filler.unit)


@pytest.fixture
def notice(plan, people) -> SupervisionNotice:
    return SupervisionNotice.objects.create(
        issuer=plan.issuer, plan=plan, unit=people.filler.unit, thing="filing:1", colour="blue",
        state="issued", year=2024, number=1, title="报送上半年进展", grounds="逾期", requirement="请报送",
        reply_due_on=date(2024, 7, 26), drafted_by=people.office, drafted_at=july(15),
        issued_by=people.office, issued_at=july(16),
    )  # fmt: skip


@pytest.fixture
def correction(plan, people) -> Matter:
    interview = Interview.objects.create(
        issuer=plan.issuer, plan=plan, unit=people.filler.unit, thing="notice:1", state="correcting",
        year=2024, number=1, title="进展滞后", grounds="滞后", planned_at=july(15), held_on=date(2024, 7, 16),
        record="已约谈。", proposed_by=people.office, proposed_at=july(12),
    )  # fmt: skip
    return item_of(interview, text="完善台账", due_on=date(2024, 7, 30))


@pytest.fixture
def interview(plan, people) -> Interview:
    return Interview.objects.create(
        issuer=plan.issuer, plan=plan, unit=people.filler.unit, thing="notice:1", state="notified",
        year=2024, number=1, title="进展滞后", grounds="滞后", planned_at=july(26, 15),
        proposed_by=people.office, proposed_at=july(15),
    )  # fmt: skip


def told(kind: str, days: range, *, to_office: bool = False) -> list[tuple[int, str]]:
    """Compose on each day and return (day, rung) of what was told of `kind`."""
    for day in days:
        if july(day).weekday() < 5:
            actions.compose_reminders(at=july(day))
    ledger = Reminder.objects.filter(kind=kind, to_office=to_office).select_related("message")
    return [(one.message.day.day, rung_label(one.rung)) for one in ledger.order_by("message__day")]


def test_a_notice_is_told_when_issued_and_around_its_limit_until_it_is_answered(notice, people):
    assert told("notice", range(16, 30)) == [(16, "开始"), (23, "T-3"), (25, "T-1"), (26, "T"), (29, "T+1")]
    message = Message.objects.get(unit=notice.unit, day=date(2024, 7, 29))
    assert "蓝色督查单（〔2024〕1号）：报送上半年进展" in message.body
    assert {delivery.user for delivery in message.deliveries.all()} == {people.filler, people.signer}
    office = Message.objects.get(unit=notice.issuer, day=date(2024, 7, 29))
    assert "需要电话催办（1件）" in office.body
    assert "林晓燕 0598-8220000、吴志强 0598-8220000" in office.body
    SupervisionNotice.objects.update(state="replied", replied_at=july(29, 15))
    assert [one.kind.code for one in obligations(july(29, 16))] == ["reply"]
    assert deliver_messages(at=july(29, 16)).cancelled > 0
    assert told("notice", range(30, 32)) == [(16, "开始"), (23, "T-3"), (25, "T-1"), (26, "T"), (29, "T+1")]


def test_a_notice_to_be_objected_to_is_told_until_the_unit_has_spoken(notice, people):
    SupervisionNotice.objects.update(
        state="hearing", objection_due_on=date(2024, 7, 18), year=None, number=None, issued_at=None,
        issued_by=None,
    )  # fmt: skip
    actions.compose_reminders(at=july(15))
    assert "拟发出督查单，如有不同意见请在时限前申辩" in Message.objects.get(unit=notice.unit).body
    Step.objects.create(
        notice=notice, kind=StepKind.OBJECT, text="无异议", at=july(16), by=people.filler, by_name="林晓燕"
    )
    assert obligations(july(16)) == []


def test_an_item_to_correct_is_told_until_it_is_reported(correction, people):
    assert told("correction", range(16, 32)) == [
        (16, "开始"), (23, "T-5"), (29, "T-1"), (30, "T"), (31, "T+1"),
    ]  # fmt: skip
    body = Message.objects.get(unit=people.filler.unit, day=date(2024, 7, 31)).body
    assert f"/interviews/{correction.interview_id}" in body
    reported(correction, people.filler, july(31))
    assert [one.kind.code for one in obligations(july(31))] == ["verifying"]


def test_the_office_is_told_of_what_was_corrected_until_it_is_verified(correction, people):
    reported(correction, people.filler, july(16))
    assert told("verifying", range(16, 31), to_office=True) == [(22, "T+4"), (29, "T+9")]
    office = Message.objects.get(unit=people.office.unit, day=date(2024, 7, 22))
    assert office.subject == "【待办】1件整改待核验"
    assert "等候核验的整改事项（1件）" in office.body
    assert "将乐县约谈整改事项1（进展滞后），已报告整改情况，等候核验，已等候4个工作日" in office.body
    assert f"/interviews/{correction.interview_id}" in office.body
    verified(correction, people.office, july(29, 15))
    assert obligations(july(29, 16)) == []
    assert deliver_messages(at=july(29, 16)).cancelled > 0


def test_a_unit_is_told_of_an_interview_until_the_day_is_over(interview, people):
    assert told("interview", range(16, 31)) == [(16, "开始"), (23, "T-3"), (25, "T-1"), (26, "T")]
    first = Message.objects.get(unit=interview.unit, day=date(2024, 7, 16))
    assert first.subject == "【督办提醒】提醒约谈：进展滞后7月26日约谈，还有8个工作日（10天）"
    assert "约谈日期：2024年7月26日（星期五）" in first.body
    assert "已通知约谈，请按约谈通知的时间、地点到场。" in first.body
    assert f"/interviews/{interview.pk}" in first.body
    assert {delivery.user for delivery in first.deliveries.all()} == {people.filler, people.signer}
    assert "今天约谈" in Message.objects.get(unit=interview.unit, day=date(2024, 7, 26)).subject
    assert [one.kind.code for one in obligations(july(26, 23))] == ["interview"]
    assert obligations(july(27, 0)) == []


def test_an_interview_that_is_put_off_is_told_of_anew_and_one_called_off_no_more(interview, people):
    actions.compose_reminders(at=july(16))
    Interview.objects.update(planned_at=july(30, 15))
    assert deliver_messages(at=july(16, 10)).cancelled > 0  # the day that it names no longer holds
    assert told("interview", range(17, 20)) == [(16, "开始"), (17, "开始")]
    assert "7月30日约谈" in Message.objects.get(unit=interview.unit, day=date(2024, 7, 17)).subject
    Interview.objects.update(state="withdrawn")
    assert obligations(july(18)) == []
    assert deliver_messages(at=july(18)).cancelled > 0


def test_what_waits_for_the_signature_is_told_in_the_words_for_that(report, plan):
    rung = {"kind": "signing", "offset": 1, "tells_filler": False, "tells_signer": True}
    plan.rungs.create(**rung, words="{单位}的填报待您审签，{剩余}。")
    Report.objects.filter(pk=report.pk).update(state=ReportState.SIGNING, sign_requested_at=july(2, 16))
    actions.compose_reminders(at=july(3))
    body = Message.objects.get(unit=report.unit, day=date(2024, 7, 3)).body
    assert "1. 2024年上半年填报\n   将乐县的填报待您审签，还有16个工作日（22天）。\n" in body


def test_the_signer_is_told_of_what_waits_for_the_signature(report, people):
    Report.objects.filter(pk=report.pk).update(state=ReportState.SIGNING, sign_requested_at=july(2, 16))
    actions.compose_reminders(at=july(2))  # that the period has opened
    # On the 11th the period's T-10 is due, and its message tells of this along with it.
    assert told("signing", range(3, 12)) == [(3, "T+1"), (5, "T+3"), (10, "T+6"), (11, "T+7")]
    message = Message.objects.get(unit=report.unit, day=date(2024, 7, 3))
    assert {delivery.user for delivery in message.deliveries.all()} == {people.signer}
    assert message.body.count("上半年填报") == 1


def test_the_office_is_told_of_its_own_lateness(report, people):
    Report.objects.filter(pk=report.pk).update(
        state=ReportState.SUBMITTED,
        submitted_at=july(2),
        first_submitted_at=july(2),
        submitted_by=people.filler,
    )
    assert told("review", range(2, 18), to_office=True) == [(8, "T+4"), (15, "T+9")]
    office = Message.objects.get(unit=people.office.unit, day=date(2024, 7, 8))
    assert "超过3个工作日未审阅的填报（1件）" in office.body
    assert [delivery.user for delivery in office.deliveries.filter(channel="email")] == [people.office]
    Report.objects.filter(pk=report.pk).update(
        state=ReportState.ACCEPTED, accepted_at=july(16), accepted_by=people.office
    )
    deliver_messages(at=july(17))
    assert Delivery.objects.filter(user=people.office, channel="email", state="sent").count() == 0
    assert Delivery.objects.filter(user=people.office, channel="email", state="cancelled").count() == 2


def test_an_extension_nobody_has_answered_is_told_to_the_office(report, people):
    extension = Extension.objects.create(
        report=report, reason="台风", situation="过半", wanted_on=date(2024, 8, 1), asked_by=people.filler,
        asked_at=july(8, 17),
    )  # fmt: skip
    assert told("extension", range(8, 12), to_office=True) == [(9, "T+1"), (11, "T+3")]
    Extension.objects.filter(pk=extension.pk).update(
        state="refused", decided_at=july(11), decided_by=people.office, decision="不予延期"
    )
    assert "extension" not in {one.kind.code for one in obligations(july(12))}


def test_the_offices_call_list_comes_the_day_after_the_limit_once_for_all_units(opened, people):
    for day in (25, 26, 29):
        actions.compose_reminders(at=july(day))
    office = Message.objects.filter(unit=people.office.unit)
    assert [message.day.day for message in office] == [26]
    assert "需要电话催办（5件）" in office.get().body
    assert (
        "市医保局 2024年上半年填报，已逾期1个工作日（1天），尚未报送，请填写完成后报送。联系人：尚无账号"
        in office.get().body
    )


def test_what_a_unit_that_was_closed_owes_is_nobodys_matter(opened, people):
    unit = people.filler.unit
    unit.is_active = False
    unit.save()
    assert unit.pk not in {one.unit for one in obligations(july(18))}


def test_the_ledger_is_of_one_thing_and_each_rung_once(report, notice, people):
    actions.compose_reminders(at=july(16))
    message = Message.objects.first()
    base = {
        "kind": "notice",
        "due_on": notice.reply_due_on,
        "rung": -100,
        "message": message,
        "created_at": july(16),
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(notice=notice, **base)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(notice=notice, report=report, **base | {"rung": 5})
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(**base | {"rung": 5})
    Reminder.objects.create(notice=notice, to_office=True, **base)


def test_only_the_matters_asked_for(opened, notice, people, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert {one.unit for one in obligations(july(18), units=[people.filler.unit_id])} == {
            people.filler.unit_id
        }
    assert len(obligations(july(18), issuers=[notice.issuer_id])) == 6
    assert obligations(july(18), issuers=[people.filler.unit_id]) == []
