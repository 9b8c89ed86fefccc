"""Requests, items of lists and the ledger of a database from before matters: every row and its history is there."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from tasks_app.clock import SHANGHAI
from tasks_app.domain.matters.wording import words_of

BEFORE, AFTER = "0004_entry_typed", "0005_matters"
START = datetime(2024, 7, 15, 10, tzinfo=SHANGHAI)


@pytest.fixture
def old(tmp_path, django_db_blocker, django_db_setup) -> Iterator[Any]:
    """A connection to an empty database of its own."""
    given = connections.databases["default"]
    is_file = given["ENGINE"].endswith("sqlite3")
    name = str(tmp_path / "old.sqlite3") if is_file else f"{given['NAME']}_old"
    connections.databases["old"] = given | {"NAME": name}
    with django_db_blocker.unblock():
        connection = connections["old"]
        if not is_file:
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
                cursor.execute(f'CREATE DATABASE "{name}"')
        yield connection
        connection.close()
        if not is_file:
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{name}"')
        del connections["old"], connections.databases["old"]


def migrated(connection, name: str) -> Any:
    """Bring the database to the migration `name`; return its models as they were then."""
    executor = MigrationExecutor(connection)
    executor.migrate([("tasks_app", name)])
    apps = executor.loader.project_state([("tasks_app", name)]).apps
    return lambda model: apps.get_model("tasks_app", model).objects.using("old")


@pytest.fixture
def world(old) -> SimpleNamespace:
    """What a city wrote before: a red 督查单 heard and answered, an interview with three items, three requests."""
    rows = migrated(old, BEFORE)
    city = rows("Unit").create(code="350400", name="三明市", kind="city", position=1)
    county = rows("Unit").create(code="350428", name="将乐县", kind="county", parent=city, position=2)
    bureau = rows("Unit").create(code="ybj", name="市医保局", kind="bureau", parent=city, position=3)
    office = rows("User").create(username="office", name="陈志远", role="office", unit=city)
    filler = rows("User").create(username="filler", name="林晓燕", role="filler", unit=county)
    plan = rows("Plan").create(year=2024, title="分解表", issuer=city)
    section = rows("Section").create(plan=plan, position=1, title="一")
    task = rows("Task").create(plan=plan, section=section, number=1, title="健康管护")
    period = rows("ReportingPeriod").create(
        plan=plan, kind="first_half", opens_on=date(2024, 7, 1), due_on=date(2024, 7, 25), opened_at=START
    )
    report = rows("Report").create(period=period, unit=county, due_on=period.due_on)
    entry = rows("ProgressEntry").create(report=report, task=task)
    found = SimpleNamespace(**{name: value for name, value in locals().items() if name != "old"})
    _paper(found)
    _requests(found)
    return found


def _paper(world: SimpleNamespace) -> None:
    rows, office, filler = world.rows, world.office, world.filler
    common = {"issuer": world.city, "plan": world.plan, "unit": world.county, "grounds": "依据"}
    notice = rows("SupervisionNotice").create(
        **common, thing="task:1", colour="red", state="issued", year=2024, number=1, title="滞后", requirement="要求",
        reply_due_on=date(2024, 8, 1), drafted_by=office, drafted_at=START, issued_by=office, issued_at=START,
    )  # fmt: skip
    interview = rows("Interview").create(
        **common, thing="notice:1", state="correcting", year=2024, number=1, title="约谈", planned_at=START,
        held_on=START.date(), record="已谈", proposed_by=office, proposed_at=START,
    )  # fmt: skip
    at = START
    for of, kind, text, by in (
        ({"notice": notice}, "object", "口径有变。", filler),
        ({"notice": notice}, "object", "无异议", filler),
        (
            {"notice": notice},
            "issue",
            "明医改督〔2024〕1号，回复截止日：2024年8月1日（周四）\n对申辩的答复：未变。\n已核",
            office,
        ),
        ({"interview": interview}, "demand", "1. 成立专班　时限：2024年7月31日（周三）\n2. 编制预算", office),
        ({"interview": interview}, "correct", "第 1 项：专班已成立。\n附件", filler),
        ({"interview": interview}, "verify", "第 1 项通过：属实", office),
        ({"interview": interview}, "correct", "第 2 项：已编制", filler),
        (
            {"interview": interview},
            "verify",
            "第 2 项未通过：没盖章\n请补\n新的整改时限：2024年8月9日（周五）",
            office,
        ),
        ({"interview": interview}, "demand", "3. 每月会商　时限：2024年9月30日（周一）", office),
        ({"interview": interview}, "correct", "第 3 项：正在会商", filler),
    ):
        at += timedelta(hours=1)
        rows("EscalationStep").create(**of, kind=kind, text=text, at=at, by=by, by_name=f"{by.name}（替岗）")
    _items(world, interview, at)


def _items(world: SimpleNamespace, interview: Any, at: datetime) -> None:
    rows, office, filler = world.rows, world.office, world.filler
    done = {"answered_by": filler, "answered_at": at}
    items = [
        rows("Correction").create(
            interview=interview, number=1, text="成立专班", due_on=date(2024, 7, 31), answer="专班已成立。\n附件",
            **done, verified_by=office, verified_at=at,
        ),
        rows("Correction").create(
            interview=interview, number=2, text="编制预算", due_on=date(2024, 8, 9), answer="已编制"
        ),
        rows("Correction").create(
            interview=interview, number=3, text="每月会商", due_on=date(2024, 9, 30), answer="正在会商", **done
        ),
    ]  # fmt: skip
    message = rows("Message").create(unit=world.county, day=START.date(), subject="提醒", created_at=START)
    kind = {next(name for name in ("kind", "matter") if hasattr(rows("Reminder").model, name)): "correction"}
    rows("Reminder").create(
        **kind, correction=items[1], due_on=date(2024, 8, 9), rung=0, message=message, created_at=START
    )


def _requests(world: SimpleNamespace) -> None:
    rows, filler, office = world.rows, world.filler, world.office
    asked = {"entry": world.entry, "asked_by": filler, "asked_at": START}
    later = START + timedelta(days=1)
    answered = {"answer": "可以。", "answered_by": office, "answered_at": later}
    told = rows("Coordination").create(
        **asked, text="接口", addressee=world.bureau, wanted_on=later.date(), **answered
    )
    rows("Coordination").create(**asked, text="账号", closed_at=later)
    rows("Coordination").create(**asked, text="人员", **answered, closed_at=later)
    for note, by, at in (("提出：健康管护", filler, START), ("修改", filler, START), ("答复", office, later)):
        rows("AuditEvent").create(
            at=at, actor=by, actor_name=f"{by.name}（代填）", action="coordination", target_kind="coordination",
            target_id=told.pk, target_label="接口", note=note,
        )  # fmt: skip


def said(steps) -> list[tuple[str, str, str]]:
    return [(step.kind, step.by_name, words_of(step)) for step in steps.order_by("at", "pk")]


def test_every_row_and_its_history_is_carried_over(old, world):
    trail = list(world.rows("AuditEvent").order_by("pk").values())
    before = list(world.rows("EscalationStep").order_by("pk").values_list("pk", "at", "by", "by_name"))
    texts = dict(world.rows("EscalationStep").values_list("pk", "text"))
    rows = migrated(old, AFTER)
    assert list(rows("AuditEvent").order_by("pk").values()) == trail

    # The ledger: the same numbers, times and names, and to be read the same words.
    kept = rows("Step").filter(pk__in=texts).select_related("matter")
    assert list(kept.order_by("pk").values_list("pk", "at", "by", "by_name")) == before
    assert {step.pk: words_of(step) for step in kept} == texts
    assert [step.data for step in kept.filter(notice__isnull=False).order_by("at")] == [
        {},
        {"agrees": True},
        {"answer": "未变。\n已核"},
    ]

    columns = (
        "number",
        "asker",
        "addressee",
        "text",
        "due_on",
        "state",
        "answer__text",
        "ending__text",
        "task",
    )
    city, county, bureau = world.city.pk, world.county.pk, world.bureau.pk
    asked = rows("Matter").filter(kind="coordination").order_by("pk")
    assert list(asked.values_list("pk", *columns)) == [
        (1, None, county, bureau, "接口", date(2024, 7, 16), "answered", "可以。", None, None),
        (2, None, county, city, "账号", None, "closed", None, "", None),
        (3, None, county, city, "人员", None, "closed", "可以。", "", None),
    ]
    entered, plain = "林晓燕（代填）", "林晓燕"
    assert [said(matter.steps.using("old")) for matter in asked] == [
        [("ask", entered, ""), ("edit", entered, ""), ("answer", "陈志远（代填）", "可以。")],
        [("ask", plain, ""), ("settle", plain, "")],
        [("ask", plain, ""), ("answer", "陈志远", "可以。"), ("settle", plain, "")],
    ]

    items = rows("Matter").filter(kind="correction").order_by("number")
    assert list(items.values_list(*columns)) == [
        (1, city, county, "成立专班", date(2024, 7, 31), "closed", "专班已成立。\n附件", "属实", None),
        (2, city, county, "编制预算", date(2024, 8, 9), "open", "已编制", None, None),
        (3, city, county, "每月会商", date(2024, 9, 30), "answered", "正在会商", None, None),
    ]
    assert [item.asked_at for item in items] == [START + timedelta(hours=h) for h in (4, 4, 9)]
    assert rows("Reminder").get().correction_id == items[1].pk


def test_what_comes_after_has_numbers_of_its_own_and_is_written_once(old, world):
    rows = migrated(old, AFTER)
    last = rows("Matter").order_by("pk").last()
    given = {"at": START, "by_id": world.office.pk, "by_name": "陈志远"}
    new = rows("Step").create(matter=last, kind="hand_over", text="移交", **given)
    assert rows("Step").exclude(pk=new.pk).count() == 10 + 8
    for change in (lambda: rows("Step").update(text="改过"), rows("Step").all().delete):
        with pytest.raises(DatabaseError), transaction.atomic("old"):
            change()


def test_a_row_that_stood_in_no_ledger_is_not_lost(old, world):
    """An answer whose step says it in other words is taken from the row itself."""
    item = world.rows("Correction").get(number=3)
    world.rows("Correction").filter(pk=item.pk).update(number=4, verified_at=START, verified_by=world.office)
    rows = migrated(old, AFTER)
    moved = rows("Matter").get(number=4)
    assert (moved.state, moved.answer.text, moved.answer.at) == ("closed", "正在会商", item.answered_at)
    assert (moved.ending.data, moved.ending.by_name) == ({"passed": True}, "陈志远")
    stray = rows("Step").get(kind="correct", text__startswith="第 3 项")
    assert (stray.matter_id, stray.interview_id) == (None, moved.interview_id)
