"""Reads a file of any format into plain cells, whatever somebody may have handed in under its name."""

import logging
import subprocess

from .apart import folders, run_apart
from .errors import UnreadableDocument
from .grid import Workbook
from .reading_process import REFUSED, Job
from .refusals import BROKEN, TOO_LARGE, TOO_SLOW
from .stored_grid import from_json

logger = logging.getLogger(__name__)

MEMORY_BYTES = 450 * 1024 * 1024
CPU_SECONDS = 9
# The reader never waits for anything: only a busy machine makes it slower than its share of the processor.
PATIENCE_SECONDS = 30
MAX_ROWS = 50_000
MAX_CELLS = 1_000_000
MAX_CHARACTERS = 20_000_000
# How Python says that one of its own reached a limit; other libraries die of it.
OUT_OF_MEMORY = ("MemoryError", "memory allocation", "cannot allocate", "Cannot allocate")


def read_document(data: bytes, *, file_name: str = "", as_typed: bool = False) -> Workbook:
    """Return the tables in `data`; raise UnreadableDocument with a sentence for the user.

    What the file is shows its content. The name only tells whether a text of one column is meant as a table.
    `as_typed` leaves the texts of cells as somebody typed them; otherwise they are made clean.
    """
    done = _read_apart(data, file_name, as_typed)
    if done.returncode == 0:
        return from_json(done.stdout)
    if done.returncode == REFUSED:
        raise UnreadableDocument(done.stdout.decode())
    detail = done.stderr.decode("utf-8", "replace")
    logger.warning("The reader of documents ended with %s: %s", done.returncode, detail[-2000:])
    # A reader that stumbled over the file ends with 1, one that took too much is killed or says so.
    is_too_large = done.returncode != 1 or any(words in detail for words in OUT_OF_MEMORY)
    raise UnreadableDocument(TOO_LARGE.format(rows=MAX_ROWS) if is_too_large else BROKEN)


def _read_apart(data: bytes, file_name: str, as_typed: bool) -> "subprocess.CompletedProcess[bytes]":
    """Run the reader in a process with limits; whatever becomes of it, this process lives on."""
    job = Job(
        folders=folders(),
        file_name=file_name,
        memory_bytes=MEMORY_BYTES,
        cpu_seconds=CPU_SECONDS,
        max_rows=MAX_ROWS,
        max_cells=MAX_CELLS,
        max_characters=MAX_CHARACTERS,
        as_typed=as_typed,
    )
    try:
        return run_apart("reading_process.py", job, data, patience_seconds=PATIENCE_SECONDS)
    except subprocess.TimeoutExpired as error:
        logger.warning("Reading a document took longer than %s s.", PATIENCE_SECONDS)
        raise UnreadableDocument(TOO_SLOW.format(seconds=PATIENCE_SECONDS)) from error
