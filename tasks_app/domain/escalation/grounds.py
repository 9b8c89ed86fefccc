"""Words: a suggestion's title and its grounds, as they stand in a 督查单: which thing, which limit, what was said."""

from collections.abc import Iterator
from datetime import date, datetime

from tasks_app.choices import CandidateKind, Cause, ExtensionState, NoticeState, ProgressStatus, StepKind
from tasks_app.clock import day_and_weekday, day_in_words, local_date
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.domain.matters.rules import addressee_name
from tasks_app.domain.matters.wording import ANSWER_TO_OBJECTION, words_of
from tasks_app.domain.plan.rules import measure_mark
from tasks_app.domain.reporting.rules import FILED_STATES
from tasks_app.domain.standing.course import LASTING_PERIODS
from tasks_app.domain.standing.rules import NO_TEXTS, Standing, Texts
from tasks_app.language.punctuation import bracketed, listed, quoted, unstopped
from tasks_app.models import (
    Deadline,
    Extension,
    Measure,
    Plan,
    ProgressEntry,
    Report,
    ReturnReason,
    Step,
    SupervisionNotice,
)

from .facts import Facts, Told
from .rules import Occasion, document_number, is_severe, was_refused

Line = tuple[str, str]
# Grounds quote a unit; what is longer is read in the report itself.
QUOTE_LIMIT = 300
TASK_TITLE_LIMIT = 60
ANSWERS = {StepKind.OBJECT: "申辩", StepKind.REPLY: "回复", StepKind.REJECT: "回复未通过"}
NOTHING = "无"

REQUIREMENTS = {
    CandidateKind.FILING: "请在回复期限前完成报送，并书面说明逾期未报的原因和改进措施。",
    CandidateKind.RETURNED: "请在回复期限前按退回意见修改后重新报送，并书面说明未按期重报的原因。",
    CandidateKind.TASK: "请立即启动该项任务，在回复期限前书面说明滞后原因、推进措施、完成时间和责任人。",
}


def title_of(occasion: Occasion) -> str:
    """Return what the 督查单 about `occasion` would be called (事由)."""
    if occasion.notice is not None:
        return occasion.notice.title
    if occasion.entry is not None:
        task = quoted(_task(occasion.entry, TASK_TITLE_LIMIT))
        is_bad = occasion.standing is not None and is_severe(occasion.standing.status)
        fault = "严重滞后" if is_bad else f"连续{occasion.lag_periods}期滞后"
        return f"{occasion.unit}{occasion.entry.report.period}{task}{fault}"
    assert occasion.report is not None, "an occasion without entry and notice is a report"  # noqa: S101
    fault = "填报退回后逾期未重报" if occasion.kind == CandidateKind.RETURNED else "填报逾期未报"
    return f"{occasion.unit}{occasion.report.period}{fault}"


def headline(occasion: Occasion) -> str:
    """Return the candidate's title in the office's list: for a 督查单 with its number and what is wrong with it."""
    if occasion.notice is None:
        return title_of(occasion)
    fault = "回复未通过" if was_refused(occasion.notice) else "逾期未回复"
    named = f"{document_number(occasion.notice)}（{occasion.notice.get_colour_display()}）"
    return f"{named}{fault}：{occasion.notice.title}"


def requirement_of(occasion: Occasion) -> str:
    """Return what the 督查单 demands unless the office writes something else."""
    return (
        occasion.notice.requirement
        if occasion.notice is not None
        else REQUIREMENTS[CandidateKind(occasion.kind)]
    )


def lines_of(occasion: Occasion, facts: Facts, today: date, calendar: WorkingCalendar) -> tuple[Line, ...]:
    """Return the grounds as (label, words), in the order in which they are printed."""
    if occasion.notice is not None:
        lines = _of_notice(occasion.notice, facts)
    elif occasion.entry is not None:
        lines = _of_task(occasion, occasion.entry, facts)
    else:
        assert occasion.report is not None, "an occasion without entry and notice is a report"  # noqa: S101
        lines = _of_report(occasion, occasion.report, facts)
    return (*lines, *_late(occasion, today, calendar), *_around(occasion, facts))


def _of_report(occasion: Occasion, report: Report, facts: Facts) -> Iterator[Line]:
    yield "事项", f"{title_of(occasion)}。"
    period = report.period
    first = f"{day_and_weekday(period.due_on)}，为{_document(period.plan)}{period}填报的按期截止日"
    if occasion.kind == CandidateKind.RETURNED:
        yield "原时限", first
        back = f"{_day(report.returned_at)}退回，限{day_and_weekday(report.due_on)}前重新报送"
        yield "重报时限", back
    elif report.due_on != period.due_on:
        yield "原时限", first
        yield "延期后时限", day_and_weekday(report.due_on)
    else:
        yield "时限", first


