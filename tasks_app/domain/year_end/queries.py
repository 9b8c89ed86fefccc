"""Looks: what of a year's plan is open at a moment, and which years wait to be settled."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from tasks_app.domain.reminders.obligations import obligations
from tasks_app.domain.reminders.rules import Obligation
from tasks_app.models import Plan


def what_is_open(plan: Plan, at: datetime) -> list[Obligation]:
    """Return everything that units or the office owe of `plan` at `at`, in the order of units and limits.

    It is what the ladder reminds of: what is listed here, and nothing else, would be chased.
    """
    owed = obligations(at, issuers=[plan.issuer_id])
    return [each for each in owed if each.terms.plan == plan.pk and not each.kind.is_told_with_report]


def in_words(left: Iterable[Obligation]) -> str:
    """Return how many of each kind: 填报2件、督查单1件."""
    counts = Counter(each.kind.label for each in left)
    return "、".join(f"{label}{number}件" for label, number in counts.items())
