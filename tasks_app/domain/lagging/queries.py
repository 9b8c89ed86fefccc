"""Looks: how every unit stands in a period, who has not filed, which tasks lag and in whose words."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, QuerySet

from tasks_app.choices import DeliveryState, FilingLamp, Role
from tasks_app.clock import local_date
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.domain.history.queries import reports_then
from tasks_app.domain.reporting.content import ReportContent, content_of
from tasks_app.domain.reporting.rules import FILED_STATES, filing_lamp, said
from tasks_app.models import Delivery, ProgressEntry, Report, ReportingPeriod, Submission, Task, User

from .rules import Cell, Standing, days_late

WORDS = ("progress", "forecast", "remarks", "no_news", "no_news_reason")


@dataclass(frozen=True)
class Debtor:
    """A unit that owes its report: whom to call and when it was last reminded (None: never)."""

    standing: Standing
    fillers: list[User]
    signers: list[User]
    reminded_at: datetime | None


@dataclass(frozen=True)
class LateUnit:
    """A unit that is late, or filed late: by `days` days."""

    standing: Standing
    days: int


@dataclass(frozen=True)
class Item:
    """One task of one unit, with the unit's own words."""

    standing: Standing
    task: Task
    cell: Cell


def standings(
    period: ReportingPeriod, *, at: datetime, past: bool = False, words: bool = False
) -> list[Standing]:
    """Return how each unit that must report in `period` stands at `at`, in the city's order.

    `past` tells that `at` lies behind us: then the answer is what was true at that moment, and the reports in
    it are pictures, never to be saved. The lamps of that day are counted on the calendar as it is now.
    A fixed number of statements, however many units and however long their history; `words` also brings
    what the units wrote.
    """
    calendar = working_calendar()
    if past:
        return _past_standings(period, at, words, calendar)
    cells = _cells(period, words)
    reports = period.reports.select_related("unit").order_by("unit__position", "unit__code")
    return [_standing(report, cells[report.pk], at, calendar) for report in reports]


def _past_standings(
    period: ReportingPeriod, at: datetime, words: bool, calendar: WorkingCalendar
) -> list[Standing]:
    found = reports_then(period, at=at)
    cells = _frame(ProgressEntry.objects.filter(report__in=[past.report for past in found]))
    for past in found:
        if past.submission is not None:
            _speak(cells[past.report.pk], content_of(past.submission), words)
    return [_standing(past.report, cells[past.report.pk], at, calendar) for past in found]


def _standing(report: Report, cells: dict[int, Cell], at: datetime, calendar: WorkingCalendar) -> Standing:
    today = local_date(at)
    lamp = filing_lamp(
        report.state,
        is_late=report.is_late,
        due_on=report.due_on,
        is_open=True,  # a report exists from the day its period opened
        today=today,
        calendar=calendar,
    )
    overdue = (today - report.due_on).days
    return Standing(report, lamp, -overdue if overdue > 0 else calendar.between(today, report.due_on), cells)


def _cells(period: ReportingPeriod, words: bool) -> dict[int, dict[int, Cell]]:
    """Return {report: {task: cell}}: a draft's are empty, a returned report's as they were when it left.

    While a report is filed its entries equal its submission and are the quicker to read. Otherwise the unit
    may be typing in them: then only the submission counts.
    """
    entries = ProgressEntry.objects.filter(report__period=period)
    cells = _frame(entries.exclude(report__state__in=FILED_STATES))
    for report, content in _last_words(period).items():
        _speak(cells[report], content, words)
    filed = entries.filter(report__state__in=FILED_STATES).order_by()
    for report, task, status, *texts in filed.values_list(
        "report_id", "task_id", "status", *(WORDS if words else ())
    ):
        cells[report][task] = _cell(status, *texts)
    return cells


def _cell(
    status: str,
    progress: str = "",
    forecast: str = "",
    remarks: str = "",
    no_news: bool = False,
    reason: str = "",
) -> Cell:
    """Return what an entry says; 本期无新进展 stands where the progress would."""
    return Cell(status, said(progress, no_news, reason), forecast, remarks)


