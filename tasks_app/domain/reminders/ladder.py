"""The ladder: its rungs, the one in force while nobody changed it, and what is wrong with one that was typed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from tasks_app.choices import Channel, MatterKind, Role
from tasks_app.domain.calendar.rules import WorkingCalendar

from .phrases import template_problems

K = MatterKind
# The rung of the day on which a matter begins: a period opens, a report is returned, a notice is issued.
BEGINNING = -100
# A ladder longer than this is a slip of the keyboard.
FARTHEST = 60
WORDS_AT_MOST = 500
FILLER, SIGNER, OFFICE = Role.FILLER, Role.SIGNER, Role.OFFICE
UNIT_ROLES = frozenset({FILLER, SIGNER})
# What a unit owes is counted from its limit, what waits from the day it came in.
OFFICE_KINDS = frozenset({K.REVIEW, K.EXTENSION, K.REPLY, K.VERIFYING})
WAITING = OFFICE_KINDS | {K.SIGNING}
_THINGS = {
    K.NOTICE: "notice",
    K.REPLY: "notice",
    K.INTERVIEW: "interview",
    K.CORRECTION: "correction",
    K.VERIFYING: "correction",
}


@dataclass(frozen=True, order=True)
class Rung:
    """One rung, `offset` working days from the limit; `repeat_every` makes it come again and again.

    `tells` are the roles told; the office is told what to follow up by telephone. `channel` is tried first.
    Empty `words` are the program's own.
    """

    offset: int
    repeat_every: int | None = None
    matter: MatterKind = K.FILING
    tells: frozenset[Role] = field(default=frozenset({FILLER}), compare=True)
    channel: Channel = Channel.EMAIL
    words: str = ""


class Height(NamedTuple):
    """How high a matter stands: the rung it has reached, and `offset`, which for a repeated one is today's."""

    rung: Rung
    offset: int

    def is_news_after(self, told: int | None) -> bool:
        """Tell whether somebody who was last told at the offset `told` is to be told now."""
        if told is None or told < self.rung.offset:
            return True
        return self.rung.repeat_every is not None and self.offset - told >= self.rung.repeat_every


def _rungs(matter: MatterKind, *rungs: tuple[int, str] | tuple[int, str, int]) -> list[Rung]:
    roles = {"f": FILLER, "s": SIGNER, "o": OFFICE}
    return [
        Rung(offset, repeat[0] if repeat else None, matter, frozenset(roles[letter] for letter in tells))
        for offset, tells, *repeat in rungs
    ]


# Who is told: f the filler, s from T-3 the signer too, o from T+1 the office's call list.
DEFAULT_LADDER: tuple[Rung, ...] = (
    *_rungs(
        K.FILING,
        (BEGINNING, "f"), (-10, "f"), (-5, "f"), (-3, "fs"), (-1, "fs"), (0, "fs"), (1, "fso"), (3, "fso", 5),
    ),
    *_rungs(K.RETURNED, (BEGINNING, "f"), (-1, "fs"), (0, "fs"), (1, "fso"), (3, "fso", 5)),
    *_rungs(K.SIGNING, (1, "s"), (3, "fs", 3)),
    *_rungs(K.NOTICE, (BEGINNING, "fs"), (-3, "fs"), (-1, "fs"), (0, "fs"), (1, "fso"), (3, "fso", 5)),
    *_rungs(K.INTERVIEW, (BEGINNING, "fs"), (-3, "fs"), (-1, "fs"), (0, "fs")),
    *_rungs(K.CORRECTION, (BEGINNING, "fs"), (-5, "fs"), (-1, "fs"), (0, "fs"), (1, "fso"), (3, "fso", 5)),
    # 市医改办 itself: what has waited for more than three working days.
    *_rungs(K.REVIEW, (4, "o", 5)),
    *_rungs(K.EXTENSION, (1, "o", 2)),
    *_rungs(K.REPLY, (4, "o", 5)),
    *_rungs(K.VERIFYING, (4, "o", 5)),
)  # fmt: skip


