from django.db import migrations, models
from django.db.models import Q

TABLE = "tasks_app_returnreason"
SQLITE = [
    f"CREATE TRIGGER {TABLE}_no_{verb} BEFORE {verb} ON {TABLE} "
    f"BEGIN SELECT RAISE(ABORT, 'rows of {TABLE} are written once'); END"
    for verb in ("UPDATE", "DELETE")
]


def add_triggers(apps, schema_editor):
    """SQLite makes a table anew for each constraint, without its triggers."""
    if schema_editor.connection.vendor == "sqlite":
        for statement in SQLITE:
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("tasks_app", "0009_not_sent")]

    operations = [
        migrations.RemoveConstraint(model_name="returnreason", name="return_reason_not_empty"),
        migrations.AlterField(
            model_name="returnreason",
            name="text",
            field=models.TextField(blank=True, verbose_name="退回理由"),
        ),
        migrations.AddConstraint(
            model_name="returnreason",
            constraint=models.CheckConstraint(
                condition=~Q(text="", category=""), name="return_reason_not_empty"
            ),
        ),
        migrations.RunPython(add_triggers, migrations.RunPython.noop),
    ]
