"""转办: what the office handed on of another unit's request, until it is answered."""

from datetime import datetime

from django.db.models import F, QuerySet

from tasks_app.choices import MatterState
from tasks_app.domain.reminders.rungs import BEGINNING, rungs
from tasks_app.models import Matter

from .kind import Kind, day_of, limited_words
from .things import REFERRAL


def owed(at: datetime) -> QuerySet[Matter]:
    """Return what was handed on and nobody has answered."""
    return Matter.objects.referrals().unanswered()


KIND = Kind(
    code="referral",
    label="转办事项",
    thing=REFERRAL,
    owed=owed,
    columns={"since": day_of("asked_at"), "due_on": F("due_on")},
    rungs=rungs((BEGINNING, "fs"), (-1, "fs"), (0, "fs"), (1, "fso", 5)),
    page="coordination/{page}",
    words=limited_words("答复时限"),
    steps={MatterState.OPEN: "尚未答复，请在系统中答复。"},
    begins="转办",
    example_state=MatterState.OPEN,
)
