"""The unit's side: what it owes, the form for a period, the check before submitting, the receipt."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tasks_app.clock import local_date
from tasks_app.domain.access.queries import visible_reports
from tasks_app.domain.access.rules import REPORTING_ROLES, Permission
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.reporting import actions, queries, rules
from tasks_app.forms.reporting import EntryForm, HeaderForm, RefusalForm
from tasks_app.models import ProgressEntry, Report, ReturnReason

from .middleware import Request
from .permissions import requires

P = Permission


@dataclass(frozen=True)
class EntryPanel:
    """One task on the form: what it asks, what was said last time, why it came back, and its boxes."""

    entry: ProgressEntry
    form: EntryForm
    role: str
    previous: ProgressEntry | None
    reason: ReturnReason | None
    is_complete: bool


def owed(request: Request) -> HttpResponse:
    """Show a unit what it owes and until when."""
    today, calendar = local_date(request.now), working_calendar()
    cards = [
        {
            "report": report,
            "lamp": rules.report_lamp(report, today, calendar),
            "time_left": rules.time_left(report.due_on, today, calendar),
            "owes": report.state in rules.OWED_STATES,
        }
        for report in queries.reports_of(request.user.unit)
    ]
    context = {
        "cards": cards,
        "coming": queries.coming_periods(request.user.unit),
        "assignments": queries.assignments_of(request.user.unit),
    }
    return render(request, "home/unit.html", context)


@requires(P.FILL_REPORT, P.SIGN_REPORT)
def report(request: Request, pk: int) -> HttpResponse:
    """Show the report with all its tasks: as a form to the filler while it may be edited, else to read."""
    report = _own_report(request, pk)
    context = _page(request, report)
    context["panels"] = _panels(report, context["forecast_asked"])
    context["done"] = sum(panel.is_complete for panel in context["panels"])
    context["overall_reason"] = queries.open_return_reasons(report).get(None)
    context["header_form"] = HeaderForm(
        initial={
            "filler_name": report.filler_name or request.user.name,
            "filler_phone": report.filler_phone or request.user.phone,
            "filled_on": report.filled_on or local_date(request.now),
        }
    )
    return render(request, "reporting/report.html", context)


@requires(P.FILL_REPORT)
@require_POST
def save_entry(request: Request, pk: int, entry_pk: int) -> HttpResponse:
    """Save one task's boxes as draft; the answer is the small line that tells what became of it."""
    report = _own_report(request, pk)
    entry = get_object_or_404(queries.entries_of(report), pk=entry_pk)
    form = EntryForm(request.POST)
    context: dict[str, Any] = {"report": report, "entry": entry}
    if not form.is_valid():
        context["refusal"] = "；".join(str(error) for errors in form.errors.values() for error in errors)
    else:
        try:
            context["entry"] = actions.save_entry(
                report.pk,
                entry.pk,
                values=form.values(),
                version=form.cleaned_data["version"],
                by=request.user,
                at=request.now,
            )
            context["saved"] = True
        except actions.StaleEntryError as error:
            context |= {"entry": error.entry, "theirs": error.entry, "refusal": str(error)}
        except actions.MoveRefusedError as error:
            context["refusal"] = str(error)
    if not request.htmx:  # type: ignore[attr-defined]
        if "refusal" in context:
            messages.error(request, context["refusal"])
        return redirect(f"{reverse('report', args=[pk])}#task-{entry.task.number}")
    forecast_asked = rules.asks_forecast(report.period)
    entries = queries.required_entries(report)
    context["is_complete"] = not rules.entry_gaps(context["entry"], forecast_asked=forecast_asked)
    context["done"] = sum(not rules.entry_gaps(e, forecast_asked=forecast_asked) for e in entries)
    context["total"] = len(entries)
    return render(request, "reporting/_entry_saved.html", context)


@requires(P.FILL_REPORT)
@require_POST
def save_header(request: Request, pk: int) -> HttpResponse:
    """Save the form's header as draft."""
    report = _own_report(request, pk)
    form = HeaderForm(request.POST)
    refusal = ""
    if not form.is_valid():
        refusal = "表头没有保存：填报时间请按“年-月-日”填写，填表人和联系电话不超过 30 个字。"
    else:
        try:
            actions.save_header(report.pk, **form.cleaned_data, by=request.user, at=request.now)
        except actions.MoveRefusedError as error:
            refusal = str(error)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "reporting/_header_saved.html", {"refusal": refusal, "at": request.now})
    if refusal:
        messages.error(request, refusal)
    return redirect("report", pk=pk)


@requires(P.FILL_REPORT, P.SIGN_REPORT)
def check(request: Request, pk: int) -> HttpResponse:
    """Show what is still missing with links to it, or, when nothing is, the button that sends the report."""
    report = _own_report(request, pk)
    if report.state not in rules.OWED_STATES:
        return redirect("report", pk=pk)
    entries = queries.required_entries(report)
    context = _page(request, report)
    context |= {"gaps": rules.gaps(report, entries), "entries": entries}
    return render(request, "reporting/check.html", context)


