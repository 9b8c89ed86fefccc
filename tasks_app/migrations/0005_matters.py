"""What was asked, item by item, becomes a matter; every step of its history and of 督查单 and 约谈 goes along.

Coordination requests keep their numbers, which stand in addresses and in the audit trail. The ledger is copied into a
table of its own shape: what had to be read back from its sentences so far is read here once, and kept as data.
"""

import re
from collections import defaultdict
from datetime import date
from functools import reduce
from operator import or_

import django.db.models.deletion
from django.conf import settings
from django.core.management.color import no_style
from django.db import migrations, models

BATCH = 1000
THINGS = ("report", "notice", "interview", "correction")
TABLE = "tasks_app_step"
POSTGRESQL = [
    f"CREATE TRIGGER {TABLE}_immutable BEFORE UPDATE OR DELETE ON {TABLE} "
    "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    f"CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE} "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
]
SQLITE = [
    f"CREATE TRIGGER {TABLE}_no_{verb} BEFORE {verb} ON {TABLE} "
    f"BEGIN SELECT RAISE(ABORT, 'rows of {TABLE} are written once'); END"
    for verb in ("UPDATE", "DELETE")
]
# How the ledger said it until now.
NO_OBJECTION, ANSWER = "无异议", "\n对申辩的答复："
REPORTED = re.compile(r"第 (\d+) 项：(.*)", re.DOTALL)
PASSED = re.compile(r"第 (\d+) 项通过(?:：(.*))?", re.DOTALL)
REFUSED = re.compile(r"第 (\d+) 项未通过：(.*)\n新的整改时限：(\d+)年(\d+)月(\d+)日（.+）", re.DOTALL)
# The notes of the trail about a coordination request: its history stood nowhere else.
NOTES = {"修改": "edit", "答复": "answer", "办结": "settle", "未答复即办结": "settle"}


def carry_over(apps, schema_editor):
    """Copy requests, items and steps; then let each matter point to the answer and the end that count."""
    using = schema_editor.connection.alias

    def rows(name):
        return apps.get_model("tasks_app", name).objects.using(using)

    names = dict(rows("User").values_list("pk", "name"))
    items = _items(rows)
    steps = _ledger(rows, items)
    requests = list(_requests(rows, names, steps))
    matters = [*(matter for matter, _ in items.values()), *requests]
    # A matter and its steps point to each other: first all rows, then the pointers.
    pointers = [(matter, matter.answer_id, matter.ending_id) for matter in matters]
    for matter in matters:
        matter.answer_id = matter.ending_id = None
    rows("Matter").bulk_create(matters, BATCH)
    rows("Step").bulk_create(steps, BATCH)
    for matter, answer, ending in pointers:
        matter.answer_id, matter.ending_id = answer, ending
    rows("Matter").bulk_update(matters, ["answer", "ending"], BATCH)
    for matter, old in items.values():
        rows("Reminder").filter(correction=old.pk).update(item=matter.pk)
    models_reset = [apps.get_model("tasks_app", name) for name in ("Matter", "Step")]
    for statement in schema_editor.connection.ops.sequence_reset_sql(no_style(), models_reset):
        schema_editor.execute(statement)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # before the tables change once more


def _items(rows):
    """Return the items of all lists as matters, {(interview, number): (matter, old row)}, after the requests' numbers."""
    last = rows("Coordination").aggregate(last=models.Max("pk"))["last"] or 0
    demanded = defaultdict(list)
    for step in rows("EscalationStep").filter(kind="demand").order_by("at", "pk"):
        demanded[step.interview_id].append(step)
    items = {}
    for pk, old in enumerate(rows("Correction").select_related("interview").order_by("pk"), start=last + 1):
        interview = old.interview
        named = [
            step
            for step in demanded[interview.pk]
            if any(line.startswith(f"{old.number}. ") for line in step.text.split("\n"))
        ]
        matter = rows("Matter").model(
            pk=pk,
            kind="correction",
            plan_id=interview.plan_id,
            interview_id=interview.pk,
            number=old.number,
            asker_id=interview.issuer_id,
            addressee_id=interview.unit_id,
            text=old.text,
            due_on=old.due_on,
            state="closed" if old.verified_at else "answered" if old.answered_at else "open",
            asked_by_id=named[0].by_id if named else interview.proposed_by_id,
            asked_at=named[0].at if named else interview.proposed_at,
        )
        items[interview.pk, old.number] = (matter, old)
    return items


