"""审签: a report that lies with its unit's signer. Its message tells of it as part of the report to be filed."""

from datetime import datetime

from django.db.models import QuerySet

from tasks_app.choices import ReportState
from tasks_app.domain.reminders.rungs import rungs
from tasks_app.models import Report

from . import reports
from .kind import Kind, waiting_since
from .things import REPORT


def owed(at: datetime) -> QuerySet[Report]:
    """Return the owed reports that wait for the signature."""
    return reports.owed(at).signing().filter(sign_requested_at__isnull=False)


KIND = Kind(
    code="signing",
    label="审签",
    thing=REPORT,
    owed=owed,
    columns={**waiting_since("sign_requested_at"), "closes_on": reports.closes_on()},
    rungs=rungs((1, "s"), (3, "fs", 3)),
    page=reports.PAGE,
    words=reports.WORDS,
    steps=reports.STEPS,
    waits=True,
    is_told_with_report=True,
    example_state=ReportState.SIGNING,
)
