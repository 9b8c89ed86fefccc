"""Decides: which move, by whom, when, and why not: one table for each workflow, one refusal for them all."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any

from tasks_app.choices import (
    ExtensionState,
    InterviewState,
    MatterKind,
    MatterState,
    NoticeState,
    PracticeState,
    ReportState,
)

OFFICE_NAME = "市医改办"


class Refused(Exception):
    """What was asked for cannot be done; each sentence says to the user why, or what to do instead.

    `faults` is {field: sentence} where fields of a form are to blame.
    """

    def __init__(self, *sentences: str, faults: Mapping[str, str] | None = None) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = list(sentences)
        self.faults = faults or {}


class Stale(Refused):
    """Somebody was quicker: nothing was overwritten, and `now` is what stands there."""

    def __init__(self, sentence: str, now: Any = None) -> None:
        super().__init__(sentence)
        self.now = now


def demand_nothing(missing: Collection[str]) -> None:
    """Raise Refused if anything is missing, a sentence each."""
    if missing:
        raise Refused(*missing)


class Party(StrEnum):
    """In what capacity somebody makes a move."""

    OFFICE = auto()
    FILLER = auto()  # who fills in for a unit
    SIGNER = auto()  # who signs for it
    UNIT = auto()  # the unit that it is put to
    ASKER = auto()  # the unit that asked for it; of what leaders write, the leaders


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

    def why_not(
        self, move: StrEnum, state: str, label: str, parties: Collection[Party], names: Mapping[Party, str]
    ) -> str:
        """Return why `parties` cannot make `move` on what stands in `state`; "" when they can.

        `label` is the state in words, `names` say which units are meant; the office is always the same.
        """
        if self.allows(move, state, parties):
            return ""
        whose = self.parties(move)
        if whose.isdisjoint(parties):
            called = {**names, Party.OFFICE: OFFICE_NAME}
            return f"这一步由{'或'.join(dict.fromkeys(called[party] for party in called if party in whose))}办理。"
        return f"这件{self.name}现在是“{label}”，不能这样办理，请看最新情况。"


def _by(parties: Party | Collection[Party], *states: str) -> dict[str, frozenset[Party]]:
    whose = frozenset({parties} if isinstance(parties, Party) else parties)
    return dict.fromkeys(states, whose)


class ReportMove(StrEnum):
    SAVE = auto()
    REQUEST_SIGNATURE = auto()
    RECALL = auto()
    REFUSE_SIGNATURE = auto()
    SUBMIT = auto()
    RETURN = auto()
    ACCEPT = auto()
    REOPEN = auto()


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
    CLOSE = auto()
    WITHDRAW = auto()


class MatterMove(StrEnum):
    CHANGE = auto()
    ANSWER = auto()
    REFER = auto()  # on to the unit that can help
    REFUSE = auto()  # the answer will not do: it is owed again
    SETTLE = auto()


class ExtensionMove(StrEnum):
    WITHDRAW = auto()
    GRANT = auto()
    REFUSE = auto()


class PracticeMove(StrEnum):
    PROPOSE = auto()  # again, while it waits or after it was declined
    EDIT = auto()
    PUBLISH = auto()
    DECLINE = auto()  # or take a published one back


OFFICE, UNIT, ASKER, FILLER, SIGNER = Party.OFFICE, Party.UNIT, Party.ASKER, Party.FILLER, Party.SIGNER

# A filler submits only where the unit has no signer (reporting.rules.may_move).
REPORT = Workflow(
    "填报",
    {
        ReportMove.SAVE: _by(FILLER, ReportState.DRAFT, ReportState.RETURNED),
        ReportMove.REQUEST_SIGNATURE: _by(FILLER, ReportState.DRAFT, ReportState.RETURNED),
        ReportMove.RECALL: _by(FILLER, ReportState.SIGNING),
        ReportMove.REFUSE_SIGNATURE: _by(SIGNER, ReportState.SIGNING),
        ReportMove.SUBMIT: _by(FILLER, ReportState.DRAFT, ReportState.RETURNED)
        | _by(SIGNER, ReportState.SIGNING),
        ReportMove.RETURN: _by(OFFICE, ReportState.SUBMITTED),
        ReportMove.ACCEPT: _by(OFFICE, ReportState.SUBMITTED),
        ReportMove.REOPEN: _by(OFFICE, ReportState.ACCEPTED),
    },
)

# No 督查单 goes out before its unit was heard, and what was heard can only be changed by hearing the unit anew
# (EDIT in HEARING).
NOTICE = Workflow(
    "督查单",
    {
        NoticeMove.EDIT: _by(OFFICE, NoticeState.DRAFT, NoticeState.HEARING),
        NoticeMove.HEAR: _by(OFFICE, NoticeState.DRAFT),
        NoticeMove.OBJECT: _by(UNIT, NoticeState.HEARING),
        NoticeMove.ISSUE: _by(OFFICE, NoticeState.HEARING),
        NoticeMove.ACKNOWLEDGE: _by(UNIT, NoticeState.ISSUED),
        NoticeMove.REPLY: _by(UNIT, NoticeState.ISSUED, NoticeState.ACKNOWLEDGED, NoticeState.REPLIED),
        NoticeMove.REFUSE: _by(OFFICE, NoticeState.REPLIED),
        NoticeMove.ACCEPT: _by(OFFICE, NoticeState.REPLIED),
        NoticeMove.RAISE: _by(OFFICE, NoticeState.ISSUED, NoticeState.ACKNOWLEDGED, NoticeState.REPLIED),
        NoticeMove.WITHDRAW: _by(
            OFFICE,
            NoticeState.DRAFT,
            NoticeState.HEARING,
            NoticeState.ISSUED,
            NoticeState.ACKNOWLEDGED,
            NoticeState.REPLIED,
        ),
    },
)
# A 约谈 that the unit knows of may be put off (NOTIFY again) and its record be corrected until the list of
# corrections goes out: the ledger keeps what was said before. What has been held is closed, never withdrawn.
INTERVIEW = Workflow(
    "约谈",
    {
        InterviewMove.EDIT: _by(OFFICE, InterviewState.PROPOSED),
        InterviewMove.NOTIFY: _by(OFFICE, InterviewState.PROPOSED, InterviewState.NOTIFIED),
        InterviewMove.RECORD: _by(OFFICE, InterviewState.NOTIFIED, InterviewState.HELD),
        InterviewMove.DEMAND: _by(OFFICE, InterviewState.HELD, InterviewState.CORRECTING),
        InterviewMove.CLOSE: _by(OFFICE, InterviewState.HELD, InterviewState.CORRECTING),
        InterviewMove.WITHDRAW: _by(OFFICE, InterviewState.PROPOSED, InterviewState.NOTIFIED),
    },
)
MATTERS: dict[MatterKind, Workflow] = {
    # Answered once and for all; the office coordinates, so it may answer what another unit was asked.
    MatterKind.COORDINATION: Workflow(
        "协调事项",
        {
            MatterMove.CHANGE: _by(ASKER, MatterState.OPEN),
            MatterMove.ANSWER: _by({UNIT, OFFICE}, MatterState.OPEN),
            MatterMove.REFER: _by(OFFICE, MatterState.OPEN),
            MatterMove.REFUSE: {},
            MatterMove.SETTLE: _by({ASKER, OFFICE}, MatterState.OPEN, MatterState.ANSWERED),
        },
    ),
    # What the office handed on of a request: its answer is that of the request, and with that one it ends.
    MatterKind.REFERRAL: Workflow(
        "转办事项",
        {
            MatterMove.CHANGE: {},
            MatterMove.ANSWER: _by(UNIT, MatterState.OPEN),
            MatterMove.REFER: {},
            MatterMove.REFUSE: {},
            MatterMove.SETTLE: _by(OFFICE, MatterState.OPEN, MatterState.ANSWERED),
        },
    ),
    # An item of the list that a 约谈 ended in: reported on until the office has verified it.
    MatterKind.CORRECTION: Workflow(
        "整改事项",
        {
            MatterMove.CHANGE: {},
            MatterMove.ANSWER: _by(UNIT, MatterState.OPEN, MatterState.ANSWERED),
            MatterMove.REFER: {},
            MatterMove.REFUSE: _by(OFFICE, MatterState.ANSWERED),
            MatterMove.SETTLE: _by(OFFICE, MatterState.ANSWERED),
        },
    ),
    # What a leader wrote on a row is over when the leader says so; an answer that will not do is asked for again.
    MatterKind.INSTRUCTION: Workflow(
        "批示",
        {
            MatterMove.CHANGE: {},
            MatterMove.ANSWER: _by(UNIT, MatterState.OPEN),
            MatterMove.REFER: {},
            MatterMove.REFUSE: _by(ASKER, MatterState.ANSWERED),
            MatterMove.SETTLE: _by(ASKER, MatterState.OPEN, MatterState.ANSWERED),
        },
    ),
    # The lead bureau says whether an entry holds; deciding on the entry is what ends it, or the office takes it back.
    MatterKind.VERIFICATION: Workflow(
        "核实事项",
        {
            MatterMove.CHANGE: {},
            MatterMove.ANSWER: _by(UNIT, MatterState.OPEN),
            MatterMove.REFER: {},
            MatterMove.REFUSE: {},
            MatterMove.SETTLE: _by(OFFICE, MatterState.OPEN, MatterState.ANSWERED),
        },
    ),
}
EXTENSION = Workflow(
    "延期申请",
    {
        ExtensionMove.WITHDRAW: _by(UNIT, ExtensionState.ASKED),
        ExtensionMove.GRANT: _by(OFFICE, ExtensionState.ASKED),
        ExtensionMove.REFUSE: _by(OFFICE, ExtensionState.ASKED),
    },
)
PRACTICE = Workflow(
    "经验做法",
    {
        PracticeMove.PROPOSE: _by(UNIT, PracticeState.PROPOSED, PracticeState.DECLINED),
        PracticeMove.EDIT: _by(OFFICE, *PracticeState),
        PracticeMove.PUBLISH: _by(OFFICE, PracticeState.PROPOSED, PracticeState.DECLINED),
        PracticeMove.DECLINE: _by(OFFICE, PracticeState.PROPOSED, PracticeState.PUBLISHED),
    },
)
