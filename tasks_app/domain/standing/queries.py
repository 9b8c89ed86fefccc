"""Looks: where every unit and its tasks stand in a period, now or at a past moment, and in the unit's latest report.

A draft says nothing: until a unit files, its last known state of this year's table stands. What is back with its
unit counts as that; what was only typed never counts.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import QuerySet, Subquery

from tasks_app.clock import local_date
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.domain.history.queries import PastReport, pictures, reports_then
from tasks_app.domain.reporting.content import ReportContent, content_of
from tasks_app.domain.reporting.rules import FILED_STATES, expected_words, is_back, said
from tasks_app.domain.review.queries import Verdict, verdicts
from tasks_app.models import Plan, ProgressEntry, Report, ReportingPeriod, Submission, Unit

from .course import Courses
from .rules import (
    NO_TEXTS,
    Filing,
    Standing,
    Texts,
    UnitStanding,
    Word,
    filing_of,
    standing_of,
)

CODES = ("status", "in_doubt", "cause", "outlook")
# What is shown of an earlier report beside a unit that has still to file, and what tells whether it is back.
LAST_FILED = (
    "unit_id", "state", "first_submitted_at", "submitted_at", "returned_at", "added_since", "period__kind"
)  # fmt: skip
WORDS = ("progress", "forecast", "remarks", "no_news", "no_news_reason")


class Saying(NamedTuple):
    """What a unit says of one task: its status, why it lags, what it expects, its texts where asked for."""

    status: str = ""
    in_doubt: bool = False
    cause: str = ""
    outlook: str = ""
    texts: Texts = NO_TEXTS


NOTHING_SAID = Saying()
Sayings = dict[int, dict[int, Saying]]  # {report: {task: what its unit says}}, a task for each entry


def filings(period: ReportingPeriod, *, at: datetime, past: bool = False) -> list[Filing]:
    """Return how each unit that must report in `period` stands at `at`, in the city's order; `past` as below."""
    reports = [each.report for each in reports_then(period, at=at)] if past else _reports(period)
    today, calendar = local_date(at), working_calendar()
    return [filing_of(report, today, calendar) for report in reports]


def standings(
    period: ReportingPeriod,
    *,
    at: datetime,
    past: bool = False,
    words: bool = False,
    calendar: WorkingCalendar | None = None,
) -> list[UnitStanding]:
    """Return how each unit that must report in `period` stands at `at`, and each of its tasks, in the city's order.

    `past` tells that `at` lies behind us: then the answer is what was true at that moment, and the reports in
    it are pictures, never to be saved. The lamps of that day are counted on the calendar as it is now.
    A fixed number of statements, however many units and however long their history; `words` also brings
    what the units wrote.
    """
    calendar = calendar or working_calendar()
    if not past:
        reports = _reports(period)
        carried = _last_filed(period, reports)
        sayings = _sayings([*reports, *carried.values()], words)
        return _placed(reports, carried, sayings, at, calendar)
    found = reports_then(period, at=at)
    last = _last_filed_then(period, found, at)
    carried = {unit: each.report for unit, each in last.items()}
    reports = [each.report for each in found]
    sayings = _frame([*reports, *carried.values()])
    for each in (*found, *last.values()):
        if each.submission is not None:
            _speak(sayings[each.report.pk], content_of(each.submission), words)
    return _placed(reports, carried, sayings, at, calendar, until=at)


def courses(
    units: Sequence[UnitStanding],
    *,
    at: datetime,
    past: bool = False,
    calendar: WorkingCalendar | None = None,
) -> Courses:
    """Return how the tasks of `units`, of one plan, stood in the periods before the one that each is from.

    `past` as for `standings`. Four statements, however many periods; what is back stands as it was filed.
    """
    stood_in = {now.period for unit in units for now in unit.tasks.values()}
    plans = ReportingPeriod.objects.filter(pk__in=stood_in).values("plan")
    periods = list(ReportingPeriod.objects.filter(plan__in=plans).select_related("plan"))
    ends = {each.pk: each.due_on for each in periods}
    newest = max((ends[pk] for pk in stood_in), default=date.min)
    earlier = {each.pk: each for each in periods if each.due_on < newest}
    reports = Report.objects.left_the_unit().filter(unit__in=[unit.report.unit_id for unit in units])
    found: dict[tuple[int, int], list[Standing]] = defaultdict(list)
    for unit in _stood(earlier, reports, at=at, past=past, calendar=calendar or working_calendar()):
        for task, standing in unit.tasks.items():
            found[unit.report.unit_id, task].append(standing)
    return {
        (unit.report.unit_id, task): sorted(
            (
                each
                for each in found.get((unit.report.unit_id, task), ())
                if ends[each.period] < ends[now.period]
            ),
            key=lambda each: ends[each.period],
            reverse=True,
        )
        for unit in units
        for task, now in unit.tasks.items()
    }


