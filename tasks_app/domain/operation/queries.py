"""Looks: how the program stands at a moment, in a constant number of statements."""

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count, Exists, Min, OuterRef, Q

from reform_tracker.celery import TIMETABLE
from tasks_app.channels import configured_channels
from tasks_app.choices import DeliveryState, Health
from tasks_app.clock import local_date
from tasks_app.domain.backups.queries import backups_in, open_hold
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.domain.reminders.people import with_tasks
from tasks_app.domain.reminders.rules import BETWEEN_TWO, is_sending_time
from tasks_app.models import Assignment, Delivery, JobRun, ReportingPeriod, Unit
from tasks_app.models.reminder import told_since

from .rules import (
    MESSAGES_LATE_AFTER,
    START,
    Backlog,
    Check,
    JobCheck,
    LastRun,
    OutgoingQueue,
    judge_backlog,
    judge_backup,
    judge_calendar,
    judge_channels,
    judge_database,
    judge_disk,
    judge_hold,
    judge_job,
    judge_periods,
    judge_queue,
    judge_units,
)

BROKER_PATIENCE = 2  # seconds
QUEUE = "celery"  # Celery's own name for the one queue we have
PROBE = "reform_tracker.probe"


@dataclass(frozen=True)
class Status:
    """How everything stands at `at`; without a database there is nothing to say about the jobs."""

    at: datetime
    in_hours: bool
    jobs: tuple[JobCheck, ...]
    checks: tuple[Check, ...]

    def findings(self, *, by_machine: bool = False) -> list[Check]:
        """Return what somebody has to see to; with `by_machine` only what is for whoever runs the machine."""
        return [
            check
            for check in (*self.jobs, *self.checks)
            if check.health == Health.BAD and (check.by_machine or not by_machine)
        ]


def status(at: datetime) -> Status:
    """Return how everything stands at `at`. What does not answer is a finding, never an exception."""
    try:
        calendar, is_there = working_calendar(), True
        jobs, checks = _in_database(at, calendar)
    except DatabaseError:
        calendar, is_there = WorkingCalendar(), False
        jobs, checks = (), ()
    in_hours = is_sending_time(calendar, at)
    machine = (
        judge_database(answers=is_there),
        judge_queue(broker_queue(), in_hours=in_hours, time_limit=time_limit()),
        judge_disk(free_bytes()),
        judge_backup(newest_backup(at), at),
    )
    return Status(at, in_hours, jobs, (*machine, *checks))


def time_limit() -> timedelta:
    """Return how long one run of a job may last."""
    return timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT)


def broker_queue() -> OutgoingQueue | None:
    """Return what waits in the broker; None when it does not answer in time.

    Its own clock measures the age: the demonstration's may stand in another year.
    """
    url = settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://", 1)
    try:
        with redis.Redis.from_url(
            url, socket_timeout=BROKER_PATIENCE, socket_connect_timeout=BROKER_PATIENCE
        ) as client:
            try:
                client.set(PROBE, "", ex=60)
            except redis.ResponseError as error:  # its memory or its disk is full, or it is a mere copy
                return OutgoingQueue(0, refusal=str(error))
            asked = client.pipeline(transaction=False).llen(QUEUE).lindex(QUEUE, -1).time()
            length, oldest, (seconds, _) = asked.execute()
    except redis.RedisError:
        return None
    return OutgoingQueue(length, _age(oldest, datetime.fromtimestamp(seconds, UTC)))


def free_bytes() -> int | None:
    """Return how much room is left where the data lie; None when the folder cannot be read."""
    try:
        return shutil.disk_usage(settings.VAR_DIR).free
    except OSError:
        return None


def newest_backup(at: datetime) -> datetime | None:
    """Return when the newest backup up to `at` was made; a demonstration's clock also goes back."""
    return max((one.made_at for one in backups_in(settings.BACKUP_DIR) if one.made_at <= at), default=None)


def _age(message: bytes | None, now: datetime) -> timedelta | None:
    """Return how long ago the timetable sent `message`: it expires one interval later."""
    if message is None:
        return None
    headers: dict[str, Any] = json.loads(message).get("headers", {})
    interval = TIMETABLE.get(str(headers.get("task")).rpartition(".")[2])
    if interval is None or not headers.get("expires"):
        return None
    sent = datetime.fromisoformat(headers["expires"]) - timedelta(seconds=interval)
    return max(now - sent, timedelta(0))


def _in_database(at: datetime, calendar: WorkingCalendar) -> tuple[tuple[JobCheck, ...], tuple[Check, ...]]:
    """Return how the jobs stand and what the rows say, by five statements."""
    in_hours, today, hold = is_sending_time(calendar, at), local_date(at), open_hold()
    return _jobs(at, in_hours), (
        *judge_backlog(
            _backlog(at),
            at=at,
            in_hours=in_hours,
            open_long_enough=is_sending_time(calendar, at - MESSAGES_LATE_AFTER),
        ),
        judge_hold(hold.held_at if hold else None),
        judge_channels(configured_channels()),
        judge_units(list(with_tasks(Unit.objects.in_use(), today).values_list("name", "has_recipient"))),
        judge_periods(_not_opened(at), in_hours=in_hours),
        judge_calendar(
            today.year,
            today.month,
            has_this=calendar.covers(today.year),
            has_next=calendar.covers(today.year + 1),
        ),
    )


def _jobs(at: datetime, in_hours: bool) -> tuple[JobCheck, ...]:
    runs = {
        run.job: LastRun(run.started_at, run.finished_at, run.failed_at, run.error)
        for run in JobRun.objects.all()
    }
    begun_at = runs[START].started_at if START in runs else None
    is_busy = any(run.is_under_way(at, time_limit()) for job, run in runs.items() if job in TIMETABLE)
    return tuple(
        judge_job(
            job,
            timedelta(seconds=seconds),
            runs.get(job),
            at=at,
            begun_at=begun_at,
            in_hours=in_hours,
            is_busy=is_busy,
        )
        for job, seconds in TIMETABLE.items()
    )


def _backlog(at: datetime) -> Backlog:
    """Return what could have left by `at`: whoever was written to within a day has to wait rightly."""
    outgoing = Delivery.objects.outgoing()
    was_told = told_since(at - BETWEEN_TWO - MESSAGES_LATE_AFTER)
    # What failed by one channel was handed to another: that one tells how it stands.
    follower = outgoing.filter(message=OuterRef("message"), user=OuterRef("user"), pk__gt=OuterRef("pk"))
    rows = outgoing.filter(
        state__in=[DeliveryState.PENDING, DeliveryState.UNCERTAIN, DeliveryState.FAILED]
    ).annotate(
        has_to_wait=Exists(outgoing.filter(was_told, user=OuterRef("user"))),
        is_followed=Exists(follower),
    )
    waits = Q(state=DeliveryState.PENDING, next_attempt_at__lte=at, has_to_wait=False)
    return Backlog(
        **rows.aggregate(
            waiting=Count("pk", filter=waits),
            oldest=Min("next_attempt_at", filter=waits),
            uncertain=Count("pk", filter=Q(state=DeliveryState.UNCERTAIN)),
            failed=Count("pk", filter=Q(state=DeliveryState.FAILED, is_followed=False)),
        )
    )


def _not_opened(at: datetime) -> list[str]:
    """Return the periods whose day has come, for which somebody has tasks, and that are not open."""
    assigned = Assignment.objects.asked().filter(task__plan=OuterRef("plan"))
    periods = ReportingPeriod.objects.to_come().due_to_be_open(local_date(at)).filter(Exists(assigned))
    return [str(period) for period in periods.select_related("plan").order_by("due_on")]
