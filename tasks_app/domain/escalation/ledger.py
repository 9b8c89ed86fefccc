"""Changes: what every move of a 督查单 has in common: its lock, and who may make it."""

from datetime import datetime

from tasks_app.domain.access.rules import Permission, may
from tasks_app.domain.matters.steps import demand_move
from tasks_app.domain.moves import NOTICE, NoticeMove, Refused
from tasks_app.models import SupervisionNotice, Unit, User


def demand_office(by: User) -> None:
    """Raise Refused unless `by` is of the office."""
    if not may(by, Permission.ESCALATE):
        raise Refused("督查督办由市医改办办理。")


def lock_issuer(issuer: Unit) -> None:
    """Let the drafts and numbers of one issuer come one after the other; rows that name the unit are not held up."""
    Unit.objects.select_for_update(no_key=True).get(pk=issuer.pk)


def lock(pk: int, move: NoticeMove, *, by: User, at: datetime) -> SupervisionNotice:
    """Lock the 督查单 for a move of `by`. Raises Refused when it is not theirs or not the time for it."""
    found = SupervisionNotice.objects.select_for_update(of=("self",))
    notice = found.select_related("unit", "issuer", "plan", "report", "task").get(pk=pk)
    demand_move(NOTICE, move, notice, by=by, at=at)
    return notice
