"""One rung of a ladder: when it is reached, whom it tells, how high something stands. Knows no kind of obligation."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from tasks_app.choices import Channel, Role
from tasks_app.domain.calendar.rules import WorkingCalendar

# The rung of the day on which something begins: a period opens, a report is returned, a notice is issued.
BEGINNING = -100
FILLER, SIGNER, OFFICE = Role.FILLER, Role.SIGNER, Role.OFFICE
UNIT_ROLES = frozenset({FILLER, SIGNER})


@dataclass(frozen=True, order=True)
class Rung:
    """One rung, `offset` working days from the limit; `repeat_every` makes it come again and again.

    `tells` are the roles told; the office is told what to follow up by telephone. `channel` is tried first.
    Empty `words` are the program's own.
    """

    offset: int
    repeat_every: int | None = None
    tells: frozenset[Role] = field(default=frozenset({FILLER}), compare=True)
    channel: Channel = Channel.EMAIL
    words: str = ""


class Height(NamedTuple):
    """How high something stands: the rung it has reached, and `offset`, which for a repeated one is today's."""

    rung: Rung
    offset: int

    def is_news_after(self, told: int | None) -> bool:
        """Tell whether somebody who was last told at the offset `told` is to be told now."""
        if told is None or told < self.rung.offset:
            return True
        return self.rung.repeat_every is not None and self.offset - told >= self.rung.repeat_every


def rungs(*of_kind: tuple[int, str] | tuple[int, str, int]) -> tuple[Rung, ...]:
    """Return the rungs written as (offset, whom it tells, after how many days again).

    f is the filler, s the signer, o the office.
    """
    roles = {"f": FILLER, "s": SIGNER, "o": OFFICE}
    return tuple(
        Rung(offset, repeat[0] if repeat else None, frozenset(roles[letter] for letter in tells))
        for offset, tells, *repeat in of_kind
    )


def reached(
    ladder: Iterable[Rung], calendar: WorkingCalendar, since: date, due_on: date, today: date
) -> Height | None:
    """Return how high on `ladder` something stands on `today`; None before the first rung.

    `ladder` holds the rungs for what began on `since` and has its limit on `due_on`. Never "is today the
    day": a run that was missed is caught up, and the rungs it missed are skipped.
    """
    passed = [rung for rung in ladder if rung_day(rung.offset, since, due_on, calendar) <= today]
    if not passed:
        return None
    latest = max(passed, key=lambda rung: rung.offset)
    return Height(latest, calendar.between(due_on, today) if latest.repeat_every else latest.offset)


def rung_day(offset: int, since: date, due_on: date, calendar: WorkingCalendar) -> date:
    """Return the day on which the rung `offset` is reached."""
    return since if offset == BEGINNING else calendar.add(due_on, offset)


def rung_label(offset: int) -> str:
    """Return the short name of a rung: 开始, T-3, T, T+1."""
    if offset == BEGINNING:
        return "开始"
    return f"T{offset:+d}" if offset else "T"
