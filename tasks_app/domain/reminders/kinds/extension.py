"""批复延期: more time that a unit asked for and that nobody has decided on, while the report is still owed."""

from datetime import datetime

from django.db.models import QuerySet

from tasks_app.choices import ExtensionState
from tasks_app.domain.reminders.rungs import rungs
from tasks_app.models import Extension

from . import reports
from .kind import WAITING_WORDS, Kind, waiting_since
from .things import REPORT


def owed(at: datetime) -> QuerySet[Extension]:
    """Return the open requests for reports that are owed."""
    return Extension.objects.waiting().filter(report__in=reports.owed(at).values("pk"))


KIND = Kind(
    code="extension",
    label="批复延期",
    thing=REPORT,
    way="report__",
    owed=owed,
    columns={**waiting_since("asked_at"), "closes_on": reports.closes_on("report__")},
    rungs=rungs((1, "o", 2)),
    page="extensions",  # one page for all of them
    words=WAITING_WORDS,
    steps={ExtensionState.ASKED: "延期申请等候批复"},
    waits=True,
    for_office=True,
    heading="等候批复的延期申请",
    counted="延期待批复",
    example_state=ExtensionState.ASKED,
)
