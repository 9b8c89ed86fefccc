"""Changes: an admin accepts, mends or drops proposed indicators, and decides how they are gathered (填报口径)."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from datetime import datetime

from django.db import transaction

from tasks_app.choices import AuditAction, Comparator, IndicatorKind, IndicatorState
from tasks_app.domain import audit
from tasks_app.domain.moves import Refused, Stale
from tasks_app.models import Indicator, Plan, Share, User

from .gathering import Gathering, gathering_faults, in_words, settled
from .gatherings import candidates_of, gathering_of, locked_gatherings, mark_of
from .rules import IndicatorValues, indicator_faults
from .workbook import drawn_workbook

LABELS = {
    "name": "名称",
    "kind": "类别",
    "comparator": "要求",
    "value": "目标值",
    "unit": "计量单位",
    "due_on": "期限",
    "state": "状态",
}
MEANWHILE = "刚刚有人改过这些指标的口径，您的决定没有保存：{names}。请核对后再定。"
CHOICES = {"kind": IndicatorKind, "comparator": Comparator, "state": IndicatorState}


@transaction.atomic
def decide_indicator(
    indicator_pk: int,
    decision: IndicatorState,
    *,
    seen: str,
    values: IndicatorValues | None = None,
    by: User,
    at: datetime,
) -> Indicator:
    """Accept or drop an indicator, or leave it open again; raise Refused.

    `seen` is the state that the page showed: what somebody else has decided meanwhile is not overruled
    unseen. `values` mends it on the way.
    """
    indicator = Indicator.objects.select_for_update(of=("self",)).select_related("task").get(pk=indicator_pk)
    if indicator.state != seen:
        state = indicator.get_state_display()
        raise Refused(f"这项指标刚刚已被改为“{state}”，您的决定没有保存。请核对后再定。")
    accepted = values or (_values(indicator) if decision is IndicatorState.ACCEPTED else None)
    if accepted is not None and (faults := indicator_faults(accepted)):
        raise Refused("".join(faults.values()), faults=faults)
    _decide(indicator, decision, values, by=by, at=at)
    return indicator


@transaction.atomic
def accept_proposed(plan: Plan, indicator_pks: Iterable[int], *, by: User, at: datetime) -> int:
    """Accept those of the given indicators that are still open; return how many.

    What does not fit together, or has no name, stays open until somebody mends it.
    """
    found = Indicator.objects.proposed().filter(task__plan=plan, pk__in=list(indicator_pks))
    found = found.select_for_update(of=("self",))
    indicators = [i for i in found.select_related("task") if not indicator_faults(_values(i))]
    for indicator in indicators:
        _decide(indicator, IndicatorState.ACCEPTED, None, by=by, at=at)
    return len(indicators)


@transaction.atomic
def decide_gatherings(
    plan: Plan, wanted: Mapping[int, Gathering], *, seen: Mapping[int, str], by: User, at: datetime
) -> int:
    """Decide how the numbers in `wanted` {indicator: decision} are gathered; return how many changed.

    `seen` are the marks of what the page showed. All or none: raises Refused with {indicator: sentences} as
    faults, Stale when somebody else was quicker.
    """
    indicators = locked_gatherings(plan, wanted)
    before = {each.pk: gathering_of(each) for each in indicators}
    after = {each.pk: settled(wanted[each.pk]) for each in indicators}
    changed = [each for each in indicators if before[each.pk] != after[each.pk]]
    if outrun := [each.name for each in changed if seen.get(each.pk) != mark_of(before[each.pk])]:
        raise Stale(MEANWHILE.format(names="、".join(outrun)))
    candidates = candidates_of({each.task_id for each in changed})
    faults = {}
    for each in changed:
        if sentences := gathering_faults(after[each.pk], each.kind, candidates[each.task_id]):
            faults[str(each.pk)] = "".join(sentences)
    if faults:
        raise Refused(*faults.values(), faults=faults)
    for each in changed:
        names = {unit.pk: unit.name for unit in candidates[each.task_id]}
        _write_gathering(each, before[each.pk], after[each.pk], names, by=by, at=at)
    return len(changed)


@transaction.atomic
def export_gatherings(plan: Plan, *, by: User, at: datetime) -> tuple[str, bytes]:
    """Return the name and the content of the workbook in which 填报口径 can be decided."""
    name = f"{plan.year}年量化指标填报口径.xlsx"
    content = drawn_workbook(plan)
    audit.record(AuditAction.EXPORT, plan, by=by, at=at, note=name)
    return name, content


def _write_gathering(
    indicator: Indicator,
    before: Gathering,
    after: Gathering,
    names: Mapping[int, str],
    *,
    by: User,
    at: datetime,
) -> None:
    indicator.reporters, indicator.total, indicator.owner_id = after.reporters, after.total, after.owner
    indicator.baseline, indicator.source = after.baseline, after.source
    indicator.save(update_fields=["reporters", "total", "owner", "baseline", "source"])
    if before.parts != after.parts:
        indicator.shares.all().delete()
        Share.objects.bulk_create(
            Share(indicator=indicator, unit_id=unit, target=part.target, denominator=part.denominator)
            for unit, part in after.parts.items()
        )
    changes = audit.diff(in_words(before, names), in_words(after, names))
    audit.record(AuditAction.INDICATOR_DECIDE, indicator, by=by, at=at, changes=changes, note="填报口径")


def _decide(
    indicator: Indicator,
    decision: IndicatorState,
    values: IndicatorValues | None,
    *,
    by: User,
    at: datetime,
) -> None:
    before = _fields(indicator)
    for name, value in (asdict(values) if values else {}).items():
        setattr(indicator, name, value)
    indicator.state = decision
    is_open = decision is IndicatorState.PROPOSED
    indicator.decided_by, indicator.decided_at = (None, None) if is_open else (by, at)
    changes = audit.diff(before, _fields(indicator))
    if not changes:
        return
    indicator.save()
    note = f"原文“{indicator.words[:60]}”"
    audit.record(AuditAction.INDICATOR_DECIDE, indicator, by=by, at=at, changes=changes, note=note)


def _values(indicator: Indicator) -> IndicatorValues:
    return IndicatorValues(
        **{field.name: getattr(indicator, field.name) for field in fields(IndicatorValues)}
    )


def _fields(indicator: Indicator) -> dict[str, object]:
    """Return what the audit trail keeps, by the words of the page."""
    found: dict[str, object] = {}
    for name, label in LABELS.items():
        value = getattr(indicator, name)
        if name in CHOICES:
            value = CHOICES[name](value).label
        found[label] = f"{value.normalize():f}" if name == "value" else value
    return found
