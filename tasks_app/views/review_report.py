"""Reading one report as the office: entry by entry, then return, accept or open again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tasks_app.choices import ReportState
from tasks_app.clock import local_date
from tasks_app.domain.access.queries import visible_reports
from tasks_app.domain.access.rules import Permission, may
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.domain.instructions import queries as instructions
from tasks_app.domain.matters.queries import Asked, asked_on
from tasks_app.domain.reporting import rules
from tasks_app.domain.reporting.content import content_of
from tasks_app.domain.reporting.queries import latest_submission
from tasks_app.domain.review import actions
from tasks_app.domain.review.queries import review_queue
from tasks_app.domain.review.reading import EntryReading, Reading, reading
from tasks_app.domain.review.rules.limits import waits_too_long
from tasks_app.domain.review.rules.people import had_a_hand
from tasks_app.domain.review.submissions import steps
from tasks_app.domain.verification.queries import on_report
from tasks_app.forms.review import AcceptForm, NoteForm, ReopenForm, ReturnForm
from tasks_app.models import Report

from .middleware import Request
from .moves import make_move, taken
from .permissions import requires


@dataclass(frozen=True)
class ReviewPanel:
    """One entry with the boxes that the office may fill in beside it."""

    entry: EntryReading
    note_form: NoteForm | None  # only what was not kept stands on the page; review.js opens the others
    category_field: Any
    reason_field: Any
    asks: Sequence[Asked] = ()  # what the unit asked from it
    instructions: Sequence[Asked] = ()  # what leaders wrote on it
    verifications: Sequence[Asked] = ()  # what lead bureaus were asked about it
    refusal: str = ""  # why the rating and the note just sent were not kept

    @property
    def is_being_verified(self) -> bool:
        """Tell whether a lead bureau has been asked and has not answered."""
        return any(one.awaits for one in self.verifications)

    @property
    def rating(self) -> str:
        """Return the rating of what the unit now says, "" before there is one."""
        return self.entry.remarks.rating if self.entry.is_decided else ""


@requires(Permission.READ_REPORTS)
def read(request: Request, pk: int) -> HttpResponse:
    """Show one report as it last left the unit."""
    return _read(request, _report(request, pk), None)


@requires(Permission.REVIEW_REPORT)
@require_POST
def return_report(request: Request, pk: int) -> HttpResponse:
    """Return the report with the reasons typed; a refusal shows the page again with every word kept."""
    report = _report(request, pk)
    submission = latest_submission(report)
    form = ReturnForm(request.POST, entries=content_of(submission).entries if submission else ())

    def again(sentences: list[str]) -> HttpResponse:
        wrong = "没有退回：每条理由请不超过 1000 个字，类别请从列表中选择。"
        messages.error(request, "".join(sentences) if form.is_valid() else wrong)
        return _read(request, _report(request, pk), form)

    return make_move(
        request,
        actions.return_report,
        report.pk,
        form=form,
        done=lambda returned: f"已退回{report.unit}，请其于 {_day(returned)} 前重新报送。",
        back=_next(request, report),
        again=again,
    )


@requires(Permission.REVIEW_REPORT)
@require_POST
def accept(request: Request, pk: int) -> HttpResponse:
    """Accept the report."""
    report = _report(request, pk)
    return make_move(
        request,
        actions.accept_report,
        report.pk,
        form=AcceptForm(request.POST),
        wrong=actions.NEWER,
        done=f"已采纳{report}的填报。",
        back=_next(request, report),
        instead=reverse("review_report", args=[pk]),
    )


@requires(Permission.REVIEW_REPORT)
@require_POST
def reopen(request: Request, pk: int) -> HttpResponse:
    """Open an accepted report again."""
    report = _report(request, pk)
    return make_move(
        request,
        actions.reopen_report,
        report.pk,
        form=ReopenForm(request.POST),
        wrong="没有重新打开：请写明理由，不超过 1000 个字。",
        done=lambda opened: f"已重新打开{report}的填报，请该单位于 {_day(opened)} 前重新报送。",
        back=reverse("review_report", args=[pk]),
    )


@requires(Permission.REVIEW_REPORT)
@require_POST
def note(request: Request, pk: int, task_pk: int) -> HttpResponse:
    """Keep a rating, a comment or an internal note; the answer is the entry's own part of the page."""
    report = _report(request, pk)
    form = NoteForm(request.POST)
    refusal = _why_not_kept(form)
    if not refusal:
        _, sentences = taken(request, None, partial(actions.write_note, **form.note()), report.pk, task_pk)
        refusal = f"没有保存：{''.join(sentences)}" if sentences else ""
    found = reading(report)
    entry = next((entry for entry in found.entries if entry.task.pk == task_pk), None)
    if entry is None:
        raise Http404
    if not request.htmx:  # type: ignore[attr-defined]
        if refusal:
            messages.error(request, refusal)
            return _read(request, report, None, refused={task_pk: refusal})
        return redirect(f"{reverse('review_report', args=[pk])}#task-{entry.task.number}")
    note_form = _note_form(found.submission.number, task_pk, request.POST) if refusal else None
    context = _counts(found) | {
        "report": report,
        "submission": found.submission,
        "panel": ReviewPanel(entry, note_form, None, None, refusal=refusal),
        "may_note": True,
    }
    return render(request, "review/_judged.html", context)


