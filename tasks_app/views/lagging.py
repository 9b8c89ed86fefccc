"""Where reform lags: the overview, the unit × task matrix, who has not filed, which tasks are behind."""

from itertools import groupby
from typing import Any

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django_tables2 import RequestConfig

from tasks_app.choices import FilingGroup, ProgressStatus, UnitKind
from tasks_app.clock import local_date
from tasks_app.domain.access.queries import visible_periods
from tasks_app.domain.access.rules import Permission
from tasks_app.domain.lagging import queries, rules
from tasks_app.forms.lagging import BY_UNIT, LaggingForm, MatrixForm, NotFiledForm, PeriodForm
from tasks_app.models import ReportingPeriod, Section, Task
from tasks_app.tables.lagging import DebtorTable, MatrixTable

from .middleware import Request
from .permissions import requires

PAGE_SIZE = 50


@requires(Permission.READ_OVERVIEW)
def overview(request: Request) -> HttpResponse:
    """Show a period on one screen: filing and progress, units in bands, statuses by section."""
    periods, period = _periods(request)
    if period is None:
        return render(request, "lagging/no_period.html")
    found = queries.standings(period, at=request.now)
    figures = rules.figures(found)
    by_section = _by_section(queries.tasks_of(found), found)
    context = _context(request, PeriodForm(request.GET, periods, period), period) | {
        "figures": figures,
        "filing": [(group, group.label, number) for group, number in figures.filing.items()],
        "statuses": list(figures.statuses.items()),
        "bands": [
            (kind.label, [(band, units) for band, units in rules.bands(found, kind) if units])
            for kind in (UnitKind.COUNTY, UnitKind.BUREAU)
        ],
        "by_section": by_section,
        "chart": {
            "labels": [title for title, _, _ in by_section],
            "series": [[counts[status] for _, _, counts in by_section] for status in figures.statuses],
            "names": [*ProgressStatus.labels, "未填"],
        },
    }
    return render(request, "home/overview.html", context)


@requires(Permission.READ_OVERVIEW)
def matrix(request: Request) -> HttpResponse:
    """Show every unit's status in every task."""
    periods, period = _periods(request)
    if period is None:
        return render(request, "lagging/no_period.html")
    everything = queries.standings(period, at=request.now)
    tasks = queries.tasks_of(everything)
    form = MatrixForm(request.GET, periods, period, sections=_sections(tasks))
    kind, group, section = form.chosen("units"), form.chosen("filing"), form.section_pk()
    found = [
        standing
        for standing in everything
        if (not kind or standing.report.unit.kind == kind)
        and (not group or rules.stands_in(standing, FilingGroup(group)))
    ]
    table = MatrixTable(found, [task for task in tasks if section is None or task.section_id == section])
    return render(request, "lagging/matrix.html", _context(request, form, period) | {"table": table})


@requires(Permission.READ_OVERVIEW)
def not_filed(request: Request) -> HttpResponse:
    """Show the units that owe their report, as a list to telephone by."""
    periods, period = _periods(request)
    if period is None:
        return render(request, "lagging/no_period.html")
    form = NotFiledForm(request.GET, periods, period)
    debtors = queries.debtors(period, at=request.now)
    if form.chosen("only"):
        debtors = [debtor for debtor in debtors if debtor.standing.days < 0]
    table = DebtorTable(debtors)
    RequestConfig(request, paginate={"per_page": PAGE_SIZE}).configure(table)
    context = _context(request, form, period) | {"table": table, "total": len(debtors)}
    return render(request, "lagging/not_filed.html", context)


@requires(Permission.READ_OVERVIEW)
def lagging(request: Request) -> HttpResponse:
    """Show who files late and which tasks are behind, in the units' own words."""
    periods, period = _periods(request)
    if period is None:
        return render(request, "lagging/no_period.html")
    found = queries.standings(period, at=request.now, words=True)
    tasks = queries.tasks_of(found)
    form = LaggingForm(request.GET, periods, period, sections=_sections(tasks))
    items = queries.items(found, tasks, form.statuses(), form.section_pk())
    by_unit = form.chosen("by") == BY_UNIT
    context = _context(request, form, period) | {
        "late": queries.late_units(found, period, at=request.now),
        "heading": form.heading(),
        "total": len(items),
        "by_unit": by_unit,
        "groups": _by_unit(items) if by_unit else _by_task(items),
    }
    return render(request, "lagging/lagging.html", context)


def _periods(request: Request) -> tuple[list[ReportingPeriod], ReportingPeriod | None]:
    """Return the periods to pick from and the one asked for; by default the one opened last."""
    visible = visible_periods(request.user)
    periods = list(visible.order_by("-plan__year", "due_on"))
    if asked := request.GET.get("period", ""):
        return periods, get_object_or_404(visible, pk=asked if asked.isdecimal() else 0)
    latest = visible.order_by(F("opened_at").desc(nulls_last=True), "-plan__year", "due_on").first()
    return periods, latest


def _context(request: Request, form: PeriodForm, period: ReportingPeriod) -> dict[str, Any]:
    today = local_date(request.now)
    return {"form": form, "period": period, "today": today, "overdue_by": (today - period.due_on).days}


def _sections(tasks: list[Task]) -> list[Section]:
    return list({task.section_id: task.section for task in tasks if task.section is not None}.values())


def _by_section(
    tasks: list[Task], found: list[rules.Standing]
) -> list[tuple[str, int | None, dict[str, int]]]:
    """Return (title, section, {status: number}) for each section."""
    rows = []
    for _, group in groupby(tasks, lambda task: task.section_id):
        members = list(group)
        cells = [s.cells[task.pk] for task in members for s in found if task.pk in s.cells]
        section = members[0].section
        rows.append((str(section or "其他"), section.pk if section else None, rules.status_counts(cells)))
    return rows


def _by_task(items: list[queries.Item]) -> list[tuple[Task, list[queries.Item]]]:
    return [(task, list(group)) for task, group in groupby(items, lambda item: item.task)]


def _by_unit(items: list[queries.Item]) -> list[tuple[rules.Standing, list[queries.Item]]]:
    groups: dict[int, tuple[rules.Standing, list[queries.Item]]] = {}
    for item in items:
        groups.setdefault(item.standing.report.pk, (item.standing, []))[1].append(item)
    return sorted(groups.values(), key=lambda group: group[0].report.unit.position)
