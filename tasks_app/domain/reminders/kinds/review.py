"""审阅填报: a report that was filed and that the office has not settled."""

from datetime import datetime

from django.db.models import QuerySet

from tasks_app.choices import ReportState
from tasks_app.domain.reminders.rungs import rungs
from tasks_app.models import Report

from .kind import WAITING_WORDS, Kind, waiting_since
from .things import REPORT


def owed(at: datetime) -> QuerySet[Report]:
    """Return what lies in the office's queue: it is the office's turn, whatever became of the unit."""
    return Report.objects.submitted()


KIND = Kind(
    code="review",
    label="审阅填报",
    thing=REPORT,
    owed=owed,
    columns=waiting_since("submitted_at"),
    rungs=rungs((4, "o", 5)),
    page="review/{page}",
    words=WAITING_WORDS,
    steps={ReportState.SUBMITTED: "已报送，等候审阅"},
    waits=True,
    for_office=True,
    heading="超过3个工作日未审阅的填报",
    counted="待审阅",
    example_state=ReportState.SUBMITTED,
)
