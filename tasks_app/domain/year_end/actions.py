"""Changes: the day on which a year's work ends, settling the year (办结), and opening it again."""

from datetime import date, datetime

from django.db import transaction

from tasks_app.choices import AuditAction
from tasks_app.clock import local_date
from tasks_app.domain import audit
from tasks_app.domain.moves import Refused
from tasks_app.models import Plan, User

from .queries import in_words, what_is_open
from .rules import end_faults, why_not_closed


@transaction.atomic
def set_end(plan_pk: int, ends_on: date | None, *, by: User, at: datetime) -> Plan:
    """Set the day on which the year's work ends, None for the end of the last period. Raises Refused."""
    plan = _lock(plan_pk)
    if fault := end_faults(ends_on, plan.periods.all()):
        raise Refused(fault)
    changes = audit.diff({"ends_on": plan.ends_on}, {"ends_on": ends_on})
    if changes:
        plan.ends_on = ends_on
        plan.save(update_fields=["ends_on"])
        audit.record(AuditAction.PLAN_CLOSE, plan, by=by, at=at, changes=changes, note="年度工作截止日")
    return plan


@transaction.atomic
def close_year(plan_pk: int, *, seen: int, by: User, at: datetime) -> Plan:
    """Settle the year: from now on nobody is reminded of anything of it. Raises Refused.

    `seen` is how many open matters the page listed: what came meanwhile is not settled unseen.
    """
    plan = _lock(plan_pk)
    if reason := why_not_closed(plan, plan.periods.all(), local_date(at)):
        raise Refused(reason)
    left = what_is_open(plan, at)
    if len(left) != seen:
        raise Refused("未办结的事项刚刚有变化，请核对现在的清单后再办结。")
    plan.closed_at, plan.closed_by = at, by
    plan.save(update_fields=["closed_at", "closed_by"])
    note = f"办结时尚有{len(left)}件未办：{in_words(left)}" if left else "各项工作均已办结"
    audit.record(
        AuditAction.PLAN_CLOSE, plan, by=by, at=at, changes={"closed_at": [None, at.isoformat()]}, note=note
    )
    return plan


@transaction.atomic
def reopen_year(plan_pk: int, *, by: User, at: datetime) -> Plan:
    """Take 办结 back: what is still owed is chased again."""
    plan = _lock(plan_pk)
    if plan.closed_at is None:
        raise Refused("这个年度没有办结。")
    changes = audit.diff({"closed_at": plan.closed_at}, {"closed_at": None})
    plan.closed_at = plan.closed_by = None
    plan.save(update_fields=["closed_at", "closed_by"])
    audit.record(AuditAction.PLAN_CLOSE, plan, by=by, at=at, changes=changes, note="撤销办结")
    return plan


def _lock(pk: int) -> Plan:
    return Plan.objects.select_for_update(of=("self",)).get(pk=pk)
