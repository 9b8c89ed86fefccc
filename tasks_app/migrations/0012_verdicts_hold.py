"""The database says no to a verdict without its submission or its basis; apart, for PostgreSQL alters no table whose
rows were changed in the same transaction."""

from django.db import migrations, models

STATUSES = [("done", "已完成"), ("on_track", "达到序时"), ("behind", "未达序时"), ("not_started", "未启动")]
BASES = ["written", "document", "on_site", "phone", "system"]


class Migration(migrations.Migration):
    dependencies = [
        ("tasks_app", "0011_verdicts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="reviewnote",
            name="rating",
            field=models.CharField(blank=True, choices=STATUSES, max_length=12, verbose_name="核定"),
        ),
        migrations.AddConstraint(
            model_name="reviewnote",
            constraint=models.CheckConstraint(
                condition=models.Q(("basis", ""), ("rating", ""))
                | models.Q(
                    ("basis__in", BASES),
                    ("rating__in", [status for status, _ in STATUSES]),
                    ("submission__isnull", False),
                ),
                name="review_verdict_has_basis_and_submission",
            ),
        ),
    ]
