"""Changes: an admin, or a unit's signer, names a stand-in or ends one early; by itself it ends with its last day."""

from datetime import date, datetime

from django.db import transaction

from tasks_app.choices import AuditAction, Role
from tasks_app.clock import local_date
from tasks_app.domain import audit
from tasks_app.domain.calendar.rules import ONE_DAY
from tasks_app.domain.moves import Refused
from tasks_app.models import StandIn, Unit, User

from .queries import people_to_name, units_to_name_for
from .rules import why_not_days, why_not_person


@transaction.atomic
def name_stand_in(
    unit: Unit, person: User, role: Role, *, since: date, until: date, by: User, at: datetime
) -> StandIn:
    """Let `person` fill in or sign for `unit` from `since` to `until`, both included. Raises Refused."""
    # The unit is the lock: two who name at once do not make two that overlap.
    if not units_to_name_for(by).select_for_update(of=("self",)).filter(pk=unit.pk).exists():
        raise Refused("您不能为这个单位指定替岗人。")
    if sentence := why_not_person(person, unit, role) or why_not_days(since, until, local_date(at)):
        raise Refused(sentence)
    if not people_to_name(by).filter(pk=person.pk).exists():
        raise Refused("请从本单位人员中选择；需要市医改办人员替岗的，请联系管理员。")
    overlapping = StandIn.objects.filter(
        unit=unit, user=person, role=role, since__lte=until, until__gte=since
    ).first()
    if overlapping is not None:
        raise Refused(
            f"{person.name}在 {overlapping.since} 至 {overlapping.until} 已经替岗，请先结束原来的，或另选日期。"
        )
    stand_in = StandIn.objects.create(
        unit=unit, user=person, role=role, since=since, until=until, named_by=by, named_at=at
    )
    _record(stand_in, f"{person.name}替{unit.name}{role.label}，{since} 至 {until}", by=by, at=at)
    return stand_in


@transaction.atomic
def end_stand_in(pk: int, *, by: User, at: datetime) -> None:
    """End one at once; one that began today or later leaves no row, only the trail. Raises Refused."""
    today = local_date(at)
    stand_in = StandIn.objects.select_for_update(of=("self",)).select_related("unit", "user").get(pk=pk)
    if not units_to_name_for(by).filter(pk=stand_in.unit_id).exists():
        raise Refused("您不能结束这个单位的替岗。")
    if stand_in.until < today:
        raise Refused("这次替岗已经结束。")
    _record(
        stand_in,
        f"提前结束：{stand_in.user.name}替{stand_in.unit.name}{stand_in.get_role_display()}",
        by=by,
        at=at,
    )
    if stand_in.since >= today:
        stand_in.delete()
    else:
        stand_in.until = today - ONE_DAY
        stand_in.save(update_fields=["until"])


def _record(stand_in: StandIn, note: str, *, by: User, at: datetime) -> None:
    audit.record(AuditAction.STAND_IN, stand_in, by=by, at=at, unit=stand_in.unit, note=note)
