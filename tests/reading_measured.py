"""Reads a file in a process that is itself small, so that the memory counted is the reader's.

A process that is started inherits the peak of the one that starts it (Linux counts it until exec and keeps it):
the readers of a test process that has grown to 500 MB would all be said to have taken that much.
"""

import resource
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context

from tasks_app.documents.errors import UnreadableDocument
from tasks_app.documents.reading import read_document


@dataclass(frozen=True)
class Outcome:
    """How the reading of one file ended: without a refusal it was read."""

    refusal: str
    seconds: float
    megabytes: float  # the most that any reader of this process took so far


def read_measured(data: bytes) -> Outcome:
    """Read a file and tell how that ended."""
    started = time.monotonic()
    try:
        read_document(data)
        refusal = ""
    except UnreadableDocument as refused:
        refusal = str(refused)
    seconds = time.monotonic() - started
    return Outcome(refusal, seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)


@contextmanager
def small_processes(count: int) -> Iterator[ProcessPoolExecutor]:
    """Give `count` processes that have inherited nothing of this one: submit `read_measured` to them."""
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        yield pool
