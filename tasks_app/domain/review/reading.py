"""Looks: one report with everything that is needed to judge it, entry by entry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from tasks_app.domain.reporting.content import EntryContent, HeaderContent, content_of
from tasks_app.models import Measure, Report, ReportingPeriod, ReturnReason, ReviewNote, Submission, Task

from .queries import Remarks, remarks_of
from .rules.content import (
    FILES,
    STATUS,
    Passage,
    answer_key,
    figure_key,
    measure_key,
    statements,
)
from .rules.verdicts import still_counts

# Statements that have a place of their own on the page.
APART = ("measure-", "indicator-", "answer-", FILES)


@dataclass(frozen=True)
class LastPeriod:
    """What the unit said on the same task before, as it was submitted."""

    period: ReportingPeriod
    content: EntryContent
    statements: list[Passage]


@dataclass(frozen=True)
class Figure:
    """One indicator: what the unit says now (None: nothing), what is wanted, what it said last."""

    name: str
    requirement: str
    last: str
    statement: Passage | None
    pace: str  # how far it was behind 序时 when it was filed, a value of Pace


@dataclass(frozen=True)
class EntryReading:
    """One task of the newest submission as the office reads it.

    `changed` is None for a first submission. `since` is when the unit said this first, unchanged to now. The
    newest verdict `counts` if it judged this submission.
    """

    task: Task
    content: EntryContent
    statements: list[Passage]
    measures: list[tuple[Measure, Passage | None]]
    figures: list[Figure]
    previous: LastPeriod | None
    reason: ReturnReason | None
    changed: bool | None
    since: datetime
    remarks: Remarks
    counts: bool

    @property
    def words(self) -> list[Passage]:
        """What is said in words; the status is a lamp unless the unit changed it."""
        return [
            statement
            for statement in self.statements
            if not statement.key.startswith(APART) and (statement.key != STATUS or statement.is_changed)
        ]

    @property
    def questions(self) -> list[tuple[str, str, Passage | None]]:
        """Every question that the program asked about the entry: its key, its sentence, what the unit answered."""
        said = {statement.key: statement for statement in self.statements}
        return [
            (each.key, each.question, said.get(answer_key(each.key)) if each.answer else None)
            for each in self.content.questions
        ]

    @property
    def is_in_doubt(self) -> bool:
        """Tell whether the entry contradicts itself and nobody has settled it (待核)."""
        return self.content.is_in_doubt and not self.is_decided

    @property
    def is_again(self) -> bool:
        """Tell whether, in a report that came back, the entry was returned or is changed."""
        return self.changed is not None and (self.changed or self.reason is not None)

    @property
    def files(self) -> Passage | None:
        """The names of the files if they are others than before."""
        return next((s for s in self.statements if s.key == FILES and s.is_changed), None)

    @property
    def is_decided(self) -> bool:
        """Tell whether the office judged what the entry says now."""
        return bool(self.remarks.rating) and self.counts

    @property
    def can_be_kept(self) -> bool:
        """Tell whether an earlier verdict may be given again: the entry says what it said when it was judged."""
        rated = self.remarks.rated
        return rated is not None and not self.counts and rated.written_at >= self.since

    @property
    def differs(self) -> bool:
        """Tell whether the office judges the entry otherwise than its unit."""
        return self.is_decided and self.remarks.rating != self.content.status


@dataclass(frozen=True)
class Reading:
    """One report to be read: its newest submission, every earlier one, the entries and the word on the whole."""

    submission: Submission
    submissions: list[Submission]
    header: HeaderContent
    entries: list[EntryReading]
    overall_reason: ReturnReason | None

    @property
    def decided(self) -> int:
        """Return how many entries are judged as they stand."""
        return sum(entry.is_decided for entry in self.entries)

    @property
    def doubts(self) -> int:
        """Return how many entries contradict themselves and are not settled."""
        return sum(entry.is_in_doubt for entry in self.entries)

    @property
    def kept(self) -> list[EntryReading]:
        """Return the entries that were judged before and say the same again."""
        return [entry for entry in self.entries if entry.can_be_kept]


def reading(report: Report) -> Reading:
    """Return what helps to judge `report`, which was submitted. Seven statements, whatever its history.

    One more where it was filed again for added tasks alone.
    """
    submissions = list(report.submissions.select_related("submitted_by").order_by("number"))
    contents = [content_of(submission) for submission in submissions]
    said = [content.by_task for content in contents]
    before = submissions[-2] if len(submissions) > 1 else None
    now, then = said[-1], said[-2] if before else {}
    plan_tasks = Task.objects.filter(plan=report.period.plan).select_related("section")
    tasks = {task.pk: task for task in plan_tasks.prefetch_related("measures")}
    reasons = _reasons(report, submissions[-1], before)
    last, remarks, since = _last_periods(report), remarks_of(report), _said_since(submissions, said)
    added = _added(report) if any(each.added_since for each in submissions) else {}
    entries = []
    for pk, content in now.items():
        task = tasks[pk]
        found = statements(content, then.get(pk))
        by_key = {statement.key: statement for statement in found}
        previous = last.get(pk) or last.get(task.predecessor_id or 0)
        entries.append(
            EntryReading(
                task=task,
                content=content,
                statements=found,
                measures=[(m, by_key.get(measure_key(m.pk))) for m in task.measures.all()],
                figures=_figures(content, by_key, previous),
                previous=previous,
                reason=reasons.get(pk),
                changed=content != then.get(pk) if before else None,
                since=since[pk],
                remarks=(word := remarks.get(pk, Remarks())),
                counts=_counts(word.rated, submissions, added.get(pk)),
            )
        )
    return Reading(submissions[-1], submissions, contents[-1].header, entries, reasons.get(None))


def _added(report: Report) -> dict[int, datetime | None]:
    """Return {task: when it was added} of those that were added to `report` after it was made."""
    added = report.entries.filter(added_at__isnull=False).order_by()
    return dict(added.values_list("task_id", "added_at"))


def _counts(rated: ReviewNote | None, submissions: list[Submission], added_at: datetime | None) -> bool:
    if rated is None:
        return False
    judged = next(each.number for each in submissions if each.pk == rated.submission_id)
    return still_counts([each.added_since for each in submissions if each.number > judged], added_at)


def _reasons(report: Report, latest: Submission, before: Submission | None) -> dict[int | None, ReturnReason]:
    """Return the open reasons of a returned report; of one that came back those that it answers."""
    returned = latest if report.returned_at else before
    reasons = ReturnReason.objects.filter(submission=returned) if returned else ReturnReason.objects.none()
    return {reason.task_id: reason for reason in reasons.select_related("returned_by")}


def _last_periods(report: Report) -> dict[int, LastPeriod]:
    """Return {task id: what the unit last submitted on it before} of this year's and last year's tasks.

    Taken from submissions, not from the boxes: those of an earlier report may hold a draft.
    """
    newest = Submission.objects.filter(report=OuterRef("report")).order_by("-number").values("pk")[:1]
    earlier = (
        Submission.objects.filter(
            report__unit=report.unit,
            report__period__due_on__lt=report.period.due_on,
            report__period__plan__year__gte=report.period.plan.year - 1,
        )
        .filter(pk=Subquery(newest))
        .select_related("report__period__plan")
        .only("content", "report__period__kind", "report__period__due_on", "report__period__plan__year")
        .order_by()
    )
    latest: dict[int, tuple[ReportingPeriod, EntryContent]] = {}
    for submission in sorted(earlier, key=lambda one: one.report.period.due_on):
        for task, content in content_of(submission).by_task.items():
            latest[task] = submission.report.period, content
    return {
        task: LastPeriod(period, content, [said for said in statements(content) if said.key != STATUS])
        for task, (period, content) in latest.items()
    }


def _figures(
    content: EntryContent, by_key: Mapping[str, Passage], previous: LastPeriod | None
) -> list[Figure]:
    """Return the indicators that were asked for, each beside its last figure (of last year's task by name)."""
    before = previous.content.indicators if previous else ()
    last = {(line.name, line.unit): line.words for line in before}
    return [
        Figure(
            line.name,
            line.requirement,
            last.get((line.name, line.unit), ""),
            by_key.get(figure_key(line.indicator)),
            line.pace,
        )
        for line in content.indicators
    ]


def _said_since(submissions: list[Submission], said: list[dict[int, EntryContent]]) -> dict[int, datetime]:
    """Return {task id: when the earliest submission in an unbroken run to the newest said the same}."""
    since: dict[int, datetime] = {}
    before: dict[int, EntryContent] = {}
    for submission, entries in zip(submissions, said, strict=True):
        since = {
            task: since[task] if before.get(task) == entry else submission.submitted_at
            for task, entry in entries.items()
        }
        before = entries
    return since
