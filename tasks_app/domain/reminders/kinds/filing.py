"""填报: a report that its unit has not filed yet, from the opening of the period to its limit and beyond."""

from datetime import datetime

from django.db.models import F, QuerySet

from tasks_app.choices import ReportState
from tasks_app.domain.reminders.rungs import BEGINNING, rungs
from tasks_app.models import Report

from . import reports
from .kind import Kind
from .things import REPORT


def owed(at: datetime) -> QuerySet[Report]:
    """Return the reports that were never returned and are owed."""
    return reports.owed(at).filter(returned_at__isnull=True)


KIND = Kind(
    code="filing",
    label="填报",
    thing=REPORT,
    owed=owed,
    columns={
        "since": F("period__opens_on"),
        "due_on": F("due_on"),
        "closes_on": F("period__closes_on"),
    },
    rungs=rungs(
        (BEGINNING, "f"), (-10, "f"), (-5, "f"), (-3, "fs"), (-1, "fs"), (0, "fs"), (1, "fso"), (3, "fso", 5)
    ),
    page=reports.PAGE,
    words=reports.WORDS,
    steps=reports.STEPS,
    is_filing=True,
    begins_once=True,
    begins="开放填报",
    example_state=ReportState.DRAFT,
)
