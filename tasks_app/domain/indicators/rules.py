"""Decides what an indicator can be: a ceiling is no minimum, a yes or no has no figure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tasks_app.choices import Comparator, IndicatorKind

YES = Decimal(1)


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