def _frame(entries: QuerySet[ProgressEntry]) -> dict[int, dict[int, Cell]]:
    """Return {report: {task: an empty cell}} for the tasks that must be reported on."""
    cells: dict[int, dict[int, Cell]] = defaultdict(dict)
    for report, task in entries.order_by().values_list("report_id", "task_id"):
        cells[report][task] = Cell()
    return cells


def _speak(cells: dict[int, Cell], content: ReportContent, words: bool) -> None:
    """Put what a submission says into the cells of its report."""
    for entry in content.entries:
        if entry.task in cells:
            shown = (entry.said, entry.forecast, entry.remarks) if words else ()
            cells[entry.task] = Cell(entry.status, *shown)


def _last_words(period: ReportingPeriod) -> dict[int, ReportContent]:
    """Return {report: content of its latest submission} for reports that are back with their unit."""
    submissions = Submission.objects.filter(report__period=period).exclude(report__state__in=FILED_STATES)
    return {each.report_id: content_of(each) for each in submissions.order_by("number")}


def tasks_of(found: Collection[Standing]) -> list[Task]:
    """Return the tasks that the units in `found` report on, in the table's order, each with its section."""
    tasks = {task for standing in found for task in standing.cells}
    return list(Task.objects.filter(pk__in=tasks).select_related("section").order_by("number"))


def debtors(period: ReportingPeriod, *, at: datetime, past: bool = False) -> list[Debtor]:
    """Return the units whose turn it is in `period`, the longest overdue first; `past` as for `standings`.

    The people are those of today, also of a past moment: they are the ones that can be called.
    """
    owed = [standing for standing in standings(period, at=at, past=past) if standing.is_owed]
    people = _people([standing.report.unit_id for standing in owed])
    reminded = _last_reminders([standing.report.pk for standing in owed], at)
    return [
        Debtor(
            standing,
            fillers=people[standing.report.unit_id, Role.FILLER],
            signers=people[standing.report.unit_id, Role.SIGNER],
            reminded_at=reminded.get(standing.report.pk),
        )
        for standing in sorted(owed, key=lambda s: (s.report.due_on, s.report.unit.position))
    ]


def _people(units: Collection[int]) -> dict[tuple[int, str], list[User]]:
    found: dict[tuple[int, str], list[User]] = defaultdict(list)
    people = User.objects.filter(unit__in=units, role__in=(Role.FILLER, Role.SIGNER), is_active=True)
    for person in people.order_by("username"):
        found[person.unit_id, person.role].append(person)
    return found


def _last_reminders(reports: Collection[int], at: datetime) -> dict[int, datetime]:
    sent = Delivery.objects.filter(
        state=DeliveryState.SENT, sent_at__lte=at, message__reminders__report__in=reports
    )
    by_report = sent.order_by().values_list("message__reminders__report").annotate(Max("sent_at"))
    # One message may speak of several reports: the join also brings those that were not asked for.
    return {report: at for report, at in by_report if report in set(reports)}


def late_units(found: Collection[Standing], period: ReportingPeriod, *, at: datetime) -> list[LateUnit]:
    """Return who is late among `found`, still owing first, then by days."""
    today = local_date(at)
    late = [LateUnit(standing, days_late(standing.report, period.due_on, today)) for standing in found]
    late = [unit for unit in late if unit.standing.lamp == FilingLamp.OVERDUE or unit.standing.report.is_late]
    return sorted(late, key=lambda unit: (unit.standing.lamp != FilingLamp.OVERDUE, -unit.days))


def items(
    found: Collection[Standing],
    tasks: Collection[Task],
    statuses: Collection[str],
    section: int | None = None,
) -> list[Item]:
    """Return the tasks in one of `statuses`, in the table's order, of one section if given."""
    chosen = [task for task in tasks if section is None or task.section_id == section]
    return [
        Item(standing, task, standing.cells[task.pk])
        for task in chosen
        for standing in found
        if task.pk in standing.cells and standing.cells[task.pk].status in statuses
    ]
