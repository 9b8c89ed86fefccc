"""Looks: what all units wrote on one task, the worst first, counties and bureaus apart; likeness is a mark."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import OuterRef, Subquery

from tasks_app.choices import RANKS, ProgressStatus, UnitKind
from tasks_app.domain.access.queries import visible_reports
from tasks_app.domain.reporting.content import EntryContent
from tasks_app.models import Report, ReportingPeriod, Submission, Task, Unit, User
from tasks_app.models.report import KeptEntry
from tasks_app.models.unit import NAMED

from .queries import Verdict, verdicts
from .rules.alike import alike_groups
from .rules.content import PROGRESS, STATUS, Passage, figure_key, statements

NAMED_ALIKE = 3  # a copy that all have made names not all of them in each row


@dataclass(frozen=True)
class UnitEntry:
    """One unit's entry: its words, the rest of what it says, and the office's verdict on it ("" without).

    `alike` are other units whose words are like its own, the first few of `alike_count`.
    """

    report: Report
    content: EntryContent
    others: list[Passage]
    rating: str
    alike: tuple[Unit, ...] = ()
    alike_count: int = 0

    @property
    def leads(self) -> str:
        """The status that leads: the verdict, else the unit's own."""
        return self.rating or self.content.status

    @property
    def own_label(self) -> str:
        """What the unit says of itself, in words."""
        return str(ProgressStatus(self.content.status).label) if self.content.status else ""

    @property
    def differs(self) -> bool:
        """Tell whether verdict and self-rating are not the same."""
        return bool(self.rating) and self.rating != self.content.status


def entries_on(task: Task, period: ReportingPeriod, user: User) -> list[UnitEntry]:
    """Return what `user` may read of `period` on `task`, in the order of `in_order`. Two statements."""
    newest = Submission.objects.filter(report=OuterRef("report")).order_by("-number").values("pk")[:1]
    submissions = (
        Submission.objects.filter(report__in=visible_reports(user).filter(period=period).values("pk"))
        .filter(pk=Subquery(newest))
        .select_related("report__unit")
        .only(
            "report__state",
            "report__period",
            "report__submitted_at",
            *(f"report__unit__{name}" for name in (*NAMED, "kind", "position")),
        )
        .order_by("report__unit__position", "report__unit__code")
    )
    said = [
        (one.report, EntryContent.from_json(one.kept) if one.kept else None)
        for one in submissions.annotate(kept=KeptEntry(task.pk))
    ]
    return in_order(task, said, verdicts([report for report, _ in said]))


def in_order(
    task: Task,
    said: Iterable[tuple[Report, EntryContent | None]],
    given: Mapping[tuple[int, int], Verdict],
) -> list[UnitEntry]:
    """Return what reports have `said` on `task`: counties before bureaus, of each the least advanced first.

    `given` are the office's verdicts as `queries.verdicts` returns them.
    """
    found: dict[int, UnitEntry] = {}
    for report, content in said:
        if content is not None:
            apart = {STATUS, PROGRESS, *(figure_key(each.indicator) for each in content.indicators)}
            others = [each for each in statements(content) if each.key not in apart]
            verdict = given.get((report.pk, task.pk))
            rating = verdict.rating if verdict and verdict.counts else ""
            found[report.pk] = UnitEntry(report, content, others, rating)
    for group in alike_groups({pk: entry.content.progress for pk, entry in found.items()}):
        for pk in group:
            others_like = [found[other].report.unit for other in group[: NAMED_ALIKE + 1] if other != pk]
            named = tuple(others_like[:NAMED_ALIKE])
            found[pk] = replace(found[pk], alike=named, alike_count=len(group) - 1)
    return sorted(found.values(), key=_place)


def _place(entry: UnitEntry) -> tuple[bool, int, int]:
    unit = entry.report.unit
    return unit.kind != UnitKind.COUNTY, -RANKS.get(entry.leads, -1), unit.position
