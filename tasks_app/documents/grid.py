"""A workbook as plain cells: what every file format is read into, and all that the rules know of files."""

from dataclasses import dataclass, field
from enum import Enum, auto


class CellFault(Enum):
    """Why a cell's text cannot be trusted."""

    ERROR_VALUE = auto()  # "#REF!": the formula failed
    NO_VALUE = auto()  # a formula whose result was never saved


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range; all four sides belong to it and count from 1."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of cells: `rows` is {row: {column: text}} without what is empty; rows and columns from 1."""

    name: str
    rows: dict[int, dict[int, str]]
    merges: tuple[Merge, ...] = ()
    is_hidden: bool = False
    faults: dict[tuple[int, int], CellFault] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets of one file in their order; `remarks` says in sentences what was left out in reading."""

    sheets: tuple[Sheet, ...]
    remarks: tuple[str, ...] = ()


def column_letter(column: int) -> str:
    """Return 1 → "A", 27 → "AA"."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Return "A" → 1, "AA" → 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
