"""Cuts a text at the words that a number was read from, so that a page can highlight them where they stand."""

from collections.abc import Iterable, Iterator

Marked = tuple[str, bool]


def marked(text: str, words: Iterable[str]) -> list[Marked]:
    """Return `text` in pieces, in order: (piece, is it among `words`); what does not occur marks nothing."""
    spans = sorted(_spans(text, words))
    pieces: list[Marked] = []
    end = 0
    for start, stop in spans:
        if start < end:
            continue
        if start > end:
            pieces.append((text[end:start], False))
        pieces.append((text[start:stop], True))
        end = stop
    if end < len(text):
        pieces.append((text[end:], False))
    return pieces


def _spans(text: str, words: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Yield where each of `words` stands; the same words given twice are two places, if there are two."""
    searched_to: dict[str, int] = {}
    for wanted in words:
        start = text.find(wanted, searched_to.get(wanted, 0)) if wanted else -1
        if start >= 0:
            searched_to[wanted] = start + len(wanted)
            yield start, start + len(wanted)
