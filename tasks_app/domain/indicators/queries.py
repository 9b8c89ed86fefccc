"""Looks at the indicators of a plan, with the text that each was read from."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from tasks_app.choices import IndicatorState
from tasks_app.language.marking import Marked, marked
from tasks_app.models import Indicator, Plan

from .rules import requirement

UNDECIDED = "undecided"
DECISIONS: list[tuple[str, str, str]] = [
    (IndicatorState.ACCEPTED, "采用", "btn-primary"),
    (IndicatorState.DROPPED, "不用", "btn-outline-secondary"),
    (IndicatorState.PROPOSED, "恢复待定", "btn-link"),
]


@dataclass(frozen=True, slots=True)
class ShownIndicator:
    """An indicator beside its text; `is_gone`: the words no longer stand there."""

    indicator: Indicator
    requirement: str
    text: list[Marked]
    is_gone: bool

    @property
    def decisions(self) -> list[tuple[str, str, str]]:
        """Return what else can be decided: the state, the words and the style of the button."""
        return [each for each in DECISIONS if each[0] != self.indicator.state]


def indicators_of(plan: Plan, state: str = "") -> QuerySet[Indicator]:
    """Return the indicators of the tasks in use, in the order of the table; `state` "" is all of them."""
    found = Indicator.objects.in_use_of(plan)
    if state:
        found = found.filter(state=state)
    return found.select_related("task", "measure", "decided_by").order_by(
        F("task__section__position").asc(nulls_first=True), "task__number", "task", "position"
    )


def indicator_counts(plan: Plan) -> dict[str, int]:
    """Return {state: how many}, every state included, and under UNDECIDED those accepted that nobody reports yet."""
    states = {state.value: Count("pk", filter=Q(state=state)) for state in IndicatorState}
    undecided = Count("pk", filter=Q(state=IndicatorState.ACCEPTED, reporters=""))
    counts: dict[str, int] = Indicator.objects.in_use_of(plan).aggregate(**states, **{UNDECIDED: undecided})
    return counts


def open_indicators(plan: Plan) -> int:
    """Return of how many numbers an admin has still to decide whether, or of whom, they are asked for."""
    counts = indicator_counts(plan)
    return counts[IndicatorState.PROPOSED] + counts[UNDECIDED]


def shown(indicators: Iterable[Indicator]) -> list[ShownIndicator]:
    """Return indicators with their text, the words marked."""
    return [show(indicator) for indicator in indicators]


def show(indicator: Indicator) -> ShownIndicator:
    """Return one indicator with its text; one whose measure is gone stands beside the task's own target."""
    text = indicator.measure.text if indicator.measure else indicator.task.target
    pieces = marked(text, [indicator.words])
    return ShownIndicator(
        indicator,
        requirement(indicator.kind, indicator.comparator, indicator.value, indicator.unit),
        pieces,
        is_gone=not any(is_words for _, is_words in pieces),
    )
