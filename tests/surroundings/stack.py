"""The whole program as its operators run it, in a folder of its own: by one command or service by service."""

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from reform_tracker.embedded import broker_socket
from reform_tracker.supervisor import Program, Supervisor

from . import migrated, postgresql, renewal
from .machine import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 90
# What a data folder holds: see reform_tracker/settings.py.
DATABASE, CLOCK = "reform_tracker.sqlite3", "demo_clock"
# What decides how the program runs: the developer's own choice of it must not reach the tests.
SETTINGS = {
    "MODE", "SECRET_KEY", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "DEBUG", "LOG_LEVEL", "VAR_DIR",
    "STATIC_DIR", "DATABASE_URL", "REDIS_URL", "LISTEN_ADDRESS", "PORT", "SITE_URL", "HTTPS", "BEHIND_PROXY",
    "EMAIL_URL", "EMAIL_FROM", "JOB_SECONDS", "DJANGO_SETTINGS_MODULE",
}  # fmt: skip


def environment(var_dir: Path, **settings: str) -> dict[str, str]:
    """Return an environment with `settings`; empty ones keep the developer's .env out."""
    clean = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    fixed = {
        "MODE": "embedded",
        "DEBUG": "false",
        "VAR_DIR": str(var_dir),
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "EMAIL_URL": "",
        "WECOM_WEBHOOK_URL": "",
        "DINGTALK_WEBHOOK_URL": "",
        "DINGTALK_SECRET": "",
        "SMS_GATEWAY_URL": "",
        "SMS_GATEWAY_KEY": "",
        "SMS_GATEWAY_SECRET": "",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "LISTEN_ADDRESS": "127.0.0.1",
        "LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "reform_tracker.settings",
        "PYTHONUNBUFFERED": "1",
    }
    return clean | fixed | settings


