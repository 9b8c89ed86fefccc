"""A process of its own that fills or checks one template: template on stdin, the result on stdout.

A template may be made to loop for ever or to grow without end. Started by official_drafts.py as a script
without site packages; its argument is an Order as JSON, the first line of stdin the values as JSON.
"""

import json
import resource
import sys
from dataclasses import dataclass

REFUSED = 3  # the code this process ends with when the sentence for the user stands on stdout


@dataclass(frozen=True)
class Order:
    """What is to be done; `folders` are where Python finds this program and its libraries."""

    folders: list[str]
    checks: bool
    known: list[str]
    memory_bytes: int
    cpu_seconds: int


def main() -> int:
    order = Order(**json.loads(sys.argv[1]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (order.memory_bytes, order.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (order.cpu_seconds, order.cpu_seconds))
    sys.path += order.folders
    from tasks_app.documents.errors import UnreadableDocument
    from tasks_app.documents.official_filling import fill
    from tasks_app.documents.official_inspection import inspect

    values = json.loads(sys.stdin.buffer.readline())
    template = sys.stdin.buffer.read()
    try:
        if order.checks:
            problems = inspect(template, known=frozenset(order.known), sample=values)
            output = json.dumps(problems).encode()
        else:
            output = fill(template, values)
    except UnreadableDocument as refusal:
        sys.stdout.buffer.write(str(refusal).encode())
        return REFUSED
    sys.stdout.buffer.write(output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
