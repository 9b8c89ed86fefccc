"""Where reform lags: the overview, the unit × task matrix, who has not filed, which tasks are behind."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django_tables2 import RequestConfig

from tasks_app.choices import FilingGroup, UnitKind
from tasks_app.clock import local_date
from tasks_app.domain.access.queries import visible_periods, visible_reports
from tasks_app.domain.access.rules import Permission, may
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.desk import waiting_for
from tasks_app.domain.history.queries import judgement_then, period_then, reports_then
from tasks_app.domain.instructions import queries as instructions
from tasks_app.domain.lagging import queries, rules
from tasks_app.domain.plan.rules import opened_last
from tasks_app.domain.reporting.content import EntryContent, content_of
from tasks_app.domain.reporting.rules import report_lamp
from tasks_app.domain.review.rules.content import STATUS, Passage, statements
from tasks_app.domain.standing.queries import standings
from tasks_app.domain.standing.rules import UnitStanding
from tasks_app.forms.as_of import AsOf, moments_offered, read_as_of
from tasks_app.forms.lagging import (
    BY_UNIT,
    EVERY,
    IN_DOUBT,
    UNFILLED_CHOICE,
    LaggingForm,
    MatrixForm,
    NotFiledForm,
    PeriodFilter,
)
from tasks_app.models import ReportingPeriod, Section, Task
from tasks_app.tables.lagging import Beside, DebtorTable, MatrixTable, item_rows, row_of
from tasks_app.templatetags.display import LABELS

from .middleware import Request
from .permissions import requires

PAGE_SIZE = 50
# A row of the lagging list holds a unit's own words, one of the matrix a cell for each task.
ITEMS_PER_PAGE, UNITS_PER_PAGE = 100, 110
# Beyond so many the names of late units are shown when asked for.
LATE_UNITS_SHOWN = 60


@requires(Permission.READ_OVERVIEW)
def overview(request: Request) -> HttpResponse:
    """Show a period on one screen: filing and progress, units in bands, statuses by section."""
    look = _look(request)
    if look is None:
        return render(request, "lagging/no_period.html")
    calendar = working_calendar()
    units = look.standings(calendar=calendar)
    figures = rules.figures(units)
    by_section = _by_section(queries.tasks_of(units), units)
    compared = f"{reverse('lagging')}?period={look.period.pk}&status={EVERY}"
    desk = [] if look.as_of.is_past else waiting_for(request.user, request.now, calendar)
    instructs = may(request.user, Permission.INSTRUCT)
    context = look.context(PeriodFilter(request.GET, *look.choices)) | {
        "desk": desk,
        "answered": instructions.on_first_page(request.user, request.now) if desk and instructs else [],
        "figures": figures,
        "filing": [
            (group, group.label, number, _who_filed(group, look.period))
            for group, number in figures.filing.items()
        ],
        "statuses": [
            (
                status,
                number,
                f"{reverse('lagging')}?period={look.period.pk}&status={status or UNFILLED_CHOICE}",
            )
            for status, number in figures.statuses.items()
        ],
        "voices": figures.voices,
        "agreement": [
            (agreement.label, number, f"{compared}&agreement={agreement}")
            for agreement, number in figures.agreement.items()
        ],
        "doubts": f"{compared}&agreement={IN_DOUBT}",
        "bands": [
            (kind.label, [(band, inside) for band, inside in rules.bands(units, kind) if inside])
            for kind in (UnitKind.COUNTY, UnitKind.BUREAU)
        ],
        "by_section": by_section,
        "chart": {
            "labels": [title for title, _, _ in by_section],
            "series": [[counts[status] for _, _, counts in by_section] for status in figures.statuses],
            "names": [LABELS[status] for status in figures.statuses],
        },
    }
    return render(request, "home/overview.html", context)


def _who_filed(group: FilingGroup, period: ReportingPeriod) -> str:
    if group == FilingGroup.OWED:
        return f"{reverse('not_filed')}?period={period.pk}"
    if group == FilingGroup.OVERDUE:
        return f"{reverse('not_filed')}?period={period.pk}&only=overdue"
    return f"{reverse('matrix')}?period={period.pk}&filing={group}"


@requires(Permission.READ_OVERVIEW)
def matrix(request: Request) -> HttpResponse:
    """Show every unit's status in every task."""
    look = _look(request)
    if look is None:
        return render(request, "lagging/no_period.html")
    everything = look.standings()
    tasks = queries.tasks_of(everything)
    form = MatrixForm(request.GET, *look.choices, sections=_sections(tasks))
    kind, group, section = form.chosen("units"), form.chosen("filing"), form.section_pk()
    units = [
        unit
        for unit in everything
        if (not kind or unit.report.unit.kind == kind)
        and (not group or rules.stands_in(unit, FilingGroup(group)))
    ]
    shown = [task for task in tasks if section is None or task.section_id == section]
    page = Paginator(units, UNITS_PER_PAGE).get_page(request.GET.get("page"))
    table = MatrixTable(units, shown, look.period, look.as_of, list(page))
    keys = [task.pk for task in shown]
    seen = [unit.tasks[task] for unit in units for task in keys if task in unit.tasks]
    context = look.context(form) | {"table": table, "page": page, "voices": rules.voice_counts(seen)}
    return render(request, "lagging/matrix.html", context)


