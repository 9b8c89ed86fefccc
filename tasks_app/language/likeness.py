"""How alike two Chinese texts are, by the pairs of characters they share."""

from collections import Counter

from .text import squash


def likeness(one: str, other: str) -> float:
    """Return Dice's coefficient over pairs of neighbouring characters: 1.0 the same, 0.0 nothing shared."""
    a, b = _pairs(one), _pairs(other)
    total = a.total() + b.total()
    return 2 * (a & b).total() / total if total else float(squash(one) == squash(other))


def _pairs(text: str) -> Counter[str]:
    plain = squash(text)
    return Counter(plain[i : i + 2] for i in range(len(plain) - 1))
