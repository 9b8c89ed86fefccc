"""Decides: which days of a plan fall on days off or clash otherwise, and the day proposed for each.

What is proposed for a limit follows 民法典第二百零三条 (a term that ends on a statutory holiday ends on the day
after it) as an analogy: whether the city moves a limit that its document names is for people to decide.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations, product

from tasks_app.choices import DayKind
from tasks_app.clock import WEEKDAYS, short_day
from tasks_app.domain.calendar.rules import ONE_DAY, WorkingCalendar
from tasks_app.domain.plan.rules import PeriodDates
from tasks_app.domain.reminders.kinds import filing
from tasks_app.domain.reminders.ladder import rung_words
from tasks_app.domain.reminders.rungs import BEGINNING, Rung, rung_day

# So many days off in a row, a public holiday among them, and nobody looks at the form until they are over:
# 春节, 劳动节 and 国庆节. Three days are a long weekend.
LONG_HOLIDAY = 4
FIELDS = {"opens_on": "开放日", "due_on": "按期截止日", "closes_on": "关闭日"}


@dataclass(frozen=True)
class Period:
    """One reporting period: what is asked of it here."""

    pk: int
    name: str
    year: int
    dates: PeriodDates
    is_open: bool = False
    is_own: bool = True  # of the plan that is looked at, not of another one with the same units


@dataclass(frozen=True)
class Clash:
    """One day of `period` that clashes. With a `field` the `proposed` day can be taken over with one click."""

    period: Period
    what: str
    day: date
    why: str
    advice: str
    proposed: date | None = None
    field: str = ""


@dataclass(frozen=True)
class Days:
    """The calendar with the names of its holidays."""

    calendar: WorkingCalendar
    names: Mapping[date, str]

    def is_off(self, day: date) -> bool:
        """Tell whether offices do not work on `day`."""
        return not self.calendar.is_working_day(day)

    def off_around(self, day: date) -> tuple[date, date]:
        """Return the first and the last day off of the run in which `day`, a day off itself, lies."""
        first = last = day
        while self.is_off(first - ONE_DAY):
            first -= ONE_DAY
        while self.is_off(last + ONE_DAY):
            last += ONE_DAY
        return first, last

    def holiday_around(self, day: date) -> str:
        """Return the name of the public holiday in the run of days off around `day`, "" for a mere weekend."""
        first, last = self.off_around(day)
        run = [first + n * ONE_DAY for n in range((last - first).days + 1)]
        holidays = [day for day in run if self.calendar.special.get(day) == DayKind.HOLIDAY]
        return next((self.names.get(day) or "节假日" for day in holidays), "")

    def why_off(self, day: date) -> str:
        """Return in words why `day` is a day off."""
        first, last = self.off_around(day)
        holiday = self.holiday_around(day)
        if not holiday:
            return f"周{WEEKDAYS[day.weekday()]}，不上班"
        length = (last - first).days + 1
        return f"{holiday}：{short_day(first)}至{short_day(last)}连休{length}天"

    def long_holiday_before(self, day: date) -> str:
        """Return the name of the long holiday after which `day` is the first working day, else ""."""
        before = day - ONE_DAY
        if self.is_off(day) or not self.is_off(before):
            return ""
        first, last = self.off_around(before)
        return self.holiday_around(before) if (last - first).days + 1 >= LONG_HOLIDAY else ""


def moved(dates: PeriodDates, name: str, day: date) -> PeriodDates:
    """Return `dates` with the day `name` set to the later `day`; those after it that it passes move along."""
    dates = replace(dates, **{name: day})
    due_on = max(dates.due_on, dates.opens_on)
    closes_on = dates.closes_on and max(dates.closes_on, due_on)
    return PeriodDates(dates.opens_on, due_on, closes_on)


def clashes(periods: Iterable[Period], ladder: Sequence[Rung], days: Days, *, today: date) -> list[Clash]:
    """Return what clashes in the `periods` of one plan, by day; `ladder` are the rungs of filing.

    Periods of other plans with the same units are among `periods` for what collides with them. What is over
    by `today`, also with the day proposed, can no longer be mended and is left out.
    """
    periods = list(periods)
    found = [
        clash
        for period in periods
        if period.is_own
        for clash in (
            *_days_off(period, days),
            *_rungs_off(period, ladder, days),
            *_after_long_holidays(period, days),
            *_outside_year(period),
        )
    ]
    found += _collisions(periods)
    current = [clash for clash in found if max(clash.day, clash.proposed or clash.day) >= today]
    return sorted(current, key=lambda clash: (clash.day, clash.period.pk, not clash.field))


def years_of(periods: Iterable[Period], ladder: Sequence[Rung], calendar: WorkingCalendar) -> list[int]:
    """Return the years into which the days and rungs of the own `periods` reach, in order."""
    days = set[date]()
    for period in periods:
        if period.is_own:
            days |= {day for _, day in _named_days(period)}
            days |= {_rung_day(rung, period, calendar) for rung in ladder}
    return sorted({day.year for day in days})


def _named_days(period: Period) -> list[tuple[str, date]]:
    days = ((name, getattr(period.dates, name)) for name in FIELDS)
    return [(name, day) for name, day in days if day is not None]


def _days_off(period: Period, days: Days) -> Iterator[Clash]:
    """A limit moves on to the next working day, and so does an opening, unless it is over already."""
    for name, day in _named_days(period):
        if not days.is_off(day) or (name == "opens_on" and period.is_open):
            continue
        proposed = days.calendar.add(day, 1)
        advice = "当天无人上班，可改在下一个工作日开放。" if name == "opens_on" else "可顺延到下一个工作日。"
        after = moved(period.dates, name, proposed)
        for other, was in _named_days(period):
            if other != name and (follows := getattr(after, other)) != was:
                advice += f"{FIELDS[other]}随之改为{short_day(follows)}。"
        yield Clash(period, FIELDS[name], day, days.why_off(day), advice, proposed, name)


def _rung_day(rung: Rung, period: Period, calendar: WorkingCalendar) -> date:
    return rung_day(rung.offset, period.dates.opens_on, period.dates.due_on, calendar)


def _rungs_off(period: Period, ladder: Sequence[Rung], days: Days) -> Iterator[Clash]:
    """Rungs are counted in working days: only those of the opening and of the limit itself can be on a day off."""
    for rung in ladder:
        day = _rung_day(rung, period, days.calendar)
        is_over = rung.offset == BEGINNING and period.is_open
        if is_over or not days.is_off(day):
            continue
        if rung.offset == BEGINNING:
            proposed = days.calendar.add(day, 1)
            advice = "休息日不发提醒，改在开放后的第一个工作日发出；开放日改定后随之一致。"
        else:
            proposed = days.calendar.add(day, -1)
            advice = "休息日不发提醒，按期报送的最后提醒应在前一个工作日发出；截止日顺延后随之解决。"
        yield Clash(
            period, f"提醒：{rung_words(rung.offset, filing.KIND)}", day, days.why_off(day), advice, proposed
        )


def _after_long_holidays(period: Period, days: Days) -> Iterator[Clash]:
    day = period.dates.due_on
    if holiday := days.long_holiday_before(day):
        why = f"{holiday}长假后的第一个工作日"
        advice = "截止前的提醒都在长假之前发出，审签也只剩一天，请考虑再顺延几天或提前催办。"
        yield Clash(period, FIELDS["due_on"], day, why, advice)


def _outside_year(period: Period) -> Iterator[Clash]:
    for name in ("opens_on", "due_on"):
        day = getattr(period.dates, name)
        if day.year != period.year:
            advice = "请核对年份；确需跨年的可以保留。"
            yield Clash(period, FIELDS[name], day, f"不在{period.year}年度内", advice)


def _collisions(periods: Sequence[Period]) -> Iterator[Clash]:
    """Two openings or limits on one day: units would have to do both at once, and get one message for both."""
    for one, two in combinations(periods, 2):
        own, other = (one, two) if one.is_own else (two, one)
        if not own.is_own:
            continue
        for name, other_name in product(("opens_on", "due_on"), repeat=2):
            day = getattr(own.dates, name)
            if day == getattr(other.dates, other_name):
                why = f"与{other.name}的{FIELDS[other_name]}同一天"
                yield Clash(own, FIELDS[name], day, why, "同一批单位要同时办两件事，请错开。")
