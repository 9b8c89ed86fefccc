"""Changes: what every move of a 约谈 has in common: its lock, and who may make it."""

from datetime import datetime

from tasks_app.choices import MatterKind
from tasks_app.clock import local_date
from tasks_app.domain.matters.steps import demand_move, parties_of
from tasks_app.domain.moves import INTERVIEW, MATTERS, OFFICE_NAME, InterviewMove, MatterMove, Party, Refused
from tasks_app.models import Interview, Matter, User


def lock(pk: int, move: InterviewMove, *, by: User, at: datetime) -> Interview:
    """Lock the 约谈 for a move of `by`. Raises Refused when it is not theirs or not the time for it."""
    found = Interview.objects.select_for_update(of=("self",))
    interview = found.select_related("unit", "issuer", "plan").get(pk=pk)
    demand_move(INTERVIEW, move, interview, by=by, at=at)
    return interview


def lock_item(pk: int, move: MatterMove, *, by: User, at: datetime) -> Matter:
    """Lock the 约谈 and then the item `pk` of its list for a move of `by`. Raises Refused when it is not theirs.

    Whether it is the time for it, the rules say in words of their own (rules.missing_for_…).
    """
    items = Matter.objects.corrections()
    locked = Interview.objects.select_for_update(of=("self",)).select_related("unit", "issuer", "plan")
    interview = locked.get(pk=items.values_list("interview_id", flat=True).get(pk=pk))
    whose, parties = MATTERS[MatterKind.CORRECTION].parties(move), parties_of(by, interview, local_date(at))
    if whose.isdisjoint(parties):
        raise Refused(f"这一步由{OFFICE_NAME if Party.OFFICE in whose else interview.unit}办理。")
    item = items.select_for_update(of=("self",)).select_related("answer").get(pk=pk)
    item.interview = interview
    return item
