"""Apply and discard: whole or not at all, nothing reported is lost, nobody applies over another."""

import pytest

from tasks_app.choices import AuditAction, ImportState, PeriodKind, ReportState
from tasks_app.domain.moves import Refused
from tasks_app.domain.plan.actions import edit_task
from tasks_app.domain.plan_import.actions import apply_import, discard_import
from tasks_app.domain.plan_import.queries import is_stale, stored_content
from tasks_app.domain.reporting.actions import open_due_periods
from tasks_app.models import Assignment, AuditEvent, Measure, Plan, ProgressEntry, Report, Task
from tests.cast import REAL_TABLE
from tests.workbooks import SECTION, real_table, row, table

REAL = REAL_TABLE.read_bytes()


def test_the_real_table_is_stored_whole(bring_in, people, at):
    plan = bring_in(REAL)
    assert (plan.sections.count(), plan.tasks.count()) == (6, 24)
    assert Measure.objects.filter(task__plan=plan).count() == 85
    assignments = Assignment.objects.filter(task__plan=plan)
    assert assignments.count() == 303
    assert assignments.values("unit").distinct().count() == 26
    assert assignments.filter(role_is_assumed=True).count() == 72
    assert [(p.kind, p.opens_on.month, p.due_on.isoformat()) for p in plan.periods.all()] == [
        (PeriodKind.FIRST_HALF, 7, "2024-07-25"),
        (PeriodKind.THREE_QUARTERS, 9, "2024-09-25"),
        (PeriodKind.FULL_YEAR, 11, "2024-11-25"),
    ]
    event = AuditEvent.objects.get(action=AuditAction.PLAN_IMPORT)
    assert (event.actor, event.at, event.target_id) == (people.admin, at, plan.pk)
    assert "责任分工303条" in event.note


def test_importing_the_same_file_again_writes_nothing_but_the_state(
    bring_in, changes_of, django_assert_max_num_queries
):
    plan = bring_in(REAL)
    before, events = stored_content(plan), AuditEvent.objects.count()
    assert changes_of(REAL) == {"added": 0, "changed": 0, "moved": 0, "removed": 0, "unchanged": 24}
    again = bring_in(REAL, apply=False)
    with django_assert_max_num_queries(20):
        apply_import(again.pk, by=None, at=again.uploaded_at)
    assert stored_content(plan) == before
    assert AuditEvent.objects.count() == events
    again.refresh_from_db()
    assert (again.state, again.plan) == (ImportState.APPLIED, plan)


def test_applying_takes_its_statements_in_bulk(bring_in, at, django_assert_max_num_queries):
    preview = bring_in(REAL, apply=False)
    with django_assert_max_num_queries(35):
        apply_import(preview.pk, by=None, at=at)


def test_changes_are_written_and_nothing_else(bring_in, changes_of):
    def mend(sheet):
        sheet["C4"] = sheet["C4"].value.replace("推动地方", "督促地方")
        sheet["D8"] = "市委编办，市卫健委、民政局，各县（市、区）"
        sheet["A42"], sheet["B42"], sheet["C42"], sheet["D42"] = (
            "七、新",
            "25. 新任务。",
            "①甲。②乙。",
            "市教育局",
        )

    plan = bring_in(REAL)
    keys = dict(plan.tasks.values_list("number", "pk"))
    new = real_table(mend)
    assert changes_of(new) == {"added": 1, "changed": 2, "moved": 0, "removed": 0, "unchanged": 22}
    bring_in(new)
    assert {n: pk for n, pk in plan.tasks.values_list("number", "pk") if n in keys} == keys
    third = plan.tasks.get(number=3)
    assert Measure.objects.get(task__number=1).text.startswith("督促地方")
    assert [a.unit.name for a in third.assignments.all()[:4]] == [
        "市委编办",
        "市卫健委",
        "市民政局",
        "三元区",
    ]
    assert plan.sections.last().title == "七、新"
    assert changes_of(new)["unchanged"] == 25


def test_numbers_may_change_places_and_keep_their_tasks(bring_in):
    plan = bring_in(table(row(1, title="1. 甲"), row(2, title="2. 乙"), row(3, title="3. 丙")))
    keys = dict(plan.tasks.values_list("title", "pk"))
    bring_in(table(row(1, title="1. 丙"), row(2, title="2. 甲"), row(3, title="3. 乙")))
    assert dict(plan.tasks.values_list("title", "pk")) == keys
    assert list(plan.tasks.values_list("title", flat=True)) == ["丙", "甲", "乙"]


def test_sections_may_be_renamed_reordered_and_dropped(bring_in):
    plan = bring_in(table(*(row(n, section=f"{s}、部分") for n, s in enumerate("一二三", start=1))))
    keys = {s.title: s.pk for s in plan.sections.all()}
    bring_in(table(row(2, section="二、部分"), row(1, section="一、改名"), row(3, section="二、部分")))
    assert [(s.position, s.title) for s in plan.sections.all()] == [(1, "二、部分"), (2, "一、改名")]
    assert plan.sections.get(title="二、部分").pk == keys["二、部分"]


def test_a_dropped_task_is_stopped_by_the_document_that_dropped_it(bring_in):
    plan = bring_in(table(row(1), row(2)))
    bring_in(table(row(1), title="明医改组〔2024〕9号 2024年重点任务分解表"))
    assert [(t.number, t.is_active, t.stopped_by) for t in plan.tasks.all()] == [
        (1, True, ""),
        (2, False, "明医改组〔2024〕9号"),
    ]
    event = AuditEvent.objects.filter(action=AuditAction.PLAN_IMPORT).first()
    assert event.changes["任务2"] == ["任务2。", "停办"]


