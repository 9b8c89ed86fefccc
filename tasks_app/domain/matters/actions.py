"""Changes: a unit asks and mends what it asked, the office or the addressed unit answers, either side closes;
what is open of a unit is handed over to the one that follows it."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from tasks_app.choices import MatterKind, MatterState, StepKind
from tasks_app.clock import local_date
from tasks_app.domain import audit
from tasks_app.domain.access.queries import own_reports, reporting_units
from tasks_app.domain.access.rules import REPORTING_ROLES, in_place_of_unit
from tasks_app.domain.moves import MATTERS, Party, Refused
from tasks_app.domain.moves import MatterMove as Move
from tasks_app.models import (
    Assignment,
    Interview,
    Matter,
    Plan,
    ProgressEntry,
    SupervisionNotice,
    Task,
    Unit,
    User,
)

from .rules import addressee_name, asked_name
from .steps import end, in_place_of_addressee, lock_matter, parties_of_matter, take, take_answer, write

# How an asker is told that there is nothing more to be done with a request.
ALREADY = {
    MatterState.ANSWERED: "已经答复",
    MatterState.CLOSED: "已经办结",
    MatterState.WITHDRAWN: "已经撤回",
}
DOING = {Move.CHANGE: "修改", Move.ANSWER: "答复", Move.SETTLE: "办结", Move.REFER: "转办"}
# What is asked of the unit where the office adds no words of its own.
REFERRED = "请协助办理并答复。"


@transaction.atomic
def ask(
    report_pk: int,
    entry_pk: int,
    *,
    text: str,
    addressee: Unit | None,
    due_on: date | None,
    cause: str = "",
    by: User,
    at: datetime,
) -> Matter:
    """Ask for something from an entry of the unit's own report; without `addressee` it is the office that is asked.

    Raises Refused.
    """
    report = own_reports(by, local_date(at)).filter(pk=report_pk).first()
    if report is None:
        raise Refused("只有本单位的人员可以这样做。")
    _check(report.unit, report.period.plan, text, addressee, due_on, at)
    entry = report.entries.select_related("task", "report__period__plan").get(pk=entry_pk)
    given: dict[str, Any] = {
        "text": text,
        "addressee": addressee,
        "due_on": due_on,
        "cause": cause,
        "by": by,
        "at": at,
    }
    return _create(entry.task, report.unit, entry, in_place=in_place_of_unit(by, report), **given)


@transaction.atomic
def ask_on_task(
    *,
    task: Task,
    text: str,
    addressee: Unit | None,
    due_on: date | None,
    cause: str = "",
    by: User,
    at: datetime,
) -> Matter:
    """Ask for something on a task of one's own unit, at any time and apart from a report. Raises Refused."""
    mine = Assignment.objects.asked().filter(task=task, unit=by.unit)
    if by.role not in REPORTING_ROLES or not mine.exists():
        raise Refused("只有承担这项任务的单位可以这样做。")
    if task.plan.closed_at is not None:
        raise Refused("本年度工作已经办结，不再提出协调事项。")
    _check(by.unit, task.plan, text, addressee, due_on, at)
    given: dict[str, Any] = {
        "text": text,
        "addressee": addressee,
        "due_on": due_on,
        "cause": cause,
        "by": by,
        "at": at,
    }
    return _create(task, by.unit, None, **given)


@transaction.atomic
def change(
    pk: int,
    *,
    text: str,
    addressee: Unit | None,
    due_on: date | None,
    cause: str = "",
    by: User,
    at: datetime,
) -> Matter:
    """Mend what was asked while nobody has answered. Raises Refused."""
    item = _lock(pk, Move.CHANGE, by=by, at=at)
    _check(item.asker, item.plan, text, addressee, due_on, at, before=item.due_on)
    issuer = item.plan.issuer
    before = {
        "text": item.text,
        "addressee": addressee_name(item),
        "due_on": item.due_on,
        "cause": item.cause,
    }
    asked = asked_name(addressee or issuer, issuer.pk)
    after = {"text": text.strip(), "addressee": asked, "due_on": due_on, "cause": cause}
    if changes := audit.diff(before, after):
        item.text, item.addressee, item.due_on, item.cause = text.strip(), addressee or issuer, due_on, cause
        item.save()
        write(item, StepKind.EDIT, "", by=by, at=at, changes=changes, in_place=_in_place_of_asker(item, by))
    return item


