"""What burns in bench/fire.py: the program's own workers and timetables, PostgreSQL, Redis and a mail server."""

import os
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from reform_tracker.supervisor import Program
from tests.surroundings import broker, postgresql
from tests.surroundings.machine import free_port
from tests.surroundings.stack import ROOT, environment, processes_of

from . import mail_record

WORKER, CHILD, BEAT = "worker", "process of a worker", "timetable"
REDIS, REDIS_WIPED, MAIL = "Redis, data kept", "Redis, data lost", "mail server"
POSTMASTER, BACKEND = "PostgreSQL", "connection of PostgreSQL"
# How often each is hit, relative to the others.
KINDS = {WORKER: 8, CHILD: 3, BEAT: 3, REDIS: 3, REDIS_WIPED: 3, MAIL: 5, POSTMASTER: 4, BACKEND: 3}
# Seconds from when letters leave again after a blow to the next one, which comes in any case after WAITS_AT_MOST.
BETWEEN_KILLS = (0.2, 2.0)
WAITS_AT_MOST = 8.0
DOWN_FOR = (0.1, 2.5)
# The developer's own robots must hear nothing of this.
CHANNELS = (
    "WECOM_WEBHOOK_URL", "DINGTALK_WEBHOOK_URL", "DINGTALK_SECRET",
    "SMS_GATEWAY_URL", "SMS_GATEWAY_KEY", "SMS_GATEWAY_SECRET",
)  # fmt: skip


@dataclass
class Stage:
    """Everything that runs.

    `kills` counts what was killed, `ended` what gave up by itself.
    """

    folder: Path
    env: dict[str, str]
    mail_port: int
    server: postgresql.Server
    database: Program
    redis: Program
    mail: Program
    workers: list[Program]
    beats: list[Program]
    kills: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)

    @classmethod
    def prepare(
        cls, folder: Path, server: postgresql.Server, *, workers: int, beats: int, pause: float
    ) -> "Stage":
        """Lay everything out in `folder` and start nothing; the mail server takes a letter every `pause` seconds."""
        redis_port, mail_port = free_port(), free_port()
        env = environment(
            folder / "var",
            DATABASE_URL=server.url("fire"),
            REDIS_URL=f"redis://127.0.0.1:{redis_port}/0",
            EMAIL_URL=f"smtp://127.0.0.1:{mail_port}",
            SITE_URL="http://fire.test",
            **dict.fromkeys(CHANNELS, ""),
        )
        (folder / "redis").mkdir()
        # As docker-compose.yml has it.
        redis = [broker.program(), "--port", str(redis_port), "--bind", "127.0.0.1", "--dir"]
        redis += [str(folder / "redis"), "--appendonly", "yes", "--appendfsync", "everysec", "--save", ""]
        celery = [sys.executable, "-m", "celery", "--app=reform_tracker"]
        worker = [*celery, "worker", "--concurrency=2", "--loglevel=WARNING"]
        beat = [*celery, "beat", "--loglevel=WARNING"]

        def program(name: str, command: Sequence[str]) -> Program:
            into_log = ["sh", "-c", 'exec "$@" >>"$0" 2>&1', str(folder / f"{name}.log")]
            return Program(name, [*into_log, *command], ROOT, env)

        return cls(
            folder,
            env,
            mail_port,
            server,
            program("postgresql", server.command),
            program("redis", redis),
            program("mail", mail_record.command(mail_port, folder / "record", pause)),
            [program(f"worker-{n}", [*worker, f"--hostname=worker-{n}@fire"]) for n in range(workers)],
            [program(f"beat-{n}", [*beat, f"--schedule={folder}/beat-{n}"]) for n in range(beats)],
        )

    @property
    def record(self) -> list[mail_record.Delivered]:
        """What the mail server has taken."""
        return mail_record.read(self.folder / "record")

    @property
    def programs(self) -> list[Program]:
        """All of them, in the order in which they start."""
        return [self.database, self.redis, self.mail, *self.workers, *self.beats]

    def start_database(self) -> None:
        """Start PostgreSQL alone, with an empty database."""
        self.database.start()
        self.server.wait()
        postgresql.create_database(self.server.url("postgres"), "fire")

    def start(self) -> None:
        """Start whatever does not run, and return when PostgreSQL answers and the mail server takes letters."""
        for program in self.programs:
            if not program.is_running():
                program.start()
        self.server.wait()
        mail_record.wait_for(self.mail_port)

    def stop(self) -> None:
        """End everything, orphans too."""
        for program in self.programs:
            self._kill(program)
        for pid in processes_of(self.folder / "var"):
            if pid != os.getpid():
                os.kill(pid, signal.SIGKILL)

    def burn(self, chance: Random) -> None:
        """Kill one thing a short while after letters leave, and start again those whose time has come."""
        before, began = len(self.record), time.monotonic()
        next_kill = began + WAITS_AT_MOST
        while time.monotonic() < next_kill:
            self.tend()
            if next_kill == began + WAITS_AT_MOST and len(self.record) > before:
                next_kill = time.monotonic() + chance.uniform(*BETWEEN_KILLS)
            time.sleep(0.02)
        while not self._strike(chance):
            pass

    def tend(self) -> None:
        """Start again what is down and has had its pause, as systemd or Docker do."""
        for program in self.programs:
            if program.is_running():
                continue
            if program.restart_at is None:
                self.ended[program.name] += 1
                program.restart_at = time.monotonic()
            if time.monotonic() >= program.restart_at:
                program.start()

    def _strike(self, chance: Random) -> bool:
        """Kill something by chance; tells whether it was there to be killed."""
        [kind] = chance.choices(list(KINDS), list(KINDS.values()))
        candidates = {
            WORKER: self.workers, CHILD: self.workers, BEAT: self.beats, MAIL: [self.mail],
            POSTMASTER: [self.database], BACKEND: [self.database],
        }  # fmt: skip
        running = [one for one in candidates.get(kind, [self.redis]) if one.is_running()]
        if not running:
            return False
        target = chance.choice(running)
        if kind in (CHILD, BACKEND):
            # Its master starts another one; PostgreSQL ends all of them and recovers.
            if not (children := _children(target, "" if kind == CHILD else " fire ")):
                return False
            os.kill(chance.choice(children), signal.SIGKILL)
        else:
            if kind == POSTMASTER:
                assert target.process is not None
                postgresql.kill_postmaster(target.process)
            self._kill(target)
            target.restart_at = time.monotonic() + chance.uniform(*DOWN_FOR)
        if kind == REDIS_WIPED:
            shutil.rmtree(self.folder / "redis")
            (self.folder / "redis").mkdir()
        self.kills[kind] += 1
        return True

    @staticmethod
    def _kill(program: Program) -> None:
        program.signal(signal.SIGKILL)
        if program.process is not None:
            program.process.wait()


def _children(program: Program, title: str) -> list[int]:
    """Return the processes that it has started and that have `title` in their title."""
    assert program.process is not None
    return [pid for pid in postgresql.children_of(program.process.pid) if title in _title(pid)]


def _title(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:  # it ended meanwhile
        return ""
