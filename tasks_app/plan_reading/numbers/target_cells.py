"""Reads a cell of targets, where a number needs no word that makes it one: ≥30 beside 居民健康素养水平（%）."""

import re
from collections.abc import Iterator
from dataclasses import replace

from tasks_app.choices import IndicatorKind
from tasks_app.language.numerals import Plain
from tasks_app.language.quantities import COUNTED, NUMBER, PER, SCALE, UNIT

from ..content import IndicatorContent
from .indicators import propose_indicators

AIMED, AT_MOST, EVERYWHERE = "达到", "不高于", "全覆盖"
# Where less is better, a number alone is a ceiling.
LESS_IS_BETTER = re.compile(
    r"死亡|发病率|患病率|感染率|事故|自付|个人卫生支出|次均|均次|平均住院|负担|耗材|投诉|违规"
)
BOUND = (
    r"(?:不得?(?:[低少小高多大]于|超过)|[大小高低多少]于|至少|达到?|(?:控制|保持|稳定)在?|力争|约|[≥≤><=]=?)*"
)
VALUE = re.compile(
    rf"\s*{BOUND}\s*{NUMBER}(?:{SCALE})?(?:\s*[-—–~～至]\s*{NUMBER})?\s*(?:[%％‰]|{UNIT}(?:{PER})?)?"
    r"(?:及?以[上下内]|左右|之内|内)?\s*"
)
NUMBER_IN = re.compile(rf"{NUMBER}(?:{SCALE})?(?![%‰])")
IN_BRACKETS = re.compile(r"[（(]\s*(?:单位[:：]?\s*)?([^（()）]{1,10})[）)]\s*$")
IS_UNIT = re.compile(rf"(?:{SCALE})?(?:{UNIT}(?:{PER})?)|[%％‰]|[百千万亿]|\S{{1,4}}/\S{{1,6}}|/\S{{1,6}}")
OF_A_YEAR = re.compile(r"(20[0-9]{2})年?：")


def is_value(text: str) -> bool:
    """Tell whether a text is nothing but a number with its bound and unit."""
    return len(text) < 30 and bool(VALUE.fullmatch(Plain.of(text).text))


def with_unit(target: str, unit: str) -> str:
    """Return what a cell of targets says, with the unit that a column beside it gives."""
    return f"{target}（{unit}）" if unit and is_value(target) and unit not in target else target


def propose_of_cell(text: str, *, title: str, year: int | None) -> Iterator[IndicatorContent]:
    """Yield the targets of a cell; `title` is the task's, which may be no more than what is measured, with its unit."""
    for line in _lines_of(text, year):
        measured, _, value = line.rpartition(" ")
        # Beside a task 医保参保率 95% has the name of what is measured in front.
        beside = bool(measured) and is_value(value)
        name, unit = _without_unit(measured if beside else title)
        own, own_unit = _without_unit(value if beside else line)
        for proposed in _proposed(own, own_unit or unit, name, year):
            yield replace(proposed, name=name if proposed.name in ("", EVERYWHERE) else proposed.name)


def _lines_of(text: str, year: int | None) -> list[str]:
    """Return the lines of a cell; where they are for several years, that of the plan's or of the next one."""
    lines = [line for line in text.split("\n") if line.strip()]
    dated = {int(found[1]): line[found.end() :] for line in lines if (found := OF_A_YEAR.match(line))}
    if not dated or len(dated) < len(lines):
        return lines
    chosen = min((own for own in dated if year is None or own >= year), default=max(dated))
    return [dated[chosen]]


def _without_unit(text: str) -> tuple[str, str]:
    """Return a text without the unit in brackets at its end, and the unit."""
    found = IN_BRACKETS.search(text)
    unit = Plain.of(found[1]).text if found else ""
    return (text[: found.start()].rstrip(), unit) if found and IS_UNIT.fullmatch(unit) else (text, "")


def _proposed(line: str, unit: str, name: str, year: int | None) -> tuple[IndicatorContent, ...]:
    if not is_value(line):
        return propose_indicators(line, year=year) or _aimed(line, AIMED, line, year)
    plain = Plain.of(line).text
    is_bare = bool(re.fullmatch(NUMBER, plain))
    aim = AT_MOST if is_bare and LESS_IS_BETTER.search(name) else AIMED
    written = NUMBER_IN.sub(rf"\g<0>{unit}", plain, count=1) if re.fullmatch(rf"{UNIT}|[%‰]", unit) else plain
    found = propose_indicators(written, year=year) or _aimed(written, aim, line, year)
    return tuple(_measured_in(replace(proposed, words=line), unit) for proposed in found)


def _aimed(line: str, aim: str, words: str, year: int | None) -> tuple[IndicatorContent, ...]:
    found = propose_indicators(aim + line, year=year)
    return tuple(replace(p, words=p.words.removeprefix(aim)) for p in found)


def _measured_in(proposed: IndicatorContent, unit: str) -> IndicatorContent:
    if proposed.unit or not unit:
        return proposed
    is_count = unit in COUNTED and proposed.kind == IndicatorKind.RATE
    return replace(proposed, unit=unit, kind=IndicatorKind.CUMULATIVE if is_count else proposed.kind)
