"""The ledger and the ladder say of which kind of obligation they speak; which kinds there are, the program knows.

What a row of the ledger is about may now be any matter.
"""

from functools import reduce
from operator import or_

from django.db import migrations, models
from django.db.models import Q

BEFORE = ("report", "notice", "interview", "correction")
THINGS = ("report", "notice", "interview", "matter")


class Migration(migrations.Migration):
    dependencies = [("tasks_app", "0006_sending_hold")]

    operations = [
        *(
            migrations.RemoveConstraint("reminder", name)
            for name in (
                "reminder_matter_known",
                "reminder_of_one_thing",
                *(f"reminder_once_per_rung_of_{thing}" for thing in BEFORE),
            )
        ),
        migrations.RemoveConstraint("reminderrung", "rung_matter_known"),
        migrations.RemoveConstraint("reminderrung", "rung_offset_once"),
        migrations.RenameField("reminder", "matter", "kind"),
        migrations.RenameField("reminder", "correction", "matter"),
        migrations.RenameField("reminderrung", "matter", "kind"),
        migrations.AlterField("reminder", "kind", models.CharField("事项", max_length=12)),
        migrations.AlterField(
            "reminder",
            "matter",
            models.ForeignKey(
                "tasks_app.matter",
                models.PROTECT,
                null=True,
                related_name="reminders",
                verbose_name="事项",
            ),
        ),
        migrations.AlterField("reminderrung", "kind", models.CharField("事项", max_length=12)),
        migrations.AlterModelOptions(
            "reminderrung",
            {
                "ordering": ["kind", "offset"],
                "verbose_name": "提醒规则",
                "verbose_name_plural": "提醒规则",
            },
        ),
        *(
            migrations.AddConstraint(
                "reminder",
                models.UniqueConstraint(
                    fields=("kind", thing, "due_on", "rung", "to_office"),
                    condition=Q(**{f"{thing}__isnull": False}),
                    name=f"reminder_once_per_rung_of_{thing}",
                ),
            )
            for thing in THINGS
        ),
        migrations.AddConstraint(
            "reminder",
            models.CheckConstraint(
                condition=reduce(
                    or_, (Q(**{f"{thing}__isnull": thing != one for thing in THINGS}) for one in THINGS)
                ),
                name="reminder_of_one_thing",
            ),
        ),
        migrations.AddConstraint(
            "reminder", models.CheckConstraint(condition=~Q(kind=""), name="reminder_has_kind")
        ),
        migrations.AddConstraint(
            "reminderrung",
            models.UniqueConstraint(fields=("plan", "kind", "offset"), name="rung_offset_once"),
        ),
        migrations.AddConstraint(
            "reminderrung", models.CheckConstraint(condition=~Q(kind=""), name="rung_has_kind")
        ),
    ]
