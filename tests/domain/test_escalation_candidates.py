"""Suggestions: when a thing becomes one, what its grounds say, when it goes away, and in how many statements."""

from datetime import date, timedelta

import pytest

from tasks_app.choices import (
    AuditAction,
    CandidateKind,
    Channel,
    DeadlineKind,
    DeliveryState,
    InterviewState,
    NoticeColour,
    ReportState,
)
from tasks_app.domain.calendar.actions import load_official_days
from tasks_app.domain.escalation import actions, rules
from tasks_app.domain.escalation.candidates import candidate_after, candidates, suggestions
from tasks_app.domain.escalation.queries import visible_notices
from tasks_app.domain.extensions import actions as extensions
from tasks_app.domain.matters.actions import answer, ask
from tasks_app.domain.moves import Refused
from tasks_app.domain.plan.actions import set_period
from tasks_app.domain.plan.rules import PeriodDates
from tasks_app.domain.reporting import actions as reporting
from tasks_app.domain.review import actions as review
from tasks_app.models import (
    AuditEvent,
    Deadline,
    Delivery,
    Interview,
    Message,
    Reminder,
    Report,
    SetAside,
    SupervisionNotice,
    Task,
)
from tests.escalation_stage import LATE, REPLY_BY, bring_to, draft, grounds, on, step

K = CandidateKind
CODES = {"status": "not_started", "cause": "funds", "outlook": "hard"}
WORDS = {"progress": "专班尚未组建。", "forecast": "年底前组建。", "remarks": "缺编制。", **CODES}


@pytest.fixture
def reports(period, people, at) -> dict[str, Report]:
    """The five reports of the small plan by unit, due on Thursday 25 July; the calendar of 2024 is entered."""
    load_official_days([2024], by=None, at=at)
    reporting.open_due_periods(at=at)
    return {report.unit.name: report for report in Report.objects.select_related("unit", "period__plan")}


@pytest.fixture
def found(city):
    """`found(at)` are the things that are suggested at a moment, in their order."""
    return lambda at: [candidate.thing for candidate in candidates(city, at)]


def file(report: Report, *, by, at, **words) -> None:
    """Fill in and submit; three districts of the cast have no signer, 将乐县 has."""
    for entry in report.entries.all():
        values = WORDS | words
        reporting.save_entry(report.pk, entry.pk, values=values, version=entry.version, by=by, at=at)
    reporting.submit_report(report.pk, by=by, at=at)


# --- when it becomes one ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "is_one"), [(date(2024, 7, 25), False), (date(2024, 7, 29), False), (date(2024, 7, 30), True)]
)
def test_a_report_from_the_third_working_day_after_its_limit(reports, found, day, is_one):
    assert (rules.filing_thing(reports["将乐县"]) in found(on(day))) == is_one
    assert len(found(on(day))) == (5 if is_one else 0)


def test_the_grounds_of_an_overdue_report(reports, city, people, at):
    report = reports["三元区"]
    asked = {"reason": "核数需要时间", "situation": "已完成大半", "wanted_on": date(2024, 8, 1)}
    extension = extensions.ask_extension(report.pk, **asked, by=people.other_filler, at=at)
    extensions.refuse_extension(extension.pk, decision="时间充裕", by=people.office, at=at)
    for day, is_read in ((26, True), (30, False)):
        words = {"subject": "催报", "body": "…", "created_at": on(date(2024, 7, day))}
        message = Message.objects.create(unit=report.unit, day=date(2024, 7, day), **words)
        told = {"message": message, "created_at": message.created_at, "rung": day - 25}
        Reminder.objects.create(kind="filing", report=report, due_on=report.due_on, **told)
        for channel in (Channel.IN_APP, Channel.EMAIL):
            Delivery.objects.create(
                message=message, user=people.other_filler, channel=channel, state=DeliveryState.SENT,
                next_attempt_at=at, sent_at=at, read_at=at if is_read else None,
            )  # fmt: skip
    [candidate] = [each for each in candidates(city, LATE) if each.report == report]
    assert (candidate.kind, candidate.colour) == (K.FILING, NoticeColour.BLUE)
    assert (candidate.title, candidate.days) == ("三元区2024年上半年填报逾期未报", 5)
    assert candidate.grounds == (
        "事项：三元区2024年上半年填报逾期未报。\n"
        "时限：2024年7月25日（周四），为《三明市2024年深化医改重点任务分解表》（明医改组〔2024〕4号）"
        "2024年上半年填报的按期截止日\n"
        "逾期：截至2024年8月1日，已过5个工作日（7天）\n"
        "延期申请：2024年7月15日申请延至2024年8月1日，理由：核数需要时间，工作进度：已完成大半，"
        "2024年7月15日未准予，意见：时间充裕\n"
        "提醒：已提醒2次，其中1次有人阅读，最近一次2024年7月30日"
    )


