"""Decides: whether a verdict (核定) still counts after its report was filed again."""

from collections.abc import Iterable
from datetime import datetime

from tasks_app.domain.reporting.rules import was_locked


def still_counts(since: Iterable[datetime | None], added_at: datetime | None) -> bool:
    """Tell whether a verdict counts: it belongs to the submission that it judged, a new one must be judged anew.

    `since` holds `added_since` of each later submission: what was locked in a supplement for added tasks was not
    filed again. `added_at` is when the judged task was added to its report, None when it was there from the start.
    """
    return all(was_locked(each, added_at) for each in since)
