"""补充新增任务: a report that is back for tasks added after it was filed, with a limit of its own."""

from datetime import datetime

from django.db.models import F, QuerySet

from tasks_app.choices import ReportState
from tasks_app.domain.reminders.rungs import BEGINNING, rungs
from tasks_app.models import Report

from . import reports
from .kind import Kind, day_of
from .things import REPORT


def owed(at: datetime) -> QuerySet[Report]:
    """Return the reports that went back for added tasks alone and are owed."""
    return reports.owed(at).filter(returned_at__isnull=False, added_since__isnull=False)


KIND = Kind(
    code="added",
    label="补充新增任务",
    thing=REPORT,
    owed=owed,
    columns={"since": day_of("returned_at"), "due_on": F("due_on")},
    rungs=rungs((BEGINNING, "fs"), (-1, "fs"), (0, "fs"), (1, "fso"), (3, "fso", 5)),
    page=reports.PAGE,
    words=reports.WORDS,
    steps={
        **reports.STEPS,
        ReportState.RETURNED: "分解表给贵单位新增了任务，请只就新增任务补充填报后报送，其余内容保持已报送的原样。",
    },
    is_filing=True,
    begins="新增任务",
    example_state=ReportState.RETURNED,
)
