"""What a number format of Excel makes of a number: 47.5%, 300台, 2024年6月; the same for .xlsx and .xls."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

# A time that counts on beyond a day; then: a quoted text, an escaped character, the number, and what is left;
# room and filling, colours and conditions show nothing.
ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
TOKEN = re.compile(r'"([^"]*)"?|\\(.)|(general|[0#?.,]+)|[_*].|\[[^\]]*\]|(.)', re.DOTALL | re.IGNORECASE)
DATE_LETTERS = frozenset("ymdhs")
# Formats that go by a number alone and that the readers take for plain ones: those of Chinese Excel.
CHINESE = {
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    **dict.fromkeys((30,), "m-d-yy"),
    **dict.fromkeys((31,), 'yyyy"年"m"月"d"日"'),
    **dict.fromkeys((32, 34, 55), 'h"时"mm"分"'),
    **dict.fromkeys((33, 35, 56), 'h"时"mm"分"ss"秒"'),
}
BUILT_IN = {
    **CHINESE,
    9: "0%",
    10: "0.00%",
    14: "m/d/yyyy",
    15: "d-mmm-yy",
    17: "mmm-yy",
    22: "m/d/yyyy h:mm",
}
# Day 0 of each way of counting; before the first of March 1900 Excel's own count is wrong.
DAY_0 = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # noqa: DTZ001 (a cell knows no zone)
LAST_DAY = 2_957_003  # what both ways of counting can write as a date


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A format that shows more than the number: texts around it, a per cent sign, or a date's fields."""

    before: str = ""
    after: str = ""
    is_percent: bool = False
    date_fields: frozenset[str] = frozenset()

    def text(self, value: float, *, from_1904: bool) -> str:
        """Return `value` as the cell shows it, but never rounded."""
        if self.date_fields:
            return self._date_text(value, from_1904) or plain_number(value)
        return f"{self.before}{plain_number(value * 100 if self.is_percent else value)}{self.after}"

    def _date_text(self, value: float, from_1904: bool) -> str:
        if not 0 <= value <= LAST_DAY:
            return ""
        moment = DAY_0[from_1904] + timedelta(seconds=round(value * 86_400))
        fields = self.date_fields
        if not fields & set("ymd") or (value < 1 and not from_1904):
            return f"{moment:%H:%M}" if "h" in fields else ""
        if fields == {"y"}:
            return f"{moment.year}年"
        if not fields & set("dh"):
            return f"{moment.year}年{moment.month}月"
        return date_text(moment)


def number_format(number: int, code: str) -> NumberFormat | None:
    """Return what format `number` (with its own `code`, if it has one) adds to a number, None if nothing."""
    code = code or BUILT_IN.get(number, "")
    if ELAPSED.search(code):
        return None
    before, after = "", ""
    fields: set[str] = set()
    has_number = is_percent = False
    for quoted, escaped, digits, plain in TOKEN.findall(code):
        if plain == ";":  # only what is said of positive numbers
            break
        has_number = has_number or bool(digits)
        is_percent = is_percent or plain == "%"
        fields |= DATE_LETTERS & {plain.lower()}
        literal = "%" if plain == "%" else quoted or escaped
        before, after = (before, after + literal) if has_number else (before + literal, after)
    if fields:
        # Minutes are written like months.
        is_time = fields & set("hs") and not fields & set("yd")
        return NumberFormat(date_fields=frozenset(fields - {"m"} if is_time else fields))
    if not has_number or not (before.strip() or after.strip()):
        return None
    return NumberFormat(before.strip(), after.strip(), is_percent)


def plain_number(value: float) -> str:
    """Return a number without the noise of binary fractions: 3.0 → "3", 0.1 + 0.2 → "0.3"."""
    return str(int(value)) if float(value).is_integer() else f"{value:.15g}"


def date_text(value: date) -> str:
    """Return "2024-12-31", with the time behind it where there is one."""
    if not isinstance(value, datetime):
        return value.isoformat()
    return f"{value:%Y-%m-%d}" if value.time() == time(0) else f"{value:%Y-%m-%d %H:%M}"
