"""One row below the headings of a table, its cells by what their columns mean."""

from dataclasses import dataclass

from ..mends import RowKind
from ..problems import Place
from .fields import Field
from .merged import Cell


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
