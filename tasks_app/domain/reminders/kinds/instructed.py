"""办理批示: a leader's few words put to the office itself, which has not answered. Told at once."""

from datetime import datetime

from django.db.models import F, QuerySet

from tasks_app.choices import MatterState
from tasks_app.domain.reminders.rungs import BEGINNING, rungs
from tasks_app.models import Matter

from .kind import WAITING_WORDS, Kind, day_of
from .things import INSTRUCTION


def owed(at: datetime) -> QuerySet[Matter]:
    """Return the instructions to the office that nobody has answered."""
    return Matter.objects.instructions().unanswered().for_the_office()


KIND = Kind(
    code="instructed",
    label="办理批示",
    thing=INSTRUCTION,
    owed=owed,
    columns={"since": day_of("asked_at"), "due_on": F("due_on")},
    rungs=rungs((BEGINNING, "o"), (-1, "o"), (0, "o"), (1, "o", 5)),
    page="instructions/{page}",
    words=WAITING_WORDS,
    steps={MatterState.OPEN: "尚未报告办理情况"},
    begins="作出批示",
    is_told_at_once=True,
    for_office=True,
    heading="领导批示我办办理的事项",
    counted="批示待办理",
    example_state=MatterState.OPEN,
)
