"""Decides: which rung of the ladder a limit has reached, who is told, when and how often sending is tried."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from tasks_app.choices import ReportState, Role
from tasks_app.clock import SHANGHAI
from tasks_app.domain.calendar.rules import WorkingCalendar

# Messages leave only while offices work: 8:30 to 17:30 on working days.
SENDING_STARTS, SENDING_ENDS = time(8, 30), time(17, 30)
# From this rung on the signer is told too, not only the fillers.
SIGNER_FROM = -3
# A ladder longer than this is a slip of the keyboard.
FARTHEST = 60
# Pauses after each failed attempt; the last one again and again, until about a day of trying has passed.
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
ATTEMPTS = 26
# A sender that has not reported back for so long has died; what it was just sending is uncertain.
CLAIM_ENDS = timedelta(minutes=10)


@dataclass(frozen=True, order=True)
class Rung:
    """One rung, `offset` working days from the limit; `repeat_every` makes it come again and again."""

    offset: int
    repeat_every: int | None = None


class OwedReport(NamedTuple):
    """One report a unit owes: what the ladder and the words need of it.

    `report` is 0 while its period is not open yet; `last_rung` is the ledger's latest for this limit.
    """

    report: int
    unit: int
    unit_name: str
    plan: int
    issuer: int
    period: str
    state: str
    opens_on: date
    due_on: date
    closes_on: date | None = None
    last_rung: int | None = None

    def is_owed_on(self, day: date) -> bool:
        """Tell whether the report can still be filed on `day`, which is today or later."""
        return self.opens_on <= day and (self.closes_on is None or day <= self.closes_on)


@dataclass(frozen=True)
class Due:
    """An owed report that has newly reached a rung."""

    owed: OwedReport
    rung: int


DEFAULT_LADDER = (Rung(-10), Rung(-5), Rung(-3), Rung(-1), Rung(0), Rung(1), Rung(3, repeat_every=5))


def rung_day(offset: int, due_on: date, calendar: WorkingCalendar) -> date:
    """Return the day on which the rung `offset` of the limit `due_on` is reached."""
    return calendar.add(due_on, offset)


def reached_rung(ladder: Iterable[Rung], calendar: WorkingCalendar, due_on: date, today: date) -> int | None:
    """Return the latest rung reached by `today`, as an offset; None before the first.

    Never "is today the day": a run that was missed is caught up, and the rungs it missed are skipped.
    """
    reached = [rung for rung in ladder if rung_day(rung.offset, due_on, calendar) <= today]
    if not reached:
        return None
    latest = max(reached, key=lambda rung: rung.offset)
    if not latest.repeat_every:
        return latest.offset
    since = calendar.between(due_on, today) - latest.offset
    return latest.offset + since // latest.repeat_every * latest.repeat_every


def newly_due(
    owed: Iterable[OwedReport], ladders: Mapping[int, Sequence[Rung]], calendar: WorkingCalendar, today: date
) -> list[Due]:
    """Return the reports that have reached a rung later than any in the ledger, each with that rung.

    `ladders` holds each plan's rungs; a plan without any has the default ladder. Never goes back to an
    earlier rung, also when the calendar or the ladder was edited in between.
    """
    reached: dict[tuple[int, date], int | None] = {}  # thousands of units share a handful of limits
    due = []
    for report in owed:
        key = (report.plan, report.due_on)
        if key not in reached:
            ladder = ladders.get(report.plan, DEFAULT_LADDER)
            reached[key] = reached_rung(ladder, calendar, report.due_on, today)
        rung = reached[key]
        if rung is not None and (report.last_rung is None or rung > report.last_rung):
            due.append(Due(report, rung))
    return due


def rung_label(offset: int) -> str:
    """Return the short name of a rung: T-3, T, T+1."""
    return f"T{offset:+d}" if offset else "T"


def rung_words(offset: int) -> str:
    """Return a rung in words."""
    if offset == 0:
        return "截止当天"
    return f"截止前{-offset}个工作日" if offset < 0 else f"逾期{offset}个工作日"


def roles_told(due: Iterable[Due]) -> frozenset[Role]:
    """Return who in the unit is told: the fillers, from T-3 or while it waits for them also the signers."""
    if any(one.rung >= SIGNER_FROM or one.owed.state == ReportState.SIGNING for one in due):
        return frozenset({Role.FILLER, Role.SIGNER})
    return frozenset({Role.FILLER})


def is_sending_time(calendar: WorkingCalendar, at: datetime) -> bool:
    """Tell whether messages may leave at the moment `at`."""
    local = at.astimezone(SHANGHAI)
    return calendar.is_working_day(local.date()) and SENDING_STARTS <= local.time() < SENDING_ENDS


def pause_after(attempts: int) -> timedelta | None:
    """Return how long to wait after so many failed attempts; None when it is time to give up."""
    if attempts >= ATTEMPTS:
        return None
    return PAUSES[min(attempts, len(PAUSES)) - 1]


def ladder_problems(ladder: Sequence[Rung]) -> list[str]:
    """Return in words what is wrong with a ladder that somebody typed; empty when it may be used."""
    problems = []
    offsets = [rung.offset for rung in ladder]
    if not ladder:
        problems.append("至少保留一个提醒时点。")
    doubled = sorted({offset for offset in offsets if offsets.count(offset) > 1})
    problems += [f"{rung_label(offset)} 重复了，同一时点只填一次。" for offset in doubled]
    if any(abs(offset) > FARTHEST for offset in offsets):
        problems.append(f"提醒时点应在截止日前后 {FARTHEST} 个工作日以内。")
    if any(rung.repeat_every is not None and rung.offset <= 0 for rung in ladder):
        problems.append("只有截止日之后的时点可以重复提醒。")
    elif any(rung.repeat_every and rung.offset != max(offsets) for rung in ladder):
        problems.append("只有最后一个时点可以重复提醒。")
    return problems
