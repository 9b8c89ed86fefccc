"""协调事项: what another unit asked for and hopes to have answered by a day; what was put to the office waits there."""

from datetime import datetime

from django.db.models import F, QuerySet

from tasks_app.choices import MatterState
from tasks_app.domain.reminders.rungs import BEGINNING, rungs
from tasks_app.models import Matter

from .kind import Kind, day_of, limited_words
from .things import REQUEST


def owed(at: datetime) -> QuerySet[Matter]:
    """Return the requests put to a unit, with a day, that nobody has answered."""
    asked = Matter.objects.coordinations().unanswered().filter(due_on__isnull=False)
    return asked.exclude(addressee=F("plan__issuer"))


KIND = Kind(
    code="coordination",
    label="协调事项",
    thing=REQUEST,
    owed=owed,
    columns={"since": day_of("asked_at"), "due_on": F("due_on")},
    rungs=rungs((BEGINNING, "fs"), (0, "fs"), (1, "fso", 5)),
    page="coordination/{page}",
    words=limited_words("希望答复日期"),
    steps={MatterState.OPEN: "尚未答复，请在系统中答复。"},
    example_state=MatterState.OPEN,
)
