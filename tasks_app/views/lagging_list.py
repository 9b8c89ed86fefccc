"""The lagging list (滞后清单): who files late, which tasks are behind, since when, why, and what was done about it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from tasks_app.domain.access.rules import Permission, may
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.instructions import queries as instructions
from tasks_app.domain.lagging import listing, queries, rules
from tasks_app.domain.lagging.deeds import deeds_on, not_started
from tasks_app.domain.lagging.listing import LaggingTask
from tasks_app.domain.standing import queries as standing
from tasks_app.domain.standing.rules import UnitStanding
from tasks_app.forms.as_of import AsOf
from tasks_app.forms.lagging import BY_UNIT, LaggingForm
from tasks_app.models import Task
from tasks_app.tables.lagging_list import Beside, item_rows

from .look import Look, look_at, sections_of
from .middleware import Request
from .permissions import requires

ITEMS_PER_PAGE = 100  # a row holds a unit's own words
# Beyond so many the names of late units are shown when asked for.
LATE_UNITS_SHOWN = 60


@requires(Permission.READ_OVERVIEW)
def lagging(request: Request) -> HttpResponse:
    """Show who files late and which tasks are behind, in the units' own words."""
    look = look_at(request)
    if look is None:
        return render(request, "lagging/no_period.html")
    is_past, at = look.as_of.is_past, look.as_of.at
    # The words of the page alone are read; a past moment is read from whole submissions, which have them.
    calendar = working_calendar()
    units = look.standings(words=is_past, calendar=calendar)
    tasks = queries.tasks_of(units)
    form = LaggingForm(
        request.GET, *look.choices, sections=sections_of(tasks), among=[unit.report.unit for unit in units]
    )
    courses = standing.courses(units, at=at, past=is_past, calendar=calendar)
    items = queries.items(units, tasks, form.wanted(), courses)
    by_unit = form.chosen("by") == BY_UNIT
    if by_unit:
        items = listing.by_unit(items)
    page = Paginator(items, ITEMS_PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page) if is_past else queries.with_words(list(page))
    late = queries.late_units(units, look.period, at=at)
    context = look.context(form) | {
        "late": late if request.GET.get("late") == "all" else late[:LATE_UNITS_SHOWN],
        "late_total": len(late),
        "late_open": request.GET.get("late") == "all",
        "heading": form.heading(),
        "page": page,
        "voices": rules.voice_counts(item.standing for item in items),
        "by_unit": by_unit,
        "groups": _grouped(items, shown, look.as_of, _beside(request, look, shown), by_unit=by_unit),
    }
    return render(request, "lagging/lagging.html", context)


@dataclass(frozen=True)
class Group:
    """The items of one task, or of one unit, on this page as rows; `total` counts those on other pages too."""

    head: Task | UnitStanding
    rows: SafeString
    total: int


def _beside(request: Request, look: Look, shown: Sequence[LaggingTask]) -> Beside:
    """Return what was written on the rows and done about them, and what the user may do; of a past moment nothing."""
    if look.as_of.is_past or not shown:
        return Beside()
    plan, rows = look.period.plan, {item.key for item in shown}
    escalates = may(request.user, Permission.ESCALATE)
    reports = {(item.unit.read_in or item.unit.report).pk for item in shown}
    return Beside(
        instructions.on_rows(plan, rows, request.now),
        deeds_on(plan, [each.pk for each in look.periods if each.plan_id == plan.pk], rows, drafts=escalates),
        not_started(reports, {task for _, task in rows}),
        may_instruct=may(request.user, Permission.INSTRUCT),
        may_escalate=look.is_newest and plan.closed_at is None and escalates,
        reads_requests=may(request.user, Permission.HANDLE_REQUESTS),
    )


def _grouped(
    items: list[LaggingTask],
    shown: Sequence[LaggingTask],
    as_of: AsOf,
    beside: Beside,
    *,
    by_unit: bool,
) -> list[Group]:
    def key(item: LaggingTask) -> int:
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
