"""The office's side: the queue of submitted reports, reading one, returning or accepting it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tasks_app.clock import local_date
from tasks_app.domain.access.queries import visible_reports
from tasks_app.domain.access.rules import Permission, may
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.reporting import rules
from tasks_app.domain.reporting.actions import MoveRefusedError
from tasks_app.domain.reporting.queries import latest_submission, timeline
from tasks_app.domain.review import actions, queries
from tasks_app.forms.review import AcceptForm, ReturnForm
from tasks_app.models import ProgressEntry, Report, ReturnReason, Submission, Task

from .middleware import Request
from .permissions import requires

P = Permission


@dataclass(frozen=True)
class ReadPanel:
    """One task of a submission as the office reads it; `changed` compares with the submission before."""

    task: Task
    content: dict[str, Any]
    previous: ProgressEntry | None
    last_reason: ReturnReason | None
    changed: bool | None
    reason_field: Any


@requires(P.REVIEW_REPORT)
def queue(request: Request) -> HttpResponse:
    """Show what waits for review, what was returned and is not back, and what is done."""
    context = {
        "waiting": queries.review_queue(request.user, request.now),
        "returned": queries.returned_reports(request.user),
        "accepted": queries.accepted_reports(request.user),
        "today": local_date(request.now),
    }
    return render(request, "review/queue.html", context)


@requires(P.READ_REPORTS)
def read(request: Request, pk: int) -> HttpResponse:
    """Show one report as it last left the unit."""
    return _read(request, get_object_or_404(visible_reports(request.user), pk=pk), None)


@requires(P.REVIEW_REPORT)
@require_POST
def return_report(request: Request, pk: int) -> HttpResponse:
    """Return the report with the reasons typed; a refusal shows the page again with every word kept."""
    report = get_object_or_404(visible_reports(request.user), pk=pk)
    form = ReturnForm(request.POST, entries=_submission(report).content["entries"])
    if not form.is_valid():
        messages.error(request, "没有退回：每条理由请不超过 1000 个字。")
        return _read(request, report, form)
    try:
        returned = actions.return_report(
            report.pk,
            submission=form.cleaned_data["submission"],
            reasons=form.reasons(),
            by=request.user,
            at=request.now,
        )
    except (actions.ReasonMissingError, MoveRefusedError) as error:
        messages.error(request, str(error))
        return _read(request, get_object_or_404(visible_reports(request.user), pk=pk), form)
    messages.success(
        request, f"已退回{report.unit}，请其于 {returned.due_on.month}月{returned.due_on.day}日 前重新报送。"
    )
    return redirect("review_queue")


@requires(P.REVIEW_REPORT)
@require_POST
def accept(request: Request, pk: int) -> HttpResponse:
    """Accept the report."""
    report = get_object_or_404(visible_reports(request.user), pk=pk)
    form = AcceptForm(request.POST)
    try:
        actions.accept_report(
            report.pk,
            submission=form.cleaned_data["submission"] if form.is_valid() else 0,
            by=request.user,
            at=request.now,
        )
    except MoveRefusedError as error:
        messages.error(request, str(error))
        return redirect("review_report", pk=pk)
    messages.success(request, f"已采纳{report}的填报。")
    return redirect("review_queue")


def _submission(report: Report) -> Submission:
    return get_object_or_404(report.submissions.order_by("-number")[:1])


def _read(request: Request, report: Report, form: ReturnForm | None) -> HttpResponse:
    submission = latest_submission(report)
    assert submission is not None, "visible_reports shows the office only what was submitted"  # noqa: S101
    review = queries.reading(report, submission)
    entries = submission.content["entries"]
    form = form or ReturnForm(entries=entries, initial={"submission": submission.number})
    panels = [
        ReadPanel(
            task=review.tasks[entry["task"]],
            content=entry,
            previous=review.previous.get(entry["task"]),
            last_reason=review.reasons.get(entry["task"]),
            changed=review.changed.get(entry["task"]),
            reason_field=form[f"task_{entry['task']}"],
        )
        for entry in entries
    ]
    calendar = working_calendar()
    context = {
        "report": report,
        "submission": submission,
        "panels": panels,
        "form": form,
        "overall_reason": review.reasons.get(None),
        "timeline": timeline(report),
        "may_review": may(request.user, P.REVIEW_REPORT) and report.state == "submitted",
        "forecast_asked": rules.asks_forecast(report.period),
        "period_end": rules.period_end(report.period),
        "waited": calendar.between(local_date(submission.submitted_at), local_date(request.now)),
    }
    return render(request, "review/report.html", context)
