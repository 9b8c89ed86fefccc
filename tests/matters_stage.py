"""Items of a list of corrections, and a request, as they stand in the database; reported on and verified by people."""

from datetime import date, datetime
from typing import Any

from tasks_app.choices import MatterKind, StepKind
from tasks_app.domain.instructions.actions import instruct
from tasks_app.domain.matters.steps import end, take_answer
from tasks_app.domain.verification.actions import ask
from tasks_app.models import Interview, Matter, ProgressEntry, Report, User


def item_of(
    interview: Interview, number: int = 1, text: str = "整改", due_on: date = date(2024, 8, 9)
) -> Matter:
    """Return the item `number` of what `interview` demands."""
    return Matter.objects.create(
        kind=MatterKind.CORRECTION,
        plan=interview.plan,
        interview=interview,
        number=number,
        asker=interview.issuer,
        addressee=interview.unit,
        text=text,
        due_on=due_on,
        asked_by=interview.proposed_by,
        asked_at=interview.proposed_at,
    )


def instruction_of(entry: ProgressEntry, by: User, at: datetime) -> Matter:
    """Return what a leader wrote on the row of `entry`, for its unit."""
    plan, unit = entry.report.period.plan, entry.report.unit
    return instruct(
        entry.task_id,
        unit=unit,
        addressee=unit,
        text="请加快进度。",
        due_on=date(plan.year, 12, 20),
        by=by,
        at=at,
    )


def verification_of(report: Report, people, at: datetime) -> Matter:
    """Return what the office asks 市卫健委 about the first entry of `report`, which was submitted."""
    task = report.period.plan.tasks.get(number=1)
    asked = {"text": "请核实。", "due_on": date(report.period.plan.year, 12, 20)}
    return ask(report.pk, task.pk, addressee=people.bureau_filler.unit, **asked, by=people.office, at=at)


def request_of(entry: ProgressEntry, text: str, **asked: Any) -> Matter:
    """Return what the unit of `entry` asks of the office."""
    plan = entry.report.period.plan
    return Matter.objects.create(
        kind=MatterKind.COORDINATION,
        plan=plan,
        task=entry.task,
        unit=entry.report.unit,
        entry=entry,
        asker=entry.report.unit,
        addressee=plan.issuer,
        text=text,
        **asked,
    )


def reported(item: Matter, by: User, at: datetime) -> Matter:
    """Let the unit report on `item`."""
    return take_answer(item, StepKind.CORRECT, "已完成", by=by, at=at)


def verified(item: Matter, by: User, at: datetime) -> Matter:
    """Let the office be content with `item`."""
    return end(item, StepKind.VERIFY, data={"passed": True}, by=by, at=at)
