"""Decides what an indicator can be, and how a number stands to its target: 完成率, the gap, 序时."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tasks_app.choices import Comparator, IndicatorKind, Pace

YES = Decimal(1)
# domain.md, "Lamps": so many points behind 序时 a number marks 滞后, and 严重滞后.
BEHIND_POINTS, FAR_BEHIND_POINTS = Decimal(10), Decimal(30)
WHOLE = Decimal(100)
ADDED_UP = frozenset({IndicatorKind.CUMULATIVE, IndicatorKind.INCREMENT})


@dataclass(frozen=True, slots=True)
class IndicatorValues:
    """What an admin may mend of an indicator; the words it was read from stay as they are."""

    name: str
    kind: str
    comparator: str
    value: Decimal
    unit: str = ""
    due_on: date | None = None


def indicator_faults(values: IndicatorValues) -> dict[str, str]:
    """Return {field: sentence} for what does not fit together."""
    faults = {}
    if not values.name.strip():
        faults["name"] = "请填写指标名称。"
    if values.kind == IndicatorKind.CEILING and values.comparator != Comparator.AT_MOST:
        faults["comparator"] = "“上限”的要求应为“不高于”。"
    if values.kind == IndicatorKind.YES_NO and (values.comparator, values.value) != (Comparator.EQUAL, YES):
        faults["value"] = "“是否”类指标的要求应为“等于”，目标值为1，表示“是”。"
    if values.value < 0:
        faults["value"] = "目标值不能是负数；下降多少请写在名称里，如“次均费用下降”。"
    return faults


def requirement(kind: str, comparator: str, value: Decimal, unit: str) -> str:
    """Return the target in words: 不低于300台, 65%左右; a yes or no has only its name."""
    if kind == IndicatorKind.YES_NO:
        return "完成"
    figure = f"{value.normalize():f}{unit}"
    if comparator == Comparator.ABOUT:
        return f"{figure}左右"
    return f"{Comparator(comparator).label}{figure}"


@dataclass(frozen=True, slots=True)
class Goal:
    """A target and the days between which it is to be reached, both included."""

    kind: str
    comparator: str
    target: Decimal
    unit: str
    starts_on: date
    due_on: date

    @property
    def adds_up(self) -> bool:
        """Whether the number grows towards its target over the year: only then a straight line means something."""
        return self.kind in ADDED_UP and self.comparator != Comparator.AT_MOST


def completion(goal: Goal, value: Decimal) -> Decimal | None:
    """Return 完成率 in per cent; None where there is none: a rate has a gap only."""
    return value / goal.target * WHOLE if goal.adds_up and goal.target > 0 else None


def expected(goal: Goal, on: date) -> Decimal | None:
    """Return how much of the target, in per cent, should be reached on the day `on`: a straight line over the days."""
    if not goal.adds_up:
        return None
    days = (goal.due_on - goal.starts_on).days + 1
    gone = min(max((on - goal.starts_on).days + 1, 0), days)
    return WHOLE * gone / days if days > 0 else WHOLE


def points_behind(goal: Goal, value: Decimal, on: date) -> Decimal:
    """Return by how many points `value` is behind where it should stand on the day `on`; 0 or less where it is not.

    What adds up is held against the straight line, a rate and a ceiling against the target itself, whatever the
    day; yes or no against its day.
    """
    if goal.kind == IndicatorKind.YES_NO:
        return Decimal(0) if value or on <= goal.due_on else WHOLE
    reached, should = completion(goal, value), expected(goal, on)
    if reached is not None and should is not None:
        return should - reached
    short = _shortfall(goal, value)
    if goal.unit == "%" or not goal.target:
        return short
    return short / goal.target * WHOLE


def pace(goal: Goal, value: Decimal, on: date) -> str:
    """Return how far a number is behind, a value of Pace, "" where it is not. It marks, it never leads."""
    points = points_behind(goal, value, on)
    if points > FAR_BEHIND_POINTS:
        return Pace.FAR_BEHIND.value
    return Pace.BEHIND.value if points > BEHIND_POINTS else ""


def reached_words(goal: Goal, value: Decimal) -> str:
    """Return how a number stands to its target: 完成 68.3%，还差 95台; "" of a yes or no."""
    if goal.kind == IndicatorKind.YES_NO:
        return ""
    share, short = completion(goal, value), _shortfall(goal, value)
    gap = f"{abs(short).normalize():f}{'个百分点' if goal.unit == '%' else goal.unit}"
    if goal.comparator == Comparator.AT_MOST:
        return f"超出 {gap}" if short > 0 else "在目标以内"
    done = f"完成 {per_cent(share)}，" if share is not None else ""
    return f"{done}还差 {gap}" if short > 0 else f"{done}已达目标"


def is_reached(goal: Goal, value: Decimal) -> bool:
    """Tell whether a number has reached its target, or keeps below it."""
    return bool(value) if goal.kind == IndicatorKind.YES_NO else _shortfall(goal, value) <= 0


def expected_words(goal: Goal, on: date) -> str:
    """Return what should be reached by the day `on`, "" where no line says it."""
    should = expected(goal, on)
    return f"序时应完成 {per_cent(should)}" if should is not None else ""


def per_cent(share: Decimal) -> str:
    """Return a share with one decimal: 68.3%."""
    return f"{share.quantize(Decimal('0.1')).normalize():f}%"


def _shortfall(goal: Goal, value: Decimal) -> Decimal:
    """Return what is missing, or too much of a ceiling, in the number's own unit; 0 or less where nothing is."""
    if goal.kind == IndicatorKind.CEILING or goal.comparator == Comparator.AT_MOST:
        return value - goal.target
    if goal.comparator == Comparator.EQUAL and not goal.adds_up:
        return abs(goal.target - value)
    return goal.target - value
