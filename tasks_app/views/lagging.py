"""Where reform stands: the overview, the unit × task matrix, who has not filed, a report as it was."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST
from django_tables2 import RequestConfig

from tasks_app.choices import FilingGroup, UnitKind
from tasks_app.clock import local_date
from tasks_app.domain.access.queries import visible_periods, visible_reports
from tasks_app.domain.access.rules import Permission, may
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.desk import waiting_for
from tasks_app.domain.history.queries import judgement_then, reports_then
from tasks_app.domain.instructions import queries as instructions
from tasks_app.domain.lagging import actions, queries, rules
from tasks_app.domain.reporting.content import EntryContent, content_of
from tasks_app.domain.reporting.rules import report_lamp
from tasks_app.domain.review.rules.content import STATUS, Passage, statements
from tasks_app.domain.standing.rules import UnitStanding
from tasks_app.forms.lagging import (
    EVERY,
    IN_DOUBT,
    UNFILLED_CHOICE,
    MatrixForm,
    NotFiledForm,
    PeriodFilter,
)
from tasks_app.models import Report, ReportingPeriod, Task
from tasks_app.tables.lagging import DebtorTable, MatrixTable
from tasks_app.templatetags.display import LABELS

from .look import as_of_asked, look_at, sections_of
from .middleware import Request
from .moves import make_move
from .permissions import requires

PAGE_SIZE = 50
UNITS_PER_PAGE = 110  # a row of the matrix has a cell for each task


@requires(Permission.READ_OVERVIEW)
def overview(request: Request) -> HttpResponse:
    """Show a period on one screen: filing and progress, units in bands, statuses by section."""
    look = look_at(request)
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
    look = look_at(request)
    if look is None:
        return render(request, "lagging/no_period.html")
    everything = look.standings()
    tasks = queries.tasks_of(everything)
    form = MatrixForm(request.GET, *look.choices, sections=sections_of(tasks))
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
    look = look_at(request)
    if look is None:
        return render(request, "lagging/no_period.html")
    form = NotFiledForm(request.GET, *look.choices)
    debtors = queries.debtors(look.period, at=look.as_of.at, past=look.as_of.is_past)
    if form.chosen("only"):
        debtors = [debtor for debtor in debtors if debtor.filing.days < 0]
    may_call = may(request.user, Permission.SEND_REMINDER) and not look.as_of.is_past
    table = DebtorTable(debtors, look.as_of, get_token(request) if may_call else "")
    RequestConfig(request, paginate={"per_page": PAGE_SIZE}).configure(table)
    context = look.context(form) | {"table": table, "total": len(debtors)}
    return render(request, "lagging/not_filed.html", context)


@require_POST
@requires(Permission.SEND_REMINDER)
def note_call(request: Request, pk: int) -> HttpResponse:
    """Note that a unit that has not filed was telephoned."""
    periods = visible_periods(request.user)
    report = get_object_or_404(Report.objects.filter(period__in=periods).select_related("unit"), pk=pk)
    back = f"{reverse('not_filed')}?period={report.period_id}"
    return make_move(request, actions.note_call, pk, done=f"已记下：电话催办{report.unit}。", back=back)


@requires(Permission.READ_REPORTS, Permission.FILL_REPORT, Permission.SIGN_REPORT)
def report_as_of(request: Request, pk: int) -> HttpResponse:
    """Show one report with the words and the state that it had at a past moment; nothing can be done here.

    A unit sees its own; what the office thought of it beside a return stays with the office.
    """
    report = get_object_or_404(visible_reports(request.user), pk=pk)
    reads_all = may(request.user, Permission.READ_REPORTS)
    present = reverse("review_report" if reads_all else "report", args=[pk])
    as_of = as_of_asked(request)
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


def _by_section(tasks: list[Task], units: list[UnitStanding]) -> list[tuple[str, int | None, dict[str, int]]]:
    """Return (title, section, {status: number}) for each section."""
    rows = []
    for _, group in groupby(tasks, lambda task: task.section_id):
        members = list(group)
        stand = [unit.tasks[task.pk] for task in members for unit in units if task.pk in unit.tasks]
        section = members[0].section
        rows.append((str(section or "其他"), section.pk if section else None, rules.status_counts(stand)))
    return rows
