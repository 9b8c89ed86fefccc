"""Decides what a backup is called, when one is due and which are kept. No database, no clock."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from tasks_app.clock import SHANGHAI
from tasks_app.documents.backup_file import ENDING

# At night nobody waits for the disk; a machine that is off at night is backed up in the morning.
DUE_FROM = time(1, 0)
KEEP_DAYS, KEEP_MONTHS = 14, 12
# What a migration found is kept as long as somebody may notice what it did.
KEEP_BEFORE_MIGRATE = timedelta(days=60)
BEFORE_MIGRATE = "-before-migrate"
NAME = re.compile(rf"reform-tracker-(\d{{8}}-\d{{6}})({BEFORE_MIGRATE})?{re.escape(ENDING)}")
STAMP = "%Y%m%d-%H%M%S"


@dataclass(frozen=True, order=True)
class Leaving:
    """One letter that would leave: to whom, for which unit, with which words; a draft is not written yet."""

    unit: str
    person: str
    channel: str
    subject: str
    is_draft: bool


@dataclass(frozen=True)
class Kept:
    """One backup in the folder: when it was made, and whether because of a migration."""

    path: Path
    made_at: datetime
    is_before_migrate: bool = False


def file_name(at: datetime, *, before_migrate: bool = False) -> str:
    """Return the name of a backup made at `at`."""
    tag = BEFORE_MIGRATE if before_migrate else ""
    return f"reform-tracker-{at.astimezone(SHANGHAI):{STAMP}}{tag}{ENDING}"


def as_kept(path: Path) -> Kept | None:
    """Return which backup a file is by its name; None for a file that is none of ours."""
    match = NAME.fullmatch(path.name)
    if match is None:
        return None
    made_at = datetime.strptime(match[1], STAMP).replace(tzinfo=SHANGHAI)
    return Kept(path, made_at, bool(match[2]))


def is_due(kept: Iterable[Kept], at: datetime) -> bool:
    """Tell whether the day's backup is still to be made at `at`."""
    local = at.astimezone(SHANGHAI)
    return local.time() >= DUE_FROM and not any(
        one.made_at.astimezone(SHANGHAI).date() == local.date() for one in kept if not one.is_before_migrate
    )


def superfluous(kept: Sequence[Kept], at: datetime) -> list[Kept]:
    """Return the backups to delete: kept are the last of each of 14 days, the last of each of 12 months.

    The newest one is never among them, nor one from after `at`: a demonstration's clock goes back as well.
    """
    past = sorted((one for one in kept if one.made_at <= at), key=lambda one: one.made_at, reverse=True)
    daily = [one for one in past if not one.is_before_migrate]
    keep = set(past[:1])
    keep |= {one for one in past if one.is_before_migrate and at - one.made_at <= KEEP_BEFORE_MIGRATE}
    for pattern, count in (("%Y%m%d", KEEP_DAYS), ("%Y%m", KEEP_MONTHS)):
        last_of: dict[str, Kept] = {}
        for one in daily:
            last_of.setdefault(one.made_at.astimezone(SHANGHAI).strftime(pattern), one)
        keep |= set(list(last_of.values())[:count])
    return [one for one in past if one not in keep]


def mark_of(listed: Iterable[Leaving]) -> str:
    """Return a mark that changes when somebody else would be written to; writing down what is due changes nothing."""
    lines = sorted(f"{one.unit}|{one.person}|{one.channel}" for one in listed)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
