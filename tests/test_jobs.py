"""The jobs of the clock: in working hours only, and run twice they change nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from celery import current_app
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError, connection

from reform_tracker.celery import TIMETABLE, app
from tasks_app import jobs
from tasks_app.choices import Channel, DeliveryState
from tasks_app.clock import SHANGHAI
from tasks_app.domain.calendar.actions import load_official_days
from tasks_app.models import Delivery, JobRun, Message, Report


@pytest.fixture
def clockwork(set_clock, period, people, at, settings, tmp_path):
    """Run all jobs in the order of the timetable, at a moment of July 2024."""
    settings.EMAIL_FILE_PATH = str(tmp_path)
    load_official_days([2024], by=None, at=at)

    def run(day: int, hour: int, minute: int = 0) -> tuple[int, int, int]:
        set_clock(datetime(2024, 7, day, hour, minute, tzinfo=SHANGHAI))
        for job in (jobs.open_periods, jobs.compose_reminders, jobs.deliver_messages):
            job()
        sent = Delivery.objects.filter(channel=Channel.EMAIL, state=DeliveryState.SENT)
        return Report.objects.count(), Message.objects.count(), sent.count()

    return run


def test_the_jobs_open_write_and_send_once(clockwork):
    assert clockwork(1, 8, 29) == (5, 0, 0)  # the period opens, but the offices are still closed
    assert clockwork(1, 10) == (5, 3, 3)  # the first rung: it has opened
    assert clockwork(11, 8, 29) == (5, 3, 3)  # T-10 is due, but the offices are closed
    assert clockwork(11, 8, 30) == (5, 6, 6)
    assert clockwork(11, 8, 35) == (5, 6, 6)
    assert clockwork(18, 17, 30) == (5, 6, 6)  # closed again
    assert clockwork(20, 10) == (5, 6, 6)  # a Saturday
    assert clockwork(22, 8, 30) == (5, 9, 11)  # T-5 was missed: T-3 says where things stand


def test_what_waits_at_closing_time_leaves_in_the_morning(clockwork, set_clock):
    set_clock(datetime(2024, 7, 18, 17, 29, tzinfo=SHANGHAI))
    jobs.open_periods()
    jobs.compose_reminders()
    assert clockwork(18, 17, 31) == (5, 3, 0)
    assert clockwork(19, 8, 30) == (5, 3, 3)


def test_the_timetable_names_jobs_that_exist():
    current_app.loader.import_default_modules()
    named = {entry["task"] for entry in app.conf.beat_schedule.values()}
    ours = {f"tasks_app.jobs.{name}" for name in ("open_periods", "compose_reminders", "deliver_messages")}
    assert ours <= named
    assert named <= set(app.tasks)


def test_each_run_leaves_its_heart_beat(clockwork):
    clockwork(10, 10)
    beats = {run.job: (run.started_at, run.finished_at, run.failed_at) for run in JobRun.objects.all()}
    at = datetime(2024, 7, 10, 10, tzinfo=SHANGHAI)
    # The backup, which no test's own transaction can hold, is tried in tests/management/test_backup.py.
    assert beats == dict.fromkeys(TIMETABLE.keys() - {"back_up"}, (at, at, None))


@pytest.mark.parametrize("error", [ValueError("broken"), SoftTimeLimitExceeded()])
def test_a_job_that_fails_says_why_and_still_fails(db, set_clock, at, error):
    @jobs.heart_beat
    def breaking(moment: datetime) -> None:
        assert moment == at
        raise error

    set_clock(at)
    with pytest.raises(type(error)):
        breaking()
    run = JobRun.objects.get(job="breaking")
    assert (run.started_at, run.finished_at, run.failed_at) == (at, None, at)
    assert run.error.startswith(f"{type(error).__name__}: ")


def test_a_job_whose_connection_dies_says_so_by_a_new_one(db, set_clock, at):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no connection that somebody could end")

    @jobs.heart_beat
    def losing(moment: datetime) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    def in_a_worker() -> JobRun:
        with pytest.raises(OperationalError):
            losing()
        run = JobRun.objects.get(job="losing")
        run.delete()  # outside the test's own transaction
        connection.close()
        return run

    set_clock(at)
    with ThreadPoolExecutor(1) as workers:
        run = workers.submit(in_a_worker).result()
    assert (run.started_at, run.failed_at) == (at, at)
    assert run.error.startswith("OperationalError: ")


@pytest.mark.once
def test_a_job_is_told_before_it_is_ended_and_acknowledged_afterwards():
    assert 0 < app.conf.task_soft_time_limit < app.conf.task_time_limit
    assert jobs.DELIVERING_AT_MOST.total_seconds() < app.conf.task_soft_time_limit
    assert app.conf.broker_transport_options["visibility_timeout"] > app.conf.task_time_limit
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
