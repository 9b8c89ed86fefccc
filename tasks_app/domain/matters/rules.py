"""Decides: what is late, what a move lacks, until when one may hope for an answer."""

from datetime import date

from tasks_app.choices import MatterState
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.domain.moves import OFFICE_NAME
from tasks_app.models import Matter, Unit

# The day offered in the form: so many working days from today.
ANSWER_WORKING_DAYS = 5


def is_overdue(matter: Matter, today: date) -> bool:
    """Tell whether the answer should have been there before `today`; in a settled year nothing is waited for."""
    waits = matter.state == MatterState.OPEN and matter.plan.closed_at is None
    return waits and matter.due_on is not None and today > matter.due_on


def was_refused(matter: Matter) -> bool:
    """Tell whether the last answer would not do and no other has come."""
    return matter.state == MatterState.OPEN and matter.answer_id is not None


def is_settled(matter: Matter) -> bool:
    """Tell whether `matter` is over."""
    return matter.ending_id is not None


def addressee_name(matter: Matter) -> str:
    """Return who is asked; the issuer of the plan is the office itself."""
    return asked_name(matter.addressee, matter.plan.issuer_id)


def asked_name(unit: Unit, issuer_pk: int) -> str:
    """Return what `unit` is called where matters of one issuer are listed."""
    return OFFICE_NAME if unit.pk == issuer_pk else unit.shown_name


def long_since(today: date, calendar: WorkingCalendar) -> date:
    """Return the day before which a request was asked that has waited for more than ANSWER_WORKING_DAYS by `today`."""
    last = calendar.add(calendar.add(today, 1), -1)
    return calendar.add(last, -ANSWER_WORKING_DAYS)


def offered_day(today: date, calendar: WorkingCalendar) -> date:
    """Return the day by which an answer is asked for unless the unit says otherwise."""
    return calendar.add(today, ANSWER_WORKING_DAYS)
