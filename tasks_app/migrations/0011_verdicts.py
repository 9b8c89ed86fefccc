"""A rating becomes a verdict (核定): it belongs to the submission that it judged and says what it rests on."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def bind(apps, schema_editor):
    """Give each note the submission that had come last when it was written; what was judged so far was the words."""
    using = schema_editor.connection.alias
    notes = apps.get_model("tasks_app", "ReviewNote").objects.using(using)
    submissions = apps.get_model("tasks_app", "Submission").objects.using(using)
    read = submissions.filter(report=OuterRef("report"), submitted_at__lte=OuterRef("written_at"))
    notes.update(submission=Subquery(read.order_by("-number").values("pk")[:1]))
    notes.exclude(rating="").update(basis="written")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # before the table changes once more


class Migration(migrations.Migration):
    dependencies = [
        ("tasks_app", "0010_return_category_alone"),
    ]

    operations = [
        migrations.AddField(
            model_name="reviewnote",
            name="basis",
            field=models.CharField(
                blank=True,
                choices=[
                    ("written", "书面"),
                    ("document", "文件"),
                    ("on_site", "现场"),
                    ("phone", "电话"),
                    ("system", "系统数据"),
                ],
                default="",
                max_length=10,
                verbose_name="核定依据",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="reviewnote",
            name="submission",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notes",
                to="tasks_app.submission",
                verbose_name="报送记录",
            ),
        ),
        migrations.AddField(
            model_name="submission",
            name="added_since",
            field=models.DateTimeField(null=True, verbose_name="就新增任务补充，自"),
        ),
        migrations.RunPython(bind, migrations.RunPython.noop),
    ]
