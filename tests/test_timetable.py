"""The timetable: nothing is kept between two starts, and a clock that is put back does not stop it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import redis
from celery.beat import Scheduler, Service

from reform_tracker.celery import TIMETABLE, app
from tasks_app.choices import Health
from tasks_app.clock import SHANGHAI
from tasks_app.domain.operation.queries import QUEUE, status
from tests.surroundings import broker

pytestmark = [pytest.mark.once, pytest.mark.django_db]
MONDAY = datetime(2024, 7, 22, 10, tzinfo=SHANGHAI)
EIGHT_HOURS = timedelta(hours=8)  # what a clock is ahead by that takes Shanghai's time for UTC
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def redis_server() -> Iterator[broker.Server]:
    """A Redis of its own: where others are running, their workers would take the jobs before they are counted."""
    server = broker.start()
    yield server
    server.stop()


@pytest.fixture
def start(redis_server, set_clock, tmp_path) -> Iterator[Callable[[datetime], Scheduler]]:
    """`start(at)` starts the timetable as `celery beat` does with the program's settings."""
    started: list[Scheduler] = []

    def begin(at: datetime) -> Scheduler:
        set_clock(at)
        file = str(tmp_path / "sign-of-life")
        scheduler = Service(app, schedule_filename=file, scheduler_cls=app.conf.beat_scheduler).scheduler
        scheduler.connection = app.connection_for_write(redis_server.url)
        started.append(scheduler)
        return scheduler

    yield begin
    for scheduler in started:
        scheduler.close()


@pytest.fixture
def sends(redis_server, set_clock) -> Iterator[Callable[[Scheduler, datetime], int]]:
    """`sends(scheduler, at)` tells how many jobs it sends when its next look is at that moment."""
    queue = redis.Redis.from_url(redis_server.url)
    queue.flushdb()

    def look(scheduler: Scheduler, at: datetime) -> int:
        set_clock(at)
        before = queue.llen(QUEUE)
        while not scheduler.tick():
            pass
        return queue.llen(QUEUE) - before

    yield look
    queue.flushdb()


def test_every_job_is_sent_when_its_time_has_come(start, sends):
    scheduler = start(MONDAY)
    assert sends(scheduler, MONDAY) == 0
    assert sends(scheduler, MONDAY + timedelta(seconds=10)) == 1
    assert sends(scheduler, MONDAY + MINUTE) == len(TIMETABLE)


def test_a_start_is_noted_so_that_nobody_worries_before_the_first_runs(start):
    start(MONDAY)
    words = {job.key: (job.health, job.words) for job in status(MONDAY + timedelta(seconds=59)).jobs}
    assert words == dict.fromkeys(TIMETABLE, (Health.QUIET, "刚启动，尚未到首次运行时间"))
    later = {job.key: job.words for job in status(MONDAY + 2 * MINUTE).jobs if job.health == Health.BAD}
    assert later == dict.fromkeys(("compose_reminders", "deliver_messages"), "还没有运行过")


def test_it_goes_on_when_the_clock_is_put_back(start, sends):
    scheduler = start(MONDAY + EIGHT_HOURS)
    assert sends(scheduler, MONDAY + EIGHT_HOURS + MINUTE) == len(TIMETABLE)
    sends(scheduler, MONDAY)
    assert sends(scheduler, MONDAY + MINUTE) == len(TIMETABLE)


def test_a_start_knows_nothing_of_a_clock_that_was_ahead(start, sends):
    sends(start(MONDAY + EIGHT_HOURS), MONDAY + EIGHT_HOURS + MINUTE)
    assert sends(start(MONDAY), MONDAY + MINUTE) == len(TIMETABLE)


def test_no_file_stops_it(start, sends, tmp_path: Path):
    (tmp_path / "sign-of-life").write_bytes(b"\0broken" * 99)
    scheduler = start(MONDAY)
    assert sends(scheduler, MONDAY + MINUTE) == len(TIMETABLE)
    scheduler.sign_of_life = tmp_path / "gone" / "sign-of-life"
    assert sends(scheduler, MONDAY + 2 * MINUTE) == len(TIMETABLE)
    scheduler.sync()


def test_it_gives_a_sign_of_life(start, sends, tmp_path: Path):
    sends(start(MONDAY), MONDAY + MINUTE)
    assert (tmp_path / "sign-of-life").exists()
