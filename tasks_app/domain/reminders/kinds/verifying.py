"""核验整改: an item that a unit has reported on and the office has not verified."""

from datetime import datetime

from django.db.models import QuerySet

from tasks_app.choices import MatterState
from tasks_app.domain.reminders.rungs import rungs
from tasks_app.models import Matter

from .kind import WAITING_WORDS, Kind, waiting_since
from .things import CORRECTION


def owed(at: datetime) -> QuerySet[Matter]:
    """Return the items of open lists that were reported on and not verified."""
    return Matter.objects.being_corrected().answered()


KIND = Kind(
    code="verifying",
    label="核验整改",
    thing=CORRECTION,
    owed=owed,
    columns=waiting_since("answer__at"),
    rungs=rungs((4, "o", 5)),
    page="interviews/{page}",
    words=WAITING_WORDS,
    steps={MatterState.ANSWERED: "已报告整改情况，等候核验"},
    example_state=MatterState.ANSWERED,
    waits=True,
    for_office=True,
    heading="等候核验的整改事项",
    counted="整改待核验",
)
