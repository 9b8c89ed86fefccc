"""The files of the corpus where they are kept: NAME.txt describes a table, NAME.json says what is read in it."""

import io
import zipfile
from pathlib import Path

from .description import Case, described
from .unreadable import UNREADABLE
from .writing import write

TABLES = Path(__file__).resolve().parent.parent / "data" / "tables"
# LibreOffice writes the same table as other bytes each time.
NEVER_TWICE_THE_SAME = ("xls", "et")
DESCRIPTIONS: dict[str, Path] = {path.stem: path for path in sorted(TABLES.glob("*/*.txt"))}
CASES: dict[str, Case] = {name: described(path) for name, path in DESCRIPTIONS.items()}


def files_of(name: str) -> dict[str, Path]:
    """Return {kind: file} of a case."""
    return {kind: DESCRIPTIONS[name].with_suffix(f".{kind}") for kind in CASES[name].formats}


def write_all() -> None:
    """Write every file that is not there yet or says something else by now."""
    for name, case in CASES.items():
        has_changed = False
        for kind, path in files_of(name).items():
            if kind in NEVER_TWICE_THE_SAME and path.exists() and not has_changed:
                continue
            content = write(case, kind)
            if not path.exists() or not same_content(path.read_bytes(), content):
                path.write_bytes(content)
                has_changed = has_changed or kind == "xlsx"
    for file, make in UNREADABLE.items():
        path = TABLES / "should_fail" / file
        if not path.exists():
            path.write_bytes(make())


def same_content(one: bytes, other: bytes) -> bool:
    """Tell whether two files say the same, however well a zip is packed."""
    return one == other or (zipfile.is_zipfile(io.BytesIO(one)) and _parts(one) == _parts(other))


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