def test_a_granted_extension_is_another_thing_with_its_own_limit(reports, city, people, at, found):
    report = reports["三元区"]
    asked = {"reason": "核数", "situation": "大半", "wanted_on": date(2024, 8, 1)}
    extension = extensions.ask_extension(report.pk, **asked, by=people.other_filler, at=at)
    extensions.grant_extension(extension.pk, until=date(2024, 8, 1), by=people.office, at=at)
    report.refresh_from_db()
    assert rules.filing_thing(report) not in found(on(date(2024, 8, 5)))
    said = grounds(city, f"filing:{report.pk}:2024-08-01", on(date(2024, 8, 6)))
    assert said["原时限"].startswith("2024年7月25日（周四），为《三明市")
    assert said["延期后时限"] == "2024年8月1日（周四）"
    assert said["提醒"] == "系统没有提醒过"
    assert "已准予至2024年8月1日" in said["延期申请"]


def test_a_returned_report_that_does_not_come_back(reports, city, people, at, found):
    report = reports["三元区"]
    file(report, by=people.other_filler, at=at, status="on_track")
    task = Task.objects.get(number=1)
    reasons = {task.pk: "没有数据", None: "请补充"}
    back = on(date(2024, 7, 24))
    review.return_report(report.pk, submission=1, reasons=reasons, by=people.office, at=back)
    report.refresh_from_db()
    assert report.due_on == date(2024, 7, 29)
    thing = rules.returned_thing(report)
    assert thing not in found(on(date(2024, 7, 31)))
    assert thing in found(LATE)
    said = grounds(city, thing, LATE)
    assert said["事项"] == "三元区2024年上半年填报退回后逾期未重报。"
    assert said["重报时限"] == "2024年7月24日退回，限2024年7月29日（周一）前重新报送"
    assert said["逾期"] == "截至2024年8月1日，已过3个工作日（3天）"
    assert "退回（第1项）：没有数据" in said["退回理由"]
    file(report, by=people.other_filler, at=LATE, status="on_track")
    assert thing not in found(LATE)


def test_a_task_that_lags_severely_in_a_filed_report(reports, city, people, at, found):
    report, task = reports["三元区"], Task.objects.get(number=1)
    Deadline.objects.create(
        task=task, measure=task.measures.get(number=2), position=1, text="2024年6月底前",
        due_on=date(2024, 6, 30), kind=DeadlineKind.DATED,
    )  # fmt: skip
    entry = report.entries.get(task=task)
    asked = {"text": "请协调编制", "addressee": None, "due_on": date(2024, 7, 19)}
    item = ask(report.pk, entry.pk, **asked, by=people.other_filler, at=at)
    assert found(at) == []  # a draft is the unit's own
    file(report, by=people.other_filler, at=at)
    answer(item.pk, text="已商编办", by=people.office, at=at)
    thing = f"task:{report.unit_id}:{task.pk}:{report.period_id}"
    assert thing in found(at)
    said = grounds(city, thing, at)
    assert "自报为“未启动”，属严重滞后" in said["事项"]
    assert said["任务来源"] == (
        "《三明市2024年深化医改重点任务分解表》（明医改组〔2024〕4号）第1项，"
        "责任单位：市卫健委、市医保局、三元区、将乐县"
    )
    assert said["细化措施"] == "②每季度会商"  # its limit has passed, the other's has not
    assert said["完成时限"] == "②“2024年6月底前”（2024年6月30日）"
    assert said["逾期"] == "截至2024年7月15日，已过11个工作日（15天）"
    assert (
        said["单位说明"]
        == "工作进展：专班尚未组建；滞后原因：资金；预计至期末：有困难，年底前组建；备注：缺编制"
    )
    assert said["协调事项"] == "2024年7月15日请市医改办协调：请协调编制；答复：已商编办"


