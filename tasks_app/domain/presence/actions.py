"""Changes: somebody is on a task, or on none. Not in the audit trail: being there is not a step."""

from datetime import datetime

from django.db.models import Q

from tasks_app.models import Presence, ProgressEntry, Report, User

from .rules import COUNTS_FOR


def note_presence(report: Report, entry: ProgressEntry | None, *, by: User, at: datetime) -> None:
    """Put `by` on `entry` of `report`, or on none of its tasks, and sweep away whoever has gone.

    Two queries at most, whoever was there before; rows never outlive a minute by more than the next call.
    """
    mine = Q(user=by, entry__report=report)
    if entry is not None:
        mine &= ~Q(entry=entry)
    Presence.objects.filter(mine | Q(seen_at__lte=at - COUNTS_FOR)).delete()
    if entry is not None:
        Presence.objects.bulk_create(
            [Presence(entry=entry, user=by, seen_at=at)],
            update_conflicts=True,
            unique_fields=["entry", "user"],
            update_fields=["seen_at"],
        )
