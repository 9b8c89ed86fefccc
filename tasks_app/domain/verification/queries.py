"""Looks: what somebody may verify, and exactly what of a report is shown for it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, Q, Subquery

from tasks_app.choices import MatterState
from tasks_app.domain.access.queries import visible_matters
from tasks_app.domain.matters.queries import Asked, asked
from tasks_app.domain.matters.rules import is_settled
from tasks_app.domain.reporting.content import EntryContent, entry_of
from tasks_app.domain.reporting.queries import latest_submission
from tasks_app.models import Matter, ProgressEntry, Report, Submission, Task, User
from tasks_app.models.matter import MatterQuerySet


@dataclass(frozen=True)
class Shown:
    """What is shown of an entry to who verifies it: what was submitted last on this one task, no more."""

    submission: Submission
    content: EntryContent


def visible_verifications(user: User) -> MatterQuerySet:
    """Return what the user's unit is asked to verify; for office and leaders all of the city."""
    found = visible_matters(user).verifications()
    found = found.select_related("plan", "task", "unit", "addressee", "asked_by", "answer__by__unit")
    return found.select_related("ending", "parent", "entry__report__period__plan", "entry__report__unit")


def in_order(found: MatterQuerySet) -> MatterQuerySet:
    """Return `found` with each task of all units once, counted; what waits first, by its limit."""
    counted = found.on_top().annotate(
        parts=Count("children"), done=Count("children", filter=~Q(children__state=MatterState.OPEN))
    )
    return counted.order_by("ending__at", "due_on", "pk")


def shown_of(item: Matter) -> Shown | None:
    """Return what is shown of the entry that `item` is about; nothing of one that is over, or not there any more."""
    if item.entry is None or is_settled(item):
        return None
    submission = latest_submission(item.entry.report)
    assert item.task_id is not None, "the database demands it"  # noqa: S101
    content = entry_of(submission, item.task_id) if submission is not None else None
    return Shown(submission, content) if submission is not None and content is not None else None


def parts_of(item: Matter, at: datetime) -> list[Asked]:
    """Return the parts of a task of all units, in the order of the units."""
    parts = item.children.select_related("plan", "unit", "addressee", "answer__by", "ending")
    return asked(parts.order_by("unit__position", "pk"), at)


def next_part(item: Matter) -> Matter | None:
    """Return the next part of the same task of all units that nobody has answered."""
    if item.parent_id is None:
        return None
    waiting = Matter.objects.unanswered().filter(parent=item.parent_id)
    return waiting.order_by("unit__position", "pk").first()


def on_report(report: Report, at: datetime) -> dict[int, list[Asked]]:
    """Return {task: what lead bureaus were asked about its entry in `report`, the oldest first}."""
    found = Matter.objects.verifications().filter(entry__report=report)
    found = found.select_related("plan", "addressee", "answer__by__unit", "ending")
    by_task: dict[int, list[Asked]] = defaultdict(list)
    for one in asked(found.order_by("asked_at", "pk"), at):
        assert one.item.task_id is not None, "the database demands it"  # noqa: S101
        by_task[one.item.task_id].append(one)
    return dict(by_task)


def entries_to_verify(reports: Sequence[Report], task: Task) -> list[ProgressEntry]:
    """Return the entries on `task` that were submitted with `reports`, in their order."""
    newest = Submission.objects.filter(report=OuterRef("report")).order_by("-number").values("pk")[:1]
    filed = Submission.objects.filter(report__in=[report.pk for report in reports], pk=Subquery(newest))
    said = {one.report_id for one in filed.only("report", "content") if entry_of(one, task.pk) is not None}
    entries = ProgressEntry.objects.filter(report__in=said, task=task).select_related("report__unit")
    by_report = {entry.report_id: entry for entry in entries}
    return [by_report[report.pk] for report in reports if report.pk in by_report]
