"""约谈整改: an item that an interview demanded and that the unit has not reported on."""

from datetime import datetime

from django.db.models import F, QuerySet

from tasks_app.choices import MatterState
from tasks_app.domain.reminders.rungs import BEGINNING, rungs
from tasks_app.models import Matter

from .kind import Kind, limited_words
from .things import CORRECTION


def owed(at: datetime) -> QuerySet[Matter]:
    """Return the items of open lists that nobody has reported on."""
    return Matter.objects.being_corrected().unanswered()


KIND = Kind(
    code="correction",
    label="约谈整改",
    thing=CORRECTION,
    owed=owed,
    columns={"since": F("interview__held_on"), "due_on": F("due_on")},
    rungs=rungs((BEGINNING, "fs"), (-5, "fs"), (-1, "fs"), (0, "fs"), (1, "fso"), (3, "fso", 5)),
    page="interviews/{page}",
    words=limited_words("整改时限"),
    steps={MatterState.OPEN: "尚未报告整改情况，请整改后在系统中报告。"},
    example_state=MatterState.OPEN,
)
