"""Decides 填报口径: who reports a number, how the city's value comes about, what falls to each unit. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from tasks_app.choices import IndicatorKind, Reporters, Total
from tasks_app.language.text import squash

# The text of a number ends where another thing begins.
CLAUSE = re.compile(r"[。；;！!？?\n]")
EVERY_COUNTY = "各县"
RATES = frozenset({IndicatorKind.RATE, IndicatorKind.CEILING})


@dataclass(frozen=True, slots=True)
class UnitPart:
    """What of a number falls to one unit: its share of the target, and what its rate is weighted with."""

    target: Decimal | None = None
    denominator: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Gathering:
    """How one number is gathered; empty until somebody decides. `owner` and the keys of `parts` are units."""

    reporters: str = ""
    total: str = ""
    owner: int | None = None
    baseline: Decimal | None = None
    source: str = ""
    parts: Mapping[int, UnitPart] = field(default_factory=dict)

    @property
    def is_decided(self) -> bool:
        """Whether anybody is asked for the number."""
        return bool(self.reporters)


@dataclass(frozen=True, slots=True)
class TaskUnit:
    """A unit that has the task of a number, and so could be asked for it."""

    pk: int
    name: str
    names: tuple[str, ...] = ()  # whatever a text may call it
    is_county: bool = False


def settled(gathering: Gathering) -> Gathering:
    """Return it with what follows from what was chosen: one unit that reports gives the city's number."""
    if not gathering.reporters:
        return replace(gathering, total="", owner=None)
    total = Total.OWNER.value if gathering.reporters == Reporters.ONE else gathering.total
    return replace(gathering, total=total, owner=gathering.owner if total == Total.OWNER else None)


def gathering_faults(gathering: Gathering, kind: str, candidates: Sequence[TaskUnit]) -> list[str]:
    """Return a sentence for each thing that does not fit together."""
    if not gathering.is_decided:
        return []
    known = {each.pk for each in candidates}
    found = []
    if not gathering.total:
        found.append("请选择怎样汇总。")
    if gathering.total == Total.OWNER and gathering.owner is None:
        found.append("请选择报全市数的单位。")
    if not {gathering.owner or 0, *gathering.parts} <= {0, *known}:
        found.append("所选单位不是本项任务的责任单位，填报时没有这项任务，请换一家或先调整责任单位。")
    if gathering.reporters == Reporters.COUNTIES and not any(each.is_county for each in candidates):
        found.append("本项任务没有县（市、区），请另选谁报。")
    if gathering.total == Total.SUM and kind in (*RATES, IndicatorKind.YES_NO):
        found.append("比率、上限和“是否”不能相加，请选“按分母加权”“各单位各报”或“由一家单位报”。")
    if gathering.total == Total.WEIGHTED and kind == IndicatorKind.YES_NO:
        found.append("“是否”类指标不能加权，请选“各单位各报”或“由一家单位报”。")
    if any(part.target is not None and part.target < 0 for part in gathering.parts.values()):
        found.append("份额不能是负数。")
    if any(part.denominator is not None and part.denominator <= 0 for part in gathering.parts.values()):
        found.append("分母要大于0。")
    return found


def gathering_remarks(
    gathering: Gathering, target: Decimal, candidates: Sequence[TaskUnit], asked: Collection[int]
) -> list[str]:
    """Return what may still be missing of a decision; it hinders nothing."""
    found = []
    parts = gathering.parts
    if gathering.reporters == Reporters.CHOSEN and not parts:
        found.append("还没有选定单位")
    if gathering.total == Total.WEIGHTED:
        missing = [
            c.name for c in candidates if c.pk in asked and parts.get(c.pk, UnitPart()).denominator is None
        ]
        found += [f"缺分母：{'、'.join(missing)}"] if missing else []
    shares = [part.target for part in parts.values() if part.target is not None]
    together = sum(shares, Decimal(0))
    if gathering.total == Total.SUM and shares and together != target:
        found.append(f"份额合计 {plain_number(together)}，目标 {plain_number(target)}")
    return found


def proposed_gathering(text: str, words: str, kind: str, candidates: Iterable[TaskUnit]) -> Gathering | None:
    """Return whom the table itself names beside the number, None where it names nobody, or several.

    `words` are the number's within `text`.
    """
    clause = next((each for each in CLAUSE.split(text) if words and words in each), "")
    plain = squash(clause)
    named = [c for c in candidates if any(squash(name) in plain for name in (c.name, *c.names) if name)]
    if len(named) == 1:
        return Gathering(Reporters.ONE.value, Total.OWNER.value, named[0].pk)
    if named or EVERY_COUNTY not in plain:
        return None
    adds_up = kind in (IndicatorKind.CUMULATIVE, IndicatorKind.INCREMENT)
    return Gathering(Reporters.COUNTIES.value, (Total.SUM if adds_up else Total.EACH).value)


def in_words(gathering: Gathering, names: Mapping[int, str]) -> dict[str, str]:
    """Return {what it is called: what was decided}, for a comparison and for the audit trail."""
    return {
        "谁报": Reporters(gathering.reporters).label if gathering.reporters else "未定",
        "怎样汇总": Total(gathering.total).label if gathering.total else "",
        "报数单位": names.get(gathering.owner or 0, ""),
        "基数": plain_number(gathering.baseline),
        "数据来源": gathering.source,
        "份额": "；".join(_part_words(names.get(unit, ""), part) for unit, part in gathering.parts.items()),
    }


def _part_words(name: str, part: UnitPart) -> str:
    share = f" {plain_number(part.target)}" if part.target is not None else ""
    denominator = f"（分母 {plain_number(part.denominator)}）" if part.denominator is not None else ""
    return f"{name}{share}{denominator}"


def plain_number(value: Decimal | None) -> str:
    """Return a number as one types it: 300, 47.5; "" for None."""
    return "" if value is None else f"{value.normalize():f}"