def _ledger(rows, items):
    """Return every step under its old number, read once; the matters in `items` point to those that count."""
    steps = []
    for old in rows("EscalationStep").order_by("at", "pk"):
        number, text, data = _read(old)
        matter, row = items.get((old.interview_id, number), (None, None))
        if matter is None:
            text, data = (old.text, {}) if number else (text, data)
        step = rows("Step").model(
            pk=old.pk,
            notice_id=old.notice_id,
            interview_id=None if matter else old.interview_id,
            matter_id=matter.pk if matter else None,
            kind=old.kind,
            text=text,
            data=data,
            at=old.at,
            by_id=old.by_id,
            by_name=old.by_name,
        )
        steps.append(step)
        if matter is not None and old.kind == "correct":
            matter.answer_id = step.pk
        elif matter is not None and data.get("passed") and row.verified_at:
            matter.ending_id = step.pk
    last = max((step.pk for step in steps), default=0)
    for matter, row in items.values():  # what is said of an item and stands in no step of the ledger
        for kind, by, at, text in (
            ("correct", row.answered_by_id, row.answered_at, row.answer),
            ("verify", row.verified_by_id, row.verified_at, ""),
        ):
            pointer = "answer_id" if kind == "correct" else "ending_id"
            if at is None or getattr(matter, pointer) is not None:
                continue
            last += 1
            by = by or matter.asked_by_id
            name = rows("User").get(pk=by).name
            data = {} if kind == "correct" else {"passed": True}
            of = {"matter_id": matter.pk, "kind": kind, "text": text, "data": data}
            steps.append(rows("Step").model(pk=last, at=at, by_id=by, by_name=name, **of))
            setattr(matter, pointer, last)
    return steps


def _read(step):
    """Return what the sentence of an old step says: (number of the item or None, own words, data)."""
    if step.kind == "object" and step.text == NO_OBJECTION:
        return None, "", {"agrees": True}
    if step.kind == "issue" and ANSWER in step.text:
        words, _, answer = step.text.partition(ANSWER)
        return None, words, {"answer": answer}
    if step.kind == "correct" and (found := REPORTED.fullmatch(step.text)):
        return int(found[1]), found[2], {}
    if step.kind == "verify" and (found := PASSED.fullmatch(step.text)):
        return int(found[1]), found[2] or "", {"passed": True}
    if step.kind == "verify" and (found := REFUSED.fullmatch(step.text)):
        limit = date(int(found[3]), int(found[4]), int(found[5]))
        return int(found[1]), found[2], {"passed": False, "due_on": limit.isoformat()}
    return None, step.text, {}


def _requests(rows, names, steps):
    """Yield the coordination requests as matters and add their history, read from the trail, to `steps`."""
    trail = defaultdict(list)
    events = rows("AuditEvent").filter(action="coordination", target_kind="coordination")
    for event in events.order_by("at", "pk"):
        trail[event.target_id].append(event)
    last = max((step.pk for step in steps), default=0)
    found = rows("Coordination").select_related("entry__report__period__plan").order_by("pk")
    for old in found:
        plan = old.entry.report.period.plan
        matter = rows("Matter").model(
            pk=old.pk,
            kind="coordination",
            plan_id=plan.pk,
            entry_id=old.entry_id,
            asker_id=old.entry.report.unit_id,
            addressee_id=old.addressee_id or plan.issuer_id,
            text=old.text,
            due_on=old.wanted_on,
            state="closed" if old.closed_at else "answered" if old.answered_at else "open",
            asked_by_id=old.asked_by_id,
            asked_at=old.asked_at,
        )
        for kind, by, name, at in _history(old, trail[old.pk], names):
            last += 1
            text = old.answer if kind == "answer" else ""
            signed = {"at": at, "by_id": by, "by_name": name}
            steps.append(rows("Step").model(pk=last, matter_id=matter.pk, kind=kind, text=text, **signed))
            if kind == "answer":
                matter.answer_id = last
            elif kind == "settle":
                matter.ending_id = last
        yield matter


def _history(old, events, names):
    """Return (kind, by, name, at) of each step of a request; the row itself speaks where the trail is silent."""
    told = [
        (NOTES.get(event.note, "ask"), event.actor_id or old.asked_by_id, event.actor_name, event.at)
        for event in events
    ]
    known = {kind for kind, *_ in told}
    if "ask" not in known:
        told.insert(0, ("ask", old.asked_by_id, names[old.asked_by_id], old.asked_at))
    if old.answered_at and "answer" not in known:
        told.append(("answer", old.answered_by_id, names[old.answered_by_id], old.answered_at))
    if old.closed_at and "settle" not in known:
        told.append(("settle", old.asked_by_id, names[old.asked_by_id], old.closed_at))
    return told


