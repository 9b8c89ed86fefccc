"""Looks: the 约谈 that somebody may see or answers for a unit, their steps, and the corrections that are open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from tasks_app.choices import MatterState, StepKind
from tasks_app.clock import local_date
from tasks_app.domain.calendar.rules import WorkingCalendar, time_left
from tasks_app.domain.matters.papers import in_order, visible
from tasks_app.domain.matters.rules import is_overdue, is_settled
from tasks_app.domain.matters.steps import answerable, steps_since
from tasks_app.models import Interview, Matter, Plan, Step, Unit, User
from tasks_app.models.interview import TOLD, InterviewQuerySet

from .rules import refusal_of


@dataclass(frozen=True)
class ShownCorrection:
    """One item of a list of corrections: `left` says in words how long the unit has, "" when it has reported.

    `refusal` says why the last report was not accepted, "" unless that is where things stand.
    """

    correction: Matter
    left: str
    is_late: bool
    refusal: str = ""

    @property
    def is_reported(self) -> bool:
        """Tell whether the unit has reported and the office has to verify."""
        return self.correction.state == MatterState.ANSWERED

    @property
    def is_verified(self) -> bool:
        """Tell whether the office is content."""
        return is_settled(self.correction)


def visible_interviews(user: User, today: date) -> InterviewQuerySet:
    """Return the city's for office and leaders; else those that the user's unit, or one stood in for, was told of."""
    return visible(_all(), TOLD, user, today)


def own_interviews(user: User, today: date) -> InterviewQuerySet:
    """Return those whose corrections `user` may report on: the own unit's, or that of a unit stood in for (替岗)."""
    return _all().told().filter(answerable(user, today))


def interviews_of(unit: Unit) -> QuerySet[Interview]:
    """Return every 约谈 of `unit`, the open ones first; those it was not told of are for the office's eyes."""
    return in_order(_all().filter(unit=unit))


def counted(found: InterviewQuerySet, today: date) -> InterviewQuerySet:
    """Return `found` with its items counted: items_total, items_open, items_reported and items_late on `today`."""
    unreported, reported = Q(corrections__state=MatterState.OPEN), Q(corrections__state=MatterState.ANSWERED)
    return found.annotate(
        items_total=Count("corrections"),
        items_open=Count("corrections", filter=unreported | reported),
        items_reported=Count("corrections", filter=reported),
        items_late=Count(
            "corrections", filter=unreported & Q(corrections__due_on__lt=today, plan__closed_at=None)
        ),
    )


def plans_to_choose(issuer: Unit) -> QuerySet[Plan]:
    """Return the plans about which `issuer` may hold an interview, the newest first."""
    return Plan.objects.filter(issuer=issuer).order_by("-year")


def days_open(interview: Interview, today: date, calendar: WorkingCalendar) -> int:
    """Return the age of `interview`: working days from its proposal to its end, or to `today`."""
    end = local_date(interview.closed_at) if interview.closed_at else today
    return calendar.between(local_date(interview.proposed_at), end)


def items_of(
    corrections: Iterable[Matter],
    today: date,
    calendar: WorkingCalendar,
    steps: Sequence[Step] = (),
) -> list[ShownCorrection]:
    """Return each of `corrections` with what is left of its limit, in the same order; `steps` tell of refusals."""
    return [
        ShownCorrection(
            correction,
            left=_left(correction, today, calendar),
            is_late=is_overdue(correction, today),
            refusal=refusal_of(correction, steps),
        )
        for correction in corrections
    ]


def corrections_of(interview: Interview) -> list[Matter]:
    """Return the list of corrections of `interview` in its order."""
    return list(interview.corrections.select_related("plan", "answer__by", "ending__by").order_by("number"))


def open_corrections(user: User, at: datetime, calendar: WorkingCalendar) -> list[ShownCorrection]:
    """Return what the units of `user` still have to correct, what waits for them first. At most two statements."""
    today = local_date(at)
    held = own_interviews(user, today).correcting().in_running_years().order_by()
    interviews = list(held.values_list("pk", flat=True))
    if not interviews:  # as it is for most units most of the time
        return []
    found = Matter.objects.corrections().unsettled().filter(interview__in=interviews)
    reported = Case(When(state=MatterState.OPEN, then=0), default=Value(1), output_field=IntegerField())
    ordered = found.select_related("interview", "plan").order_by(reported, "due_on", "interview", "number")
    return items_of(ordered, today, calendar)


def called(user: User, at: datetime) -> list[Interview]:
    """Return the interviews to which the units of `user` are called and that were not held yet, the next one first.

    Without what they refer to.
    """
    own = own_interviews(user, local_date(at)).select_related(None)
    return list(own.called().in_running_years().order_by("planned_at", "pk"))


def steps_of(interview: Interview, *, for_unit: bool = False) -> list[Step]:
    """Return the ledger (台账) of `interview`, oldest first; a unit's part begins with its notice."""
    return steps_since(interview, StepKind.NOTIFY if for_unit else None)


def _left(correction: Matter, today: date, calendar: WorkingCalendar) -> str:
    is_waited_for = correction.state == MatterState.OPEN and correction.plan.closed_at is None
    if not is_waited_for or correction.due_on is None:
        return ""
    return time_left(correction.due_on, today, calendar)


def _all() -> InterviewQuerySet:
    return Interview.objects.select_related("unit", "issuer", "plan", "notice", "proposed_by")
