"""Changes: writing a backup, filling an empty place from one, holding sending back and releasing it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Max

from tasks_app.choices import AuditAction, DeliveryState
from tasks_app.clock import SHANGHAI
from tasks_app.documents.backup_file import (
    DumpedTable,
    Fingerprint,
    check_backup,
    read_head,
    read_tables,
    write_backup,
)
from tasks_app.domain import audit
from tasks_app.domain.moves import Refused
from tasks_app.domain.reminders.actions import compose_reminders
from tasks_app.domain.reporting.actions import open_due_periods
from tasks_app.models import Delivery, SendingHold, User

from . import queries, rules, schema

HOLDS = SendingHold._meta.db_table


@dataclass(frozen=True)
class Backup:
    """A backup as it was written or restored: where it lies, what it says about itself, what it holds."""

    path: Path
    head: dict[str, Any]
    prints: dict[str, Fingerprint]

    @property
    def made_at(self) -> datetime:
        return datetime.fromisoformat(self.head["made_at"])

    @property
    def rows(self) -> int:
        return sum(one.rows for one in self.prints.values())


def back_up(path: Path, *, at: datetime) -> Backup:
    """Write all that the database holds at one moment into the file `path`; people go on working meanwhile.

    The tables are read as the database has them, which may be before a migration of this version. Raises Refused for
    a database whose tables this version does not know: what it left out nobody would miss before it is needed.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with schema.one_moment():
        applied = schema.applied_migrations()
        if not applied:
            raise Refused("数据库里还没有建表，没有可以备份的内容。请核对 DATABASE_URL 和 VAR_DIR。")
        if sentence := schema.why_not_migrate(applied):
            raise Refused(f"没有备份。{sentence}")
        head = queries.head(applied, at)
        prints = write_backup(path, head, queries.contents(schema.tables_of(applied)))
    return Backup(path, head, prints)


