"""Looks into a zip file's list of contents and takes parts out, however the file may lie about them."""

import io
import re
import zipfile
from typing import IO

from .errors import UnreadableDocument
from .refusals import BROKEN, ENCRYPTED, HUGE

MAX_ENTRIES = 2_000
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
# Sheets of empty formatted cells shrink 100 times; nothing honest that is large shrinks more than this.
MAX_RATIO = 300
RATIO_MATTERS_FROM_BYTES = 20 * 1024 * 1024


class Archive:
    """An opened zip; the parts go by their names in small letters, as Office itself takes them."""

    def __init__(self, data: bytes) -> None:
        """Open the zip in `data`; raise UnreadableDocument when it is broken, locked or too large."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
            raise UnreadableDocument(BROKEN) from error
        entries = self._zip.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED_BYTES or _is_bomb(unpacked, len(data)):
            size = f"{unpacked // 1024 // 1024:,} MB、{len(entries):,} 个部分"
            raise UnreadableDocument(HUGE.format(size=size))
        if any(entry.flag_bits & 1 for entry in entries):
            raise UnreadableDocument(ENCRYPTED)
        self._entries = {entry.filename.replace("\\", "/").lower(): entry for entry in entries}
        # Of two parts with one name, one reader takes the first and another the last.
        if len(self._entries) < len(entries):
            raise UnreadableDocument(BROKEN)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._entries

    def stream(self, name: str) -> IO[bytes]:
        """Open one part for reading bit by bit; no more comes out than the list of contents says."""
        return self._zip.open(self._entries[name.lower()])

    def part(self, name: str) -> bytes:
        """Return one part's content, "" when it is not there; raise UnreadableDocument when it is broken."""
        entry = self._entries.get(name.lower())
        if entry is None:
            return b""
        try:
            with self._zip.open(entry) as part:
                # The list of contents may lie about the size.
                content = part.read(MAX_UNPACKED_BYTES + 1)
        except MemoryError:
            raise
        except Exception as error:  # zlib, struct, zipfile and others each have their own for broken content
            raise UnreadableDocument(BROKEN) from error
        if len(content) > MAX_UNPACKED_BYTES:
            raise UnreadableDocument(HUGE.format(size=f"超过 {MAX_UNPACKED_BYTES // 1024 // 1024} MB"))
        return content

    def rewritten(self, without: tuple[re.Pattern[str], re.Pattern[bytes]]) -> bytes:
        """Return the zip with the parts whose name fits the first pattern freed of what the second finds."""
        names, unwanted = without
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, entry in self._entries.items():
                content = self.part(name)
                archive.writestr(
                    entry.filename, unwanted.sub(b"", content) if names.fullmatch(name) else content
                )
        return made.getvalue()


def _is_bomb(unpacked: int, packed: int) -> bool:
    return unpacked > RATIO_MATTERS_FROM_BYTES and unpacked > MAX_RATIO * packed
