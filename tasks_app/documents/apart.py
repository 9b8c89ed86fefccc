"""Runs a script of this folder in a process of its own: what an untrusted file does there, it does not do here."""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

HERE = Path(__file__).parent


def folders() -> list[str]:
    """Return where a script without site packages finds this program and its libraries."""
    return [*sys.path, str(HERE.parent.parent)]


def run_apart(
    script: str, order: "DataclassInstance", data: bytes, *, patience_seconds: int
) -> "subprocess.CompletedProcess[bytes]":
    """Run `script` with `order` as its argument and `data` on its input, and return how it ended.

    The script limits its own memory and processor time. Raises subprocess.TimeoutExpired.
    """
    return subprocess.run(
        [sys.executable, "-I", "-S", str(HERE / script), json.dumps(asdict(order))],
        input=data,
        env=os.environ | {"RUST_BACKTRACE": "0"},
        capture_output=True,
        timeout=patience_seconds,
        check=False,
    )