def _stood(
    periods: Mapping[int, ReportingPeriod],
    reports: QuerySet[Report],
    *,
    at: datetime,
    past: bool,
    calendar: WorkingCalendar,
) -> list[UnitStanding]:
    """Return how the units of `reports` stood in `periods` by what they filed."""
    if not periods:
        return []
    if not past:
        filed = list(reports.filter(period__in=periods).select_related("unit").order_by())
        for report in filed:
            report.period = periods[report.period_id]
        return _placed(filed, {}, _sayings(filed, words=False), at, calendar, returns=False)
    pictured = [each for each in pictures(periods.values(), reports, at=at) if each.submission is not None]
    sayings = _frame([each.report for each in pictured])
    for each in pictured:
        assert each.submission is not None, "left out above"  # noqa: S101
        each.report.period = periods[each.report.period_id]
        _speak(sayings[each.report.pk], content_of(each.submission), words=False)
    filed = [each.report for each in pictured]
    return _placed(filed, {}, sayings, at, calendar, until=at, returns=False)


def texts_of(wanted: Iterable[tuple[Report, int]]) -> dict[tuple[int, int], Texts]:
    """Return {(report, task): what the unit wrote} of tasks as they stand now. At most two statements."""
    pairs = [(report, task) for report, task in wanted]
    reports = list({report.pk: report for report, _ in pairs}.values())
    sayings = _sayings(reports, words=True, tasks={task for _, task in pairs})
    return {(report.pk, task): sayings[report.pk].get(task, NOTHING_SAID).texts for report, task in pairs}


def latest_standings(issuer: Unit, *, at: datetime, calendar: WorkingCalendar) -> list[UnitStanding]:
    """Return how each unit stands in the latest report that it filed in the newest plan of `issuer`.

    Units that are closed are left out, but for those that another answers for, and a year that is settled. What is
    back with its unit stands as it was filed: what is suggested to be acted upon does not vanish by a return.
    """
    newest = Plan.objects.filter(issuer=issuer, periods__opened_at__isnull=False).order_by("-year")
    left = Report.objects.answered_for().filter(
        period__plan=Subquery(newest.values("pk")[:1]),
        period__plan__closed_at=None,
        first_submitted_at__isnull=False,
    )
    found = left.select_related("unit__successor", "period__plan").order_by()
    latest = {report.unit_id: report for report in sorted(found, key=lambda report: report.period.due_on)}
    reports = _in_city_order(latest.values())
    sayings = _sayings(reports, words=False)
    return _placed(reports, {}, sayings, at, calendar, returns=False)


def filed_standings(
    reports: Sequence[Report], *, at: datetime, calendar: WorkingCalendar
) -> list[UnitStanding]:
    """Return where the tasks of each of `reports`, which are filed, stand now. Two statements."""
    return _placed(reports, {}, _sayings(reports, words=False), at, calendar)


def _reports(period: ReportingPeriod) -> list[Report]:
    """Return the reports that count: not those of units closed before the limit that had filed nothing."""

    def is_gone(report: Report) -> bool:
        closed_on = report.unit.closed_on
        return report.first_submitted_at is None and closed_on is not None and closed_on <= period.due_on

    reports = period.reports.select_related("unit").order_by()
    return _in_city_order(report for report in reports if not is_gone(report))


def _in_city_order(reports: Iterable[Report]) -> list[Report]:
    # Here, for an order has the database layer compare each of thirty columns with it.
    return sorted(reports, key=lambda report: (report.unit.position, report.unit.code))


def _last_filed(period: ReportingPeriod, reports: Collection[Report]) -> dict[int, Report]:
    """Return {unit: the last report that it filed before `period` on this year's table} of those still to file."""
    waiting = [report.unit_id for report in reports if report.first_submitted_at is None]
    if not waiting:
        return {}
    before = Report.objects.left_the_unit().filter(
        unit__in=waiting, period__plan=period.plan_id, period__due_on__lt=period.due_on
    )
    found = before.select_related("period").only(*LAST_FILED).order_by("period__due_on")
    return {each.unit_id: each for each in found}


