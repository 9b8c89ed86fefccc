"""Looks: how one unit stood in one task, period after period and year after year, and what was done about it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from tasks_app.choices import RANKS, Outlook
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.domain.reporting.content import EntryContent, entry_of
from tasks_app.domain.reporting.rules import expected
from tasks_app.domain.standing.course import lags
from tasks_app.domain.standing.queries import filed_standings
from tasks_app.domain.standing.rules import Standing
from tasks_app.models import Report, ReportingPeriod, Submission, Task
from tasks_app.models.unit import line_of


@dataclass(frozen=True)
class Chapter:
    """One period of a trail: where the task stood, what its unit said, and whether what it expected came true.

    `came_true` is told by what was filed next, None while nothing was, or where nothing definite was expected.
    """

    report: Report
    task: Task
    standing: Standing
    said: EntryContent
    came_true: bool | None

    @property
    def period(self) -> ReportingPeriod:
        """The period that it is of."""
        return self.report.period

    @property
    def expected(self) -> str:
        """Return what the unit expected by the period's end, in words."""
        outlook = expected(self.said.status, self.said.outlook)
        return str(Outlook(outlook).label) if outlook else ""


def trail(report: Report, task: Task, *, at: datetime, calendar: WorkingCalendar) -> list[Chapter]:
    """Return what the unit of `report` filed of `task` and of the tasks of earlier years that it continues.

    The newest first; also what units merged into it filed. Five statements.
    """
    line = _line(task)
    filed = Report.objects.left_the_unit().filter(line_of(report.unit_id), entries__task__in=line).distinct()
    reports = list(filed.select_related("unit", "period__plan").order_by("-period__due_on", "unit__position"))
    said = _said(reports, line)
    chapters: list[Chapter] = []
    for stood in filed_standings(reports, at=at, calendar=calendar):
        for pk in stood.tasks.keys() & line.keys():
            if (content := said.get((stood.report.pk, pk))) is not None:
                later = chapters[-1].standing if chapters else None
                came = came_true(content, later) if later is not None else None
                chapters.append(Chapter(stood.report, line[pk], stood.tasks[pk], content, came))
    return chapters


def came_true(said: EntryContent, later: Standing) -> bool | None:
    """Tell whether what a unit expected by a period's end is what it filed next: 能完成 is on course or done then."""
    outlook = expected(said.status, said.outlook)
    if later.status not in RANKS or outlook not in (Outlook.CAN, Outlook.CANNOT):
        return None
    return lags(later) == (outlook == Outlook.CANNOT)


def _line(task: Task) -> dict[int, Task]:
    """Return {id: task} of `task` and those of earlier years that it continues. One statement."""
    of_issuer = Task.objects.filter(plan__issuer=task.plan.issuer_id).select_related("plan")
    tasks = {each.pk: each for each in of_issuer.only("number", "title", "predecessor", "plan__year")}
    line: dict[int, Task] = {}
    pk: int | None = task.pk
    while pk is not None and pk in tasks and pk not in line:
        line[pk] = tasks[pk]
        pk = tasks[pk].predecessor_id
    return line


def _said(reports: Collection[Report], line: Mapping[int, Task]) -> dict[tuple[int, int], EntryContent]:
    """Return {(report, task): what was filed last of it}. One statement."""
    last = {each.report_id: each for each in Submission.objects.filter(report__in=reports).order_by("number")}
    return {
        (report, task): said
        for report, submission in last.items()
        for task in line
        if (said := entry_of(submission, task)) is not None
    }
