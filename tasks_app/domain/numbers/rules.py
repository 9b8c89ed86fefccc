"""Decides how the city's value of a number comes about from what units said, and when two stand side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tasks_app.choices import IndicatorKind, Total
from tasks_app.domain.indicators.rules import ADDED_UP, Goal, expected_words, pace, reached_words


@dataclass(frozen=True, slots=True)
class Said:
    """What a unit filed of one number; `report` is where it stands."""

    report: int
    value: Decimal
    words: str
    pace: str = ""
    forecast: Decimal | None = None
    as_of: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class UnitNumber:
    """One unit that is asked for a number: what falls to it, what it said last and says now."""

    unit: int
    name: str
    is_county: bool
    is_owner: bool
    share: Decimal | None
    denominator: Decimal | None
    last: Said | None
    now: Said | None

    @property
    def stands(self) -> Said | None:
        """What counts: until it files anew, what it said last."""
        return self.now or self.last

    @property
    def is_carried(self) -> bool:
        """Whether what counts is from a period before."""
        return self.now is None and self.last is not None


@dataclass(frozen=True, slots=True)
class CityVoice:
    """One way to the city's value: by a Total, from `counted` of `asked` units, `carried` of them from before."""

    total: str
    value: Decimal
    counted: int
    asked: int
    carried: int
    who: str = ""  # the one unit that says it
    last: Decimal | None = (
        None  # by the same units in the period before, and at this period's end; None where
    )
    forecast: Decimal | None = None  # one of them did not say so

    @property
    def is_whole(self) -> bool:
        """Whether nobody is missing from it."""
        return self.counted == self.asked


@dataclass(frozen=True, slots=True)
class CityNumber:
    """The city's value of one number: the ways to it, first the one that was decided on, and which one `holds`."""

    voices: tuple[CityVoice, ...] = ()
    total: str = ""
    holds: str = ""

    @property
    def differs(self) -> bool:
        """Whether the ways lead to different values, with nobody missing."""
        return len({voice.value for voice in self.voices}) > 1 and all(v.is_whole for v in self.voices)

    @property
    def is_open(self) -> bool:
        """Whether the office has still to say which of two values holds."""
        return self.differs and not self.holds

    @property
    def leading(self) -> CityVoice | None:
        """The value that holds; None while two stand side by side, or it is not known yet."""
        if self.is_open:
            return None
        wanted = self.holds if self.differs else self.total
        return next((voice for voice in self.voices if voice.total == wanted), None)

    @property
    def others(self) -> list[CityVoice]:
        """What is said besides."""
        return [voice for voice in self.voices if voice is not self.leading]


def city_number(total: str, kind: str, numbers: Sequence[UnitNumber], holds: str = "") -> CityNumber:
    """Return the city's value of a number that `numbers` were said of."""
    owners = [each for each in numbers if each.is_owner]
    others = [each for each in numbers if not each.is_owner]
    voices = []
    if total == Total.OWNER:
        voices = [_voice(Total.OWNER, owners)]
    if total == Total.WEIGHTED:
        voices = [_weighted(others)]
    if total == Total.SUM or (total == Total.OWNER and others and kind in ADDED_UP):
        voices.append(_voice(Total.SUM, others))
    return CityNumber(tuple(voice for voice in voices if voice is not None), total, holds)


def reach(goal: Goal, city: CityNumber, on: date) -> tuple[str, str, str]:
    """Return how the city's value stands to the target in words, what 序时 expects in words, and its pace (Pace)."""
    voice = city.leading
    if voice is None or (kind := goal.kind) == IndicatorKind.YES_NO:
        return "", "", ""
    # While counts are missing the sum says nothing of how far behind the city is.
    is_known = voice.is_whole or kind not in ADDED_UP
    mark = pace(goal, voice.value, on) if is_known else ""
    return reached_words(goal, voice.value), expected_words(goal, on), mark


def _voice(total: Total, numbers: Sequence[UnitNumber]) -> CityVoice | None:
    said = [each.stands for each in numbers if each.stands is not None]
    if not said:
        return None
    return CityVoice(
        total.value,
        sum((each.value for each in said), Decimal(0)),
        len(said),
        len(numbers),
        _carried(numbers),
        who=numbers[0].name if total == Total.OWNER else "",
        last=_sum(each.last.value if each.last else None for each in numbers if each.stands),
        forecast=_sum(each.now.forecast if each.now else None for each in numbers if each.stands),
    )


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    """Return the sum, None where one of the values is not known."""
    known = list(values)
    return None if None in known else sum((value for value in known if value is not None), Decimal(0))


def _weighted(numbers: Sequence[UnitNumber]) -> CityVoice | None:
    """Return the mean of rates by their denominators; a unit without one is missing from it."""
    pairs = [(each.stands.value, each.denominator) for each in numbers if each.stands and each.denominator]
    if not pairs:
        return None
    whole = sum((weight for _, weight in pairs), Decimal(0))
    value = sum((value * weight for value, weight in pairs), Decimal(0)) / whole
    weighed = [each for each in numbers if each.denominator]
    return CityVoice(
        Total.WEIGHTED.value, value.quantize(Decimal("0.01")), len(pairs), len(numbers), _carried(weighed)
    )


def _carried(numbers: Iterable[UnitNumber]) -> int:
    return sum(each.is_carried for each in numbers)
