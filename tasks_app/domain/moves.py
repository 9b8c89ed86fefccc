"""Decides: which move, by whom, when, and why not: one table for each workflow, one refusal for them all."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum, auto

from tasks_app.choices import InterviewState, NoticeState

OFFICE_NAME = "市医改办"


class Refused(Exception):
    """What was asked for cannot be done; each sentence says to the user why, or what to do instead."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = list(sentences)


def demand_nothing(missing: Collection[str]) -> None:
    """Raise Refused if anything is missing, a sentence each."""
    if missing:
        raise Refused(*missing)


class Party(StrEnum):
    """In what capacity somebody makes a move."""

    OFFICE = auto()
    UNIT = auto()  # the unit that it is put to


@dataclass(frozen=True)
class Workflow:
    """Every move there is, from which states and by whom. What is not in `table` cannot happen."""

    name: str
    table: Mapping[StrEnum, Mapping[str, frozenset[Party]]]

    def parties(self, move: StrEnum) -> frozenset[Party]:
        """Return who may ever make `move`."""
        return frozenset().union(*self.table[move].values())

    def allows(self, move: StrEnum, state: str, parties: Collection[Party]) -> bool:
        """Tell whether one of `parties` may make `move` on what stands in `state`."""
        return not self.table[move].get(state, frozenset()).isdisjoint(parties)

    def open_moves(self, state: str, parties: Collection[Party]) -> frozenset[StrEnum]:
        """Return the moves that `parties` may make on what stands in `state`."""
        return frozenset(move for move in self.table if self.allows(move, state, parties))

    def why_not(self, move: StrEnum, state: str, label: str, parties: Collection[Party], unit: str) -> str:
        """Return why `parties` cannot make `move` on what is put to `unit` and stands in `state`; "" when they can.

        `label` is the state in words.
        """
        if self.allows(move, state, parties):
            return ""
        whose = self.parties(move)
        if whose.isdisjoint(parties):
            return f"这一步由{OFFICE_NAME if Party.OFFICE in whose else unit}办理。"
        return f"这件{self.name}现在是“{label}”，不能这样办理，请看最新情况。"


def _by(party: Party, *states: str) -> dict[str, frozenset[Party]]:
    return {state: frozenset({party}) for state in states}


class NoticeMove(StrEnum):
    EDIT = auto()
    HEAR = auto()
    OBJECT = auto()
    ISSUE = auto()
    ACKNOWLEDGE = auto()
    REPLY = auto()
    REFUSE = auto()
    ACCEPT = auto()
    RAISE = auto()
    WITHDRAW = auto()


class InterviewMove(StrEnum):
    EDIT = auto()
    NOTIFY = auto()
    RECORD = auto()
    DEMAND = auto()
    ANSWER = auto()
    VERIFY = auto()
    REFUSE = auto()
    CLOSE = auto()
    WITHDRAW = auto()


OFFICE, UNIT = Party.OFFICE, Party.UNIT
N, I = NoticeState, InterviewState  # noqa: E741

# No 督查单 goes out before its unit was heard, and what was heard can only be changed by hearing the unit anew
# (EDIT in HEARING).
NOTICE = Workflow(
    "督查单",
    {
        NoticeMove.EDIT: _by(OFFICE, N.DRAFT, N.HEARING),
        NoticeMove.HEAR: _by(OFFICE, N.DRAFT),
        NoticeMove.OBJECT: _by(UNIT, N.HEARING),
        NoticeMove.ISSUE: _by(OFFICE, N.HEARING),
        NoticeMove.ACKNOWLEDGE: _by(UNIT, N.ISSUED),
        NoticeMove.REPLY: _by(UNIT, N.ISSUED, N.ACKNOWLEDGED, N.REPLIED),
        NoticeMove.REFUSE: _by(OFFICE, N.REPLIED),
        NoticeMove.ACCEPT: _by(OFFICE, N.REPLIED),
        NoticeMove.RAISE: _by(OFFICE, N.ISSUED, N.ACKNOWLEDGED, N.REPLIED),
        NoticeMove.WITHDRAW: _by(OFFICE, N.DRAFT, N.HEARING, N.ISSUED, N.ACKNOWLEDGED, N.REPLIED),
    },
)
# A 约谈 that the unit knows of may be put off (NOTIFY again) and its record be corrected until the list of
# corrections goes out: the ledger keeps what was said before. What has been held is closed, never withdrawn.
INTERVIEW = Workflow(
    "约谈",
    {
        InterviewMove.EDIT: _by(OFFICE, I.PROPOSED),
        InterviewMove.NOTIFY: _by(OFFICE, I.PROPOSED, I.NOTIFIED),
        InterviewMove.RECORD: _by(OFFICE, I.NOTIFIED, I.HELD),
        InterviewMove.DEMAND: _by(OFFICE, I.HELD, I.CORRECTING),
        InterviewMove.ANSWER: _by(UNIT, I.CORRECTING),
        InterviewMove.VERIFY: _by(OFFICE, I.CORRECTING),
        InterviewMove.REFUSE: _by(OFFICE, I.CORRECTING),
        InterviewMove.CLOSE: _by(OFFICE, I.HELD, I.CORRECTING),
        InterviewMove.WITHDRAW: _by(OFFICE, I.PROPOSED, I.NOTIFIED),
    },
)
