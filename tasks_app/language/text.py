"""Small readings of a text that every rule of the import shares."""

import re
import unicodedata
from functools import lru_cache

YEAR = re.compile(r"(20\d\d)\s*(?:[-—–~～至]\s*20\d\d\s*)?年")
MONTH = re.compile(r"\s*[\d０-９]{1,2}\s*月")
CHINESE_YEAR = re.compile(r"二[〇○Ｏ零0]([〇○零一二三四五六七八九])([〇○零一二三四五六七八九])年")
CHINESE_DIGITS = "〇一二三四五六七八九"


@lru_cache(maxsize=4096)
def squash(text: str) -> str:
    """Return `text` for comparing: one width of characters, no white space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def one_line(text: str) -> str:
    """Return a title without the line breaks that a narrow cell gave it."""
    return re.sub(r"[ \t]*\n[ \t]*", "", text).strip()


def half_width(text: str) -> str:
    """Return `text` with half-width digits; its length stays the same, so places in it stay true."""
    return "".join(str(unicodedata.digit(c)) if "０" <= c <= "９" else c for c in text)


def years_in(text: str) -> tuple[int, ...]:
    """Return the years that a text names, each once; of a span, or of the month something was made, none but the first.

    2025年任务（2024年12月印发） is of 2025 alone.
    """
    found = [int(year[1]) for year in YEAR.finditer(half_width(text)) if not MONTH.match(text, year.end())]
    first = year_in(text)
    return tuple(dict.fromkeys(found)) if found else () if first is None else (first,)


def year_in(text: str) -> int | None:
    """Return the year that a text names, the first of a span of years."""
    plain = half_width(text)
    if found := YEAR.search(plain):
        return int(found[1])
    if found := CHINESE_YEAR.search(text):
        digits = [CHINESE_DIGITS.index(d.replace("○", "〇").replace("零", "〇")) for d in found.groups()]
        return 2000 + digits[0] * 10 + digits[1]
    return None
