"""Suggestions: what the database does for them grows with the units, never with their square nor with the years."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

import pytest
from django.db import connection, transaction

from bench.population import populate
from tasks_app.choices import PeriodKind, ReportState
from tasks_app.clock import SHANGHAI
from tasks_app.domain.escalation.candidates import suggestions
from tasks_app.models import Plan, ProgressEntry, Report, Unit, User

AT = datetime(2024, 8, 5, 10, tzinfo=SHANGHAI)
EVERY = 50  # instructions between two counts

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="counts the instructions of SQLite's machine"),
]


@contextmanager
def instructions() -> Iterator[list[int]]:
    """Count what SQLite's machine does meanwhile, in steps of EVERY."""
    counted = [0]

    def tick() -> int:
        counted[0] += 1
        return 0

    connection.ensure_connection()
    connection.connection.set_progress_handler(tick, EVERY)
    try:
        yield counted
    finally:
        connection.connection.set_progress_handler(None, EVERY)


def effort(units: int, years: int = 0) -> tuple[int, int]:
    """Return how many suggestions a city of `units` has and what they take; half is late, half has tasks that lag."""
    savepoint = transaction.savepoint()
    city = populate(units)
    half = Report.objects.filter(unit__position__lt=units // 2)
    left = {"submitted_at": AT, "first_submitted_at": AT, "submitted_by": User.objects.get(username="office")}
    half.update(state=ReportState.SUBMITTED, **left)
    ProgressEntry.objects.filter(report__in=half).update(status="on_track")
    ProgressEntry.objects.filter(report__in=half, task__number__lte=3).update(status="not_started")
    for year in range(2024 - years, 2024):
        _past(city, year, left)
    with instructions() as counted:
        found = suggestions(city, AT).open
    transaction.savepoint_rollback(savepoint)
    return len(found), counted[0]


def _past(city: Unit, year: int, left: dict) -> None:
    """A year that is over: everything was accepted, and everything lagged."""
    plan = Plan.objects.create(issuer=city, year=year, title="任务分解表")
    section = plan.sections.create(position=1, title="一")
    tasks = [
        plan.tasks.create(section=section, number=number, title=f"任务{number}") for number in range(1, 25)
    ]
    period = plan.periods.create(
        kind=PeriodKind.FIRST_HALF, opens_on=date(year, 7, 1), due_on=date(year, 7, 25), opened_at=AT
    )
    accepted = {"state": ReportState.ACCEPTED, "accepted_at": AT, "accepted_by": left["submitted_by"], **left}
    reports = Report.objects.bulk_create(
        Report(period=period, unit=unit, due_on=period.due_on, **accepted)
        for unit in Unit.objects.filter(parent=city)
    )
    ProgressEntry.objects.bulk_create(
        ProgressEntry(report=report, task=task, status="not_started") for report in reports for task in tasks
    )


def test_twice_the_units_take_twice_as_much():
    few, many = effort(20), effort(80)
    assert (few[0], many[0]) == (10 + 10 * 3, 40 + 40 * 3)
    assert many[1] < 4 * few[1] * 1.5


def test_years_that_are_over_take_nothing():
    new, old = effort(20), effort(20, years=6)
    assert new[0] == old[0]
    assert old[1] < new[1] * 1.2, (new, old)
