"""Samples of what addresses speak of, beside the report that tests/test_addresses.py has filed."""

from datetime import date, timedelta
from types import SimpleNamespace

from tasks_app.choices import (
    Channel,
    Comparator,
    DayKind,
    DeliveryState,
    DocumentKind,
    IndicatorKind,
    IndicatorState,
    InterviewState,
    NoticeColour,
    NoticeState,
    PeriodKind,
    PracticeState,
    Role,
)
from tasks_app.domain.escalation.rules import filing_thing
from tasks_app.domain.evidence.actions import attach
from tasks_app.domain.feeds.actions import make_feed
from tasks_app.domain.feeds.rules import link_token
from tasks_app.domain.plan_import.actions import Given, read_import, store_upload
from tasks_app.domain.reporting import actions as reporting
from tasks_app.domain.sampling.actions import draw
from tasks_app.models import (
    Delivery,
    Extension,
    GoodPractice,
    Indicator,
    Interview,
    Message,
    PlanImport,
    Report,
    ReportingPeriod,
    SpecialDay,
    StandIn,
    Submission,
    SupervisionNotice,
    Task,
)
from tests.matters_stage import instruction_of, item_of, reported, request_of, verification_of
from tests.workbooks import row as table_row
from tests.workbooks import table


def make_requests(report: Report, people, at) -> dict[str, int]:
    """What 将乐县 asks for and offers beside its report, and a stand-in of last week."""
    entry, last_week = report.entries.first(), at.date() - timedelta(days=7)
    asked = {"asked_by": people.filler, "asked_at": at}
    proposed = {
        "proposed_by": people.filler,
        "proposed_at": at,
        "decided_by": people.office,
        "decided_at": at,
    }
    days = {"since": last_week, "until": last_week, "named_by": people.admin, "named_at": at}
    return {
        "coordination": request_of(entry, "请协调数据接口。", **asked).pk,
        "instruction": instruction_of(entry, people.leader, at).pk,
        "practice": GoodPractice.objects.create(
            entry=entry, title="专班", text="每周会商。", state=PracticeState.PUBLISHED, **proposed
        ).pk,
        "extension": Extension.objects.create(
            report=report,
            reason="核数",
            situation="已完成大半",
            wanted_on=at.date() + timedelta(days=14),
            **asked,
        ).pk,
        "stand_in": StandIn.objects.create(unit=report.unit, user=people.signer, role=Role.FILLER, **days).pk,
    }


def make_notice(report: Report, people, at) -> dict[str, int | str]:
    """A 督查单 on which 将乐县 is being heard, and an earlier report of the county that is a candidate."""
    period = ReportingPeriod.objects.create(
        plan=report.period.plan,
        kind=PeriodKind.FULL_YEAR,
        opens_on=date(2024, 6, 1),
        due_on=date(2024, 6, 28),
        opened_at=at,
    )
    late = Report.objects.create(period=period, unit=report.unit, due_on=period.due_on)
    notice = SupervisionNotice.objects.create(
        issuer=people.office.unit,
        plan=report.period.plan,
        unit=report.unit,
        thing="task:1:1:1",
        colour=NoticeColour.BLUE,
        state=NoticeState.HEARING,
        title="事由",
        grounds="依据",
        requirement="要求",
        objection_due_on=at.date() + timedelta(days=3),
        reply_due_on=at.date() + timedelta(days=14),
        drafted_by=people.office,
        drafted_at=at,
    )
    return {"notice": notice.pk, "thing": filing_thing(late)}


def make_interview(report: Report, people, at) -> dict[str, int]:
    """A 约谈 of 将乐县 with one item on its list, on which the county has reported."""
    interview = Interview.objects.create(
        issuer=people.office.unit,
        plan=report.period.plan,
        unit=report.unit,
        thing="unit:1:1",
        state=InterviewState.CORRECTING,
        year=at.year,
        number=1,
        title="事由",
        grounds="依据",
        interviewee="张明",
        interviewer="李华",
        planned_at=at,
        place="会议室",
        held_on=at.date(),
        record="记录",
        proposed_by=people.office,
        proposed_at=at,
    )
    item = reported(item_of(interview, due_on=at.date() + timedelta(days=14)), people.filler, at)
    return {"interview": interview.pk, "correction": item.pk}


