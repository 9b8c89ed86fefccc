"""Looks: what hangs on a unit that is to be closed, so that nobody closes it unaware."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from tasks_app.choices import AssignmentRole
from tasks_app.domain.access.queries import reporting_units
from tasks_app.domain.reminders.obligations import obligations
from tasks_app.domain.year_end.queries import in_words
from tasks_app.models import Assignment, Unit


@dataclass(frozen=True, slots=True)
class Ties:
    """What a unit has: tasks in running years, open matters in words, accounts in use."""

    tasks: int
    lead: int
    open: str
    people: int

    def sentences(self) -> list[str]:
        """Return what closing the unit without a successor would mean, a sentence each."""
        found = []
        if self.tasks:
            lead = f"（其中牵头{self.lead}项）" if self.lead else ""
            found.append(
                f"承担本年度任务{self.tasks}项{lead}：停用后这些任务不再有它填报，请并入接续单位，或改由别的单位承担。"
            )
        if self.open:
            found.append(f"还有未办结的事项：{self.open}。停用后不再提醒。")
        if self.people:
            found.append(f"有在用账号{self.people}个：停用单位后账号仍可登录，只能查看。")
        return found


def ties_of(unit: Unit, at: datetime) -> Ties:
    """Return what hangs on `unit` at `at`."""
    assignments = Assignment.objects.in_use().filter(unit=unit, task__plan__closed_at=None)
    return Ties(
        tasks=assignments.count(),
        lead=assignments.filter(role=AssignmentRole.LEAD).count(),
        open=in_words(obligations(at, units=[unit.pk])),
        people=unit.people.in_use().count(),
    )


def possible_successors(unit: Unit) -> QuerySet[Unit]:
    """Return the units into which `unit` can be merged."""
    if unit.parent is None:
        return Unit.objects.none()
    return reporting_units(unit.parent).exclude(pk=unit.pk).order_by("position", "code")
