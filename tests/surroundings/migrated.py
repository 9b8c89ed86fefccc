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
_kept: dict[str, str] = {}  # the server, or SQLITE: its database, or the file


def keep(connection: BaseDatabaseWrapper) -> None:
    """Keep a copy of the tests' own database, which was migrated just now; nobody else may be using it."""
    if connection.vendor == "sqlite":
        file = Path(settings.VAR_DIR) / "migrated.sqlite3"
        connection.ensure_connection()
        with closing(sqlite3.connect(file)) as copy:
            connection.connection.backup(copy)
        _kept[SQLITE] = str(file)
        return
    name = connection.settings_dict["NAME"]
    connection.close()
    copied = create_database(os.environ["TEST_POSTGRES_URL"], f"migrated_{name}", template=name)
    server, _, database = copied.rpartition("/")
    _kept[server] = database


def copy_to(url: str) -> bool:
    """Make the database at the address `url` anew as that copy; tells whether one was kept there."""
    if url.startswith(SQLITE):
        if SQLITE in _kept:
            shutil.copy2(_kept[SQLITE], url.removeprefix(SQLITE))
        return SQLITE in _kept
    server, _, name = url.rpartition("/")
    if server in _kept:
        create_database(url, name, template=_kept[server])
    return server in _kept
