"""约谈: a unit that was called to one, until the day is over."""

from datetime import datetime

from django.db.models import QuerySet

from tasks_app.choices import InterviewState
from tasks_app.domain.reminders.rungs import BEGINNING, rungs
from tasks_app.models import Interview

from .kind import Kind, day_of, limited_words
from .things import INTERVIEW


def owed(at: datetime) -> QuerySet[Interview]:
    """Return the interviews to which a unit was called and whose day is not over."""
    return Interview.objects.called().filter(planned_at__gte=at)


KIND = Kind(
    code="interview",
    label="约谈",
    thing=INTERVIEW,
    owed=owed,
    columns={
        "since": day_of("proposed_at"),
        "due_on": day_of("planned_at"),
        "closes_on": day_of("planned_at"),
    },
    rungs=rungs((BEGINNING, "fs"), (-3, "fs"), (-1, "fs"), (0, "fs")),
    page="interviews/{page}",
    words=limited_words("约谈日期", "通知地址"),
    steps={InterviewState.NOTIFIED: "已通知约谈，请按约谈通知的时间、地点到场。"},
    is_over_after_limit=True,
    ends="约谈",
    example_state=InterviewState.NOTIFIED,
)
