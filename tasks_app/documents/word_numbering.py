"""The numbers that Word puts before paragraphs by itself (1. ① （一）): in no text, yet what people read."""

import re
from dataclasses import dataclass, field
from typing import Any

from .word_names import qn

DIGITS = "零一二三四五六七八九"
FORMAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
# {format: ((first number, first character, how many), …)}
SIGNS = {
    "decimalEnclosedCircle": ((1, "①", 20), (21, "㉑", 15), (36, "㊱", 15)),
    "decimalEnclosedCircleChinese": ((1, "①", 20), (21, "㉑", 15), (36, "㊱", 15)),
    "decimalEnclosedParen": ((1, "⑴", 20),),
    "decimalEnclosedFullstop": ((1, "⒈", 20),),
    "ideographEnclosedCircle": ((1, "㊀", 10),),
}
CHINESE = {
    "chineseCounting": (DIGITS, "十百千"),
    "chineseCountingThousand": (DIGITS, "十百千"),
    "japaneseCounting": (DIGITS, "十百千"),
    "taiwaneseCounting": (DIGITS, "十百千"),
    "taiwaneseCountingThousand": (DIGITS, "十百千"),
    "ideographDigital": (DIGITS, "十百千"),
    "chineseLegalSimplified": (FORMAL_DIGITS, "拾佰仟"),
}
PLACEHOLDER = re.compile(r"%([1-9])")
NOTHING = ("bullet", "none")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: `text` is like "（%1）"."""

    format: str
    text: str
    start: int
    is_decimal: bool
    restarts: bool
    has_gap: bool
    style: str

    @classmethod
    def of(cls, element: Any) -> "Level":
        def value(name: str, default: str) -> str:
            found = element.find(qn(f"w:{name}"))
            return default if found is None else str(found.get(qn("w:val"), default))

        return cls(
            format=value("numFmt", "decimal"),
            text=value("lvlText", ""),
            start=_number(value("start", "0")),
            is_decimal=element.find(qn("w:isLgl")) is not None,
            restarts=value("lvlRestart", "1") != "0",
            has_gap=value("suff", "tab") != "nothing",
            style=value("pStyle", ""),
        )


@dataclass(slots=True)
class _List:
    """What paragraphs refer to by its number; lists may share one definition and so one count."""

    definition: str
    levels: dict[int, Level] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """The lists of one document; `label` must be asked for paragraph by paragraph, in their order."""

    def __init__(self, root: Any | None) -> None:
        """Take the lists from the root of numbering.xml, if there is one."""
        self._lists: dict[str, _List] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[str] = set()
        if root is not None:
            self._read(root)

    def _read(self, root: Any) -> None:
        definitions = {}
        for definition in root.iterfind(qn("w:abstractNum")):
            levels = {_ilvl(level): Level.of(level) for level in definition.iterfind(qn("w:lvl"))}
            definitions[definition.get(qn("w:abstractNumId"))] = levels
        for num in root.iterfind(qn("w:num")):
            reference = num.find(qn("w:abstractNumId"))
            name = "" if reference is None else reference.get(qn("w:val"), "")
            made = _List(name, dict(definitions.get(name, {})))
            for override in num.iterfind(qn("w:lvlOverride")):
                start, level = override.find(qn("w:startOverride")), override.find(qn("w:lvl"))
                if level is not None:
                    made.levels[_ilvl(override)] = Level.of(level)
                if start is not None:
                    made.starts[_ilvl(override)] = _number(start.get(qn("w:val"), "1"))
            self._lists[num.get(qn("w:numId"), "")] = made

    def level_of_style(self, number: str, style: str) -> int | None:
        """Return the level that list `number` keeps for paragraphs of a style, None if it keeps none."""
        levels = self._lists[number].levels if number in self._lists else {}
        return next((depth for depth, level in levels.items() if level.style == style), None)

    def label(self, number: str, depth: int) -> str:
        """Return what stands before the next paragraph of list `number` at level `depth` (from 0)."""
        found = self._lists.get(number)
        level = found.levels.get(depth) if found else None
        if found is None or level is None:
            return ""
        counts = self._counts.setdefault(found.definition, {})
        if number not in self._begun:
            self._begun.add(number)
            for overridden, start in found.starts.items():
                counts[overridden] = start - 1
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [d for d in counts if d > depth]:
            if deeper not in found.levels or found.levels[deeper].restarts:
                del counts[deeper]
        if level.format in NOTHING:
            return ""
        label = PLACEHOLDER.sub(lambda match: _place(found, counts, level, int(match[1]) - 1), level.text)
        # Chinese marks stand close to the text, a point does not: "1.2024年" would be read as a number.
        return f"{label} " if label and level.has_gap and label.isascii() else label


def _place(found: _List, counts: dict[int, int], level: Level, depth: int) -> str:
    other = found.levels.get(depth)
    if other is None or other.format in NOTHING:
        return ""
    return numeral(counts.get(depth, other.start), "decimal" if level.is_decimal else other.format)


def numeral(number: int, name: str) -> str:
    """Return `number` in one of Word's formats: numeral(3, "chineseCounting") is "三"."""
    for first, sign, many in SIGNS.get(name, ()):
        if first <= number < first + many:
            return chr(ord(sign) + number - first)
    if name in CHINESE and 0 < number < 10_000:
        return _chinese(number, *CHINESE[name])
    if name in ("ideographTraditional", "ideographZodiac") and number > 0:
        cycle = STEMS if name == "ideographTraditional" else BRANCHES
        return cycle[(number - 1) % len(cycle)]
    if name in ("lowerLetter", "upperLetter") and number > 0:
        letters = chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 9)
        return letters.upper() if name == "upperLetter" else letters
    if name in ("lowerRoman", "upperRoman") and 0 < number < 50:
        return _roman(number).upper() if name == "upperRoman" else _roman(number)
    return f"{number:02}" if name == "decimalZero" else str(number)


def _chinese(number: int, digits: str, tens: str) -> str:
    text, gap = "", False
    for power in range(3, -1, -1):
        digit = number // 10**power % 10
        if digit:
            text += ("零" if gap and text else "") + digits[digit] + (tens[power - 1] if power else "")
        gap = not digit
    return text.removeprefix(digits[1]) if 10 <= number < 20 else text


def _roman(number: int) -> str:
    text = "x" * (number // 10) if number < 40 else "xl"
    number %= 10
    for value, sign in ROMAN:
        text, number = text + sign * (number // value), number % value
    return text


def _ilvl(element: Any) -> int:
    return _number(element.get(qn("w:ilvl"), "0"))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else 0