def manage(env: dict[str, str], *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run manage.py and return what it said."""
    result = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if check and result.returncode:
        raise RuntimeError(f"manage.py {' '.join(arguments)}: {result.stdout}{result.stderr}")
    return result


@dataclass
class Stack:
    """One running program. `manage` talks to the same data; `log` holds what the services printed."""

    env: dict[str, str]
    stop: Callable[[], None] = field(default=lambda: None)

    @property
    def url(self) -> str:
        """The address for a browser, without a slash at its end."""
        return f"http://127.0.0.1:{self.env['PORT']}"

    @property
    def var_dir(self) -> Path:
        """The data folder."""
        return Path(self.env["VAR_DIR"])

    def manage(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command of manage.py on the same data."""
        return manage(self.env, *arguments, check=check)

    def ask(self, code: str) -> Any:
        """Run Python `code` on the same data and return what it printed as JSON."""
        return json.loads(self.manage("shell", "--verbosity=0", "-c", code).stdout)


@dataclass
class Launched:
    """`manage.py serve` as a child: what it printed so far is in `output`."""

    env: dict[str, str]
    process: subprocess.Popen[bytes]
    output_file: Path

    @property
    def output(self) -> str:
        """Everything printed so far."""
        return self.output_file.read_text(encoding="utf-8")

    def wait_until_ready(self) -> float:
        """Return the seconds until the address was printed."""
        began = time.monotonic()
        while "已启动" not in self.output:
            waited = time.monotonic() - began
            if self.process.poll() is not None or waited > PATIENCE:
                raise RuntimeError(f"The launcher did not become ready in {waited:.0f} s:\n{self.output}")
            time.sleep(0.05)
        return time.monotonic() - began

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        """Send a signal to the launcher alone and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(30)


def launch(env: dict[str, str]) -> Launched:
    """Start `manage.py serve`."""
    output_file = Path(env["VAR_DIR"]) / "launcher.log"
    with output_file.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env=env,
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            process_group=0,
        )
    return Launched(env, process, output_file)


def processes_of(var_dir: Path) -> dict[int, str]:
    """Return {process id: command line} of all living processes that were started for `var_dir`."""
    mark, socket = f"VAR_DIR={var_dir}".encode(), bytes(broker_socket(var_dir))
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()  # of a dead one that nobody waited for: nothing
            # Redis writes its title over its environment, but names its socket there.
            if mark in (folder / "environ").read_bytes().split(b"\0") or socket in command:
                found[int(folder.name)] = command.replace(b"\0", b" ").decode()
        except OSError:
            continue  # it ended meanwhile, or is not ours
    return {pid: command for pid, command in found.items() if command}


@dataclass(frozen=True)
class Seeded:
    """The demonstration's data, from which every running program gets a copy."""

    folder: Path
    static: Path
    database_url: str = ""

    def renew(self, running: Stack) -> None:
        """Put the data of `running` back to these, its clock as well; whoever was logged in is not any more."""
        if self.database_url:
            renewal.renew_postgresql(self.database_url, running.env["DATABASE_URL"])
        else:
            renewal.renew_sqlite(self.folder / DATABASE, running.var_dir / DATABASE)
        shutil.copy2(self.folder / CLOCK, running.var_dir / CLOCK)

    def serve_embedded(self, folder: Path, **settings: str) -> Stack:
        """Run the one command on a copy of the data folder."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        env = environment(folder, PORT=str(free_port()), STATIC_DIR=str(self.static), **settings)
        launched = launch(env)
        launched.wait_until_ready()
        return Stack(env, lambda: (launched.end(), None)[1])

    def serve_apart(self, folder: Path, **settings: str) -> Stack:
        """Run gunicorn, worker and timetable as docker-compose.yml does, on a copy of the database."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        port = free_port()
        copy = postgresql.create_database(
            self.database_url, f"app_{port}", template=self.database_url.rsplit("/", 1)[1]
        )
        env = environment(folder, PORT=str(port), STATIC_DIR=str(self.static), DATABASE_URL=copy, **settings)
        supervisor = Supervisor(say=print)
        celery = [sys.executable, "-m", "celery", "--app=reform_tracker"]
        supervisor.start(Program("web", web_command(port), ROOT, env))
        worker = [*celery, "worker", "--concurrency=2", "--loglevel=WARNING"]
        supervisor.start(Program("worker", worker, ROOT, env))
        supervisor.start(Program("beat", [*celery, "beat", "--loglevel=WARNING"], ROOT, env))
        stack = Stack(env, supervisor.stop)
        try:
            wait_for(stack)
        except RuntimeError:
            supervisor.stop()
            raise
        return stack


def elsewhere(folder: Path) -> dict[str, str]:
    """Return an environment in which what a program writes outside its data folder lies in `folder`/elsewhere."""
    other = folder / "elsewhere"
    other.mkdir()
    return dict.fromkeys(("HOME", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME", "TMPDIR"), str(other))


def written_elsewhere(folder: Path) -> list[Path]:
    """Return what has been written there."""
    return sorted((folder / "elsewhere").rglob("*"))


def web_command(port: int) -> list[str]:
    """Return how docker-compose.yml starts gunicorn, listening on `port` of this machine."""
    composed = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    program, *options = composed["services"]["web"]["command"]
    bound = [option.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for option in options]
    return [sys.executable, "-m", program, *bound]


def seed(
    folder: Path, *options: str, postgres_url: str = "", static: Path | None = None, **settings: str
) -> Seeded:
    """Make the demonstration's data in `folder`, and in a database of the server if one is given.

    `options` are those of seed_demo; `static` is what was collected before.
    """
    database_url = postgresql.create_database(postgres_url, folder.name) if postgres_url else ""
    data, collected = folder / "var", static or folder / "static"
    data.mkdir()
    env = environment(data, DATABASE_URL=database_url, STATIC_DIR=str(collected), **settings)
    if static is None:
        manage(env, "collectstatic", "--noinput", "--verbosity=0")
    if not migrated.copy_to(database_url or f"{migrated.SQLITE}{data / DATABASE}"):
        manage(env, "migrate", "--verbosity=0")
    manage(env, "seed_demo", *options)
    return Seeded(data, collected, database_url)


def wait_for(stack: Stack) -> None:
    """Return when /health says ok."""
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE:
        asker = http.client.HTTPConnection("127.0.0.1", int(stack.env["PORT"]), timeout=5)
        try:
            asker.request("GET", "/health")
            if json.loads(asker.getresponse().read())["status"] == "ok":
                return
        except (OSError, ValueError):
            time.sleep(0.1)
        finally:
            asker.close()
    raise RuntimeError("The web server did not answer.")
