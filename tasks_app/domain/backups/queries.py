"""Looks: all that a database holds, table by table; the backups there are; what a release would let leave."""

import tomllib
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.signing import Signer
from django.db import connection, models

from tasks_app.documents.backup_file import Counting, DumpedTable, Fingerprint, line_of
from tasks_app.domain.reminders.actions import rehearse_reminders
from tasks_app.models import Delivery, SendingHold

from .rules import Kept, Leaving, as_kept
from .schema import Key

# Files are kept in rows: only a few of those in memory at a time.
ROWS_AT_ONCE, FILES_AT_ONCE = 1000, 8
SIGNER = Signer(salt="backup")


def head(applied: set[Key], at: datetime) -> dict[str, Any]:
    """Return what a backup says about itself: the version of the program and of the tables, and no secret."""
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        version = tomllib.load(file)["project"]["version"]
    return {
        "program": "深化医改任务跟踪",
        "version": version,
        "made_at": at.isoformat(),
        "database": connection.vendor,
        "migrations": sorted(map(list, applied)),
        "key": key_mark(),
        "last_ids": last_ids(),
    }


def key_mark() -> str:
    """Return by what a restored copy can tell whether it has the secret key of the original; it gives nothing away."""
    return SIGNER.signature("key")[:16]


def contents(tables: Iterable[type[models.Model]]) -> Iterator[DumpedTable]:
    """Return all rows of `tables`, in the order of their keys."""
    for model in tables:
        names = tuple(field.attname for field in model._meta.concrete_fields)
        yield DumpedTable(model._meta.db_table, names, _rows(model, names))


def fingerprints(tables: Iterable[type[models.Model]]) -> dict[str, Fingerprint]:
    """Return the fingerprints of `tables` as they are."""
    found = {}
    for table in contents(tables):
        counting = Counting()
        for row in table.rows:
            counting.add(line_of(row))
        found[table.name] = counting.fingerprint
    return found


def rows_at_once(model: type[models.Model]) -> int:
    """Return how many rows of `model` may be in memory together."""
    has_files = any(isinstance(field, models.BinaryField) for field in model._meta.concrete_fields)
    return FILES_AT_ONCE if has_files else ROWS_AT_ONCE


def last_ids() -> dict[str, int]:
    """Return the last number that each table has given, also to rows that are gone: none is given twice."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT t.relname, pg_sequence_last_value(s.oid) FROM pg_class s"
                " JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i')"
                " JOIN pg_class t ON t.oid = d.refobjid WHERE s.relkind = 'S'"
            )
        else:
            cursor.execute("SELECT name, seq FROM sqlite_sequence")
        return {table: last for table, last in sorted(cursor.fetchall()) if last}


def backups_in(folder: Path) -> list[Kept]:
    """Return the backups in `folder`, oldest first."""
    found = (as_kept(path) for path in folder.glob("*")) if folder.is_dir() else ()
    return sorted(filter(None, found), key=lambda one: one.made_at)


def open_hold() -> SendingHold | None:
    """Return the hold that keeps everything back, if there is one."""
    return SendingHold.objects.open().first()


def leaving(at: datetime) -> list[Leaving]:
    """Return every letter that would leave if sending were released at `at`: written ones and those due now."""
    outgoing = Delivery.objects.outgoing().pending()
    waiting = [
        Leaving(row.message.unit.name, row.user.name, row.get_channel_display(), row.message.subject, False)
        for row in outgoing.select_related("message__unit", "user")
    ]
    due = [
        Leaving(draft.unit_name, person.name, channel.label, draft.words.subject, True)
        for draft in rehearse_reminders(at=at)
        for person in draft.recipients
        for channel, _ in person.channels(draft.channel)[:1]
    ]
    return sorted(waiting + due)


def _rows(model: type[models.Model], names: tuple[str, ...]) -> Iterator[list[Any]]:
    rows = model._base_manager.order_by("pk").values_list(*names)
    return map(list, partial(rows.iterator, chunk_size=rows_at_once(model))())
