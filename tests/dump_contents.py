"""What became of a dump's rows in the upgraded database: each value is where it was, or said here to be elsewhere."""

from pathlib import Path

from django.apps import apps
from django.db import connection

from tasks_app.choices import MatterKind
from tasks_app.documents.backup_file import line_of, plain, read_tables
from tasks_app.models import Matter, Step

# What later versions keep differently, on purpose; a test of their own says that it is there.
# A table that is gone: {table}; a column that is gone or says something else: {(table, column)}.
MOVED_TABLES = {"tasks_app_coordination", "tasks_app_correction", "tasks_app_escalationstep"}  # asked()
MOVED_COLUMNS = {("tasks_app_reminder", "correction_id")}
RENAMED_COLUMNS = {("tasks_app_reminder", "matter"): "kind", ("tasks_app_reminderrung", "matter"): "kind"}
# Django makes these anew for the tables that there are.
NOT_OURS = {"auth_permission", "django_content_type"}


def differences(path: Path | str) -> list[str]:
    """Return what of a dump is not in the database any more, or in other words; new rows and columns may be there."""
    models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    found = []
    for table in read_tables(Path(path)):
        rows = list(table.rows)
        if table.name in MOVED_TABLES | NOT_OURS or not rows:
            continue
        if table.name not in models:
            found.append(f"{table.name}: the table is gone with {len(rows)} rows")
            continue
        model = models[table.name]
        there = {field.attname for field in model._meta.concrete_fields}
        names = [name for name in table.fields if (table.name, name) not in MOVED_COLUMNS]
        called = [RENAMED_COLUMNS.get((table.name, name), name) for name in names]
        if gone := [name for name in called if name not in there]:
            found.append(f"{table.name}: the columns {', '.join(gone)} are gone")
            continue
        now = {row[0]: line_of(row) for row in model._base_manager.values_list(*called)}
        places = [table.fields.index(name) for name in names]
        found += [
            f"{table.name} {row[0]}: {now.get(row[0])} was {line}"
            for row in rows
            if now.get(row[0]) != (line := line_of([row[place] for place in places]))
        ]
    return found


def asked(path: Path | str) -> list[list[str]]:
    """Return what was asked according to a dump from before matters: [text, answer], and each step's moment."""
    found = []
    for table in read_tables(Path(path)):
        rows = [dict(zip(table.fields, row, strict=True)) for row in table.rows]
        if table.name in ("tasks_app_coordination", "tasks_app_correction"):
            found += [[row["text"], row["answer"]] for row in rows]
        elif table.name == "tasks_app_escalationstep":
            found += [[row["kind"], row["at"]] for row in rows]
    return sorted(found)


def asked_now() -> list[list[str]]:
    """Return the same of the matters, and of the steps of 督查单 and 约谈, those of their lists among them."""
    found = [[one.text, one.answer.text if one.answer else ""] for one in Matter.objects.all()]
    steps = Step.objects.exclude(matter__kind=MatterKind.COORDINATION)
    return sorted(found + [[step.kind, plain(step.at)] for step in steps])


def triggers() -> list[str]:
    """Return the triggers of the database, which keep what is written once."""
    name, catalogue = (
        ("tgname", "pg_trigger WHERE NOT tgisinternal")
        if connection.vendor == "postgresql"
        else ("name", "sqlite_master WHERE type = 'trigger'")
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM {catalogue} ORDER BY 1")  # noqa: S608
        return [row[0] for row in cursor.fetchall()]
