"""Changes: the heart-beat of the jobs. Not in the audit trail: it beats several times a minute."""

import logging
from datetime import datetime
from typing import Any

from django.db import Error, connection, transaction

from tasks_app.models import JobRun

from .rules import START, error_words

logger = logging.getLogger(__name__)


def program_started(*, at: datetime) -> None:
    """Note that the program has just been started: its jobs have not had the time to run yet."""
    _note(START, at, started_at=at)


def job_started(job: str, *, at: datetime) -> None:
    """Note that a run of `job` has begun."""
    _note(job, at, started_at=at)


def job_finished(job: str, *, at: datetime) -> None:
    """Note that a run of `job` was completed."""
    _note(job, at, finished_at=at)


def job_failed(job: str, error: BaseException, *, at: datetime) -> None:
    """Note that a run of `job` ended with `error`, in words that hold no address with a key in it."""
    _note(job, at, failed_at=at, error=error_words(error))


def _note(job: str, at: datetime, **values: Any) -> None:
    """Write `values` to the one row of `job`, which is made where there is none; one statement.

    A heart-beat never stops what it tells of: when the database refuses it, the log says so.
    """
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()  # the job may have failed of that; a new one will do
    try:
        with transaction.atomic():
            JobRun.objects.bulk_create(
                [JobRun(job=job, **{"started_at": at} | values)],
                update_conflicts=True,
                unique_fields=["job"],
                update_fields=list(values),
            )
    except Error:
        logger.exception("The heart-beat of %s was not written.", job)
