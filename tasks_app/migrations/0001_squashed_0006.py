"""Every table as it stood when the first six migrations became this one, and the triggers of what is written once.

A database that had all six goes on from here; for one that had only some of them `migrate` refuses to begin.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The audit trail, submissions, their return reasons and the steps of escalation: triggers refuse to change them.
TABLES = [
    "tasks_app_auditevent",
    "tasks_app_submission",
    "tasks_app_returnreason",
    "tasks_app_escalationstep",
]

POSTGRESQL = [
    """
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'rows of % are written once', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$
    """,
    *(
        f"CREATE TRIGGER {table}_immutable BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        for table in TABLES
    ),
    *(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        for table in TABLES
    ),
]
SQLITE = [
    f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} "
    f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are written once'); END"
    for table in TABLES
    for verb in ("UPDATE", "DELETE")
]


def add_triggers(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("tasks_app", "0001_initial"),
        ("tasks_app", "0002_immutable_rows"),
        ("tasks_app", "0003_any_table"),
        ("tasks_app", "0004_reporting_and_review"),
        ("tasks_app", "0005_reminders_and_escalation"),
        ("tasks_app", "0006_steps_written_once"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="JobRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("job", models.CharField(max_length=60, unique=True, verbose_name="作业")),
                ("started_at", models.DateTimeField(verbose_name="最近开始")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="最近完成")),
                ("failed_at", models.DateTimeField(blank=True, null=True, verbose_name="最近失败")),
                ("error", models.CharField(blank=True, max_length=300, verbose_name="最近的错误")),
            ],
            options={
                "verbose_name": "作业运行",
                "verbose_name_plural": "作业运行",
                "ordering": ["job"],
            },
        ),
        migrations.CreateModel(
            name="SpecialDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(unique=True, verbose_name="日期")),
                (
                    "kind",
                    models.CharField(
                        choices=[("holiday", "放假"), ("workday", "调休上班")],
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                ("name", models.CharField(max_length=30, verbose_name="名称")),
            ],
            options={
                "verbose_name": "工作日历",
                "verbose_name_plural": "工作日历",
                "ordering": ["day"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["holiday", "workday"])),
                        name="special_day_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="代码")),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="名称")),
                ("short_name", models.CharField(max_length=30, verbose_name="简称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("province", "省"),
                            ("city", "市"),
                            ("county", "县（市、区）"),
                            ("bureau", "市直部门"),
                        ],
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="tasks_app.unit",
                        verbose_name="上级单位",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="排序")),
                ("is_active", models.BooleanField(default=True, verbose_name="在用")),
            ],
            options={
                "verbose_name": "单位",
                "verbose_name_plural": "单位",
                "ordering": ["position", "code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("parent", models.F("id")), _negated=True),
                        name="unit_not_its_own_parent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["province", "city", "county", "bureau"])),
                        name="unit_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("username", models.CharField(max_length=30, unique=True, verbose_name="账号")),
                ("name", models.CharField(max_length=30, verbose_name="姓名")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="联系电话")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="邮箱")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("filler", "填报员"),
                            ("signer", "本单位审签人"),
                            ("office", "市医改办"),
                            ("leader", "分管领导"),
                            ("admin", "管理员"),
                            ("auditor", "审计员"),
                        ],
                        max_length=10,
                        verbose_name="角色",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="people",
                        to="tasks_app.unit",
                        verbose_name="单位",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="在用")),
                ("must_change_password", models.BooleanField(default=True, verbose_name="下次登录须改密码")),
            ],
            options={
                "verbose_name": "人员",
                "verbose_name_plural": "人员",
                "ordering": ["unit__position", "role", "username"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("role__in", ["filler", "signer", "office", "leader", "admin", "auditor"])
                        ),
                        name="user_role_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="tasks_app.unit",
                        verbose_name="单位",
                    ),
                ),
                ("day", models.DateField(verbose_name="日期")),
                ("subject", models.CharField(max_length=200, verbose_name="标题")),
                ("body", models.TextField(verbose_name="内容")),
                ("created_at", models.DateTimeField(verbose_name="生成时间")),
            ],
            options={
                "verbose_name": "提醒消息",
                "verbose_name_plural": "提醒消息",
                "ordering": ["-created_at", "unit__position"],
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "day"), name="message_one_per_unit_and_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "issuer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="tasks_app.unit",
                        verbose_name="印发单位",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("title", models.CharField(max_length=120, verbose_name="标题")),
                ("document_number", models.CharField(blank=True, max_length=60, verbose_name="文号")),
                ("issued_on", models.DateField(blank=True, null=True, verbose_name="印发日期")),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "verbose_name": "年度分解表",
                "verbose_name_plural": "年度分解表",
                "ordering": ["-year"],
                "constraints": [
                    models.UniqueConstraint(fields=("issuer", "year"), name="plan_one_per_issuer_and_year")
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="tasks_app.message",
                        verbose_name="消息",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="接收人",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("in_app", "站内"),
                            ("email", "邮件"),
                            ("wecom", "企业微信"),
                            ("dingtalk", "钉钉"),
                            ("sms", "短信"),
                        ],
                        max_length=10,
                        verbose_name="渠道",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=254, verbose_name="地址")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "待发"),
                            ("sending", "发送中"),
                            ("sent", "已发"),
                            ("failed", "发送失败"),
                            ("uncertain", "可能已发"),
                            ("cancelled", "已取消"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="次数")),
                ("next_attempt_at", models.DateTimeField(verbose_name="下次发送")),
                ("claimed_at", models.DateTimeField(blank=True, null=True, verbose_name="领取时间")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="发出时间")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="了结时间")),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="阅读时间")),
                ("error", models.CharField(blank=True, max_length=300, verbose_name="错误")),
            ],
            options={
                "verbose_name": "消息发送",
                "verbose_name_plural": "消息发送",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["state", "next_attempt_at"], name="delivery_queue"),
                    models.Index(fields=["user", "sent_at"], name="delivery_user_sent"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("message", "user", "channel"), name="delivery_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("state", "sent")),
                            models.Q(models.Q(("state", "sent"), _negated=True), ("sent_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="delivery_sent_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sending"), _negated=True),
                            ("claimed_at__isnull", False),
                            _connector="OR",
                        ),
                        name="delivery_sending_has_claim",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "issuer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imports",
                        to="tasks_app.unit",
                        verbose_name="印发单位",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(null=True, verbose_name="年度")),
                ("file_name", models.CharField(max_length=200, verbose_name="文件名")),
                ("file_sha256", models.CharField(max_length=64, verbose_name="文件指纹")),
                (
                    "given_year",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="指定的年度"),
                ),
                (
                    "given_document_number",
                    models.CharField(blank=True, max_length=60, verbose_name="指定的文号"),
                ),
                ("given_issued_on", models.DateField(blank=True, null=True, verbose_name="指定的印发日期")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reading", "读取中"),
                            ("failed", "未能读取"),
                            ("previewed", "待确认"),
                            ("applied", "已导入"),
                            ("discarded", "已放弃"),
                            ("undone", "已撤销"),
                        ],
                        default="reading",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("rows_read", models.PositiveIntegerField(default=0)),
                ("rows_total", models.PositiveIntegerField(default=0)),
                ("read_until", models.DateTimeField(blank=True, null=True)),
                ("mends", models.JSONField(default=dict, verbose_name="修补")),
                ("version", models.PositiveIntegerField(default=0)),
                ("content", models.JSONField(null=True, verbose_name="内容")),
                ("outline", models.JSONField(default=dict, verbose_name="表的结构")),
                ("summary", models.JSONField(default=dict, verbose_name="差别")),
                ("problems", models.JSONField(default=list, verbose_name="问题")),
                ("base", models.CharField(blank=True, max_length=40, verbose_name="比对基准")),
                ("before", models.JSONField(null=True, verbose_name="导入前")),
                ("after", models.CharField(blank=True, max_length=40, verbose_name="导入后")),
                (
                    "plan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="imports",
                        to="tasks_app.plan",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("uploaded_at", models.DateTimeField(verbose_name="上传时间")),
                (
                    "applied_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("applied_at", models.DateTimeField(blank=True, null=True, verbose_name="导入时间")),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="撤销时间")),
            ],
            options={
                "verbose_name": "分解表导入",
                "verbose_name_plural": "分解表导入",
                "ordering": ["-uploaded_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["reading", "failed", "previewed", "applied", "discarded", "undone"],
                            )
                        ),
                        name="plan_import_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("applied_at__isnull", False), ("state__in", ["applied", "undone"])),
                            models.Q(
                                models.Q(("state__in", ["applied", "undone"]), _negated=True),
                                ("applied_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="plan_import_applied_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "undone"), ("undone_at__isnull", False)),
                            models.Q(
                                models.Q(("state", "undone"), _negated=True), ("undone_at__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="plan_import_undone_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rows_read__lte", models.F("rows_total"))),
                        name="plan_import_reads_no_more_than_all",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportSource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "plan_import",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="source",
                        to="tasks_app.planimport",
                    ),
                ),
                ("upload", models.BinaryField(null=True)),
                ("grid", models.BinaryField(null=True)),
            ],
            options={
                "verbose_name": "导入的原表",
                "verbose_name_plural": "导入的原表",
            },
        ),
        migrations.CreateModel(
            name="ReminderRung",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rungs",
                        to="tasks_app.plan",
                        verbose_name="分解表",
                    ),
                ),
                (
                    "matter",
                    models.CharField(
                        choices=[
                            ("filing", "填报"),
                            ("returned", "退回修改"),
                            ("signing", "审签"),
                            ("notice", "督查单"),
                            ("correction", "约谈整改"),
                            ("review", "审阅填报"),
                            ("extension", "批复延期"),
                            ("reply", "审核督查回复"),
                        ],
                        default="filing",
                        max_length=12,
                        verbose_name="事项",
                    ),
                ),
                ("offset", models.SmallIntegerField(verbose_name="相对时限（工作日）")),
                (
                    "repeat_every",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="之后每隔（工作日）"
                    ),
                ),
                ("tells_filler", models.BooleanField(default=True, verbose_name="填报员")),
                ("tells_signer", models.BooleanField(default=False, verbose_name="审签人")),
                ("tells_office", models.BooleanField(default=False, verbose_name="市医改办")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("in_app", "站内"),
                            ("email", "邮件"),
                            ("wecom", "企业微信"),
                            ("dingtalk", "钉钉"),
                            ("sms", "短信"),
                        ],
                        default="email",
                        max_length=10,
                        verbose_name="首选渠道",
                    ),
                ),
                ("words", models.TextField(blank=True, max_length=500, verbose_name="措辞")),
            ],
            options={
                "verbose_name": "提醒规则",
                "verbose_name_plural": "提醒规则",
                "ordering": ["matter", "offset"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "matter", "offset"), name="rung_offset_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("repeat_every__isnull", True),
                            models.Q(("offset__gt", 0), ("repeat_every__gt", 0)),
                            _connector="OR",
                        ),
                        name="rung_repeats_only_after_limit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("tells_filler", True),
                            ("tells_signer", True),
                            ("tells_office", True),
                            _connector="OR",
                        ),
                        name="rung_tells_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "matter__in",
                                [
                                    "filing",
                                    "returned",
                                    "signing",
                                    "notice",
                                    "correction",
                                    "review",
                                    "extension",
                                    "reply",
                                ],
                            )
                        ),
                        name="rung_matter_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportingPeriod",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="periods",
                        to="tasks_app.plan",
                        verbose_name="分解表",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("first_half", "上半年"),
                            ("three_quarters", "前三季度"),
                            ("full_year", "全年"),
                        ],
                        max_length=20,
                        verbose_name="填报期",
                    ),
                ),
                ("opens_on", models.DateField(verbose_name="开放日")),
                ("due_on", models.DateField(verbose_name="按期截止日")),
                (
                    "closes_on",
                    models.DateField(
                        blank=True,
                        help_text="过了关闭日不能再补报；不填为一直可补报。",
                        null=True,
                        verbose_name="关闭日",
                    ),
                ),
                (
                    "opened_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="实际开放时间"),
                ),
            ],
            options={
                "verbose_name": "填报期",
                "verbose_name_plural": "填报期",
                "ordering": ["due_on"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "kind"), name="period_kind_once"),
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("opens_on"))),
                        name="period_due_after_opening",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closes_on__isnull", True),
                            ("closes_on__gte", models.F("due_on")),
                            _connector="OR",
                        ),
                        name="period_closes_after_due",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["first_half", "three_quarters", "full_year"])),
                        name="period_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="tasks_app.reportingperiod",
                        verbose_name="填报期",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="tasks_app.unit",
                        verbose_name="填报单位",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "填报中"),
                            ("signing", "待审签"),
                            ("submitted", "已报送"),
                            ("returned", "已退回"),
                            ("accepted", "已采纳"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="截止日")),
                ("filler_name", models.CharField(blank=True, max_length=30, verbose_name="填表人")),
                ("filler_phone", models.CharField(blank=True, max_length=30, verbose_name="联系电话")),
                ("filled_on", models.DateField(blank=True, null=True, verbose_name="填报时间")),
                ("header_version", models.PositiveIntegerField(default=0)),
                (
                    "sign_requested_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="提交审签时间"),
                ),
                (
                    "first_submitted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="首次报送时间"),
                ),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="报送时间")),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("is_late", models.BooleanField(default=False, verbose_name="补报")),
                ("returned_at", models.DateTimeField(blank=True, null=True, verbose_name="退回时间")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="采纳时间")),
                (
                    "accepted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="代填人",
                    ),
                ),
                ("entered_because", models.CharField(blank=True, max_length=300, verbose_name="代填原因")),
            ],
            options={
                "verbose_name": "填报",
                "verbose_name_plural": "填报",
                "ordering": ["unit__position"],
                "constraints": [
                    models.UniqueConstraint(fields=("period", "unit"), name="report_one_per_unit_and_period"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "signing", "submitted", "returned", "accepted"])
                        ),
                        name="report_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["submitted", "accepted", "returned"]), _negated=True),
                            models.Q(
                                ("first_submitted_at__isnull", False),
                                ("submitted_at__isnull", False),
                                ("submitted_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="report_submitted_has_time_and_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("accepted_at__isnull", False),
                                ("accepted_by__isnull", False),
                                ("state", "accepted"),
                            ),
                            models.Q(
                                models.Q(("state", "accepted"), _negated=True),
                                ("accepted_at__isnull", True),
                                ("accepted_by__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="report_accepted_has_time_and_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("entered_because", ""), ("entered_by__isnull", True)),
                            models.Q(
                                ("entered_by__isnull", False),
                                models.Q(("entered_because", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="report_entered_for_a_unit_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Extension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extensions",
                        to="tasks_app.report",
                        verbose_name="填报",
                    ),
                ),
                ("reason", models.TextField(verbose_name="申请理由")),
                ("situation", models.TextField(verbose_name="工作进度")),
                ("wanted_on", models.DateField(verbose_name="申请延至")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="申请时间")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "待批复"),
                            ("granted", "已准予"),
                            ("refused", "未准予"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="asked",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("granted_until", models.DateField(blank=True, null=True, verbose_name="准予延至")),
                ("decision", models.TextField(blank=True, verbose_name="批复意见")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="批复时间")),
            ],
            options={
                "verbose_name": "延期申请",
                "verbose_name_plural": "延期申请",
                "ordering": ["-asked_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")),
                        fields=("report",),
                        name="extension_one_open_per_report",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("granted_until__isnull", False), ("state", "granted")),
                            models.Q(
                                models.Q(("state", "granted"), _negated=True), ("granted_until__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="extension_granted_has_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("state", "asked")),
                            models.Q(
                                models.Q(("state", "asked"), _negated=True), ("decided_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="extension_decided_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Section",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sections",
                        to="tasks_app.plan",
                        verbose_name="分解表",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="顺序")),
                ("title", models.CharField(max_length=300, verbose_name="标题")),
            ],
            options={
                "verbose_name": "工作任务",
                "verbose_name_plural": "工作任务",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "position"), name="section_position_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="tasks_app.report",
                        verbose_name="填报",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="第几次报送")),
                ("receipt", models.CharField(max_length=40, unique=True, verbose_name="回执号")),
                ("content", models.JSONField(verbose_name="内容")),
                ("fingerprint", models.CharField(max_length=64, verbose_name="内容指纹")),
                ("is_late", models.BooleanField(verbose_name="补报")),
                ("submitted_at", models.DateTimeField(verbose_name="报送时间")),
                (
                    "submitted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "报送记录",
                "verbose_name_plural": "报送记录",
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("report", "number"), name="submission_number_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tasks",
                        to="tasks_app.plan",
                        verbose_name="分解表",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="tasks_app.section",
                        verbose_name="工作任务",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="序号")),
                ("printed_number", models.CharField(blank=True, max_length=20, verbose_name="原序号")),
                ("title", models.CharField(max_length=1000, verbose_name="主要目标要求")),
                ("units_text", models.CharField(max_length=1000, verbose_name="责任单位（原文）")),
                ("target", models.TextField(blank=True, verbose_name="目标值（原文）")),
                ("remarks", models.TextField(blank=True, verbose_name="备注")),
                (
                    "is_active",
                    models.BooleanField(
                        default=True, help_text="停办的任务保留已报内容，不再要求填报。", verbose_name="在用"
                    ),
                ),
                ("stopped_by", models.CharField(blank=True, max_length=120, verbose_name="停办依据")),
                (
                    "predecessor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="successors",
                        to="tasks_app.task",
                        verbose_name="上年任务",
                    ),
                ),
            ],
            options={
                "verbose_name": "主要目标要求",
                "verbose_name_plural": "主要目标要求",
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_active", True)),
                        fields=("plan", "number"),
                        name="task_number_once_in_use",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__gt", 0)), name="task_number_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_active", False), ("stopped_by", ""), _connector="OR"),
                        name="task_in_use_is_not_stopped",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Measure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="measures",
                        to="tasks_app.task",
                        verbose_name="任务",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="序号")),
                ("text", models.TextField(verbose_name="内容")),
                ("is_numbered", models.BooleanField(default=True, verbose_name="原文带序号")),
            ],
            options={
                "verbose_name": "细化措施",
                "verbose_name_plural": "细化措施",
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("task", "number"), name="measure_number_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Indicator",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="indicators",
                        to="tasks_app.task",
                        verbose_name="任务",
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="indicators",
                        to="tasks_app.measure",
                        verbose_name="措施",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="顺序")),
                ("name", models.CharField(max_length=200, verbose_name="名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("cumulative", "累计"),
                            ("rate", "比率"),
                            ("increment", "增量"),
                            ("ceiling", "上限"),
                            ("yes_no", "是否"),
                        ],
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                (
                    "comparator",
                    models.CharField(
                        choices=[
                            ("at_least", "不低于"),
                            ("at_most", "不高于"),
                            ("about", "左右"),
                            ("equal", "等于"),
                        ],
                        max_length=10,
                        verbose_name="要求",
                    ),
                ),
                ("value", models.DecimalField(decimal_places=4, max_digits=18, verbose_name="目标值")),
                ("unit", models.CharField(blank=True, max_length=20, verbose_name="计量单位")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="期限")),
                ("words", models.CharField(max_length=300, verbose_name="原文")),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "待定"), ("accepted", "采用"), ("dropped", "不用")],
                        default="proposed",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="决定时间")),
            ],
            options={
                "verbose_name": "量化指标",
                "verbose_name_plural": "量化指标",
                "ordering": ["task__number", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("task", "position"), name="indicator_position_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["cumulative", "rate", "increment", "ceiling", "yes_no"])
                        ),
                        name="indicator_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("comparator__in", ["at_least", "at_most", "about", "equal"])),
                        name="indicator_comparator_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("state", "proposed")),
                            models.Q(
                                models.Q(("state", "proposed"), _negated=True), ("decided_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="indicator_decided_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgressEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="tasks_app.report",
                        verbose_name="填报",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="tasks_app.task",
                        verbose_name="任务",
                    ),
                ),
                (
                    "progress",
                    models.TextField(blank=True, help_text="截至填报日的实际进展", verbose_name="工作进展"),
                ),
                ("forecast", models.TextField(blank=True, verbose_name="预计至期末")),
                (
                    "status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("done", "已完成"),
                            ("on_track", "达到序时"),
                            ("behind", "未达序时"),
                            ("not_started", "未启动"),
                        ],
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("remarks", models.TextField(blank=True, verbose_name="备注")),
                ("no_news", models.BooleanField(default=False, verbose_name="本期无新进展")),
                (
                    "no_news_reason",
                    models.CharField(blank=True, max_length=300, verbose_name="无新进展的原因"),
                ),
                (
                    "carried",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "否"),
                            ("untouched", "沿用上期，未修改"),
                            ("touched", "沿用上期，已修改"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="沿用上期文字",
                    ),
                ),
                (
                    "status_note",
                    models.CharField(blank=True, max_length=300, verbose_name="状态与措施不一致的说明"),
                ),
                ("answers", models.JSONField(blank=True, default=dict, verbose_name="对提示的说明")),
                (
                    "evidence_number",
                    models.CharField(blank=True, max_length=100, verbose_name="佐证材料文号"),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("saved_at", models.DateTimeField(blank=True, null=True, verbose_name="保存时间")),
                (
                    "saved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "工作进展",
                "verbose_name_plural": "工作进展",
                "ordering": ["task__number"],
                "constraints": [
                    models.UniqueConstraint(fields=("report", "task"), name="entry_one_per_report_and_task"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", ""),
                            ("status__in", ["done", "on_track", "behind", "not_started"]),
                            _connector="OR",
                        ),
                        name="entry_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("carried__in", ["", "untouched", "touched"])),
                        name="entry_carried_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tasks_app.progressentry",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("seen_at", models.DateTimeField(verbose_name="最近活动")),
            ],
            options={
                "verbose_name": "在填人员",
                "verbose_name_plural": "在填人员",
                "constraints": [models.UniqueConstraint(fields=("entry", "user"), name="presence_once")],
            },
        ),
        migrations.CreateModel(
            name="MeasureProgress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="measures",
                        to="tasks_app.progressentry",
                        verbose_name="工作进展",
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tasks_app.measure",
                        verbose_name="措施",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("not_started", "未启动"), ("under_way", "推进中"), ("done", "已完成")],
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="完成日期")),
            ],
            options={
                "verbose_name": "措施进展",
                "verbose_name_plural": "措施进展",
                "ordering": ["measure__number"],
                "constraints": [
                    models.UniqueConstraint(fields=("entry", "measure"), name="measure_progress_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["not_started", "under_way", "done"])),
                        name="measure_progress_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "done"), ("done_on__isnull", True), _connector="OR"),
                        name="measure_progress_date_only_when_done",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IndicatorValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="values",
                        to="tasks_app.progressentry",
                        verbose_name="工作进展",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="values",
                        to="tasks_app.indicator",
                        verbose_name="指标",
                    ),
                ),
                (
                    "value",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=18, null=True, verbose_name="数值"
                    ),
                ),
                ("as_of", models.DateField(blank=True, null=True, verbose_name="数据截至")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="数据来源")),
            ],
            options={
                "verbose_name": "指标数值",
                "verbose_name_plural": "指标数值",
                "ordering": ["indicator__position"],
                "constraints": [
                    models.UniqueConstraint(fields=("entry", "indicator"), name="indicator_value_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="GoodPractice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="practice",
                        to="tasks_app.progressentry",
                        verbose_name="工作进展",
                    ),
                ),
                ("title", models.CharField(max_length=100, verbose_name="标题")),
                ("text", models.TextField(verbose_name="内容")),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "待处理"), ("published", "已推广"), ("declined", "未采用")],
                        default="proposed",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("proposed_at", models.DateTimeField(verbose_name="推荐时间")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="处理时间")),
            ],
            options={
                "verbose_name": "经验做法",
                "verbose_name_plural": "经验做法",
                "ordering": ["-decided_at", "-proposed_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title", ""), _negated=True), models.Q(("text", ""), _negated=True)
                        ),
                        name="practice_not_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("state", "proposed")),
                            models.Q(
                                models.Q(("state", "proposed"), _negated=True), ("decided_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="practice_decided_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="tasks_app.progressentry",
                        verbose_name="工作进展",
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="文件名")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pdf", "PDF"),
                            ("docx", "Word"),
                            ("xlsx", "Excel"),
                            ("jpeg", "图片（JPG）"),
                            ("png", "图片（PNG）"),
                        ],
                        max_length=10,
                        verbose_name="类型",
                    ),
                ),
                ("size", models.PositiveIntegerField(verbose_name="字节数")),
                ("sha256", models.CharField(max_length=64, verbose_name="内容指纹")),
                ("content", models.BinaryField()),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("uploaded_at", models.DateTimeField(verbose_name="上传时间")),
                ("removed_at", models.DateTimeField(blank=True, null=True, verbose_name="移除时间")),
            ],
            options={
                "verbose_name": "佐证材料",
                "verbose_name_plural": "佐证材料",
                "ordering": ["uploaded_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at__isnull", True)),
                        fields=("entry", "sha256"),
                        name="attachment_once_in_entry",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["pdf", "docx", "xlsx", "jpeg", "png"])),
                        name="attachment_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SupervisionNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "issuer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tasks_app.unit",
                        verbose_name="发出单位",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="tasks_app.plan",
                        verbose_name="分解表",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="tasks_app.unit",
                        verbose_name="被督查单位",
                    ),
                ),
                ("thing", models.CharField(max_length=80, verbose_name="事项标识")),
                (
                    "report",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="tasks_app.report",
                        verbose_name="填报",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="tasks_app.task",
                        verbose_name="任务",
                    ),
                ),
                (
                    "colour",
                    models.CharField(
                        choices=[("blue", "蓝色"), ("orange", "橙色"), ("red", "红色")],
                        max_length=6,
                        verbose_name="颜色",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "拟稿"),
                            ("hearing", "听取申辩"),
                            ("issued", "已发出"),
                            ("acknowledged", "已签收"),
                            ("replied", "已回复"),
                            ("closed", "已办结"),
                            ("raised", "已转下一色"),
                            ("withdrawn", "已撤销"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="年份")),
                ("number", models.PositiveIntegerField(blank=True, null=True, verbose_name="编号")),
                ("title", models.CharField(max_length=200, verbose_name="事由")),
                ("grounds", models.TextField(verbose_name="督查依据")),
                ("requirement", models.TextField(verbose_name="督办要求")),
                (
                    "higher_because",
                    models.CharField(blank=True, max_length=300, verbose_name="直接使用较高颜色的理由"),
                ),
                (
                    "predecessor",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successor",
                        to="tasks_app.supervisionnotice",
                        verbose_name="上一单",
                    ),
                ),
                ("objection_due_on", models.DateField(blank=True, null=True, verbose_name="申辩截止日")),
                ("reply_due_on", models.DateField(verbose_name="回复截止日")),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="拟稿人",
                    ),
                ),
                ("drafted_at", models.DateTimeField(verbose_name="拟稿时间")),
                (
                    "issued_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="签发人",
                    ),
                ),
                ("issued_at", models.DateTimeField(blank=True, null=True, verbose_name="签发时间")),
                ("replied_at", models.DateTimeField(blank=True, null=True, verbose_name="最近回复时间")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="了结时间")),
            ],
            options={
                "verbose_name": "督查单",
                "verbose_name_plural": "督查单",
                "ordering": ["-drafted_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("issuer", "year", "number"), name="notice_number_once_a_year"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "hearing", "issued", "acknowledged", "replied"])
                        ),
                        fields=("thing",),
                        name="notice_one_open_per_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "draft",
                                    "hearing",
                                    "issued",
                                    "acknowledged",
                                    "replied",
                                    "closed",
                                    "raised",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="notice_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("colour__in", ["blue", "orange", "red"])),
                        name="notice_colour_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("issued_at__isnull", False),
                                ("issued_by__isnull", False),
                                ("number__isnull", False),
                                ("state__in", ["issued", "acknowledged", "replied", "closed", "raised"]),
                                ("year__isnull", False),
                            ),
                            models.Q(
                                ("issued_at__isnull", True),
                                ("issued_by__isnull", True),
                                ("number__isnull", True),
                                ("state__in", ["draft", "hearing"]),
                                ("year__isnull", True),
                            ),
                            ("state", "withdrawn"),
                            _connector="OR",
                        ),
                        name="notice_issued_has_number_and_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "hearing"), _negated=True),
                            ("objection_due_on__isnull", False),
                            _connector="OR",
                        ),
                        name="notice_hearing_has_limit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title", ""), _negated=True),
                            models.Q(("grounds", ""), _negated=True),
                            models.Q(("requirement", ""), _negated=True),
                        ),
                        name="notice_not_empty",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Interview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "issuer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tasks_app.unit",
                        verbose_name="约谈单位",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interviews",
                        to="tasks_app.plan",
                        verbose_name="分解表",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interviews",
                        to="tasks_app.unit",
                        verbose_name="被约谈单位",
                    ),
                ),
                ("thing", models.CharField(max_length=80, verbose_name="事项标识")),
                (
                    "notice",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interviews",
                        to="tasks_app.supervisionnotice",
                        verbose_name="督查单",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "拟约谈"),
                            ("notified", "已通知"),
                            ("held", "已约谈"),
                            ("correcting", "整改中"),
                            ("closed", "已销号"),
                            ("withdrawn", "已取消"),
                        ],
                        default="proposed",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="年份")),
                ("number", models.PositiveIntegerField(blank=True, null=True, verbose_name="编号")),
                ("title", models.CharField(max_length=200, verbose_name="约谈事由")),
                ("grounds", models.TextField(verbose_name="约谈依据")),
                (
                    "interviewee",
                    models.CharField(blank=True, max_length=100, verbose_name="被约谈人（姓名、职务）"),
                ),
                (
                    "interviewer",
                    models.CharField(blank=True, max_length=100, verbose_name="约谈人（姓名、职务）"),
                ),
                ("planned_at", models.DateTimeField(blank=True, null=True, verbose_name="约谈时间")),
                ("place", models.CharField(blank=True, max_length=100, verbose_name="约谈地点")),
                ("held_on", models.DateField(blank=True, null=True, verbose_name="实际约谈日期")),
                ("record", models.TextField(blank=True, verbose_name="约谈记录")),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提出人",
                    ),
                ),
                ("proposed_at", models.DateTimeField(verbose_name="提出时间")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="了结时间")),
            ],
            options={
                "verbose_name": "提醒约谈",
                "verbose_name_plural": "提醒约谈",
                "ordering": ["-proposed_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("issuer", "year", "number"), name="interview_number_once_a_year"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["proposed", "notified", "held", "correcting"])),
                        fields=("thing",),
                        name="interview_one_open_per_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["proposed", "notified", "held", "correcting", "closed", "withdrawn"],
                            )
                        ),
                        name="interview_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["proposed", "withdrawn"]),
                            models.Q(
                                ("number__isnull", False),
                                ("planned_at__isnull", False),
                                ("year__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="interview_notified_has_number_and_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["held", "correcting", "closed"]), _negated=True),
                            models.Q(("held_on__isnull", False), models.Q(("record", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="interview_held_has_record",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "interview",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="tasks_app.interview",
                        verbose_name="约谈",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="序号")),
                ("text", models.TextField(verbose_name="整改事项")),
                ("due_on", models.DateField(verbose_name="整改时限")),
                ("answer", models.TextField(blank=True, verbose_name="整改情况")),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="报告时间")),
                (
                    "verified_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("verified_at", models.DateTimeField(blank=True, null=True, verbose_name="核验时间")),
            ],
            options={
                "verbose_name": "整改事项",
                "verbose_name_plural": "整改事项",
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("interview", "number"), name="correction_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verified_at__isnull", True), ("answered_at__isnull", False), _connector="OR"
                        ),
                        name="correction_answered_before_verified",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("answered_by__isnull", True)),
                            models.Q(("answered_at__isnull", False), ("answered_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="correction_answer_has_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="correction_not_empty"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "matter",
                    models.CharField(
                        choices=[
                            ("filing", "填报"),
                            ("returned", "退回修改"),
                            ("signing", "审签"),
                            ("notice", "督查单"),
                            ("correction", "约谈整改"),
                            ("review", "审阅填报"),
                            ("extension", "批复延期"),
                            ("reply", "审核督查回复"),
                        ],
                        default="filing",
                        max_length=12,
                        verbose_name="事项",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="tasks_app.report",
                        verbose_name="填报",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="tasks_app.supervisionnotice",
                        verbose_name="督查单",
                    ),
                ),
                (
                    "correction",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="tasks_app.correction",
                        verbose_name="整改事项",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="所催时限")),
                ("rung", models.SmallIntegerField(verbose_name="级次（工作日）")),
                ("to_office", models.BooleanField(default=False, verbose_name="告知市医改办")),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="tasks_app.message",
                        verbose_name="消息",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="生成时间")),
            ],
            options={
                "verbose_name": "催报台账",
                "verbose_name_plural": "催报台账",
                "ordering": ["-created_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("report__isnull", False)),
                        fields=("matter", "report", "due_on", "rung", "to_office"),
                        name="reminder_once_per_rung_of_report",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("notice__isnull", False)),
                        fields=("matter", "notice", "due_on", "rung", "to_office"),
                        name="reminder_once_per_rung_of_notice",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("correction__isnull", False)),
                        fields=("matter", "correction", "due_on", "rung", "to_office"),
                        name="reminder_once_per_rung_of_correction",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("correction__isnull", True),
                                ("notice__isnull", True),
                                ("report__isnull", False),
                            ),
                            models.Q(
                                ("correction__isnull", True),
                                ("notice__isnull", False),
                                ("report__isnull", True),
                            ),
                            models.Q(
                                ("correction__isnull", False),
                                ("notice__isnull", True),
                                ("report__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="reminder_of_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "matter__in",
                                [
                                    "filing",
                                    "returned",
                                    "signing",
                                    "notice",
                                    "correction",
                                    "review",
                                    "extension",
                                    "reply",
                                ],
                            )
                        ),
                        name="reminder_matter_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EscalationStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="tasks_app.supervisionnotice",
                    ),
                ),
                (
                    "interview",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="tasks_app.interview",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
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
                ("text", models.TextField(blank=True, verbose_name="内容")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
                ("by_name", models.CharField(max_length=60, verbose_name="经办人姓名")),
            ],
            options={
                "verbose_name": "督办台账",
                "verbose_name_plural": "督办台账",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("interview__isnull", True), ("notice__isnull", False)),
                            models.Q(("interview__isnull", False), ("notice__isnull", True)),
                            _connector="OR",
                        ),
                        name="step_of_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
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
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="tasks_app.report",
                        verbose_name="填报",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tasks_app.task",
                        verbose_name="任务",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="内容")),
                ("is_internal", models.BooleanField(default=False, verbose_name="内部备注")),
                ("rating", models.CharField(blank=True, max_length=12, verbose_name="市医改办评定")),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("written_at", models.DateTimeField(verbose_name="时间")),
            ],
            options={
                "verbose_name": "审阅意见",
                "verbose_name_plural": "审阅意见",
                "ordering": ["written_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("text", ""), _negated=True),
                            models.Q(("rating", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="review_note_not_empty",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnReason",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="return_reasons",
                        to="tasks_app.submission",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tasks_app.task",
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_substance", "无实质内容"),
                            ("no_data", "无数据"),
                            ("off_topic", "答非所问"),
                            ("no_next_step", "未写下一步"),
                            ("other_scope", "口径不符"),
                            ("format", "格式"),
                        ],
                        max_length=20,
                        verbose_name="退回类别",
                    ),
                ),
                ("text", models.TextField(verbose_name="退回理由")),
                ("returned_at", models.DateTimeField(verbose_name="退回时间")),
                (
                    "returned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "退回理由",
                "verbose_name_plural": "退回理由",
                "ordering": ["task__number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("submission", "task"), name="return_reason_once_per_task"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("task__isnull", True)),
                        fields=("submission",),
                        name="return_reason_once_for_the_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="return_reason_not_empty"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deadline",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deadlines",
                        to="tasks_app.task",
                        verbose_name="任务",
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deadlines",
                        to="tasks_app.measure",
                        verbose_name="措施",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="顺序")),
                ("text", models.CharField(max_length=300, verbose_name="原文")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="日期")),
                (
                    "kind",
                    models.CharField(
                        choices=[("dated", "限期"), ("continuous", "持续推进"), ("unclear", "未能识别")],
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
            ],
            options={
                "verbose_name": "完成时限",
                "verbose_name_plural": "完成时限",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("measure", "position"), name="deadline_position_once_in_measure"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("measure__isnull", True)),
                        fields=("task", "position"),
                        name="deadline_position_once_in_task",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["dated", "continuous", "unclear"])),
                        name="deadline_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("due_on__isnull", False), ("kind", "dated")),
                            models.Q(models.Q(("kind", "dated"), _negated=True), ("due_on__isnull", True)),
                            _connector="OR",
                        ),
                        name="deadline_dated_has_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StandIn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stand_ins",
                        to="tasks_app.unit",
                        verbose_name="单位",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stands_in",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="替岗人",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("filler", "填报员"), ("signer", "本单位审签人")],
                        max_length=10,
                        verbose_name="岗位",
                    ),
                ),
                ("since", models.DateField(verbose_name="自")),
                ("until", models.DateField(verbose_name="至")),
                (
                    "named_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("named_at", models.DateTimeField(verbose_name="指定时间")),
            ],
            options={
                "verbose_name": "替岗",
                "verbose_name_plural": "替岗",
                "ordering": ["-until"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gte", models.F("since"))),
                        name="stand_in_ends_after_it_begins",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SetAside",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "issuer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tasks_app.unit"
                    ),
                ),
                ("thing", models.CharField(max_length=120, verbose_name="事项标识")),
                ("reason", models.CharField(max_length=300, verbose_name="理由")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
            ],
            options={
                "verbose_name": "暂不督办",
                "verbose_name_plural": "暂不督办",
                "ordering": ["-at"],
                "constraints": [
                    models.UniqueConstraint(fields=("issuer", "thing"), name="set_aside_once"),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="set_aside_has_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HeadingMeaning",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "issuer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tasks_app.unit",
                        verbose_name="印发单位",
                    ),
                ),
                ("heading", models.CharField(max_length=60, verbose_name="列名")),
                ("field", models.CharField(max_length=20, verbose_name="含义")),
            ],
            options={
                "verbose_name": "列名含义",
                "verbose_name_plural": "列名含义",
                "constraints": [
                    models.UniqueConstraint(fields=("issuer", "heading"), name="heading_meaning_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "issuer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tasks_app.unit",
                        verbose_name="发出单位",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("call", "催报通知"),
                            ("notice", "督查单"),
                            ("letter", "提醒函"),
                            ("interview_notice", "约谈通知书"),
                            ("interview_record", "约谈记录"),
                            ("corrections", "整改清单"),
                        ],
                        max_length=20,
                        verbose_name="公文",
                    ),
                ),
                ("file_name", models.CharField(max_length=200, verbose_name="文件名")),
                ("content", models.BinaryField(verbose_name="内容")),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="上传人",
                    ),
                ),
                ("uploaded_at", models.DateTimeField(verbose_name="上传时间")),
            ],
            options={
                "verbose_name": "公文模板",
                "verbose_name_plural": "公文模板",
                "ordering": ["kind"],
                "constraints": [
                    models.UniqueConstraint(fields=("issuer", "kind"), name="document_template_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "call",
                                    "notice",
                                    "letter",
                                    "interview_notice",
                                    "interview_record",
                                    "corrections",
                                ],
                            )
                        ),
                        name="document_template_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Coordination",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="coordinations",
                        to="tasks_app.progressentry",
                        verbose_name="工作进展",
                    ),
                ),
                (
                    "addressee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tasks_app.unit",
                        verbose_name="需协调的单位",
                    ),
                ),
                ("text", models.TextField(verbose_name="事项")),
                ("wanted_on", models.DateField(blank=True, null=True, verbose_name="希望答复日期")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="提出时间")),
                ("answer", models.TextField(blank=True, verbose_name="答复")),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="答复时间")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="办结时间")),
            ],
            options={
                "verbose_name": "需协调事项",
                "verbose_name_plural": "需协调事项",
                "ordering": ["asked_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="coordination_not_empty"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answer", ""), ("answered_at__isnull", True), ("answered_by__isnull", True)
                            ),
                            models.Q(
                                models.Q(("answer", ""), _negated=True),
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="coordination_answer_has_time_and_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "unit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="feed",
                        to="tasks_app.unit",
                        verbose_name="单位",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="生成人",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="生成时间")),
            ],
            options={
                "verbose_name": "日历订阅",
                "verbose_name_plural": "日历订阅",
            },
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_index=True, verbose_name="时间")),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="操作人",
                    ),
                ),
                ("actor_name", models.CharField(max_length=60, verbose_name="操作人姓名")),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tasks_app.unit",
                        verbose_name="所涉单位",
                    ),
                ),
                (
                    "action",
                    models.CharField(
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
                            ("report_enter", "代填"),
                            ("review_note", "审阅意见"),
                            ("evidence", "佐证材料"),
                            ("coordination", "协调事项"),
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
                        ],
                        max_length=24,
                        verbose_name="操作",
                    ),
                ),
                ("target_kind", models.CharField(max_length=30, verbose_name="对象类别")),
                ("target_id", models.BigIntegerField(null=True, verbose_name="对象编号")),
                ("target_label", models.CharField(max_length=200, verbose_name="对象")),
                ("changes", models.JSONField(default=dict, verbose_name="变化")),
                ("note", models.TextField(blank=True, verbose_name="说明")),
            ],
            options={
                "verbose_name": "审计记录",
                "verbose_name_plural": "审计记录",
                "ordering": ["-at", "-id"],
                "indexes": [models.Index(fields=["target_kind", "target_id"], name="audit_target")],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to="tasks_app.task",
                        verbose_name="任务",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="tasks_app.unit",
                        verbose_name="责任单位",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("lead", "牵头"), ("support", "配合"), ("local", "属地")],
                        max_length=10,
                        verbose_name="职责",
                    ),
                ),
                ("role_is_assumed", models.BooleanField(default=False, verbose_name="职责为推定")),
                ("position", models.PositiveSmallIntegerField(verbose_name="顺序")),
            ],
            options={
                "verbose_name": "责任分工",
                "verbose_name_plural": "责任分工",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("task", "unit"), name="assignment_once"),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["lead", "support", "local"])),
                        name="assignment_role_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitAlias",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aliases",
                        to="tasks_app.unit",
                        verbose_name="单位",
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="别名")),
            ],
            options={
                "verbose_name": "单位别名",
                "verbose_name_plural": "单位别名",
                "ordering": ["name"],
            },
        ),
        migrations.RunPython(add_triggers, migrations.RunPython.noop),
    ]
