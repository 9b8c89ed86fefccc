"""Undoing an import as one step: back to what was, as long as nobody has reported on it."""

import pytest

from tasks_app.choices import AuditAction, DeliveryState, ImportState
from tasks_app.domain.moves import Refused
from tasks_app.domain.plan.actions import edit_task
from tasks_app.domain.plan_import.queries import stored_content
from tasks_app.domain.plan_import.undoing import undo_import, why_not_undone
from tasks_app.domain.reminders.actions import compose_reminders
from tasks_app.domain.reminders.delivering import deliver_messages
from tasks_app.domain.reporting.actions import open_due_periods, save_entry
from tasks_app.models import AuditEvent, Delivery, Message, Plan, PlanImport, ProgressEntry, Report, Task
from tests.workbooks import row, table

TWO = table(row(1), row(2))
VALUES = {"progress": "已启动", "forecast": "", "status": "", "remarks": ""}


def latest() -> PlanImport:
    return PlanImport.objects.latest("pk")


def test_a_first_import_is_taken_back_whole(bring_in, people, at):
    bring_in(TWO)
    open_due_periods(at=at)
    assert Report.objects.exists()
    undone = undo_import(latest().pk, by=people.admin, at=at)
    assert (undone.state, undone.undone_by) == (ImportState.UNDONE, people.admin)
    assert not Plan.objects.exists()
    assert not Report.objects.exists()
    assert AuditEvent.objects.filter(action=AuditAction.PLAN_IMPORT_UNDO).count() == 1
    bring_in(TWO)
    assert Task.objects.count() == 2


def test_a_later_version_is_taken_back_to_the_one_before(bring_in, people, at):
    plan = bring_in(TWO)
    open_due_periods(at=at)
    health = plan.tasks.get(number=1).assignments.get()
    edit_task(plan.tasks.get(number=1).pk, section=None, roles={health.pk: "lead"}, by=people.admin, at=at)
    before, keys = stored_content(plan), set(plan.tasks.values_list("pk", flat=True))
    bring_in(table(row(1, "市医保局", section="二、别处"), row(3), title="2024年新表"))
    open_due_periods(at=at)
    assert stored_content(Plan.objects.get()) != before
    undo_import(latest().pk, by=people.admin, at=at)
    plan = Plan.objects.get()
    assert stored_content(plan) == before
    assert set(plan.tasks.values_list("pk", flat=True)) == keys


def test_what_was_stopped_before_stays_stopped(bring_in, people, at):
    plan = bring_in(table(row(1), row(2), row(3)))
    bring_in(TWO)
    bring_in(table(row(1)))
    undo_import(latest().pk, by=people.admin, at=at)
    assert list(plan.tasks.order_by("number").values_list("number", "is_active")) == [
        (1, True),
        (2, True),
        (3, False),
    ]


def test_once_somebody_has_reported_it_stays(bring_in, people, at):
    bring_in(TWO)
    open_due_periods(at=at)
    entry = ProgressEntry.objects.filter(report__unit=people.bureau_filler.unit).first()
    save_entry(entry.report_id, entry.pk, values=VALUES, version=0, by=people.bureau_filler, at=at)
    assert "已有单位" in why_not_undone(latest())
    with pytest.raises(Refused, match="已有单位"):
        undo_import(latest().pk, by=people.admin, at=at)
    assert Task.objects.count() == 2


def test_only_the_last_import_can_be_undone_and_only_once(bring_in, people, at):
    bring_in(TWO)
    first = latest()
    bring_in(table(row(1)))
    with pytest.raises(Refused, match="请先撤销后一次导入"):
        undo_import(first.pk, by=people.admin, at=at)
    undo_import(latest().pk, by=people.admin, at=at)
    undo_import(first.pk, by=people.admin, at=at)
    with pytest.raises(Refused, match="已撤销"):
        undo_import(first.pk, by=people.admin, at=at)


def test_a_message_that_waits_is_cancelled_and_one_that_went_out_stays_in_the_record(bring_in, people, at):
    bring_in(TWO)
    open_due_periods(at=at)
    later = at.replace(day=23)
    compose_reminders(at=later)
    assert Message.objects.exists()
    undo_import(latest().pk, by=people.admin, at=later)
    deliver_messages(at=later)
    assert Message.objects.exists()
    assert not Delivery.objects.filter(state=DeliveryState.PENDING).exists()
