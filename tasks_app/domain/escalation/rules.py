"""Decides: colours of 督查单, limits, what a thing is called, what is too late, what else a move needs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tasks_app.choices import CandidateKind, NoticeColour, NoticeState, ProgressStatus, StepKind
from tasks_app.clock import day_and_weekday
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.domain.standing.course import lasts
from tasks_app.domain.standing.rules import Standing
from tasks_app.models import Plan, ProgressEntry, Report, Step, SupervisionNotice, Unit
from tasks_app.models.notice import UNANSWERED_STATES

# A unit that is only a day or two late is called by telephone (the ladder's T+1); from the third working day on
# the reminders have done what they can. What was returned has had its second chance and counts likewise.
OVERDUE_WORKING_DAYS = 3
# The reply limit of a 督查单 was set by name and heard beforehand: the first working day after it counts.
UNANSWERED_WORKING_DAYS = 1
# 申辩: as long as a return gives for mending a report (review/rules/limits.py).
OBJECTION_WORKING_DAYS = 3
# Offered in the form, changed by the person: each colour is more urgent than the one before.
REPLY_WORKING_DAYS = {NoticeColour.BLUE: 10, NoticeColour.ORANGE: 5, NoticeColour.RED: 3}

NEXT_COLOUR = {NoticeColour.BLUE: NoticeColour.ORANGE, NoticeColour.ORANGE: NoticeColour.RED}
# The first 督查单 of a thing is blue; an important matter may begin at orange, with the reason written down.
FIRST_COLOURS = (NoticeColour.BLUE, NoticeColour.ORANGE)

# The word of the issuing office in its numbers (发文机关代字).
DOCUMENT_WORD = "明医改督"


@dataclass(frozen=True)
class Occasion:
    """Why something is a candidate, in rows: the report that is late, the entry that lags or the unanswered 督查单.

    `days` are the working days since `limit`, 0 when there is none or it is still to come.
    """

    thing: str
    kind: CandidateKind
    unit: Unit
    plan: Plan
    limit: date | None
    days: int
    report: Report | None = None
    entry: ProgressEntry | None = None
    notice: SupervisionNotice | None = None
    standing: Standing | None = None
    lag_periods: int = 0  # on end, of a task

    @property
    def colour(self) -> NoticeColour | None:
        """Return the colour of the 督查单 that would be next; None where a 约谈 would."""
        if self.notice is None:
            return NoticeColour.BLUE
        return NEXT_COLOUR.get(NoticeColour(self.notice.colour))


def filing_thing(report: Report) -> str:
    """Return the key of a report that was not filed by its limit: a granted extension makes it another thing."""
    return f"filing:{report.pk}:{report.due_on}"


def returned_thing(report: Report) -> str:
    """Return the key of a report that was returned and did not come back by its limit."""
    return f"returned:{report.pk}:{report.due_on}"


def task_thing(entry: ProgressEntry) -> str:
    """Return the key of a task that one unit has not moved by one period."""
    return task_key(entry.report.unit_id, entry.task_id, entry.report.period_id)


def task_key(unit: int, task: int, period: int) -> str:
    """Return the same by the numbers of its rows."""
    return f"task:{unit}:{task}:{period}"


def notice_thing(notice: SupervisionNotice) -> str:
    """Return the key of a 督查单 that is itself not heeded."""
    return f"notice:{notice.pk}"


def is_severe(status: str) -> bool:
    """Tell whether a task in `status` (the office's verdict before the unit's own) lags severely."""
    return status == ProgressStatus.NOT_STARTED


def calls_for_action(now: Standing, before: Sequence[Standing]) -> bool:
    """Tell whether a task should be acted upon: at once when it lags severely, else when its lag lasts."""
    return is_severe(now.status) or lasts(now, before)


def is_overdue(due_on: date, today: date, calendar: WorkingCalendar) -> bool:
    """Tell whether what was due on `due_on` is late enough to be a candidate."""
    return calendar.between(due_on, today) >= OVERDUE_WORKING_DAYS


def was_refused(notice: SupervisionNotice) -> bool:
    """Tell whether the last reply was not accepted and no other has come."""
    return notice.state == NoticeState.ACKNOWLEDGED and notice.replied_at is not None


def is_unanswered(notice: SupervisionNotice, today: date, calendar: WorkingCalendar) -> bool:
    """Tell whether an issued `notice` is not heeded: its limit passed, or its reply was refused."""
    if notice.state not in UNANSWERED_STATES:
        return False
    return was_refused(notice) or calendar.between(notice.reply_due_on, today) >= UNANSWERED_WORKING_DAYS


def document_number(notice: SupervisionNotice) -> str:
    """Return 发文字号, such as 明医改督〔2024〕1号; "" before it is issued."""
    return f"{DOCUMENT_WORD}〔{notice.year}〕{notice.number}号" if notice.number else ""


def awaited_limit(notice: SupervisionNotice) -> date | None:
    """Return the day by which the unit should act, None while it is not the unit's turn."""
    if notice.state == NoticeState.HEARING:
        return notice.objection_due_on
    return notice.reply_due_on if notice.state in UNANSWERED_STATES else None


