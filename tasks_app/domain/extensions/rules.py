"""Decides: whether more time may be asked for, and until which day."""

from datetime import date

from tasks_app.clock import day_in_words
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.domain.reporting.rules import OWED_STATES
from tasks_app.models import Report


def why_not_ask(report: Report, today: date) -> str:
    """Return why no extension of `report` can be asked for today; "" when it can."""
    if report.state not in OWED_STATES:
        return "填报已经报送，不需要延期。"
    if today > report.due_on:
        return (
            f"截止日（{day_in_words(report.due_on)}）已过，延期须在截止日前申请。"
            "请尽快报送（记为补报），有困难请联系市医改办。"
        )
    return ""


def why_not_until(report: Report, day: date, today: date, calendar: WorkingCalendar) -> str:
    """Return why the limit of `report` cannot be moved to `day`; "" when it can."""
    if day <= report.due_on:
        return f"延期后的日期应晚于现在的截止日（{day_in_words(report.due_on)}）。"
    if day < today:
        return "延期后的日期不能早于今天。"
    if not calendar.is_working_day(day):
        return f"{day_in_words(day)}不是工作日，请改选工作日，例如 {day_in_words(calendar.add(day, 1))}。"
    closes_on = report.period.closes_on
    if closes_on is not None and day > closes_on:
        return f"本填报期 {day_in_words(closes_on)} 关闭，延期不能超过这一天。"
    return ""
