"""Two texts held against each other: how alike they are, and what became of the words."""

import difflib
import re
from collections import Counter
from collections.abc import Iterator

from .text import squash

Piece = tuple[str, str]  # ("same" | "gone" | "new", words)
# A number or a foreign word is one piece, so that 12 → 15 is not shown as half a change.
WORDS = re.compile(r"[0-9]+(?:\.[0-9]+)?|[A-Za-z]+|.", re.DOTALL)
CLAUSES = re.compile(r"[^。；;，,\n]*[。；;，,\n]?")
# Matching takes time by the product of both lengths: beyond this, clauses are compared instead of words.
MOST_PAIRS = 1_000_000


def likeness(one: str, other: str) -> float:
    """Return Dice's coefficient over pairs of neighbouring characters: 1.0 the same, 0.0 nothing shared."""
    a, b = _pairs(one), _pairs(other)
    total = a.total() + b.total()
    return 2 * (a & b).total() / total if total else float(squash(one) == squash(other))


def _pairs(text: str) -> Counter[str]:
    plain = squash(text)
    return Counter(plain[i : i + 2] for i in range(len(plain) - 1))


def pieces(before: str, after: str) -> list[Piece]:
    """Return what became of `before`: ("same" | "gone" | "new", words) in reading order."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    if len(old) * len(new) > MOST_PAIRS:
        old, new = _clauses(before), _clauses(after)
    return list(compared(old, new))


def _clauses(text: str) -> list[str]:
    return [clause for clause in CLAUSES.findall(text) if clause]


def compared(old: list[str], new: list[str]) -> Iterator[Piece]:
    """Yield what became of the words or names `old`, in reading order."""
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield "same", "".join(old[a:b])
            continue
        if b > a:
            yield "gone", "".join(old[a:b])
        if d > c:
            yield "new", "".join(new[c:d])
