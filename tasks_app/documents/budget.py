"""What is taken from one file: the text of its cells made clean, and not more of it than memory holds."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from .errors import UnreadableDocument
from .refusals import TOO_LARGE

MAX_COLUMNS = 16_384
# What text may not hold: control characters, which a database refuses, and halves of characters.
UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200c\u200d\u2060\ufeff\ufffe\uffff\ud800-\udfff]"
)
# The least of it: what XML 1.0 cannot carry; a workbook that holds one does not open.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(slots=True)
class Budget:
    """Counts what one file holds; each method raises UnreadableDocument when it is too much."""

    max_rows: int
    max_cells: int
    max_characters: int
    rows: int = field(default=0, init=False)
    cells: int = field(default=0, init=False)
    characters: int = field(default=0, init=False)

    def row(self, cells: Iterable[tuple[int, str]]) -> dict[int, str]:
        """Return the cells (column, text) of one row that hold something, clean, by column."""
        return self._kept({column: text for column, raw in cells if (text := clean(raw))})

    def paragraph(self, raw: str) -> str:
        """Return the text of a paragraph, clean."""
        text = clean(raw)
        self.characters += len(text)
        self._check()
        return text

    def _kept(self, texts: dict[int, str]) -> dict[int, str]:
        if texts:
            self.rows += 1
            self.cells += len(texts)
            self.characters += sum(map(len, texts.values()))
            self._check()
        return texts

    def _check(self) -> None:
        limits = (self.max_rows, self.max_cells, self.max_characters)
        if any(used > limit for used, limit in zip(self.used, limits, strict=True)):
            raise UnreadableDocument(TOO_LARGE.format(rows=self.max_rows))

    @property
    def used(self) -> tuple[int, int, int]:
        return self.rows, self.cells, self.characters


class TypedBudget(Budget):
    """Takes the text of cells as it was typed: spaces at its ends and joined emoji are the writer's own."""

    def row(self, cells: Iterable[tuple[int, str]]) -> dict[int, str]:
        """Return the cells (column, text) of one row that hold something, as typed, by column."""
        return self._kept({column: text for column, raw in cells if (text := as_typed(raw))})


def clean(text: str) -> str:
    """Return `text` with plain line breaks and spaces, without what does not show and what no database takes."""
    text = text.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    return UNWANTED.sub("", text).strip()


def as_typed(text: str) -> str:
    """Return `text` with plain line breaks, without what no file can hold; all else stays."""
    return ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
