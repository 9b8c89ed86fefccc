"""The office says which of two values of a number is the city's in a period."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tasks_app", "0017_matter_cause"),
    ]

    operations = [
        migrations.CreateModel(
            name="TotalRuling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "holds",
                    models.CharField(
                        choices=[
                            ("owner", "由一家单位报全市数"),
                            ("sum", "各单位合计"),
                            ("weighted", "按分母加权"),
                            ("each", "各单位各报，不汇总"),
                        ],
                        max_length=10,
                        verbose_name="以何为准",
                    ),
                ),
                ("decided_at", models.DateTimeField(verbose_name="认定时间")),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="认定人",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tasks_app.indicator",
                        verbose_name="指标",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tasks_app.reportingperiod",
                        verbose_name="填报期",
                    ),
                ),
            ],
            options={
                "verbose_name": "全市数认定",
                "verbose_name_plural": "全市数认定",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("indicator", "period"), name="total_ruling_once"),
                    models.CheckConstraint(
                        condition=models.Q(("holds__in", ["owner", "sum"])), name="total_ruling_holds_known"
                    ),
                ],
            },
        ),
    ]
