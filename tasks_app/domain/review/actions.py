"""Changes: the office returns, accepts or reopens a report, rates an entry and writes notes to it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from tasks_app.choices import AuditAction, ProgressStatus, ReportState, ReturnCategory, VerdictBasis
from tasks_app.clock import local_date
from tasks_app.domain import audit
from tasks_app.domain.access.rules import Permission, may
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.moves import Refused
from tasks_app.domain.moves import ReportMove as Move
from tasks_app.domain.reporting.actions import lock_report
from tasks_app.domain.reporting.content import content_of
from tasks_app.domain.reporting.queries import latest_submission
from tasks_app.domain.reporting.trail import state_change
from tasks_app.domain.verification.actions import settle_by_verdict
from tasks_app.models import Report, ReturnReason, ReviewNote, Submission, User

from .reading import reading
from .rules.limits import return_limit
from .rules.people import had_a_hand

NEWER = "该单位已重新报送，请刷新页面，看过最新内容后再处理。"
OWN_WORK = "这份填报由您代填或代为报送，不能由您自己审阅，请由市医改办其他人员审阅。"
NO_REASON = "退回必须写明理由：请在需要修改的任务下选择类别或填写理由，或填写总体意见。"


@transaction.atomic
def return_report(
    report_pk: int,
    *,
    submission: int,
    reasons: Mapping[int | None, str],
    categories: Mapping[int | None, str] | None = None,
    by: User,
    at: datetime,
) -> Report:
    """Return a submitted report with `reasons` {task id, or None for the whole: words} and a new limit.

    `categories` {task id: ReturnCategory} may stand beside or instead of the words. `submission` is the
    number of the submission that was read: a newer one is not returned unseen.
    Raises Refused.
    """
    report = _lock_for_review(report_pk, Move.RETURN, by=by, at=at)
    read = _demand_latest(report, submission)
    found = _reasons(read, reasons, categories or {}, by=by, at=at)
    if not found:
        raise Refused(NO_REASON)
    ReturnReason.objects.bulk_create(found)
    overall = next((reason.in_words for reason in found if reason.task_id is None), "")
    returned = f"退回 {sum(reason.task_id is not None for reason in found)} 项"
    note = f"{returned}；{overall}" if overall else returned
    since = _still_added_since(report, found)
    return give_back(report, AuditAction.REPORT_RETURN, note=note, by=by, at=at, added_since=since)


@transaction.atomic
def reopen_report(report_pk: int, *, submission: int, reason: str, by: User, at: datetime) -> Report:
    """Open an accepted report again, with a reason that its unit reads and a new limit.

    What was submitted stays as it is. Raises Refused.
    """
    report = _lock_for_review(report_pk, Move.REOPEN, by=by, at=at)
    read = _demand_latest(report, submission)
    if not reason.strip():
        raise Refused(NO_REASON)
    ReturnReason.objects.create(submission=read, text=reason.strip(), returned_at=at, returned_by=by)
    report.accepted_at = report.accepted_by = None
    return give_back(report, AuditAction.REPORT_REOPEN, note=reason.strip(), by=by, at=at)


@transaction.atomic
def accept_report(report_pk: int, *, submission: int, by: User, at: datetime) -> Report:
    """Accept a submitted report, which closes it. Raises Refused, also for a newer submission."""
    report = _lock_for_review(report_pk, Move.ACCEPT, by=by, at=at)
    _demand_latest(report, submission)
    before = report.state
    report.state, report.accepted_at, report.accepted_by = ReportState.ACCEPTED, at, by
    report.added_since = None
    report.save(update_fields=["state", "accepted_at", "accepted_by", "added_since"])
    changes = state_change(before, report)
    audit.record(AuditAction.REPORT_ACCEPT, report, by=by, at=at, unit=report.unit, changes=changes)
    return report


@transaction.atomic
def write_note(
    report_pk: int,
    task_pk: int,
    *,
    submission: int,
    text: str = "",
    is_internal: bool = False,
    rating: str = "",
    basis: str = VerdictBasis.WRITTEN,
    by: User,
    at: datetime,
) -> ReviewNote:
    """Keep a verdict, a comment that the unit sees or an internal note; return what was kept.

    A verdict is a `rating` (ProgressStatus) of what this submission says, resting on `basis`. The rating and the
    words are separate rows, so that an internal word never hides a rating. Rating the same submission the same
    again on the same basis changes nothing. Raises Refused.
    """
    report = Report.objects.select_for_update(of=("self",)).select_related("unit").get(pk=report_pk)
    read = latest_submission(report)
    words = text.strip()
    if not may(by, Permission.REVIEW_REPORT) or read is None:
        raise Refused("这份填报现在不能写审阅意见。")
    if had_a_hand(report, by):
        raise Refused(OWN_WORK)
    if read.number != submission:
        raise Refused(NEWER)
    if task_pk not in content_of(read).by_task:
        raise Refused("这份填报中没有这项任务，请刷新页面。")
    if (rating and rating not in ProgressStatus.values) or not (rating or words):
        raise Refused("请选择核定结果，或填写意见。")
    if rating and basis not in VerdictBasis.values:
        raise Refused("请选择核定依据。")
    kept = report.notes.filter(task=task_pk).exclude(rating="").order_by("written_at", "pk").last()
    if rating and not (kept and (kept.submission_id, kept.rating, kept.basis) == (read.pk, rating, basis)):
        kept = _keep(read, ReviewNote(task_id=task_pk, rating=rating, basis=basis), by=by, at=at)
        settle_by_verdict(report, task_pk, by=by, at=at)
    if words:
        kept = _keep(read, ReviewNote(task_id=task_pk, text=words, is_internal=is_internal), by=by, at=at)
    assert kept is not None  # noqa: S101 - a rating or words were demanded above
    return kept


@transaction.atomic
def keep_verdicts(report_pk: int, *, submission: int, by: User, at: datetime) -> int:
    """Give the earlier verdicts again to all entries that say what they said when judged; return how many.

    On the basis that each had. Raises Refused.
    """
    report = (
        Report.objects.select_for_update(of=("self",))
        .select_related("unit", "period__plan")
        .get(pk=report_pk)
    )
    kept = [(each.task.pk, each.remarks.rated) for each in reading(report).kept]
    for task, rated in kept:
        assert rated is not None  # noqa: S101 - `kept` are those that were judged
        write_note(
            report_pk, task, submission=submission, rating=rated.rating, basis=rated.basis, by=by, at=at
        )
    return len(kept)


def _keep(read: Submission, note: ReviewNote, *, by: User, at: datetime) -> ReviewNote:
    report = read.report
    note.report, note.submission, note.written_by, note.written_at = report, read, by, at
    note.save()
    after: dict[str, Any] = {"text": note.text, "is_internal": note.is_internal}
    if note.rating:
        after = {"rating": note.rating, "basis": note.basis}
    # Recorded at the note, not at the report: the report's time line is the unit's to read too.
    audit.record(AuditAction.REVIEW_NOTE, note, by=by, at=at, unit=report.unit, changes=audit.diff({}, after))
    return note


def _reasons(
    read: Submission,
    reasons: Mapping[int | None, str],
    categories: Mapping[int | None, str],
    *,
    by: User,
    at: datetime,
) -> list[ReturnReason]:
    """Return the rows of a return: what has a category, or words, or both."""
    found = []
    for task in (*content_of(read).by_task, None):
        category, text = categories.get(task, ""), reasons.get(task, "").strip()
        if category not in ReturnCategory.values:
            category = ""
        if category or text:
            own = {"submission": read, "task_id": task, "returned_at": at, "returned_by": by}
            found.append(ReturnReason(category=category, text=text, **own))
    return found


def _still_added_since(report: Report, reasons: Sequence[ReturnReason]) -> datetime | None:
    """Return since when added tasks are open again, None for the whole report.

    A report that was back for added tasks alone and is returned for nothing else stays locked in the rest.
    """
    if report.added_since is None:
        return None
    added = dict(report.entries.exclude(added_at=None).values_list("task_id", "added_at"))
    since = [added.get(reason.task_id or 0) for reason in reasons]
    return min(filter(None, since)) if all(since) else None


def give_back(
    report: Report,
    action: AuditAction,
    *,
    note: str,
    by: User | None,
    at: datetime,
    added_since: datetime | None = None,
) -> Report:
    """Make a report under lock its unit's turn again, with the new limit; for tasks `added_since` alone, if given."""
    before, was = report.state, {"due_on": report.due_on, "added_since": report.added_since}
    report.state, report.returned_at, report.added_since = ReportState.RETURNED, at, added_since
    # What the office entered for a unit (代填) stays named in the submission; now it is the unit's turn.
    report.entered_by, report.entered_because = None, ""
    report.due_on = return_limit(local_date(at), report.period.due_on, working_calendar())
    report.save(
        update_fields=[
            "state",
            "returned_at",
            "added_since",
            "due_on",
            "accepted_at",
            "accepted_by",
            "entered_by",
            "entered_because",
        ]
    )
    changes = state_change(before, report)
    changes |= audit.diff(was, {"due_on": report.due_on, "added_since": added_since})
    audit.record(action, report, by=by, at=at, unit=report.unit, changes=changes, note=note)
    return report


def _lock_for_review(report_pk: int, move: Move, *, by: User, at: datetime) -> Report:
    """Return the report under lock, ready for `move` of somebody who had no hand in it. Raises Refused."""
    report = lock_report(report_pk, move, by=by, at=at)
    if had_a_hand(report, by):
        raise Refused(OWN_WORK)
    return report


def _demand_latest(report: Report, number: int) -> Submission:
    latest = latest_submission(report)
    if latest is None or latest.number != number:
        raise Refused(NEWER)
    return latest