def test_the_grounds_name_the_measures_at_issue_and_the_title_its_year(reports, city, people, at):
    """As the unit ticked them; where it ticked none and none is overdue, the task speaks for itself."""
    report, task = reports["三元区"], Task.objects.get(number=1)
    Task.objects.filter(pk=task.pk).update(title="推进“六病共管”（试点）。")
    file(report, by=people.other_filler, at=at)
    thing = f"task:{report.unit_id}:{task.pk}:{report.period_id}"
    [candidate] = [each for each in candidates(city, at) if each.thing == thing]
    assert candidate.subject == "三元区2024年上半年“1. 推进‘六病共管’（试点）”严重滞后"
    assert "细化措施" not in dict(candidate.lines)
    entry = report.entries.get(task=task)
    for number, state in ((1, "not_started"), (2, "under_way")):
        entry.measures.create(measure=task.measures.get(number=number), state=state)
    assert grounds(city, thing, at)["细化措施"] == "①完善工作专班"


def test_no_stop_stands_before_a_mark_and_no_bracket_in_a_bracket(reports, city, people, at):
    report = reports["三元区"]
    asked = {"reason": "核数需要时间。", "situation": "已完成大半（见附件）。", "wanted_on": date(2024, 8, 1)}
    extension = extensions.ask_extension(report.pk, **asked, by=people.other_filler, at=at)
    extensions.refuse_extension(extension.pk, decision="时间充裕（见通知）。", by=people.office, at=at)
    bring_to("acknowledged", reports["将乐县"], people)
    for candidate in candidates(city, on(REPLY_BY + timedelta(days=1))):
        texts = candidate.subject, candidate.grounds
        for wrong in ("。；", "。，", "。）", "；；", "））", "（（", "）（"):
            assert not any(wrong in text for text in texts), (wrong, texts)
    assert "意见：时间充裕（见通知）" in grounds(city, rules.filing_thing(report), LATE)["延期申请"]


def test_the_offices_rating_counts_before_the_units_word(reports, people, at, found):
    report = reports["三元区"]
    file(report, by=people.other_filler, at=at, status="on_track")
    assert found(at) == []
    task = Task.objects.get(number=2)
    rate = {"submission": 1, "by": people.office, "at": at}
    review.write_note(report.pk, task.pk, rating="not_started", **rate)
    assert found(at) == [f"task:{report.unit_id}:{task.pk}:{report.period_id}"]
    review.write_note(report.pk, task.pk, rating="behind", **rate)
    assert found(at) == []


def test_the_latest_report_that_left_the_unit_decides(reports, plan, people, at, found):
    """What lagged at mid-year and moves in the third quarter is no matter any more."""
    file(reports["三元区"], by=people.other_filler, at=at)
    period = plan.periods.create(kind="three_quarters", opens_on=date(2024, 7, 16), due_on=date(2024, 9, 25))
    reporting.open_due_periods(at=on(date(2024, 7, 16)))
    later = Report.objects.get(unit=reports["三元区"].unit, period=period)
    assert len(found(on(date(2024, 7, 16)))) == 2
    file(later, by=people.other_filler, at=on(date(2024, 7, 17)), status="on_track")
    assert found(on(date(2024, 7, 17))) == []


# --- 督查单 that are not heeded ---------------------------------------------------------------------------------------


def of_notice(city, at):
    return [each for each in candidates(city, at) if each.notice is not None]