@requires(Permission.REVIEW_REPORT)
@require_POST
def keep_verdicts(request: Request, pk: int) -> HttpResponse:
    """Give the earlier verdicts again to what the unit filed again unchanged."""
    return make_move(
        request,
        actions.keep_verdicts,
        _report(request, pk).pk,
        form=AcceptForm(request.POST),
        wrong=actions.NEWER,
        done=lambda kept: f"未改动的 {kept} 项已沿用原核定。",
        back=reverse("review_report", args=[pk]),
    )


def _why_not_kept(form: NoteForm) -> str:
    """Return why rating and note are not kept, "" when they can be; both stay in their boxes."""
    if form.is_valid():
        return ""
    kept = "核定和意见都没有保存" if form.data.get("rating") else "没有保存"
    unread = "audience" in form.errors
    return f"{kept}：{'请选择意见给谁看。' if unread else '意见请不超过 1000 个字，核定请从列表中选择。'}"


def _read(
    request: Request, report: Report, form: ReturnForm | None, refused: Mapping[int, str] | None = None
) -> HttpResponse:
    """Draw the page; `refused` is {task: why the note just sent to it was not kept}."""
    refused = refused or {}
    found = reading(report)
    contents = [entry.content for entry in found.entries]
    form = form or ReturnForm(entries=contents, initial={"submission": found.submission.number})
    calendar = working_calendar()
    panels = _panels(request, report, found, form, refused, calendar)
    is_reviewer = may(request.user, Permission.REVIEW_REPORT)
    may_note = is_reviewer and not had_a_hand(report, request.user)
    since, today = local_date(found.submission.submitted_at), local_date(request.now)
    waited = calendar.between(since, today)
    context = _counts(found) | {
        "report": report,
        "submission": found.submission,
        "submissions": found.submissions,
        "header": found.header,
        "panels": panels,
        "form": form,
        "note_form": _note_form(found.submission.number, 0),
        "reopen_form": ReopenForm(initial={"submission": found.submission.number}),
        "overall_reason": found.overall_reason,
        "steps": steps(report, found.submissions),
        "may_note": may_note,
        "may_instruct": may(request.user, Permission.INSTRUCT),
        "own_work": actions.OWN_WORK if is_reviewer and not may_note else "",
        "is_back": rules.is_returned(report),
        "may_review": may_note and report.state == ReportState.SUBMITTED,
        "may_reopen": may_note and report.state == ReportState.ACCEPTED,
        "period_end": rules.period_end(report.period),
        "waited": waited,
        "is_late": waits_too_long(waited),
    }
    return render(request, "review/report.html", context)


def _panels(
    request: Request,
    report: Report,
    found: Reading,
    form: ReturnForm,
    refused: Mapping[int, str],
    calendar: WorkingCalendar,
) -> list[ReviewPanel]:
    asks = asked_on(report, request.now, calendar)
    rows = [(report.unit_id, entry.task.pk) for entry in found.entries]
    verified = on_report(report, request.now)
    written = instructions.on_rows(report.period.plan, rows, request.now)
    return [
        ReviewPanel(
            entry,
            _note_form(found.submission.number, entry.task.pk, request.POST)
            if entry.task.pk in refused
            else None,
            form[f"category_{entry.task.pk}"],
            form[f"task_{entry.task.pk}"],
            asks.get(entry.task.pk, ()),
            written.get((report.unit_id, entry.task.pk), ()),
            verified.get(entry.task.pk, ()),
            refused.get(entry.task.pk, ""),
        )
        for entry in found.entries
    ]


def _counts(found: Reading) -> dict[str, int]:
    entries = found.entries
    return {
        "decided": found.decided,
        "total": len(entries),
        "doubts": found.doubts,
        "kept": len(found.kept),
        "again": sum(entry.is_again for entry in entries),
    }


def _note_form(submission: int, task: int, typed: QueryDict | None = None) -> NoteForm:
    """Return the boxes for a rating and a note: with what was `typed` if that was not kept."""
    shown = (
        {name: typed.get(name, "") for name in ("rating", "basis", "text", "audience")}
        if typed is not None
        else {}
    )
    # Ids carry the task: as many forms as tasks can be open on one page.
    return NoteForm(initial={"submission": submission} | shown, auto_id=f"note-{task}-%s")


def _next(request: Request, done: Report) -> str:
    """Return where reviewing goes on: the report of the period that has waited longest, else the queue."""
    found = review_queue(request.user, request.now, period=done.period)
    for waiting in (*found.first, *found.again):
        if waiting.report.pk != done.pk and not had_a_hand(waiting.report, request.user):
            return reverse("review_report", args=[waiting.report.pk])
    return reverse("review_queue")


def _day(report: Report) -> str:
    return f"{report.due_on.month}月{report.due_on.day}日"


def _report(request: Request, pk: int) -> Report:
    """Return a report that was submitted and that the user may read."""
    return get_object_or_404(visible_reports(request.user), pk=pk)
