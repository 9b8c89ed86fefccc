"""The known units, each found by any of its names."""

import re
from collections.abc import Iterable

from tasks_app.choices import UnitKind
from tasks_app.language.text import squash

from .likeness import likely_units, same_unit
from .shapes import KnownUnit, count_of_counties, is_all_counties, needs_prefix, own_prefix

__all__ = ["KnownUnit", "UnitIndex"]

# Written once, it holds for the names after it: 市卫健委、教育局.
CITY_PREFIX = "市"


class UnitIndex:
    """All units below one issuer, found by any of their names."""

    def __init__(self, units: Iterable[KnownUnit], *, city: str = "", province: str = "") -> None:
        """`city` is the issuer's own name, which may stand for 市: 三明市卫健委, 三明税务局, 中共三明市委组织部."""
        self.units = list(units)
        self.city = squash(city)
        self.province = squash(province)
        self.counties = [u for u in self.units if u.kind == UnitKind.COUNTY and u.is_active]
        self._by_name: dict[str, KnownUnit] = {}
        names = [(unit.name, unit) for unit in self.units]
        names += [(alias, unit) for unit in self.units for alias in unit.aliases]
        names += [(unit.short_name, unit) for unit in self.units]
        for name, unit in names:
            self._by_name.setdefault(squash(name), unit)
        self._by_name.pop("", None)

    def find(self, name: str) -> list[KnownUnit]:
        """Return the units that `name` means: one, for 各县（市、区） every county, none if unknown."""
        if is_all_counties(name):
            return self.counties if self.means_all(name) else []
        unit = self._lookup(squash(name))
        return [unit] if unit else []

    def full_name(self, name: str) -> str:
        """Return how a known unit should stand where it is written `name`: 教育局 → 市教育局; empty if unknown."""
        wanted = squash(name)
        unit = self._lookup(wanted)
        if unit is None:
            return ""
        if wanted == squash(unit.short_name) or (wanted not in self._by_name and self._below_city(wanted)):
            return unit.name
        is_short = wanted not in self._by_name and CITY_PREFIX + wanted in self._by_name
        return CITY_PREFIX + wanted if is_short else wanted

    def _lookup(self, wanted: str) -> KnownUnit | None:
        unit = self._by_name.get(wanted) or self._by_name.get(CITY_PREFIX + wanted)
        if unit is None and wanted.endswith("政府"):
            # A county and its government are one.
            county = self._by_name.get(wanted.removesuffix("政府").removesuffix("人民"))
            unit = county if county and county.kind == UnitKind.COUNTY else None
        rest = self._below_city(wanted) if unit is None else ""
        return self._by_name.get(CITY_PREFIX + rest) or self._lookup(rest) if rest else unit

    def _below_city(self, wanted: str) -> str:
        """Return what follows the city's own name, long or short, "" if a name does not begin with it."""
        plain = wanted.removeprefix("中共")
        for name in filter(None, (self.city, self.city[:-1])):
            if plain.startswith(name):
                return plain.removeprefix(name)
        return ""

    def means_all(self, name: str) -> bool:
        """Tell whether a word for counties means each of them: 11个县（市、区） does where there are eleven."""
        count = count_of_counties(name)
        return count is None or not self.counties or count == len(self.counties)

    def named_by_place(self, name: str) -> str:
        """Return how an office is called whose name begins with a place of the table; "" if it does not.

        三明税务局 is 市税务局; 三明海关, 福建证监局 and 永安税务局 stay as they are.
        """
        rest = self._below_city(name)
        if rest and needs_prefix(rest) and re.search("[局委办部会联]$", rest):
            return CITY_PREFIX + rest
        places = [self.province[:-1], *(squash(county.short_name) for county in self.counties)]
        return name if rest or name.startswith(tuple(p for p in places if len(p) > 1)) else ""

    def certainly_means(self, name: str, unit: KnownUnit) -> bool:
        """Tell whether a name is surely this unit's under usual abbreviations; 福州市卫健委 is none of 三明市."""
        place = own_prefix(squash(name))
        is_elsewhere = bool(self.city) and len(place) > 1 and place.endswith("市") and place != self.city
        return not is_elsewhere and same_unit(name, unit.name)

    def likely(self, name: str) -> list[KnownUnit]:
        """Return the units in use that `name` may mean, best first."""
        return likely_units(name, [unit for unit in self.units if unit.is_active])
