"""How the timetable of reform_tracker/celery.py keeps time, as Celery's beat runs it."""

import contextlib
from pathlib import Path
from typing import Any

from celery.beat import Scheduler


class Timetable(Scheduler):
    """Keeps nothing between two starts, and goes on when the machine's clock is put back.

    Celery's own one stores when each job ran: from a clock that was ahead by hours it would wait for hours, and
    on a full disk it ends. Every job works out from the database what is due, so nothing need be remembered.
    """

    def __init__(self, *args: Any, schedule_filename: str, **options: Any) -> None:
        self.sign_of_life = Path(schedule_filename)  # looked at by the health check in docker-compose.yml
        super().__init__(*args, **options)

    def tick(self, *args: Any, **options: Any) -> float:
        """Send one job that is due; return how many seconds to wait for the next one."""
        for entry in self.schedule.values():
            now = entry.default_now()
            if entry.last_run_at > now:
                entry.last_run_at = now
                self._heap = None  # is worked out anew
        return super().tick(*args, **options)

    def sync(self) -> None:
        """Give a sign of life, every few minutes."""
        with contextlib.suppress(OSError):
            self.sign_of_life.touch()
