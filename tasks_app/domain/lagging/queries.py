"""Looks: who has not filed and whom to call, who is late, which tasks lag and in whose words."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from django.db.models import Max

from tasks_app.choices import AuditAction, FilingLamp, Role
from tasks_app.clock import local_date
from tasks_app.domain.standing.course import Courses
from tasks_app.domain.standing.queries import filings, texts_of
from tasks_app.domain.standing.rules import NO_TEXTS, Filing, UnitStanding
from tasks_app.models import AuditEvent, Delivery, ReportingPeriod, Task, User

from .listing import LaggingTask, Narrowing
from .rules import days_late

NOT_FILED_IN_TIME = {FilingLamp.OVERDUE, FilingLamp.MISSING}


@dataclass(frozen=True)
class Debtor:
    """A unit that owes its report: whom to call, when it was last reminded and called (None: never)."""

    filing: Filing
    fillers: list[User]
    signers: list[User]
    reminded_at: datetime | None
    called: AuditEvent | None


@dataclass(frozen=True)
class LateUnit:
    """A unit that is late, or filed late: by `days` days."""

    filing: Filing
    days: int


def tasks_of(units: Collection[UnitStanding]) -> list[Task]:
    """Return the tasks that `units` report on, in the table's order, each with its section."""
    tasks = {task for unit in units for task in unit.tasks}
    found = Task.objects.filter(pk__in=tasks).select_related("section")
    return list(found.only("number", "title", "section__title").order_by("number"))


def debtors(period: ReportingPeriod, *, at: datetime, past: bool = False) -> list[Debtor]:
    """Return the units whose turn it is in `period`, the longest overdue first; `past` as for `standings`.

    The people are those of today, also of a past moment: they are the ones that can be called.
    """
    owed = [filing for filing in filings(period, at=at, past=past) if filing.is_owed]
    people = _people([filing.report.unit_id for filing in owed])
    reports = [filing.report.pk for filing in owed]
    reminded, called = _last_reminders(reports, at), _last_calls(reports, at)
    return [
        Debtor(
            filing,
            fillers=people[filing.report.unit_id, Role.FILLER],
            signers=people[filing.report.unit_id, Role.SIGNER],
            reminded_at=reminded.get(filing.report.pk),
            called=called.get(filing.report.pk),
        )
        for filing in sorted(owed, key=lambda each: (each.report.due_on, each.report.unit.position))
    ]


def _people(units: Collection[int]) -> dict[tuple[int, str], list[User]]:
    found: dict[tuple[int, str], list[User]] = defaultdict(list)
    people = User.objects.in_use().filter(unit__in=units, role__in=(Role.FILLER, Role.SIGNER))
    for person in people.order_by("username"):
        found[person.unit_id, person.role].append(person)
    return found


def _last_reminders(reports: Collection[int], at: datetime) -> dict[int, datetime]:
    """Return {report: when its unit was last reminded by the moment `at`}; the office's own reminders are none."""
    given = Delivery.objects.given(at).filter(
        message__reminders__report__in=reports, message__reminders__to_office=False
    )
    by_report = given.order_by().values_list("message__reminders__report").annotate(Max("sent_at"))
    # One message may speak of several reports: the join also brings those that were not asked for.
    return {report: at for report, at in by_report if report in set(reports)}


def _last_calls(reports: Collection[int], at: datetime) -> dict[int, AuditEvent]:
    """Return {report: the last time that the office noted a call by the moment `at`}."""
    calls = AuditEvent.objects.filter(action=AuditAction.CALL, target_kind="report", target_id__in=reports)
    found = calls.filter(at__lte=at).order_by("at", "id").only("at", "actor_name", "target_id")
    return {call.target_id: call for call in found if call.target_id is not None}


def late_units(found: Collection[Filing], period: ReportingPeriod, *, at: datetime) -> list[LateUnit]:
    """Return who is late among `found`, still owing first, then by days."""
    today = local_date(at)
    late = [LateUnit(filing, days_late(filing.report, period.due_on, today)) for filing in found]
    late = [unit for unit in late if unit.filing.lamp in NOT_FILED_IN_TIME or unit.filing.report.is_late]
    return sorted(late, key=lambda unit: (unit.filing.lamp not in NOT_FILED_IN_TIME, -unit.days))


def items(
    units: Sequence[UnitStanding],
    tasks: Collection[Task],
    wanted: Narrowing,
    courses: Courses = MappingProxyType({}),
) -> list[LaggingTask]:
    """Return the tasks of `units` that are `wanted`, in the table's order, with how they stood before by `courses`."""
    found = (
        LaggingTask(unit, task, standing, courses.get((unit.report.unit_id, task.pk), ()))
        for task in tasks
        for unit in units
        if (standing := unit.tasks.get(task.pk)) is not None
    )
    return [item for item in found if wanted.holds(item)]


def with_words(shown: Sequence[LaggingTask]) -> list[LaggingTask]:
    """Return `shown`, which is of the present, with what the units wrote."""
    texts = texts_of((item.unit.read_in, item.task.pk) for item in shown if item.unit.read_in)
    return [
        replace(item, standing=item.standing._replace(texts=texts.get(_place(item), NO_TEXTS)))
        for item in shown
    ]


def _place(item: LaggingTask) -> tuple[int, int]:
    return (item.unit.read_in or item.unit.report).pk, item.task.pk
