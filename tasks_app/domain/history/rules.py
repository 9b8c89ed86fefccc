"""Decides: how a report stood at a moment, by replaying the steps that the audit trail holds; and a message."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from tasks_app.choices import AuditAction, DeliveryState, ReportState
from tasks_app.domain.reporting.rules import FILED_STATES
from tasks_app.domain.reporting.trail import state_after
from tasks_app.models import Delivery

# Reports that follow when the limit of their period is moved (plan.actions.set_period).
FOLLOWING = frozenset({ReportState.DRAFT, ReportState.SIGNING})


class TrailStep(NamedTuple):
    """One event of the trail: of one report or, with `report` None, of the period and its limits."""

    report: int | None
    at: datetime
    actor: int | None
    changes: Mapping[str, list[Any]]  # {field: [before, after]}, as audit.diff makes it
    action: str = ""

    @property
    def makes_report(self) -> bool:
        """Tell whether the report was made with it, in a period that was open already."""
        return self.report is not None and self.action == AuditAction.PERIOD_OPEN


@dataclass
class Stand:
    """How a report stands: what moves with its steps. It begins as a draft that follows its period."""

    due_on: date
    state: ReportState = ReportState.DRAFT
    returned_at: datetime | None = None
    accepted_at: datetime | None = None
    accepted_by: int | None = None
    entered_by: int | None = None
    added_since: datetime | None = None

    def take(self, step: TrailStep) -> None:
        """Make one step of the report itself; what changes neither state nor limit leaves it as it is."""
        if "due_on" in step.changes:
            self.due_on = date.fromisoformat(step.changes["due_on"][1])
        if step.action == AuditAction.REPORT_ENTER:
            # Nobody can begin while somebody enters, nor end when nobody does: the two take turns.
            self.entered_by = step.actor if self.entered_by is None else None
        if (state := state_after(step.changes)) is not None:
            self._turn(state, step)
        if "added_since" in step.changes:
            since = step.changes["added_since"][1]
            self.added_since = datetime.fromisoformat(since) if since else None

    def _turn(self, state: ReportState, step: TrailStep) -> None:
        is_at_rest = step.action == AuditAction.REPORT_ADD and state in FILED_STATES
        if state == ReportState.ACCEPTED or is_at_rest:  # what was added is settled, or was withdrawn
            self.added_since = None
        # A return stays open while the unit works on it and its signer reads; the next submission answers it.
        if state in FILED_STATES:
            self.returned_at = None
        elif state == ReportState.RETURNED and self.state in FILED_STATES:
            self.returned_at, self.entered_by = step.at, None
        self.accepted_at, self.accepted_by = (
            _acceptance(step) if state == ReportState.ACCEPTED else (None, None)
        )
        self.state = state

    def follow(self, before: date, after: date) -> None:
        """Let the limit of the period move: a report not yet submitted goes with it, any other keeps its own."""
        if self.state in FOLLOWING and self.due_on == before:
            self.due_on = after


def _acceptance(step: TrailStep) -> tuple[datetime, int | None]:
    """Return when and by whom a report was accepted; a step that lets it be accepted again names the first time."""
    if "accepted_at" in step.changes:
        return datetime.fromisoformat(step.changes["accepted_at"][1]), step.changes["accepted_by"][1]
    return step.at, step.actor


def replay(reports: Iterable[int], steps: Iterable[TrailStep], *, due_on: date) -> dict[int, Stand]:
    """Return how each of `reports` stands after `steps`, in the order in which they happened.

    `due_on` is the limit that the period had at first; when a report was made does not matter, for until its
    first step it follows the period (who was made later than the moment is left out by `made_by`).
    """
    stands = {report: Stand(due_on) for report in reports}
    for step in steps:
        if step.report is not None:
            stands[step.report].take(step)
        elif "due_on" in step.changes:
            before, after = map(date.fromisoformat, step.changes["due_on"])
            for stand in stands.values():
                stand.follow(before, after)
    return stands


def wound_back(days: Mapping[str, date | None], later: Sequence[TrailStep]) -> dict[str, date | None]:
    """Return the limits {field: day} of a period as they were before its `later` steps, the oldest first."""
    before = dict(days)
    for step in reversed(later):
        for field in before.keys() & step.changes.keys():
            was = step.changes[field][0]
            before[field] = date.fromisoformat(was) if was else None
    return before


def made_by(reports: Iterable[int], steps: Iterable[TrailStep], *, at: datetime) -> list[int]:
    """Return those of `reports` that were there at `at`; one without a step that made it came with its period."""
    later = {step.report for step in steps if step.makes_report and step.at > at}
    return [report for report in reports if report not in later]


def outcome_then(delivery: Delivery, *, at: datetime, decided_later: bool) -> DeliveryState | None:
    """Return SENT, PENDING (not sent yet), what had become of it, or None where the stored times do not tell.

    Not stored is since when it waited for the person who decided it later (`decided_later`), nor, of old rows,
    when a delivery failed, came into doubt or was cancelled: only that it was not before it was taken up.
    """
    if decided_later:
        return None
    if delivery.sent_at is not None:
        return DeliveryState.SENT if delivery.sent_at <= at else DeliveryState.PENDING
    if delivery.state in (DeliveryState.PENDING, DeliveryState.SENDING):
        return DeliveryState.PENDING
    if delivery.settled_at is not None:
        return DeliveryState(delivery.state) if delivery.settled_at <= at else DeliveryState.PENDING
    taken_up_later = delivery.claimed_at is not None and at < delivery.claimed_at
    return DeliveryState.PENDING if taken_up_later else None
