"""Puts the data of a running program back to what was seeded, so that one program serves test after test."""

import io
import sqlite3
from contextlib import suppress
from pathlib import Path

import psycopg2
from psycopg2 import sql

ATTEMPTS = 5


def renew_sqlite(seeded: Path, running: Path) -> None:
    """Replace the content of the database file `running`, which a program has open, by that of `seeded`."""
    source, target = sqlite3.connect(seeded), sqlite3.connect(running, timeout=30)
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()


def renew_postgresql(seeded: str, running: str) -> None:
    """Replace the content of the database at the address `running`, which a program uses, by that of `seeded`."""
    for _ in range(ATTEMPTS):
        # The program's own jobs lock the same tables in another order: either may have to give way.
        with suppress(psycopg2.errors.DeadlockDetected):
            return _copy(seeded, running)
    raise RuntimeError(f"The program's jobs got in the way {ATTEMPTS} times.")


def _copy(seeded: str, running: str) -> None:
    source, target = psycopg2.connect(seeded), psycopg2.connect(running)
    try:
        with source, target, source.cursor() as reader, target.cursor() as writer:
            # As the replica of another server: triggers that keep the trail, and the order of keys, do not matter.
            writer.execute("SET session_replication_role = replica")
            reader.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            tables = [sql.Identifier(name) for (name,) in reader.fetchall()]
            writer.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(tables)))
            for table in tables:
                rows = io.StringIO()
                reader.copy_expert(sql.SQL("COPY {} TO STDOUT").format(table).as_string(reader), rows)
                rows.seek(0)
                writer.copy_expert(sql.SQL("COPY {} FROM STDIN").format(table).as_string(writer), rows)
            reader.execute(
                "SELECT quote_ident(sequencename), coalesce(last_value, start_value), last_value IS NOT NULL "
                "FROM pg_sequences WHERE schemaname = 'public'"
            )
            for sequence in reader.fetchall():
                writer.execute("SELECT setval(%s, %s, %s)", sequence)
    finally:
        source.close()
        target.close()
