"""The unit's side: what it owes, the form for a period, the check before submitting, the receipt."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tasks_app.choices import Role
from tasks_app.clock import local_date
from tasks_app.domain.access.queries import acting_roles, own_reports, visible_reports
from tasks_app.domain.access.rules import REPORTING_ROLES, Permission
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.calendar.rules import time_left
from tasks_app.domain.desk import reports_waiting_for
from tasks_app.domain.extensions.queries import extensions_of
from tasks_app.domain.matters.queries import Asked, asked_on
from tasks_app.domain.moves import Refused, ReportMove, Stale
from tasks_app.domain.reporting import actions, queries, rules
from tasks_app.domain.reporting.composing import entry_content
from tasks_app.domain.reporting.content import EntryContent, content_of
from tasks_app.domain.reporting.entry_values import Filling, unreadable
from tasks_app.domain.reporting.hints import Hint, hints
from tasks_app.domain.reporting.questions import Question, questions, unanswered
from tasks_app.domain.review.queries import Remarks, remarks_of
from tasks_app.domain.review.submissions import steps, submissions_of
from tasks_app.forms.reporting import EntryForm, RefuseSignatureForm
from tasks_app.language.comparing import Piece, pieces
from tasks_app.models import GoodPractice, ProgressEntry, Report, ReturnReason

from .extensions import state_line
from .middleware import Request
from .moves import make_move
from .permissions import requires
from .report_header import header_context


@dataclass(frozen=True)
class EntryPanel:
    """One task on the form: what it asks, what was said last time, why it came back, and its boxes."""

    filling: Filling
    form: EntryForm
    role: str
    reason: ReturnReason | None
    remarks: Remarks | None
    is_complete: bool
    is_locked: bool
    asks: list[Asked]  # what was asked from it of the office or another unit

    @property
    def entry(self) -> ProgressEntry:
        """The entry as it is saved."""
        return self.filling.entry

    @property
    def previous(self) -> ProgressEntry | None:
        """What was said last time."""
        return self.filling.previous

    @property
    def practice(self) -> GoodPractice | None:
        """The good practice as which the unit put the entry forward."""
        return getattr(self.entry, "practice", None)

    @property
    def questions(self) -> list[Question]:
        """What does not fit together, to think about."""
        return questions(self.filling)

    @property
    def unreadable(self) -> list[str]:
        """What was typed but is no number or no day."""
        return unreadable(self.entry.typed)

    @property
    def content(self) -> EntryContent:
        """The entry as a submission would keep it, for reading."""
        return entry_content(self.filling)


@dataclass(frozen=True)
class TaskHints:
    """What to look at once more in the words of one task before it leaves the unit."""

    entry: ProgressEntry
    hints: list[Hint]


@requires(Permission.FILL_REPORT, Permission.SIGN_REPORT)
def now(request: Request) -> HttpResponse:
    """Lead to the unit's report that waits longest for the person, else to that of the period opened last."""
    own = own_reports(request.user, local_date(request.now))
    waiting = own.filter(pk__in=reports_waiting_for(request.user, request.now).values("pk"))
    newest = waiting.order_by("due_on").first() or own.order_by("-period__due_on").first()
    if newest is None:
        messages.info(request, "还没有开放填报。开放后，这里直接打开本单位的填报表。")
        return redirect("home")
    return redirect("report", pk=newest.pk)


@requires(Permission.FILL_REPORT, Permission.SIGN_REPORT)
def report(request: Request, pk: int) -> HttpResponse:
    """Show the report with all its tasks: as a form to the filler while it may be edited, else to read."""
    report = _own_report(request, pk)
    context = _page(request, report)
    asks = asked_on(report, request.now, context["calendar"])
    context["panels"] = _panels(report, context["forecast_asked"], asks, local_date(request.now))
    context["done"] = sum(panel.is_complete for panel in context["panels"])
    context["overall_reason"] = queries.open_return_reasons(report).get(None)
    context |= header_context(report, request)
    return render(request, "reporting/report.html", context)


@requires(Permission.FILL_REPORT)
@require_POST
def save_entry(request: Request, pk: int, entry_pk: int) -> HttpResponse:
    """Save all that one task holds as draft; the answer is the small line that tells what became of it."""
    form = EntryForm(request.POST)
    if not form.is_valid():
        sentences = "；".join(str(error) for errors in form.errors.values() for error in errors)
        return _not_saved(request, pk, entry_pk, form, sentences)
    try:
        saved = actions.save_box(
            pk,
            entry_pk,
            values=form.values(),
            ticks=form.ticks(),
            figures=form.figures(),
            carry="carry" in request.POST,
            version=form.cleaned_data["version"],
            among=own_reports(request.user, local_date(request.now)),
            by=request.user,
            at=request.now,
        )
    except (Report.DoesNotExist, ProgressEntry.DoesNotExist) as error:
        raise Http404 from error
    except Stale as error:
        return _not_saved(request, pk, entry_pk, form, str(error), theirs=error.now)
    except Refused as error:
        return _not_saved(request, pk, entry_pk, form, str(error))
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "reporting/_entry_saved.html", _after_saving(request, saved))
    if "from_check" in request.POST:
        return redirect("report_check", pk=pk)
    return redirect(f"{reverse('report', args=[pk])}#task-{saved.filling.entry.task.number}")