@transaction.atomic
def answer(pk: int, *, text: str, by: User, at: datetime) -> Matter:
    """Answer once and for all: neither side can change anything afterwards. Raises Refused."""
    item = _lock(pk, Move.ANSWER, by=by, at=at)
    if not text.strip():
        raise Refused("请写明答复内容。")
    is_office = Party.OFFICE in parties_of_matter(by, item, local_date(at))
    in_place = "" if is_office else in_place_of_addressee(item, by)
    _end_referrals(item, by=by, at=at)
    return take_answer(item, StepKind.ANSWER, text.strip(), by=by, at=at, in_place=in_place)


@transaction.atomic
def refer(pk: int, *, addressee: Unit, text: str, due_on: date, by: User, at: datetime) -> Matter:
    """Hand a request on to the unit that can help; the office's own words go along. Raises Refused."""
    item = _lock(pk, Move.REFER, by=by, at=at)
    if addressee.pk in (item.asker_id, item.addressee_id):
        raise Refused("请转给提出单位和原答复单位以外的单位。")
    if not reporting_units(item.plan.issuer).filter(pk=addressee.pk).exists():
        raise Refused("这个单位不在本市责任单位之列，请重新选择。")
    if due_on < local_date(at):
        raise Refused("答复时限不能早于今天。")
    if item.children.unanswered().exists():
        raise Refused("这件事已经转办，对方还没有答复。")
    referral = Matter.objects.create(
        kind=MatterKind.REFERRAL,
        plan=item.plan,
        task=item.task,
        unit=item.unit,
        entry=item.entry,
        parent=item,
        asker=item.plan.issuer,
        addressee=addressee,
        text=text.strip() or REFERRED,
        due_on=due_on,
        asked_by=by,
        asked_at=at,
    )
    write(item, StepKind.REFER, text.strip(), by=by, at=at, data={"to": addressee.name})
    after = {"text": referral.text, "addressee": addressee.name, "due_on": due_on}
    write(referral, StepKind.ASK, "", by=by, at=at, changes=audit.diff({}, after))
    return referral


@transaction.atomic
def answer_referral(pk: int, *, text: str, by: User, at: datetime) -> Matter:
    """Answer what was handed on: it is the answer to the request, and so reaches who asked and the office.

    Raises Refused.
    """
    referral = lock_matter(MatterKind.REFERRAL, pk, Move.ANSWER, by=by, at=at)
    if not text.strip():
        raise Refused("请写明答复内容。")
    in_place = in_place_of_addressee(referral, by)
    take_answer(referral, StepKind.ANSWER, text.strip(), by=by, at=at, in_place=in_place)
    assert referral.parent is not None, "the database demands it"  # noqa: S101
    item = Matter.objects.select_for_update(of=("self",)).get(pk=referral.parent.pk)
    if item.state == MatterState.OPEN:
        take_answer(item, StepKind.ANSWER, text.strip(), by=by, at=at, in_place=in_place)
    return end(referral, StepKind.SETTLE, by=by, at=at)


@transaction.atomic
def take_back(pk: int, *, by: User, at: datetime) -> Matter:
    """End what was handed on and is not wanted of that unit any more. Raises Refused."""
    return end(lock_matter(MatterKind.REFERRAL, pk, Move.SETTLE, by=by, at=at), StepKind.SETTLE, by=by, at=at)


@transaction.atomic
def close(pk: int, *, by: User, at: datetime) -> Matter:
    """Close a matter that is settled or fell away: the unit that asked, or the office. Twice is as good as once.

    Raises Refused.
    """
    if Matter.objects.select_for_update().get(pk=pk).state == MatterState.CLOSED:
        return Matter.objects.get(pk=pk)
    item = _lock(pk, Move.SETTLE, by=by, at=at)
    is_office = Party.OFFICE in parties_of_matter(by, item, local_date(at))
    in_place = "" if is_office else _in_place_of_asker(item, by)
    _end_referrals(item, by=by, at=at)
    return end(item, StepKind.SETTLE, by=by, at=at, in_place=in_place)


