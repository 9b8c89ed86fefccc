"""What the audit trail keeps of a report's steps and how it is read: codes today, words of the page in old rows."""

from collections.abc import Mapping
from typing import Any

from tasks_app.choices import ReportState
from tasks_app.models import Report

# What a person types into the head of the form: its saving is known by these fields.
HEADER_FIELDS = ("filler_name", "filler_phone", "filled_on")
# Until December 2026 the trail kept a state as the word that stood on the page. Those rows are never changed, so
# neither are these words, whatever a state is called now.
FORMER_WORDS = {
    "填报中": ReportState.DRAFT,
    "待审签": ReportState.SIGNING,
    "已报送": ReportState.SUBMITTED,
    "已退回": ReportState.RETURNED,
    "已采纳": ReportState.ACCEPTED,
}

Changes = Mapping[str, list[Any]]  # {field: [before, after]}


def state_change(before: str, report: Report) -> dict[str, list[Any]]:
    """Return the change of state from `before` ("" for a report just made) to that of `report`."""
    return {"state": [str(before), str(report.state)]}


def state_after(changes: Changes) -> ReportState | None:
    """Return the state of the report after a step with these `changes`, None if it did not change."""
    _, after = changes.get("state", (None, None))
    if after in ReportState.values:
        return ReportState(after)
    return FORMER_WORDS.get(after or "")
