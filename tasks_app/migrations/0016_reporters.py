"""Numbers get who reports them and how the city's value comes about. No number has that yet: until an admin decides it
nobody is asked for it; what was filed stays as it is."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tasks_app", "0015_matters_of_more_kinds"),
    ]

    operations = [
        migrations.CreateModel(
            name="Share",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "target",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=18, null=True, verbose_name="份额"
                    ),
                ),
                (
                    "denominator",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=18, null=True, verbose_name="分母"
                    ),
                ),
            ],
            options={
                "verbose_name": "指标份额",
                "verbose_name_plural": "指标份额",
                "ordering": ["unit__position"],
            },
        ),
        migrations.AddField(
            model_name="indicator",
            name="baseline",
            field=models.DecimalField(
                blank=True, decimal_places=4, max_digits=18, null=True, verbose_name="基数"
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tasks_app.unit",
                verbose_name="报数单位",
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="reporters",
            field=models.CharField(
                blank=True,
                choices=[
                    ("one", "一家单位"),
                    ("counties", "任务中的各县（市、区）"),
                    ("chosen", "选定的单位"),
                ],
                max_length=10,
                verbose_name="谁报",
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="source",
            field=models.CharField(blank=True, max_length=200, verbose_name="数据来源"),
        ),
        migrations.AddField(
            model_name="indicator",
            name="total",
            field=models.CharField(
                blank=True,
                choices=[
                    ("owner", "由一家单位报全市数"),
                    ("sum", "各单位合计"),
                    ("weighted", "按分母加权"),
                    ("each", "各单位各报，不汇总"),
                ],
                max_length=10,
                verbose_name="怎样汇总",
            ),
        ),
        migrations.AddField(
            model_name="indicatorvalue",
            name="forecast",
            field=models.DecimalField(
                blank=True, decimal_places=4, max_digits=18, null=True, verbose_name="预计至期末"
            ),
        ),
        migrations.AddField(
            model_name="indicatorvalue",
            name="is_about",
            field=models.BooleanField(default=False, verbose_name="约数"),
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("owner__isnull", True), ("reporters", ""), ("total", "")),
                    models.Q(
                        ("reporters__in", ["counties", "chosen"]),
                        ("total__in", ["owner", "sum", "weighted", "each"]),
                    ),
                    models.Q(("reporters", "one"), ("total", "owner")),
                    _connector="OR",
                ),
                name="indicator_reporters_have_total",
            ),
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("owner__isnull", False), ("total", "owner")),
                    models.Q(models.Q(("total", "owner"), _negated=True), ("owner__isnull", True)),
                    _connector="OR",
                ),
                name="indicator_owner_gives_total",
            ),
        ),
        migrations.AddField(
            model_name="share",
            name="indicator",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="shares",
                to="tasks_app.indicator",
                verbose_name="指标",
            ),
        ),
        migrations.AddField(
            model_name="share",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tasks_app.unit",
                verbose_name="单位",
            ),
        ),
        migrations.AddConstraint(
            model_name="share",
            constraint=models.UniqueConstraint(fields=("indicator", "unit"), name="share_once"),
        ),
        migrations.AddConstraint(
            model_name="share",
            constraint=models.CheckConstraint(
                condition=models.Q(("denominator__isnull", True), ("denominator__gt", 0), _connector="OR"),
                name="share_denominator_positive",
            ),
        ),
    ]
