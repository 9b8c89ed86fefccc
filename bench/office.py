"""A program of its own with some years behind it: `python -m bench.office YEARS` does what it is told, line by line.

Started by bench/ten_years.py, two at once, each on a database of its own.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime

VAR = tempfile.mkdtemp(prefix="reform-tracker-bench-")
os.environ.update(
    DJANGO_SETTINGS_MODULE="reform_tracker.settings",
    MODE="embedded",
    VAR_DIR=VAR,
    DATABASE_URL="",
    LOG_LEVEL="ERROR",
    ALLOWED_HOSTS="testserver",
    HTTPS="false",
)

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from tasks_app import clock  # noqa: E402
from tasks_app.choices import PeriodKind  # noqa: E402
from tasks_app.domain.reporting import actions  # noqa: E402
from tasks_app.models import Plan, Report, User  # noqa: E402

from .past import WORDS, add_years, file_period  # noqa: E402

NOVEMBER = datetime(2024, 11, 5, 9, 0, tzinfo=clock.SHANGHAI)  # the year's last period is open
WRITER, READ = "sanyuan", "yongan"  # whose form is filled in, whose report is reviewed


def prepare(years: int) -> None:
    """Fill the database up to the last period of 2024, with `years` tables in all."""
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    call_command("seed_demo", quiet=True)
    clock.set_demo_moment(NOVEMBER)
    plan, office = Plan.objects.get(), User.objects.get(username="yigaiban")
    add_years(plan, years - 1, by=office)
    actions.open_due_periods(at=NOVEMBER)
    for period in plan.periods.exclude(kind=PeriodKind.FULL_YEAR):
        file_period(period, by=office)
    report = last_report(READ)
    for entry in report.entries.all():
        words = {"progress": WORDS, "forecast": WORDS, "remarks": "", "status": "done"}
        actions.save_entry(report.pk, entry.pk, values=words, version=0, by=user(READ), at=NOVEMBER)
    actions.submit_report(report.pk, by=user(READ), at=NOVEMBER)


def user(username: str) -> User:
    return User.objects.get(username=username)


def last_report(username: str) -> Report:
    """Return the report of the year's last period of that person's unit."""
    return Report.objects.get(
        unit=user(username).unit, period__kind=PeriodKind.FULL_YEAR, period__plan__year=2024
    )


def enter(username: str) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(user(username), backend="django.contrib.auth.backends.ModelBackend")
    return client


def jobs() -> dict[str, Callable[[], None]]:
    """Return what can be asked for, by name."""
    writer, office = enter(WRITER), enter("yigaiban")
    form, read = f"/reports/{last_report(WRITER).pk}", f"/review/{last_report(READ).pk}"
    entry = last_report(WRITER).entries.order_by("task__number")[0]
    version = 0

    def ask(client: Client, address: str) -> None:
        assert client.get(address).status_code == 200, address

    def save() -> None:
        nonlocal version
        words = {"progress": f"{WORDS}第{version}次", "forecast": "", "status": "on_track", "remarks": ""}
        box = {**words, "version": version}
        answer = writer.post(f"{form}/entries/{entry.pk}", box, headers={"HX-Request": "true"})
        assert "已保存" in answer.content.decode(), answer.content.decode()
        version += 1

    return {"form": lambda: ask(writer, form), "save": save, "review": lambda: ask(office, read)}


def main() -> None:
    try:
        prepare(int(sys.argv[1]))
        known = jobs()
        print("ready", flush=True)
        for line in sys.stdin:
            known[line.strip()]()
            print("done", flush=True)
    finally:
        shutil.rmtree(VAR, ignore_errors=True)


main()