def back_up_if_due(folder: Path, *, at: datetime) -> Backup | None:
    """Make the backup of the day, if there is none yet, and delete those that are kept no longer."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone_in(folder) as is_mine:
        if not is_mine or not rules.is_due(queries.backups_in(folder), at):
            return None
        made = back_up(folder / rules.file_name(at), at=at)
        for old in rules.superfluous(queries.backups_in(folder), at):
            old.path.unlink(missing_ok=True)
        return made


def restore(path: Path, *, at: datetime) -> Backup:
    """Fill the empty database from a backup, as it was, and let nothing leave until somebody releases it.

    All is read and compared before anything is made, and again from the database before it is kept. The tables
    are those of the backup's version; bringing them up to date comes after. Raises Refused,
    BrokenBackupError.
    """
    head, prints = read_head(path), check_backup(path)
    applied = {(app, name) for app, name in head["migrations"]}
    if not schema.is_empty():
        raise Refused(
            "目标数据库不是空的，没有恢复任何内容。请指定一个新的空数据库（DATABASE_URL），"
            "单机运行的，用 VAR_DIR 指定一个新的目录。"
        )
    if sentence := schema.why_not_migrate(applied):
        raise Refused(f"备份不能用现在的版本恢复：{sentence}")
    schema.build_schema(applied)
    tables = {model._meta.db_table: model for model in schema.tables_of(applied)}
    backup = Backup(path, head, prints)
    with transaction.atomic():
        _load(path, tables)
        if different := _different(prints, queries.fingerprints(tables.values())):
            raise Refused(f"写入的内容与备份的指纹不一致：{'、'.join(different)}。恢复已撤销。")
        _number_on(tables, head["last_ids"])
        connection.check_constraints()
        if HOLDS in tables:
            tables[HOLDS]._base_manager.create(held_at=at, backup_made_at=backup.made_at)
    return backup


@transaction.atomic
def note_restored(backup: Backup, *, at: datetime) -> SendingHold:
    """Write into the trail of a restored and migrated database what became of it; sending is held back by now."""
    hold = SendingHold.objects.open().first()
    if hold is None:  # the backup is older than holds are
        hold = SendingHold.objects.create(held_at=at, backup_made_at=backup.made_at)
    note = (
        f"由备份恢复：{backup.path.name}，备份时间 {backup.made_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}，"
        f"{len(backup.prints)}张表{backup.rows}行，与备份逐表一致；外发暂停，待放行"
    )
    audit.record(AuditAction.RESTORE, hold, by=None, at=at, note=note)
    return hold


@transaction.atomic
def release_sending(*, seen: str, discard: bool, by: User, at: datetime) -> int:
    """Let messages leave again, or with `discard` let none of those leave that `by` has seen; returns how many.

    `seen` is the mark of the list that was looked at (queries.leaving): another one is not decided unseen.
    Raises Refused.
    """
    holds = list(SendingHold.objects.open().select_for_update(of=("self",)))
    if not holds:
        raise Refused("外发已经放行，不需要再处理。")
    listed = queries.leaving(at)
    if rules.mark_of(listed) != seen:
        raise Refused("待发名单在您查看之后有了变化，没有放行。请看过新的名单再决定。")
    if discard:
        _discard(at)
    SendingHold.objects.filter(pk__in=[hold.pk for hold in holds]).update(released_at=at, released_by=by)
    decision = "都不再发送" if discard else "照常发送"
    note = f"看过待发的{len(listed)}条消息，{decision}；外发放行"
    audit.record(AuditAction.SENDING_RELEASE, holds[0], by=by, at=at, note=note)
    return len(listed)


def _discard(at: datetime) -> None:
    """Write what is due, so that it is told within the program, and cancel all that would leave it."""
    open_due_periods(at=at)
    compose_reminders(at=at)
    waiting = Delivery.objects.outgoing().pending()
    waiting.update(state=DeliveryState.CANCELLED, settled_at=at, error="恢复备份后，经人工确认不再发送")


def _load(path: Path, tables: dict[str, type[models.Model]]) -> None:
    """Put all rows of a backup into `tables`; what migrations had put there is in the backup as well."""
    for model in tables.values():
        queryset = model._base_manager.all()
        queryset._raw_delete(queryset.db)
    for table in read_tables(path):
        if table.name not in tables:
            raise Refused(f"备份中的表 {table.name} 在其版本中不存在，文件有误。")
        _fill(tables[table.name], table)


def _fill(model: type[models.Model], table: DumpedTable) -> None:
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    fields = [by_name[name] for name in table.fields]
    room = connection.ops.bulk_batch_size(fields, [None] * queries.ROWS_AT_ONCE)
    size = max(1, min(queries.rows_at_once(model), room))
    rows = iter(table.rows)
    while batch := list(islice(rows, size)):
        things = [
            model(**{field.attname: field.to_python(value) for field, value in zip(fields, row, strict=True)})
            for row in batch
        ]
        # Raw: a column that is filled in by itself when a row is saved keeps what it had.
        model._base_manager.all()._insert(things, fields=fields, raw=True)  # type: ignore[attr-defined]


def _different(said: dict[str, Fingerprint], found: dict[str, Fingerprint]) -> list[str]:
    return sorted(name for name in said.keys() | found.keys() if said.get(name) != found.get(name))


def _number_on(tables: dict[str, type[models.Model]], last_ids: dict[str, int]) -> None:
    """Let each table go on numbering where the original would: the trail names things by their numbers."""
    with connection.cursor() as cursor:
        for name, model in tables.items():
            if not isinstance(model._meta.pk, models.AutoField):
                continue
            highest = model._base_manager.aggregate(highest=Max("pk"))["highest"] or 0
            last = max(highest, last_ids.get(name, 0))
            if not last:
                continue
            if connection.vendor == "postgresql":
                column = model._meta.pk.column
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [name, column, last])
            else:
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [name])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [name, last])


@contextmanager
def _alone_in(folder: Path) -> Iterator[bool]:
    """Tell whether nobody else makes a backup in `folder` now; the lock ends with this process at the latest."""
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
