"""Changes: composing the day's messages, the ladder, reading a message, deciding a doubtful delivery."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from tasks_app.channels import address_for, configured_channels
from tasks_app.choices import AuditAction, Channel, DeliveryState
from tasks_app.domain import audit
from tasks_app.domain.moves import Refused
from tasks_app.domain.reporting.actions import open_due_periods
from tasks_app.models import Delivery, Message, Plan, Reminder, ReminderRung, User
from tasks_app.models.reminder import DOUBTFUL

from .claiming import take_turns
from .kinds import filing
from .kinds.kind import Kind
from .ladder import ladder_problems
from .queries import Draft, due_messages, inbox_of, ladder_of
from .rules import Due
from .rungs import FILLER, OFFICE, SIGNER, Rung, rung_label

NO_WAY_OUT = "没有设置外发渠道，消息只在站内"
NO_ADDRESS = "没有外发渠道能用的邮箱或手机号，消息只在站内"


@transaction.atomic
def compose_reminders(*, at: datetime) -> list[Draft]:
    """Write the messages due at `at` with their ledger rows and deliveries; returns what was due.

    In-app messages are sent by being written; e-mails wait to be delivered. Running it again, or several at
    once, changes nothing: one composer works at a time, and the database allows one message per unit and day.
    A draft without recipients is returned as an alarm but not written, so that unit is told as soon as it
    has somebody.
    """
    take_turns()
    due = due_messages(at)
    drafts = [draft for draft in due if draft.recipients]
    messages = Message.objects.bulk_create(_message(draft, at) for draft in drafts)
    pairs = list(zip(drafts, messages, strict=True))
    Reminder.objects.bulk_create(
        _reminder(one, message, at) for draft, message in pairs for one in (*draft.due, *draft.along)
    )
    Delivery.objects.bulk_create(
        delivery for draft, message in pairs for delivery in _deliveries(draft, message, at)
    )
    if drafts:
        audit.record(
            AuditAction.REMINDER, None, by=None, at=at, note=f"生成提醒消息{len(drafts)}条：{_names(drafts)}"
        )
    return due


def rehearse_reminders(*, at: datetime) -> list[Draft]:
    """Return what opening the due periods and composing at `at` would give, and leave no trace of it."""
    with transaction.atomic():
        open_due_periods(at=at)
        due = due_messages(at)
        transaction.set_rollback(True)
    return due


@transaction.atomic
def set_ladder(
    plan_pk: int, rungs: Sequence[Rung], *, by: User, at: datetime, kind: Kind = filing.KIND
) -> list[Rung]:
    """Replace the rungs of one kind in a plan's ladder and return them in order. Raises Refused."""
    problems = ladder_problems(kind, rungs)
    if problems:
        raise Refused("".join(problems))
    plan = Plan.objects.select_for_update(no_key=True).get(pk=plan_pk)
    before = ladder_of(plan, kind)
    after = sorted(rungs, key=lambda rung: rung.offset)
    if before == after:
        return after
    plan.rungs.filter(kind=kind.code).delete()
    ReminderRung.objects.bulk_create(_stored(plan, kind, rung) for rung in after)
    changes = audit.diff({"rungs": _ladder_words(before)}, {"rungs": _ladder_words(after)})
    audit.record(AuditAction.LADDER_EDIT, plan, by=by, at=at, changes=changes, note=kind.label)
    return after


def mark_read(pk: int, *, by: User, at: datetime) -> None:
    """Note that `by` has read the own in-app message `pk`; the first time counts."""
    inbox_of(by).unread().filter(pk=pk).update(read_at=at)


def mark_all_read(*, by: User, at: datetime) -> int:
    """Note that `by` has read all own in-app messages; returns how many were new."""
    return inbox_of(by).unread().update(read_at=at)


@transaction.atomic
def resend(pk: int, *, by: User, at: datetime) -> Delivery:
    """Send a doubtful delivery again, to the person's present address. Raises Refused."""
    delivery = _lock_doubtful(pk)
    before = delivery.get_state_display()
    user = delivery.user
    address = address_for(Channel(delivery.channel), email=user.email, phone=user.phone) or delivery.address
    return _decide(
        delivery, before, "重发", by=by, at=at,
        state=DeliveryState.PENDING, attempts=0, next_attempt_at=at, claimed_at=None, settled_at=None,
        address=address, error="",
    )  # fmt: skip


