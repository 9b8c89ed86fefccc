"""Looks: what was said and done about tasks that lag: what was asked, 督查单 and 约谈."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import NamedTuple

from django.db.models import F, Q

from tasks_app.choices import MatterKind, MeasureState
from tasks_app.domain.escalation.rules import document_number, task_key
from tasks_app.domain.plan.rules import measure_mark
from tasks_app.domain.reporting.rules import FILED_STATES
from tasks_app.models import Interview, Matter, MeasureProgress, Plan, SupervisionNotice
from tasks_app.models.interview import InterviewQuerySet
from tasks_app.models.notice import NoticeQuerySet

NOTICE, INTERVIEW = "notice", "interview"
# What is asked about a unit's task; 批示 stand under the rows by themselves.
ASKED = (MatterKind.COORDINATION, MatterKind.REFERRAL, MatterKind.VERIFICATION)
Row = tuple[int, int]  # (unit, task)


class Deed(NamedTuple):
    """One thing that was done: its kind (NOTICE, INTERVIEW or a MatterKind), which, in words, whether it is open."""

    kind: str
    pk: int
    words: str
    is_open: bool


def deeds_on(
    plan: Plan, periods: Collection[int], rows: Collection[Row], *, drafts: bool
) -> dict[Row, list[Deed]]:
    """Return {row: what was done about it, the first first} for those of `rows` where anything was.

    `periods` are those of `plan`. What its unit does not know of yet is the office's own (`drafts`). Three statements.
    """
    if not rows:
        return {}
    found: dict[Row, list[tuple[datetime, Deed]]] = defaultdict(list)
    notices = SupervisionNotice.objects.all() if drafts else SupervisionNotice.objects.told()
    interviews = Interview.objects.not_given_up() if drafts else Interview.objects.told().not_given_up()
    done = (
        *_notices(notices.filter(plan=plan), rows),
        *_interviews(interviews.filter(plan=plan), periods, rows),
        *_matters(plan, rows),
    )
    for row, when, deed in done:
        if row in rows:
            found[row].append((when, deed))
    return {row: [deed for _, deed in sorted(of_row)] for row, of_row in found.items()}


def not_started(reports: Collection[int], tasks: Collection[int]) -> dict[Row, str]:
    """Return {(report, task): the marks of the measures that its unit ticked as not begun}. One statement.

    Of reports that are with the office: what is being ticked elsewhere is nobody's business yet.
    """
    ticked = MeasureProgress.objects.filter(
        entry__report__in=reports,
        entry__report__state__in=FILED_STATES,
        entry__task__in=tasks,
        state=MeasureState.NOT_STARTED,
        measure__is_numbered=True,
    )
    marks: dict[Row, str] = defaultdict(str)
    columns = ("entry__report_id", "entry__task_id", "measure__number")
    for report, task, number in sorted(ticked.order_by().values_list(*columns)):
        marks[report, task] += measure_mark(number)
    return marks


def _notices(notices: NoticeQuerySet, rows: Collection[Row]) -> Iterator[tuple[Row, datetime, Deed]]:
    found = notices.filter(unit__in=_units(rows), task__in=_tasks(rows))
    shown = found.only("unit", "task", "colour", "year", "number", "state", "drafted_at", "closed_at")
    for each in shown.order_by():
        words = f"督查单（{each.get_colour_display()}）{document_number(each)} {each.get_state_display()}"
        assert each.task_id is not None, "asked for by task"  # noqa: S101
        yield (each.unit_id, each.task_id), each.drafted_at, Deed(NOTICE, each.pk, words, not each.closed_at)


def _interviews(
    interviews: InterviewQuerySet, periods: Collection[int], rows: Collection[Row]
) -> Iterator[tuple[Row, datetime, Deed]]:
    """Yield those about a task itself, and those that a 督查单 about it led to."""
    things = {task_key(*row, period): row for row in rows for period in periods}
    about = Q(thing__in=things) | Q(unit__in=_units(rows), notice__task__in=_tasks(rows))
    held = interviews.filter(about).select_related("notice")
    for each in held.only("thing", "unit", "state", "proposed_at", "closed_at", "notice__task").order_by():
        row = things.get(each.thing) or (each.unit_id, (each.notice and each.notice.task_id) or 0)
        words = f"约谈 {each.get_state_display()}"
        yield row, each.proposed_at, Deed(INTERVIEW, each.pk, words, not each.closed_at)


def _matters(plan: Plan, rows: Collection[Row]) -> Iterator[tuple[Row, datetime, Deed]]:
    of_entry = Q(entry__report__unit__in=_units(rows), entry__task__in=_tasks(rows))
    of_task = Q(entry=None, asker__in=_units(rows), task__in=_tasks(rows))
    found = Matter.objects.filter(of_entry | of_task, plan=plan, kind__in=ASKED)
    found = found.annotate(entry_unit=F("entry__report__unit"), entry_task=F("entry__task"))
    shown = found.only("kind", "state", "asker", "task", "entry", "asked_at", "ending")
    for each in shown.order_by():
        row = (each.entry_unit, each.entry_task) if each.entry_id else (each.asker_id, each.task_id or 0)
        words = f"{each.get_kind_display()} {each.get_state_display()}"
        yield row, each.asked_at, Deed(each.kind, each.pk, words, each.ending_id is None)


def _units(rows: Collection[Row]) -> set[int]:
    return {unit for unit, _ in rows}


def _tasks(rows: Collection[Row]) -> set[int]:
    return {task for _, task in rows}