def test_an_unanswered_one_asks_for_the_next_colour_and_a_red_one_for_an_interview(reports, city, people):
    notice = bring_to("acknowledged", reports["将乐县"], people)
    assert of_notice(city, on(REPLY_BY)) == []
    late = on(REPLY_BY + timedelta(days=1))
    [candidate] = of_notice(city, late)
    assert (candidate.kind, candidate.colour) == (K.NOTICE, NoticeColour.ORANGE)
    assert candidate.thing == f"notice:{notice.pk}"
    assert candidate.title == "明医改督〔2024〕1号（蓝色）逾期未回复：填报逾期未报"
    said = dict(candidate.lines)
    assert said["回复时限"] == "明医改督〔2024〕1号2024年8月1日签发，限2024年8月20日（周二）前回复"
    assert said["逾期"] == "截至2024年8月21日，已过1个工作日（1天）"
    assert said["签收"] == "2024年8月1日林晓燕签收"
    assert said["申辩"] == "2024年8月1日林晓燕：无异议"
    assert said["现状"] == "2024年上半年填报至今未报送"
    SupervisionNotice.objects.filter(pk=notice.pk).update(colour=NoticeColour.RED)
    [candidate] = of_notice(city, late)
    assert (candidate.kind, candidate.colour) == (K.INTERVIEW, None)


@pytest.mark.parametrize(
    ("state", "heeded"),
    [("issued", "至今未回复"), ("replied", "的回复未予认可"), ("closed", "已回复并办结")],
)
def test_going_on_from_a_notice_says_truly_how_far_it_was_heeded(reports, people, state, heeded):
    notice = bring_to(state, reports["将乐县"], people)
    said = dict(candidate_after(visible_notices(people.office, LATE.date()).get(pk=notice.pk), LATE).lines)
    assert said["事项"] == f"将乐县对明医改督〔2024〕1号蓝色督查单{heeded}。"


def test_a_refused_reply_asks_for_it_at_once_and_a_new_reply_ends_it(reports, city, people):
    notice = bring_to("replied", reports["将乐县"], people)
    assert of_notice(city, LATE) == []
    step(notice, "refuse", people)
    [candidate] = of_notice(city, LATE)
    assert candidate.title.startswith("明医改督〔2024〕1号（蓝色）回复未通过")
    assert "没有写明时间。" in dict(candidate.lines)["回复未通过"]
    assert "逾期" not in dict(candidate.lines)
    step(notice, "reply", people)
    assert of_notice(city, LATE) == []


def test_the_grounds_of_a_second_colour_name_the_first(reports, city, people):
    notice = bring_to("raised", reports["将乐县"], people).successor
    step(notice, "hear", people)
    step(notice, "object", people)
    given = {"answer": "口径未变。", "reply_due_on": date(2024, 8, 14)}
    actions.issue_notice(notice.pk, **given, by=people.office, at=on(date(2024, 8, 7)))
    said = grounds(city, rules.notice_thing(notice), on(date(2024, 8, 15)))
    assert said["对申辩的答复"] == "2024年8月7日陈志远：口径未变。"
    assert said["此前督查单"] == "明医改督〔2024〕1号（蓝色，已转下一色）"


# --- when it goes away ----------------------------------------------------------------------------------------------


def test_it_goes_when_the_cause_is_gone(reports, people, found):
    report = reports["三元区"]
    assert rules.filing_thing(report) in found(LATE)
    file(report, by=people.other_filler, at=LATE, status="on_track")
    assert rules.filing_thing(report) not in found(LATE)
    report.refresh_from_db()
    assert report.state == ReportState.SUBMITTED


def test_it_goes_while_a_notice_is_open_and_comes_back_when_that_is_withdrawn(reports, people, found):
    thing = rules.filing_thing(reports["将乐县"])
    notice = draft(reports["将乐县"], by=people.office)
    assert thing not in found(LATE)
    step(notice, "withdraw", people)
    assert thing in found(LATE)


def test_what_is_still_not_filed_comes_back_some_days_after_the_closing(reports, people, found):
    bring_to("closed", reports["将乐县"], people)
    thing = rules.filing_thing(reports["将乐县"])
    assert thing not in found(LATE + timedelta(days=4))
    assert thing in found(LATE + timedelta(days=5))  # three working days, as at first


def test_a_task_that_was_dealt_with_comes_back_with_the_next_period_only(reports, city, people, at, found):
    file(reports["三元区"], by=people.other_filler, at=at)
    thing = found(at)[0]
    given = {"title": "事由", "grounds": "依据", "requirement": "要求", "colour": "blue"}
    notice = actions.draft_notice(thing, **given, reply_due_on=REPLY_BY, by=people.office, at=at)
    assert notice.task is not None
    SupervisionNotice.objects.filter(pk=notice.pk).update(
        state="closed", year=2024, number=1, issued_at=at, issued_by=people.office, closed_at=at
    )
    assert thing not in found(at + timedelta(days=60))


