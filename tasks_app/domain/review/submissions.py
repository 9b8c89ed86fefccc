"""Looks: every submission of a report, two of them word by word, the time line, and the check of a receipt."""

from dataclasses import dataclass

from tasks_app.choices import AuditAction, ReportState
from tasks_app.domain.access.queries import visible_submissions
from tasks_app.domain.reporting.content import EntryContent, content_of, is_intact
from tasks_app.domain.reporting.queries import timeline
from tasks_app.domain.reporting.trail import state_after
from tasks_app.models import AuditEvent, Report, Submission, User

from .rules.content import Passage, statements

# An entry that says nothing, to hold one against that was not there yet.
NOTHING = EntryContent(task=0)
# The second by programs in which the office submitted what it had entered by a step of its own.
SUBMITTING = frozenset({AuditAction.REPORT_SUBMIT, AuditAction.REPORT_ENTER})


@dataclass(frozen=True)
class TimelineStep:
    """One step of the time line; `submission` is what left the unit with it, if anything did."""

    event: AuditEvent
    submission: Submission | None


@dataclass(frozen=True)
class EntryComparison:
    """One task in two submissions."""

    number: int
    title: str
    statements: list[Passage]

    @property
    def is_changed(self) -> bool:
        """Tell whether anything differs."""
        return any(statement.is_changed for statement in self.statements)


@dataclass(frozen=True)
class CheckedReceipt:
    """A receipt that exists, and whether what is stored still has the fingerprint of that day."""

    submission: Submission
    is_intact: bool


def steps(report: Report, submissions: list[Submission]) -> list[TimelineStep]:
    """Return the time line of `report`, each submission at the step with which it left. One statement."""
    events = list(timeline(report))
    # By number: two people may read the clock in one order and get the lock in the other.
    sent = sorted(
        event.pk
        for event in events
        if event.action in SUBMITTING and state_after(event.changes) == ReportState.SUBMITTED
    )
    left_with = dict(zip(sent, submissions, strict=False))
    return [TimelineStep(event, left_with.get(event.pk)) for event in events]


def submissions_of(report: Report) -> list[Submission]:
    """Return every submission of `report`, oldest first, each whole."""
    return list(report.submissions.select_related("submitted_by").order_by("number"))


def comparison(old: Submission, new: Submission) -> list[EntryComparison]:
    """Return what changed from `old` to `new`, task by task; of one and the same what it says."""
    then, now = content_of(old).by_task, content_of(new).by_task
    shown = {**now, **{task: entry for task, entry in then.items() if task not in now}}
    same = old.pk == new.pk
    return [
        EntryComparison(
            entry.number,
            entry.title,
            statements(now.get(task), None if same else then.get(task, NOTHING)),
        )
        for task, entry in sorted(shown.items(), key=lambda item: item[1].number)
    ]


def find_receipt(receipt: str, user: User) -> CheckedReceipt | None:
    """Return the submission with that number if `user` may know of it, its fingerprint worked out anew."""
    submissions = visible_submissions(user).select_related(
        "report__unit", "report__period__plan", "submitted_by"
    )
    submission = submissions.filter(receipt__iexact=receipt.strip()).first()
    if submission is None:
        return None
    return CheckedReceipt(submission, is_intact(submission))
