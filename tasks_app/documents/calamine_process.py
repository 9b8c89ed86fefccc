"""A process of its own that reads one workbook with calamine: bytes on stdin, the cells as JSON on stdout.

An untrusted workbook may claim a table that no memory holds, at which the reader aborts its whole process.
Started by workbook.py as a script without site packages; argv: folder of the library, bytes of memory,
seconds, most rows, most cells.
"""

import io
import json
import resource
import sys
from types import ModuleType


def main() -> None:
    folder, memory, seconds, max_rows, max_cells = sys.argv[1], *map(int, sys.argv[2:6])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    sys.path.append(folder)
    import python_calamine

    data = sys.stdin.buffer.read()
    try:
        result = read(python_calamine, data, max_rows, max_cells)
    except python_calamine.PasswordError:
        result = {"error": "password"}
    except python_calamine.CalamineError as error:
        result = {"error": "broken", "detail": f"{type(error).__name__}: {error}"}
    sys.stdout.buffer.write(json.dumps(result, ensure_ascii=True).encode())


def read(library: ModuleType, data: bytes, max_rows: int, max_cells: int) -> dict[str, object]:
    """Return {"sheets": [{name, hidden, rows: [[row, [[column, text]]]], merges}]}; all count from 1."""
    workbook = library.load_workbook(io.BytesIO(data))
    sheets, rows_seen, cells_seen = [], 0, 0
    for index, metadata in enumerate(workbook.sheets_metadata):
        if metadata.typ != library.SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_index(index)
        left = sheet.start[1] if sheet.start else 0
        rows = []
        for number, values in enumerate(sheet.iter_rows(), start=1):
            # Rows are counted from the sheet's first, columns from the first that holds data.
            cells = [[left + i, as_text(value)] for i, value in enumerate(values, start=1) if value != ""]
            if not cells:
                continue
            rows.append([number, cells])
            rows_seen += 1
            cells_seen += len(cells)
            if rows_seen > max_rows or cells_seen > max_cells:
                return {"error": "too_large"}
        merges = [[a + 1, b + 1, c + 1, d + 1] for (a, b), (c, d) in sheet.merged_cell_ranges or []]
        hidden = metadata.visible != library.SheetVisibleEnum.Visible
        sheets.append({"name": metadata.name, "hidden": hidden, "rows": rows, "merges": merges})
    return {"sheets": sheets}


def as_text(value: object) -> str:
    """Return a cell's value as a person would read it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)


if __name__ == "__main__":
    main()
