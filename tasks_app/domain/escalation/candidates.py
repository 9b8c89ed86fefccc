"""Looks: what the program suggests to the office, each with its grounds. It suggests; a person issues."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from tasks_app.choices import CandidateKind, NoticeColour
from tasks_app.clock import local_date
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.models import Plan, Report, SetAside, SupervisionNotice, Task, Unit

from .facts import facts_of
from .grounds import Line, headline, lines_of, requirement_of, title_of
from .occasions import dealt_with, notice_occasion, occasions
from .rules import Occasion


@dataclass(frozen=True)
class Candidate:
    """One suggestion. `colour` is that of the 督查单 that would be next; None: a 约谈 (kind INTERVIEW).

    `title` stands in the office's list, `subject` is what the 督查单 would be called (事由). `days` are working
    days since `limit`. A candidate that follows from a 督查单 names it in `notice`.
    """

    thing: str
    unit: Unit
    kind: CandidateKind
    colour: NoticeColour | None
    title: str
    subject: str
    requirement: str
    lines: tuple[Line, ...]
    plan: Plan
    limit: date | None
    days: int
    report: Report | None
    task: Task | None
    notice: SupervisionNotice | None

    @property
    def grounds(self) -> str:
        """Return the grounds as one text, a line for each."""
        return "\n".join(f"{label}：{words}" for label, words in self.lines)


@dataclass(frozen=True)
class Suggestions:
    """What the program suggests, and what it would if a person had not set it aside."""

    open: list[Candidate]
    set_aside: list[tuple[Candidate, SetAside]]


def suggestions(issuer: Unit, at: datetime, *, thing: str = "") -> Suggestions:
    """Return what is suggested to the office of `issuer` at `at`: 约谈 and next colours first, the longest late first.

    With `thing` only that. At most 20 statements, however many units.
    """
    calendar, today = working_calendar(), local_date(at)
    found = [occasion for occasion in occasions(issuer, at, calendar) if thing in ("", occasion.thing)]
    dealt = dealt_with(issuer, found)
    left = [occasion for occasion in found if not dealt.hides(occasion, today, calendar)]
    shown = _candidates(left, dealt.past, today, calendar)
    return Suggestions(
        [candidate for candidate in shown if candidate.thing not in dealt.set_aside],
        [(each, dealt.set_aside[each.thing]) for each in shown if each.thing in dealt.set_aside],
    )


def candidates(issuer: Unit, at: datetime) -> list[Candidate]:
    """Return what is suggested to the office of `issuer` at `at` and was not set aside."""
    return suggestions(issuer, at).open


def candidate_of(issuer: Unit, thing: str, at: datetime) -> Candidate | None:
    """Return the candidate called `thing`, also one that was set aside; None when its occasion is gone."""
    found = suggestions(issuer, at, thing=thing)
    return next(iter([*found.open, *(candidate for candidate, _ in found.set_aside)]), None)


def candidate_after(notice: SupervisionNotice, at: datetime) -> Candidate:
    """Return what would follow `notice` at `at` with the grounds of that, whether or not it is suggested yet.

    `notice` comes with unit, plan and report, as `queries.visible_notices` brings it.
    """
    calendar, today = working_calendar(), local_date(at)
    occasion = notice_occasion(notice, today, calendar)
    return _candidates([occasion], dealt_with(notice.issuer, [occasion]).past, today, calendar)[0]


def _candidates(
    found: Collection[Occasion],
    past: dict[str, list[SupervisionNotice]],
    today: date,
    calendar: WorkingCalendar,
) -> list[Candidate]:
    facts = facts_of(found, past)
    return [
        Candidate(
            occasion.thing,
            occasion.unit,
            occasion.kind,
            occasion.colour,
            headline(occasion),
            title_of(occasion),
            requirement_of(occasion),
            lines_of(occasion, facts, today, calendar),
            occasion.plan,
            occasion.limit,
            occasion.days,
            occasion.report,
            occasion.entry.task if occasion.entry else occasion.notice.task if occasion.notice else None,
            occasion.notice,
        )
        for occasion in found
    ]
