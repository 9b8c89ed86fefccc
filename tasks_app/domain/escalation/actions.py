"""Changes: the office drafts, hears the unit, issues, judges replies, raises, withdraws; the unit answers.

Every action locks the 督查单, checks who and when (moves.NOTICE), changes it, writes its step into the ledger
and the audit event. Nothing here is ever called by a job: the program suggests, a person issues.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from tasks_app.choices import AuditAction, NoticeColour, NoticeState, StepKind
from tasks_app.clock import day_and_weekday, local_date
from tasks_app.domain import audit
from tasks_app.domain.matters.steps import take, write
from tasks_app.domain.moves import NoticeMove as Move
from tasks_app.domain.moves import Refused
from tasks_app.models import SetAside, SupervisionNotice, Unit, User

from . import rules
from .candidates import Candidate, candidate_of
from .ledger import demand_office, lock, lock_issuer
from .queries import steps_of

FIELD_NAMES = {
    "colour": "颜色",
    "higher_because": "直接使用较高颜色的理由",
    "title": "事由",
    "grounds": "督查依据",
    "requirement": "督办要求",
    "reply_due_on": "回复截止日",
}
GONE = "这条建议已经不在了：可能单位已经报送，或者同事已经在办。请刷新页面看最新情况。"


@transaction.atomic
def draft_notice(
    thing: str,
    *,
    colour: str,
    title: str,
    grounds: str,
    requirement: str,
    reply_due_on: date,
    higher_because: str = "",
    by: User,
    at: datetime,
) -> SupervisionNotice:
    """Draft the first 督查单 about the candidate called `thing`. Raises Refused."""
    demand_office(by)
    lock_issuer(by.unit)
    candidate = candidate_of(by.unit, thing, at)
    if candidate is None:
        raise Refused(GONE)
    if candidate.notice is not None:
        raise Refused("这件事已有督查单，请打开该督查单转下一色，或提出提醒约谈。")
    if colour not in rules.FIRST_COLOURS:
        raise Refused("第一张督查单用蓝色，重要事项可以直接用橙色。")
    reason = _demand_reason_for(colour, higher_because)
    text = {"title": title, "grounds": grounds, "requirement": requirement}
    _check_text(text, reply_due_on, at)
    notice = SupervisionNotice.objects.create(
        issuer=by.unit,
        plan=candidate.plan,
        unit=candidate.unit,
        thing=thing,
        report=candidate.report,
        task=candidate.task,
        colour=colour,
        higher_because=reason,
        reply_due_on=reply_due_on,
        drafted_by=by,
        drafted_at=at,
        **_stripped(text),
    )
    SetAside.objects.filter(issuer=by.unit, thing=thing).delete()
    write(notice, StepKind.DRAFT, "", by=by, at=at)
    return notice


@transaction.atomic
def edit_notice(
    pk: int,
    *,
    colour: str = "",
    title: str,
    grounds: str,
    requirement: str,
    reply_due_on: date,
    higher_because: str = "",
    objection_due_on: date | None = None,
    by: User,
    at: datetime,
) -> SupervisionNotice:
    """Mend what was drafted. What the unit was heard on can be changed too, and then it is heard anew
    until `objection_due_on`. An empty `colour` stays as it is. Raises Refused.
    """
    notice = lock(pk, Move.EDIT, by=by, at=at)
    text = {"title": title, "grounds": grounds, "requirement": requirement}
    _check_text(text, reply_due_on, at)
    after: dict[str, Any] = {**_stripped(text), "reply_due_on": reply_due_on}
    if colour and notice.predecessor_id is None:
        if colour not in rules.FIRST_COLOURS:
            raise Refused("第一张督查单用蓝色，重要事项可以直接用橙色。")
        after |= {"colour": colour, "higher_because": _demand_reason_for(colour, higher_because)}
    changed = [
        name
        for field, name in FIELD_NAMES.items()
        if field in after and after[field] != getattr(notice, field)
    ]
    if not changed and objection_due_on in (None, notice.objection_due_on):
        return notice
    if notice.state == NoticeState.HEARING:
        if objection_due_on is None:
            raise Refused("内容有改动的，须重新听取申辩，请写明新的申辩截止日。")
        _check_hearing(objection_due_on, reply_due_on, at)
    take(notice, StepKind.EDIT, "、".join(changed), by=by, at=at, **after)
    if notice.state == NoticeState.HEARING and objection_due_on is not None:
        _hear(notice, objection_due_on, by=by, at=at)
    return notice


@transaction.atomic
def ask_for_objection(pk: int, *, objection_due_on: date, by: User, at: datetime) -> SupervisionNotice:
    """Show the draft to the unit, which may object until `objection_due_on`. Raises Refused."""
    notice = lock(pk, Move.HEAR, by=by, at=at)
    _check_hearing(objection_due_on, notice.reply_due_on, at)
    return _hear(notice, objection_due_on, by=by, at=at)


@transaction.atomic
def object_to_notice(pk: int, *, text: str, by: User, at: datetime) -> SupervisionNotice:
    """Object for the unit; what was said last counts. Raises Refused."""
    notice = _lock_heard(pk, by=by, at=at)
    if not text.strip():
        raise Refused("请写明申辩的理由；没有不同意见的，请点“无异议”。")
    write(notice, StepKind.OBJECT, text.strip(), by=by, at=at)
    return notice


@transaction.atomic
def agree_to_notice(pk: int, *, by: User, at: datetime) -> SupervisionNotice:
    """Say for the unit that it has no objection (无异议). Raises Refused."""
    notice = _lock_heard(pk, by=by, at=at)
    write(notice, StepKind.OBJECT, "", data={"agrees": True}, by=by, at=at)
    return notice


@transaction.atomic
def issue_notice(
    pk: int, *, answer: str = "", reply_due_on: date | None = None, by: User, at: datetime
) -> SupervisionNotice:
    """Issue a heard 督查单: it gets the next number of issuer and year, and may get a later reply limit.

    `answer` says how the unit's objection was answered. Raises Refused.
    """
    notice = lock(pk, Move.ISSUE, by=by, at=at)
    today = local_date(at)
    said = rules.objection(steps_of(notice))
    if sentence := rules.why_not_issue(notice, said, today) or rules.missing_for_issue(said, answer):
        raise Refused(sentence)
    due_on = reply_due_on or notice.reply_due_on
    if sentence := rules.why_not_limit(due_on, today):
        raise Refused(f"回复截止日不对：{sentence}")
    lock_issuer(notice.issuer)
    notice.year, notice.number = today.year, _next_number(notice.issuer, today.year)
    notice.issued_at, notice.issued_by = at, by
    words = f"{rules.document_number(notice)}，回复截止日：{day_and_weekday(due_on)}"
    data = {"answer": answer.strip()} if answer.strip() else {}
    return take(
        notice, StepKind.ISSUE, words, data=data, by=by, at=at, state=NoticeState.ISSUED, reply_due_on=due_on
    )


@transaction.atomic
def acknowledge(pk: int, *, by: User, at: datetime) -> SupervisionNotice:
    """Sign for the receipt (签收) for the unit. Raises Refused."""
    notice = lock(pk, Move.ACKNOWLEDGE, by=by, at=at)
    return take(notice, StepKind.ACKNOWLEDGE, "", by=by, at=at, state=NoticeState.ACKNOWLEDGED)


@transaction.atomic
def reply(pk: int, *, text: str, by: User, at: datetime) -> SupervisionNotice:
    """Reply for the unit, more than once if need be; also after the limit. Raises Refused.

    Who replies has received it: a reply signs for the receipt if nobody has.
    """
    notice = lock(pk, Move.REPLY, by=by, at=at)
    if not text.strip():
        raise Refused("请写明回复内容。")
    if notice.state == NoticeState.ISSUED:
        take(notice, StepKind.ACKNOWLEDGE, "回复时一并签收", by=by, at=at, state=NoticeState.ACKNOWLEDGED)
    return take(notice, StepKind.REPLY, text.strip(), by=by, at=at, state=NoticeState.REPLIED, replied_at=at)


@transaction.atomic
def refuse_reply(pk: int, *, reason: str, reply_due_on: date, by: User, at: datetime) -> SupervisionNotice:
    """Send a reply back with a reason and a new limit. Raises Refused."""
    notice = lock(pk, Move.REFUSE, by=by, at=at)
    if not reason.strip():
        raise Refused("请写明回复为什么不能认可，单位会看到。")
    if sentence := rules.why_not_limit(reply_due_on, local_date(at)):
        raise Refused(sentence)
    words = f"{reason.strip()}\n新的回复截止日：{day_and_weekday(reply_due_on)}"
    return take(
        notice,
        StepKind.REJECT,
        words,
        by=by,
        at=at,
        state=NoticeState.ACKNOWLEDGED,
        reply_due_on=reply_due_on,
    )


@transaction.atomic
def accept_reply(pk: int, *, words: str = "", by: User, at: datetime) -> SupervisionNotice:
    """Accept the reply, which closes the 督查单. Raises Refused."""
    notice = lock(pk, Move.ACCEPT, by=by, at=at)
    return take(notice, StepKind.ACCEPT, words.strip(), by=by, at=at, state=NoticeState.CLOSED, closed_at=at)


@transaction.atomic
def raise_notice(
    pk: int,
    *,
    reason: str = "",
    title: str,
    grounds: str,
    requirement: str,
    reply_due_on: date,
    by: User,
    at: datetime,
) -> SupervisionNotice:
    """Let a 督查单 that was not heeded give way to a draft of the next colour, and return that draft.

    `reason` is wanted when the unit has replied. Raises Refused.
    """
    notice = lock(pk, Move.RAISE, by=by, at=at)
    too_early = rules.why_not_raise(notice, local_date(at))
    if sentence := too_early or rules.missing_for_raise(notice, reason):
        raise Refused(sentence)
    text = {"title": title, "grounds": grounds, "requirement": requirement}
    _check_text(text, reply_due_on, at)
    colour = rules.NEXT_COLOUR[NoticeColour(notice.colour)]
    words = "：".join(filter(None, (f"转{colour.label}", reason.strip())))
    take(notice, StepKind.RAISE, words, by=by, at=at, state=NoticeState.RAISED, closed_at=at)
    successor = SupervisionNotice.objects.create(
        issuer=notice.issuer,
        plan=notice.plan,
        unit=notice.unit,
        thing=notice.thing,
        report=notice.report,
        task=notice.task,
        colour=colour,
        predecessor=notice,
        reply_due_on=reply_due_on,
        drafted_by=by,
        drafted_at=at,
        **_stripped(text),
    )
    write(successor, StepKind.DRAFT, f"接{rules.document_number(notice)}", by=by, at=at)
    return successor


@transaction.atomic
def withdraw_notice(pk: int, *, reason: str, by: User, at: datetime) -> SupervisionNotice:
    """Withdraw a 督查单, also an issued one: its number stays with it and is never given again.

    Raises Refused.
    """
    notice = lock(pk, Move.WITHDRAW, by=by, at=at)
    if not reason.strip():
        raise Refused("请写明撤销的理由。")
    return take(
        notice, StepKind.WITHDRAW, reason.strip(), by=by, at=at, state=NoticeState.WITHDRAWN, closed_at=at
    )


@transaction.atomic
def set_aside(thing: str, *, reason: str, by: User, at: datetime) -> SetAside:
    """Decide not to follow a suggestion, with the reason; it is not made again. Raises Refused."""
    demand_office(by)
    lock_issuer(by.unit)
    candidate = candidate_of(by.unit, thing, at)
    if candidate is None:
        raise Refused(GONE)
    if not reason.strip():
        raise Refused("请写明暂不督办的理由。")
    if SetAside.objects.filter(issuer=by.unit, thing=thing).exists():
        raise Refused("这条建议已经由同事标为暂不督办。")
    kept = SetAside.objects.create(issuer=by.unit, thing=thing, reason=reason.strip(), by=by, at=at)
    _record_set_aside(kept, candidate, f"暂不督办：{kept.reason}", by=by, at=at)
    return kept


@transaction.atomic
def take_back(thing: str, *, by: User, at: datetime) -> None:
    """Let a suggestion be made again. Twice is as good as once. Raises Refused."""
    demand_office(by)
    kept = SetAside.objects.select_for_update().filter(issuer=by.unit, thing=thing).first()
    if kept is not None:
        _record_set_aside(kept, candidate_of(by.unit, thing, at), "恢复督办建议", by=by, at=at)
        kept.delete()


def _next_number(issuer: Unit, year: int) -> int:
    """Return the next number of `issuer` in `year`; the caller holds the issuer's lock."""
    given = SupervisionNotice.objects.filter(issuer=issuer, year=year).aggregate(last=Max("number"))
    return (given["last"] or 0) + 1


