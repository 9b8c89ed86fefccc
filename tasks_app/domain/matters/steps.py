"""The ledger (台账): who may make the moves of a matter, a 督查单 or a 约谈, and each move's signed step."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from django.db.models import Q

from tasks_app.choices import AuditAction, MatterKind, MatterState, StepKind
from tasks_app.clock import local_date
from tasks_app.domain import audit
from tasks_app.domain.access.queries import own_reports
from tasks_app.domain.access.rules import REPORTING_ROLES, Permission, may
from tasks_app.domain.moves import MATTERS, MatterMove, Party, Refused, Workflow
from tasks_app.models import Interview, Matter, StandIn, Step, SupervisionNotice, User

from .rules import addressee_name
from .wording import words_of

Paper = SupervisionNotice | Interview
Thing = TypeVar("Thing", SupervisionNotice, Interview)
# The steps that a unit takes; a stand-in takes them in its place.
UNIT_STEPS = frozenset({StepKind.OBJECT, StepKind.ACKNOWLEDGE, StepKind.REPLY, StepKind.CORRECT})

TRAIL = {SupervisionNotice: AuditAction.NOTICE, Interview: AuditAction.INTERVIEW}
TRAIL_OF_MATTERS = {
    MatterKind.COORDINATION: AuditAction.COORDINATION,
    MatterKind.REFERRAL: AuditAction.COORDINATION,
    MatterKind.INSTRUCTION: AuditAction.INSTRUCTION,
    MatterKind.VERIFICATION: AuditAction.VERIFICATION,
}
# Leaders are asked for by their office, not by their unit's name.
LEADERS = "分管领导"


def answers_for_unit(user: User, unit_pk: int, today: date) -> bool:
    """Tell whether `user` may act for the unit on the day `today`."""
    if user.role in REPORTING_ROLES:
        return may(user, Permission.ANSWER_NOTICE) and unit_pk == user.unit_id
    return StandIn.objects.running(today).filter(user=user, unit=unit_pk).exists()


def answerable(user: User, today: date) -> Q:
    """Return the condition that `user` may act for the unit of a 督查单 or 约谈 on the day `today`."""
    if user.role in REPORTING_ROLES:
        return Q(unit=user.unit)
    return Q(issuer=user.unit_id, unit__in=StandIn.objects.running(today).filter(user=user).values("unit"))


def parties_of(user: User, paper: Paper, today: date) -> frozenset[Party]:
    """Return in what capacities `user` may make moves of a 督查单 or 约谈 on the day `today`."""
    parties = set()
    if may(user, Permission.ESCALATE) and paper.issuer_id == user.unit_id:
        parties.add(Party.OFFICE)
    if answers_for_unit(user, paper.unit_id, today):
        parties.add(Party.UNIT)
    return frozenset(parties)


def parties_of_matter(user: User, matter: Matter, today: date) -> frozenset[Party]:
    """Return in what capacities `user` may make moves of `matter`, which comes with its plan, on the day `today`.

    What was put to the office the office answers as its addressee.
    """
    parties = set()
    if may(user, Permission.HANDLE_REQUESTS) and matter.plan.issuer_id == user.unit_id:
        parties.add(Party.OFFICE)
        if matter.addressee_id == user.unit_id:
            parties.add(Party.UNIT)
    if answers_for_unit(user, matter.addressee_id, today):
        parties.add(Party.UNIT)
    if _asks(user, matter, today):
        parties.add(Party.ASKER)
    return frozenset(parties)


def _asks(user: User, matter: Matter, today: date) -> bool:
    """Tell whether `user` speaks for who asked: the leaders, whoever works on the report asked from, else the unit."""
    if matter.kind == MatterKind.INSTRUCTION:
        return may(user, Permission.INSTRUCT) and matter.plan.issuer_id == user.unit_id
    if matter.entry is not None:
        return own_reports(user, today).filter(pk=matter.entry.report_id).exists()
    return answers_for_unit(user, matter.asker_id, today)


def lock_matter(kind: MatterKind, pk: int, move: MatterMove, *, by: User, at: datetime) -> Matter:
    """Lock a matter of `kind` for a move of `by`. Raises Refused when it is not theirs or not the time for it."""
    found = Matter.objects.filter(kind=kind).select_for_update(of=("self",))
    joined = found.select_related("plan__issuer", "asker", "addressee", "unit", "task", "parent")
    item = joined.select_related("entry__report__period__plan", "entry__report__unit").get(pk=pk)
    demand_move_of_matter(item, move, by=by, at=at)
    return item


def demand_move_of_matter(item: Matter, move: MatterMove, *, by: User, at: datetime) -> None:
    """Raise Refused when `move` of a matter is not for `by`, or not the time for it."""
    parties, label = parties_of_matter(by, item, local_date(at)), item.get_state_display()
    asker = LEADERS if item.kind == MatterKind.INSTRUCTION else str(item.asker)
    names = {Party.ASKER: asker, Party.UNIT: addressee_name(item)}
    if sentence := MATTERS[MatterKind(item.kind)].why_not(move, item.state, label, parties, names):
        raise Refused(sentence)


def in_place_of_addressee(item: Matter, by: User) -> str:
    """Return 替岗 when `by` answers in the place of the people of who was asked, "" of one of them."""
    return "" if by.unit_id == item.addressee_id else "替岗"


def demand_move(workflow: Workflow, move: StrEnum, paper: Paper, *, by: User, at: datetime) -> None:
    """Raise Refused when `move` of a 督查单 or 约谈 is not for `by`, or not the time for it."""
    parties, label = parties_of(by, paper, local_date(at)), paper.get_state_display()
    if sentence := workflow.why_not(move, paper.state, label, parties, {Party.UNIT: str(paper.unit)}):
        raise Refused(sentence)


def steps_since(paper: Paper, first: StepKind | None = None) -> list[Step]:
    """Return the ledger of `paper`, oldest first; with `first` only from that step on, which a unit may see.

    What happened to the items of its list of corrections is part of a 约谈's.
    """
    is_interview = isinstance(paper, Interview)
    of = Q(interview=paper) | Q(matter__interview=paper) if is_interview else Q(notice=paper)
    steps = list(Step.objects.filter(of).select_related("by__unit", "matter").order_by("at", "pk"))
    if first is None:
        return steps
    begins = next((i for i, step in enumerate(steps) if step.kind == first), len(steps))
    return steps[begins:]


def take(thing: Thing, kind: StepKind, text: str, *, by: User, at: datetime, **after: Any) -> Thing:
    """Change a 督查单 or 约谈 to `after` and write the step that did it; `data` in it is the step's own."""
    data = after.pop("data", None)
    before = {field: getattr(thing, field) for field in after}
    was = thing.get_state_display()
    for field, value in after.items():
        setattr(thing, field, value)
    thing.save()
    changes = audit.diff(before, after)
    if "state" in changes:
        changes["state"] = [was, thing.get_state_display()]
    write(thing, kind, text, by=by, at=at, data=data, changes=changes)
    return thing


