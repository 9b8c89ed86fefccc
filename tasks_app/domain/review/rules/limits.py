"""Decides: how long a review may wait and when a returned or reopened report is owed again."""

from datetime import date

from tasks_app.domain.calendar.rules import WorkingCalendar

# Working days in which a returned report comes back and a submitted one is read (domain.md).
RETURN_WORKING_DAYS = 3
REVIEW_WORKING_DAYS = 3


def return_limit(today: date, period_due_on: date, calendar: WorkingCalendar) -> date:
    """Return the new limit of a report returned `today`, never before that of its period."""
    return max(calendar.add(today, RETURN_WORKING_DAYS), period_due_on)


def waits_too_long(working_days: int) -> bool:
    """Tell whether the office itself is late with a report that has waited so long."""
    return working_days > REVIEW_WORKING_DAYS
