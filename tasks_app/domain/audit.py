"""The audit trail: `record` is called once by every action; nothing edits or deletes what it wrote."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Model, Q, QuerySet

from tasks_app.choices import AuditAction
from tasks_app.clock import SHANGHAI
from tasks_app.models import AuditEvent, Unit, User

SYSTEM = "系统"


def record(
    action: AuditAction,
    target: Model | None,
    *,
    by: User | None,
    at: datetime,
    unit: Unit | None = None,
    changes: Mapping[str, list[Any]] | None = None,
    note: str = "",
    in_place: str = "",
) -> AuditEvent:
    """Write one event: `by` did `action` to `target`; `by=None` is the program itself.

    `unit` is the unit the step concerns, `changes` comes from `diff`, `note` is the reason in words,
    `in_place` (替岗, 代填) stands behind the name of somebody who acts in another's place.
    """
    return AuditEvent.objects.create(
        at=at,
        actor=by,
        actor_name=f"{by.name if by else SYSTEM}{f'（{in_place}）' if in_place else ''}",
        unit=unit,
        action=action,
        target_kind=(target._meta.model_name or "") if target is not None else "",
        target_id=target.pk if target is not None else None,
        target_label=str(target)[:200] if target is not None else "",
        changes=dict(changes or {}),
        note=note,
    )


def diff(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return {field: [before, after]} for the fields of `after` that differ, dates as ISO text."""
    return {
        field: [_plain(before.get(field)), _plain(value)]
        for field, value in after.items()
        if before.get(field) != value
    }


def events_of(target: Model) -> QuerySet[AuditEvent]:
    """Return the ledger (台账) of one thing, oldest first."""
    return AuditEvent.objects.filter(target_kind=target._meta.model_name, target_id=target.pk).order_by(
        "at", "id"
    )


def search(
    events: QuerySet[AuditEvent],
    *,
    since: date | None = None,
    until: date | None = None,
    actor: User | None = None,
    unit: Unit | None = None,
    action: str = "",
    text: str = "",
) -> QuerySet[AuditEvent]:
    """Narrow `events` down, newest first; `since` and `until` are days in Shanghai, both included."""
    if since:
        events = events.filter(at__gte=datetime.combine(since, time.min, SHANGHAI))
    if until:
        events = events.filter(at__lt=datetime.combine(until + timedelta(days=1), time.min, SHANGHAI))
    if actor:
        events = events.filter(actor=actor)
    if unit:
        events = events.filter(unit=unit)
    if action:
        events = events.filter(action=action)
    if text:
        events = events.filter(
            Q(target_label__icontains=text) | Q(note__icontains=text) | Q(actor_name__icontains=text)
        )
    return events.select_related("unit").order_by("-at", "-id")


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Model):
        return str(value)
    return value