def default_rungs(matter: MatterKind) -> list[Rung]:
    """Return the rungs of `matter` that hold while nobody changed them."""
    return [rung for rung in DEFAULT_LADDER if rung.matter == matter]


def reached(
    ladder: Iterable[Rung], calendar: WorkingCalendar, since: date, due_on: date, today: date
) -> Height | None:
    """Return how high on `ladder` a matter stands on `today`; None before the first rung.

    `ladder` holds the rungs of one matter that began on `since` and has its limit on `due_on`. Never "is
    today the day": a run that was missed is caught up, and the rungs it missed are skipped.
    """
    passed = [rung for rung in ladder if rung_day(rung.offset, since, due_on, calendar) <= today]
    if not passed:
        return None
    latest = max(passed, key=lambda rung: rung.offset)
    return Height(latest, calendar.between(due_on, today) if latest.repeat_every else latest.offset)


def thing_of(matter: MatterKind) -> str:
    """Return which field of a ledger row names what a kind of matter is about."""
    return _THINGS.get(matter, "report")


def ending(matter: MatterKind) -> str:
    """Return what happens on the day from which a kind of matter is counted."""
    return "约谈" if matter == K.INTERVIEW else "截止"


def rung_day(offset: int, since: date, due_on: date, calendar: WorkingCalendar) -> date:
    """Return the day on which the rung `offset` of a matter is reached."""
    return since if offset == BEGINNING else calendar.add(due_on, offset)


def rung_label(offset: int) -> str:
    """Return the short name of a rung: 开始, T-3, T, T+1."""
    if offset == BEGINNING:
        return "开始"
    return f"T{offset:+d}" if offset else "T"


def rung_words(offset: int, matter: MatterKind = K.FILING) -> str:
    """Return a rung in words."""
    if offset == BEGINNING:
        return "开放填报当天" if matter == K.FILING else "事项产生当天"
    if matter in WAITING:
        return f"已等候{offset}个工作日"
    ends = ending(matter)
    if offset == 0:
        return f"{ends}当天"
    return f"{ends}前{-offset}个工作日" if offset < 0 else f"逾期{offset}个工作日"


def ladder_problems(rungs: Sequence[Rung]) -> list[str]:
    """Return in words what is wrong with the rungs of one matter that somebody typed; empty when usable."""
    problems = []
    offsets = [rung.offset for rung in rungs]
    if not rungs:
        problems.append("至少保留一个提醒时点。")
    doubled = sorted({offset for offset in offsets if offsets.count(offset) > 1})
    problems += [f"{rung_label(offset)} 重复了，同一时点只填一次。" for offset in doubled]
    if any(abs(offset) > FARTHEST for offset in offsets if offset != BEGINNING):
        problems.append(f"提醒时点应在截止日前后 {FARTHEST} 个工作日以内。")
    if any(rung.matter in WAITING and rung.offset <= 0 for rung in rungs):
        problems.append("等候办理的事项从收到之日算起，时点应为 1 以上。")
    if any(rung.matter == K.INTERVIEW and rung.offset > 0 for rung in rungs):
        problems.append("约谈当天之后不再提醒，时点应为 0 以下，或填“开始”。")
    if any(rung.repeat_every is not None and rung.offset <= 0 for rung in rungs):
        problems.append("只有截止日之后的时点可以重复提醒。")
    elif any(rung.repeat_every and rung.offset != max(offsets) for rung in rungs):
        problems.append("只有最后一个时点可以重复提醒。")
    problems += [
        f"{rung_label(rung.offset)} 没有选提醒对象，至少选一个。" for rung in rungs if not rung.tells
    ]
    if any(rung.matter in OFFICE_KINDS and rung.tells != {OFFICE} for rung in rungs):
        problems.append("市医改办自己办理的事项，只提醒市医改办。")
    for rung in rungs:
        problems += [
            f"{rung_label(rung.offset)} 的措辞：{problem}" for problem in template_problems(rung.words)
        ]
    return problems
