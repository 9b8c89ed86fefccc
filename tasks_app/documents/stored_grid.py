"""A workbook as bytes and back: what was read from a file is kept with its preview and passed between processes."""

import gzip
import json
from typing import Any

from .grid import CellFault, Merge, Sheet, SheetKind, Workbook


def pack(workbook: Workbook) -> bytes:
    """Return all of `workbook` in few bytes, always the same for the same workbook."""
    return gzip.compress(to_json(workbook), compresslevel=6, mtime=0)


def unpack(data: bytes) -> Workbook:
    """Return the workbook that `pack` made into `data`."""
    return from_json(gzip.decompress(data))


def to_json(workbook: Workbook) -> bytes:
    """Return all of `workbook` as JSON."""
    content = {"sheets": [_written(sheet) for sheet in workbook.sheets], "remarks": workbook.remarks}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def from_json(data: bytes) -> Workbook:
    """Return the workbook that `to_json` made into `data`."""
    content = json.loads(data)
    return Workbook(tuple(map(_read, content["sheets"])), tuple(content["remarks"]))


def _written(sheet: Sheet) -> dict[str, Any]:
    return {
        "name": sheet.name,
        "kind": sheet.kind.name,
        "is_hidden": sheet.is_hidden,
        "rows": [[row, list(cells.items())] for row, cells in sheet.rows.items()],
        "merges": [[merge.top, merge.left, merge.bottom, merge.right] for merge in sheet.merges],
        "faults": [[row, column, fault.name] for (row, column), fault in sheet.faults.items()],
        "hidden_rows": sorted(sheet.hidden_rows),
        "hidden_columns": sorted(sheet.hidden_columns),
        "above": sheet.above,
        "below": sheet.below,
    }


def _read(content: dict[str, Any]) -> Sheet:
    return Sheet(
        name=content["name"],
        rows={row: dict(cells) for row, cells in content["rows"]},
        merges=tuple(Merge(*sides) for sides in content["merges"]),
        is_hidden=content["is_hidden"],
        faults={(row, column): CellFault[name] for row, column, name in content["faults"]},
        kind=SheetKind[content["kind"]],
        hidden_rows=frozenset(content["hidden_rows"]),
        hidden_columns=frozenset(content["hidden_columns"]),
        above=tuple(content["above"]),
        below=tuple(content["below"]),
    )
