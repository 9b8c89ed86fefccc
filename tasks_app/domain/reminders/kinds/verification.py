"""核实: what the office asked a lead bureau to verify, an entry or a task of all units, and is not answered."""

from datetime import datetime

from django.db.models import F, QuerySet

from tasks_app.choices import MatterState
from tasks_app.domain.reminders.rungs import BEGINNING, rungs
from tasks_app.models import Matter

from .kind import Kind, day_of, limited_words
from .things import VERIFICATION


def owed(at: datetime) -> QuerySet[Matter]:
    """Return what nobody has answered; a task of all units once, with all its parts."""
    return Matter.objects.verifications().on_top().unanswered()


KIND = Kind(
    code="verification",
    label="核实",
    thing=VERIFICATION,
    owed=owed,
    columns={"since": day_of("asked_at"), "due_on": F("due_on")},
    rungs=rungs((BEGINNING, "fs"), (-1, "fs"), (0, "fs"), (1, "fso", 5)),
    page="verifications/{page}",
    words=limited_words("核实时限"),
    steps={MatterState.OPEN: "尚未核实，请在系统中写明属实或不符。"},
    begins="提请核实",
    example_state=MatterState.OPEN,
)
