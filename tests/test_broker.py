"""The embedded broker keeps every message when broker and worker are killed with kill -9."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from celery import Celery

from reform_tracker.embedded import broker_command, broker_socket, broker_url
from reform_tracker.supervisor import Program, Supervisor
from tests.surroundings.stack import ROOT, environment

pytestmark = pytest.mark.once


def until(what: Callable[[], bool], seconds: float = 40) -> None:
    limit = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < limit
        time.sleep(0.1)


def start(folder: Path) -> Supervisor:
    supervisor = Supervisor(say=print)
    supervisor.start(Program("broker", broker_command(folder), ROOT, foundation=True))
    worker = [sys.executable, "-m", "celery", "--app=tests.broker_job", "worker", "--pool=threads"]
    env = environment(folder, JOB_SECONDS="1")  # a lost worker's message comes back after two
    supervisor.start(Program("worker", [*worker, "--concurrency=1", "--loglevel=WARNING"], ROOT, env))
    return supervisor


def test_no_message_is_lost_when_broker_and_worker_are_killed(tmp_path):
    files = [tmp_path / f"job-{number}" for number in range(3)]
    supervisor = start(tmp_path)
    try:
        until(broker_socket(tmp_path).exists)
        sender = Celery(broker=broker_url(tmp_path))
        for file in files:
            sender.send_task("note", [str(file)])
        until(files[0].exists)
        for program in supervisor.programs:
            program.process.kill()
            program.process.wait()
        assert not any(file.exists() and file.read_text() == "done" for file in files)

        for file in files[1:]:
            file.write_text("begun")  # these need not hang
        supervisor = start(tmp_path)
        until(lambda: all(file.read_text() == "done" for file in files))
    finally:
        supervisor.stop()