def make_import(people, city, at) -> PlanImport:
    """An import that was shown and not yet decided, of a table with doubts."""
    data = table(table_row(1), table_row(2, "市卫计委"), title="2024年重点任务分解表")
    stored = store_upload(data, issuer=city, file_name="表.xlsx", given=Given(), by=people.admin, at=at)
    return read_import(stored.pk, at=at)


def make_indicators(task: Task, at) -> dict[str, int]:
    """A number that was proposed and not yet decided, and one that was accepted."""
    about = {"task": task, "kind": IndicatorKind.CUMULATIVE, "comparator": Comparator.AT_LEAST, "value": 4}
    accepted = {"state": IndicatorState.ACCEPTED, "decided_at": at}
    return {
        "indicator": Indicator.objects.create(**about, position=1, name="会商次数", words="会商4次").pk,
        "accepted_indicator": Indicator.objects.create(**about, **accepted, position=2, name="培训期数").pk,
    }


def make_world(people, units, plan, period, at) -> SimpleNamespace:
    """One sample of everything an address may speak of."""
    reporting.open_due_periods(at=at)
    report = Report.objects.get(unit=people.filler.unit)
    words = {"progress": "专班已组建。", "forecast": "", "status": "on_track", "remarks": ""}
    for entry in report.entries.all():
        reporting.save_entry(report.pk, entry.pk, values=words, version=0, by=people.filler, at=at)
    evidence = {"name": "纪要.pdf", "size": 14, "content": b"%PDF-1.7 %%EOF"}
    attachment = attach(report.pk, report.entries.first().pk, **evidence, by=people.filler, at=at)
    header = {"filler_name": "林晓燕", "filler_phone": "0598-1", "filled_on": at.date()}
    reporting.save_header(report.pk, **header, version=0, by=people.filler, at=at)
    reporting.request_signature(report.pk, by=people.filler, at=at)
    reporting.submit_report(report.pk, by=people.signer, at=at)
    message = Message.objects.create(
        unit=report.unit, day=at.date(), subject="提醒", body="请填报", created_at=at
    )
    sent = {"message": message, "user": people.filler, "next_attempt_at": at}
    own = Delivery.objects.create(**sent, channel=Channel.IN_APP, state=DeliveryState.SENT, sent_at=at)
    doubtful = Delivery.objects.create(**sent, channel=Channel.EMAIL, state=DeliveryState.UNCERTAIN)
    return SimpleNamespace(
        **make_requests(report, people, at),
        verification=verification_of(report, people, at).pk,
        sample=draw(period=report.period, count=1, per_unit=False, seed="7", by=people.office, at=at).pk,
        **make_notice(report, people, at),
        **make_interview(report, people, at),
        **make_indicators(Task.objects.first(), at),
        report=report.pk,
        entry=report.entries.first().pk,
        attachment=attachment.pk,
        receipt=Submission.objects.get().receipt,
        plan=plan.pk,
        task=Task.objects.first().pk,
        period=period.pk,
        plan_import=make_import(people, plan.issuer, at).pk,
        sheet=0,
        row=3,
        kind="filing",
        delivery=doubtful.pk,
        own_message=own.pk,
        feed_token=link_token(make_feed(by=people.filler, at=at)),
        unit=units["市红十字会"].pk,
        own_unit=report.unit_id,
        notice_kind=DocumentKind.NOTICE.value,
        interview_kind=DocumentKind.INTERVIEW_NOTICE.value,
        person=people.leader.pk,
        special_day=SpecialDay.objects.create(day=at.date(), kind=DayKind.HOLIDAY, name="测试").pk,
    )
