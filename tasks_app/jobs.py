"""What the clock does (the timetable is in reform_tracker/celery.py): each job reads it and calls one action.

Every job works out from the database what is to be done: it may be late, missed or run several times at once.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps

from celery import shared_task
from django.conf import settings
from django.db import connection

from reform_tracker.timetable import Timetable
from tasks_app import clock
from tasks_app.domain.backups.actions import back_up_if_due
from tasks_app.domain.operation.actions import job_failed, job_finished, job_started, program_started
from tasks_app.domain.reminders import actions, delivering, queries
from tasks_app.domain.reporting.actions import open_due_periods

# Well below the time limit of a job: whatever is left waits for the next run.
DELIVERING_AT_MOST = timedelta(minutes=3)


class NotedTimetable(Timetable):
    """The timetable, which notes that it begins: each job waits its interval for its first run."""

    def setup_schedule(self) -> None:
        super().setup_schedule()
        program_started(at=clock.now())
        if not connection.in_atomic_block:
            connection.close()  # nothing more is asked of it here


def heart_beat(action: Callable[[datetime], None]) -> Callable[[], None]:
    """Make `action`, which takes the moment, something to run that notes its start and its end, good or bad."""
    name = action.__name__

    @wraps(action)
    def run() -> None:
        at = clock.now()
        job_started(name, at=at)
        try:
            action(at)
        except Exception as error:  # whatever it is, the time limit as well: noted and raised again
            job_failed(name, error, at=clock.now())
            raise
        job_finished(name, at=clock.now())

    return run


@shared_task
@heart_beat
def open_periods(at: datetime) -> None:
    """Open the reporting periods whose day has come."""
    open_due_periods(at=at)


@shared_task
@heart_beat
def compose_reminders(at: datetime) -> None:
    """Write the messages that are due, in working hours."""
    if queries.may_send_now(at):
        actions.compose_reminders(at=at)


@shared_task
@heart_beat
def deliver_messages(at: datetime) -> None:
    """Send what waits, in working hours."""
    if queries.may_send_now(at):
        delivering.deliver_messages(at=at, for_at_most=DELIVERING_AT_MOST)


@shared_task
@heart_beat
def back_up(at: datetime) -> None:
    """Make the backup of the day and delete those that are kept no longer."""
    back_up_if_due(settings.BACKUP_DIR, at=at)
