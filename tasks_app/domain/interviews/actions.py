"""Changes: the office proposes, notifies, records, demands corrections, verifies, closes; the unit reports on items.

Every action locks the 约谈, checks who and when (moves.INTERVIEW) and what is missing, changes it, writes its step
into the ledger and the audit event. Nothing here is ever called by a job: a person decides to hold an interview.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from tasks_app.choices import InterviewState, MatterKind, NoticeState, StepKind
from tasks_app.clock import day_and_weekday, local_date
from tasks_app.domain.access.queries import reporting_units
from tasks_app.domain.access.rules import Permission, may
from tasks_app.domain.escalation.ledger import lock_issuer
from tasks_app.domain.escalation.rules import document_number as notice_number
from tasks_app.domain.escalation.rules import notice_thing
from tasks_app.domain.matters.steps import end, send_back, take, take_answer, write
from tasks_app.domain.moves import InterviewMove as Move
from tasks_app.domain.moves import MatterMove, Refused, demand_nothing
from tasks_app.models import Interview, Matter, Plan, SetAside, SupervisionNotice, Unit, User

from . import rules
from .ledger import lock, lock_item
from .queries import corrections_of
from .rules import Demand


@transaction.atomic
def propose(
    unit: Unit,
    *,
    plan: Plan,
    title: str,
    grounds: str,
    notice: SupervisionNotice | None = None,
    by: User,
    at: datetime,
) -> Interview:
    """Propose a 约谈 of `unit`, perhaps because `notice` was not heeded. Raises Refused.

    While one about the same thing is open there is no second one.
    """
    if not may(by, Permission.ESCALATE):
        raise Refused("提醒约谈由市医改办办理。")
    demand_nothing(rules.missing_for_proposal(title, grounds))
    if plan.issuer_id != by.unit_id or not reporting_units(by.unit).filter(pk=unit.pk).exists():
        raise Refused("这个单位不在本市责任单位之列，请重新选择。")
    thing, source = rules.own_thing(unit, title), ""
    if notice is not None:
        notice = _lock_notice(notice, unit)
        thing, source = notice_thing(notice), f"接{notice_number(notice)}督查单"
    lock_issuer(by.unit)
    if Interview.objects.open().filter(thing=thing).exists():
        raise Refused("这件事已有一件约谈正在办理，请打开那一件继续办理。")
    interview = Interview.objects.create(
        issuer=by.unit,
        plan=plan,
        unit=unit,
        thing=thing,
        notice=notice,
        title=title.strip(),
        grounds=grounds.strip(),
        proposed_by=by,
        proposed_at=at,
    )
    SetAside.objects.filter(issuer=by.unit, thing=thing).delete()
    write(interview, StepKind.PROPOSE, source, by=by, at=at)
    return interview


@transaction.atomic
def edit_proposal(pk: int, *, title: str, grounds: str, by: User, at: datetime) -> Interview:
    """Mend what was proposed while the unit knows nothing of it. Raises Refused."""
    interview = lock(pk, Move.EDIT, by=by, at=at)
    demand_nothing(rules.missing_for_proposal(title, grounds))
    after = {"title": title.strip(), "grounds": grounds.strip()}
    names = {"title": "约谈事由", "grounds": "约谈依据"}
    changed = [names[field] for field, text in after.items() if text != getattr(interview, field)]
    if not changed:
        return interview
    return take(interview, StepKind.EDIT, "、".join(changed), by=by, at=at, **after)


@transaction.atomic
def notify(
    pk: int, *, interviewee: str, interviewer: str, planned_at: datetime, place: str, by: User, at: datetime
) -> Interview:
    """Notify the unit: the 约谈 gets the next number of issuer and year. Again: it is put off, the number stays.

    Raises Refused.
    """
    interview = lock(pk, Move.NOTIFY, by=by, at=at)
    people = {"interviewee": interviewee.strip(), "interviewer": interviewer.strip()}
    given = people | {"place": place.strip()}
    demand_nothing(rules.missing_for_notice(**given, planned_at=planned_at, at=at))
    is_new = interview.number is None
    if is_new:
        lock_issuer(interview.issuer)
        interview.year = local_date(at).year
        interview.number = _next_number(interview.issuer, interview.year)
    words = [
        f"{rules.document_number(interview)}{'' if is_new else '，变更通知'}",
        f"约谈时间：{rules.moment_in_words(planned_at)}",
        f"约谈地点：{given['place']}",
        f"约谈人：{given['interviewer']}",
        f"被约谈人：{given['interviewee']}",
    ]
    return take(
        interview,
        StepKind.NOTIFY,
        "\n".join(words),
        by=by,
        at=at,
        state=InterviewState.NOTIFIED,
        planned_at=planned_at,
        **given,
    )


@transaction.atomic
def record_interview(
    pk: int, *, held_on: date, record: str, interviewee: str, interviewer: str, by: User, at: datetime
) -> Interview:
    """Put on record what was said on `held_on`, and who was really there; again: the record is corrected.

    Raises Refused.
    """
    interview = lock(pk, Move.RECORD, by=by, at=at)
    given = {
        "interviewee": interviewee.strip(),
        "interviewer": interviewer.strip(),
        "record": record.strip(),
    }
    proposed_on, today = local_date(interview.proposed_at), local_date(at)
    demand_nothing(rules.missing_for_record(**given, held_on=held_on, proposed_on=proposed_on, today=today))
    words = [
        f"{'更正记录，' if interview.state == InterviewState.HELD else ''}约谈日期：{day_and_weekday(held_on)}",
        f"约谈人：{given['interviewer']}",
        f"被约谈人：{given['interviewee']}",
        given["record"],
    ]
    return take(
        interview,
        StepKind.RECORD,
        "\n".join(words),
        by=by,
        at=at,
        state=InterviewState.HELD,
        held_on=held_on,
        **given,
    )


@transaction.atomic
def demand_corrections(pk: int, *, demands: Sequence[Demand], by: User, at: datetime) -> list[Matter]:
    """Give the unit a list of corrections, each with its limit; more may be added. Raises Refused."""
    interview = lock(pk, Move.DEMAND, by=by, at=at)
    demand_nothing(rules.missing_for_demand(demands, local_date(at)))
    last = interview.corrections.aggregate(last=Max("number"))["last"] or 0
    items = [
        Matter(
            kind=MatterKind.CORRECTION,
            plan=interview.plan,
            interview=interview,
            number=number,
            asker=interview.issuer,
            addressee=interview.unit,
            text=demand.text.strip(),
            due_on=demand.due_on,
            asked_by=by,
            asked_at=at,
        )
        for number, demand in enumerate(demands, start=last + 1)
    ]
    for item in items:
        item.save()
    words = "\n".join(
        f"{item.number}. {item.text}　时限：{day_and_weekday(demand.due_on)}"
        for item, demand in zip(items, demands, strict=True)
    )
    take(interview, StepKind.DEMAND, words, by=by, at=at, state=InterviewState.CORRECTING)
    return items


@transaction.atomic
def answer_correction(pk: int, *, text: str, by: User, at: datetime) -> Matter:
    """Report for the unit what was done about the item `pk`; once more, if need be, until it is verified.

    Raises Refused.
    """
    item = lock_item(pk, MatterMove.ANSWER, by=by, at=at)
    demand_nothing(rules.missing_for_answer(item, text))
    return take_answer(item, StepKind.CORRECT, text.strip(), by=by, at=at)


@transaction.atomic
def verify_correction(pk: int, *, words: str = "", by: User, at: datetime) -> Matter:
    """Be content with the item `pk`. Raises Refused."""
    item = lock_item(pk, MatterMove.SETTLE, by=by, at=at)
    demand_nothing(rules.missing_for_verification(item))
    return end(item, StepKind.VERIFY, words.strip(), data={"passed": True}, by=by, at=at)


@transaction.atomic
def refuse_correction(pk: int, *, reason: str, due_on: date, by: User, at: datetime) -> Matter:
    """Send the item `pk` back with a reason and a new limit; what the unit reported stays, to be reworked.

    Raises Refused.
    """
    item = lock_item(pk, MatterMove.REFUSE, by=by, at=at)
    demand_nothing(rules.missing_for_refusal(item, reason, due_on, local_date(at)))
    return send_back(item, StepKind.VERIFY, reason.strip(), due_on=due_on, by=by, at=at)


@transaction.atomic
def close(pk: int, *, reason: str = "", by: User, at: datetime) -> Interview:
    """End a 约谈 (销号): every item is verified, or there is none and `reason` says why.

    Raises Refused.
    """
    interview = lock(pk, Move.CLOSE, by=by, at=at)
    items = corrections_of(interview)
    demand_nothing(rules.missing_for_close(items, reason))
    verified = f"{len(items)} 项整改全部通过核验" if items else ""
    words = "：".join(filter(None, (verified, reason.strip())))
    return take(interview, StepKind.CLOSE, words, by=by, at=at, state=InterviewState.CLOSED, closed_at=at)


@transaction.atomic
def withdraw(pk: int, *, reason: str, by: User, at: datetime) -> Interview:
    """Give up a 约谈 that was not held: a number that was given stays with it. Raises Refused."""
    interview = lock(pk, Move.WITHDRAW, by=by, at=at)
    demand_nothing(rules.missing_for_withdrawal(reason))
    return take(
        interview,
        StepKind.WITHDRAW,
        reason.strip(),
        by=by,
        at=at,
        state=InterviewState.WITHDRAWN,
        closed_at=at,
    )


def _lock_notice(notice: SupervisionNotice, unit: Unit) -> SupervisionNotice:
    """Lock the 督查单 that a 约谈 of `unit` follows from, before the issuer's lock as its own moves do."""
    found = SupervisionNotice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if found.unit_id != unit.pk:
        raise Refused("这件督查单不是发给该单位的，请重新选择。")
    if found.issued_at is None or found.state == NoticeState.WITHDRAWN:
        raise Refused("这件督查单没有发出或者已经撤销，不能据此约谈。")
    return found


def _next_number(issuer: Unit, year: int) -> int:
    """Return the next number of `issuer` in `year`; the caller holds the issuer's lock."""
    given = Interview.objects.filter(issuer=issuer, year=year).aggregate(last=Max("number"))
    return (given["last"] or 0) + 1
