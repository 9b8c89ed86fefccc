"""Decides: when a year's work ends, and whether it can be settled."""

from collections.abc import Iterable
from datetime import date

from tasks_app.clock import day_in_words
from tasks_app.domain.reporting.rules import period_end
from tasks_app.models import Plan, ReportingPeriod


def last_day(plan: Plan, periods: Iterable[ReportingPeriod]) -> date:
    """Return the day set by hand, else the last on which a period of the plan ends."""
    if plan.ends_on is not None:
        return plan.ends_on
    return max(map(period_end, periods), default=date(plan.year, 12, 31))


def why_not_closed(plan: Plan, periods: Iterable[ReportingPeriod], today: date) -> str:
    """Return why the year cannot be settled yet, "" when it can."""
    if plan.closed_at is not None:
        return "这个年度已经办结。"
    last_limit = max((period.due_on for period in periods), default=None)
    if last_limit is not None and today <= last_limit:
        return f"最后一个填报期{day_in_words(last_limit)}才截止，过后再办结。"
    return ""


def end_faults(ends_on: date | None, periods: Iterable[ReportingPeriod]) -> str:
    """Return what is wrong with a day set by hand, "" for nothing."""
    last_limit = max((period.due_on for period in periods), default=None)
    if ends_on is not None and last_limit is not None and ends_on < last_limit:
        return f"年度工作截止日不能早于最后一个填报期的截止日{day_in_words(last_limit)}。"
    return ""