def test_a_dropped_task_with_entries_is_stopped_and_its_entries_stay(bring_in, at, units):
    plan = bring_in(table(row(1), row(2), row(3)))
    open_due_periods(at=at)
    entry = ProgressEntry.objects.get(task__number=2)
    ProgressEntry.objects.filter(pk=entry.pk).update(progress="已完成一半", version=1)
    bring_in(table(row(1), row(2, title="2. 任务3。")))
    stopped = Task.objects.get(pk=entry.task_id)
    assert (stopped.is_active, stopped.number) == (False, 2)
    assert plan.tasks.get(number=2, is_active=True).title == "任务3。"
    assert ProgressEntry.objects.get(pk=entry.pk).progress == "已完成一半"


def test_a_stopped_task_comes_back_with_its_entries(bring_in, at):
    both = table(row(1), row(2))
    plan = bring_in(both)
    open_due_periods(at=at)
    key = plan.tasks.get(number=2).pk
    bring_in(table(row(1)))
    assert not Task.objects.get(pk=key).is_active
    bring_in(both)
    assert Task.objects.get(pk=key).is_active
    assert plan.tasks.count() == 2


def test_a_section_of_stopped_tasks_alone_is_none_of_the_tables(bring_in, at, changes_of):
    bring_in(table(row(1), row(2, section="二、旧")))
    open_due_periods(at=at)
    rest = table(row(1))
    plan = bring_in(rest)
    assert stored_content(plan).sections == (SECTION,)
    assert changes_of(rest) == {"added": 0, "changed": 0, "moved": 0, "removed": 0, "unchanged": 1}


def test_a_unit_added_in_mid_period_owes_a_report_and_submitted_ones_stay(bring_in, at, units, people):
    bring_in(table(row(1)))
    open_due_periods(at=at)
    Report.objects.update(
        state=ReportState.SUBMITTED, submitted_at=at, submitted_by=people.bureau_filler, first_submitted_at=at
    )
    bring_in(table(row(1, "市卫健委、医保局")))
    open_due_periods(at=at)
    states = dict(Report.objects.values_list("unit__name", "state"))
    assert states == {"市卫健委": ReportState.SUBMITTED, "市医保局": ReportState.DRAFT}


def test_roles_and_sections_mended_by_hand_outlive_the_same_file(bring_in, changes_of, people, at):
    plan = bring_in(REAL)
    twelfth = plan.tasks.get(number=12)
    health = twelfth.assignments.get(unit__name="市卫健委")
    party = twelfth.assignments.get(unit__name="市委组织部")
    fourth = plan.sections.get(position=4)
    roles = {health.pk: "lead", party.pk: "support"}
    edit_task(twelfth.pk, section=fourth, roles=roles, by=people.admin, at=at)
    assert changes_of(REAL)["unchanged"] == 24
    bring_in(REAL)
    health.refresh_from_db()
    twelfth.refresh_from_db()
    assert (health.role, health.role_is_assumed, twelfth.section) == ("lead", False, fourth)


def test_an_import_with_errors_is_kept_for_reading_but_never_applied(bring_in, at):
    preview = bring_in(table(row(1, "市卫计委")), apply=False)
    assert [(p["severity"], p["column"]) for p in preview.problems] == [("error", "D")]
    with pytest.raises(Refused, match="还有错误"):
        apply_import(preview.pk, by=None, at=at)
    assert not Plan.objects.exists()


def test_a_second_admin_cannot_apply_over_the_first(bring_in, at):
    mine, yours = bring_in(table(row(1)), apply=False), bring_in(table(row(2)), apply=False)
    apply_import(mine.pk, by=None, at=at)
    assert is_stale(yours)
    with pytest.raises(Refused, match="请重新比对"):
        apply_import(yours.pk, by=None, at=at)
    assert [t.number for t in Task.objects.all()] == [1]


def test_a_change_by_hand_makes_a_preview_stale(bring_in, people, at):
    plan = bring_in(table(row(1)))
    preview = bring_in(table(row(1), row(2)), apply=False)
    task = plan.tasks.get()
    edit_task(task.pk, section=None, roles={}, by=people.admin, at=at)
    with pytest.raises(Refused, match="预览之后"):
        apply_import(preview.pk, by=None, at=at)


def test_an_import_is_dealt_with_once(bring_in, people, at):
    preview = bring_in(table(row(1)), apply=False)
    apply_import(preview.pk, by=None, at=at)
    with pytest.raises(Refused, match="已导入"):
        apply_import(preview.pk, by=None, at=at)
    with pytest.raises(Refused, match="已导入"):
        discard_import(preview.pk, by=people.admin, at=at)


def test_a_discarded_preview_changes_nothing(bring_in, people, at):
    preview = bring_in(table(row(1)), apply=False)
    discard_import(preview.pk, by=people.admin, at=at)
    preview.refresh_from_db()
    assert (preview.state, Plan.objects.count()) == (ImportState.DISCARDED, 0)


def test_a_unit_closed_after_the_preview_refuses_it(bring_in, units, at):
    preview = bring_in(table(row(1)), apply=False)
    units["市卫健委"].is_active = False
    units["市卫健委"].save()
    with pytest.raises(Refused, match="市卫健委"):
        apply_import(preview.pk, by=None, at=at)


def test_the_documents_number_is_kept_when_a_later_file_does_not_say_it(bring_in, city, at):
    bring_in(table(row(1), title="明医改组〔2024〕4号 2024年分解表"))
    plan = bring_in(table(row(1), row(2), title="2024年分解表"))
    assert (plan.title, plan.document_number) == ("2024年分解表", "明医改组〔2024〕4号")