def test_it_goes_while_an_interview_about_it_is_under_way(reports, city, people):
    notice = bring_to("acknowledged", reports["将乐县"], people)
    SupervisionNotice.objects.filter(pk=notice.pk).update(colour=NoticeColour.RED)
    late = on(REPLY_BY + timedelta(days=1))
    interview = Interview.objects.create(
        issuer=city, plan=notice.plan, unit=notice.unit, thing=f"notice:{notice.pk}", notice=notice,
        title="约谈", grounds="依据", proposed_by=people.office, proposed_at=late,
    )  # fmt: skip
    assert of_notice(city, late) == []
    Interview.objects.filter(pk=interview.pk).update(state=InterviewState.WITHDRAWN)
    assert len(of_notice(city, late)) == 1


def test_it_is_set_aside_with_a_reason_and_taken_back(reports, city, people, found):
    thing = rules.filing_thing(reports["将乐县"])
    office = {"by": people.office, "at": LATE}
    with pytest.raises(Refused, match="请写明暂不督办的理由"):
        actions.set_aside(thing, reason=" ", **office)
    with pytest.raises(Refused, match="由市医改办办理"):
        actions.set_aside(thing, reason="已电话沟通", by=people.leader, at=LATE)
    actions.set_aside(thing, reason="已电话沟通", **office)
    with pytest.raises(Refused, match="已经由同事"):
        actions.set_aside(thing, reason="已电话沟通", **office)
    assert thing not in found(LATE)
    [(candidate, kept)] = suggestions(city, LATE).set_aside
    assert (candidate.thing, kept.reason, kept.by) == (thing, "已电话沟通", people.office)
    actions.take_back(thing, **office)
    actions.take_back(thing, **office)
    assert thing in found(LATE)
    notes = AuditEvent.objects.filter(action=AuditAction.CANDIDATE).order_by("pk")
    assert [event.note.split("（")[0] for event in notes] == ["暂不督办：已电话沟通", "恢复督办建议"]
    assert {event.unit.name for event in notes} == {"将乐县"}


def test_drafting_what_was_set_aside_takes_it_back(reports, people):
    actions.set_aside(rules.filing_thing(reports["将乐县"]), reason="等等看", by=people.office, at=LATE)
    draft(reports["将乐县"], by=people.office)
    assert not SetAside.objects.exists()


def test_a_limit_that_was_moved_is_another_thing(reports, period, people, found):
    thing = rules.filing_thing(reports["将乐县"])
    actions.set_aside(thing, reason="等等看", by=people.office, at=LATE)
    days = PeriodDates(period.opens_on, date(2024, 7, 26))
    set_period(period.pk, days, today=LATE.date(), by=people.admin, at=LATE)
    assert f"filing:{reports['将乐县'].pk}:2024-07-26" in found(LATE)


def test_a_unit_that_is_closed_is_left_alone(reports, found):
    report = reports["将乐县"]
    report.unit.is_active = False
    report.unit.save()
    assert rules.filing_thing(report) not in found(LATE)


def test_another_city_sees_nothing_of_it(reports, units):
    assert candidates(units["市卫健委"], LATE) == []


def test_the_number_of_statements_is_fixed(
    reports, city, people, at, django_assert_max_num_queries, django_assert_num_queries
):
    """One of every kind, then more of them."""
    bring_to("acknowledged", reports["将乐县"], people)
    file(reports["三元区"], by=people.other_filler, at=LATE)
    late = on(REPLY_BY + timedelta(days=1))
    with django_assert_max_num_queries(20) as counted:
        found = candidates(city, late)
    assert {candidate.kind for candidate in found} == {K.NOTICE, K.FILING, K.TASK}
    before = len(counted)
    for each in Report.objects.exclude(unit__name="将乐县").filter(state=ReportState.DRAFT):
        Message.objects.create(unit=each.unit, day=at.date(), subject="催报", body="…", created_at=at)
        extension = {"reason": "核数", "situation": "大半", "wanted_on": date(2024, 8, 1)}
        each.extensions.create(**extension, asked_by=people.other_filler, asked_at=at)
    with django_assert_num_queries(before):
        candidates(city, late)
