"""Reads an offline form that came back, whatever program saved it; knows its marks, not what they mean."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from .errors import UnreadableDocument
from .grid import CellFault, Sheet, Workbook
from .offline_form import BOXES, FORM_MARK, HEADER_BOXES, ROW_MARK, unguarded
from .reading import read_document

NOT_OURS = (
    "没有在文件中找到离线表的标识，可能选错了文件，也可能删去了隐藏的 A 列。"
    "请上传从本页“下载离线表”得到、填好后保存的文件。"
)
NO_HEADINGS = (
    "没有在离线表中找到“{headings}”的表头。请把表头文字改回原样后重新上传；"
    "改不回来的，请重新下载离线表，把填好的内容复制过去。"
)


# Forms taken away before December 2026 lack the others.
ALWAYS = ("progress", "forecast", "status", "remarks")


@dataclass(frozen=True, slots=True)
class FilledRow:
    """One row below the headings: `mark` is empty where it has none (a row that somebody inserted).

    `boxes` has every field of BOXES that the form had;
    `faults` has those whose cell cannot be taken as it stands: a formula, a picture.
    """

    line: int
    mark: str
    label: str
    boxes: dict[str, str]
    faults: dict[str, CellFault] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FilledForm:
    """What came back; `header` lacks the boxes that were not found."""

    mark: str
    header: dict[str, str] = field(default_factory=dict)
    rows: tuple[FilledRow, ...] = ()


def read_offline_form(data: bytes, *, file_name: str = "") -> FilledForm:
    """Return what is in the file; raise UnreadableDocument with a sentence for the user."""
    sheet, mark = _form_in(read_document(data, file_name=file_name, as_typed=True))
    headings, columns = _headings(sheet)
    return FilledForm(mark, _header(sheet, headings), tuple(_rows(sheet, headings, columns)))


def _form_in(book: Workbook) -> tuple[Sheet, str]:
    for sheet in book.sheets:
        for cells in sheet.rows.values():
            if mark := _mark_in(cells, FORM_MARK):
                return sheet, mark
    raise UnreadableDocument(NOT_OURS)


def _mark_in(cells: dict[int, str], prefix: str) -> str:
    found = (text.strip().removeprefix(prefix) for text in cells.values() if text.strip().startswith(prefix))
    return next(found, "")


def _headings(sheet: Sheet) -> tuple[int, dict[str, int]]:
    """Return the row of the headings and {field: column}."""
    for number, cells in sheet.rows.items():
        columns = {"".join(text.split()): column for column, text in cells.items()}
        if all(BOXES[name] in columns for name in ALWAYS):
            return number, {name: columns[heading] for name, heading in BOXES.items() if heading in columns}
    raise UnreadableDocument(NO_HEADINGS.format(headings="、".join(BOXES[name] for name in ALWAYS)))


def _header(sheet: Sheet, headings: int) -> dict[str, str]:
    found = {}
    for number, cells in sheet.rows.items():
        if number >= headings:
            break
        for column, text in cells.items():
            for name, label in HEADER_BOXES.items():
                if text.strip() == label:
                    found[name] = unguarded(cells.get(column + 1, ""))
    return found


def _rows(sheet: Sheet, headings: int, columns: dict[str, int]) -> Iterable[FilledRow]:
    others = set(columns.values())
    for number, cells in sheet.rows.items():
        if number <= headings:
            continue
        mark = _mark_in(cells, ROW_MARK)
        boxes = {name: unguarded(cells.get(column, "")) for name, column in columns.items()}
        if not mark and not any(text.strip() for text in boxes.values()):
            continue
        beside = (text for column, text in cells.items() if column not in others and ROW_MARK not in text)
        yield FilledRow(
            line=number,
            mark=mark,
            label=" ".join(" ".join(beside).split())[:120],
            boxes=boxes,
            faults={
                name: sheet.faults[number, column]
                for name, column in columns.items()
                if (number, column) in sheet.faults
            },
        )