def add_triggers(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("tasks_app", "0004_entry_typed")]

    operations = [
        migrations.CreateModel(
            name="Matter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("coordination", "协调事项"),
                            ("correction", "整改事项"),
                        ],
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(null=True, verbose_name="序号")),
                ("text", models.TextField(verbose_name="事项")),
                ("due_on", models.DateField(null=True, verbose_name="时限")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "待答复"),
                            ("answered", "已答复"),
                            ("closed", "已办结"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="提出时间")),
            ],
            options={
                "verbose_name": "事项",
                "verbose_name_plural": "事项",
                "ordering": ["asked_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ask", "提出"),
                            ("answer", "答复"),
                            ("settle", "办结"),
                            ("hand_over", "移交"),
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
                ("data", models.JSONField(default=dict, verbose_name="数据")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("by_name", models.CharField(max_length=60, verbose_name="经办人姓名")),
            ],
            options={
                "verbose_name": "台账",
                "verbose_name_plural": "台账",
                "ordering": ["at", "pk"],
            },
        ),
        migrations.AddField(
            model_name="matter",
            name="addressee",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="matters",
                to="tasks_app.unit",
                verbose_name="办理单位",
            ),
        ),
        migrations.AddField(
            model_name="matter",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="提出人",
            ),
        ),
        migrations.AddField(
            model_name="matter",
            name="asker",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="matters_asked",
                to="tasks_app.unit",
                verbose_name="提出单位",
            ),
        ),
        migrations.AddField(
            model_name="matter",
            name="entry",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="matters",
                to="tasks_app.progressentry",
                verbose_name="工作进展",
            ),
        ),
        migrations.AddField(
            model_name="matter",
            name="interview",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="tasks_app.interview",
                verbose_name="约谈",
            ),
        ),
        migrations.AddField(
            model_name="matter",
            name="parent",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="children",
                to="tasks_app.matter",
                verbose_name="上级事项",
            ),
        ),
        migrations.AddField(
            model_name="matter",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="matters",
                to="tasks_app.plan",
                verbose_name="分解表",
            ),
        ),
        migrations.AddField(
            model_name="matter",
            name="task",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="matters",
                to="tasks_app.task",
                verbose_name="任务",
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="经办人",
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="interview",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="steps",
                to="tasks_app.interview",
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="matter",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="steps",
                to="tasks_app.matter",
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="notice",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="steps",
                to="tasks_app.supervisionnotice",
            ),
        ),
        migrations.AddField(
            model_name="matter",
            name="answer",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tasks_app.step",
                verbose_name="答复",
            ),
        ),
        migrations.AddField(
            model_name="matter",
            name="ending",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tasks_app.step",
                verbose_name="了结",
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="item",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reminders",
                to="tasks_app.matter",
                verbose_name="整改事项",
            ),
        ),
        migrations.RunPython(carry_over),
        migrations.RemoveConstraint("reminder", "reminder_once_per_rung_of_correction"),
        migrations.RemoveConstraint("reminder", "reminder_of_one_thing"),
        migrations.RemoveField("reminder", "correction"),
        migrations.RenameField("reminder", "item", "correction"),
        migrations.AddConstraint(
            "reminder",
            models.UniqueConstraint(
                fields=("matter", "correction", "due_on", "rung", "to_office"),
                condition=models.Q(correction__isnull=False),
                name="reminder_once_per_rung_of_correction",
            ),
        ),
        migrations.AddConstraint(
            "reminder",
            models.CheckConstraint(
                condition=reduce(
                    or_,
                    (models.Q(**{f"{thing}__isnull": thing != one for thing in THINGS}) for one in THINGS),
                ),
                name="reminder_of_one_thing",
            ),
        ),
        migrations.DeleteModel(
            name="EscalationStep",
        ),
        migrations.DeleteModel(
            name="Coordination",
        ),
        migrations.DeleteModel(
            name="Correction",
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("interview__isnull", True), ("matter__isnull", True), ("notice__isnull", False)
                    ),
                    models.Q(
                        ("interview__isnull", False), ("matter__isnull", True), ("notice__isnull", True)
                    ),
                    models.Q(
                        ("interview__isnull", True), ("matter__isnull", False), ("notice__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="step_of_one_thing",
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
        migrations.AddConstraint(
            model_name="matter",
            constraint=models.UniqueConstraint(
                fields=("interview", "number"), name="matter_number_once_in_a_list"
            ),
        ),
        migrations.AddConstraint(
            model_name="matter",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="matter_not_empty"
            ),
        ),
        migrations.AddConstraint(
            model_name="matter",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "answered", "closed", "withdrawn"])),
                name="matter_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="matter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("entry__isnull", False), ("interview__isnull", True), ("kind", "coordination")),
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
            model_name="matter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "answered"), _negated=True), ("answer__isnull", False), _connector="OR"
                ),
                name="matter_answered_has_answer",
            ),
        ),
        migrations.AddConstraint(
            model_name="matter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ending__isnull", False), ("state__in", ["closed", "withdrawn"])),
                    models.Q(
                        models.Q(("state__in", ["closed", "withdrawn"]), _negated=True),
                        ("ending__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="matter_ended_has_ending",
            ),
        ),
        # Last: SQLite makes a table anew for each constraint, without its triggers.
        migrations.RunPython(add_triggers),
    ]
