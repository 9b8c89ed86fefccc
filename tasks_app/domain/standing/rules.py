"""Decides: where a unit-task stands and whose voice leads; how a unit stands in a period, its band and lamps."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from tasks_app.choices import (
    LAGGING_STATUSES,
    RANKS,
    Agreement,
    FilingLamp,
    ProgressBand,
    ProgressLamp,
    ProgressStatus,
    Unheard,
    Voice,
)
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.domain.reporting.rules import OWED_STATES, expected, report_lamp
from tasks_app.models import Report

UNFILLED, SENT_BACK = Unheard.UNFILLED.value, Unheard.SENT_BACK.value
# Every status in which a unit-task may stand, in the order in which they are shown.
STATUSES = (*ProgressStatus.values, SENT_BACK, UNFILLED)
LAMPS = {
    ProgressStatus.DONE: ProgressLamp.NORMAL,
    ProgressStatus.ON_TRACK: ProgressLamp.NORMAL,
    ProgressStatus.BEHIND: ProgressLamp.LAGGING,
    ProgressStatus.NOT_STARTED: ProgressLamp.SEVERE,
}
# A unit lags in many tasks rather than in some from this share on; one task alone is never many.
MANY_SHARE, MANY_LEAST = 0.2, 2
# Whose word is heard: the first that says something leads (核定, else 自评; domain.md).
VOICES = (Voice.OFFICE, Voice.UNIT)


class Word(NamedTuple):
    """What one voice says of a unit-task: a ProgressStatus, in which period (its id) and when.

    A unit also says why it lags (Cause) and what it expects by the period's end (Outlook).
    """

    status: str
    period: int
    at: datetime | None
    cause: str = ""
    outlook: str = ""


class Texts(NamedTuple):
    """What the unit wrote of a task; 本期无新进展 stands where the progress would."""

    progress: str = ""
    forecast: str = ""
    remarks: str = ""


NO_TEXTS = Texts()


class Standing(NamedTuple):
    """Where a unit-task stands: the status that leads, whose it is, of which period and since when.

    `self_rating` and `verdict` are what unit and office say, "" for nothing; `verdict_before` is what the office
    said of what the unit has filed anew since. Without a voice the status is UNFILLED, or SENT_BACK. What
    contradicts itself is `in_doubt` (待核) until the office settles it. Of what lags the unit names a `cause`;
    `outlook` is what it expects by the period's end. The texts are there only where they were
    asked for.
    """

    status: str
    voice: Voice
    period: int
    since: datetime | None
    self_rating: str = ""
    verdict: str = ""
    verdict_before: str = ""
    texts: Texts = NO_TEXTS
    in_doubt: bool = False
    cause: str = ""
    outlook: str = ""

    @property
    def agreement(self) -> Agreement | None:
        """How the unit's own rating compares with the verdict on it, None while only one or nobody speaks."""
        if not (self.self_rating and self.verdict):
            return None
        own, office = (RANKS[status] for status in (self.self_rating, self.verdict))
        return Agreement.SAME if own == office else Agreement.ROSIER if own < office else Agreement.DARKER

    @property
    def differs(self) -> bool:
        """Tell whether unit and office both speak, and say different things."""
        return bool(self.self_rating and self.verdict) and self.self_rating != self.verdict


def standing_of(
    period: int,
    said: Word | None,
    judged: Word | None,
    texts: Texts = NO_TEXTS,
    *,
    counts: bool = True,
    is_back: bool = False,
    in_doubt: bool = False,
) -> Standing:
    """Return where a unit-task of `period` stands by what its unit said and the office judged.

    The one place that knows which voice leads. A verdict `counts` while the unit has filed nothing new since.
    What `is_back` with its unit is no progress until it is filed again: both words stay beside it. What was filed
    `in_doubt` is so as long as the unit's own word leads.
    """
    own, verdict = (word.status if word else "" for word in (said, judged))
    words = {Voice.UNIT: said, Voice.OFFICE: judged if counts else None}
    spoken = (own, verdict, "") if counts else (own, "", verdict)
    for voice in VOICES:
        word = words[voice]
        if word is not None and word.status:
            status = SENT_BACK if is_back else word.status
            leads = Voice.NOBODY if is_back else voice
            doubtful = in_doubt and leads == Voice.UNIT
            cause, outlook = (said.cause, expected(said.status, said.outlook)) if said else ("", "")
            why = cause if word.status in LAGGING_STATUSES else ""
            return Standing(status, leads, word.period, word.at, *spoken, texts, doubtful, why, outlook)
    return Standing(UNFILLED, Voice.NOBODY, period, None, *spoken, texts)


@dataclass(frozen=True)
class Filing:
    """One unit in one period. `days` are working days left, or, when negative, days gone since the limit."""

    report: Report
    lamp: FilingLamp
    days: int

    @property
    def left_the_unit(self) -> bool:
        """Tell whether the office may read the report (access.queries.visible_reports)."""
        return self.report.first_submitted_at is not None

    @property
    def is_owed(self) -> bool:
        """Tell whether the unit has still, or again, to file."""
        return self.report.state in OWED_STATES


@dataclass(frozen=True)
class UnitStanding(Filing):
    """One unit in one period with where its tasks stand, by task id: exactly those that it must report on.

    Until the unit files anew its last known state stands: `carried` is the earlier report that it is from.
    """

    tasks: dict[int, Standing]
    carried: Report | None = None

    @property
    def read_in(self) -> Report | None:
        """The report in which the office reads where the tasks stand, None while there is none to be read."""
        return self.carried or (self.report if self.left_the_unit else None)

    @property
    def lagging(self) -> int:
        """Return how many tasks lag."""
        return sum(standing.status in LAGGING_STATUSES for standing in self.tasks.values())

    @property
    def differing(self) -> int:
        """Return in how many tasks unit and office say different things."""
        return sum(standing.differs for standing in self.tasks.values())

    @property
    def doubts(self) -> int:
        """Return how many tasks contradict themselves and wait for somebody to settle it."""
        return sum(standing.in_doubt for standing in self.tasks.values())

    @property
    def band(self) -> ProgressBand:
        """Return the band of the unit."""
        return band([standing.status for standing in self.tasks.values()])


def filing_of(report: Report, today: date, calendar: WorkingCalendar) -> Filing:
    """Return how `report` stands on the day `today`."""
    overdue = (today - report.due_on).days
    days = -overdue if overdue > 0 else calendar.between(today, report.due_on)
    return Filing(report, report_lamp(report, today, calendar), days)


def progress_lamp(status: str) -> ProgressLamp:
    """Return 进度灯 of a task by its status, which may be UNFILLED."""
    return LAMPS[ProgressStatus(status)] if status in RANKS else ProgressLamp.UNKNOWN


def band(statuses: Collection[str]) -> ProgressBand:
    """Return the band of a unit whose tasks have these `statuses`."""
    if not any(status in RANKS for status in statuses):  # not .values, which is made anew each time
        return ProgressBand.SENT_BACK if SENT_BACK in statuses else ProgressBand.UNKNOWN
    lagging = sum(status in LAGGING_STATUSES for status in statuses)
    if not lagging:
        return ProgressBand.STEADY
    many = lagging >= max(MANY_LEAST, MANY_SHARE * len(statuses))
    return ProgressBand.MANY if many else ProgressBand.SOME
