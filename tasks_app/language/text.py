"""Small readings of a text that every rule of the import shares."""

import re
import unicodedata
from functools import lru_cache

from .numerals import half_width, whole_number

YEAR = re.compile(r"(20\d\d|二[〇○零O0][〇○零一二三四五六七八九]{2})\s*(?:[-—–~至]\s*20\d\d\s*)?年")
MONTH = re.compile(r"\s*\d{1,2}\s*月")


@lru_cache(maxsize=4096)
def squash(text: str) -> str:
    """Return `text` for comparing: one width of characters, no white space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def one_line(text: str) -> str:
    """Return a title without the line breaks that a narrow cell gave it."""
    return re.sub(r"[ \t]*\n[ \t]*", "", text).strip()


def years_in(text: str) -> tuple[int, ...]:
    """Return the years that a text names, each once; of a span, or of the month something was made, none but the first.

    2025年任务（2024年12月印发） is of 2025 alone.
    """
    plain = half_width(text)
    found = [(whole_number(year[1]) or 0, MONTH.match(plain, year.end())) for year in YEAR.finditer(plain)]
    years = [year for year, is_of_month in found if not is_of_month] or [year for year, _ in found[:1]]
    return tuple(dict.fromkeys(years))


def year_in(text: str) -> int | None:
    """Return the year that a text names, the first of a span of years."""
    found = YEAR.search(half_width(text))
    return whole_number(found[1]) if found else None