@requires(Permission.READ_OVERVIEW)
def not_filed(request: Request) -> HttpResponse:
    """Show the units that owe their report, as a list to telephone by."""
    look = _look(request)
    if look is None:
        return render(request, "lagging/no_period.html")
    form = NotFiledForm(request.GET, *look.choices)
    debtors = queries.debtors(look.period, at=look.as_of.at, past=look.as_of.is_past)
    if form.chosen("only"):
        debtors = [debtor for debtor in debtors if debtor.filing.days < 0]
    table = DebtorTable(debtors, look.as_of)
    RequestConfig(request, paginate={"per_page": PAGE_SIZE}).configure(table)
    context = look.context(form) | {"table": table, "total": len(debtors)}
    return render(request, "lagging/not_filed.html", context)


@requires(Permission.READ_OVERVIEW)
def lagging(request: Request) -> HttpResponse:
    """Show who files late and which tasks are behind, in the units' own words."""
    look = _look(request)
    if look is None:
        return render(request, "lagging/no_period.html")
    is_past = look.as_of.is_past
    # The words of the page alone are read; a past moment is read from whole submissions, which have them.
    units = look.standings(words=is_past)
    tasks = queries.tasks_of(units)
    form = LaggingForm(request.GET, *look.choices, sections=_sections(tasks))
    items = queries.items(
        units, tasks, form.statuses(), form.section_pk(), form.agreements(), in_doubt=form.in_doubt()
    )
    by_unit = form.chosen("by") == BY_UNIT
    if by_unit:
        items.sort(key=lambda item: item.unit.report.unit.position)
    page = Paginator(items, ITEMS_PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page) if is_past else queries.with_words(list(page))
    late = queries.late_units(units, look.period, at=look.as_of.at)
    context = look.context(form) | {
        "late": late if request.GET.get("late") == "all" else late[:LATE_UNITS_SHOWN],
        "late_total": len(late),
        "heading": form.heading(),
        "page": page,
        "voices": rules.voice_counts(item.standing for item in items),
        "by_unit": by_unit,
        "groups": _grouped(items, shown, look.as_of, _beside(request, look, shown), by_unit=by_unit),
    }
    return render(request, "lagging/lagging.html", context)


@requires(Permission.READ_REPORTS, Permission.FILL_REPORT, Permission.SIGN_REPORT)
def report_as_of(request: Request, pk: int) -> HttpResponse:
    """Show one report with the words and the state that it had at a past moment; nothing can be done here.

    A unit sees its own; what the office thought of it beside a return stays with the office.
    """
    report = get_object_or_404(visible_reports(request.user), pk=pk)
    reads_all = may(request.user, Permission.READ_REPORTS)
    present = reverse("review_report" if reads_all else "report", args=[pk])
    as_of = _as_of(request)
    if not as_of.is_past:
        if as_of.fault:
            messages.warning(request, as_of.fault)
        return redirect(present)
    past = next(iter(reports_then(report.period, at=as_of.at, only=report)), None)
    back = f"{reverse('matrix')}?period={report.period_id}{as_of.added}" if reads_all else ""
    context: dict[str, Any] = {
        "report": report,
        "past": past,
        "as_of": as_of,
        "back": back,
        "present": present,
    }
    if past is not None and past.submission is not None:
        judgement, content = judgement_then(past, at=as_of.at), content_of(past.submission)
        context |= {
            "header": content.header,
            "lamp_then": report_lamp(past.report, local_date(as_of.at), working_calendar()),
            "overall_reason": judgement.reasons.get(None),
            "entries": [
                (
                    entry,
                    _words(entry),
                    judgement.reasons.get(entry.task),
                    judgement.ratings.get(entry.task) if reads_all else None,
                )
                for entry in content.entries
            ],
        }
    return render(request, "lagging/report_as_of.html", context)


