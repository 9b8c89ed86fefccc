"""Finds units that stand within a text: …。（责任单位：市卫健委、市财政局）, or in a line of their own below it."""

import re
from collections.abc import Iterator

from .aside import take_times
from .cells import Reader
from .clauses import KIND, OFFICE, bracketed, split_clauses
from .names import UnitIndex
from .pieces import Cutter

INLINE_LABEL = re.compile(rf"{KIND}{OFFICE}\s*[:：]|【{KIND}{OFFICE}】[:：]?|(?:牵头|责任|配合)[:：]")
ONLY_BEARERS = re.compile(
    r"^(?:责任(?:(?:单位|部门)(?:[（(]部门[)）])?\s*)?[:：]|【责任(?:单位|部门)】[:：]?)\s*"
)
LINE_START = re.compile(rf"(?:^|(?<=[\n。；;]))[ \t\u3000]*(?={INLINE_LABEL.pattern})")
OTHER_LABEL = re.compile(rf"(?<=[；;，,\s。])(?!{INLINE_LABEL.pattern})[\u4e00-\u9fff]{{2,8}}[:：]")


def split_inline_units(text: str) -> tuple[str, str]:
    """Return (`text` without its units, the units): …。（责任单位：市卫健委、市财政局）; the latter empty if none.

    Labels that give a role stay with the units, so that `read_unit_cell` can read it.
    """
    spans = [(start, end) for start, end in bracketed(text) if _tells_units(text, start, end)]
    units = [text[start + 1 : end - 1].strip() for start, end in spans]
    if not spans:
        spans = list(_labelled_spans(text))
        units = [text[start:end].strip().strip("；;。") for start, end in spans]
    for start, end in reversed(spans):
        before, after = text[:start].rstrip(), text[end - text[start:end].endswith("\n") :]
        text = before + (after.lstrip("。") if before.endswith("。") else after)
    if all(len(INLINE_LABEL.findall(each)) <= 1 for each in units):
        units = [ONLY_BEARERS.sub("", each, count=1) for each in units]
    return text.strip() if spans else text, "；".join(dict.fromkeys(units))


def _tells_units(text: str, start: int, end: int) -> bool:
    """Tell whether a pair of brackets holds units, by its label, or at an end by its words of role."""
    inner = text[start + 1 : end - 1].strip()
    if INLINE_LABEL.match(inner):
        return True
    if not re.match(r"\s*(?:$|[。；;\n①-⑳])", text[end:]):
        return False
    clauses = split_clauses(take_times(inner)[0])
    reader = Reader(Cutter(UnitIndex([])))
    names = [one.written for clause in clauses.clauses for one in reader.names_of(clause)]
    if not names or not all(reader.cut.stands(name) for name in names):
        return False
    says_role = clauses.first_leads or any(clause.duty for clause in clauses.clauses)
    return says_role or text[:start].rstrip()[-1:] in tuple("。；;！!")


def _labelled_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where 责任单位：… stands as a line or a sentence of its own, with the lines that go on with it."""
    cutter = Cutter(UnitIndex([]))
    reached = 0
    for found in LINE_START.finditer(text):
        if found.start() < reached:
            continue
        other = OTHER_LABEL.search(text, found.end())
        limit = other.start() if other else len(text)
        reached = found.end()
        while True:
            stop = re.compile(r"[。\n]").search(text, reached, limit)
            reached = stop.end() if stop else limit
            line = text[reached:limit].split("\n")[0]
            goes_on = INLINE_LABEL.match(line.strip()) or all(
                cutter.stands(n) for n, _ in cutter.pieces(line)
            )
            if not stop or stop[0] == "。" or not line.strip() or not goes_on:
                break
        yield found.start(), reached
