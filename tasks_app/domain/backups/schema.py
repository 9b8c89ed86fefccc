"""The version of a database: the migrations it had, the tables as it has them, why it cannot be brought up to date."""

from collections.abc import Iterable
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

APP = "tasks_app"
# Its migrations were six before they became one; this commit still has them and goes to the last of them.
FIRST_SIX = (
    "0001_initial",
    "0002_immutable_rows",
    "0003_any_table",
    "0004_reporting_and_review",
    "0005_reminders_and_escalation",
    "0006_steps_written_once",
)
THEY_BECAME = "0001_squashed_0006"
LAST_COMMIT_WITH_SIX = "b262e88"
Key = tuple[str, str]
# Who is logged in is no part of a backup: a session is the key to an account.
LEFT_OUT = {"django_session"}


def applied_migrations() -> set[Key]:
    """Return the migrations that the database had, by its own record."""
    return set(MigrationRecorder(connection).applied_migrations())


def why_not_migrate(applied: Iterable[Key]) -> str:
    """Return why this version cannot bring a database with the migrations `applied` up to date; "" if it can."""
    had = {name for app, name in applied if app == APP}
    first = [name for name in FIRST_SIX if name in had]
    if first and len(first) < len(FIRST_SIX) and THEY_BECAME not in had:
        return (
            f"这个数据库停在旧版本（已升级到 {first[-1]}），不能直接升级到现在的版本，数据没有改动。"
            "请先停止程序，复制一份数据（SQLite 复制数据目录，PostgreSQL 用 pg_dump），"
            f"再换到提交 {LAST_COMMIT_WITH_SIX}（git checkout {LAST_COMMIT_WITH_SIX} && make setup），"
            "在那里运行 .venv/bin/python manage.py migrate，然后换回现在的版本，运行 make setup，重新启动。"
        )
    if unknown := sorted(had - {name for app, name in known_migrations() if app == APP}):
        return (
            f"这个数据库已由更新的版本升级过（{'、'.join(unknown)}），现在的程序较旧，不能使用，数据没有改动。"
            "请换用更新的版本。"
        )
    return ""


def why_not_use() -> str:
    """Return why nothing can be read from or written to the database by this version; "" if it can be."""
    applied = applied_migrations()
    if sentence := why_not_migrate(applied):
        return sentence
    if is_up_to_date():
        return ""
    if any(app == APP for app, _ in applied):
        return (
            "数据库还没有升级到现在的版本，没有做任何改动。请先运行 manage.py migrate，再重新运行这个命令。"
        )
    return "数据库里还没有建表，没有做任何改动。请先运行 manage.py migrate，再重新运行这个命令。"


def known_migrations() -> set[Key]:
    """Return all migrations that this version knows, those that became another one as well."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    replaced = {key for migration in loader.disk_migrations.values() for key in migration.replaces}
    return set(loader.disk_migrations) | replaced


def is_up_to_date() -> bool:
    """Tell whether the database has all that this version knows."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def is_empty() -> bool:
    """Tell whether the database has no tables at all."""
    return not connection.introspection.table_names()


def tables_of(applied: Iterable[Key]) -> list[type[models.Model]]:
    """Return the models of a database that had the migrations `applied`, in the order of their tables."""
    loader = MigrationLoader(None)
    there = _in_graph(loader, set(applied))
    found = loader.project_state(sorted(there)).apps.get_models(include_auto_created=True)
    kept = [model for model in found if model._meta.managed and model._meta.db_table not in LEFT_OUT]
    return sorted(kept, key=lambda model: model._meta.db_table)


def build_schema(applied: Iterable[Key]) -> None:
    """Make the tables in an empty database as one that had the migrations `applied` has them."""
    executor = MigrationExecutor(connection)
    there = _in_graph(executor.loader, set(applied))
    graph = executor.loader.graph
    last = [
        (app, name)
        for app, name in there
        if not any(child in there for child in graph.node_map[app, name].children)
    ]
    executor.migrate(sorted(last))


@contextmanager
def one_moment() -> Any:
    """See the whole database as it is at one moment, whatever others write meanwhile; nobody has to wait."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
        return
    # Django begins every transaction on SQLite as a writer; a reader lets the others write.
    connection.cursor().execute("BEGIN")
    try:
        yield
    finally:
        connection.cursor().execute("ROLLBACK")


def _in_graph(loader: MigrationLoader, applied: set[Key]) -> set[Key]:
    """Return the nodes of the graph that `applied` stands for: what became one migration counts as that one."""
    for key, migration in loader.replacements.items():
        if all(replaced in applied for replaced in migration.replaces):
            applied = applied | {key}
    return {key for key in loader.graph.nodes if key in applied}