@requires(P.FILL_REPORT)
@require_POST
def request_signature(request: Request, pk: int) -> HttpResponse:
    """Hand the report to the unit's signer."""
    report = _own_report(request, pk)
    try:
        actions.request_signature(report.pk, by=request.user, at=request.now)
    except (actions.IncompleteError, actions.MoveRefusedError) as error:
        messages.error(request, str(error))
        return redirect("report_check", pk=pk)
    messages.success(request, "已提交审签。审签人报送后，您会在这里看到回执。")
    return redirect("report", pk=pk)


@requires(P.FILL_REPORT)
@require_POST
def recall(request: Request, pk: int) -> HttpResponse:
    """Take the report back from the signer."""
    report = _own_report(request, pk)
    try:
        actions.recall_report(report.pk, by=request.user, at=request.now)
        messages.success(request, "已撤回，可以继续修改。")
    except actions.MoveRefusedError as error:
        messages.error(request, str(error))
    return redirect("report", pk=pk)


@requires(P.SIGN_REPORT)
@require_POST
def refuse_signature(request: Request, pk: int) -> HttpResponse:
    """Give the report back to the filler."""
    report = _own_report(request, pk)
    form = RefusalForm(request.POST)
    if not form.is_valid():
        messages.error(request, "没有退回：请写明需要修改什么。")
        return redirect("report", pk=pk)
    try:
        actions.refuse_signature(
            report.pk, reason=form.cleaned_data["reason"], by=request.user, at=request.now
        )
        messages.success(request, "已退回填报员修改。")
    except actions.MoveRefusedError as error:
        messages.error(request, str(error))
    return redirect("report", pk=pk)


@requires(P.FILL_REPORT, P.SIGN_REPORT)
@require_POST
def submit(request: Request, pk: int) -> HttpResponse:
    """Submit the report and show the receipt."""
    report = _own_report(request, pk)
    try:
        submission = actions.submit_report(report.pk, by=request.user, at=request.now)
    except (actions.IncompleteError, actions.MoveRefusedError) as error:
        latest = queries.latest_submission(report)
        # The second half of a double click finds its work done: it gets the receipt, not a fright.
        if latest and isinstance(error, actions.MoveRefusedError) and report.state in rules.FILED_STATES:
            return redirect("report_receipt", pk=pk, receipt=latest.receipt)
        messages.error(request, str(error))
        return redirect("report_check", pk=pk)
    messages.success(request, "报送成功。")
    return redirect("report_receipt", pk=pk, receipt=submission.receipt)


@requires(P.FILL_REPORT, P.SIGN_REPORT, P.READ_REPORTS)
def receipt(request: Request, pk: int, receipt: str) -> HttpResponse:
    """Show one submission's receipt."""
    report = get_object_or_404(visible_reports(request.user), pk=pk)
    submission = get_object_or_404(report.submissions.select_related("submitted_by"), receipt=receipt)
    back = reverse("report" if request.user.role in REPORTING_ROLES else "review_report", args=[pk])
    context = {"report": report, "submission": submission, "back": back}
    return render(request, "reporting/receipt.html", context)


def _own_report(request: Request, pk: int) -> Report:
    return get_object_or_404(visible_reports(request.user), pk=pk)


def _page(request: Request, report: Report) -> dict[str, Any]:
    """Return what every page of one report shows: limits, lamp, and which moves are open to the user."""
    today, calendar = local_date(request.now), working_calendar()
    signer, closed = queries.has_signer(report.unit), rules.is_closed(report.period, today)
    may = {
        move.value: rules.may_move(move, report.state, request.user.role, unit_has_signer=signer)
        and not (closed and move in (rules.Move.SAVE, rules.Move.REQUEST_SIGNATURE, rules.Move.SUBMIT))
        for move in rules.Move
    }
    return {
        "report": report,
        "may": may,
        "is_closed": closed,
        "lamp_value": rules.report_lamp(report, today, calendar),
        "time_left": rules.time_left(report.due_on, today, calendar),
        "would_be_late": rules.is_late(report, today),
        "owes": report.state in rules.OWED_STATES,
        "forecast_asked": rules.asks_forecast(report.period),
        "period_end": rules.period_end(report.period),
        "timeline": queries.timeline(report),
        "latest": queries.latest_submission(report),
        "refusal_form": RefusalForm(),
    }


def _panels(report: Report, forecast_asked: bool) -> list[EntryPanel]:
    previous = queries.previous_entries(report)
    reasons = queries.open_return_reasons(report)
    roles = queries.roles_in(report)
    return [
        EntryPanel(
            entry=entry,
            form=_entry_form(entry),
            role=roles.get(entry.task_id, ""),
            previous=previous.get(entry.task_id),
            reason=reasons.get(entry.task_id),
            is_complete=not rules.entry_gaps(entry, forecast_asked=forecast_asked),
        )
        for entry in queries.entries_of(report)
    ]


def _entry_form(entry: ProgressEntry) -> EntryForm:
    values = {field: getattr(entry, field) for field in actions.ENTRY_FIELDS}
    # Ids carry the entry's number: 21 forms stand on one page.
    return EntryForm(initial={**values, "version": entry.version}, auto_id=f"entry-{entry.pk}-%s")