def _of_task(occasion: Occasion, entry: ProgressEntry, facts: Facts) -> Iterator[Line]:
    task, report = entry.task, entry.report
    standing = occasion.standing
    assert standing is not None, "a task is an occasion by where it stands"  # noqa: S101
    status = f"自报为“{ProgressStatus(standing.self_rating).label}”"
    if standing.differs:
        status += f"，市医改办核定为“{ProgressStatus(standing.verdict).label}”"
    named = quoted(_task(entry, 200))
    filler = (
        report.unit.name if report.unit == occasion.unit else f"{report.unit.name}（已并入{occasion.unit}）"
    )
    yield "事项", f"{filler}在{report.period}填报中对{named}{status}，{_gravity(occasion, standing)}。"
    yield (
        "任务来源",
        f"{_document(occasion.plan)}第{task.printed_number or task.number}项，责任单位：{task.units_text}",
    )
    at_issue = _at_issue(occasion, entry, facts)
    if at_issue:
        yield "细化措施", listed([f"{_mark(measure)}{measure.text}" for measure in at_issue])
    of_task = [limit for limit in task.deadlines.all() if limit.measure is None or limit.measure in at_issue]
    limits = listed([_deadline(limit) for limit in of_task])
    yield "完成时限", limits or f"分解表没有写明日期，按{report.period}的进展判断"
    yield "单位说明", _words(standing, facts.texts.get((report.pk, entry.task_id), NO_TEXTS))
    for item in facts.asked.get(entry.pk, []):
        asked = f"{_day(item.asked_at)}请{addressee_name(item)}协调：{_short(item.text)}"
        replied = f"答复：{_short(item.answer.text)}" if item.answer else "尚未答复"
        yield "协调事项", listed([asked, replied])


def _at_issue(occasion: Occasion, entry: ProgressEntry, facts: Facts) -> list[Measure]:
    """Return the measures that the 督查单 is about: those not started by the unit's own ticks, else those overdue."""
    if not_started := facts.not_started.get(entry.pk):
        return not_started
    late = [limit for limit in entry.task.deadlines.all() if limit.due_on and limit.due_on == occasion.limit]
    return list(dict.fromkeys(limit.measure for limit in late if limit.measure is not None))


def _of_notice(notice: SupervisionNotice, facts: Facts) -> Iterator[Line]:
    named = f"{document_number(notice)}{notice.get_colour_display()}督查单"
    yield "事项", f"{notice.unit}对{named}{_heed(notice)}。"
    yield "督查事由", notice.title
    yield "督办要求", notice.requirement
    yield "任务来源", _document(notice.plan)
    steps = facts.steps.get(notice.pk, [])
    issued = f"{document_number(notice)}{_day(notice.issued_at)}签发"
    yield "回复时限", f"{issued}，限{day_and_weekday(notice.reply_due_on)}前回复"
    received = [step for step in steps if step.kind == StepKind.ACKNOWLEDGE]
    yield "签收", f"{_signed(received[-1])}签收" if received else "至今未签收"
    for step in steps:
        if step.kind in ANSWERS:
            yield ANSWERS[StepKind(step.kind)], f"{_signed(step)}：{_short(words_of(step))}"
        elif answer := step.data.get("answer"):
            yield ANSWER_TO_OBJECTION, f"{_signed(step)}：{_short(answer)}"
    if notice.report is not None and not notice.task_id:
        is_filed = notice.report.state in FILED_STATES
        filed = f"{notice.report.period}填报已于{_day(notice.report.submitted_at)}报送"
        yield "现状", filed if is_filed else f"{notice.report.period}填报至今未报送"


def _heed(notice: SupervisionNotice) -> str:
    """Say how far the unit has heeded `notice`; somebody may go on from one that is over."""
    if notice.state == NoticeState.REPLIED:
        return "的回复未予认可"
    if notice.state == NoticeState.CLOSED:
        return "已回复并办结"
    if was_refused(notice):
        return "回复未通过"
    return "至今未回复" if notice.replied_at is None else "已回复"