def _words(entry: EntryContent) -> list[Passage]:
    """Return what an entry says beside its status, which is a lamp."""
    return [statement for statement in statements(entry) if statement.key != STATUS]


@dataclass(frozen=True)
class Look:
    """What a page of this area speaks of: a period, as it was at a moment when the page looks back."""

    periods: list[ReportingPeriod]
    period: ReportingPeriod
    as_of: AsOf
    quick: list[tuple[str, str]]  # moments offered beside the box: (label, what the address takes)

    @property
    def choices(self) -> tuple[list[ReportingPeriod], ReportingPeriod, AsOf]:
        """Return what the filter above the page needs."""
        return self.periods, self.period, self.as_of

    def standings(self, **wanted: Any) -> list[UnitStanding]:
        """Return how each unit stands, or stood, with what is `wanted` (standing.queries.standings)."""
        return standings(self.period, at=self.as_of.at, past=self.as_of.is_past, **wanted)

    def context(self, form: PeriodFilter) -> dict[str, Any]:
        """Return what the frame of every page of this area shows."""
        today = local_date(self.as_of.at)
        return {
            "form": form,
            "period": self.period,
            "as_of": self.as_of,
            "quick": self.quick,
            "today": today,
            "overdue_by": (today - self.period.due_on).days,
        }


def _look(request: Request) -> Look | None:
    """Return what was asked for: by default the present, and of the periods the one opened last by then."""
    as_of = _as_of(request)
    visible = visible_periods(request.user)
    periods = list(visible.order_by("-plan__year", "due_on"))
    if asked := request.GET.get("period", ""):
        period = get_object_or_404(visible, pk=asked if asked.isdecimal() else 0)
    elif not periods:
        return None
    else:
        period = opened_last(periods, until=as_of.at if as_of.is_past else None) or periods[0]
    quick = moments_offered(period, today=local_date(request.now))
    return Look(periods, period_then(period, at=as_of.at) if as_of.is_past else period, as_of, quick)


def _as_of(request: Request) -> AsOf:
    return read_as_of(request.GET.get("as_of", ""), now=request.now)


def _sections(tasks: list[Task]) -> list[Section]:
    return list({task.section_id: task.section for task in tasks if task.section is not None}.values())


def _by_section(tasks: list[Task], units: list[UnitStanding]) -> list[tuple[str, int | None, dict[str, int]]]:
    """Return (title, section, {status: number}) for each section."""
    rows = []
    for _, group in groupby(tasks, lambda task: task.section_id):
        members = list(group)
        stand = [unit.tasks[task.pk] for task in members for unit in units if task.pk in unit.tasks]
        section = members[0].section
        rows.append((str(section or "其他"), section.pk if section else None, rules.status_counts(stand)))
    return rows


@dataclass(frozen=True)
class Group:
    """The items of one task, or of one unit, on this page as rows; `total` counts those on other pages too."""

    head: Task | UnitStanding
    rows: SafeString
    total: int


def _beside(request: Request, look: Look, shown: Sequence[queries.LaggingTask]) -> Beside:
    """Return what leaders wrote on the rows; of a past moment nothing."""
    if look.as_of.is_past:
        return Beside({})
    rows = [row_of(item) for item in shown]
    found = instructions.on_rows(look.period.plan, rows, request.now) if rows else {}
    return Beside(found, may_instruct=may(request.user, Permission.INSTRUCT))


def _grouped(
    items: list[queries.LaggingTask],
    shown: Sequence[queries.LaggingTask],
    as_of: AsOf,
    beside: Beside,
    *,
    by_unit: bool,
) -> list[Group]:
    def key(item: queries.LaggingTask) -> int:
        return item.unit.report.pk if by_unit else item.task.pk

    totals = Counter(map(key, items))
    groups = [(number, list(group)) for number, group in groupby(shown, key)]
    return [
        Group(
            group[0].unit if by_unit else group[0].task,
            item_rows(group, as_of, beside, by_unit=by_unit),
            totals[number],
        )
        for number, group in groups
    ]