def take_answer(
    matter: Matter,
    kind: StepKind,
    text: str,
    *,
    by: User,
    at: datetime,
    data: dict[str, Any] | None = None,
    in_place: str = "",
) -> Matter:
    """Let `text` be the answer to `matter` that counts."""
    is_item = matter.kind == MatterKind.CORRECTION
    changes = {} if is_item else audit.diff({"answer": ""}, {"answer": text})
    matter.answer = write(matter, kind, text, by=by, at=at, data=data, changes=changes, in_place=in_place)
    matter.state = MatterState.ANSWERED
    matter.save()
    return matter


def send_back(matter: Matter, kind: StepKind, text: str, *, due_on: date, by: User, at: datetime) -> Matter:
    """Let `matter` be owed again until `due_on`; what was answered stays, to be reworked."""
    write(matter, kind, text, by=by, at=at, data={"passed": False, "due_on": due_on.isoformat()})
    matter.state, matter.due_on = MatterState.OPEN, due_on
    matter.save()
    return matter


def end(
    matter: Matter,
    kind: StepKind,
    text: str = "",
    *,
    by: User,
    at: datetime,
    data: dict[str, Any] | None = None,
    in_place: str = "",
) -> Matter:
    """Close `matter`."""
    matter.ending = write(matter, kind, text, by=by, at=at, data=data, in_place=in_place)
    matter.state = MatterState.CLOSED
    matter.save()
    return matter


def write(
    thing: SupervisionNotice | Interview | Matter,
    kind: StepKind,
    text: str,
    *,
    by: User,
    at: datetime,
    data: dict[str, Any] | None = None,
    changes: dict[str, list[Any]] | None = None,
    in_place: str = "",
) -> Step:
    """Write one step, signed with the name as it is today, and its audit event.

    What happens to an item of a list of corrections stands in the trail of its 约谈.
    """
    if kind in UNIT_STEPS and by.role not in REPORTING_ROLES:
        in_place = "替岗"
    name = f"{by.name}（{in_place}）" if in_place else by.name
    step = Step(kind=kind, text=text, data=data or {}, at=at, by=by, by_name=name)
    target: SupervisionNotice | Interview | Matter = thing
    if isinstance(thing, Matter):
        step.matter, target = thing, thing.interview or thing
    elif isinstance(thing, Interview):
        step.interview = thing
    else:
        step.notice = thing
    if isinstance(target, Matter):
        action, unit = TRAIL_OF_MATTERS[MatterKind(target.kind)], target.unit or target.addressee
    else:
        action, unit = TRAIL[type(target)], target.unit
    step.save()
    note = "：".join(filter(None, (kind.label, words_of(step))))
    audit.record(action, target, by=by, at=at, unit=unit, changes=changes, note=note, in_place=in_place)
    return step
