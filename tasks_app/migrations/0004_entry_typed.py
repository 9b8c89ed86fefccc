"""Text kept as it was typed (a number that is none) leaves the answers to questions for a field of its own."""

from django.db import migrations, models

PREFIX = "typed:"


def take_apart(apps, schema_editor):
    entries = apps.get_model("tasks_app", "ProgressEntry").objects
    changed = []
    for entry in entries.exclude(answers={}).only("pk", "answers", "typed").iterator(chunk_size=500):
        typed = {key: text for key, text in entry.answers.items() if key.startswith(PREFIX)}
        if typed:
            entry.answers = {key: text for key, text in entry.answers.items() if key not in typed}
            entry.typed = {key.removeprefix(PREFIX): text for key, text in typed.items()}
            changed.append(entry)
    entries.bulk_update(changed, ["answers", "typed"], batch_size=200)


def put_together(apps, schema_editor):
    entries = apps.get_model("tasks_app", "ProgressEntry").objects
    changed = list(entries.exclude(typed={}).only("pk", "answers", "typed"))
    for entry in changed:
        entry.answers |= {f"{PREFIX}{key}": text for key, text in entry.typed.items()}
    entries.bulk_update(changed, ["answers"], batch_size=200)


class Migration(migrations.Migration):
    dependencies = [
        ("tasks_app", "0003_years"),
    ]

    operations = [
        migrations.AddField(
            model_name="progressentry",
            name="typed",
            field=models.JSONField(blank=True, default=dict, verbose_name="原样保留的文字"),
        ),
        migrations.RunPython(take_apart, put_together),
    ]
