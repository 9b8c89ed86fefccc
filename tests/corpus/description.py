"""Reads the description of a table: a text that anybody can read and write, without any format of a file.

说明：what the table is here for          格式：the formats it is written in
单位：三明 (the real list), or the names of a city's counties      交来时叫：another name of the file

¶ a paragraph of a Word file
# name of a table, then perhaps 隐藏, 隐藏行=5, 隐藏列=4, 空行=3000
> a line above the table; < one below it
a row | of cells | ← goes on with the cell to its left | ↑ with the one above; ⏎ breaks a line
a line without | fills a whole row
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

LEFT, UP = "←", "↑"
LINE_BREAK = "⏎"

# A row: its cells, or one text that fills the whole row.
Row = str | Sequence[str]


@dataclass
class Grid:
    """One table. `above` and `below` are lines over and under it; hidden rows and columns count from 1."""

    rows: list[Row] = field(default_factory=list)
    name: str = "分解表"
    above: list[str] = field(default_factory=list)
    below: list[Row] = field(default_factory=list)
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[int] = ()
    is_hidden: bool = False
    empty_formatted_rows: int = 0

    @property
    def width(self) -> int:
        return max(len(row) for row in self.rows if not isinstance(row, str))


@dataclass
class Case:
    """A file of the corpus. `parts` are its tables; a text between them is a paragraph of a Word file."""

    about: str = ""
    formats: Sequence[str] = ()
    parts: list[Grid | str] = field(default_factory=list)
    units: str = ""
    given: str = ""


def described(path: Path) -> Case:
    """Return the case that a file describes."""
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    said = dict(line.split("：", 1) for line in head.splitlines())
    case = Case(
        said["说明"], said["格式"].split(), units=said.get("单位", ""), given=said.get("交来时叫", "")
    )
    grid = Grid()
    for line in filter(None, body.splitlines()):
        mark, text = line[:2], line[2:]
        if mark == "# ":
            grid = _table(text)
            case.parts.append(grid)
        elif mark == "¶ ":
            case.parts.append(text)
        elif mark == "> ":
            grid.above.append(text)
        elif mark == "< ":
            grid.below.append(_row(text))
        else:
            grid.rows.append(_row(line))
    return case


def _table(line: str) -> Grid:
    name, *words = line.split(" ")
    said = dict(word.partition("=")[::2] for word in words)
    return Grid(
        name=name,
        is_hidden="隐藏" in said,
        hidden_rows=[int(number) for number in said.get("隐藏行", "").split(",") if number],
        hidden_columns=[int(number) for number in said.get("隐藏列", "").split(",") if number],
        empty_formatted_rows=int(said.get("空行", 0)),
    )


def _row(line: str) -> Row:
    cells = [cell.strip(" ").replace(LINE_BREAK, "\n") for cell in line.split("|")]
    return cells if len(cells) > 1 else cells[0]
