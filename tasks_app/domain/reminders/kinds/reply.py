"""审核督查回复: a 督查单 that its unit has answered and the office has not judged."""

from datetime import datetime

from django.db.models import QuerySet

from tasks_app.choices import NoticeState
from tasks_app.domain.reminders.rungs import rungs
from tasks_app.models import SupervisionNotice

from .kind import WAITING_WORDS, Kind, waiting_since
from .things import NOTICE


def owed(at: datetime) -> QuerySet[SupervisionNotice]:
    """Return the notices that were answered."""
    return SupervisionNotice.objects.replied()


KIND = Kind(
    code="reply",
    label="审核督查回复",
    thing=NOTICE,
    owed=owed,
    columns=waiting_since("replied_at"),
    rungs=rungs((4, "o", 5)),
    page="notices/{page}",
    words=WAITING_WORDS,
    steps={NoticeState.REPLIED: "督查单已回复，等候审核"},
    waits=True,
    for_office=True,
    heading="等候审核的督查回复",
    counted="督查回复待审核",
    example_state=NoticeState.REPLIED,
)
