"""What 督查单 and 约谈 have in common: who answers for the unit, and each move's signed step in the ledger (台账)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from django.db.models import Q

from tasks_app.choices import AuditAction, StepKind
from tasks_app.clock import local_date
from tasks_app.domain import audit
from tasks_app.domain.access.queries import running_stand_ins
from tasks_app.domain.access.rules import REPORTING_ROLES, Permission, may
from tasks_app.domain.moves import Party, Refused, Workflow
from tasks_app.models import EscalationStep, Interview, SupervisionNotice, User

Thing = TypeVar("Thing", SupervisionNotice, Interview)
# The steps that a unit takes; a stand-in takes them in its place.
UNIT_STEPS = frozenset({StepKind.OBJECT, StepKind.ACKNOWLEDGE, StepKind.REPLY, StepKind.CORRECT})


def answers_for_unit(user: User, thing: SupervisionNotice | Interview, today: date) -> bool:
    """Tell whether `user` may act for the unit of `thing` on the day `today`."""
    if user.role in REPORTING_ROLES:
        return may(user, Permission.ANSWER_NOTICE) and thing.unit_id == user.unit_id
    return running_stand_ins(today).filter(user=user, unit=thing.unit_id).exists()


def answerable(user: User, today: date) -> Q:
    """Return the condition that `user` may act for the unit of a 督查单 or 约谈 on the day `today`."""
    if user.role in REPORTING_ROLES:
        return Q(unit=user.unit)
    return Q(issuer=user.unit_id, unit__in=running_stand_ins(today).filter(user=user).values("unit"))


def steps_since(thing: SupervisionNotice | Interview, first: StepKind | None = None) -> list[EscalationStep]:
    """Return the ledger of `thing`, oldest first; with `first` only from that step on, which a unit may see."""
    steps = list(thing.steps.select_related("by__unit").order_by("at", "pk"))
    if first is None:
        return steps
    begins = next((i for i, step in enumerate(steps) if step.kind == first), len(steps))
    return steps[begins:]


def parties_of(user: User, thing: SupervisionNotice | Interview, today: date) -> frozenset[Party]:
    """Return in what capacities `user` may make moves of `thing` on the day `today`."""
    parties = set()
    if may(user, Permission.ESCALATE) and thing.issuer_id == user.unit_id:
        parties.add(Party.OFFICE)
    if answers_for_unit(user, thing, today):
        parties.add(Party.UNIT)
    return frozenset(parties)


def demand_move(
    workflow: Workflow, move: StrEnum, thing: SupervisionNotice | Interview, *, by: User, at: datetime
) -> None:
    """Raise Refused when `move` of `thing` is not for `by`, or not the time for it."""
    parties, label = parties_of(by, thing, local_date(at)), thing.get_state_display()
    if sentence := workflow.why_not(move, thing.state, label, parties, str(thing.unit)):
        raise Refused(sentence)


def take(thing: Thing, kind: StepKind, text: str, *, by: User, at: datetime, **after: Any) -> Thing:
    """Change `thing` to `after` and write the step that did it."""
    before = {field: getattr(thing, field) for field in after}
    was = thing.get_state_display()
    for field, value in after.items():
        setattr(thing, field, value)
    thing.save()
    changes = audit.diff(before, after)
    if "state" in changes:
        changes["state"] = [was, thing.get_state_display()]
    write(thing, kind, text, by=by, at=at, changes=changes)
    return thing


def write(
    thing: SupervisionNotice | Interview,
    kind: StepKind,
    text: str,
    *,
    by: User,
    at: datetime,
    changes: dict[str, list[Any]] | None = None,
) -> None:
    """Write one step, signed with the name as it is today, and its audit event."""
    in_place = "替岗" if kind in UNIT_STEPS and by.role not in REPORTING_ROLES else ""
    name = f"{by.name}（{in_place}）" if in_place else by.name
    is_notice = isinstance(thing, SupervisionNotice)
    of = {"notice" if is_notice else "interview": thing}
    EscalationStep.objects.create(kind=kind, text=text, at=at, by=by, by_name=name, **of)
    audit.record(
        AuditAction.NOTICE if is_notice else AuditAction.INTERVIEW,
        thing,
        by=by,
        at=at,
        unit=thing.unit,
        changes=changes,
        note="：".join(filter(None, (kind.label, text))),
        in_place=in_place,
    )
