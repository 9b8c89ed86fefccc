"""Looks: what a rung would tell a real unit, while its words are still being written; a plan's days ahead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from tasks_app.choices import PeriodKind
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.models import Plan, ReportingPeriod, Unit

from .kinds import filing
from .kinds.kind import Kind
from .ladder import rung_words
from .obligations import title
from .people import contact_of, people_to_tell, telephones
from .rules import Obligation, Terms
from .rungs import BEGINNING, Rung, rung_day, rung_label
from .wording import Words, write_message, write_office_message


@dataclass(frozen=True)
class RungDays:
    """One rung and the day on which each period of the plan reaches it; None before the period opens."""

    label: str
    words: str
    repeat_every: int | None
    days: tuple[date | None, ...]


def days_of(rungs: Sequence[Rung], periods: Sequence[ReportingPeriod]) -> list[RungDays]:
    """Return the days on which `periods` reach the rungs of what is to be filed."""
    calendar = working_calendar()

    def day(rung: Rung, period: ReportingPeriod) -> date | None:
        reached = rung_day(rung.offset, period.opens_on, period.due_on, calendar)
        if rung.offset == BEGINNING and not calendar.is_working_day(reached):
            reached = calendar.add(reached, 1)  # nothing leaves on a day off
        return reached if reached >= period.opens_on else None

    return [
        RungDays(
            rung_label(rung.offset),
            rung_words(rung.offset, filing.KIND),
            rung.repeat_every,
            tuple(day(rung, period) for period in periods),
        )
        for rung in rungs
    ]


def sample_message(plan: Plan, unit: Unit, kind: Kind, rung: Rung, today: date) -> Words:
    """Return what `unit`, or the office of `unit`, would be told when an obligation of `kind` reaches `rung`.

    The plan's next limit serves as the limit, its first task as the subject of what is about no period.
    """
    calendar = working_calendar()
    periods = list(plan.periods.order_by("due_on"))
    coming = [period for period in periods if period.due_on >= today] or periods[-1:]
    limit, period = (coming[0].due_on, coming[0].kind) if coming else (today, PeriodKind.FULL_YEAR)
    first = plan.tasks.in_use().order_by("number").first()
    name = kind.thing.example(plan.year, period, first.title if first else plan.title)
    day = rung_day(rung.offset, calendar.add(limit, -12), limit, calendar)
    if not calendar.is_working_day(day):  # what is reached on a day off is told on the next working day
        day = calendar.add(day, 1)
    report = unit.reports.filter(period__plan=plan).order_by("period__due_on").last()
    page = report.pk if report and coming else 0
    # What a message tells as a part of its report is shown as that.
    shown = filing.KIND if kind.is_told_with_report else kind
    one = Obligation(
        Terms(shown, plan.pk, plan.issuer_id, title(kind.code, name), limit, limit, None),
        thing=page, page=page, unit=unit.pk, unit_name=unit.name, position=0, state=kind.example_state,
    )  # fmt: skip
    people = people_to_tell([unit.pk, plan.issuer_id], day)
    if kind.for_office:
        return write_office_message(
            [one],
            today=day,
            calendar=calendar,
            phones={unit.pk: telephones(people.get(unit.pk, []))},
            site_url=settings.SITE_URL,
            words_of=lambda _: rung.words,
        )
    return write_message(
        [one],
        today=day,
        calendar=calendar,
        contact=contact_of(people.get(plan.issuer_id, [])),
        site_url=settings.SITE_URL,
        words_of=lambda _: rung.words,
    )
