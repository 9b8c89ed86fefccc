"""Decides: whether a good practice can still be put forward."""

from tasks_app.domain.moves import PRACTICE, Party, PracticeMove
from tasks_app.models import GoodPractice


def why_not_propose(practice: GoodPractice) -> str:
    """Return why its unit cannot put `practice` forward anew; "" when it can."""
    if PRACTICE.allows(PracticeMove.PROPOSE, practice.state, {Party.UNIT}):
        return ""
    return "这条做法已经推广，如需修改请联系市医改办。"
