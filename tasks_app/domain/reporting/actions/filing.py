"""A report goes from hand to hand: to the signer and back, and at last to the office."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from tasks_app.choices import AuditAction, PeriodKind, ReportState
from tasks_app.clock import local_date
from tasks_app.domain.moves import Refused
from tasks_app.domain.moves import ReportMove as Move
from tasks_app.models import Report, Submission, User

from ..content import ReportContent, fingerprint
from ..queries import content_now, required_entries
from ..rules import gaps, is_late
from .steps import lock_report, record_step


@transaction.atomic
def request_signature(report_pk: int, *, by: User, at: datetime) -> Report:
    """Hand a complete report to the unit's signer. Raises Refused."""
    report = lock_report(report_pk, Move.REQUEST_SIGNATURE, by=by, at=at)
    _demand_complete(report)
    report.sign_requested_at = at
    report.save(update_fields=["sign_requested_at"])
    _change_state(report, ReportState.SIGNING, AuditAction.REPORT_SIGN_REQUEST, by=by, at=at)
    return report


@transaction.atomic
def recall_report(report_pk: int, *, by: User, at: datetime) -> Report:
    """Take a report back from the signer to go on editing. Raises Refused."""
    report = lock_report(report_pk, Move.RECALL, by=by, at=at)
    _change_state(report, _unsigned_state(report), AuditAction.REPORT_RECALL, by=by, at=at)
    return report


@transaction.atomic
def refuse_signature(report_pk: int, *, reason: str, by: User, at: datetime) -> Report:
    """The signer gives the report back to the filler, with a reason. Raises Refused."""
    report = lock_report(report_pk, Move.REFUSE_SIGNATURE, by=by, at=at)
    if not reason.strip():
        raise Refused("请写明退回填报员修改的理由。")
    _change_state(
        report, _unsigned_state(report), AuditAction.REPORT_SIGN_REFUSE, by=by, at=at, note=reason.strip()
    )
    return report


@transaction.atomic
def submit_report(report_pk: int, *, by: User, at: datetime) -> Submission:
    """Submit: lock the report, keep it whole as a submission and return that with its receipt number.

    Raises Refused, when something is missing or when it is not the moment or the person.
    """
    report = lock_report(report_pk, Move.SUBMIT, by=by, at=at)
    if report.filled_on is None:
        report.filled_on = local_date(at)
    _demand_complete(report)
    report.is_late = is_late(report, local_date(at))
    report.first_submitted_at = report.first_submitted_at or at
    report.submitted_at, report.submitted_by, report.returned_at = at, by, None
    before, report.state = report.state, ReportState.SUBMITTED
    report.save()
    submission = _keep_submission(report, by=by, at=at)
    note = f"回执号 {submission.receipt}{'（补报）' if report.is_late else ''}"
    record_step(AuditAction.REPORT_SUBMIT, report, before=before, by=by, at=at, note=note)
    return submission


def _keep_submission(report: Report, *, by: User, at: datetime) -> Submission:
    said = content_now(report)
    _mark_doubts(report, said)
    content = said.as_json()
    number = report.submissions.count() + 1
    order = PeriodKind.values.index(report.period.kind) + 1
    return Submission.objects.create(
        report=report,
        number=number,
        receipt=f"{report.period.plan.year}-{order}-{report.unit.code}-{number:02d}",
        content=content,
        fingerprint=fingerprint(content),
        is_late=report.is_late,
        added_since=report.added_since,
        submitted_at=at,
        submitted_by=by,
    )


def _mark_doubts(report: Report, said: ReportContent) -> None:
    doubted = Q(task__in=[entry.task for entry in said.entries if entry.is_in_doubt])
    report.entries.filter(doubted, in_doubt=False).update(in_doubt=True)
    report.entries.filter(~doubted, in_doubt=True).update(in_doubt=False)


def _demand_complete(report: Report) -> None:
    missing = gaps(report, required_entries(report))
    if missing:
        raise Refused(f"还有 {len(missing)} 处没有填好，补齐后才能报送。")


def _unsigned_state(report: Report) -> ReportState:
    """A report that the office returned stays returned until it is submitted again."""
    return ReportState.RETURNED if report.returned_at else ReportState.DRAFT


def _change_state(
    report: Report, state: ReportState, action: AuditAction, *, by: User, at: datetime, note: str = ""
) -> None:
    before = report.state
    report.state = state
    report.save(update_fields=["state"])
    record_step(action, report, before=before, by=by, at=at, note=note)
