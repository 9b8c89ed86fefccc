"""A database as migrate leaves it, kept before the first test writes: programs of their own start from a copy."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

from .postgresql import create_database

SQLITE = "sqlite:///"
_kept: dict[str, str] = {}  # the server, or SQLITE: the address of the copy on it


def keep(connection: BaseDatabaseWrapper) -> None:
    """Keep a copy of the tests' own database, which was migrated just now; nobody else may be using it."""
    if connection.vendor == "sqlite":
        file = Path(settings.VAR_DIR) / "migrated.sqlite3"
        connection.ensure_connection()
        with closing(sqlite3.connect(file)) as copy:
            connection.connection.backup(copy)
        _kept[SQLITE] = f"{SQLITE}{file}"
        return
    name = connection.settings_dict["NAME"]
    connection.close()
    copy = create_database(os.environ["TEST_POSTGRES_URL"], f"migrated_{name}", template=name)
    _kept[_server(copy)] = copy


def copy_to(url: str) -> bool:
    """Make the database at the address `url` anew as that copy; tells whether one was kept there."""
    kept = _kept.get(_server(url))
    if kept:
        copy_database(kept, url)
    return bool(kept)


def copy_database(source: str, target: str) -> None:
    """Make the database at the address `target` anew as that of `source`, which nobody uses meanwhile."""
    if source.startswith(SQLITE):
        shutil.copy2(source.removeprefix(SQLITE), target.removeprefix(SQLITE))
    else:
        create_database(target, target.rpartition("/")[2], template=source.rpartition("/")[2])


def _server(url: str) -> str:
    return SQLITE if url.startswith(SQLITE) else url.rpartition("/")[0]
