"""A job that does no harm, on the project's own broker settings; see test_broker.py."""

import time
from pathlib import Path

from celery import Celery

app = Celery("broker_job")
app.config_from_object("django.conf:settings", namespace="CELERY")


@app.task(name="note")
def note(file: str) -> None:
    """Say that it was begun and hang, as if it were long; the next time say that it is done."""
    path = Path(file)
    if not path.exists():
        path.write_text("begun")
        time.sleep(600)
    path.write_text("done")
