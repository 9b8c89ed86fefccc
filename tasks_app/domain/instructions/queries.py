"""Looks: the instructions that somebody may see, those that stand on a row, what a leader's first page says of them."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db.models import Case, IntegerField, Q, Value, When

from tasks_app.choices import MatterState
from tasks_app.clock import local_date
from tasks_app.domain.access.queries import visible_matters
from tasks_app.domain.matters.queries import SHOWN_ON_ENTRY, Asked, asked
from tasks_app.models import Assignment, Matter, Plan, Task, Unit, User
from tasks_app.models.matter import MatterQuerySet

# Of a row: the unit whose it is (None: the task of all units) and the task.
Row = tuple[int | None, int]
SHOWN_ON_FIRST_PAGE = 5


def visible_instructions(user: User) -> MatterQuerySet:
    """Return the instructions to the user's unit; for leaders and office all of the city."""
    return _with_names(visible_matters(user).instructions())


def in_order(found: MatterQuerySet, *, answered_first: bool) -> MatterQuerySet:
    """Return `found` with what waits first: for who asked the answers, for the others what is unanswered."""
    waits, then = MatterState.OPEN, MatterState.ANSWERED
    if answered_first:
        waits, then = then, waits
    turn = Case(
        When(state=waits, then=0), When(state=then, then=1), default=Value(2), output_field=IntegerField()
    )
    return found.order_by(turn, "due_on", "-asked_at", "-pk")


def narrowed(found: MatterQuerySet, *, state: str = "", to_office: bool = False) -> MatterQuerySet:
    """Narrow `found` to one MatterState, to those put to the office itself."""
    if state:
        found = found.listed_as(state)
    return found.for_the_office() if to_office else found


def on_first_page(user: User, at: datetime) -> list[Asked]:
    """Return what a leader's first page shows: answered and not closed, then what is late."""
    waiting = visible_instructions(user).in_running_years().unsettled()
    late = Q(due_on__lt=local_date(at))
    found = in_order(waiting.answered() | waiting.unanswered().filter(late), answered_first=True)
    return asked(found[:SHOWN_ON_FIRST_PAGE], at)


def on_rows(plan: Plan, rows: Collection[Row], at: datetime) -> dict[Row, list[Asked]]:
    """Return {row: the instructions on it, the oldest first} of those of `rows` that have any.

    One statement, and that of the calendar where there are any.
    """
    units, tasks = {unit for unit, _ in rows}, {task for _, task in rows}
    about = Q(unit__in=[unit for unit in units if unit is not None])
    found = Matter.objects.instructions().filter(plan=plan, task__in=tasks)
    found = found.filter(about | Q(unit=None) if None in units else about)
    by_row: dict[Row, list[Asked]] = defaultdict(list)
    shown = found.select_related("plan", "addressee", "asked_by", "answer__by__unit", "ending")
    for one in asked(shown.only(*SHOWN_ON_ENTRY, "unit").order_by("asked_at", "pk"), at):
        assert one.item.task_id is not None, "the database demands it"  # noqa: S101
        by_row[one.item.unit_id, one.item.task_id].append(one)
    return {row: by_row[row] for row in rows if row in by_row}


def unit_of_row(task: Task, unit_pk: str) -> Unit | None:
    """Return the unit of `unit_pk` that has `task`; None for what is no such unit."""
    if not unit_pk.isdecimal():
        return None
    given = Assignment.objects.filter(task=task, unit=int(unit_pk)).select_related("unit").first()
    return given.unit if given is not None else None


def _with_names(found: MatterQuerySet) -> MatterQuerySet:
    return found.select_related("plan", "task", "unit", "addressee", "asked_by", "answer__by__unit", "ending")
