"""Looks: who else is on which task of a report."""

from collections import defaultdict
from datetime import datetime

from tasks_app.models import Presence, Report, User

from .rules import COUNTS_FOR, in_words


def others_in(report: Report, *, besides: User, at: datetime) -> dict[int, str]:
    """Return {entry id: who is on it, in words} of everybody but `besides`, in one query."""
    seen = (
        Presence.objects.filter(entry__report=report, seen_at__gt=at - COUNTS_FOR)
        .exclude(user=besides)
        .order_by("seen_at")
        .values_list("entry_id", "entry__task__number", "user__name")
    )
    names: dict[tuple[int, int], list[str]] = defaultdict(list)
    for entry, task_number, name in seen:
        names[entry, task_number].append(name)
    return {entry: in_words(people, task_number) for (entry, task_number), people in names.items()}
