"""Several workers at the same moment, and a sender killed: processes of their own on a database of their own."""

import json
import time

import pytest

from tests.reminder_letters import EVERYBODY
from tests.surroundings.program import Program

POPULATE = """
from tests import cast
from datetime import datetime
from tasks_app.domain.calendar.actions import load_official_days
load_official_days([2024], by=None, at=cast.AT)
city = cast.make_city()
units = cast.make_units(city) | {city.name: city}
cast.make_people(units)
cast.make_period(cast.make_plan(city, units))
"""
RUN_TOGETHER = """
import sys, time
from datetime import datetime
from django.db import connection
from tasks_app.domain.reminders.actions import compose_reminders
from tasks_app.domain.reminders.delivering import deliver_messages
from tasks_app.domain.reporting.actions import open_due_periods
at = datetime.fromisoformat("2024-07-22T09:00+08:00")
connection.ensure_connection()
time.sleep(max(0, {start} - time.time()))
open_due_periods(at=at)
compose_reminders(at=at)
print(deliver_messages(at=at, batch=2).sent)
"""
COUNT = """
import json
from collections import Counter
from tasks_app.models import *
print(json.dumps({
    "messages": Message.objects.count(), "reminders": Reminder.objects.count(),
    "reports": Report.objects.count(),
    "email": Counter(Delivery.objects.filter(channel="email").values_list("state", flat=True)),
}))
"""


@pytest.fixture
def program(server, tmp_path, worker_name) -> Program:
    program = Program.create(
        tmp_path, f"reminders_{worker_name}", EMAIL_URL=server.url, SITE_URL="http://yigai.test"
    )
    program.python(POPULATE)
    return program


@pytest.fixture
def worker_name(request) -> str:
    return getattr(request.config, "workerinput", {}).get("workerid", "alone")


def test_workers_at_the_same_moment_send_one_message(program, server):
    code = RUN_TOGETHER.format(start=time.time() + 4)
    runs = [program.start("-c", "import django; django.setup()\n" + code) for _ in range(3)]
    outputs = [run.communicate(timeout=60) for run in runs]
    assert all(run.returncode == 0 for run in runs), outputs
    assert sum(int(output.split()[-1]) for output, _ in outputs) == 5
    assert server.received() == EVERYBODY
    assert program.python(COUNT) == {"messages": 3, "reminders": 3, "reports": 5, "email": {"sent": 5}}


@pytest.mark.dealt_to("postgresql")
def test_a_sender_killed_while_sending_leaves_one_doubt_and_nothing_lost_or_doubled(program, server):
    server.answer_after = 60
    sender = program.start("manage.py", "send_reminders", "--at", "2024-07-22T09:00")
    deadline = time.monotonic() + 30
    while not server.letters and time.monotonic() < deadline:
        time.sleep(0.02)
    sender.kill()
    sender.communicate()
    assert program.python(COUNT)["email"] == {"sending": 1, "pending": 4}
    server.answer_after = 0
    # Soon after, nobody touches what the dead one had claimed …
    soon = json.loads(program.manage("send_reminders", "--at", "2024-07-22T09:05", "--json"))
    assert soon["delivered"]["sent"] == 0
    # … ten minutes after, the rest goes out and the one in doubt waits for a person.
    after = json.loads(program.manage("send_reminders", "--at", "2024-07-22T09:11", "--json"))
    assert after["delivered"] == {"sent": 4, "failed": 0, "pending": 0, "cancelled": 0, "uncertain": 1}
    assert server.received() == EVERYBODY
    assert program.python(COUNT)["email"] == {"sent": 4, "uncertain": 1}
