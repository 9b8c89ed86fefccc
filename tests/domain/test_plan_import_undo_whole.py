"""Random tables, imported, changed by people, imported again and undone: the whole plan is what it was."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tasks_app.choices import AssignmentRole, IndicatorState, MeasureState, UnitKind
from tasks_app.domain.amendments.actions import change_units
from tasks_app.domain.indicators.actions import decide_indicator
from tasks_app.domain.plan.actions import edit_task
from tasks_app.domain.plan.predecessors import possible_predecessors, set_predecessor
from tasks_app.domain.plan_import.snapshot import PLAN_FIELDS, rows_of
from tasks_app.domain.plan_import.undoing import undo_import, why_not_undone
from tasks_app.domain.reporting.actions import open_due_periods, save_entry, submit_report
from tasks_app.domain.reporting.entry_values import TickGiven
from tasks_app.domain.reporting.queries import has_signer, required_entries
from tasks_app.domain.review.actions import accept_report
from tasks_app.models import (
    Indicator,
    MeasureProgress,
    Plan,
    PlanImport,
    ProgressEntry,
    Report,
    Unit,
)
from tests.cast import apply_import
from tests.workbooks import row, table

UNITS = ("市卫健委", "市医保局", "市财政局", "三元区", "将乐县", "永安市")
WORDS = {"progress": "专班已组建。", "forecast": "年底完成。", "status": "on_track", "remarks": ""}
TITLES = (
    "健全三医协同发展和治理机制",
    "推进县域医共体建设",
    "开展药品集中带量采购",
    "建立生育支持政策体系",
    "完善预算管理",
)
MEASURES = (
    "① 组建专班。\n② 每季度会商，完成率不低于90%。",
    "① 新增设备300台以上，6月底前完成。",
    "① 组建专班。\n② 培训500人次以上。\n③ 持续推进。",
    "门诊次均费用下降2%。",
)
TABLES = st.lists(
    st.tuples(
        st.sampled_from(TITLES),
        st.sampled_from(MEASURES),
        st.lists(st.sampled_from(UNITS), min_size=1, max_size=4, unique=True),
        st.sampled_from(("一、加强组织领导", "二、深化医保改革", "三、改革医疗服务")),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda task: task[0],
)
# Which change, and of which row: the n-th, counted round.
CHANGES = st.lists(
    st.tuples(st.sampled_from(("role", "indicator", "year", "units", "section", "tick")), st.integers(0, 7)),
    max_size=5,
)


def workbook(tasks: list[Any], year: int = 2024) -> bytes:
    rows = [
        row(number, "、".join(units), measures, title=f"{number}. {title}。", section=section)
        for number, (title, measures, units, section) in enumerate(tasks, start=1)
    ]
    return table(*rows, title=f"{year}年重点任务分解表")


def whole(plan: Plan) -> dict[str, Any]:
    """Return everything that is stored of a plan and what its units are asked for."""
    reports = Report.objects.filter(period__plan=plan).order_by("period", "unit")
    entries = ProgressEntry.objects.filter(report__period__plan=plan).order_by("report__unit", "task")
    return {name: list(rows.values()) for name, rows in rows_of(plan).items()} | {
        "plan": [getattr(plan, field) for field in PLAN_FIELDS],
        "reports": list(
            reports.values(
                "unit", "state", "due_on", "returned_at", "added_since", "accepted_at", "accepted_by"
            )
        ),
        "entries": list(entries.values("report__unit", "task", "version", "progress")),
    }


def change(plan: Plan, kind: str, number: int, people: Any, at: Any) -> None:
    """Let somebody change something of the plan; what cannot be is left."""

    def pick(rows: Any) -> Any:
        found = list(rows)
        return found[number % len(found)] if found else None

    by = {"by": people.admin, "at": at}
    task = pick(plan.tasks.filter(is_active=True).order_by("number"))
    if kind == "role":
        bureau = task.assignments.exclude(unit__kind=UnitKind.COUNTY).first()
        roles = {bureau.pk: AssignmentRole.SUPPORT.value} if bureau else {}
        edit_task(task.pk, section=task.section, roles=roles, **by)
    elif kind == "section":
        edit_task(task.pk, section=pick(plan.sections.order_by("pk")), roles={}, **by)
    elif kind == "year":
        set_predecessor(task.pk, pick(possible_predecessors(plan)), **by)
    elif kind == "units":
        roles = dict(task.assignments.values_list("unit", "role"))
        other = pick(Unit.objects.filter(name__in=UNITS).exclude(pk__in=roles).order_by("pk"))
        if other is not None:
            roles[other.pk] = "local" if other.kind == UnitKind.COUNTY else "support"
        change_units(task.pk, roles, basis="会议同意", **by)
    elif kind == "indicator" and (
        indicator := pick(Indicator.objects.filter(task__plan=plan).order_by("pk"))
    ):
        wanted = (IndicatorState.ACCEPTED, IndicatorState.DROPPED, IndicatorState.PROPOSED)[number % 3]
        decide_indicator(indicator.pk, wanted, seen=indicator.state, **by)


def tick(plan: Plan, people: Any, at: Any) -> None:
    """Let 市卫健委 tick a measure of its first task, if it has one."""
    entry = ProgressEntry.objects.filter(report__unit=people.bureau_filler.unit, task__plan=plan).first()
    measure = entry.task.measures.first() if entry else None
    if measure is not None:
        ticks = {measure.pk: TickGiven(MeasureState.UNDER_WAY, "")}
        given = {"values": WORDS, "version": entry.version, "ticks": ticks}
        save_entry(entry.report_id, entry.pk, **given, by=people.bureau_filler, at=at)


def file_and_accept(people: Any, at: Any) -> None:
    """Let 三元区 file what it owes, and the office accept it."""
    report = Report.objects.filter(unit=people.other_filler.unit).first()
    if report is None or has_signer(report.unit, at.date()):
        return
    for entry in required_entries(report):
        save_entry(report.pk, entry.pk, values=WORDS, version=entry.version, by=people.other_filler, at=at)
    submit_report(report.pk, by=people.other_filler, at=at)
    accept_report(report.pk, submission=1, by=people.office, at=at)


PLAY = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # each example reads three files
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
TALES = {
    "last": TABLES, "first": TABLES, "second": TABLES, "before": CHANGES, "after": CHANGES, "files": st.booleans()
}  # fmt: skip


@settings(PLAY, max_examples=3)
@given(tale=st.fixed_dictionaries(TALES))
def test_undone_the_whole_plan_is_what_it_was(tale, upload, bring_in, people, at):
    undone_the_whole_plan_is_what_it_was(**tale, upload=upload, bring_in=bring_in, people=people, at=at)


@pytest.mark.soak
@settings(PLAY, max_examples=200)
@given(tale=st.fixed_dictionaries(TALES))
def test_undone_the_whole_plan_is_what_it_was_after_hundreds_of_tales(tale, upload, bring_in, people, at):
    undone_the_whole_plan_is_what_it_was(**tale, upload=upload, bring_in=bring_in, people=people, at=at)


def undone_the_whole_plan_is_what_it_was(
    last, first, second, before, after, files, *, upload, bring_in, people, at
):
    with transaction.atomic():
        bring_in(workbook(last, 2023))
        plan = bring_in(workbook(first))
        open_due_periods(at=at)
        for kind, number in before:
            if kind == "tick":
                tick(plan, people, at)
            else:
                change(plan, kind, number, people, at)
        open_due_periods(at=at)
        if files:
            file_and_accept(people, at)
        plan = Plan.objects.get(pk=plan.pk)
        kept = whole(plan)
        later = at + timedelta(hours=1)
        second_import = upload(workbook(second))
        plan = apply_later(second_import, people, later)
        open_due_periods(at=later)
        for kind, number in after:
            if kind != "tick":
                change(plan, kind, number, people, later)
        undo_import(second_import.pk, by=people.admin, at=later + timedelta(hours=1))
        open_due_periods(at=later + timedelta(hours=1))
        found = whole(Plan.objects.get(pk=plan.pk))
        assert {name: rows for name, rows in found.items() if rows != kept[name]} == {}, kept
        transaction.set_rollback(True)


def apply_later(stored: PlanImport, people: Any, at: Any) -> Plan:
    return apply_import(stored.pk, by=people.admin, at=at)


def test_a_proposed_number_and_a_tick_come_back(bring_in, upload, people, at):
    plan = bring_in(workbook([(TITLES[0], MEASURES[0], ["市卫健委"], "一、加强组织领导")]))
    open_due_periods(at=at)
    tick(plan, people, at)
    proposed, ticks = Indicator.objects.get(), MeasureProgress.objects.get()
    later = at + timedelta(hours=1)
    stored = upload(workbook([(TITLES[0], MEASURES[3], ["市卫健委"], "一、加强组织领导")]))
    apply_later(stored, people, later)
    undo_import(stored.pk, by=people.admin, at=later)
    assert Indicator.objects.get() == proposed
    assert (Indicator.objects.get().state, MeasureProgress.objects.get()) == (IndicatorState.PROPOSED, ticks)


def test_an_import_of_an_older_program_is_not_undone_by_halves(bring_in, upload, people, at):
    tasks = [(TITLES[0], MEASURES[0], ["市卫健委"], "一、加强组织领导")]
    bring_in(workbook(tasks))
    stored = upload(workbook([(TITLES[1], *tasks[0][1:])]))
    apply_later(stored, people, at)
    PlanImport.objects.filter(pk=stored.pk).update(before={"title": "旧", "tasks": [], "sections": []})
    assert "旧版程序" in why_not_undone(PlanImport.objects.get(pk=stored.pk))