def _late(occasion: Occasion, today: date, calendar: WorkingCalendar) -> Iterator[Line]:
    is_replied = occasion.notice is not None and occasion.notice.state == NoticeState.REPLIED
    if occasion.limit is None or today <= occasion.limit or is_replied:
        return
    days = f"{calendar.between(occasion.limit, today)}个工作日（{(today - occasion.limit).days}天）"
    yield "逾期", f"截至{day_in_words(today)}，已过{days}"


def _around(occasion: Occasion, facts: Facts) -> Iterator[Line]:
    """Yield what happened around a report or a 督查单: more time, returns, reminders, earlier 督查单."""
    report = occasion.report
    if report is not None and occasion.entry is None:
        extensions = [_extension(each) for each in facts.extensions.get(report.pk, [])]
        if extensions or occasion.notice is None:
            yield "延期申请", listed(extensions) or NOTHING
    if report is not None:
        returns = [
            _return(reason)
            for reason in facts.returns.get(report.pk, [])
            if occasion.entry is None or reason.task_id in (None, occasion.entry.task_id)
        ]
        if returns:
            yield "退回理由", listed(returns)
    if occasion.notice is not None:
        yield "提醒", _reminders(facts.notice_told.get(occasion.notice.pk))
    elif occasion.entry is None and report is not None:
        yield "提醒", _reminders(facts.report_told.get(report.pk))
    thing = occasion.notice.thing if occasion.notice is not None else occasion.thing
    before = [_earlier(each) for each in facts.past.get(thing, []) if each.number and each != occasion.notice]
    if before:
        yield "此前督查单", listed(before)


def _task(entry: ProgressEntry, limit: int) -> str:
    return unstopped(_short(str(entry.task), limit))


def _gravity(occasion: Occasion, standing: Standing) -> str:
    """Say why a task is to be acted upon."""
    lasting = f"已连续{occasion.lag_periods}期滞后" if occasion.lag_periods >= LASTING_PERIODS else ""
    return "，".join(filter(None, ("属严重滞后" if is_severe(standing.status) else "", lasting)))


def _words(standing: Standing, texts: Texts) -> str:
    """Return what the unit itself wrote, quoted in short."""
    parts = {
        "工作进展": texts.progress,
        "滞后原因": str(Cause(standing.cause).label) if standing.cause else "",
        "预计至期末": texts.forecast,
        "备注": texts.remarks,
    }
    return listed([f"{label}：{_short(text)}" for label, text in parts.items() if text.strip()]) or NOTHING


def _return(reason: ReturnReason) -> str:
    where = f"（第{reason.task.number}项）" if reason.task else ""
    return f"{_day(reason.returned_at)}退回{where}：{_short(reason.in_words)}"


def _extension(extension: Extension) -> str:
    reason, situation = unstopped(_short(extension.reason)), unstopped(_short(extension.situation))
    day = day_in_words(extension.wanted_on)
    asked = f"{_day(extension.asked_at)}申请延至{day}，理由：{reason}，工作进度：{situation}"
    if extension.state == ExtensionState.ASKED:
        return f"{asked}，尚未批复"
    until = f"至{day_in_words(extension.granted_until)}" if extension.granted_until else ""
    decision = f"，意见：{unstopped(_short(extension.decision))}" if extension.decision else ""
    decided = f"{_day(extension.decided_at)}{extension.get_state_display()}{until}{decision}"
    return f"{asked}，{decided}"


def _reminders(told: Told | None) -> str:
    if told is None:
        return "系统没有提醒过"
    return f"已提醒{told.sent}次，其中{told.read}次有人阅读，最近一次{_day(told.last)}"


def _earlier(notice: SupervisionNotice) -> str:
    return f"{document_number(notice)}（{notice.get_colour_display()}，{notice.get_state_display()}）"


def _deadline(limit: Deadline) -> str:
    where = _mark(limit.measure) if limit.measure else ""
    return f"{where}{quoted(limit.text)}" + (f"（{day_in_words(limit.due_on)}）" if limit.due_on else "")


def _mark(measure: Measure) -> str:
    return measure_mark(measure.number) if measure.is_numbered else ""


def _document(plan: Plan) -> str:
    return f"《{plan.title}》{bracketed(plan.document_number)}"


def _signed(step: Step) -> str:
    return f"{_day(step.at)}{step.by_name}"


def _day(moment: datetime | None) -> str:
    return day_in_words(local_date(moment)) if moment else ""


def _short(text: str, limit: int = QUOTE_LIMIT) -> str:
    words = " ".join(text.split())
    return words if len(words) <= limit else f"{words[: limit - 1]}…"
