"""Looks: what is late, lags or is not heeded, and of it what nobody is dealing with yet."""

from collections import defaultdict
from collections.abc import Collection, ItemsView, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.db.models.functions import Coalesce

from tasks_app.choices import CandidateKind, NoticeColour, NoticeState
from tasks_app.clock import local_date
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.domain.reporting.queries import owed_reports
from tasks_app.domain.standing.course import lag_periods, lags
from tasks_app.domain.standing.queries import courses, latest_standings
from tasks_app.domain.standing.rules import Standing, UnitStanding
from tasks_app.models import (
    Assignment,
    Deadline,
    Interview,
    ProgressEntry,
    Report,
    SetAside,
    SupervisionNotice,
    Unit,
)
from tasks_app.models.notice import OPEN_STATES

from . import rules
from .rules import Occasion


@dataclass(frozen=True)
class Dealt:
    """What a person has done about things already: `past` holds their notices, the oldest first."""

    past: dict[str, list[SupervisionNotice]]
    interviewed: frozenset[str]
    set_aside: dict[str, SetAside]

    def hides(self, occasion: Occasion, today: date, calendar: WorkingCalendar) -> bool:
        """Tell whether somebody is dealing with the thing, or has done so lately.

        A task whose notice was closed comes back with the next period only; what is still not filed comes
        back when as many days have passed since the closing as made it a candidate first.
        """
        if occasion.thing in self.interviewed:
            return True
        notices = self.past.get(occasion.thing, [])
        if any(notice.state in OPEN_STATES for notice in notices):
            return True
        closed = [notice.closed_at for notice in notices if notice.state == NoticeState.CLOSED]
        if not closed:
            return False
        if occasion.kind == CandidateKind.TASK:
            return True
        last = max(local_date(at) for at in closed if at is not None)
        return not rules.is_overdue(last, today, calendar)


def occasions(issuer: Unit, at: datetime, calendar: WorkingCalendar) -> list[Occasion]:
    """Return everything that could be a candidate of `issuer` at `at`, also what is dealt with. Eight statements."""
    today = local_date(at)
    found = [
        *_unheeded(issuer, today, calendar),
        *_overdue(issuer, at, calendar),
        *_severe(issuer, at, calendar),
    ]
    order = list(CandidateKind)
    return sorted(found, key=lambda c: (order.index(c.kind), -c.days, c.unit.position, c.thing))


def dealt_with(issuer: Unit, found: Collection[Occasion]) -> Dealt:
    """Return what was done about the things of `found`. At most three statements."""
    if not found:
        return Dealt({}, frozenset(), {})
    things = {occasion.thing for occasion in found} | {
        occasion.notice.thing for occasion in found if occasion.notice
    }
    past: dict[str, list[SupervisionNotice]] = defaultdict(list)
    notices = SupervisionNotice.objects.filter(issuer=issuer, thing__in=things)
    for notice in notices.order_by("drafted_at", "pk"):
        past[notice.thing].append(notice)
    held = Interview.objects.not_given_up().filter(issuer=issuer, thing__in=things)
    aside = SetAside.objects.filter(issuer=issuer, thing__in=things).select_related("by")
    return Dealt(past, frozenset(held.values_list("thing", flat=True)), {each.thing: each for each in aside})


def notice_occasion(notice: SupervisionNotice, today: date, calendar: WorkingCalendar) -> Occasion:
    """Return the occasion that `notice` is or would be if it were not heeded."""
    return Occasion(
        rules.notice_thing(notice),
        CandidateKind.INTERVIEW if notice.colour == NoticeColour.RED else CandidateKind.NOTICE,
        notice.unit,
        notice.plan,
        notice.reply_due_on,
        max(calendar.between(notice.reply_due_on, today), 0),
        report=notice.report,
        notice=notice,
    )


