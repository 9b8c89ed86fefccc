"""Dates as offices write them: 2024年底前, 12月中旬, 上半年, 三季度末, 2024.3-2024.12, “十四五”末.

A limit is read inclusively, as the law reads 以前: 6月前, 6月底前 and 6月 all end on June 30.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from .numerals import TO, whole_number

N = r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
Y = r"(?:(?<![0-9])(?:19|20)[0-9]{2}|二[〇零○][〇零○一二三四五六七八九]{2}|(?<![0-9])[2-4][0-9])"
# 年中药 and 年内蒙古 are no dates, nor is 三年内.
MIDDLE = r"中(?=底?[之以]?前|旬|完成|[,，;；。、)）]|$)"
INSIDE = r"内(?![蒙部科外涵容])"
BOTTOM = r"(?:底(?![层线部板])|末(?!端))"
OF_YEAR = r"(?(year)年?|(?(relative)年?|(?<![0-9一二三四五六七八九十两几近多数百每前往历])年))"
PATTERN = re.compile(
    rf"""
    (?=[0-9一二三四五六七八九十上下年全今本当明次后前第Q“"「])(?:
    (?P<iso_year>(?<![0-9])20[0-9]{{2}})(?P<iso_mark>[-./])(?P<iso_month>0?[1-9](?![0-9])|1[0-2]|0[1-9])
        (?:(?P=iso_mark)(?P<iso_day>[0-9]{{1,2}})(?:\ ?[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}})?)?
          |{TO}(?P<iso_last>[0-9]{{1,2}})月?)?(?![0-9])
    |[“"「]?十(?P<five>[三四五六])五[”"」]?(?:期?(?P<five_end>末)|期间|时期)
    |(?:
        (?:{Y}年?{TO})?(?P<year>{Y})(?:年[度的]?|(?=[上下]半年))
        |(?P<relative>今年度?|本年度?|当年|明年|次年|后年)的?
     )?
     (?:
        (?:{N}{TO})?(?P<month>(?<![0-9]){N})月份?
            (?:(?P<day>{N})[日号](?:{TO}(?P<last_day>{N})[日号])?|(?P<third>[上中下]旬)
              |(?P<month_end>{BOTTOM})|(?P<early>初(?!步|[级中心]))|(?P<mid>{MIDDLE}))?
        |(?P<half>[上下])半年{BOTTOM}?
        |第?(?P<quarter>前三(?=季度)|[一二三四1-4](?=季度)|Q[1-4])(?:季度)?(?P<quarter_end>{BOTTOM})?
        |(?P<year_end>{OF_YEAR}(?:{BOTTOM}|{INSIDE}|终))
        |(?P<year_mid>{OF_YEAR}{MIDDLE})
        |(?P<all_year>全年)
     )?
    )
    """,
    re.VERBOSE,
)
# What may hold a date at all, so that most text is passed over at once.
WORTH_READING = re.compile(
    r"[0-9０-９〇]|月|年[底末内中终]|半年|季度|全年|今年|明年|本年|当年|五[”\"」]?期?[末间]"
)
BEFORE = re.compile(r"[之以]?前(?![后期往列三沿端台述提身瞻来面十]|[0-9])|" + INSIDE)
FINISHED = re.compile(
    r"(?:全面|全部|基本|正式|全市)?(?:完成|建成|出台|印发|投入使用|投用|竣工|上线|到位|交付|报送|实现)(?!的)"
)
JOINED = re.compile(TO)
LISTED = re.compile(r"[、和及]")
# What a date is measured from sets no limit: 较2020年下降, 自2023年以来, 2020年起.
COMPARED = re.compile(r"(?:较|比|自|从|以|与|同|距|按|对照|相比)$")
SINCE = re.compile(r"(?:[之以]?来|以来|[之以]?后|起|开始|度?考核|版)")
TITLE = re.compile(r"《[^》]*》|[〔\[【][^〕\]】]*[〕\]】]")
MONTHS_OF_QUARTER = {"一": 3, "二": 6, "三": 9, "四": 12, "前三": 9}
FIVE_YEARS = {"三": 2020, "四": 2025, "五": 2030, "六": 2035}
THIRDS = {"上旬": 10, "中旬": 20}
RELATIVE_YEARS = {"明": 1, "次": 1, "后": 2}


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A date in a text: `due_on` is its last day, None where its year is not known or it is no real day.

    `is_limit`: something must be done by then. `is_reference`: something is measured from it.
    """

    start: int
    end: int
    due_on: date | None
    is_limit: bool
    is_reference: bool
    is_recurring: bool = False


