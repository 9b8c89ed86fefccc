"""Looks: the 督查单 that somebody may see, those a person answers for a unit, their steps, limits and ages."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from tasks_app.choices import NoticeState, StepKind
from tasks_app.clock import local_date
from tasks_app.domain.calendar.rules import WorkingCalendar, time_left
from tasks_app.domain.matters import papers
from tasks_app.domain.matters.steps import answerable, parties_of, steps_since
from tasks_app.domain.moves import NOTICE, NoticeMove
from tasks_app.models import Step, SupervisionNotice, User
from tasks_app.models.notice import TOLD, UNANSWERED_STATES, NoticeQuerySet

from . import rules
from .rules import awaited_limit


@dataclass(frozen=True)
class Card:
    """One 督查单 in a list: until when the unit should act (None: not its turn), and how old it is.

    `left` says in words how long is left; `days` are working days from its issue, or its draft, to its end.
    """

    notice: SupervisionNotice
    limit: date | None
    left: str
    is_late: bool
    days: int


def visible_notices(user: User, today: date) -> NoticeQuerySet:
    """Return the city's for office and leaders; else those that the user may answer. Drafts are the office's own."""
    return papers.visible(_all(), TOLD, user, today)


def own_notices(user: User, today: date) -> NoticeQuerySet:
    """Return what `user` may answer on the day `today`: the own unit's, or that of a unit stood in for (替岗)."""
    return _all().told().filter(answerable(user, today))


def open_notices(user: User, at: datetime, calendar: WorkingCalendar) -> list[Card]:
    """Return the open ones that `user` may answer, those that wait for an answer first, without what they refer to.

    What was open in a year that is settled is left to the list.
    """
    today = local_date(at)
    found = own_notices(user, today).open().in_running_years().select_related(None)
    cards = [card_of(notice, today, calendar, is_settled=False) for notice in found]
    return sorted(cards, key=lambda card: (card.limit is None, card.limit or date.max))


def awaiting_unit() -> QuerySet[SupervisionNotice]:
    """Return the notices on which it is the unit's turn: to say something since it was heard last, or to answer."""
    heard_again = Step.objects.filter(notice=OuterRef("notice"), kind=StepKind.HEAR, pk__gt=OuterRef("pk"))
    said = Step.objects.filter(~Exists(heard_again), notice=OuterRef("pk"), kind=StepKind.OBJECT)
    return SupervisionNotice.objects.filter(
        Q(~Exists(said), state=NoticeState.HEARING) | Q(state__in=UNANSWERED_STATES)
    )


def narrowed(found: NoticeQuerySet, *, colour: str = "", **criteria: Any) -> NoticeQuerySet:
    """Narrow `found` to one colour and as every list of its kind."""
    found = papers.narrowed(found, **criteria)
    return found.filter(colour=colour) if colour else found


def card_of(notice: SupervisionNotice, today: date, calendar: WorkingCalendar, *, is_settled: bool) -> Card:
    """Return `notice` with its limit and age on the day `today`; nothing is waited for in a year that is settled."""
    limit = None if is_settled else awaited_limit(notice)
    end = local_date(notice.closed_at) if notice.closed_at else today
    days = calendar.between(local_date(notice.issued_at or notice.drafted_at), end)
    left = time_left(limit, today, calendar) if limit else ""
    return Card(notice, limit, left, limit is not None and limit < today, days)


def open_moves(user: User, notice: SupervisionNotice, today: date) -> frozenset[StrEnum]:
    """Return the moves that `user` can make on the day `today`; what a limit still forbids is none of them."""
    found = set(NOTICE.open_moves(notice.state, parties_of(user, notice, today)))
    if rules.is_heard_out(notice, today):
        found.discard(NoticeMove.OBJECT)
    if rules.why_not_raise(notice, today):
        found.discard(NoticeMove.RAISE)
    return frozenset(found)


def steps_of(notice: SupervisionNotice, *, for_unit: bool = False) -> list[Step]:
    """Return the ledger (台账) of `notice`, oldest first; a unit's part begins when it was first heard."""
    return steps_since(notice, StepKind.HEAR if for_unit else None)


def _all() -> NoticeQuerySet:
    return SupervisionNotice.objects.select_related(
        "unit",
        "issuer",
        "issued_by",
        "plan",
        "task",
        "report__unit",
        "report__period__plan",
        "predecessor",
        "successor",
    )