def _not_saved(
    request: Request,
    pk: int,
    entry_pk: int,
    form: EntryForm,
    refusal: str,
    theirs: ProgressEntry | None = None,
) -> HttpResponse:
    """Say why nothing was saved, beside what stands there now; the words stay in the window."""
    report = _own_report(request, pk)
    entry = theirs or get_object_or_404(queries.entries_of(report), pk=entry_pk)
    context = {"report": report, "entry": entry, "refusal": refusal, "theirs": theirs}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "reporting/_entry_saved.html", context)
    return render(request, "reporting/not_saved.html", context | {"form": form}, status=409)


@requires(Permission.FILL_REPORT, Permission.SIGN_REPORT)
def compare(request: Request, pk: int, entry_pk: int) -> HttpResponse:
    """Show what the unit has written so far against what it wrote last time, word by word."""
    report = _own_report(request, pk)
    entry = get_object_or_404(queries.entries_of(report), pk=entry_pk)
    previous = queries.previous_entries(report, {entry.task_id: entry.task.predecessor_id})
    context = {"pieces": _compared(previous.get(entry.task_id), entry)}
    return render(request, "reporting/_comparison.html", context)


@requires(Permission.FILL_REPORT, Permission.SIGN_REPORT)
def check(request: Request, pk: int) -> HttpResponse:
    """Show what is still missing with links to it, or, when nothing is, the button that sends the report."""
    report = _own_report(request, pk)
    if report.state not in rules.OWED_STATES:
        return redirect("report", pk=pk)
    entries = queries.required_entries(report)
    context = _page(request, report)
    filled = queries.fillings(report, entries)
    asked = [(filling.entry, found) for filling in filled if (found := unanswered(filling))]
    context |= {
        "gaps": rules.gaps(report, entries),
        "entries": entries,
        "asked": asked,
        "asked_count": sum(len(found) for _, found in asked),
        "hints": _task_hints(report, filled),
    }
    return render(request, "reporting/check.html", context)


@requires(Permission.FILL_REPORT)
@require_POST
def request_signature(request: Request, pk: int) -> HttpResponse:
    """Hand the report to the unit's signer."""
    report = _own_report(request, pk)
    return make_move(
        request,
        actions.request_signature,
        report.pk,
        done="已提交审签。审签人报送后，您会在这里看到回执。",
        back=reverse("report", args=[pk]),
        instead=reverse("report_check", args=[pk]),
    )


@requires(Permission.FILL_REPORT)
@require_POST
def recall(request: Request, pk: int) -> HttpResponse:
    """Take the report back from the signer."""
    report = _own_report(request, pk)
    back = reverse("report", args=[pk])
    return make_move(request, actions.recall_report, report.pk, done="已撤回，可以继续修改。", back=back)


@requires(Permission.SIGN_REPORT)
@require_POST
def refuse_signature(request: Request, pk: int) -> HttpResponse:
    """Give the report back to the filler."""
    report = _own_report(request, pk)
    return make_move(
        request,
        actions.refuse_signature,
        report.pk,
        form=RefuseSignatureForm(request.POST),
        done="已退回填报员修改。",
        wrong="没有退回：请写明需要修改什么。",
        back=reverse("report", args=[pk]),
    )


@requires(Permission.FILL_REPORT, Permission.SIGN_REPORT)
@require_POST
def submit(request: Request, pk: int) -> HttpResponse:
    """Submit the report and show the receipt."""
    report = _own_report(request, pk)

    def again(sentences: list[str]) -> HttpResponse:
        latest = queries.latest_submission(report)
        # The second half of a double click finds its work done: it gets the receipt, not a fright.
        report.refresh_from_db(fields=["state"])  # both halves may have begun before either was done
        if latest and report.state in rules.FILED_STATES:
            return redirect("report_receipt", pk=pk, receipt=latest.receipt)
        messages.error(request, "".join(sentences))
        return redirect("report_check", pk=pk)

    return make_move(
        request,
        actions.submit_report,
        report.pk,
        done="报送成功。",
        back=lambda submission: reverse("report_receipt", args=[pk, submission.receipt]),
        again=again,
    )


@requires(Permission.FILL_REPORT, Permission.SIGN_REPORT, Permission.READ_REPORTS)
def receipt(request: Request, pk: int, receipt: str) -> HttpResponse:
    """Show one submission's receipt."""
    report = get_object_or_404(visible_reports(request.user), pk=pk)
    submission = get_object_or_404(report.submissions.select_related("submitted_by"), receipt=receipt)
    back = reverse("report" if request.user.role in REPORTING_ROLES else "review_report", args=[pk])
    context = {"report": report, "submission": submission, "content": content_of(submission), "back": back}
    return render(request, "reporting/receipt.html", context)


