"""退回修改: a report that the office returned, owed again with a limit of its own."""

from datetime import datetime

from django.db.models import F, QuerySet

from tasks_app.choices import ReportState
from tasks_app.domain.reminders.rungs import BEGINNING, rungs
from tasks_app.models import Report

from . import reports
from .kind import Kind, day_of
from .things import REPORT


def owed(at: datetime) -> QuerySet[Report]:
    """Return the reports that were returned and are owed."""
    return reports.owed(at).filter(returned_at__isnull=False, added_since__isnull=True)


KIND = Kind(
    code="returned",
    label="退回修改",
    thing=REPORT,
    owed=owed,
    columns={"since": day_of("returned_at"), "due_on": F("due_on")},
    rungs=rungs((BEGINNING, "f"), (-1, "fs"), (0, "fs"), (1, "fso"), (3, "fso", 5)),
    page=reports.PAGE,
    words=reports.WORDS,
    steps=reports.STEPS,
    is_filing=True,
    example_state=ReportState.RETURNED,
)
