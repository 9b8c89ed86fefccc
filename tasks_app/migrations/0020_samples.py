"""Samples (抽查) and the entries that were drawn; a new kind of step in the trail."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tasks_app", "0019_phone_calls"),
    ]

    operations = [
        migrations.AlterField(
            model_name="auditevent",
            name="action",
            field=models.CharField(
                choices=[
                    ("login", "登录"),
                    ("login_failed", "登录失败"),
                    ("login_locked", "登录锁定"),
                    ("logout", "退出"),
                    ("password_change", "修改密码"),
                    ("password_reset", "重置密码"),
                    ("plan_import", "导入分解表"),
                    ("plan_import_undo", "撤销导入"),
                    ("plan_edit", "修改分解表"),
                    ("plan_close", "年度办结"),
                    ("indicator_decide", "确定量化指标"),
                    ("unit_edit", "维护单位"),
                    ("person_edit", "维护人员"),
                    ("period_edit", "维护填报期"),
                    ("period_open", "开放填报期"),
                    ("calendar_edit", "维护工作日历"),
                    ("ladder_edit", "维护提醒规则"),
                    ("report_save", "保存填报"),
                    ("report_sign_request", "提交审签"),
                    ("report_sign_refuse", "审签退回"),
                    ("report_recall", "撤回审签"),
                    ("report_submit", "报送"),
                    ("report_return", "退回"),
                    ("report_accept", "采纳"),
                    ("report_reopen", "重新打开"),
                    ("report_add", "新增任务"),
                    ("report_enter", "代填"),
                    ("review_note", "审阅意见"),
                    ("evidence", "佐证材料"),
                    ("coordination", "协调事项"),
                    ("instruction", "批示"),
                    ("verification", "核实"),
                    ("sample", "抽查"),
                    ("practice", "经验做法"),
                    ("extension", "延期"),
                    ("stand_in", "替岗"),
                    ("reminder", "提醒"),
                    ("call", "电话催办"),
                    ("delivery_decide", "处理存疑消息"),
                    ("feed", "日历订阅"),
                    ("notice", "督查单"),
                    ("interview", "提醒约谈"),
                    ("candidate", "督办建议"),
                    ("document", "公文"),
                    ("export", "导出"),
                    ("restore", "恢复备份"),
                    ("sending_release", "放行外发"),
                ],
                max_length=24,
                verbose_name="操作",
            ),
        ),
        migrations.CreateModel(
            name="Sample",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seed", models.CharField(max_length=32, verbose_name="种子")),
                ("count", models.PositiveSmallIntegerField(verbose_name="抽取项数")),
                ("per_unit", models.BooleanField(verbose_name="每单位")),
                ("drawn_from", models.PositiveIntegerField(verbose_name="可抽项数")),
                ("drawn_at", models.DateTimeField(verbose_name="抽取时间")),
                (
                    "drawn_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="抽取人",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="samples",
                        to="tasks_app.reportingperiod",
                        verbose_name="填报期",
                    ),
                ),
            ],
            options={
                "verbose_name": "抽查",
                "verbose_name_plural": "抽查",
                "ordering": ["-drawn_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="SampledEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveSmallIntegerField(verbose_name="次序")),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="samples",
                        to="tasks_app.progressentry",
                        verbose_name="工作进展",
                    ),
                ),
                (
                    "sample",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drawn",
                        to="tasks_app.sample",
                        verbose_name="抽查",
                    ),
                ),
            ],
            options={
                "verbose_name": "抽中项",
                "verbose_name_plural": "抽中项",
                "ordering": ["place"],
                "constraints": [
                    models.UniqueConstraint(fields=("sample", "entry"), name="sampled_once"),
                    models.UniqueConstraint(fields=("sample", "place"), name="sampled_in_order"),
                ],
            },
        ),
    ]
