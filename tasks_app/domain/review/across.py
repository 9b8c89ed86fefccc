"""Looks: what all units wrote on one task, entries alike in wording together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from tasks_app.domain.access.queries import visible_reports
from tasks_app.domain.reporting.content import EntryContent
from tasks_app.models import Report, ReportingPeriod, Submission, Task, User
from tasks_app.models.report import KeptEntry
from tasks_app.models.unit import NAMED

from .queries import Verdict, verdicts
from .rules.alike import alike_groups
from .rules.content import PROGRESS, STATUS, Passage, statements


@dataclass(frozen=True)
class UnitEntry:
    """One unit's entry: its words, the rest of what it says, and the office's verdict on it ("" without)."""

    report: Report
    content: EntryContent
    others: list[Passage]
    rating: str


@dataclass(frozen=True)
class EntryGroup:
    """Entries to be read together."""

    entries: list[UnitEntry]

    @property
    def is_alike(self) -> bool:
        """Tell whether the entries are alike in wording."""
        return len(self.entries) > 1


def entries_on(task: Task, period: ReportingPeriod, user: User) -> list[EntryGroup]:
    """Return what `user` may read of `period` on `task`, alike in wording together. Two statements."""
    newest = Submission.objects.filter(report=OuterRef("report")).order_by("-number").values("pk")[:1]
    submissions = (
        Submission.objects.filter(report__in=visible_reports(user).filter(period=period).values("pk"))
        .filter(pk=Subquery(newest))
        .select_related("report__unit")
        .only(
            "report__state",
            "report__period",
            "report__submitted_at",
            *(f"report__unit__{name}" for name in NAMED),
        )
        .order_by("report__unit__position", "report__unit__code")
    )
    said = [
        (one.report, EntryContent.from_json(one.kept) if one.kept else None)
        for one in submissions.annotate(kept=KeptEntry(task.pk))
    ]
    return grouped(task, said, verdicts([report for report, _ in said]))


def grouped(
    task: Task,
    said: Iterable[tuple[Report, EntryContent | None]],
    given: Mapping[tuple[int, int], Verdict],
) -> list[EntryGroup]:
    """Return what reports have `said` on `task`, alike in wording together.

    `given` are the office's verdicts as `queries.verdicts` returns them.
    """
    found: dict[int, UnitEntry] = {}
    for report, content in said:
        if content is not None:
            others = [s for s in statements(content) if s.key not in (STATUS, PROGRESS)]
            verdict = given.get((report.pk, task.pk))
            rating = verdict.rating if verdict and verdict.counts else ""
            found[report.pk] = UnitEntry(report, content, others, rating)
    groups = alike_groups({pk: entry.content.progress for pk, entry in found.items()})
    return [EntryGroup([found[pk] for pk in group]) for group in groups]
