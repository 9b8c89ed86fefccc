"""On PostgreSQL and Redis, two workers and two timetables by mistake: still one letter each, and the heart-beats."""

import sys
import time
from collections.abc import Iterator

import pytest

from reform_tracker.supervisor import Program, Supervisor
from tests.surroundings import postgresql
from tests.surroundings.mail import Server
from tests.surroundings.stack import ROOT, Stack, environment

CELERY = [sys.executable, "-m", "celery", "--app=reform_tracker"]
# What piles up when timetables run and no worker does.
PILE_UP = """
from tasks_app import jobs
for _ in range(6):
    for job in (jobs.open_periods, jobs.compose_reminders, jobs.deliver_messages):
        job.apply_async(expires=60)
"""
HOW_IT_STANDS = """
import json
from tasks_app.domain.operation.queries import broker_queue
from tasks_app.models import Delivery, JobRun
letters = Delivery.objects.filter(channel="email")
print(json.dumps({
    "letters": letters.count(),
    "waiting": letters.exclude(state="sent").count(),
    "done": sorted(
        JobRun.objects.filter(finished_at__isnull=False).exclude(job="back_up").values_list("job", flat=True)
    ),
    "queue": broker_queue().length,
}))
"""


@pytest.fixture
def doubled(seeded, tmp_path, redis_server, smtp_server) -> Iterator[Stack]:
    """Two of each on the demonstration's data, three working days before the limit, with a pile to work off."""
    if not seeded.database_url:
        pytest.skip("several workers are for PostgreSQL; the run on PostgreSQL has it")
    template = seeded.database_url.rsplit("/", 1)[1]
    database = postgresql.create_database(seeded.database_url, "doubled", template=template)
    env = environment(tmp_path, DATABASE_URL=database, REDIS_URL=redis_server.url, EMAIL_URL=smtp_server.url)
    supervisor = Supervisor(say=print)
    stack = Stack(env, supervisor.stop)
    stack.manage("demo_clock", "2024-07-22 10:00")
    stack.manage("shell", "--verbosity=0", "-c", PILE_UP)
    for number in (1, 2):
        worker = ["worker", "--concurrency=2", "--loglevel=WARNING", f"--hostname=worker{number}@here"]
        beat = ["beat", "--loglevel=WARNING", f"--schedule={tmp_path / f'beat-{number}'}"]
        supervisor.start(Program(f"worker {number}", [*CELERY, *worker], ROOT, env))
        supervisor.start(Program(f"beat {number}", [*CELERY, *beat], ROOT, env))
    yield stack
    supervisor.stop()


def test_whatever_runs_twice_sends_once(doubled: Stack, smtp_server: Server):
    standing, limit = {"waiting": 1, "letters": 0}, time.monotonic() + 90
    while standing["waiting"] or not standing["letters"]:
        assert time.monotonic() < limit, standing
        standing = doubled.ask(HOW_IT_STANDS)
    doubled.manage("shell", "--verbosity=0", "-c", PILE_UP)
    while standing["queue"] or len(standing["done"]) < 3:
        assert time.monotonic() < limit, standing
        standing = doubled.ask(HOW_IT_STANDS)
    told = [address for letter in smtp_server.mailbox.recipients for address in letter]
    assert len(told) == len(set(told)) == standing["letters"]
    assert standing["done"] == ["compose_reminders", "deliver_messages", "open_periods"]