@transaction.atomic
def hand_over(unit: Unit, successor: Unit, *, by: User, at: datetime) -> int:
    """Let `successor` take the place of `unit` in everything that is open, asked by it or of it; return how much."""
    words = f"{unit.name} → {successor.name}"
    notices = SupervisionNotice.objects.open().filter(unit=unit)
    interviews = Interview.objects.open().filter(unit=unit)
    matters = Matter.objects.unsettled().filter(Q(asker=unit) | Q(addressee=unit) | Q(unit=unit))
    papers = 0
    for notice in notices.select_for_update().order_by("pk"):
        take(notice, StepKind.HAND_OVER, words, by=by, at=at, unit=successor)
        papers += 1
    for interview in interviews.select_for_update().order_by("pk"):
        take(interview, StepKind.HAND_OVER, words, by=by, at=at, unit=successor)
        papers += 1
    found = list(matters.select_for_update().order_by("pk"))
    for matter in found:
        if matter.asker_id == unit.pk:
            matter.asker = successor
        if matter.addressee_id == unit.pk:
            matter.addressee = successor
        if matter.unit_id == unit.pk:
            matter.unit = successor
        matter.save()
        if matter.interview_id is None:  # an item of a list goes with its 约谈
            write(matter, StepKind.HAND_OVER, words, by=by, at=at)
    return papers + len(found)


def _end_referrals(item: Matter, *, by: User, at: datetime) -> None:
    """End what was handed on of a request that is answered or closed without it."""
    for referral in item.children.unsettled().select_for_update(of=("self",)):
        end(referral, StepKind.SETTLE, by=by, at=at)


def _lock(pk: int, move: Move, *, by: User, at: datetime) -> Matter:
    """Lock a request for a move of `by`. Raises Refused; who asked, or answers, is told why it is too late."""
    try:
        return lock_matter(MatterKind.COORDINATION, pk, move, by=by, at=at)
    except Refused as refusal:
        item = Matter.objects.select_related("plan", "entry").get(pk=pk)
        workflow = MATTERS[MatterKind.COORDINATION]
        if workflow.parties(move).isdisjoint(parties_of_matter(by, item, local_date(at))):
            raise
        already = ALREADY[MatterState(item.state)]
        sentence = f"这件事{already}，不能再{DOING[move]}。如仍需协调，请另提一件。"
        raise Refused(sentence) from refusal


def _create(
    task: Task,
    asker: Unit,
    entry: ProgressEntry | None,
    *,
    text: str,
    addressee: Unit | None,
    due_on: date | None,
    cause: str,
    by: User,
    at: datetime,
    in_place: str = "",
) -> Matter:
    item = Matter.objects.create(
        kind=MatterKind.COORDINATION,
        plan=task.plan,
        task=task,
        unit=asker,
        entry=entry,
        asker=asker,
        addressee=addressee or task.plan.issuer,
        text=text.strip(),
        cause=cause,
        due_on=due_on,
        asked_by=by,
        asked_at=at,
    )
    after = {"text": item.text, "addressee": addressee_name(item), "due_on": due_on, "cause": cause}
    write(item, StepKind.ASK, "", by=by, at=at, changes=audit.diff({}, after), in_place=in_place)
    return item


def _in_place_of_asker(item: Matter, by: User) -> str:
    if item.entry is not None:
        return in_place_of_unit(by, item.entry.report)
    return "" if by.unit_id == item.asker_id else "替岗"


def _check(
    asker: Unit,
    plan: Plan,
    text: str,
    addressee: Unit | None,
    due_on: date | None,
    at: datetime,
    before: date | None = None,
) -> None:
    if not text.strip():
        raise Refused("请写明需要协调什么。")
    if addressee is not None:
        if addressee.pk == asker.pk:
            raise Refused("不能请本单位自己协调，请选择其他单位或市医改办。")
        if not reporting_units(plan.issuer).filter(pk=addressee.pk).exists():
            raise Refused("这个单位不在本市责任单位之列，请重新选择。")
    if due_on is not None and due_on != before and due_on < local_date(at):
        raise Refused("希望答复日期不能早于今天。")