def objection(steps: Iterable[Step]) -> Step | None:
    """Return what the unit said last since it was heard last, from `steps` in their order; None: nothing yet."""
    said = None
    for step in steps:
        if step.kind == StepKind.HEAR:
            said = None
        elif step.kind == StepKind.OBJECT:
            said = step
    return said


def has_agreed(said: Step | None) -> bool:
    """Tell whether the unit said 无异议."""
    return said is not None and bool(said.data.get("agrees"))


def has_objected(said: Step | None) -> bool:
    """Tell whether the unit objects, so that the office owes an answer."""
    return said is not None and not has_agreed(said)


def is_heard_out(notice: SupervisionNotice, today: date) -> bool:
    """Tell whether the time for objections is over."""
    return notice.objection_due_on is not None and today > notice.objection_due_on


def why_not_issue(notice: SupervisionNotice, said: Step | None, today: date) -> str:
    """Return why a heard `notice` cannot go out yet; "" when it can. `said` is the unit's objection."""
    if said is None and notice.objection_due_on and not is_heard_out(notice, today):
        return (
            f"申辩期限（{day_and_weekday(notice.objection_due_on)}）未到，该单位还没有表示意见。"
            "该单位表示无异议或期限过后，才能签发。"
        )
    return ""


def missing_for_issue(said: Step | None, answer: str) -> str:
    """Return what is missing before a heard 督查单 goes out, "" when nothing is."""
    is_missing = has_objected(said) and not answer.strip()
    return "该单位提出了申辩，请写明对申辩的答复后再签发。" if is_missing else ""


def why_not_raise(notice: SupervisionNotice, today: date) -> str:
    """Return why `notice` cannot give way to the next colour; "" when it can."""
    if notice.colour not in NEXT_COLOUR:
        return "红色督查单没有下一色，可以对该单位提出提醒约谈。"
    if notice.state != NoticeState.REPLIED and not was_refused(notice) and today <= notice.reply_due_on:
        return f"回复期限（{day_and_weekday(notice.reply_due_on)}）未到，期限过后仍未回复的才能转下一色。"
    return ""


def missing_for_raise(notice: SupervisionNotice, reason: str) -> str:
    """Return what is missing before `notice` gives way to the next colour, "" when nothing is."""
    is_missing = notice.state == NoticeState.REPLIED and not reason.strip()
    return "该单位已经回复，请写明回复为什么不能认可。" if is_missing else ""


def why_not_limit(day: date, today: date) -> str:
    """Return why `day` cannot be a limit; "" when it can."""
    return "" if day >= today else f"{day_and_weekday(day)}已过，期限请选今天或以后的日期。"


def better_day(day: date, calendar: WorkingCalendar) -> str:
    """Return a proposal for a limit on a day off, as a sentence; "" for a working day."""
    if calendar.is_working_day(day):
        return ""
    proposed = calendar.add(day, 1)
    return f"{day_and_weekday(day)}是休息日，建议改为 {day_and_weekday(proposed)}。"


def offered_limit(today: date, colour: NoticeColour | str, calendar: WorkingCalendar) -> date:
    """Return the reply limit that the form offers for a 督查单 of `colour` that goes out today."""
    return calendar.add(today, REPLY_WORKING_DAYS[NoticeColour(colour)])
