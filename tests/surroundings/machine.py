"""Finding programs on this machine, and installing Debian packages where we may."""

import os
import shutil
import socket
import subprocess
from pathlib import Path


class Missing(Exception):
    """A program is not there and could not be installed; the text says what to install."""


def find(*names: str, folders: str = "") -> Path | None:
    """Return the first of the programs `names` on PATH, else in a folder matching the pattern `folders`."""
    for name in names:
        if found := shutil.which(name):
            return Path(found)
        matches = sorted(Path("/").glob(f"{folders.lstrip('/')}/{name}")) if folders else []
        if matches:
            return matches[-1]
    return None


def apt_install(*packages: str) -> bool:
    """Install Debian packages if this is root on Debian, and tell whether that worked."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    print(f"tests: apt-get install {' '.join(packages)} …", flush=True)  # noqa: T201
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    if subprocess.run(install, env=environment, stdout=subprocess.DEVNULL, check=False).returncode == 0:
        return True
    subprocess.run(["apt-get", "update", "-qq"], env=environment, check=False)
    return subprocess.run(install, env=environment, stdout=subprocess.DEVNULL, check=False).returncode == 0


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
