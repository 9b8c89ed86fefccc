"""The supervisor alone, with programs that do nothing but live and die."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from reform_tracker.supervisor import GIVE_UP_AFTER, GivenUp, Program, Supervisor

pytestmark = pytest.mark.once
SLEEP = ["sleep", "60"]


def program(name: str, command: list[str], **more: bool) -> Program:
    return Program(name, command, Path.cwd(), **more)


def test_who_keeps_dying_is_given_up_with_growing_pauses():
    said: list[str] = []
    supervisor = Supervisor(say=said.append, first_pause=0.01)
    supervisor.start(program("好的", SLEEP))
    supervisor.start(program("坏的", ["false"]))
    with pytest.raises(GivenUp, match="坏的连续5次异常退出（退出码 1）"):
        supervisor.run()
    assert len(said) == 4
    supervisor.stop()
    assert not any(one.is_running() for one in supervisor.programs)


def test_the_pause_before_a_new_start_doubles():
    supervisor = Supervisor(say=lambda _: None, first_pause=10)
    failing = program("坏的", ["false"])
    supervisor.start(failing)
    pauses = []
    for _ in range(3):
        failing.process.wait()
        began = time.monotonic()
        supervisor.tend()
        pauses.append(round(failing.restart_at - began))
        failing.start()
    assert pauses == [10, 20, 30]  # the fourth would be 80, but never more than 30


def test_who_is_killed_again_and_again_is_never_given_up():
    supervisor = Supervisor(say=lambda _: None, first_pause=0.01)
    victim = program("不死的", SLEEP)
    supervisor.start(victim)
    for _ in range(GIVE_UP_AFTER + 1):
        victim.process.kill()
        victim.process.wait()
        supervisor.tend()
        assert victim.restart_at - time.monotonic() < 0.02
        victim.start()
    supervisor.stop()


def test_a_steady_program_starts_with_a_clean_record():
    supervisor = Supervisor(say=lambda _: None)
    steady = program("稳的", ["false"])
    supervisor.start(steady)
    steady.deaths, steady.started = 4, time.monotonic() - 3600
    steady.process.wait()
    supervisor.tend()
    assert steady.deaths == 1


def test_foundations_end_last_and_the_deaf_are_killed(monkeypatch):
    monkeypatch.setattr("reform_tracker.supervisor.PATIENCE", 0.3)
    supervisor = Supervisor(say=lambda _: None)
    deaf = [sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"]
    supervisor.start(program("底", SLEEP, foundation=True))
    supervisor.start(program("聋", deaf))
    time.sleep(0.3)
    ended = []
    for one in supervisor.programs:
        original = one.process.wait
        one.process.wait = lambda *a, one=one, original=original: ended.append(one.name) or original(*a)
    supervisor.stop()
    assert ended == ["聋", "底"]


def test_programs_end_with_a_supervisor_that_was_killed():
    script = (
        "import os, pathlib; from reform_tracker.supervisor import *;"
        "s = Supervisor(say=print); p = Program('x', ['sleep', '61'], pathlib.Path('/'));"
        "s.start(p); print(p.process.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    killed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    child = Path(f"/proc/{int(killed.stdout)}/cmdline")
    limit = time.monotonic() + 3
    while child.exists() and child.read_bytes():
        assert time.monotonic() < limit
        time.sleep(0.02)