def _lock_heard(pk: int, *, by: User, at: datetime) -> SupervisionNotice:
    """Lock what the unit can still say something about."""
    notice = lock(pk, Move.OBJECT, by=by, at=at)
    if notice.objection_due_on and rules.is_heard_out(notice, local_date(at)):
        limit = day_and_weekday(notice.objection_due_on)
        raise Refused(f"申辩期限（{limit}）已过。有情况要说明的，请联系市医改办，或在督查单发出后回复。")
    return notice


def _hear(notice: SupervisionNotice, until: date, *, by: User, at: datetime) -> SupervisionNotice:
    words = f"申辩截止日：{day_and_weekday(until)}"
    return take(notice, StepKind.HEAR, words, by=by, at=at, state=NoticeState.HEARING, objection_due_on=until)


def _record_set_aside(
    kept: SetAside, candidate: Candidate | None, note: str, *, by: User, at: datetime
) -> None:
    unit = candidate.unit if candidate else None
    about = f"{note}（{candidate.title}）" if candidate else note
    audit.record(AuditAction.CANDIDATE, kept, by=by, at=at, unit=unit, note=about)


def _demand_reason_for(colour: str, reason: str) -> str:
    """Return the reason for a colour above blue, "" for blue. Raises Refused without one."""
    if colour == NoticeColour.BLUE:
        return ""
    if not reason.strip():
        raise Refused("直接用橙色的，请写明理由。")
    return reason.strip()


def _check_text(text: dict[str, str], reply_due_on: date, at: datetime) -> None:
    for field, words in text.items():
        if not words.strip():
            raise Refused(f"请填写{FIELD_NAMES[field]}。")
    if sentence := rules.why_not_limit(reply_due_on, local_date(at)):
        raise Refused(f"回复截止日不对：{sentence}")


def _check_hearing(objection_due_on: date, reply_due_on: date, at: datetime) -> None:
    if sentence := rules.why_not_limit(objection_due_on, local_date(at)):
        raise Refused(f"申辩截止日不对：{sentence}")
    if objection_due_on >= reply_due_on:
        raise Refused(
            f"申辩截止日应早于回复截止日（{day_and_weekday(reply_due_on)}），请先把回复截止日改晚一些。"
        )


def _stripped(text: dict[str, str]) -> dict[str, str]:
    return {field: words.strip() for field, words in text.items()}
