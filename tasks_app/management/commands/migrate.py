"""`manage.py migrate`: Django's own, after a look at what the database is and a backup of it; one at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import connection

from tasks_app import clock
from tasks_app.domain.backups import rules, schema
from tasks_app.domain.backups.actions import back_up

# Any number that nobody else locks by.
LOCK = 3504_2024


class Command(migrate.Command):
    help = f"{migrate.Command.help} A database that holds something is backed up to BACKUP_DIR before."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--no-backup", action="store_false", dest="backup", help="升级前不自动备份")

    def handle(self, *arguments: Any, backup: bool, **options: Any) -> None:
        with one_at_a_time():
            applied = schema.applied_migrations()
            if sentence := schema.why_not_migrate(applied):
                raise CommandError(sentence)
            only_looks = options["plan"] or options["check_unapplied"]
            if backup and applied and not only_looks and not schema.is_up_to_date():
                self._back_up()
            super().handle(*arguments, **options)

    def _back_up(self) -> None:
        at = clock.now()
        path = settings.BACKUP_DIR / rules.file_name(at, before_migrate=True)
        try:
            back_up(path, at=at)
        except OSError as error:
            raise CommandError(
                f"升级前的备份写不进 {path.parent}（{error.strerror}），没有升级，数据没有改动。"
                "请腾出空间或用 BACKUP_DIR 指定另一个目录；已经另行备份的，可以加 --no-backup。"
            ) from error
        self.stdout.write(f"升级前已备份到 {path}")


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """On PostgreSQL, wait for whoever else migrates the same database: two at once would both make each table.

    SQLite lets only one write anyway.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
