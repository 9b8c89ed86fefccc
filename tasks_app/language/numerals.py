"""Text and numbers as offices write them: full-width, in Chinese digits, broken by a narrow cell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

HALF_WIDTH = {
    full: full - 0xFEE0 for full in [*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B)]
} | str.maketrans("％．／－＋＞＜＝～〜﹥﹤≧≦\u3000", "%./-+><=~~><≥≤\u0020")
DIGITS_APART = re.compile(r"(?<=\d)[ \t\u00a0]+(?=\d)")
# What joins the ends of a range: 3—5个, 2024年3月至12月.
TO = r"(?:[-–—―~]{1,2}|至|到)"
SPACE = re.compile(r"\s")
CHINESE_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2}
CHINESE_DIGITS |= dict.fromkeys("〇○O0", 0)
CHINESE_SCALES = {"十": 10, "百": 100, "千": 1000}


def half_width(text: str) -> str:
    """Return `text` with half-width digits and signs; its length stays the same, so places in it stay true."""
    return text.translate(HALF_WIDTH)


@dataclass(frozen=True, slots=True)
class Plain:
    """A text made plain for reading: half-width and without white space; it knows what stands where.

    Two numbers apart by a space stay apart, for one number must not be made of them; a line break
    between digits is the narrow cell's.
    """

    text: str
    original: str
    places: Sequence[int]

    @classmethod
    def of(cls, original: str) -> "Plain":
        """Return `original` made plain."""
        half = half_width(original)
        if not SPACE.search(half):
            return cls(half, original, range(len(half)))
        apart = {found.start() for found in DIGITS_APART.finditer(half)}
        places = [place for place, char in enumerate(half) if not char.isspace() or place in apart]
        text = "".join(" " if place in apart else half[place] for place in places)
        return cls(text, original, places)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where text[start:end] stands in the original."""
        if start >= end:
            return (self.places[start], self.places[start]) if start < len(self.places) else (0, 0)
        return self.places[start], self.places[end - 1] + 1

    def words(self, start: int, end: int) -> str:
        """Return the words of text[start:end] exactly as they were written."""
        first, last = self.span(start, end)
        return self.original[first:last]


def whole_number(text: str) -> int | None:
    """Return the value of digits or of Chinese numerals below ten thousand; None if it is neither."""
    if text.isascii() and text.isdigit():
        return int(text)
    if not text or not all(char in CHINESE_DIGITS or char in CHINESE_SCALES for char in text):
        return None
    if not any(char in CHINESE_SCALES for char in text):
        return int("".join(str(CHINESE_DIGITS[char]) for char in text))
    total = 0
    digit: int | None = None
    for char in text:
        if char in CHINESE_DIGITS:
            digit = CHINESE_DIGITS[char]
        else:
            # 十二 has no digit before its ten.
            total += (1 if digit is None else digit) * CHINESE_SCALES[char]
            digit = None
    return total + (digit or 0)
