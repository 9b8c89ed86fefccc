"""The cells of a sheet, each merged range as one, and the rows below the headings by what their columns mean."""

from bisect import bisect_right
from dataclasses import dataclass, field

from tasks_app.documents.grid import Merge, Sheet

from ..mends import RowKind
from ..problems import Place
from .fields import Field


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text; `place` is where it is written: for a merged cell its upper left corner."""

    text: str
    place: Place


@dataclass(slots=True)
class MergedCells:
    """The cells of one sheet, each merged range as one cell."""

    sheet: Sheet
    by_column: dict[int, tuple[list[int], list[Merge]]] = field(default_factory=dict)

    def cell(self, row: int, column: int) -> Cell:
        """Return the cell that covers this place."""
        merge = self._merge(row, column)
        top, left = (merge.top, merge.left) if merge else (row, column)
        text = self.sheet.rows.get(top, {}).get(left, "")
        return Cell(text, Place(self.sheet.name, top, left, self.sheet.kind))

    def right_of(self, row: int, column: int) -> int:
        """Return the last column of the cell that covers this place."""
        merge = self._merge(row, column)
        return merge.right if merge else column

    def _merge(self, row: int, column: int) -> Merge | None:
        if column not in self.by_column:
            found = sorted(
                (m for m in self.sheet.merges if m.left <= column <= m.right), key=lambda merge: merge.top
            )
            self.by_column[column] = ([merge.top for merge in found], found)
        tops, merges = self.by_column[column]
        index = bisect_right(tops, row) - 1
        return merges[index] if index >= 0 and row <= merges[index].bottom else None


@dataclass(frozen=True, slots=True)
class Row:
    """One row below the headings. `after_break`: a page ended before it.

    `alone` is text that fills the row alone: a section's title or a note. `other` are the cells of columns
    that nobody knows: [(heading, cell)]. `kind` is what an admin said the row is.
    """

    sheet: str
    number: int
    cells: dict[Field, Cell]
    after_break: bool
    alone: Cell | None = None
    other: tuple[tuple[str, Cell], ...] = ()
    kind: RowKind | None = None

    def text(self, wanted: Field) -> str:
        cell = self.cells.get(wanted)
        return cell.text if cell else ""

    def has_own(self, wanted: Field) -> bool:
        """Tell whether a text is written in this row, not in a merged cell that began above it."""
        cell = self.cells.get(wanted)
        return cell is not None and bool(cell.text) and cell.place.row in (self.number, 0)

    @property
    def place(self) -> Place:
        """The row's first cell."""
        return min((cell.place for cell in self.cells.values()), key=lambda place: place.column)
