"""What is wrong with a table: each problem has its cell and a sentence that says what to do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tasks_app.choices import Severity
from tasks_app.documents.grid import SheetKind, column_letter


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the file: row and column count from 1; 0 where the whole sheet or file is meant."""

    sheet: str
    row: int = 0
    column: int = 0
    kind: SheetKind = SheetKind.WORKSHEET

    def __str__(self) -> str:
        text = self.kind.value.format(self.sheet) if self.sheet else ""
        text += f"第{self.row}行" if self.row else ""
        return text + (f"{column_letter(self.column)}列" if self.column else "")


NOWHERE = Place("")


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem as it is stored and printed; `row` is None and `column` "" where no cell is meant."""

    severity: str
    sheet: str
    row: int | None
    column: str
    message: str


def first_few(words: Sequence[object], *, more: str = "等", most: int = 12) -> str:
    """Return the first of many, with `more` behind them if there are others."""
    return "、".join(map(str, words[:most])) + (more if len(words) > most else "")


def error(place: Place, text: str) -> Problem:
    """Return a problem that forbids the import."""
    return _problem(Severity.ERROR, place, text)


def warning(place: Place, text: str) -> Problem:
    """Return a doubt that a person should look at; the import may go on."""
    return _problem(Severity.WARNING, place, text)


def has_errors(problems: Iterable[Problem]) -> bool:
    """Tell whether anything forbids the import."""
    return any(problem.severity == Severity.ERROR for problem in problems)


def _problem(severity: Severity, place: Place, text: str) -> Problem:
    where = str(place)
    return Problem(
        severity=severity.value,
        sheet=place.sheet,
        row=place.row or None,
        column=column_letter(place.column),
        message=f"{where}：{text}" if where else text,
    )