@transaction.atomic
def treat_as_sent(pk: int, *, by: User, at: datetime) -> Delivery:
    """Take a doubtful delivery for sent, or a failed one for settled otherwise (by telephone, say).

    Raises Refused.
    """
    delivery = _lock_doubtful(pk)
    before = delivery.get_state_display()
    sent_at = delivery.claimed_at or at
    note = f"{delivery.get_state_display()}，经人工确认视为已发" + (
        f"（{delivery.error}）" if delivery.error else ""
    )
    return _decide(
        delivery,
        before,
        "视为已发",
        by=by,
        at=at,
        state=DeliveryState.SENT,
        sent_at=sent_at,
        error=note[:300],
    )


def _lock_doubtful(pk: int) -> Delivery:
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("message__unit", "user")
    delivery = rows.get(pk=pk)
    if delivery.state not in DOUBTFUL:
        raise Refused(f"这条消息现在是“{delivery.get_state_display()}”，不需要处理。")
    return delivery


def _decide(
    delivery: Delivery, before: str, note: str, *, by: User, at: datetime, **values: object
) -> Delivery:
    for field, value in values.items():
        setattr(delivery, field, value)
    delivery.save(update_fields=list(values))
    audit.record(
        AuditAction.DELIVERY_DECIDE,
        delivery,
        by=by,
        at=at,
        unit=delivery.message.unit,
        changes={"state": [before, delivery.get_state_display()]},
        note=note,
    )
    return delivery


def _message(draft: Draft, at: datetime) -> Message:
    return Message(
        unit_id=draft.unit,
        day=draft.day,
        subject=draft.words.subject,
        body=draft.words.body,
        created_at=at,
        is_at_once=draft.is_at_once,
    )


def _reminder(due: Due, message: Message, at: datetime) -> Reminder:
    one = due.obligation
    return Reminder(
        kind=one.kind.code,
        due_on=one.due_on,
        rung=due.offset,
        to_office=due.to_office,
        message=message,
        created_at=at,
        **{f"{one.kind.thing.ledger_field}_id": one.thing},
    )


def _deliveries(draft: Draft, message: Message, at: datetime) -> list[Delivery]:
    """In-app for everybody, at once; and one way out of the house, or the word that there is none.

    A rung may ask for the in-app message alone.
    """
    rows = []
    for person in draft.recipients:
        own = {"message": message, "user_id": person.user, "next_attempt_at": at}
        rows.append(Delivery(channel=Channel.IN_APP, state=DeliveryState.SENT, sent_at=at, **own))
        if draft.channel == Channel.IN_APP:
            continue
        if ways := person.channels(draft.channel):
            channel, address = ways[0]
            rows.append(Delivery(channel=channel, address=address, **own))
        else:
            why = NO_ADDRESS if configured_channels() else NO_WAY_OUT
            unsent = {"state": DeliveryState.NOT_SENT, "settled_at": at, "error": why}
            rows.append(Delivery(channel=draft.channel, address=person.email, **unsent, **own))
    return rows


def _stored(plan: Plan, kind: Kind, rung: Rung) -> ReminderRung:
    return ReminderRung(
        plan=plan,
        kind=kind.code,
        offset=rung.offset,
        repeat_every=rung.repeat_every,
        tells_filler=FILLER in rung.tells,
        tells_signer=SIGNER in rung.tells,
        tells_office=OFFICE in rung.tells,
        channel=rung.channel,
        words=rung.words,
    )


def _names(drafts: Sequence[Draft]) -> str:
    return "、".join(
        f"{draft.unit_name} {'/'.join(rung_label(one.offset) for one in draft.due)}" for draft in drafts
    )


def _ladder_words(ladder: Sequence[Rung]) -> str:
    return "、".join(_rung_words(rung) for rung in ladder)


def _rung_words(rung: Rung) -> str:
    told = "、".join(role.label for role in (FILLER, SIGNER, OFFICE) if role in rung.tells)
    parts = [f"之后每{rung.repeat_every}个工作日"] if rung.repeat_every else []
    parts += [told, rung.channel.label]
    parts += [f"措辞：{rung.words}"] if rung.words else []
    return f"{rung_label(rung.offset)}（{'，'.join(parts)}）"
