"""Changes: what every move of a 约谈 has in common: its lock, and who may make it."""

from datetime import datetime

from tasks_app.domain.escalation.steps import demand_move
from tasks_app.domain.moves import INTERVIEW, InterviewMove
from tasks_app.models import Correction, Interview, User


def lock(pk: int, move: InterviewMove, *, by: User, at: datetime) -> Interview:
    """Lock the 约谈 for a move of `by`. Raises Refused when it is not theirs or not the time for it."""
    found = Interview.objects.select_for_update(of=("self",))
    interview = found.select_related("unit", "issuer", "plan").get(pk=pk)
    demand_move(INTERVIEW, move, interview, by=by, at=at)
    return interview


def lock_item(pk: int, move: InterviewMove, *, by: User, at: datetime) -> tuple[Interview, Correction]:
    """Lock the 约谈 and then the item `pk` of its list for a move of `by`. Raises Refused."""
    interview = lock(Correction.objects.values_list("interview_id", flat=True).get(pk=pk), move, by=by, at=at)
    return interview, Correction.objects.select_for_update().get(pk=pk)
