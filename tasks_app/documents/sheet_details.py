"""What calamine does not tell of an .xlsx sheet: hidden rows and columns, formulas that failed, number formats."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from .archive import Archive
from .errors import UnreadableDocument
from .grid import CellFault, column_number
from .number_format import NumberFormat, number_format
from .office_package import parsed, relations
from .pictures import is_picture
from .refusals import BROKEN

YES = ("1", "true", "on")


@dataclass(slots=True)
class SheetDetails:
    """Cells are (row, column) from 1; `texts` stands in the place of what calamine gives."""

    faults: dict[tuple[int, int], CellFault] = field(default_factory=dict)
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)


def sheet_details(archive: Archive, main: str) -> dict[str, SheetDetails]:
    """Return the details of each sheet by its name; `main` is the part that lists the sheets."""
    workbook = parsed(archive.part(main))
    properties = workbook.find("{*}workbookPr")
    from_1904 = properties is not None and _is_on(properties, "date1904")
    related = relations(archive, main)
    styles = next((part for kind, part in related.values() if kind == "styles"), "")
    formats = _formats(archive.part(styles))
    details = {}
    for sheet in workbook.iterfind("{*}sheets/{*}sheet"):
        relation = next((value for name, value in sheet.items() if name.endswith("}id")), "")
        part = related.get(relation, ("", ""))[1]
        if part in archive:
            found = details[sheet.get("name", "")] = _scan(archive, part, formats, from_1904)
            found.faults |= dict.fromkeys(_pictures(archive, part), CellFault.PICTURE)
    return details


def _pictures(archive: Archive, sheet: str) -> Iterator[tuple[int, int]]:
    """Yield the cell in which each picture begins that lies upon a sheet."""
    for kind, part in relations(archive, sheet).values():
        if kind != "drawing" or part not in archive:
            continue
        for anchor in parsed(archive.part(part)):
            corner = anchor.find("{*}from")
            if corner is not None and anchor.find("{*}pic") is not None:
                yield int(corner.findtext("{*}row") or 0) + 1, int(corner.findtext("{*}col") or 0) + 1


def _formats(content: bytes) -> dict[str, NumberFormat]:
    """Return {number of a cell's style: format}, of the formats that say more than the number."""
    if not content:
        return {}
    styles = parsed(content)
    codes = {f.get("numFmtId"): f.get("formatCode", "") for f in styles.iterfind("{*}numFmts/{*}numFmt")}
    formats = {}
    for index, style in enumerate(styles.iterfind("{*}cellXfs/{*}xf")):
        number = style.get("numFmtId", "0")
        found = number_format(int(number) if number.isdecimal() else 0, codes.get(number, ""))
        if found:
            formats[str(index)] = found
    return formats


def _scan(archive: Archive, part: str, formats: dict[str, NumberFormat], from_1904: bool) -> SheetDetails:
    details = SheetDetails()
    row = 0
    for element in _elements(archive, part):
        if element.tag.endswith("}col"):
            if _is_on(element, "hidden") or _is_zero(element, "width"):
                details.hidden_columns.append((int(element.get("min", 0)), int(element.get("max", 0))))
            continue
        row = int(element.get("r") or row + 1)
        if _is_on(element, "hidden") or _is_zero(element, "ht"):
            details.hidden_rows.add(row)
        column = 0
        for cell in element:
            letters = cell.get("r", "").rstrip("0123456789")
            column = column_number(letters) if letters.isalpha() and letters.isascii() else column + 1
            if len(cell):
                _look_at(details, (row, column), cell, formats.get(cell.get("s", "")), from_1904)
    return details


def _elements(archive: Archive, part: str) -> Iterator[Any]:
    """Yield the <col> and <row> elements of a sheet, each thrown away after use."""
    with archive.stream(part) as stream:
        # No program writes one; what it declares could grow without end.
        if b"<!DOCTYPE" in stream.read(4096).upper():
            raise UnreadableDocument(BROKEN)
    with archive.stream(part) as stream:
        # What else is wrong with the sheet calamine decides, which has read it by now.
        try:
            for _, element in etree.iterparse(stream, tag=("{*}col", "{*}row"), recover=True):
                yield element
                element.clear()
                before = element.getprevious()
                if before is not None:
                    before.getparent().remove(before)
        except etree.XMLSyntaxError as error:
            raise UnreadableDocument(BROKEN) from error


def _look_at(
    details: SheetDetails,
    place: tuple[int, int],
    cell: Any,
    number_format: NumberFormat | None,
    from_1904: bool,
) -> None:
    kind = cell.get("t", "n")
    value = cell.findtext("{*}v")
    if kind == "e" and cell.get("vm"):
        # Excel keeps a picture placed in a cell as an error that has a rich value.
        details.faults[place] = CellFault.PICTURE
    elif kind == "e" and value:
        details.faults[place] = CellFault.ERROR_VALUE
        details.texts[place] = value
    elif not value and kind != "str" and cell.find("{*}f") is not None:
        # A formula that gives an empty text says so ("str"); one that was never worked out says nothing.
        shows = is_picture(cell.findtext("{*}f") or "")
        details.faults[place] = CellFault.PICTURE if shows else CellFault.NO_VALUE
    elif value and number_format and kind == "n":
        try:
            details.texts[place] = number_format.text(float(value), from_1904=from_1904)
        except ValueError:
            return  # not a number, whatever the file says; calamine's reading stands


def _is_on(element: Any, attribute: str) -> bool:
    return element.get(attribute, "").lower() in YES


def _is_zero(element: Any, attribute: str) -> bool:
    text = element.get(attribute, "")
    return text != "" and text.strip("0.") == ""
