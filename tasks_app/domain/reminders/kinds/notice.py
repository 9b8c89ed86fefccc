"""督查单: one that waits for its unit, to object before it is issued and to answer afterwards."""

from datetime import datetime

from django.db.models import Case, F, QuerySet, When

from tasks_app.choices import NoticeState
from tasks_app.domain.escalation.queries import awaiting_unit
from tasks_app.domain.reminders.rungs import BEGINNING, rungs
from tasks_app.models import SupervisionNotice

from .kind import Kind, day_of, limited_words
from .things import NOTICE


def owed(at: datetime) -> QuerySet[SupervisionNotice]:
    """Return the notices on which it is the unit's turn."""
    return awaiting_unit()


KIND = Kind(
    code="notice",
    label="督查单",
    thing=NOTICE,
    owed=owed,
    columns={
        "since": Case(
            When(state=NoticeState.HEARING, then=day_of("drafted_at")), default=day_of("issued_at")
        ),
        "due_on": Case(
            When(state=NoticeState.HEARING, then=F("objection_due_on")), default=F("reply_due_on")
        ),
    },
    rungs=rungs((BEGINNING, "fs"), (-3, "fs"), (-1, "fs"), (0, "fs"), (1, "fso"), (3, "fso", 5)),
    page="notices/{page}",
    words=limited_words("办理时限"),
    steps={
        NoticeState.HEARING: "拟发出督查单，如有不同意见请在时限前申辩。",
        NoticeState.ISSUED: "尚未签收，请签收后按督办要求回复。",
        NoticeState.ACKNOWLEDGED: "已签收，尚未回复，请按督办要求回复。",
    },
    example_state=NoticeState.ISSUED,
)
