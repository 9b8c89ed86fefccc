"""python -m bench.drill: back up while all clerks save, restore elsewhere: what was lost, how long it took.

On SQLite as the one command runs it and on PostgreSQL as docker-compose.yml does. The exit code is 1 when a save that
was acknowledged before the backup began is not in the copy, or when the copy sends a letter.
"""

import json
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import quantiles
from threading import Event
from typing import NamedTuple

import requests

from bench.load import FILLERS, PATIENCE, Clerk, Times, running
from tests.surroundings.postgresql import create_database
from tests.surroundings.stack import Stack, environment

# The letters of that morning leave the original after the backup: the copy knows nothing of it.
MORNING, A_LITTLE_LATER = "2024-07-22T09:00", "2024-07-22T09:10"
STANDING = """
import json
from tasks_app.models import ProgressEntry
print(json.dumps(dict(ProgressEntry.objects.values_list("pk", "version"))))
"""


class Saved(NamedTuple):
    """One save that was acknowledged: of which entry, which version it made, when, after how long."""

    entry: int
    version: int
    at: float
    took: float


@dataclass
class Drill:
    """What happened; times are seconds of one clock."""

    saves: list[Saved] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    began: float = 0.0
    backed_up: float = 0.0
    lost_machine: float = 0.0
    restore_took: float = 0.0
    size: int = 0
    said: str = ""
    letters_before: int = 0
    letters_written: int = 0
    letters_sent: int = 0
    restored: dict[int, int] = field(default_factory=dict)

    @property
    def lost(self) -> list[Saved]:
        """Saves that the copy has not."""
        return [save for save in self.saves if save.version > self.restored[save.entry]]

    @property
    def lost_from_before(self) -> list[Saved]:
        """Those of them that had been acknowledged when the backup began: there must be none."""
        return [save for save in self.lost if save.at < self.began]

    @property
    def is_clean(self) -> bool:
        return not (self.errors or self.lost_from_before or self.letters_sent)

    def __str__(self) -> str:
        meanwhile = [save.took for save in self.saves if self.began <= save.at <= self.backed_up]
        otherwise = [save.took for save in self.saves if not self.began <= save.at <= self.backed_up]
        lines = [
            f"backup: {self.backed_up - self.began:.1f} s, {self.size / 1024:.0f} kB; restore: "
            f"{self.restore_took:.1f} s (with Python's start; the machine was busy during the backup)",
            f"saves: {len(self.saves)}, 95 % of them within {_cut(otherwise)}, during the backup "
            f"{len(meanwhile)} within {_cut(meanwhile)}",
            f"lost: {len(self.lost)} saves of the {self.lost_machine - self.began:.1f} s since the backup began; "
            f"{len(self.lost_from_before)} from before it",
            f"letters: {self.letters_before} had left the original after the backup; the copy wrote "
            f"{self.letters_written} again and sent {self.letters_sent}",
            f"errors: {len(self.errors)}",
            *self.errors[:5],
        ]
        return "\n".join(lines)


def drill(stack: Stack, elsewhere: dict[str, str], file: Path, *, clerks: int, seconds: float) -> Drill:
    """Let `clerks` save for `seconds` before and after a backup into `file`, then restore it `elsewhere`."""
    outcome, is_over = Drill(), Event()
    people = [Clerk(stack.url, username) for username in FILLERS[:clerks]]
    with ThreadPoolExecutor(clerks) as crowd:
        work = [crowd.submit(_save_on, clerk, is_over, outcome) for clerk in people]
        _go_on(outcome, seconds, more=2 * clerks)
        outcome.began = time.monotonic()
        outcome.said = stack.manage("backup", "--to", str(file)).stdout
        outcome.backed_up, outcome.size = time.monotonic(), file.stat().st_size
        sent = json.loads(stack.manage("send_reminders", "--json", "--at", MORNING).stdout)
        outcome.letters_before = sent["delivered"]["sent"]
        _go_on(outcome, seconds, more=2 * clerks)
        is_over.set()
        for one in work:
            one.result()
    outcome.lost_machine = time.monotonic()
    copy = Stack(elsewhere)
    outcome.said += copy.manage("restore", str(file)).stdout
    outcome.restore_took = time.monotonic() - outcome.lost_machine
    outcome.restored = {int(entry): version for entry, version in copy.ask(STANDING).items()}
    held = json.loads(copy.manage("send_reminders", "--json", "--at", A_LITTLE_LATER).stdout)
    outcome.letters_written = sum(
        bool(person["email"]) for letter in held["messages"] for person in letter["recipients"]
    )
    outcome.letters_sent = held["delivered"]["sent"]
    return outcome


def _go_on(outcome: Drill, seconds: float, *, more: int) -> None:
    """Let them save for `seconds`, on a busy machine until `more` saves were acknowledged."""
    until, mark = time.monotonic() + seconds, len(outcome.saves) + more
    while time.monotonic() < until or (len(outcome.saves) < mark and time.monotonic() < until + PATIENCE):
        time.sleep(0.02)


def _save_on(clerk: Clerk, is_over: Event, outcome: Drill) -> None:
    """Save one box after the other, again and again, until it is over."""
    version, times = 0, Times()
    while not is_over.is_set() and not times.errors:
        for entry in clerk.entries:
            if is_over.is_set() or times.errors:
                break
            form = {
                "csrfmiddlewaretoken": clerk.token, "version": str(version), "status": "on_track",
                "progress": f"第{version + 1}次保存。", "forecast": "", "remarks": "",
            }  # fmt: skip
            address = f"{clerk.site}/reports/{clerk.report}/entries/{entry}"
            began = time.monotonic()
            post = partial(
                clerk.browser.post, address, form, headers={"HX-Request": "true"}, timeout=PATIENCE
            )
            if isinstance(times.ask("save", post, "已保存"), requests.Response):
                at = time.monotonic()
                outcome.saves.append(Saved(int(entry), version + 1, at, at - began))
        version += 1
    outcome.errors += times.errors


def _cut(seconds: list[float]) -> str:
    return f"{quantiles(seconds, n=20, method='inclusive')[-1]:.2f} s" if len(seconds) > 1 else "–"


def main() -> None:
    is_clean = True
    for embedded in (True, False):
        with running(embedded=embedded) as stack, tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            url = "" if embedded else create_database(stack.env["DATABASE_URL"], "elsewhere")
            place = folder / "elsewhere"
            elsewhere = environment(place, DATABASE_URL=url)
            outcome = drill(stack, elsewhere, folder / "b.jsonl.gz", clerks=len(FILLERS), seconds=10)
            print(f"{'SQLite, the one command' if embedded else 'PostgreSQL, gunicorn'}\n{outcome}\n")
            is_clean &= outcome.is_clean
    sys.exit(not is_clean)


if __name__ == "__main__":
    main()
