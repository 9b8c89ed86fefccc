"""A process of its own that reads one file: bytes on stdin, the workbook as JSON on stdout, or why not.

An untrusted file may claim a table that no memory holds, at which a reader aborts its whole process, or keep
a reader busy for ever. Started by reading.py as a script without site packages; its argument is a Job as JSON.
"""

import json
import resource
import sys
from dataclasses import dataclass

REFUSED = 3  # the code this process ends with when the sentence for the user stands on stdout


@dataclass(frozen=True)
class Job:
    """How a file is to be read; `folders` are where Python finds this program and its libraries."""

    folders: list[str]
    file_name: str
    memory_bytes: int
    cpu_seconds: int
    max_rows: int
    max_cells: int
    max_characters: int
    as_typed: bool = False


def main() -> int:
    job = Job(**json.loads(sys.argv[1]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (job.memory_bytes, job.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (job.cpu_seconds, job.cpu_seconds))
    sys.path += job.folders
    from tasks_app.documents.budget import Budget, TypedBudget
    from tasks_app.documents.dispatch import read
    from tasks_app.documents.errors import UnreadableDocument
    from tasks_app.documents.pictures import without_pictures
    from tasks_app.documents.stored_grid import to_json

    budget = (TypedBudget if job.as_typed else Budget)(job.max_rows, job.max_cells, job.max_characters)
    try:
        output = to_json(without_pictures(read(sys.stdin.buffer.read(), job.file_name, budget)))
    except UnreadableDocument as refusal:
        sys.stdout.buffer.write(str(refusal).encode())
        return REFUSED
    sys.stdout.buffer.write(output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
