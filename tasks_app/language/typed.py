"""A number as somebody types it into a box: 2.1万, 46.8%, 1,860人, 约20. Pure."""

import re
from dataclasses import dataclass
from decimal import Decimal

from .quantities import SCALES, tidy
from .text import squash

# A comma parts thousands, or 万; elsewhere it may stand for a point, and nobody can tell.
PARTED = re.compile(r"-?(\d{1,3}(,\d{3})+|\d{1,4}(,\d{4})+)(\.\d*)?")
SCALE = "|".join(sorted(SCALES, key=len, reverse=True))
# What says that the number is not exact stands before it, within it (300余台) or behind it.
TYPED = re.compile(
    rf"(?P<about>大约|约|近|超过|超|逾)?(?P<number>-?[\d,]+(?:\.\d+)?)(?P<vague>[余多])?(?P<scale>{SCALE})?"
    r"(?P<vaguer>[余多])?(?P<unit>.*?)(?P<around>左右|上下)?"
)
OF_UNIT = re.compile(rf"(?P<scale>{SCALE})?(?P<base>.*)")
LONGEST, DECIMALS = 14, 4  # what a stored number holds


@dataclass(frozen=True, slots=True)
class TypedNumber:
    """What a box says; `is_about` where its own words call it inexact (约)."""

    value: Decimal
    is_about: bool = False


def typed_number(text: str, unit: str = "") -> TypedNumber | None:
    """Return the number that `text` is, counted in `unit`; None for what is none, or is counted in something else."""
    plain = squash(text).replace("−", "-")
    if squash(unit) == "%" and plain.startswith("百分之"):
        plain = plain.removeprefix("百分之")
    found = TYPED.fullmatch(plain)
    number = _number(found["number"]) if found else None
    if found is None or number is None:
        return None
    asked, said = _unit(squash(unit)), (SCALES.get(found["scale"] or "", 1), found["unit"])
    if said[1] not in ("", asked[1]):
        return None
    # A bare number is in the unit of the box; one that names its scale or its unit is brought to it.
    is_bare = not found["scale"] and not (said[1] and asked[0] > 1)
    value = tidy(number if is_bare else number * said[0] / asked[0])
    if value != round(value, DECIMALS) or len(str(abs(int(value)))) > LONGEST:
        return None
    return TypedNumber(value, any(found[name] for name in ("about", "vague", "vaguer", "around")))


def _number(text: str) -> Decimal | None:
    if "," in text:
        return Decimal(text.replace(",", "")) if PARTED.fullmatch(text) else None
    return Decimal(text)


def _unit(unit: str) -> tuple[int, str]:
    found = OF_UNIT.fullmatch(unit)
    if found is None:
        return 1, unit
    return SCALES.get(found["scale"] or "", 1), found["base"]
