"""Runs several programs as one: starts them, restarts what dies, ends them together, leaves no orphan."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
PATIENCE = 10.0  # seconds a program gets to end by itself
STEADY = 60.0  # whoever ran this long is not counted as failing
LONGEST_PAUSE = 30.0
GIVE_UP_AFTER = 5  # quick deaths in a row
# Exit codes of what somebody killed, or the kernel for want of memory: no fault that is there again at each start.
KILLED = (-signal.SIGKILL, -signal.SIGTERM)


class GivenUp(Exception):
    """A program kept dying; everything else was ended. The text names it."""


@dataclass
class Program:
    """One program to keep running in `folder`. A `foundation` serves the others and ends after them."""

    name: str
    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str] | None = None
    foundation: bool = False
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    restart_at: float | None = None

    def start(self) -> None:
        parent = os.getpid()
        self.process = subprocess.Popen(
            self.command,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            # A group of its own: Ctrl-C reaches only the supervisor, which ends the programs in order.
            process_group=0,
            preexec_fn=lambda: end_with_parent(parent, signal.SIGKILL),
        )
        self.started = time.monotonic()
        self.restart_at = None

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        if self.process is not None and self.is_running():
            os.killpg(self.process.pid, number)


@dataclass
class Supervisor:
    """Keeps programs running until `stop_requested`; the caller prints, `say` is told what happens."""

    say: Callable[[str], None]
    first_pause: float = 1.0  # seconds; doubled with every quick death
    programs: list[Program] = field(default_factory=list)
    stop_requested: bool = False

    def request_stop(self, *_: object) -> None:
        """Ask for the end of everything; fit to be a signal handler. A second call does not wait."""
        if self.stop_requested:
            self._signal(self.programs, signal.SIGKILL)
        self.stop_requested = True

    def start(self, program: Program) -> None:
        """Start one more program."""
        self.programs.append(program)
        program.start()

    def run(self) -> None:
        """Restart what dies until a stop is requested; raise GivenUp when something keeps dying."""
        while not self.stop_requested:
            self.tend()
            time.sleep(0.2)

    def tend(self) -> None:
        """Look at each program once: note deaths, restart those whose pause is over."""
        now = time.monotonic()
        for program in self.programs:
            if program.is_running() or self.stop_requested:
                continue
            if program.restart_at is None:
                self._note_death(program, now)
            elif now >= program.restart_at:
                program.start()

    def stop(self) -> None:
        """End every program: those that use the foundations first, by force after PATIENCE seconds."""
        for foundations in (False, True):
            group = [program for program in self.programs if program.foundation == foundations]
            self._signal(group, signal.SIGTERM)
            limit = time.monotonic() + PATIENCE
            while any(program.is_running() for program in group) and time.monotonic() < limit:
                time.sleep(0.05)
            self._signal(group, signal.SIGKILL)
            for program in group:
                if program.process is not None:
                    program.process.wait()

    def _note_death(self, program: Program, now: float) -> None:
        code = program.process.returncode if program.process else None
        is_first = code in KILLED or now - program.started > STEADY
        program.deaths = 1 if is_first else program.deaths + 1
        if program.deaths >= GIVE_UP_AFTER:
            raise GivenUp(f"{program.name}连续{program.deaths}次异常退出（退出码 {code}）")
        pause = min(self.first_pause * 2 ** (program.deaths - 1), LONGEST_PAUSE)
        program.restart_at = now + pause
        self.say(f"{program.name}异常退出（退出码 {code}），{pause:.0f} 秒后重新启动。")

    @staticmethod
    def _signal(programs: Sequence[Program], number: signal.Signals) -> None:
        for program in programs:
            program.signal(number)


def end_with_parent(parent: int, number: signal.Signals) -> None:
    """Have the kernel send this process `number` when its parent dies, even by kill -9 (Linux)."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(number))
    if os.getppid() != parent:  # it died before the kernel was told
        os._exit(1)