def _unheeded(issuer: Unit, today: date, calendar: WorkingCalendar) -> Iterator[Occasion]:
    issued = SupervisionNotice.objects.unanswered().in_running_years().filter(issuer=issuer)
    beside = ("unit", "plan", "task", "report__period__plan", "report__unit")
    for notice in issued.select_related(*beside).order_by():  # `occasions` sorts
        if rules.is_unanswered(notice, today, calendar):
            yield notice_occasion(notice, today, calendar)


def _overdue(issuer: Unit, at: datetime, calendar: WorkingCalendar) -> Iterator[Occasion]:
    today = local_date(at)
    owed = owed_reports(at).answered_for().filter(period__plan__issuer=issuer, due_on__lt=today)
    for report in owed.select_related("unit__successor").order_by():
        if not rules.is_overdue(report.due_on, today, calendar):
            continue
        is_back = report.returned_at is not None
        yield Occasion(
            rules.returned_thing(report) if is_back else rules.filing_thing(report),
            CandidateKind.RETURNED if is_back else CandidateKind.FILING,
            report.unit.answering,
            report.period.plan,
            report.due_on,
            calendar.between(report.due_on, today),
            report=report,
        )


def _severe(issuer: Unit, at: datetime, calendar: WorkingCalendar) -> Iterator[Occasion]:
    """Yield the tasks that lag severely, or lastingly, by what was last filed of them, also while it is back.

    Only of the newest table: last year's tasks are this year's affair no more. Ten statements.
    """
    today = local_date(at)
    latest = latest_standings(issuer, at=at, calendar=calendar)
    before = courses(latest, at=at, calendar=calendar)
    severe = {
        (report.pk, task): (standing, lag_periods(standing, before[report.unit_id, task]))
        for (_, task), (report, standing) in _last_words(latest)
        if rules.calls_for_action(standing, before[report.unit_id, task])
    }
    for entry in _entries_in_force({report for report, _ in severe}) if severe else ():
        if (entry.report_id, entry.task_id) not in severe:
            continue
        standing, periods = severe[entry.report_id, entry.task_id]
        passed = [
            limit.due_on for limit in entry.task.deadlines.all() if limit.due_on and limit.due_on < today
        ]
        limit = min(passed, default=None)
        yield Occasion(
            rules.task_thing(entry),
            CandidateKind.TASK,
            entry.report.unit.answering,
            entry.report.period.plan,
            limit,
            calendar.between(limit, today) if limit else 0,
            report=entry.report,
            entry=entry,
            standing=standing,
            lag_periods=periods,
        )


def _last_words(units: Iterable[UnitStanding]) -> ItemsView[tuple[int, int], tuple[Report, Standing]]:
    """Return {(who answers, task): the report that spoke of it last, how it stands by it}.

    A successor speaks for the units merged into it from its own next report on; of two of them the one lagging counts.
    """

    def rank(report: Report, standing: Standing) -> tuple[date, bool, bool]:
        return report.period.due_on, report.unit.is_active, lags(standing)

    found: dict[tuple[int, int], tuple[Report, Standing]] = {}
    for unit in units:
        for task, standing in unit.tasks.items():
            key, word = (unit.report.unit.answering.pk, task), (unit.report, standing)
            found[key] = max(found.get(key, word), word, key=lambda pair: rank(*pair))
    return found.items()


def _entries_in_force(reports: Collection[int]) -> QuerySet[ProgressEntry]:
    """Return the entries of `reports` whose task is still their unit's, or its successor's."""
    unit = Coalesce(OuterRef("report__unit__successor"), OuterRef("report__unit"))
    own = Assignment.objects.filter(task=OuterRef("task"), unit=unit)
    entries = ProgressEntry.objects.filter(Exists(own), report__in=reports, task__is_active=True)
    return entries.select_related("task", "report__unit__successor", "report__period__plan").prefetch_related(
        Prefetch("task__deadlines", Deadline.objects.select_related("measure"))
    )
