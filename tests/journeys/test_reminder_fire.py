"""Workers, timetables, servers and databases are killed while reminders leave: nobody forgotten or told twice."""

import re
import subprocess
import sys

import pytest

from tests.surroundings.stack import ROOT

pytestmark = pytest.mark.once  # it runs on PostgreSQL and a Redis of its own


def under_fire(*, units: int, kills: int, workers: int, minutes: int, seed: int = 2024) -> None:
    """Run bench/fire.py, which compares the mail server's record with what was due."""
    options = [f"--units={units}", f"--kills={kills}", f"--workers={workers}", f"--seed={seed}"]
    run = subprocess.run(
        [sys.executable, "-m", "bench.fire", *options],
        cwd=ROOT, capture_output=True, text=True, timeout=minutes * 60, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    killed = re.search(r"^(\d+) kills", run.stdout, re.MULTILINE)
    assert killed, run.stdout
    assert int(killed[1]) >= kills / 2, "the letters left too fast for the fire"


def test_reminders_under_fire():
    under_fire(units=40, kills=3, workers=2, minutes=5, seed=11)  # mostly workers, Redis and PostgreSQL


@pytest.mark.soak
def test_three_thousand_reminders_under_two_hundred_kills():
    under_fire(units=3000, kills=200, workers=4, minutes=60)
