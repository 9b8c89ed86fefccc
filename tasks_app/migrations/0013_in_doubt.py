"""Entries know whether what was filed last contradicts itself; of earlier submissions only answered questions are known."""

from django.db import migrations, models


def mark(apps, schema_editor):
    """Mark what was asked about, but for words that merely equal those of the period before."""
    using = schema_editor.connection.alias
    submissions = apps.get_model("tasks_app", "Submission").objects.using(using).order_by("number")
    entries = apps.get_model("tasks_app", "ProgressEntry").objects.using(using)
    doubted = {}
    for report, content in submissions.values_list("report_id", "content").iterator(chunk_size=200):
        doubted[report] = [
            entry["task"]
            for entry in content["entries"]
            if any(answer["key"] != "unchanged" for answer in entry.get("answers", ()))
        ]
    for report, tasks in doubted.items():
        if tasks:
            entries.filter(report=report, task__in=tasks).update(in_doubt=True)


class Migration(migrations.Migration):
    dependencies = [
        ("tasks_app", "0012_verdicts_hold"),
    ]

    operations = [
        migrations.AddField(
            model_name="progressentry",
            name="in_doubt",
            field=models.BooleanField(default=False, verbose_name="待核"),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