def _last_filed_then(
    period: ReportingPeriod, found: Collection[PastReport], at: datetime
) -> dict[int, PastReport]:
    """Return the same as it was at `at`, of the reports that were `found` then."""
    waiting = [each.report.unit_id for each in found if each.submission is None]
    periods = {each.pk: each for each in _earlier(period).select_related("plan")} if waiting else {}
    past = pictures(periods.values(), Report.objects.filter(unit__in=waiting), at=at)
    for each in past:
        each.report.period = periods[each.report.period_id]
    filed = sorted(
        (each for each in past if each.submission is not None), key=lambda each: each.report.period.due_on
    )
    return {each.report.unit_id: each for each in filed}


def _earlier(period: ReportingPeriod) -> QuerySet[ReportingPeriod]:
    return ReportingPeriod.objects.filter(plan=period.plan_id, due_on__lt=period.due_on)


def _placed(
    reports: Sequence[Report],
    carried: Mapping[int, Report],
    sayings: Mapping[int, Mapping[int, Saying]],
    at: datetime,
    calendar: WorkingCalendar,
    *,
    until: datetime | None = None,
    returns: bool = True,
) -> list[UnitStanding]:
    """Return `reports` with where their tasks stand, by the report `carried` for a unit if there is one.

    The office's words count `until` a moment, if one is given. Without `returns` what is back stands as it was.
    """
    given = verdicts([*reports, *carried.values()], until=until)
    made: dict[tuple[int, Saying, Verdict | None], Standing] = {}  # most tasks of a report stand alike

    def standing(report: Report, task: int, saying: Saying) -> Standing:
        verdict = given.get((report.pk, task))
        key = report.pk, saying, verdict
        if key not in made:
            own = Word(saying.status, report.period_id, report.submitted_at, saying.cause, saying.outlook)
            judged = Word(verdict.rating, report.period_id, verdict.at) if verdict else None
            made[key] = standing_of(
                report.period_id,
                own,
                judged,
                saying.texts,
                counts=verdict is None or verdict.counts,
                is_back=returns and is_back(report),
                in_doubt=saying.in_doubt,
            )
        return made[key]

    found = []
    for report in reports:
        filing = filing_of(report, local_date(at), calendar)
        last = carried.get(report.unit_id)
        source, said = last or report, sayings[(last or report).pk]
        tasks = {task: standing(source, task, said.get(task, NOTHING_SAID)) for task in sayings[report.pk]}
        found.append(UnitStanding(report, filing.lamp, filing.days, tasks, last))
    return found


def _sayings(reports: Sequence[Report], words: bool, tasks: Collection[int] | None = None) -> Sayings:
    """Return what the units say now, of `tasks` if given.

    While a report is filed its entries equal its submission and are the quicker to read. Otherwise the unit
    may be typing in them: then only the submission counts.
    """
    filed = {report.pk for report in reports if report.state in FILED_STATES}
    sayings: Sayings = defaultdict(dict)
    columns = (*CODES, *(WORDS if words else ()))
    for report, task, status, in_doubt, cause, outlook, *texts in _entries(reports, *columns, tasks=tasks):
        said_now = Saying(status, in_doubt, cause, outlook, _texts(outlook, *texts) if texts else NO_TEXTS)
        sayings[report][task] = said_now if report in filed else NOTHING_SAID
    back = [report for report in reports if report.pk not in filed and report.first_submitted_at]
    if back:
        last = Submission.objects.filter(report__in=back).order_by("number")
        for submission in {each.report_id: each for each in last}.values():
            _speak(sayings[submission.report_id], content_of(submission), words)
    return sayings


def _frame(reports: Sequence[Report]) -> Sayings:
    """Return {report: {task: nothing said}} for the tasks that must be reported on."""
    sayings: Sayings = defaultdict(dict)
    for report, task in _entries(reports):
        sayings[report][task] = NOTHING_SAID
    return sayings


def _entries(
    reports: Sequence[Report], *columns: str, tasks: Collection[int] | None = None
) -> Iterator[tuple]:
    rows = ProgressEntry.objects.filter(report__in=reports).order_by()
    if tasks is not None:
        rows = rows.filter(task__in=tasks)
    yield from rows.values_list("report_id", "task_id", *columns)


def _texts(outlook: str, progress: str, forecast: str, remarks: str, no_news: bool, reason: str) -> Texts:
    return Texts(said(progress, no_news, reason), expected_words(outlook, forecast), remarks)


def _speak(sayings: dict[int, Saying], content: ReportContent, words: bool) -> None:
    """Put what a submission says in the place of what is there of its report."""
    for entry in content.entries:
        if entry.task in sayings:
            until_then = expected_words(entry.outlook, entry.forecast)
            texts = Texts(entry.said, until_then, entry.remarks) if words else NO_TEXTS
            codes = (entry.status, entry.is_in_doubt, entry.cause, entry.outlook)
            sayings[entry.task] = Saying(*codes, texts)
