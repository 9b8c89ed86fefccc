"""Looks: what a unit owes, what its report holds, what it said last time, what happened to it."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from tasks_app.choices import AuditAction, Role
from tasks_app.domain import audit
from tasks_app.domain.access.queries import people_of
from tasks_app.models import (
    Assignment,
    AuditEvent,
    Plan,
    ProgressEntry,
    Report,
    ReportingPeriod,
    ReturnReason,
    Submission,
    Task,
    Unit,
)
from tasks_app.models.report import ReportQuerySet
from tasks_app.models.unit import line_of

from .composing import report_content
from .content import ReportContent
from .fillings import ASSIGNED, is_required
from .fillings import fillings as fillings
from .fillings import previous_entries as previous_entries
from .rules import EDITABLE_STATES
from .trail import HEADER_FIELDS

# With these a report goes from hand to hand.
SIGNING_STEPS = (
    AuditAction.REPORT_SIGN_REQUEST,
    AuditAction.REPORT_SIGN_REFUSE,
    AuditAction.REPORT_RECALL,
    AuditAction.REPORT_SUBMIT,
)


# A report has fifty fields with what it belongs to: most of the time of a first page went into naming them.
SHOWN_OF_REPORTS = (
    *("state", "due_on", "is_late", "entered_by", "added_since", "accepted_at"),
    *("submitted_at", "submitted_by__name"),
    *("unit__name", "period__kind", "period__plan__year", "period__plan__closed_at"),
)


def header_saving(report: Report) -> AuditEvent | None:
    """Return the step that last saved the header of `report`; none was, as long as its version is 0."""
    if not report.header_version:
        return None
    savings = audit.events_of(report).filter(action=AuditAction.REPORT_SAVE)
    return savings.filter(changes__has_any_keys=HEADER_FIELDS).last()


def owed_reports(at: datetime) -> ReportQuerySet:
    """Return the reports that units owe at the moment `at`."""
    return Report.objects.owed(at).select_related("unit", "period__plan")


def reports_of(unit: Unit) -> QuerySet[Report]:
    """Return all reports of `unit` and those that units merged into it filed, newest limit first.

    Each with `filled` and `total` entries, and of its fields those that a card of it shows.
    """
    return (
        Report.objects.filter(line_of(unit.pk))
        .exclude(unit__successor=unit, first_submitted_at=None)
        .select_related("unit", "period__plan", "submitted_by")
        .only(*SHOWN_OF_REPORTS)
        .annotate(
            total=Count("entries"),
            filled=Count(
                "entries",
                filter=(Q(entries__no_news=True) | ~Q(entries__progress="")) & ~Q(entries__status=""),
            ),
        )
        .order_by("-period__due_on")
    )


def coming_periods(unit: Unit) -> QuerySet[ReportingPeriod]:
    """Return the periods not yet opened in which `unit` will owe a report."""
    tasks = Task.objects.in_use().filter(assignments__unit=unit).order_by()
    return (
        ReportingPeriod.objects.to_come()
        .filter(plan__in=tasks.values("plan"))
        .select_related("plan")
        .only("kind", "opens_on", "due_on", "plan__year")
        .order_by("due_on")
    )


def assignments_of(unit: Unit) -> QuerySet[Assignment]:
    """Return what `unit` must act on in its issuer's newest plan, in the table's order."""
    newest = Plan.objects.filter(issuer=unit.parent_id).order_by("-year")[:1]
    return (
        Assignment.objects.in_use()
        .filter(unit=unit, task__plan__in=newest.values("pk"))
        .select_related("task__section")
        .only("role", "role_is_assumed", "task__plan", "task__number", "task__title", "task__section__title")
        .order_by("task__number")
    )


def has_signer(unit: Unit, today: date) -> bool:
    """Tell whether `unit` has somebody who signs off on the day `today`; without one the filler submits."""
    return people_of(unit.answering, Role.SIGNER, on=today).exists()


def entries_of(report: Report) -> QuerySet[ProgressEntry]:
    """Return the entries of `report` in the table's order, with task, section and measures."""
    return (
        report.entries.select_related("task__section", "saved_by", "practice")
        .prefetch_related("task__measures")
        .order_by("task__number")
    )


def required_entries(report: Report) -> list[ProgressEntry]:
    """Return the entries that must be complete: of tasks in force that are assigned to the unit.

    Of a report that is back for added tasks alone these only: what was filed is not asked for again.
    """
    entries = report.entries.annotate(is_assigned=ASSIGNED).select_related("task").order_by("task__number")
    return [entry for entry in entries if is_required(report, entry)]


def roles_in(report: Report) -> dict[int, str]:
    """Return {task id: the unit's role in it}, in words."""
    assignments = Assignment.objects.filter(unit=report.unit, task__plan=report.period.plan)
    return {assignment.task_id: assignment.get_role_display() for assignment in assignments}


def latest_submission(report: Report) -> Submission | None:
    """Return the report as it last left the unit."""
    return report.submissions.select_related("submitted_by").order_by("number").last()


def open_return_reasons(report: Report) -> dict[int | None, ReturnReason]:
    """Return {task id, or None for the whole: reason} of the return that the unit has not answered yet."""
    if report.returned_at is None:
        return {}
    reasons = ReturnReason.objects.filter(
        submission__report=report, returned_at=report.returned_at
    ).select_related("returned_by")
    return {reason.task_id: reason for reason in reasons}


def unsigned(reports: Iterable[Report]) -> dict[int, AuditEvent]:
    """Return {report: the step with which its signer gave it back}, where the filler has not answered yet."""
    editable = [report.pk for report in reports if report.state in EDITABLE_STATES]
    if not editable:
        return {}
    handed = AuditEvent.objects.filter(
        target_kind=Report._meta.model_name, target_id__in=editable, action__in=SIGNING_STEPS
    )
    last = {event.target_id: event for event in handed.order_by("at", "id")}
    return {pk: event for pk, event in last.items() if pk and event.action == AuditAction.REPORT_SIGN_REFUSE}


def timeline(report: Report) -> QuerySet[AuditEvent]:
    """Return the steps of `report`, oldest first, without the many savings of drafts."""
    return audit.events_of(report).exclude(action=AuditAction.REPORT_SAVE).select_related("actor__unit")


def texts_of_others(report: Report, tasks: Iterable[int]) -> dict[int, list[str]]:
    """Return {task id: what other units have filed on it this period}, without saying whose words they are."""
    found: dict[int, list[str]] = {}
    others = ProgressEntry.objects.filter(
        report__in=report.period.reports.filed().exclude(pk=report.pk), task__in=list(tasks)
    )
    for task, text in others.exclude(progress="").order_by().values_list("task_id", "progress"):
        found.setdefault(task, []).append(text)
    return found


def content_now(report: Report) -> ReportContent:
    """Return what `report` says now, a draft or not; it is what a submission would keep."""
    entries = list(report.entries.select_related("task").order_by("task__number"))
    return report_content(report, fillings(report, entries))
