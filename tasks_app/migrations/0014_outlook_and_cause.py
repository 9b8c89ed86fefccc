"""An entry says what its unit expects by the period's end and, where it lags, why: a choice each."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tasks_app", "0013_in_doubt"),
    ]

    operations = [
        migrations.AddField(
            model_name="progressentry",
            name="cause",
            field=models.CharField(
                blank=True,
                choices=[
                    ("staff", "编制人员"),
                    ("funds", "资金"),
                    ("systems", "系统接口"),
                    ("policy", "上级政策"),
                    ("approval", "项目审批"),
                    ("other_bureaus", "跨部门协调"),
                    ("procurement", "采购招标"),
                    ("other", "其他"),
                ],
                max_length=16,
                verbose_name="滞后原因",
            ),
        ),
        migrations.AddField(
            model_name="progressentry",
            name="outlook",
            field=models.CharField(
                blank=True,
                choices=[("can", "能完成"), ("hard", "有困难"), ("cannot", "完不成")],
                max_length=8,
                verbose_name="预计",
            ),
        ),
        migrations.AddConstraint(
            model_name="progressentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outlook", ""), ("outlook__in", ["can", "hard", "cannot"]), _connector="OR"
                ),
                name="entry_outlook_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="progressentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("cause", ""),
                    models.Q(
                        (
                            "cause__in",
                            [
                                "staff",
                                "funds",
                                "systems",
                                "policy",
                                "approval",
                                "other_bureaus",
                                "procurement",
                                "other",
                            ],
                        ),
                        ("status__in", ("behind", "not_started")),
                    ),
                    _connector="OR",
                ),
                name="entry_cause_of_what_lags",
            ),
        ),
    ]
