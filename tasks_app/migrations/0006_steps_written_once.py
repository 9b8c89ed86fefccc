"""Steps of an escalation are written once; ladders made before keep telling whom they told."""

from importlib import import_module

from django.db import migrations

TABLE = "tasks_app_escalationstep"
POSTGRESQL = [
    f"CREATE TRIGGER {TABLE}_immutable BEFORE UPDATE OR DELETE ON {TABLE} "
    "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    f"CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE} "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
]
SQLITE = [
    f"CREATE TRIGGER {TABLE}_no_{verb} BEFORE {verb} ON {TABLE} "
    f"BEGIN SELECT RAISE(ABORT, 'rows of {TABLE} are written once'); END"
    for verb in ("UPDATE", "DELETE")
]


def add_triggers(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, params=None)
    # SQLite makes a table anew to alter a column, and the triggers of 0002 go with the old one.
    import_module("tasks_app.migrations.0004_reporting_and_review").restore_triggers(apps, schema_editor)


def keep_audiences(apps, schema_editor):
    rungs = apps.get_model("tasks_app", "ReminderRung").objects
    rungs.filter(offset__gte=-3).update(tells_signer=True)
    rungs.filter(offset__gte=1).update(tells_office=True)


class Migration(migrations.Migration):
    dependencies = [("tasks_app", "0005_reminders_and_escalation")]
    operations = [
        migrations.RunPython(keep_audiences, migrations.RunPython.noop),
        migrations.RunPython(add_triggers, migrations.RunPython.noop),
    ]
