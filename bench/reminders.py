"""Reminders for 3,000 units × 24 tasks: who is due against bare SQL, delivering against bare smtplib.

`python -m bench.reminders` starts PostgreSQL and measures on it and on SQLite, each in a process of its own,
which is `python -m bench.reminders DATABASE_URL`.
"""

import os
import smtplib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import django

from tests.surroundings import postgresql
from tests.surroundings.machine import free_port
from tests.surroundings.stack import environment

from . import mail_record
from .timing import Ratio, compare

UNITS = 3000
STATEMENTS_AT_MOST = 3
LETTERS = 100  # a round; all rounds together take no more than one for each unit
ROUNDS, WARM_UP = 10, 2


def measure_all() -> None:
    """Measure on both databases and print the ratios."""
    server = postgresql.start()
    try:
        for url in ("", postgresql.create_database(server.url("postgres"), "bench")):
            print("reminders on", "PostgreSQL:" if url else "SQLite:", flush=True)
            subprocess.run([sys.executable, "-m", "bench.reminders", url], check=True)
    finally:
        server.stop()


def measure(database_url: str) -> None:
    """Measure on one empty database and print the ratios."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="reform-tracker-bench-") as folder:
        os.environ.update(
            environment(
                Path(folder),
                DATABASE_URL=database_url,
                EMAIL_URL=f"smtp://127.0.0.1:{port}",
                LOG_LEVEL="ERROR",
            )
        )
        django.setup()
        from django.core.management import call_command

        from tasks_app.domain.reminders.actions import compose_reminders

        from .population import OPENED, populate

        call_command("migrate", verbosity=0)
        populate(UNITS)
        compose_reminders(at=OPENED)
        print(due_against_sql(OPENED + timedelta(days=10)))
        with mail_server(port, Path(folder)):
            print(delivering_against_smtplib(OPENED, port))


def due_against_sql(at: datetime) -> Ratio:
    """Compare working out who is due, which is everybody, with the same statements and nothing else."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tasks_app.domain.reminders.queries import due_now

    with CaptureQueriesContext(connection) as captured:
        due, _, _ = due_now(at)
    statements = [query["sql"] for query in captured.captured_queries]
    assert len(due) == UNITS
    assert len(statements) <= STATEMENTS_AT_MOST

    def bare() -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                cursor.fetchall()

    return compare(
        ("who is due of 3,000 units × 24 tasks", lambda: due_now(at)),
        (f"the same {len(statements)} statements, fetched", bare),
        rounds=15,
    )


def delivering_against_smtplib(at: datetime, port: int) -> Ratio:
    """Compare delivering letters with handing the same ones to the same server over one connection."""
    from django.core.mail import EmailMessage

    from tasks_app.choices import Channel
    from tasks_app.domain.reminders.delivering import deliver_messages
    from tasks_app.models import Delivery

    emails = Delivery.objects.filter(channel=Channel.EMAIL).select_related("message").order_by("pk")
    texts = [
        EmailMessage(one.message.subject, one.message.body, to=[one.address])
        .message()
        .as_bytes(linesep="\r\n")
        for one in emails[:LETTERS]
    ]
    # Dealt out to the rounds: each minute has its letters, the rest comes tomorrow.
    emails.update(next_attempt_at=at + timedelta(days=1))
    keys = list(emails.values_list("pk", flat=True))
    for number in range(1, WARM_UP + ROUNDS + 1):
        own = keys[(number - 1) * LETTERS : number * LETTERS]
        emails.filter(pk__in=own).update(next_attempt_at=at + timedelta(minutes=number))
    rounds = count(1)

    def deliver() -> None:
        outcome = deliver_messages(at=at + timedelta(minutes=next(rounds)))
        assert outcome.sent == LETTERS, outcome

    def bare() -> None:
        with smtplib.SMTP("127.0.0.1", port) as server:
            for text in texts:
                server.sendmail("office@example.invalid", ["filler@example.invalid"], text)

    return compare(
        (f"delivering {LETTERS} letters", deliver),
        ("bare smtplib", bare),
        rounds=ROUNDS,
        warm_up=WARM_UP,
    )


@contextmanager
def mail_server(port: int, folder: Path) -> Iterator[None]:
    """Run a mail server that has each letter on the disk before it answers, as mail servers do."""
    process = subprocess.Popen(mail_record.command(port, folder / "record", 0))
    try:
        mail_record.wait_for(port)
        yield
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    measure(sys.argv[1]) if len(sys.argv) > 1 else measure_all()
