"""批示: a leader's few words that a unit has not answered. Told at once."""

from datetime import datetime

from django.db.models import F, QuerySet

from tasks_app.choices import MatterState
from tasks_app.domain.reminders.rungs import BEGINNING, rungs
from tasks_app.models import Matter

from .kind import Kind, day_of, limited_words
from .things import INSTRUCTION


def owed(at: datetime) -> QuerySet[Matter]:
    """Return the instructions to units that nobody has answered."""
    return Matter.objects.instructions().unanswered().for_units()


KIND = Kind(
    code="instruction",
    label="批示",
    thing=INSTRUCTION,
    owed=owed,
    columns={"since": day_of("asked_at"), "due_on": F("due_on")},
    rungs=rungs((BEGINNING, "fs"), (-1, "fs"), (0, "fs"), (1, "fso"), (3, "fso", 5)),
    page="instructions/{page}",
    words=limited_words("办理时限"),
    steps={MatterState.OPEN: "尚未报告办理情况，请办理后在系统中报告。"},
    begins="作出批示",
    is_told_at_once=True,
    example_state=MatterState.OPEN,
)
