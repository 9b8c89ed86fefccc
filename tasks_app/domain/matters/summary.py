"""Looks: what became of the requests of a city: how many were answered, how long it took, what they are about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from tasks_app.choices import Cause
from tasks_app.clock import local_date
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.models.matter import MatterQuerySet

from .rules import ANSWER_WORKING_DAYS


@dataclass(frozen=True)
class Asking:
    """One request: why, whether the office itself was asked, whether it was answered, the days that it takes."""

    cause: str
    is_offices: bool
    is_answered: bool
    awaits: bool
    days: int

    @property
    def waits_long(self) -> bool:
        return self.awaits and self.days > ANSWER_WORKING_DAYS


@dataclass(frozen=True)
class RequestCount:
    """Requests counted: `median_days` of those that were answered, None without any."""

    label: str
    cause: str
    number: int
    answered: int
    awaiting: int
    long: int
    median_days: float | None

    @property
    def percent(self) -> int:
        """Return the share answered."""
        return round(100 * self.answered / self.number) if self.number else 0


@dataclass(frozen=True)
class RequestSummary:
    """All requests, those put to the office itself, and each cause that there is."""

    whole: RequestCount
    office: RequestCount
    causes: Sequence[RequestCount]


def summary_of(found: MatterQuerySet, at: datetime) -> RequestSummary:
    """Return what became of `found`; of each the days until its answer or end, or until today. One statement."""
    calendar, today = working_calendar(), local_date(at)

    def days(asked_at: datetime, *ends: datetime | None) -> int:
        until = min((local_date(end) for end in ends if end is not None), default=today)
        return calendar.between(local_date(asked_at), until)

    rows = found.order_by().values_list(
        "cause", "addressee", "plan__issuer", "asked_at", "answer__at", "ending__at"
    )
    asked = [
        Asking(
            cause,
            addressee == issuer,
            answered is not None,
            not (answered or ended),
            days(since, answered, ended),
        )
        for cause, addressee, issuer, since, answered, ended in rows
    ]
    labels = {**dict(Cause.choices), "": "未写明"}
    causes = [
        _share(label, cause, those)
        for cause, label in labels.items()
        if (those := [one for one in asked if one.cause == cause])
    ]
    office = _share("请市医改办答复的", "", [one for one in asked if one.is_offices])
    return RequestSummary(_share("全部", "", asked), office, causes)


def _share(label: str, cause: str, asked: Iterable[Asking]) -> RequestCount:
    asked = list(asked)
    taken = [one.days for one in asked if one.is_answered]
    return RequestCount(
        label=str(label),
        cause=cause,
        number=len(asked),
        answered=len(taken),
        awaiting=sum(one.awaits for one in asked),
        long=sum(one.waits_long for one in asked),
        median_days=median(taken) if taken else None,
    )
