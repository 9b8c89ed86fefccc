"""Matters of more kinds: 批示, 核实, 转办; all but corrections are about a task, and may say whose. Messages told at once."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, OuterRef, Subquery

TABLE = "tasks_app_step"
SQLITE = [
    f"CREATE TRIGGER {TABLE}_no_{verb} BEFORE {verb} ON {TABLE} "
    f"BEGIN SELECT RAISE(ABORT, 'rows of {TABLE} are written once'); END"
    for verb in ("UPDATE", "DELETE")
]


def name_the_task(apps, schema_editor):
    """Say of each request what its entry said: the task, and that it is about the unit that asks."""
    using = schema_editor.connection.alias
    entries = apps.get_model("tasks_app", "ProgressEntry").objects.using(using)
    task = entries.filter(pk=OuterRef("entry")).values("task")[:1]
    requests = apps.get_model("tasks_app", "Matter").objects.using(using).filter(kind="coordination")
    requests.update(task=Subquery(task), unit=F("asker"))
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # before the table changes once more


def add_triggers(apps, schema_editor):
    """SQLite makes a table anew for each constraint, without its triggers."""
    if schema_editor.connection.vendor == "sqlite":
        for statement in SQLITE:
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("tasks_app", "0014_outlook_and_cause"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="matter",
            name="matter_is_about_what_its_kind_says",
        ),
        migrations.RemoveConstraint(
            model_name="message",
            name="message_one_per_unit_and_day",
        ),
        migrations.RemoveConstraint(
            model_name="step",
            name="step_kind_known",
        ),
        migrations.AddField(
            model_name="matter",
            name="unit",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tasks_app.unit",
                verbose_name="所涉单位",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="is_at_once",
            field=models.BooleanField(default=False, verbose_name="当即告知"),
        ),
        migrations.RunPython(name_the_task, migrations.RunPython.noop),
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
                    ("practice", "经验做法"),
                    ("extension", "延期"),
                    ("stand_in", "替岗"),
                    ("reminder", "提醒"),
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
        migrations.AlterField(
            model_name="matter",
            name="kind",
            field=models.CharField(
                choices=[
                    ("coordination", "协调事项"),
                    ("referral", "转办事项"),
                    ("correction", "整改事项"),
                    ("instruction", "批示"),
                    ("verification", "核实"),
                ],
                max_length=12,
                verbose_name="类别",
            ),
        ),
        migrations.AlterField(
            model_name="step",
            name="kind",
            field=models.CharField(
                choices=[
                    ("ask", "提出"),
                    ("answer", "答复"),
                    ("settle", "办结"),
                    ("hand_over", "移交"),
                    ("refer", "转办"),
                    ("rework", "请再办理"),
                    ("draft", "拟稿"),
                    ("edit", "修改"),
                    ("hear", "告知并听取申辩"),
                    ("object", "申辩"),
                    ("issue", "签发"),
                    ("acknowledge", "签收"),
                    ("reply", "回复"),
                    ("reject", "回复未通过"),
                    ("accept", "认可办结"),
                    ("raise", "转下一色"),
                    ("withdraw", "撤销"),
                    ("propose", "提出约谈"),
                    ("notify", "发出约谈通知"),
                    ("record", "约谈记录"),
                    ("demand", "下达整改清单"),
                    ("correct", "报告整改"),
                    ("verify", "核验整改"),
                    ("close", "销号"),
                ],
                max_length=12,
                verbose_name="步骤",
            ),
        ),
        migrations.AddConstraint(
            model_name="matter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("interview__isnull", True), ("kind", "coordination"), ("task__isnull", False)),
                    models.Q(
                        ("interview__isnull", True),
                        ("kind", "referral"),
                        ("parent__isnull", False),
                        ("task__isnull", False),
                    ),
                    models.Q(
                        ("due_on__isnull", False),
                        ("interview__isnull", True),
                        ("kind__in", ["instruction", "verification"]),
                        ("task__isnull", False),
                    ),
                    models.Q(
                        ("due_on__isnull", False),
                        ("entry__isnull", True),
                        ("interview__isnull", False),
                        ("kind", "correction"),
                        ("number__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="matter_is_about_what_its_kind_says",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_at_once", False)),
                fields=("unit", "day"),
                name="message_one_per_unit_and_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "ask",
                            "answer",
                            "settle",
                            "hand_over",
                            "refer",
                            "rework",
                            "draft",
                            "edit",
                            "hear",
                            "object",
                            "issue",
                            "acknowledge",
                            "reply",
                            "reject",
                            "accept",
                            "raise",
                            "withdraw",
                            "propose",
                            "notify",
                            "record",
                            "demand",
                            "correct",
                            "verify",
                            "close",
                        ],
                    )
                ),
                name="step_kind_known",
            ),
        ),
        migrations.RunPython(add_triggers, migrations.RunPython.noop),
    ]
