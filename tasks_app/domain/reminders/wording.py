"""The words of a message: where a unit stands on one day, all it owes in one text. No database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tasks_app.choices import ReportState
from tasks_app.domain.calendar.rules import WEEKDAYS, WorkingCalendar

from .rules import OwedReport

NEXT_STEP = {
    ReportState.DRAFT: "尚未报送，请填写完成后报送。",
    ReportState.SIGNING: "已填写完成，待本单位审签人审签后报送。",
    ReportState.RETURNED: "已被退回，请按退回理由修改后重新报送。",
}


@dataclass(frozen=True)
class Words:
    """Subject and body of one message."""

    subject: str
    body: str


def write_message(
    owed: Sequence[OwedReport], *, today: date, calendar: WorkingCalendar, contact: str, site_url: str
) -> Words:
    """Return the message that tells one unit what it owes on `today`.

    `owed` is not empty and all of one unit; `contact` is whom to call, `site_url` where the program is.
    """
    owed = sorted(owed, key=lambda report: report.due_on)
    lines = [
        f"{owed[0].unit_name}：",
        "",
        f"截至{_full_day(today)}，贵单位有{len(owed)}项深化医改重点任务填报尚未完成报送：",
    ]
    for number, report in enumerate(owed, start=1):
        lines += [
            "",
            f"{number}. {report.period}填报",
            f"   截止日期：{_full_day(report.due_on)}{_day_off(report.due_on, calendar)}",
            f"   时限情况：{time_left(report.due_on, today, calendar)}",
            f"   办理状态：{NEXT_STEP[ReportState(report.state)]}",
            f"   填报地址：{site_url.rstrip('/')}/reports/{report.report}",
        ]
    lines += [
        "",
        f"如有疑问，请联系：{contact}",
        "",
        "请勿填报涉密信息。报送后不再提醒，同一单位每天至多一条。",
    ]
    return Words(_subject(owed, today, calendar), "\n".join(lines) + "\n")


def time_left(due_on: date, today: date, calendar: WorkingCalendar) -> str:
    """Return in words how far the limit is away, in working and calendar days."""
    days = (due_on - today).days
    if days == 0:
        return "今天截止"
    if days < 0:
        working = calendar.between(due_on, today)
        return f"已逾期{working}个工作日（{-days}天）" if working else f"已逾期{-days}天（均为休息日）"
    working = calendar.between(today, due_on)
    return f"还有{working}个工作日（{days}天）" if working else f"还有{days}天，其间没有工作日"


def _subject(owed: Sequence[OwedReport], today: date, calendar: WorkingCalendar) -> str:
    first = owed[0]
    heading = "催报" if first.due_on < today else "填报提醒"
    if len(owed) == 1:
        what = f"{first.period}填报"
        if first.state == ReportState.RETURNED:
            what += "（退回修改）"
        return f"【{heading}】{what}{first.due_on.month}月{first.due_on.day}日截止，" + time_left(
            first.due_on, today, calendar
        )
    overdue = sum(report.due_on < today for report in owed)
    tail = f"，其中{overdue}项已逾期" if overdue else ""
    return f"【{heading}】{len(owed)}项填报尚未报送{tail}"


def _full_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日（星期{WEEKDAYS[day.weekday()]}）"


def _day_off(due_on: date, calendar: WorkingCalendar) -> str:
    if calendar.is_working_day(due_on):
        return ""
    last = calendar.add(due_on, -1)
    return f"，当天为休息日，此前最后一个工作日为{last.month}月{last.day}日"