def dates_in(text: str, year: int | None) -> list[DateSpan]:
    """Return the dates in a plain text; one without a year gets that of the date before it, or `year`."""
    if not WORTH_READING.search(text):
        return []
    titles = [found.span() for found in TITLE.finditer(text)]
    spans: list[DateSpan] = []
    carried = year
    for found in _matches(text):
        own_year = _year(found, year)
        if any(start <= found.start() < end for start, end in titles):
            continue
        span = _span(text, found, own_year or carried)
        # A year of history says nothing of the dates that follow it.
        if own_year and not span.is_reference and (year is None or own_year >= year):
            carried = own_year
        last = spans[-1] if spans else None
        if last and JOINED.fullmatch(text, last.end, span.start):
            # 自2023年至2025年: the end of the stretch counts, but sets no limit by itself.
            is_limit = span.is_limit and bool(BEFORE.match(text, span.end - 1))
            spans[-1] = replace(span, start=last.start, is_limit=is_limit, is_recurring=last.is_recurring)
        else:
            spans.append(span)
    return _shared_limits(text, spans)


def _matches(text: str) -> Iterator[re.Match[str]]:
    for found in PATTERN.finditer(text):
        if found[0] and found.lastgroup:
            # 24年 is a year only where more of a date follows it.
            is_short = found["year"] and len(found["year"]) == 2
            if not is_short or found["month"] or found["year_end"] or found["half"] or found["quarter"]:
                yield found


def _span(text: str, found: re.Match[str], year: int | None) -> DateSpan:
    start, end = found.span()
    due_on = _due_on(found, year)
    before = text[max(0, start - 3) : start]
    after = BEFORE.match(text, end)
    is_recurring = "每" in text[max(0, start - 2) : start]
    is_reference = bool(COMPARED.search(before) or SINCE.match(text, end))
    if after:
        end = after.end()
    ends_it = found["month_end"] or found["year_end"] or found["five_end"] or found["quarter_end"]
    is_horizon = before.endswith(("到", "至")) and bool(found["year"] or found["iso_year"])
    is_limit = bool(after or (ends_it and not text.startswith("的", end)) or is_horizon)
    is_limit = is_limit or bool(FINISHED.match(text, end))
    is_limit = is_limit and not is_reference and not is_recurring and due_on is not None
    return DateSpan(start, end, due_on, is_limit, is_reference, is_recurring)


def _shared_limits(text: str, spans: list[DateSpan]) -> list[DateSpan]:
    """Let 7月25日、9月25日、11月25日前 share its last 前."""
    for place in range(len(spans) - 2, -1, -1):
        span, following = spans[place], spans[place + 1]
        is_listed = LISTED.fullmatch(text, span.end, following.start)
        if is_listed and following.is_limit and span.due_on and not span.is_reference:
            spans[place] = replace(span, is_limit=True)
    return spans


def _year(found: re.Match[str], year: int | None) -> int | None:
    """Return the year that the date itself names."""
    if found["relative"]:
        return None if year is None else year + RELATIVE_YEARS.get(found["relative"][0], 0)
    written = found["year"] or found["iso_year"]
    if found["five"]:
        return FIVE_YEARS[found["five"]]
    value = whole_number(written) if written else None
    return value + 2000 if value is not None and value < 100 else value


def _due_on(found: re.Match[str], year: int | None) -> date | None:
    """Return the last day of what is meant."""
    if year is None:
        return None
    if found["iso_year"]:
        return _day(year, found["iso_last"] or found["iso_month"], found["iso_day"])
    if found["month"]:
        return _day_of_month(found, year)
    if found["half"] or found["year_mid"]:
        return _day(year, "12" if found["half"] == "下" else "6", None)
    if found["quarter"]:
        quarter = found["quarter"].removeprefix("Q")
        return _day(year, str(MONTHS_OF_QUARTER.get(quarter) or int(quarter) * 3), None)
    return date(year, 12, 31)


def _day_of_month(found: re.Match[str], year: int) -> date | None:
    if found["early"]:
        return _day(year, found["month"], "10")
    if found["mid"]:
        return _day(year, found["month"], "15")
    third = THIRDS.get(found["third"] or "")
    return _day(year, found["month"], str(third) if third else found["last_day"] or found["day"])


@lru_cache(maxsize=1024)
def _day(year: int, month: str, day: str | None) -> date | None:
    """Return the day, the month's last where none is given; None if there is no such day."""
    number = whole_number(month)
    if number is None or not 1 <= number <= 12:
        return None
    last = monthrange(year, number)[1]
    wanted = last if day is None else whole_number(day)
    return date(year, number, wanted) if wanted is not None and 1 <= wanted <= last else None
