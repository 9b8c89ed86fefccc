"""Looks: what is known of what was suggested: limits moved, reasons given, reminders sent, what was answered."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Count, Exists, Max, OuterRef, Q

from tasks_app.choices import MeasureState
from tasks_app.domain.standing.queries import texts_of
from tasks_app.domain.standing.rules import Texts
from tasks_app.models import (
    Delivery,
    Extension,
    Matter,
    Measure,
    MeasureProgress,
    Reminder,
    ReturnReason,
    Step,
    SupervisionNotice,
)

from .rules import Occasion

Row = TypeVar("Row")


@dataclass(frozen=True)
class Told:
    """How often somebody was reminded of a thing, how many of these messages were read, and the last time."""

    sent: int
    read: int
    last: datetime


@dataclass(frozen=True)
class Facts:
    """Everything that grounds are made of, by the number of the row that it belongs to, the oldest first."""

    extensions: dict[int, list[Extension]]  # by report
    returns: dict[int, list[ReturnReason]]  # by report
    report_told: dict[int, Told]
    notice_told: dict[int, Told]
    steps: dict[int, list[Step]]  # by notice
    asked: dict[int, list[Matter]]  # by entry
    not_started: dict[int, list[Measure]]  # by entry, as its unit ticked
    texts: dict[tuple[int, int], Texts] = field(default_factory=dict)  # by report and task, as last filed
    past: dict[str, list[SupervisionNotice]] = field(default_factory=dict)  # by thing


def facts_of(found: Collection[Occasion], past: dict[str, list[SupervisionNotice]]) -> Facts:
    """Return what is known of `found`; `past` are earlier notices of the same things. At most nine statements."""
    if not found:
        return Facts({}, {}, {}, {}, {}, {}, {}, past=past)
    reports = {occasion.report.pk for occasion in found if occasion.report is not None}
    notices = {occasion.notice.pk for occasion in found if occasion.notice is not None}
    entries = {occasion.entry.pk for occasion in found if occasion.entry is not None}
    extensions = Extension.objects.filter(report__in=reports).order_by("asked_at", "pk")
    returns = ReturnReason.objects.filter(submission__report__in=reports).select_related("task", "submission")
    steps = Step.objects.filter(notice__in=notices).order_by("at", "pk")
    # What a unit asked apart from a report belongs to the entry that it has on the task.
    rows: dict[tuple[int | None, int | None], int] = {
        (one.unit.pk, one.entry.task_id): one.entry.pk for one in found if one.entry is not None
    }
    apart = Q(entry=None, unit__in=[unit for unit, _ in rows], task__in=[task for _, task in rows])
    asked = Matter.objects.coordinations().filter(Q(entry__in=entries) | apart)
    asked = asked.select_related("plan", "addressee", "answer").order_by("asked_at", "pk")
    ticked = MeasureProgress.objects.filter(entry__in=entries, state=MeasureState.NOT_STARTED)
    return Facts(
        extensions=_by((each.report_id, each) for each in extensions),
        returns=_by(
            (each.submission.report_id, each)
            for each in returns.order_by("returned_at", "task__number", "pk")
        ),
        report_told=_told("report", reports),
        notice_told=_told("notice", notices),
        steps=_by((each.notice_id, each) for each in steps if each.notice_id is not None),
        asked=_by(
            (entry, each)
            for each in asked
            if (entry := each.entry_id or rows.get((each.unit_id, each.task_id)))
        ),
        not_started=_by(
            (each.entry_id, each.measure)
            for each in ticked.select_related("measure").order_by("measure__number")
        ),
        texts=texts_of((each.report, each.entry.task_id) for each in found if each.report and each.entry),
        past=past,
    )


def _told(thing: str, pks: Iterable[int]) -> dict[int, Told]:
    """Return {pk: how often its unit was told}; what was said to the office alone does not count."""
    is_given = Exists(Delivery.objects.given().filter(message=OuterRef("message")))
    reminders = Reminder.objects.filter(is_given, **{f"{thing}__in": list(pks)}, to_office=False)
    rows: Any = (
        reminders.order_by()
        .values_list(thing)
        .annotate(
            sent=Count("message", distinct=True),
            read=Count("message", distinct=True, filter=Q(message__deliveries__read_at__isnull=False)),
            last=Max("created_at"),
        )
    )
    return {pk: Told(sent, read, last) for pk, sent, read, last in rows}


def _by(pairs: Iterable[tuple[int, Row]]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for key, row in pairs:
        found[key].append(row)
    return dict(found)
