"""python -m bench.fire: kill -9 of workers, timetables, PostgreSQL, Redis and the mail server while reminders leave.

Then everything may recover, and the mail server's own record is held against what was due. The exit code is 1
when a letter is missing or doubled or anything is left over.
"""

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

import django

from tests.surroundings import postgresql

from .fire_stage import BETWEEN_KILLS, Stage

# Between two blows the mail server could take so many times its share of the letters; the outages take their
# part, so that letters last until the last blow.
PACE = 1.3


def main() -> None:
    """Set the stage and let the fire take its course."""
    options = parse()
    folder = Path(tempfile.mkdtemp(prefix="reform-tracker-fire-"))
    pause = options.kills * sum(BETWEEN_KILLS) / 2 / (PACE * options.units)
    server = postgresql.lay_out(postgresql.DURABLE)
    stage = Stage.prepare(folder, server, workers=options.workers, beats=options.beats, pause=pause)
    os.environ.update(stage.env)
    django.setup()
    from .fire_course import run  # wants the models

    try:
        stage.start_database()
        is_clean = run(stage, units=options.units, kills=options.kills, seed=options.seed)
    finally:
        stage.stop()
        server.stop()
    if not is_clean:
        sys.exit(f"The logs are in {folder}.")
    shutil.rmtree(folder)


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.fire", description=__doc__)
    parser.add_argument("--units", type=int, default=3000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--beats", type=int, default=2)
    parser.add_argument("--seed", type=int, default=2024)
    return parser.parse_args()


main()
