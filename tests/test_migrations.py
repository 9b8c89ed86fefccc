"""What becomes of a database made by an earlier version."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

FIRST_SIX = (
    "0001_initial",
    "0002_immutable_rows",
    "0003_any_table",
    "0004_reporting_and_review",
    "0005_reminders_and_escalation",
    "0006_steps_written_once",
)


@pytest.fixture
def left_to_do(db):
    """`left_to_do(names)` tells which migrations are left to a database that has those of `names`."""

    def look(names: tuple[str, ...]) -> list[str]:
        recorder = MigrationRecorder(connection)
        recorder.migration_qs.filter(app="tasks_app").delete()
        for name in names:
            recorder.record_applied("tasks_app", name)
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes("tasks_app"))
        return [migration.name for migration, _ in plan]

    return look


def test_a_database_that_had_the_first_six_goes_on(left_to_do):
    assert left_to_do(FIRST_SIX) == ["0002_interview_matters", "0003_years"]


def test_one_that_had_only_some_of_them_is_not_made_anew(left_to_do):
    assert "0001_squashed_0006" not in left_to_do(FIRST_SIX[:4])
