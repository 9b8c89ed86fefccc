"""What an admin has mended on the page: kept beside what was read, so that the file is never changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Self

from .plain import as_plain, reader_of
from .table.fields import Field


class RowKind(StrEnum):
    """What an admin says a row is."""

    TASK = "task"
    CONTINUATION = "continuation"
    SECTION = "section"


class UnitChoice(StrEnum):
    """What an admin does with a name that is no known unit."""

    MAP = "map"
    CREATE = "create"
    LEAVE_OUT = "leave_out"


@dataclass(frozen=True, slots=True)
class MendedRow:
    """A row as it is to be read: split in two, there are two of them for one row of the file."""

    kind: RowKind
    texts: Mapping[Field, str]


@dataclass(frozen=True, slots=True)
class UnitDecision:
    """What is to be done with one name; `units` are keys, for MAP: a collective may stand for several."""

    choice: UnitChoice
    units: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Mends:
    """All decisions about one file. `columns` by the heading's name, `rows` by (sheet, row): none leaves it out.

    `sheets` are those to read; None leaves the choice to the program.
    """

    columns: Mapping[str, Field] = field(default_factory=dict)
    rows: Mapping[tuple[str, int], tuple[MendedRow, ...]] = field(default_factory=dict)
    units: Mapping[str, UnitDecision] = field(default_factory=dict)
    sheets: frozenset[str] | None = None

    def rows_for(self, sheet: str, row: int) -> tuple[MendedRow, ...] | None:
        """Return what the admin made of a row, None if it stands as the file has it."""
        return self.rows.get((sheet, row))

    def with_row(self, sheet: str, row: int, rows: tuple[MendedRow, ...] | None) -> Self:
        """Return these mends with one row mended, or as in the file again."""
        others = {key: value for key, value in self.rows.items() if key != (sheet, row)}
        return replace(self, rows=others if rows is None else others | {(sheet, row): rows})

    def as_json(self) -> dict[str, Any]:
        """Return what PlanImport.mends stores."""
        rows = [
            {"sheet": sheet, "row": row, "rows": as_plain(rows)} for (sheet, row), rows in self.rows.items()
        ]
        return as_plain(replace(self, rows={})) | {"rows": rows}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Return the mends that `as_json` stored; {} is none."""
        rows = {
            (kept["sheet"], kept["row"]): reader_of(tuple[MendedRow, ...])(kept["rows"])
            for kept in stored.get("rows", ())
        }
        return replace(reader_of(cls)({**stored, "rows": {}}), rows=rows)
