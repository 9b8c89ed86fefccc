"""A workbook as plain cells: what every file format is read into, and all that the rules know of files."""

from dataclasses import dataclass, field
from enum import Enum, auto


class CellFault(Enum):
    """Why a cell's text cannot be trusted."""

    ERROR_VALUE = auto()  # "#REF!": the formula failed
    NO_VALUE = auto()  # a formula whose result was never saved
    PICTURE = auto()  # a picture stands here: what it shows is not read


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range; all four sides belong to it and count from 1."""

    top: int
    left: int
    bottom: int
    right: int


class SheetKind(Enum):
    """What a grid was in its file; the value is how a sentence names it."""

    WORKSHEET = "工作表“{}”"
    WORD_TABLE = "{}"  # the reader names it 表格1, 表格2 …
    TEXT = ""  # a text file has but one


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of cells: `rows` is {row: {column: text}} without what is empty; rows and columns from 1.

    `above` and `below` are the paragraphs of a Word file before a table, and after the last one.
    """

    name: str
    rows: dict[int, dict[int, str]]
    merges: tuple[Merge, ...] = ()
    is_hidden: bool = False
    faults: dict[tuple[int, int], CellFault] = field(default_factory=dict)
    kind: SheetKind = SheetKind.WORKSHEET
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()


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
