"""The file of a backup: gzipped lines of JSON, a head, every table with its rows, and an end that proves it whole.

It belongs to no database: what SQLite wrote PostgreSQL can take, and `zcat` shows it to anybody.
"""

import gzip
import hashlib
import json
import os
import zlib
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

FORMAT = 1
ENDING = ".jsonl.gz"
LEVEL = 6  # gzip's own default; the highest takes three times as long for a twentieth less


class BrokenBackupError(Exception):
    """The file is no backup, or not a whole one; the text says so, for the operator."""


@dataclass(frozen=True)
class Fingerprint:
    """How many rows a table has, and the SHA-256 over their lines in the order of their keys."""

    rows: int
    sha256: str


@dataclass(frozen=True)
class DumpedTable:
    """One table as it goes into a backup or comes out of it; `rows` can be gone through once."""

    name: str
    fields: tuple[str, ...]
    rows: Iterable[list[Any]]


class Counting:
    """Goes through the lines of one table and has their fingerprint at the end."""

    def __init__(self) -> None:
        self._rows, self._digest = 0, hashlib.sha256()

    def add(self, line: str) -> str:
        self._rows += 1
        self._digest.update(line.encode())
        return line

    @property
    def fingerprint(self) -> Fingerprint:
        return Fingerprint(self._rows, self._digest.hexdigest())


def line_of(row: Iterable[Any]) -> str:
    """Return one row as it is written and fingerprinted: the same text from whatever database it was read."""
    return _json([plain(value) for value in row])


def plain(value: Any) -> Any:
    """Return what a database gave as JSON can hold it."""
    if isinstance(value, bytes | memoryview):
        return b64encode(bytes(value)).decode("ascii")
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    # Numbers, words, truth and what is JSON already stay; a decimal becomes its digits.
    return value if value is None or isinstance(value, bool | int | float | str | list | dict) else str(value)


def write_backup(
    path: Path, head: Mapping[str, Any], tables: Iterable[DumpedTable]
) -> dict[str, Fingerprint]:
    """Write a backup that only its owner can read, and return its fingerprints.

    The name appears when all of it is on the disk: what is there under it is whole.
    """
    draft = path.with_name(f"{path.name}.part")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as raw:
            with gzip.GzipFile("", "wb", LEVEL, raw, mtime=0) as packed:
                prints = _write(packed, head, tables)
            raw.flush()
            os.fsync(raw.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return prints


def read_head(path: Path) -> dict[str, Any]:
    """Return what a backup says about itself. Raises BrokenBackupError."""
    for line in _lines(path):
        if isinstance(line, dict) and isinstance(line.get("head"), dict):
            if line["head"].get("format") != FORMAT:
                raise BrokenBackupError(f"{path.name} 由更新的版本生成，请用那个版本恢复。")
            return line["head"]
        break
    raise BrokenBackupError(f"{path.name} 不是本系统的备份文件。")


def check_backup(path: Path) -> dict[str, Fingerprint]:
    """Read a backup to its end and return the fingerprints, which its rows must have. Raises BrokenBackupError."""
    read_head(path)
    said: dict[str, Fingerprint] | None = None
    found: dict[str, Counting] = {}
    table = None
    for line in _lines(path):
        if isinstance(line, list) and table is not None:
            table.add(_json(line))
        elif isinstance(line, dict) and "table" in line:
            table = found.setdefault(line["table"], Counting())
        elif isinstance(line, dict) and "end" in line:
            said = {name: Fingerprint(*values) for name, values in line["end"].items()}
    if said is None:
        raise BrokenBackupError(f"{path.name} 不完整（没有结尾），可能没有复制完，请换一份。")
    if said != {name: counting.fingerprint for name, counting in found.items()}:
        raise BrokenBackupError(f"{path.name} 的内容与其中记录的指纹不一致，文件已损坏，请换一份。")
    return said


def read_tables(path: Path) -> Iterator[DumpedTable]:
    """Return the tables one after the other; each has to be gone through before the next."""
    lines = _lines(path)
    line: Any = next(lines, None)
    while line is not None:
        if not isinstance(line, dict) or "table" not in line:
            line = next(lines, None)
            continue
        after: list[Any] = []
        yield DumpedTable(line["table"], tuple(line["fields"]), _rows(lines, after))
        line = after[0] if after else next(lines, None)


def _rows(lines: Iterator[Any], after: list[Any]) -> Iterator[list[Any]]:
    for line in lines:
        if not isinstance(line, list):
            after.append(line)
            return
        yield line


def _write(
    packed: gzip.GzipFile, head: Mapping[str, Any], tables: Iterable[DumpedTable]
) -> dict[str, Fingerprint]:
    def put(line: str) -> None:
        packed.write(f"{line}\n".encode())

    put(_json({"head": {"format": FORMAT, **head}}))
    prints = {}
    for table in tables:
        put(_json({"table": table.name, "fields": table.fields}))
        counting = Counting()
        for row in table.rows:
            put(counting.add(line_of(row)))
        prints[table.name] = counting.fingerprint
    put(_json({"end": {name: [one.rows, one.sha256] for name, one in prints.items()}}))
    return prints


def _lines(path: Path) -> Iterator[Any]:
    """Return the lines of a file as what they hold. Raises BrokenBackupError where it cannot be read on."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)
    except (EOFError, zlib.error, ValueError, gzip.BadGzipFile) as error:
        raise BrokenBackupError(
            f"{path.name} 不是完整的备份文件，可能没有复制完或已损坏，请换一份。"
        ) from error


def _json(value: Any) -> str:
    # Keys in order: PostgreSQL keeps them in one of its own.
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
