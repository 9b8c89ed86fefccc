"""Matters to be coordinated: asking from an entry, the lists of both sides, answer, close."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tasks_app.clock import local_date
from tasks_app.domain.access.queries import own_reports, reporting_units
from tasks_app.domain.access.rules import REPORTING_ROLES, Permission, may
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.coordination import actions, queries
from tasks_app.domain.coordination.rules import offered_day
from tasks_app.domain.moves import Refused
from tasks_app.forms.requests import ADDRESSED, ASKED, AnswerForm, AskForm, CoordinationFilter
from tasks_app.models import Coordination, ProgressEntry, Report, Unit

from .middleware import Request
from .permissions import requires

P = Permission
PAGE_SIZE = 30
require_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@requires(P.FILL_REPORT, P.SIGN_REPORT, P.HANDLE_REQUESTS)
def coordination(request: Request) -> HttpResponse:
    """List what one's unit asked or is asked; for the office everything, what waits first."""
    of_unit = request.user.role in REPORTING_ROLES
    units = None if of_unit else reporting_units(request.user.unit).order_by("position", "code")
    form = CoordinationFilter(request.GET, units=units)
    found = queries.narrowed(queries.visible_coordinations(request.user), **form.criteria())
    if of_unit and form.side_chosen() == ASKED:
        found = found.filter(entry__report__unit=request.user.unit)
    elif of_unit and form.side_chosen() == ADDRESSED:
        found = found.filter(addressee=request.user.unit)
    page = Paginator(queries.open_first(found), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "filter": form,
        "page": page,
        "asked": queries.asked(page.object_list, request.now),
        "handles": may(request.user, P.HANDLE_REQUESTS),
    }
    return render(request, "coordination/coordination.html", context)


@require_safe
@requires(P.FILL_REPORT, P.SIGN_REPORT, P.HANDLE_REQUESTS)
def read(request: Request, pk: int) -> HttpResponse:
    """Show one matter with its steps and what can be done with it."""
    return _page(request, _item(request, pk))


@require_page
@requires(P.FILL_REPORT, P.SIGN_REPORT)
def ask(request: Request, pk: int, entry_pk: int) -> HttpResponse:
    """Ask for something from an entry; within the form's page it answers with the entry's own part."""
    report = get_object_or_404(own_reports(request.user, local_date(request.now)), pk=pk)
    entry = get_object_or_404(report.entries.select_related("task"), pk=entry_pk)
    initial = {"wanted_on": offered_day(local_date(request.now), working_calendar())}
    form = AskForm(request.POST or None, units=_others(report), initial=initial, auto_id=f"ask-{entry.pk}-%s")
    if request.method == "POST" and form.is_valid():
        try:
            item = actions.ask(report.pk, entry.pk, **form.cleaned_data, by=request.user, at=request.now)
        except Refused as error:
            form.add_error(None, str(error))
        else:
            if request.htmx:  # type: ignore[attr-defined]
                return _part(request, report, entry, None)
            messages.success(request, f"已提出，{_addressee(item)}会在“协调事项”里看到。")
            return redirect(f"{reverse('report', args=[pk])}#task-{entry.task.number}")
    if request.htmx:  # type: ignore[attr-defined]
        return _part(request, report, entry, None if "cancel" in request.GET else form)
    return render(request, "coordination/ask.html", {"report": report, "entry": entry, "form": form})


@require_page
@requires(P.FILL_REPORT, P.SIGN_REPORT)
def change(request: Request, pk: int) -> HttpResponse:
    """Mend what the own unit asked while nobody has answered."""
    item = _item(request, pk)
    report = get_object_or_404(own_reports(request.user, local_date(request.now)), pk=item.entry.report_id)
    initial = {"text": item.text, "addressee": item.addressee_id, "wanted_on": item.wanted_on}
    form = AskForm(request.POST or None, units=_others(report), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(pk, **form.cleaned_data, by=request.user, at=request.now)
        except Refused as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "已修改。")
        return redirect("coordination_read", pk=pk)
    context = {"report": report, "entry": item.entry, "form": form, "item": item}
    return render(request, "coordination/ask.html", context)


@require_POST
@requires(P.FILL_REPORT, P.SIGN_REPORT, P.HANDLE_REQUESTS)
def answer(request: Request, pk: int) -> HttpResponse:
    """Answer; a refusal shows the page again with every word kept."""
    item = _item(request, pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, item, form)
    try:
        actions.answer(pk, text=form.cleaned_data["text"], by=request.user, at=request.now)
    except Refused as error:
        messages.error(request, str(error))
        return _page(request, _item(request, pk), form)
    messages.success(request, f"已答复，{item.entry.report.unit}会看到。")
    return redirect("coordination_read", pk=pk)


@require_POST
@requires(P.FILL_REPORT, P.SIGN_REPORT, P.HANDLE_REQUESTS)
def close(request: Request, pk: int) -> HttpResponse:
    """Close a matter."""
    _item(request, pk)
    try:
        actions.close(pk, by=request.user, at=request.now)
        messages.success(request, "已办结。")
    except Refused as error:
        messages.error(request, str(error))
    return redirect("coordination_read", pk=pk)


def _item(request: Request, pk: int) -> Coordination:
    return get_object_or_404(queries.visible_coordinations(request.user), pk=pk)


def _others(report: Report) -> Any:
    """Return the units that the unit of `report` may turn to."""
    units = reporting_units(report.period.plan.issuer).exclude(pk=report.unit_id)
    return units.order_by("position", "code")


def _page(request: Request, item: Coordination, form: AnswerForm | None = None) -> HttpResponse:
    report = own_reports(request.user, local_date(request.now)).filter(pk=item.entry.report_id).first()
    [asked] = queries.asked([item], request.now)
    context = {
        "asked": asked,
        "steps": queries.steps_of(item),
        "form": form or AnswerForm(),
        "may_answer": asked.awaits and queries.may_answer(request.user, item),
        "may_change": asked.awaits and report is not None,
        "may_close": item.closed_at is None and (report is not None or may(request.user, P.HANDLE_REQUESTS)),
        "own_report": report,
    }
    return render(request, "coordination/read.html", context)


def _part(request: Request, report: Report, entry: ProgressEntry, form: AskForm | None) -> HttpResponse:
    asks = queries.asked_on(report, request.now, working_calendar()).get(entry.task_id, [])
    context = {"report": report, "entry": entry, "asks": asks, "form": form, "may_ask": True}
    return render(request, "coordination/_on_entry.html", context)


def _addressee(item: Coordination) -> str:
    unit: Unit | None = item.addressee
    return unit.name if unit else "市医改办"
