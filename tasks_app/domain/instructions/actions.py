"""Changes: a leader instructs, who was asked answers, the leader asks once more or closes."""

from datetime import date, datetime

from django.db import transaction

from tasks_app.choices import MatterKind, MatterState, StepKind
from tasks_app.clock import local_date
from tasks_app.domain import audit
from tasks_app.domain.access.queries import reporting_units
from tasks_app.domain.access.rules import Permission, may
from tasks_app.domain.matters.rules import addressee_name
from tasks_app.domain.matters.steps import end, in_place_of_addressee, lock_matter, take_answer, write
from tasks_app.domain.moves import MatterMove as Move
from tasks_app.domain.moves import Refused, demand_nothing
from tasks_app.models import Matter, Task, Unit, User

from .rules import missing_for_instruction, missing_for_rework


@transaction.atomic
def instruct(
    task_pk: int,
    *,
    unit: Unit | None,
    addressee: Unit | None,
    text: str,
    due_on: date,
    by: User,
    at: datetime,
) -> Matter:
    """Ask for something on what `unit` (None: all) does in a task; without `addressee` the office is asked.

    Raises Refused.
    """
    task = Task.objects.select_related("plan__issuer").get(pk=task_pk)
    plan = task.plan
    if not may(by, Permission.INSTRUCT) or plan.issuer_id != by.unit_id:
        raise Refused("批示由本市分管领导作出。")
    demand_nothing(missing_for_instruction(plan, text, due_on, local_date(at)))
    if addressee is not None and not reporting_units(plan.issuer).filter(pk=addressee.pk).exists():
        raise Refused("这个单位不在本市责任单位之列，请重新选择。")
    item = Matter.objects.create(
        kind=MatterKind.INSTRUCTION,
        plan=plan,
        task=task,
        unit=unit,
        asker=plan.issuer,
        addressee=addressee or plan.issuer,
        text=text.strip(),
        due_on=due_on,
        asked_by=by,
        asked_at=at,
    )
    after = {"text": item.text, "addressee": addressee_name(item), "due_on": due_on}
    write(item, StepKind.ASK, "", by=by, at=at, changes=audit.diff({}, after))
    return item


@transaction.atomic
def answer(pk: int, *, text: str, by: User, at: datetime) -> Matter:
    """Say what was done. Raises Refused."""
    item = lock_matter(MatterKind.INSTRUCTION, pk, Move.ANSWER, by=by, at=at)
    if not text.strip():
        raise Refused("请写明办理情况。")
    return take_answer(
        item, StepKind.ANSWER, text.strip(), by=by, at=at, in_place=in_place_of_addressee(item, by)
    )


@transaction.atomic
def ask_again(pk: int, *, text: str, due_on: date, by: User, at: datetime) -> Matter:
    """Let an answer that will not do be asked for again until `due_on`. Raises Refused."""
    item = lock_matter(MatterKind.INSTRUCTION, pk, Move.REFUSE, by=by, at=at)
    demand_nothing(missing_for_rework(text, due_on, local_date(at)))
    write(item, StepKind.REWORK, text.strip(), by=by, at=at, data={"due_on": due_on.isoformat()})
    item.state, item.due_on = MatterState.OPEN, due_on
    item.save()
    return item


@transaction.atomic
def close(pk: int, *, by: User, at: datetime) -> Matter:
    """Close what was answered, or is not wanted any more. Raises Refused."""
    return end(
        lock_matter(MatterKind.INSTRUCTION, pk, Move.SETTLE, by=by, at=at), StepKind.SETTLE, by=by, at=at
    )
