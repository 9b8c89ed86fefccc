"""Decides what a unit-task's standings over the periods say: how long it lags, whether it got worse or better."""

from collections.abc import Mapping, Sequence
from itertools import takewhile

from tasks_app.choices import LAGGING_STATUSES, RANKS, Movement

from .rules import Standing

# {(unit, task): how it stood in the periods before the one that it is from, the last first}; what was not filed
# in a period is not there.
Courses = Mapping[tuple[int, int], Sequence[Standing]]
# From so many periods on a lag lasts: it is marked, and what is only behind becomes a suggestion.
LASTING_PERIODS = 2


def lags(standing: Standing) -> bool:
    """Tell whether it is behind."""
    return standing.status in LAGGING_STATUSES


def lag_periods(now: Standing, before: Sequence[Standing]) -> int:
    """Return in how many periods on end a task lags up to `now`, 0 when it does not.

    A period in which its unit filed nothing neither counts nor ends it: the last known state stood.
    """
    return sum(1 for _ in takewhile(lags, (now, *before)))


def lasts(now: Standing, before: Sequence[Standing]) -> bool:
    """Tell whether its lag lasts (连续滞后)."""
    return lag_periods(now, before) >= LASTING_PERIODS


def movement(now: Standing, before: Sequence[Standing]) -> Movement | None:
    """Return how a task moved since it was filed last, None while there is nothing to compare.

    What lagged and does not any more has caught up: it is not yet as good as what never lagged.
    """
    last = next((each for each in before if each.status in RANKS), None)
    if now.status not in RANKS or last is None:
        return None
    if lags(last) and not lags(now):
        return Movement.CAUGHT_UP
    step = RANKS[now.status] - RANKS[last.status]
    return Movement.WORSE if step > 0 else Movement.BETTER if step < 0 else Movement.SAME
