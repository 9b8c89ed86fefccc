"""Before submitting, in private: which passages of a text stand elsewhere already. A hint, never a score.

Nothing of this is stored or shown to the office.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

Piece = tuple[str, bool]  # (words, do they stand elsewhere)
# So many characters in a row, signs and spaces aside, are no accident; a measure is short, so fewer will do.
RUN, MEASURE_RUN = 13, 8
# Only a text that repeats so much of itself is worth a hint: quoting a measure before telling of it is not.
LEAST_SHARE = 0.4


class Source(Enum):
    """Where the passages stand already, in the words of the page."""

    MEASURE = "与细化措施的原文相同"
    LAST = "与本单位上期填报相同"
    OTHERS = "与其他单位本期已报送的文字相同"


@dataclass(frozen=True, slots=True)
class Hint:
    """One text with the passages marked that stand in one kind of source."""

    source: Source
    pieces: tuple[Piece, ...]


def hints(text: str, *, measures: Iterable[str], last: str, others: Iterable[str]) -> list[Hint]:
    """Return the hints to `text`, one for each kind of source that it repeats at length."""
    found = []
    for source, texts, run in (
        (Source.MEASURE, measures, MEASURE_RUN),
        (Source.LAST, [last], RUN),
        (Source.OTHERS, others, RUN),
    ):
        if marked := passages(text, texts, run):
            found.append(Hint(source, marked))
    return found


def passages(text: str, sources: Iterable[str], run: int = RUN) -> tuple[Piece, ...]:
    """Return `text` in pieces, those marked that stand in `sources`; nothing where too little of it does.

    Every text is read once: the time grows with the characters, not with the pairs of texts.
    """
    places = [place for place, char in enumerate(text) if char.isalnum()]
    words = "".join(text[place] for place in places)
    known = shingles(sources, run)
    spans: list[tuple[int, int]] = []
    for start in range(len(words) - run + 1):
        if words[start : start + run] in known:
            if spans and start <= spans[-1][1]:
                spans[-1] = spans[-1][0], start + run
            else:
                spans.append((start, start + run))
    if sum(end - start for start, end in spans) < LEAST_SHARE * len(words) or not spans:
        return ()
    return tuple(_cut(text, [(places[start], places[end - 1] + 1) for start, end in spans]))


def shingles(texts: Iterable[str], run: int) -> set[str]:
    """Return every `run` characters in a row that stand in `texts`, signs and spaces aside."""
    found: set[str] = set()
    for text in texts:
        words = "".join(char for char in text if char.isalnum())
        found.update(words[i : i + run] for i in range(len(words) - run + 1))
    return found


def _cut(text: str, spans: list[tuple[int, int]]) -> list[Piece]:
    cut: list[Piece] = []
    end = 0
    for start, stop in spans:
        if start > end:
            cut.append((text[end:start], False))
        cut.append((text[start:stop], True))
        end = stop
    return [*cut, (text[end:], False)] if end < len(text) else cut
