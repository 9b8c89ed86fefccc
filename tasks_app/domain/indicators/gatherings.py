"""Looks at 填报口径: of every number that a plan asks for, what was decided or is proposed, and who could be asked."""

import hashlib
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace

from django.db.models import Prefetch

from tasks_app.choices import IndicatorState, UnitKind
from tasks_app.models import Assignment, Indicator, Plan, Share

from .gathering import Gathering, TaskUnit, UnitPart, gathering_remarks, in_words, proposed_gathering
from .queries import indicators_of
from .rules import requirement


@dataclass(frozen=True, slots=True)
class GatheringRow:
    """One number of the grid; `proposal` is what its text suggests, while nothing was decided."""

    indicator: Indicator
    requirement: str
    gathering: Gathering
    candidates: list[TaskUnit]
    proposal: Gathering | None
    remarks: list[str]
    mark: str  # by which it is known later whether somebody decided meanwhile

    @property
    def shown(self) -> Gathering:
        """What the boxes show: the decision, else the proposal."""
        return self.proposal or self.gathering

    @property
    def names(self) -> dict[int, str]:
        """Return {unit: its name} of those that could be asked."""
        return {each.pk: each.name for each in self.candidates}


def gathering_rows(plan: Plan, indicators: Collection[int] | None = None) -> list[GatheringRow]:
    """Return the accepted numbers of `plan` in its order, or some of them. Five statements at most."""
    found = indicators_of(plan, IndicatorState.ACCEPTED).prefetch_related("shares")
    if indicators is not None:
        found = found.filter(pk__in=indicators)
    rows = list(found)
    candidates = candidates_of({row.task_id for row in rows})
    asked = asked_units(plan)
    return [_row(each, candidates[each.task_id], asked[each.pk]) for each in rows]


def asked_units(plan: Plan) -> dict[int, set[int]]:
    """Return {indicator: the units that are asked for it}."""
    found: dict[int, set[int]] = defaultdict(set)
    for indicator in Indicator.objects.in_use_of(plan).asked().order_by().only("pk"):
        found[indicator.pk].add(indicator.asked_unit)  # type: ignore[attr-defined]
    return found


def gathering_of(indicator: Indicator) -> Gathering:
    """Return what was decided of `indicator`; its shares are read with it or before."""
    return Gathering(
        reporters=indicator.reporters,
        total=indicator.total,
        owner=indicator.owner_id,
        baseline=indicator.baseline,
        source=indicator.source,
        parts={share.unit_id: UnitPart(share.target, share.denominator) for share in indicator.shares.all()},
    )


def mark_of(gathering: Gathering) -> str:
    """Return a short mark by which a page knows later whether this is still what was decided."""
    said = in_words(gathering, {unit: str(unit) for unit in (*gathering.parts, gathering.owner or 0)})
    return hashlib.sha256("|".join((*said.values(), gathering.reporters)).encode()).hexdigest()[:12]


def candidates_of(tasks: Collection[int]) -> dict[int, list[TaskUnit]]:
    """Return {task: the units that have it}, in the order of the table."""
    found: dict[int, list[TaskUnit]] = defaultdict(list)
    have = Assignment.objects.asked().filter(task__in=tasks).select_related("unit")
    for assignment in have.prefetch_related("unit__aliases").order_by("unit__position"):
        unit = assignment.unit
        names = (unit.short_name, *(alias.name for alias in unit.aliases.all()))
        is_county = unit.kind == UnitKind.COUNTY
        # 三元, 宁化 and so on stand in other names too: of a county its whole name is meant.
        known = TaskUnit(unit.pk, unit.name, () if is_county else names, is_county)
        found[assignment.task_id].append(known)
    return found


def _row(indicator: Indicator, candidates: list[TaskUnit], asked: set[int]) -> GatheringRow:
    stored = gathering_of(indicator)
    have = {each.pk for each in candidates}
    # What fell to a unit that has the task no more goes with the next decision.
    gathering = replace(stored, parts={unit: part for unit, part in stored.parts.items() if unit in have})
    text = indicator.measure.text if indicator.measure else f"{indicator.task.title}\n{indicator.task.target}"
    proposal = None
    if not gathering.is_decided:
        proposal = proposed_gathering(text, indicator.words, indicator.kind, candidates)
    return GatheringRow(
        indicator,
        requirement(indicator.kind, indicator.comparator, indicator.value, indicator.unit),
        gathering,
        candidates,
        proposal,
        gathering_remarks(gathering, indicator.value, candidates, asked),
        mark_of(stored),
    )


def locked_gatherings(plan: Plan, indicators: Collection[int]) -> list[Indicator]:
    """Return accepted numbers of `plan`, locked until the end of the change, with their shares."""
    found = Indicator.objects.in_use_of(plan).accepted().filter(pk__in=indicators)
    shares = Prefetch("shares", Share.objects.order_by("unit__position"))
    return list(found.select_for_update(of=("self",)).prefetch_related(shares).order_by("pk"))
