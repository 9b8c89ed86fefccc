"""Changes: what every move of a 约谈 has in common: its lock, and who may make it."""

from collections.abc import Sequence
from datetime import datetime

from tasks_app.domain.escalation.steps import why_not_now
from tasks_app.models import Correction, Interview, User

from . import rules
from .rules import Move


class InterviewRefusedError(Exception):
    """The step cannot be made; `problems` says why, a sentence each, for the user."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


def demand_nothing(missing: Sequence[str]) -> None:
    """Raise InterviewRefusedError if anything is missing."""
    if missing:
        raise InterviewRefusedError(*missing)


def lock(pk: int, move: Move, *, by: User, at: datetime) -> Interview:
    """Lock the 约谈 for a move of `by`. Raises InterviewRefusedError when it is not theirs or not the time for it."""
    found = Interview.objects.select_for_update(of=("self",))
    interview = found.select_related("unit", "issuer", "plan").get(pk=pk)
    if sentence := why_not_now(interview, "约谈", *rules.MOVES[move], by=by, at=at):
        raise InterviewRefusedError(sentence)
    return interview


def lock_item(pk: int, move: Move, *, by: User, at: datetime) -> tuple[Interview, Correction]:
    """Lock the 约谈 and then the item `pk` of its list for a move of `by`. Raises InterviewRefusedError."""
    interview = lock(Correction.objects.values_list("interview_id", flat=True).get(pk=pk), move, by=by, at=at)
    return interview, Correction.objects.select_for_update().get(pk=pk)
