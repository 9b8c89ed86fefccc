"""Reads a cell of responsible units and finds each name among the known units."""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from tasks_app.choices import UnitKind

from .parsed import squash

SEPARATORS = "、，,；;/"
BRACKETS = {"（": 1, "(": 1, "）": -1, ")": -1}
NOBODY = frozenset({"", "无", "-", "—", "——", "/"})
ALL_COUNTIES = re.compile(r"各县[(（]?市?、?区?[)）]?区?(人民政府|政府)?")
# Written once, it holds for the names after it: 市卫健委、教育局.
CITY_PREFIX = "市"
MOST_NEAR_NAMES = 3


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit that can be given tasks."""

    pk: int
    name: str
    short_name: str
    kind: str
    aliases: tuple[str, ...]
    is_active: bool = True


class UnitIndex:
    """All units below one issuer, found by any of their names."""

    def __init__(self, units: Iterable[KnownUnit]) -> None:
        self.units = list(units)
        self.counties = [u for u in self.units if u.kind == UnitKind.COUNTY and u.is_active]
        self._by_name: dict[str, KnownUnit] = {}
        for names in (
            lambda unit: [unit.name],
            lambda unit: unit.aliases,
            lambda unit: [unit.short_name],
        ):
            for unit in self.units:
                for name in names(unit):
                    self._by_name.setdefault(squash(name), unit)

    def find(self, name: str) -> list[KnownUnit]:
        """Return the units that `name` means: one, for 各县（市、区） every county, none if unknown."""
        wanted = squash(name)
        if ALL_COUNTIES.fullmatch(wanted):
            return self.counties
        unit = self._by_name.get(wanted) or self._by_name.get(CITY_PREFIX + wanted)
        return [unit] if unit else []

    def near(self, name: str) -> list[str]:
        """Return the names of the units that `name` most resembles."""
        close = difflib.get_close_matches(squash(name), self._by_name, n=8, cutoff=0.4)
        return list(dict.fromkeys(self._by_name[key].name for key in close))[:MOST_NEAR_NAMES]


def split_names(text: str) -> list[str]:
    """Return the names in a cell, in order; a separator inside brackets separates nothing."""
    names, current, depth = [], "", 0
    for character in text:
        depth = max(0, depth + BRACKETS.get(character, 0))
        if depth == 0 and character in SEPARATORS:
            names.append(current)
            current = ""
        else:
            current += character
    names.append(current)
    cleaned = (name.strip().rstrip("。.").strip() for name in names)
    return [name for name in cleaned if squash(name) not in NOBODY]


def split_lines(name: str, index: UnitIndex) -> list[str]:
    """Return the parts of a name at its line breaks if each is a unit; else the break is only a fold."""
    parts = [part.strip() for part in name.split("\n") if part.strip()]
    if len(parts) > 1 and not index.find(name) and all(index.find(part) for part in parts):
        return parts
    return [squash(name)] if len(parts) > 1 else [name]