def _own_report(request: Request, pk: int) -> Report:
    return get_object_or_404(own_reports(request.user, local_date(request.now)), pk=pk)


def _page(request: Request, report: Report) -> dict[str, Any]:
    """Return what every page of one report shows: limits, lamp, and which moves are open to the user."""
    today, calendar = local_date(request.now), working_calendar()
    # What the office gave back has its own limit, even after the period closed.
    closed = report.returned_at is None and rules.is_closed(report.period, today)
    closed |= report.period.plan.closed_at is not None
    signer = report.entered_by_id is not None or queries.has_signer(report.unit, today)
    roles = tuple(acting_roles(request.user, report, today))
    submissions, extensions = submissions_of(report), extensions_of(report)
    may = {
        move.value: any(rules.may_move(move, report.state, role, unit_has_signer=signer) for role in roles)
        and not (closed and move in (ReportMove.SAVE, ReportMove.REQUEST_SIGNATURE, ReportMove.SUBMIT))
        for move in ReportMove
    }
    return {
        "report": report,
        "calendar": calendar,
        "extension_line": state_line(extensions[0]) if extensions else None,
        "unsigned": queries.unsigned([report]).get(report.pk),
        "may": may,
        "is_closed": closed,
        "lamp_value": rules.report_lamp(report, today, calendar),
        "time_left": time_left(report.due_on, today, calendar),
        "would_be_late": rules.is_late(report, today),
        "is_signer": Role.SIGNER in roles,
        "owes": report.state in rules.OWED_STATES and report.period.plan.closed_at is None,
        "forecast_asked": rules.asks_forecast(report.period),
        "period_end": rules.period_end(report.period),
        "steps": steps(report, submissions),
        "latest": submissions[-1] if submissions else None,
        "refusal_form": RefuseSignatureForm(),
        "max_mb": settings.EVIDENCE_MAX_BYTES // 1024 // 1024,
    }


def _panels(
    report: Report, forecast_asked: bool, asks: dict[int, list[Asked]], today: date
) -> list[EntryPanel]:
    reasons, remarks = queries.open_return_reasons(report), remarks_of(report)
    roles = queries.roles_in(report)
    return [
        EntryPanel(
            filling=filling,
            form=_entry_form(filling.entry),
            role=roles.get(filling.entry.task_id, ""),
            reason=reasons.get(filling.entry.task_id),
            remarks=remarks.get(filling.entry.task_id),
            is_complete=not rules.entry_gaps(filling.entry, forecast_asked=forecast_asked),
            is_locked=rules.is_locked(report, filling.entry),
            asks=asks.get(filling.entry.task_id, []),
        )
        for filling in queries.fillings(report, list(queries.entries_of(report)), today=today)
    ]


def _entry_form(entry: ProgressEntry) -> EntryForm:
    values = {field: getattr(entry, field) for field in actions.ENTRY_FIELDS}
    # Ids carry the entry's number: 21 forms stand on one page.
    return EntryForm(initial={**values, "version": entry.version}, auto_id=f"entry-{entry.pk}-%s")


def _after_saving(request: Request, saved: actions.Saved) -> dict[str, Any]:
    """Return what changes on the page with a save: the counter, the questions, the comparison."""
    filling, entry = saved.filling, saved.filling.entry
    forecast_asked = rules.asks_forecast(saved.report.period)
    asked = questions(filling)
    return {
        "report": saved.report,
        "entry": entry,
        "saved": True,
        "is_complete": not rules.entry_gaps(entry, forecast_asked=forecast_asked),
        "done": sum(not rules.entry_gaps(each, forecast_asked=forecast_asked) for each in saved.required),
        "total": len(saved.required),
        "filling": filling,
        "questions": asked,
        # While the same questions stand, the boxes for the reasons stay: somebody may be typing in one.
        "same_questions": request.POST.get("asked", "") == " ".join(question.key for question in asked),
        "unreadable": unreadable(entry.typed),
        "was_carried": "carry" in request.POST,
        "is_compared": "compared" in request.POST,
        "pieces": _compared(filling.previous, entry) if "compared" in request.POST else [],
    }


def _compared(previous: ProgressEntry | None, entry: ProgressEntry) -> list[Piece]:
    if previous is None or not entry.progress.strip():
        return []
    return pieces(previous.progress, entry.progress)


def _task_hints(report: Report, filled: list[Filling]) -> list[TaskHints]:
    """Return the tasks whose words stand elsewhere already; only the unit itself is shown this."""
    others = queries.texts_of_others(report, [filling.entry.task_id for filling in filled])
    found = (
        TaskHints(
            filling.entry,
            hints(
                filling.entry.progress,
                measures=[line.measure.text for line in filling.measures],
                last=filling.previous.progress if filling.previous else "",
                others=others.get(filling.entry.task_id, []),
            ),
        )
        for filling in filled
    )
    return [task for task in found if task.hints]
