"""The ladder of one kind: the rungs in force while nobody changed them, and what is wrong with typed ones."""

from collections.abc import Sequence

from .kinds.kind import Kind
from .phrases import template_problems
from .rungs import BEGINNING, OFFICE, Rung, rung_label

# A ladder longer than this is a slip of the keyboard.
FARTHEST = 60
WORDS_AT_MOST = 500


def rung_words(offset: int, kind: Kind) -> str:
    """Return a rung in words."""
    if offset == BEGINNING:
        return f"{kind.begins}当天"
    if kind.waits:
        return f"已等候{offset}个工作日"
    if offset == 0:
        return f"{kind.ends}当天"
    return f"{kind.ends}前{-offset}个工作日" if offset < 0 else f"逾期{offset}个工作日"


def ladder_problems(kind: Kind, rungs: Sequence[Rung]) -> list[str]:
    """Return in words what is wrong with the rungs of `kind` that somebody typed; empty when usable."""
    problems = _problems_of_offsets(kind, [rung.offset for rung in rungs])
    problems += _problems_of_repeating(rungs)
    problems += [
        f"{rung_label(rung.offset)} 没有选提醒对象，至少选一个。" for rung in rungs if not rung.tells
    ]
    if kind.for_office and any(rung.tells != {OFFICE} for rung in rungs):
        problems.append("市医改办自己办理的事项，只提醒市医改办。")
    for rung in rungs:
        problems += [
            f"{rung_label(rung.offset)} 的措辞：{problem}" for problem in template_problems(rung.words)
        ]
    return problems


def _problems_of_offsets(kind: Kind, offsets: Sequence[int]) -> list[str]:
    problems = []
    if not offsets:
        problems.append("至少保留一个提醒时点。")
    doubled = sorted({offset for offset in offsets if offsets.count(offset) > 1})
    problems += [f"{rung_label(offset)} 重复了，同一时点只填一次。" for offset in doubled]
    if any(abs(offset) > FARTHEST for offset in offsets if offset != BEGINNING):
        problems.append(f"提醒时点应在截止日前后 {FARTHEST} 个工作日以内。")
    if kind.waits and any(offset <= 0 for offset in offsets):
        problems.append("等候办理的事项从收到之日算起，时点应为 1 以上。")
    if kind.is_over_after_limit and any(offset > 0 for offset in offsets):
        problems.append(f"{kind.ends}当天之后不再提醒，时点应为 0 以下，或填“开始”。")
    return problems


def _problems_of_repeating(rungs: Sequence[Rung]) -> list[str]:
    if any(rung.repeat_every is not None and rung.offset <= 0 for rung in rungs):
        return ["只有截止日之后的时点可以重复提醒。"]
    last = max((rung.offset for rung in rungs), default=0)
    if any(rung.repeat_every and rung.offset != last for rung in rungs):
        return ["只有最后一个时点可以重复提醒。"]
    return []
