"""Decides: where a matter stands, whether its answer is overdue, until when one may hope for an answer."""

from datetime import date

from tasks_app.choices import CoordinationState
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.models import Coordination

# The day offered in the form: so many working days from today.
ANSWER_WORKING_DAYS = 5


def state_of(item: Coordination) -> CoordinationState:
    """Return where `item` stands: closed counts more than answered."""
    if item.closed_at is not None:
        return CoordinationState.CLOSED
    return CoordinationState.ANSWERED if item.answered_at is not None else CoordinationState.AWAITING


def is_overdue(item: Coordination, today: date) -> bool:
    """Tell whether the answer should have been there before `today`."""
    awaits = state_of(item) == CoordinationState.AWAITING
    return awaits and item.wanted_on is not None and today > item.wanted_on


def offered_day(today: date, calendar: WorkingCalendar) -> date:
    """Return the day by which an answer is asked for unless the unit says otherwise."""
    return calendar.add(today, ANSWER_WORKING_DAYS)
