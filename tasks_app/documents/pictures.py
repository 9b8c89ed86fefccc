"""Takes out what only stands for a picture in a cell: WPS writes a formula where a person sees the picture."""

import re
from dataclasses import replace

from .grid import CellFault, Sheet, Workbook

# WPS's DISPIMG and Excel's IMAGE, as a formula or as the text that its result was saved as.
FORMULA = re.compile(r"\s*=?\s*(?:_xlfn\.|_xlws\.)*(?:DISPIMG|IMAGE)\s*\(.*\)\s*", re.IGNORECASE | re.DOTALL)


def is_picture(text: str) -> bool:
    """Tell whether the text of a cell is a formula for a picture."""
    return "(" in text and bool(FORMULA.fullmatch(text))


def without_pictures(workbook: Workbook) -> Workbook:
    """Return `workbook` with each picture as what is amiss with its cell, not as a text."""
    return replace(workbook, sheets=tuple(map(_without, workbook.sheets)))


def _without(sheet: Sheet) -> Sheet:
    found = {(r, c) for r, cells in sheet.rows.items() for c, text in cells.items() if is_picture(text)}
    if not found:
        return sheet
    rows = {
        r: {c: text for c, text in cells.items() if (r, c) not in found} for r, cells in sheet.rows.items()
    }
    faults = sheet.faults | dict.fromkeys(sorted(found), CellFault.PICTURE)
    return replace(sheet, rows={r: cells for r, cells in rows.items() if cells}, faults=faults)
