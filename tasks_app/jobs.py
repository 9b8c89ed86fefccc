"""What the clock does (the timetable is in reform_tracker/celery.py): each job reads it and calls one action.

Every job works out from the database what is to be done: it may be late, missed or run several times at once.
"""

from datetime import timedelta

from celery import shared_task

from tasks_app import clock
from tasks_app.domain.reminders import actions, delivering, queries
from tasks_app.domain.reporting.actions import open_due_periods

# Well below the time limit of a job: whatever is left waits for the next run.
DELIVERING_AT_MOST = timedelta(minutes=3)


@shared_task
def open_periods() -> None:
    """Open the reporting periods whose day has come."""
    open_due_periods(at=clock.now())


@shared_task
def compose_reminders() -> None:
    """Write the messages that are due, in working hours."""
    at = clock.now()
    if queries.may_send_now(at):
        actions.compose_reminders(at=at)


@shared_task
def deliver_messages() -> None:
    """Send what waits, in working hours."""
    at = clock.now()
    if queries.may_send_now(at):
        delivering.deliver_messages(at=at, for_at_most=DELIVERING_AT_MOST)
