"""Looks: what a rung would tell a real unit, while its words are still being written; a plan's days ahead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from tasks_app.choices import InterviewState, MatterKind, NoticeColour, NoticeState, ReportState
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.models import Plan, ReportingPeriod, Unit

from .ladder import BEGINNING, OFFICE_KINDS, WAITING, Rung, rung_day, rung_label, rung_words, thing_of
from .matters import matter_title
from .people import contact_of, people_to_tell, telephones
from .rules import Matter
from .wording import Words, write_message, write_office_message

K = MatterKind
STATES: dict[MatterKind, str] = {
    K.RETURNED: ReportState.RETURNED,
    K.SIGNING: ReportState.SIGNING,
    K.NOTICE: NoticeState.ISSUED,
    K.REVIEW: ReportState.SUBMITTED,
    K.EXTENSION: "asked",
    K.REPLY: NoticeState.REPLIED,
    K.INTERVIEW: InterviewState.NOTIFIED,
    K.CORRECTION: "",
    K.VERIFYING: "",
}


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
            rung_words(rung.offset),
            rung.repeat_every,
            tuple(day(rung, period) for period in periods),
        )
        for rung in rungs
        if rung.matter == K.FILING
    ]


def sample_message(plan: Plan, unit: Unit, rung: Rung, today: date) -> Words:
    """Return what `unit`, or the office of `unit`, would be told when a matter of the plan reaches `rung`.

    The plan's next limit serves as the limit, its first task as the subject of a notice.
    """
    calendar = working_calendar()
    periods = list(plan.periods.order_by("due_on"))
    coming = [period for period in periods if period.due_on >= today] or periods[-1:]
    limit, kind = (coming[0].due_on, coming[0].kind) if coming else (today, "full_year")
    label, colour = kind, ""
    if thing_of(rung.matter) != "report":
        first = plan.tasks.filter(is_active=True).order_by("number").first()
        label = first.title if first else plan.title
        colour = NoticeColour.BLUE if thing_of(rung.matter) == "notice" else ""
    day = rung_day(rung.offset, calendar.add(limit, -12), limit, calendar)
    if not calendar.is_working_day(day):  # what is reached on a day off is told on the next working day
        day = calendar.add(day, 1)
    report = unit.reports.filter(period__plan=plan).order_by("period__due_on").last()
    page = report.pk if report and coming else 0
    matter = Matter(
        kind=rung.matter, plan=plan.pk, issuer=plan.issuer_id,
        title=matter_title(rung.matter, plan.year, 1, label, colour), since=limit, due_on=limit, closes_on=None,
        thing=page, page=page, unit=unit.pk, unit_name=unit.name, position=0,
        state=STATES.get(rung.matter, ReportState.DRAFT),
    )  # fmt: skip
    people = people_to_tell([unit.pk, plan.issuer_id], day)
    if rung.matter in OFFICE_KINDS:
        return write_office_message(
            [matter],
            today=day,
            calendar=calendar,
            phones={unit.pk: telephones(people.get(unit.pk, []))},
            site_url=settings.SITE_URL,
            words_of=lambda _: rung.words,
        )
    shown = matter._replace(kind=K.FILING) if rung.matter in WAITING else matter
    return write_message(
        [shown],
        today=day,
        calendar=calendar,
        contact=contact_of(people.get(plan.issuer_id, [])),
        site_url=settings.SITE_URL,
        words_of=lambda _: rung.words,
    )
